"""A training, or a plan of trainings, as its case says it to everybody who may see the case."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine.rows import CaseRow
from workflows.engine.scene import Scene
from workflows.errors import Text
from workflows.org.organisation import PersonId

Stage = Literal["ahead", "held", "judged", "not_held"]
"""Still to come; held and not judged yet; ended as completed; ended otherwise."""


@dataclass(frozen=True, slots=True)
class Training:
    """One training. `held_at`: aware UTC, None while no time is set; `mark`: mean of the participants' marks; `late`: a task of it is."""

    case: uuid.UUID
    plan: uuid.UUID | None
    topic: str
    state: Text
    method: Text
    stage: Stage
    planned_on: date
    held_at: datetime | None
    organiser: PersonId | None
    participants: tuple[PersonId, ...]
    attended: tuple[PersonId, ...]
    passed: tuple[PersonId, ...]
    users_attended: int | None
    mark: Decimal | None
    effect: str
    late: bool

    @property
    def took_place(self) -> bool:
        """Whether it was held."""
        return self.stage in ("held", "judged")

    @property
    def judged(self) -> bool:
        """Whether its effect was judged, of employees: only then it can say how many passed."""
        return self.stage == "judged" and bool(self.attended)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of the year. `asked`: how many rows it has; `trainings`: how many began from it, `held` of them."""

    case: uuid.UUID
    title: str
    state: Text
    asked: int
    trainings: int
    held: int
    late: bool
    ended: bool


class _Said:
    """The values of a case that everybody who sees it may read."""

    def __init__(self, process: Process, data: Mapping[str, Any]) -> None:
        self._process, self._data = process, data

    def __call__(self, name: str) -> Any:
        field = self._process.fields.get(name)
        return self._data.get(name) if field is not None and field.see is None else None

    def choice(self, name: str) -> Text:
        field, chosen = self._process.fields.get(name), self(name)
        choices = field.choices if field is not None else ()
        return next((choice.title for choice in choices or () if choice.key == chosen), Text("", ""))

    def people(self, name: str) -> tuple[PersonId, ...]:
        return tuple(uuid.UUID(person) for person in self(name) or ())

    def person(self, name: str) -> PersonId | None:
        value = self(name)
        return uuid.UUID(value) if value else None


def training_of(scene: Scene, session: Session, row: CaseRow, late: Container[uuid.UUID]) -> Training:
    """The training of a case; `late`: cases with a task that is overdue."""
    process = scene.store.get(session, row.definition_id).process
    said = _Said(process, row.data)
    held_at, mark, users = said("held_at"), said("usefulness"), said("users_attended")
    return Training(
        case=row.id,
        plan=row.parent_id,
        topic=said("topic") or row.title,
        state=_state(process, row),
        method=said.choice("method"),
        stage=_stage(row),
        planned_on=date.fromisoformat(row.data["planned_on"]),
        held_at=datetime.fromisoformat(held_at) if held_at else None,
        organiser=said.person("organiser"),
        participants=said.people("participants"),
        attended=said.people("attended"),
        passed=said.people("passed"),
        users_attended=int(users) if users is not None else None,
        mark=Decimal(str(mark)) if mark is not None else None,
        effect=str(said("effect") or ""),
        late=row.id in late,
    )


def plan_of(
    scene: Scene,
    session: Session,
    row: CaseRow,
    trainings: Sequence[Training],
    sessions: Collection[str],
    late: Container[uuid.UUID],
) -> Plan:
    """The plan of a case. `trainings`: all of its year; `sessions`: the processes of trainings."""
    process = scene.store.get(session, row.definition_id).process
    said = _Said(process, row.data)
    spawns = [spawn for state in process.states.values() for spawn in state.spawns if spawn.process in sessions]
    mine = [one for one in trainings if one.plan == row.id]
    return Plan(
        case=row.id,
        title=row.title,
        state=_state(process, row),
        asked=sum(len(said(spawn.rows) or ()) for spawn in spawns if spawn.rows),
        trainings=len(mine),
        held=sum(one.took_place for one in mine),
        late=row.id in late,
        ended=row.ended_at is not None,
    )


def _stage(row: CaseRow) -> Stage:
    if row.ended_at is not None:
        return "judged" if row.outcome == "completed" else "not_held"
    return "held" if row.data.get("attended") or row.data.get("users_attended") is not None else "ahead"


def _state(process: Process, row: CaseRow) -> Text:
    state = process.states.get(row.state)
    return state.title if state is not None else process.title
