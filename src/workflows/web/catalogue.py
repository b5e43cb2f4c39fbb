"""What can be started, by family, with everyday words: 降价 finds 价格调整."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from flask import url_for
from sqlalchemy import select

from workflows.definition.model import Process
from workflows.definition.titles import FAMILIES
from workflows.engine.tables import Case, Draft
from workflows.engine.views.pages import StartEntry
from workflows.http import visit
from workflows.web.casework import engine
from workflows.web.language import _, language, mark
from workflows.web.words import Words

OTHERS: Final = mark("其他")
MOST_OFTEN: Final = 4
LAST: Final = 60
"""How many of the reader's newest cases are looked at for one to copy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A process on the page: its way in one line, and about how long it takes."""

    title: str
    href: str
    way: str
    usual: str


@dataclass(frozen=True, slots=True)
class Card:
    """Something at hand: a process often started, or a draft to go on with."""

    title: str
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class Family:
    """Processes that belong together, and what of them starts by itself."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    automatic: tuple[str, ...]


def find(entries: Iterable[StartEntry], sought: str) -> tuple[StartEntry, ...]:
    """Those whose title, way or everyday words hold what is sought, or are held by it."""
    wanted = sought.casefold()
    return tuple(entry for entry in entries if any(wanted in name or name in wanted for name in _names(entry.process)))


def nearest(entries: Sequence[StartEntry], sought: str) -> tuple[Entry, ...]:
    """The three that look most like what is sought."""
    wanted = sought.casefold()
    ranked = sorted(
        entries,
        key=lambda e: max(SequenceMatcher(None, wanted, name).ratio() for name in _names(e.process)),
        reverse=True,
    )
    return tuple(_entry(entry.process) for entry in ranked[:3])


def automatic(processes: Iterable[Process], sought: str) -> tuple[str, ...]:
    """Titles of what starts by itself and answers to what is sought: nobody shall look in vain."""
    wanted = sought.casefold()
    return tuple(
        process.title.text(language())
        for process in processes
        if any(wanted in name or name in wanted for name in _names(process))
    )


def families(entries: Iterable[StartEntry], by_itself: Iterable[Process], words: Words) -> tuple[Family, ...]:
    """The catalogue in the order of the families."""
    named: dict[str, tuple[list[Entry], list[str]]] = {key: ([], []) for key in (*FAMILIES, "")}
    for entry in entries:
        named[_family(entry.process)][0].append(_entry(entry.process))
    coming = _next_times() if by_itself else {}
    for process in by_itself:
        named[_family(process)][1].append(_automatic(process, coming.get(process.key), words))
    return tuple(
        Family(key or "other", family_title(key), tuple(found), tuple(alone))
        for key, (found, alone) in named.items()
        if found or alone
    )


def often(entries: Sequence[StartEntry], words: Words) -> tuple[Card, ...]:
    """What the reader starts often, with the newest of it to copy, and drafts to go on with."""
    ranked = sorted((entry for entry in entries if entry.often), key=lambda entry: -entry.often)[:MOST_OFTEN]
    copies = newest_of_mine() if ranked else {}
    cards = [_card(entry.process, copies.get(entry.process.key), words) for entry in ranked]
    return (*(_draft(entry, words) for entry in entries if entry.draft_at is not None), *cards)[: 2 * MOST_OFTEN]


def whom_to_ask() -> str:
    """Whom to ask where nothing fits: the reader's manager, else an administrator."""
    organisation = visit().organisation
    manager = organisation.manager_of(visit().me.id)
    return organisation.name_of(manager or next(iter(organisation.administrators()), None))


def _names(process: Process) -> tuple[str, ...]:
    way = process.purpose.text(language()) if process.purpose else ""
    return tuple(name.casefold() for name in (process.title.zh, process.title.en, *process.also, way) if name)


def family_title(key: str) -> str:
    """What a family is called; processes without one belong to the others."""
    return FAMILIES[key].text(language()) if key in FAMILIES else _(OTHERS)


def _family(process: Process) -> str:
    return process.family if process.family in FAMILIES else ""


def _entry(process: Process) -> Entry:
    way = (
        process.purpose.text(language())
        if process.purpose
        else " → ".join(state.title.text(language()) for state in process.states.values() if state.tasks)
    )
    return Entry(process.title.text(language()), url_for("start.show", process=process.key), way, usual(process))


def usual(process: Process) -> str:
    """About how many working days it takes: the sum of its deadlines that count from the step before; "" for none."""
    days = hours = 0
    for state in process.states.values():
        offsets = [
            offset
            for task in state.tasks[:1]
            if task.due is not None and task.due.anchor.kind == "entered" and not task.due.anchor.args
            for offset in task.due.offsets
        ]
        days += sum(offset.amount for offset in offsets if offset.unit in ("wd", "d"))
        hours += sum(offset.amount for offset in offsets if offset.unit == "h")
    if days:
        return _("约 %(n)s 个工作日", n=days + hours // 24)
    return _("约 %(n)s 小时", n=hours) if hours else ""


def _automatic(process: Process, at: datetime | None, words: Words) -> str:
    title = process.title.text(words.language)
    if at is not None:
        return _("%(what)s 自动发起，下次 %(when)s", what=title, when=words.moment(at))
    return _("%(what)s 由其他事项发起", what=title)


def _next_times() -> dict[str, datetime]:
    here = visit()
    found: dict[str, datetime] = {}
    for row in engine().schedules(here.session, here.now, count=1):
        for at, _provisional in row.next[:1]:
            found[row.process] = min(at, found.get(row.process, at))
    return found


def newest_of_mine() -> dict[str, tuple[str, datetime]]:
    """The reader's newest case of each process: its id and when it began."""
    here = visit()
    mine = select(Case.process, Case.id, Case.started_at).where(Case.starter_id == here.me.id)
    found: dict[str, tuple[str, datetime]] = {}
    for row in here.session.execute(mine.order_by(Case.started_at.desc(), Case.id.desc()).limit(LAST)):
        found.setdefault(row.process, (str(row.id), row.started_at))
    return found


def _card(process: Process, newest: tuple[str, datetime] | None, words: Words) -> Card:
    title, href = process.title.text(words.language), url_for("start.show", process=process.key)
    if newest is None:
        return Card(title, href, "")
    return Card(title, href, _("上次 %(when)s，可照抄", when=words.day(words.local(newest[1]).date())))


def _draft(entry: StartEntry, words: Words) -> Card:
    here = visit()
    place = f"start:{entry.process.key}"
    typed = here.session.scalar(select(Draft.typed).where(Draft.person_id == here.me.id, Draft.place == place)) or {}
    filled = sum(1 for name, value in typed.items() if value and not name.startswith("_"))
    saved = words.moment(entry.draft_at) if entry.draft_at else ""
    note = _("%(when)s 存，已填 %(n)s / %(total)s 项", when=saved, n=filled, total=len(entry.process.start.form))
    title = _("继续草稿：%(what)s", what=entry.process.title.text(words.language))
    return Card(title, url_for("start.show", process=entry.process.key), note)
