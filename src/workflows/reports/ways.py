"""Which ways cases went, counted by the database; and how long they stood where nobody has anything to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, distinct, func, or_, select
from sqlalchemy.orm import Session

from workflows.definition.model import START
from workflows.engine.tables import Case, Event


@dataclass(frozen=True, slots=True)
class Way:
    """From one step to another: how often it was gone, by how many cases. `action`: what led there, "" for the clock or a signal."""

    source: str
    target: str
    action: str
    times: int
    cases: int


def ways(session: Session, *which: ColumnElement[bool]) -> tuple[Way, ...]:
    """The ways gone by the cases for which all conditions hold, in one statement; the start leads out of `start`."""
    key = (Event.from_state, Event.to_state, Event.action)
    numbers = (func.count(), func.count(distinct(Event.case_id)))
    chosen = select(*key, *numbers).join(Case, Case.id == Event.case_id).where(Event.to_state.is_not(None), *which)
    found = session.execute(chosen.group_by(*key).order_by(*key))
    return tuple(
        Way(source or START, target, action or "", times, cases)
        for source, target, action, times, cases in found
        if target is not None
    )


@dataclass(frozen=True, slots=True)
class Stay:
    """A step that people have nothing to do with: how often cases came there, and how long they stayed (clock time)."""

    visits: int
    cases: int
    mean: timedelta


def stays(session: Session, steps: Collection[str], *which: ColumnElement[bool]) -> Mapping[str, Stay]:
    """Those of `steps` that the cases came through, in one statement; none without steps."""
    if not steps:
        return {}
    columns = (Event.case_id, Event.at, Event.from_state, Event.to_state)
    touches = or_(Event.from_state.in_(sorted(steps)), Event.to_state.in_(sorted(steps)))
    chosen = select(*columns).join(Case, Case.id == Event.case_id).where(Event.to_state.is_not(None), touches, *which)
    came: dict[tuple[object, str], datetime] = {}
    spent: dict[str, list[timedelta]] = {}
    seen: dict[str, set[object]] = {}
    for case, at, source, target in session.execute(chosen.order_by(Event.case_id, Event.seq)):
        since = came.pop((case, source), None) if source is not None else None
        if since is not None and source is not None:
            spent.setdefault(source, []).append(at - since)
            seen.setdefault(source, set()).add(case)
        if target is not None and target in steps:
            came[case, target] = at
    return {
        step: Stay(len(found), len(seen[step]), sum(found, timedelta()) / len(found)) for step, found in spent.items()
    }
