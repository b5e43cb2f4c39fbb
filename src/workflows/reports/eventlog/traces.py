"""One trace for each case: what was done, step by step, read in portions so that memory does not grow with the history.

An event of the log is a step that was left, or somebody's part of it. Comments, claims, reminders and the like are no steps. Who did
it is a number of this export (`P1`), the position is kept; names, and values that not everybody may see, come only when asked for.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from workflows.definition.model import START, Process
from workflows.definition.net import CANCEL, activities, anytime_activity
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, Task, TaskOpening
from workflows.reports.eventlog.values import Value, case_values
from workflows.reports.times import first_of

AT_ONCE = 500
"""Cases read together."""

_CASE = (Case.id, Case.number, Case.definition_id, Case.started_at, Case.ended_at, Case.outcome, Case.title, Case.data)
_EVENT = (
    Event.case_id, Event.at, Event.kind, Event.actor_id, Event.on_behalf_of, Event.action, Event.task_id, Event.from_state,
    Event.to_state, Event.late, Task.claimed_at, TaskOpening.at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What to export: a process (None: all), cases started from `since` on and before `until` (aware; None: no bound), with names of
    people (`people`), with values that are not for everybody (`restricted`), titles in this language."""

    process: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    people: bool = False
    restricted: bool = False
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event. `step`: the state's key; `begun`: when whoever did it had opened it; `to`: the state entered with it, "" for none;
    `resource` and `role` are "" where the clock or a program acted, or nobody may know who."""

    activity: str
    step: str
    at: datetime
    begun: datetime | None
    action: str
    to: str
    resource: str
    role: str
    late: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """One case: its number (else its id), its process and version, how it ended ("" while it is open), values, events in order."""

    name: str
    process: str
    version: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    values: Mapping[str, Value]
    events: tuple[LogEvent, ...]


@dataclass(slots=True)
class Names:
    """Who did something, as the export says it: numbers in the order of appearance, or logins."""

    scene: Scene
    asked: Asked
    _numbers: dict[uuid.UUID, str] = field(default_factory=dict)

    def resource(self, person: uuid.UUID | None) -> str:
        """`P1`, or the login; "" for nobody."""
        member = self.scene.organisation.people.get(person) if person is not None else None
        if person is None or member is None:
            return ""
        return member.login if self.asked.people else self._numbers.setdefault(person, f"P{len(self._numbers) + 1}")

    def role(self, person: uuid.UUID | None) -> str:
        """The title of the position the person has now."""
        member = self.scene.organisation.people.get(person) if person is not None else None
        key = member.position if member is not None else None
        known = self.scene.organisation.positions.get(key) if key is not None else None
        return known.title(self.asked.language) if known is not None else ""


def number_of_cases(session: Session, asked: Asked) -> int:
    """How many traces there will be."""
    return session.scalar(select(func.count()).select_from(Case).where(*_conditions(asked))) or 0


def traces(session: Session, scene: Scene, asked: Asked) -> Iterator[Trace]:
    """The traces in the order in which cases began, read in portions of `AT_ONCE`: two statements each."""
    names, last = Names(scene, asked), None
    while True:
        after = (
            ()
            if last is None
            else (or_(Case.started_at > last[0], and_(Case.started_at == last[0], Case.id > last[1])),)
        )
        chosen = select(*_CASE).where(*_conditions(asked), *after).order_by(Case.started_at, Case.id).limit(AT_ONCE)
        cases = session.execute(chosen).all()
        if not cases:
            return
        events = _events(session, [case.id for case in cases])
        for case in cases:
            yield _trace(session, names, case, events.get(case.id, []))
        last = (cases[-1].started_at, cases[-1].id)


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.process is not None:
        yield Case.process == asked.process
    if asked.since is not None:
        yield Case.started_at >= asked.since
    if asked.until is not None:
        yield Case.started_at < asked.until


def _events(session: Session, cases: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Any]]:
    opening = and_(TaskOpening.task_id == Event.task_id, TaskOpening.person_id == Event.actor_id)
    chosen = select(*_EVENT).outerjoin(Task, Task.id == Event.task_id).outerjoin(TaskOpening, opening)
    found: dict[uuid.UUID, list[Any]] = {}
    for row in session.execute(chosen.where(Event.case_id.in_(cases)).order_by(Event.case_id, Event.seq)):
        found.setdefault(row[0], []).append(row[1:])
    return found


# ---- one case ----------------------------------------------------------------------------------------------------


def _trace(session: Session, names: Names, case: Any, rows: list[Any]) -> Trace:
    published = names.scene.store.get(session, case.definition_id)
    asked, process = names.asked, published.process
    return Trace(
        case.number or str(case.id),
        process.key,
        published.version,
        case.started_at,
        case.ended_at,
        case.outcome or "",
        case_values(process, case, named=names.resource if asked.people else None, restricted=asked.restricted),
        tuple(event for row in rows if (event := _event(names, process, row)) is not None),
    )


def _event(names: Names, process: Process, row: Any) -> LogEvent | None:
    at, kind, actor, absent, action, _task, source, target, late, claimed_at, opened_at = row
    step = source or START
    activity = _activity(process, kind, action, step, target, names.asked.language)
    if activity is None:
        return None
    return LogEvent(
        activity, step, at, first_of(claimed_at, opened_at), action or "", target or "", names.resource(actor),
        names.role(actor if absent is None else absent), late,
    )  # fmt: skip


def _activity(
    process: Process, kind: str, action: str | None, step: str, target: str | None, language: str
) -> str | None:
    """What the event is called in the log; None where it is no step of the case."""
    if kind == "cancelled":
        return CANCEL.text(language)
    if kind in ("timer", "signal", "started") and target is None:
        return None  # it rang or was heard, and nothing followed
    if kind not in ("started", "acted", "skipped", "timer", "signal"):
        return None
    state = process.states.get(step)
    if action is not None and action in process.anytime and (state is None or action not in state.actions):
        return anytime_activity(process, action, language)
    return _activities(process, language)[step]


@lru_cache(maxsize=512)
def _activities(process: Process, language: str) -> Mapping[str, str]:
    return activities(process, language)
