"""Cases that measured figures start (`start: {by: figure, when: …}`): noted where the figures hold, then started one by one.

Whoever records figures knows nothing of this. The scheduler looks when the counter of figures has moved: what holds is noted once for
a line of a definition, an owner and a month, and what is noted is started, each case in a transaction of its own. So a definition
that fails holds up no upload, and no correction or repeated upload starts a second case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.appraisal.figures.lookup import current
from workflows.appraisal.figures.meaning import UNITS, Catalogue
from workflows.appraisal.figures.tables import FigureValue, NotedStart
from workflows.db import new_id, upsert
from workflows.definition.model import FigureStart, Process
from workflows.definition.periods import containing, named_period
from workflows.definition.values.typed import typed
from workflows.engine import data
from workflows.engine.definitions import Published
from workflows.engine.engine import Engine
from workflows.engine.parameters import fitting
from workflows.engine.scene import Scene
from workflows.engine.schedules import in_force_since
from workflows.expression import Expression, ExpressionError
from workflows.org.organisation import Organisation

PersonId = uuid.UUID
COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose figures: a person's, a unit's, or (neither) the company's."""

    person: PersonId | None
    unit: str | None

    @property
    def key(self) -> str:
        """As it is noted."""
        return f"person:{self.person.hex}" if self.person else f"unit:{self.unit}" if self.unit else COMPANY

    def who(self, organisation: Organisation) -> PersonId | None:
        """`each`: the person, the lead of the unit (or the nearest above it that has one), the lead of the topmost unit."""
        if self.person is not None:
            return self.person
        unit = self.unit or next((key for key, one in organisation.units.items() if one.parent is None), None)
        seen: set[str] = set()
        while unit is not None and unit not in seen:
            if (lead := organisation.lead_of(unit)) is not None:
                return lead
            seen.add(unit)
            entry = organisation.units.get(unit)
            unit = entry.parent if entry is not None else None
        return None


@dataclass(slots=True)
class Standing:
    """What stands for an owner and month: the numbers by name, and when each was entered."""

    values: dict[str, Decimal] = field(default_factory=dict)
    entered: dict[str, datetime] = field(default_factory=dict)


def note(session: Session, engine: Engine, catalogue: Catalogue, now: datetime) -> int:
    """Note what the figures of this month and the last ask for and have not asked for yet; how many cases that will be.

    A few statements however many figures there are, none but the first where no process is started by figures.
    """
    scene = engine.scene(session, now)
    watching = [(one, start) for one in scene.newest.values() for start in one.process.start.figures]
    if not watching:
        return 0
    months = (str(this := containing(scene.today, "month")), str(this.previous))
    standing = _standing(session, {name for _, start in watching for name in start.figures}, months)
    noted = _noted(session, months)
    rows = [
        row
        for published, start in watching
        for row in _rows(session, scene, published, start, standing, catalogue)
        if (row["process"], row["line"], row["owner"], row["month"]) not in noted
    ]
    if rows:
        session.execute(upsert(session, NotedStart).on_conflict_do_nothing(), rows)
    return len(rows)


def waiting(session: Session) -> list[uuid.UUID]:
    """What is noted and not yet seen to, oldest first."""
    return list(session.scalars(select(NotedStart.id).where(NotedStart.done_at.is_(None)).order_by(NotedStart.id)))


def start(session: Session, engine: Engine, noted: uuid.UUID, now: datetime) -> int:
    """Start the case that is noted; 0 where somebody else did meanwhile, or where its key exists already."""
    chosen = select(NotedStart).where(NotedStart.id == noted, NotedStart.done_at.is_(None)).with_for_update()
    row = session.scalar(chosen)
    if row is None:
        return 0
    case = engine.start_by_itself(session, row.process, row.given, row.starter_id, "figure", now)
    session.execute(update(NotedStart).where(NotedStart.id == noted).values(case_id=case, done_at=now))
    return int(case is not None)


def _standing(session: Session, names: Iterable[str], months: tuple[str, ...]) -> Mapping[tuple[Owner, str], Standing]:
    chosen = select(
        FigureValue.person_id, FigureValue.unit_key, FigureValue.month, FigureValue.name, FigureValue.value,
        FigureValue.entered_at,
    ).where(
        FigureValue.month.in_(months), FigureValue.name.in_(sorted(names)), FigureValue.value.is_not(None), current()
    )  # fmt: skip
    found: dict[tuple[Owner, str], Standing] = {}
    for row in session.execute(chosen.order_by(FigureValue.id)):
        one = found.setdefault((Owner(row.person_id, row.unit_key), row.month), Standing())
        one.values[row.name] = row.value
        one.entered[row.name] = row.entered_at
    return found


def _noted(session: Session, months: tuple[str, ...]) -> set[tuple[str, int, str, str]]:
    chosen = select(NotedStart.process, NotedStart.line, NotedStart.owner, NotedStart.month)
    return {(*row,) for row in session.execute(chosen.where(NotedStart.month.in_(months)))}


def _rows(
    session: Session,
    scene: Scene,
    published: Published,
    start: FigureStart,
    standing: Mapping[tuple[Owner, str], Standing],
    catalogue: Catalogue,
) -> Iterator[dict[str, Any]]:
    """A row for each owner and month of whom the condition holds by what was entered since the process watches."""
    process = published.process
    since = in_force_since(
        session, scene, published, lambda before: any(s.index == start.index for s in before.start.figures)
    )
    own = _parameters(process, scene)
    for (owner, month), known in standing.items():
        here = [known.entered[name] for name in start.figures if name in known.values]
        if len(here) < len(start.figures) or max(here) < since:
            continue
        who = owner.who(scene.organisation)
        values = {**own, **known.values, "month": month, "each": str(who) if who else None, "unit": _unit(owner, scene)}
        if _holds(start.when, values):
            yield {
                "id": new_id(), "process": process.key, "line": start.index, "owner": owner.key, "month": month,
                "starter_id": who, "given": _given(process, start, values, scene, catalogue), "noted_at": scene.now,
                "case_id": None, "done_at": None,
            }  # fmt: skip


def _parameters(process: Process, scene: Scene) -> dict[str, Any]:
    found = typed(process, {}, parameters=fitting(process, scene.parameters.get(process.key, {})))
    return {name: found[name] for name in process.parameters}


def _unit(owner: Owner, scene: Scene) -> str | None:
    entry = scene.organisation.units.get(owner.unit) if owner.unit else None
    return entry.zh if entry is not None else None


def _holds(condition: Expression, values: Mapping[str, Any]) -> bool:
    """What cannot be reckoned (a division by zero) does not hold."""
    try:
        return condition.holds(values)
    except ExpressionError:
        return False


def _given(
    process: Process, start: FigureStart, values: Mapping[str, Any], scene: Scene, catalogue: Catalogue
) -> dict[str, Any]:
    """The first values of the case, as JSON."""
    found: dict[str, Any] = {}
    for name, source in start.assign.items():
        period = named_period(source, scene.today)
        found[name] = str(period) if period is not None else _value(process, name, source, values, catalogue)
    return found


def _value(process: Process, name: str, source: str, values: Mapping[str, Any], catalogue: Catalogue) -> Any:
    try:
        value = Expression(source).evaluate(values)
    except ExpressionError:  # unset, or a division by zero: the field stays empty
        return None
    if isinstance(value, Fraction) and process.fields[name].type in ("text", "long_text"):
        return _told(value, source.strip(), catalogue)
    return data.json_value(value)


def _told(value: Fraction, name: str, catalogue: Catalogue) -> str:
    """A number in a text: with its unit where it is a figure as it stands."""
    number = format(Decimal(str(data.json_value(value))), ",f")
    return f"{number} {UNITS[catalogue[name].unit].zh}" if name in catalogue else number
