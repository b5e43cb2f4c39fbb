"""The cycle board: who is where, whom everybody waits for, what is missing, how the totals lie, and what to read first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.results.reading import of_period
from workflows.appraisal.results.rights import require_staff
from workflows.appraisal.results.views.appraisals import Appraisal, appraisals, totals
from workflows.appraisal.results.views.lacking import with_lacks
from workflows.appraisal.results.views.months import mean
from workflows.appraisal.results.views.processes import recording, running
from workflows.appraisal.results.views.waived import Waiver, waivers
from workflows.definition.periods import parse
from workflows.engine.reading import case_for
from workflows.engine.scene import Scene
from workflows.engine.tables import Case
from workflows.engine.views.pages import TrackStep
from workflows.engine.views.track import steps
from workflows.errors import NotFound, Text

PersonId = uuid.UUID

BANDS = (60, 70, 80, 90, 100)
"""Where one band of totals ends and the next begins."""

LEAP = Decimal(15)
"""So many points up or down from the month before are worth a second look (ours)."""

MOST_CYCLES = 36


@dataclass(frozen=True, slots=True)
class Cycle:
    """A month's cycle. `since`: when it entered its state; times aware, UTC."""

    case: uuid.UUID
    number: str | None
    period: str
    state: str
    state_title: Text
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody who has appraisals in hand that are late or due. `deputy_name`: who acts for them now; `since`: the earliest due time
    (aware, UTC)."""

    person: PersonId
    name: str
    deputy_name: str
    rows: tuple[Appraisal, ...]
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class GroupState:
    """One unit: how many people, self-reviews handed in, totals, reviewed; `mean` two places, `difference` to the month before."""

    unit: str
    title: Text
    people: int
    self_reviews: int
    scored: int
    reviewed: int
    mean: Decimal | None
    before: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """How much higher the mean is than that of the same unit in the month before."""
        return None if self.mean is None or self.before is None else self.mean - self.before


@dataclass(frozen=True, slots=True)
class Band:
    """Totals of at least `least` and below `most` (None: no bound): how many this month and the month before."""

    least: int | None
    most: int | None
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Odd:
    """An appraisal to read before the others, and why."""

    row: Appraisal
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A month's cycle as human resources see it. `rows` by login, without those `waived`; `waiting`: late ones first; `bands`: the
    distribution."""

    cycle: Cycle
    steps: tuple[TrackStep, ...]
    rows: tuple[Appraisal, ...]
    waiting: tuple[Owing, ...]
    groups: tuple[GroupState, ...]
    bands: tuple[Band, ...]
    odd: tuple[Odd, ...]
    waived: tuple[tuple[Appraisal, Waiver | None], ...] = ()

    @property
    def scored(self) -> tuple[Appraisal, ...]:
        """Those with a total."""
        return tuple(row for row in self.rows if row.total is not None)

    @property
    def reviewed(self) -> tuple[Appraisal, ...]:
        """Those that wait for publication, or are past it."""
        return tuple(row for row in self.rows if row.reviewed)

    @property
    def lacking(self) -> tuple[Appraisal, ...]:
        """Those that figures keep from a total."""
        return tuple(row for row in self.rows if row.lacks)

    @property
    def complete(self) -> bool:
        """Whether nothing holds up publication."""
        return bool(self.rows or self.waived) and all(row.reviewed for row in self.rows)

    @property
    def published(self) -> bool:
        """Whether the month's results are out. All reviewed is not yet published: two people have to release them."""
        return self.cycle.ended_at is not None or any(row.published for row in self.rows)


def cycles(session: Session, around: Surroundings, scene: Scene, viewer: PersonId) -> tuple[Cycle, ...]:
    """The newest cycles, newest first: one statement. Raises `NotAllowed` for who is neither of human resources nor an auditor."""
    require_staff(scene.organisation, viewer)
    keys = running(around.processes(session))
    chosen = (
        select(Case).where(Case.process.in_(keys)).order_by(Case.started_at.desc(), Case.id.desc()).limit(MOST_CYCLES)
    )
    found = [_cycle(session, scene, case) for case in session.scalars(chosen)]
    return tuple(sorted(found, key=lambda one: one.period, reverse=True))


def cycle_board(session: Session, around: Surroundings, scene: Scene, viewer: PersonId, period: str) -> Board:
    """The cycle of `period` (`2026-11`). A number of statements that does not grow with people.

    Raises `NotAllowed` for who is neither of human resources nor an auditor, `NotFound` where the month has no cycle.
    """
    require_staff(scene.organisation, viewer)
    processes = around.processes(session)
    case = _case(session, running(processes), period)
    appraising = {key: processes[key] for key in recording(processes, "month")}
    everybody = appraisals(session, around, scene, appraising, period, Case.parent_id == case.id)
    rows = tuple(row for row in everybody if not row.waived)
    rows = with_lacks(session, around, scene, processes, period, rows)
    waived = [row for row in everybody if row.waived]
    why = waivers(session, scene, [row.case for row in waived])
    last = of_period(session, "month", str(parse(period, "month").previous))
    return Board(
        _cycle(session, scene, case), steps(case_for(session, scene, case.id).run, (), 0), rows, _waiting(rows), _groups(rows),
        _bands(totals(rows), [one.total for one in last.values()]), _odd(rows),
        tuple((row, why.get(row.case)) for row in waived),
    )  # fmt: skip


def _case(session: Session, keys: Sequence[str], period: str) -> Case:
    chosen = select(Case).where(Case.process.in_(keys), Case.data["period"].as_string() == period)
    found = session.scalars(chosen.order_by(Case.id.desc()).limit(1)).first()
    if found is None:
        raise NotFound("这个月没有考核周期。", "There is no cycle of this month.")
    return found


def _cycle(session: Session, scene: Scene, case: Case) -> Cycle:
    title = scene.store.get(session, case.definition_id).machine.state(case.state).title
    return Cycle(case.id, case.number, str(case.data.get("period")), case.state, title, case.entered_at, case.ended_at)


def _waiting(rows: Iterable[Appraisal]) -> tuple[Owing, ...]:
    """Who has scorings in hand, late ones first, then by how many."""
    hands: dict[PersonId, list[Appraisal]] = {}
    for row in rows:
        if row.holder is not None and row.scoring and row.total is None:
            hands.setdefault(row.holder, []).append(row)
    found = [_owing(holder, mine) for holder, mine in hands.items()]
    return tuple(sorted(found, key=lambda one: (not one.late, -len(one.rows), one.name)))


def _owing(holder: PersonId, mine: Sequence[Appraisal]) -> Owing:
    first, dues = mine[0], [row.due_at for row in mine if row.due_at is not None]
    late = any(row.late for row in mine)
    return Owing(holder, first.holder_name, first.deputy_name, tuple(mine), min(dues, default=None), late)


def _groups(rows: Sequence[Appraisal]) -> tuple[GroupState, ...]:
    units: dict[str, list[Appraisal]] = {}
    for row in rows:
        units.setdefault(row.unit, []).append(row)
    return tuple(
        GroupState(
            unit, mine[0].unit_title, len(mine), sum(row.self_review is True for row in mine),
            sum(row.total is not None for row in mine), sum(row.reviewed for row in mine), mean(totals(mine)),
            mean([row.before for row in mine if row.before is not None]),
        )
        for unit, mine in sorted(units.items())
    )  # fmt: skip


def _bands(now: Sequence[Decimal], before: Sequence[Decimal]) -> tuple[Band, ...]:
    bounds = (None, *BANDS, None)
    return tuple(
        Band(least, most, _between(now, least, most), _between(before, least, most)) for least, most in pairwise(bounds)
    )


def _between(found: Iterable[Decimal], least: int | None, most: int | None) -> int:
    return sum((least is None or total >= least) and (most is None or total < most) for total in found)


def _odd(rows: Iterable[Appraisal]) -> tuple[Odd, ...]:
    """Scored and not published yet: the lowest grade, the highest for the first time, a leap, no self-review."""
    looked = (Odd(row, tuple(_why(row))) for row in rows if row.total is not None and not row.ended)
    found = [one for one in looked if one.why]
    return tuple(sorted(found, key=lambda one: (-len(one.why), one.row.total or Decimal(0))))


def _why(row: Appraisal) -> Iterable[Text]:
    total, grade, before = row.total, row.grade, row.before
    if total is None or grade is None:
        return
    if grade.least is None:
        yield Text(f"{grade.title.zh}", f"{grade.title.en}")
    if total >= BANDS[3] and before is not None and before < BANDS[3]:
        yield Text("首次达到优秀", "reaches excellent, unlike the month before")
    if before is not None and abs(total - before) >= LEAP:
        less, by = total < before, abs(total - before)
        yield Text(
            f"比上月{'少' if less else '多'} {by} 分", f"{by} points {'less' if less else 'more'} than the month before"
        )
    if row.self_review is False:
        yield Text("没有自评", "no self-review")
