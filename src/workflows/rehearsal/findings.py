"""What a rehearsal shows a manager: counts, how much was on time, what waited where, and how much each position had to do.

The numbers of processes, steps and positions are those of the reports over real history (`reports`), so that a rehearsed year and a
lived one can be laid side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.definition.model import START, Process
from workflows.definition.titles import FAMILIES
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, Task, TaskStatus
from workflows.errors import Text
from workflows.reports.hours import WorkingHours, in_hours, percent
from workflows.reports.load import loads
from workflows.reports.overview import overview
from workflows.reports.span import Span
from workflows.reports.sums import ProcessSum, StepSum

FULL = Decimal(85)
"""From this much of the working time, in percent, a position is full: what comes then waits."""
_BOTTLENECKS = 12


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a process. `waited`: working hours that all its cases waited there together."""

    process: Text
    step: Text
    sum: StepSum
    waited: Decimal

    @property
    def late_share(self) -> Decimal | None:
        """Late visits in percent."""
        return percent(self.sum.late, self.sum.visits)


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process with its steps; `cases`: how many began."""

    key: str
    title: Text
    cases: int
    expected: int | None
    sum: ProcessSum
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class FamilyLines:
    """The processes of one family, and how many of its cases began in each week of the time."""

    key: str
    title: Text
    processes: tuple[ProcessLine, ...]
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PositionLine:
    """One position. Percentages are of the working time of its people; `weeks`: of each week; `busiest`: the fullest one."""

    title: Text
    people: int
    tasks: int
    hours: Decimal
    share: Decimal
    weeks: tuple[Decimal, ...]
    busiest: tuple[str, Decimal]

    @property
    def full(self) -> bool:
        """Whether somebody should be added, or something taken away, for the fullest week."""
        return self.busiest[1] >= FULL

    @property
    def needed(self) -> int:
        """How many people would have kept the fullest week below `FULL`."""
        return max(self.people, int(self.busiest[1] * self.people // FULL) + 1)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the report draws. `weeks`: the Mondays of the time; `tasks`, `late`: handed on in all, and how many late."""

    span: Span
    weeks: tuple[date, ...]
    families: tuple[FamilyLines, ...]
    positions: tuple[PositionLine, ...]
    bottlenecks: tuple[StepLine, ...]
    cases: int
    ended: int
    events: int
    tasks: int
    late: int
    sent_back: int

    @property
    def share_on_time(self) -> Decimal | None:
        """Tasks handed on in time, in percent."""
        return percent(self.tasks - self.late, self.tasks)


def find(session: Session, scene: Scene, span: Span, expected: Mapping[str, int]) -> Findings:
    """Read everything from the rehearsal's database: a fixed number of statements."""
    weeks = _mondays(span)
    begun = _begun(session, scene, weeks)
    sums = {one.key: one for one in overview(session, scene, span)}
    lines = {
        key: _process(published.process, sums[key], sum(begun.get(key, {}).values()), expected.get(key))
        for key, published in scene.newest.items()
    }
    families = tuple(
        FamilyLines(key, title, found, _by_week([begun.get(one.key, {}) for one in found], weeks))
        for key, title in FAMILIES.items()
        if (found := tuple(lines[name] for name, one in scene.newest.items() if one.process.family == key))
    )
    steps = sorted((step for line in lines.values() for step in line.steps), key=lambda one: -one.waited)
    done, late = session.execute(
        select(func.count(), func.count().filter(Task.completed_at > Task.due_at)).where(Task.status == TaskStatus.DONE)
    ).one()
    return Findings(
        span, weeks, families, _positions(session, scene, span, weeks), tuple(one for one in steps if one.waited)[:_BOTTLENECKS],
        sum(line.cases for line in lines.values()), sum(one.finished + one.cancelled for one in sums.values()),
        session.scalar(select(func.count()).select_from(Event)) or 0, done, late,
        session.scalar(select(func.count()).select_from(Event).where(Event.action.in_(_going_back(scene)))) or 0,
    )  # fmt: skip


def _going_back(scene: Scene) -> list[str]:
    """Names of the actions that send a case back."""
    actions = (
        a for one in scene.newest.values() for state in one.process.states.values() for a in state.actions.values()
    )
    return sorted({action.name for action in actions if action.kind == "send_back"})


def _mondays(span: Span) -> tuple[date, ...]:
    first = span.first_day - timedelta(days=span.first_day.weekday())
    return tuple(first + timedelta(weeks=n) for n in range((span.last_day - first).days // 7 + 1))


def _begun(session: Session, scene: Scene, weeks: Sequence[date]) -> dict[str, Counter[date]]:
    """How many cases of each process began in each week."""
    found: dict[str, Counter[date]] = {}
    for key, at in session.execute(select(Case.process, Case.started_at).execution_options(yield_per=2000)):
        day = scene.calendar.day_of(at)
        found.setdefault(key, Counter())[max(day - timedelta(days=day.weekday()), weeks[0])] += 1
    return found


def _by_week(counts: Sequence[Mapping[date, int]], weeks: Sequence[date]) -> tuple[int, ...]:
    return tuple(sum(count.get(week, 0) for count in counts) for week in weeks)


def _process(process: Process, found: ProcessSum, cases: int, expected: int | None) -> ProcessLine:
    steps = tuple(
        StepLine(process.title, _step(process, state), one, in_hours(one.waiting)) for state, one in found.steps.items()
    )
    return ProcessLine(process.key, process.title, cases, expected, found, steps)


def _step(process: Process, state: str) -> Text:
    if state == START:
        return Text("发起", "Start")
    return process.states[state].title if state in process.states else Text(state, state)


def _positions(session: Session, scene: Scene, span: Span, weeks: Sequence[date]) -> tuple[PositionLine, ...]:
    hours, organisation = WorkingHours(scene.calendar), scene.organisation
    available = {_week(monday): _worked(hours, scene, span, monday) for monday in weeks}
    of_position: dict[str, dict[str, tuple[int, Decimal]]] = {}
    for load in loads(session, scene, span):
        of_position.setdefault(load.position, {})[load.week] = (load.tasks, load.hours)
    people = Counter(
        place for member in organisation.people.values() if member.active and (place := member.position) is not None
    )
    return tuple(
        _position(entry.zh, entry.en, people[key], of_position[key], available)
        for key, entry in organisation.positions.items()
        if people[key] and key in of_position
    )


def _position(
    zh: str, en: str, people: int, found: Mapping[str, tuple[int, Decimal]], available: Mapping[str, Decimal]
) -> PositionLine:
    weeks = {week: _share(found.get(week, (0, Decimal(0)))[1], people * free) for week, free in available.items()}
    worked = sum((hours for _, hours in found.values()), Decimal(0))
    return PositionLine(
        Text(zh, en), people, sum(tasks for tasks, _ in found.values()), worked, _share(worked, people * sum(available.values(), Decimal(0))),
        tuple(weeks.values()), max(weeks.items(), key=lambda pair: pair[1]),
    )  # fmt: skip


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else Decimal(0)


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _worked(hours: WorkingHours, scene: Scene, span: Span, monday: date) -> Decimal:
    """Working hours of one person in the part of a week that lies in the time."""
    first, last = max(monday, span.first_day), min(monday + timedelta(days=6), span.last_day)
    return in_hours(hours.between(scene.calendar.start_of(first), scene.calendar.end_of(last)))
