"""Rows of the work list in the reader's words: 已超期, 今天, 本周, 下周, 以后; what I started and where it stands; what I did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for

from workflows.db import new_id
from workflows.engine.views.pages import WorkCounts, WorkPage, WorkRow
from workflows.web.casework import due_chip, name, names, outcome_title
from workflows.web.components import Chip, Fact, TaskGroup, TaskRow
from workflows.web.language import _
from workflows.web.shown import Shower
from workflows.web.words import Group, Words

GROUPS: Final[tuple[Group, ...]] = ("late", "today", "this_week", "next_week", "later")
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
        facts=tuple(Fact(shower.label(f.field), shower.text(f.field, f.value)) for f in row.facts),
        due=due_chip(words, row.due_at),
        note=_note(row, words),
    )


def verb(row: WorkRow, language: str) -> str:
    """The state's own verb (审核), or the plain one."""
    return row.verb.text(language) if row.verb else _("办理")


def started_rows(page: WorkPage, shower: Shower) -> tuple[TaskRow, ...]:
    """What I started and where it stands."""
    return tuple(_started(row, shower) for row in page.rows)


def done_rows(page: WorkPage, shower: Shower) -> tuple[TaskRow, ...]:
    """What I did, newest first."""
    return tuple(_done(row, shower) for row in page.rows)


def waits_for(row: WorkRow, words: Words) -> str:
    """等唐可，超期 1 天: whom a started case waits for and until when, in one line."""
    if row.ended_at is not None:
        return f"{outcome_title(row.outcome, row.state_title.text(words.language))} · {words.moment(row.ended_at)}"
    held = name(row.holder, row.holder_name) if row.holder_name else ""
    state = row.state_title.text(words.language)
    if held:
        return _("等 %(who)s · %(state)s", who=held, state=state)
    return state


def sentence(counts: WorkCounts, words: Words) -> tuple[str, int, int]:
    """The day, how many are to be done by tonight, and how many are late."""
    return words.day_and_weekday(words.today), counts.today, counts.late


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
        return _("转报给你，原由 %(who)s 办", who=row.holder_name) if row.holder_name else _("转报给你")
    if row.returned:
        return _("退回过 %(n)s 次", n=row.returned)
    if row.due_at is not None and (words.local(row.due_at).date() - words.today).days >= FAR:
        return words.left(row.due_at)
    return ""


def _started(row: WorkRow, shower: Shower) -> TaskRow:
    words = shower.words
    return TaskRow(
        verb=_ended(row) or _("在办"),
        title=row.title,
        href=url_for("case.show", case_id=row.case),
        meta=_joined(
            row.process_title.text(words.language), row.number, _("%(when)s 发起", when=words.moment(row.opened_at))
        ),
        facts=(Fact(_("现在"), waits_for(row, words)),),
        due=None if row.ended_at else due_chip(words, row.due_at),
    )


def _done(row: WorkRow, shower: Shower) -> TaskRow:
    words = shower.words
    done = words.moment(row.completed_at) if row.completed_at else ""
    return TaskRow(
        verb=verb(row, words.language),
        title=row.title,
        href=url_for("case.show", case_id=row.case),
        meta=_joined(row.process_title.text(words.language), row.number, row.state_title.text(words.language)),
        facts=(Fact(_("现在"), outcome_title(row.outcome, _("办结"))),) if row.ended_at else (),
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


def names_of(rows: Iterable[WorkRow]) -> Sequence[str]:
    """The names of those who hold these rows, each once."""
    return tuple(dict.fromkeys(names((row.holder_name,)) for row in rows if row.holder_name))
