"""Rows of the work list in the reader's words: 已超期, 今天, 本周, 下周, 以后; what I started and where it stands; what I did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from flask import url_for

from workflows.db import new_id
from workflows.engine.views.pages import WorkPage, WorkRow
from workflows.http import visit
from workflows.web.casework import due_chip, name, names, outcome_title
from workflows.web.components import Chip, Fact, TaskGroup, TaskRow
from workflows.web.language import _
from workflows.web.shown import Shower
from workflows.web.waits import Waits
from workflows.web.words import Group, Words

GROUPS: Final[tuple[Group, ...]] = ("late", "today", "this_week", "next_week", "later")
LONGEST: Final = 36
"""Width of a fact in a row: a Chinese character takes two, a Latin one takes one."""
FAR: Final = 7
"""Days from which a deadline is said with what is left of it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A row that can be claimed: the row, the address of its 领取 button and the key of that submission."""

    row: TaskRow
    claim: str
    key: str


def groups(page: WorkPage, shower: Shower) -> tuple[TaskGroup, ...]:
    """My tasks under their headings, in the order of the list. Only a group that is whole on this page says its number."""
    words = shower.words
    found: dict[Group, list[TaskRow]] = {key: [] for key in GROUPS}
    for number, row in enumerate(page.rows, 1):
        found[words.group(row.due_at)].append(task_row(row, shower, number))
    last = next((key for key in reversed(GROUPS) if found[key]), None) if page.next else None
    return tuple(
        TaskGroup(_title(key), "" if key == last else _("%(n)s 件", n=len(rows)), tuple(rows), late=key == "late")
        for key, rows in found.items()
        if rows
    )


def offers(page: WorkPage, shower: Shower) -> tuple[Offer, ...]:
    """What lies in my groups, each with its 领取 button."""
    return tuple(
        Offer(task_row(row, shower), url_for("tasks.claim", task_id=row.task), str(new_id()))
        for row in page.rows
        if row.task is not None
    )


def task_row(row: WorkRow, shower: Shower, number: int = 0) -> TaskRow:
    """One task. `number`: its place in the list, said again on its page (第 2 件，共 13 件); 0 says nothing."""
    words = shower.words
    return TaskRow(
        verb=verb(row, words.language),
        title=row.title,
        href=url_for("tasks.show", task_id=row.task, n=number or None),
        meta=_meta(row, words),
        facts=_facts(row, shower),
        due=due_chip(words, row.due_at),
        note=_note(row, words),
    )


def verb(row: WorkRow, language: str) -> str:
    """The state's own verb (审核), or the plain one."""
    return row.verb.text(language) if row.verb else _("办理")


def started_groups(page: WorkPage, waits: Mapping[uuid.UUID, Waits], shower: Shower) -> tuple[TaskGroup, ...]:
    """What I started: running ones with whom they wait for, then those that ended."""
    running = tuple(_started(row, waits.get(row.case, Waits()), shower) for row in page.rows if row.ended_at is None)
    ended = tuple(_started(row, Waits(), shower) for row in page.rows if row.ended_at is not None)
    return tuple(TaskGroup(title, "", rows) for title, rows in ((_("在办"), running), (_("办结"), ended)) if rows)


def done_groups(page: WorkPage, shower: Shower) -> tuple[TaskGroup, ...]:
    """What I did, newest first."""
    return (TaskGroup(_("最近办的"), "", tuple(_done(row, shower) for row in page.rows)),) if page.rows else ()


def waits_for(waits: Waits) -> str:
    """等王梓涵: whom a started case waits for; "" where nobody has to act."""
    organisation = visit().organisation
    if waits.holders:
        return _("等%(who)s", who=names(organisation.name_of(person) for person in waits.holders[:2]))
    return _("等组里的人领") if waits.offered else ""


def _meta(row: WorkRow, words: Words) -> str:
    pieces = [row.process_title.text(words.language)]
    if row.part_title is not None:
        pieces.append(row.part_title.text(words.language))
    pieces.append(_("%(who)s发起", who=name(row.starter, row.starter_name)) if row.starter else _("自动发起"))
    pieces.append(_("%(when)s 到这一步", when=words.moment(row.opened_at)))
    return " · ".join(pieces)


def _note(row: WorkRow, words: Words) -> str:
    if row.on_behalf_of is not None:
        return _("代 %(who)s", who=row.on_behalf_of_name)
    if row.escalated:
        return _("转报给你，原由%(who)s办", who=row.holder_name) if row.holder_name else _("转报给你")
    if row.returned:
        return _("退回过 %(n)s 次", n=row.returned)
    if row.due_at is not None and (words.local(row.due_at).date() - words.today).days >= FAR:
        return words.left(row.due_at)
    return ""


def _facts(row: WorkRow, shower: Shower) -> tuple[Fact, ...]:
    """The fields named by `list:`, each cut to what a row can hold."""
    return tuple(Fact(shower.label(f.field), _short(shower.text(f.field, f.value))) for f in row.facts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    wide = 0
    for place, character in enumerate(line):
        wide += 2 if east_asian_width(character) in "WF" else 1
        if wide > LONGEST:
            return f"{line[: place - 1].rstrip()}…"
    return line


def _started(row: WorkRow, waits: Waits, shower: Shower) -> TaskRow:
    words = shower.words
    state = row.state_title.text(words.language)
    if row.ended_at is not None:
        state = f"{outcome_title(row.outcome, state)} · {words.moment(row.ended_at)}"
    return TaskRow(
        verb=_ended(row) or _("在办"),
        title=row.title,
        href=url_for("case.show", case_id=row.case),
        meta=_joined(row.process_title.text(words.language), row.number),
        facts=(Fact(_("现在"), state),),
        due=due_chip(words, waits.due_at),
        note=waits_for(waits),
    )


def _done(row: WorkRow, shower: Shower) -> TaskRow:
    words = shower.words
    done = words.moment(row.completed_at) if row.completed_at else ""
    return TaskRow(
        verb=verb(row, words.language),
        title=row.title,
        href=url_for("case.show", case_id=row.case),
        meta=_joined(row.process_title.text(words.language), row.number, _ended(row)),
        facts=_facts(row, shower),
        due=Chip(done, "plain", words.iso(row.completed_at)) if row.completed_at else None,
        note=_("代 %(who)s", who=row.on_behalf_of_name) if row.on_behalf_of else "",
    )


def _ended(row: WorkRow) -> str:
    if row.ended_at is None:
        return ""
    return _("作废") if row.outcome == "cancelled" else _("办结")


def _joined(*pieces: str | None) -> str:
    return " · ".join(piece for piece in pieces if piece)


def _title(group: Group) -> str:
    titles = {
        "late": _("已超期"),
        "today": _("今天"),
        "this_week": _("本周"),
        "next_week": _("下周"),
        "later": _("以后"),
    }
    return titles[group]
