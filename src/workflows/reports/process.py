"""Everything a report says about one process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflows.definition.model import START, Process, State
from workflows.engine.scene import Scene
from workflows.errors import NotFound, Text
from workflows.reports.hours import WorkingHours
from workflows.reports.overview import counts
from workflows.reports.seen import EVERYTHING, Seen, finished_in, of_processes
from workflows.reports.span import Span
from workflows.reports.sums import ProcessSum, StepSum, summed
from workflows.reports.times import case_times
from workflows.reports.ways import Stay, Way, stays, ways


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step. `sum`: what people did there; `stay`: how long the clock ran there, where people have nothing to do."""

    key: str
    title: Text
    sum: StepSum
    stay: Stay | None

    @property
    def visits(self) -> int:
        """How often cases came there."""
        return self.stay.visits if self.stay is not None else self.sum.visits


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """One process over some time. `sum` has the counts, times and months; `before`: as much time before it,
    None where the process was not there yet."""

    process: Process
    version: int
    span: Span
    sum: ProcessSum
    before: ProcessSum | None
    steps: tuple[StepReport, ...]
    ways: tuple[Way, ...]

    @property
    def sent_back(self) -> int:
        """How often a case was sent back, by an action that the definition calls so."""
        return sum(way.times for way in self.ways if is_send_back(self.process, way))


def process_report(
    session: Session,
    scene: Scene,
    key: str,
    span: Span,
    seen: Seen = EVERYTHING,
    *,
    compared: bool = False,
) -> ProcessReport:
    """The finished cases of a process in some time, as far as they are `seen`.

    A fixed number of statements: four, one more with `compared` (the time before as well). Steps are in the order of the
    definition; those of older versions that are gone follow. Raises `NotFound` where there is no such process.
    """
    published = scene.newest.get(key)
    if published is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    process, hours = published.process, WorkingHours(scene.calendar)
    where = (of_processes([key]), finished_in(span), *seen)
    total = summed(case_times(session, hours, *where), [key], scene.calendar)[key]
    number = counts(session, span, [key], seen).get(key)
    if number is not None:
        total.open, total.cancelled = number.open, number.cancelled
    states = _states(scene, process)
    waits = stays(session, [name for name, state in states.items() if runs_alone(state)], *where)
    return ProcessReport(
        process,
        published.version,
        span,
        total,
        _before(session, scene, key, span, hours, seen) if compared and _was_there(scene, key, span) else None,
        _steps(states, total, waits),
        ways(session, *where),
    )


def _was_there(scene: Scene, key: str, span: Span) -> bool:
    """Whether the process was there all the time before: else there is nothing fair to compare with."""
    return min(one.published_at for one in scene.versions if one.key == key) <= span.before(scene.calendar).start


def _before(session: Session, scene: Scene, key: str, span: Span, hours: WorkingHours, seen: Seen) -> ProcessSum:
    earlier = span.before(scene.calendar)
    where = (of_processes([key]), finished_in(earlier), *seen)
    return summed(case_times(session, hours, *where), [key], scene.calendar)[key]


def _states(scene: Scene, process: Process) -> Mapping[str, State]:
    """The states of the newest version, then those that only older ones have."""
    states = dict(process.states)
    for version in sorted((one for one in scene.versions if one.key == process.key), key=lambda one: -one.version):
        states.update({key: state for key, state in version.process.states.items() if key not in states})
    return states


def runs_alone(state: State) -> bool:
    """Whether a step goes on without people: by the clock, a signal, or other cases."""
    return state.end is None and not state.tasks


def _steps(states: Mapping[str, State], total: ProcessSum, waits: Mapping[str, Stay]) -> tuple[StepReport, ...]:
    titles = {START: Text("发起", "Start"), **{key: state.title for key, state in states.items()}}
    return tuple(
        StepReport(key, title, total.steps.get(key, StepSum()), waits.get(key))
        for key, title in titles.items()
        if key in total.steps or key in waits
    )


def is_send_back(process: Process, way: Way) -> bool:
    """Whether the definition calls what led there a send-back."""
    state = process.states.get(way.source)
    action = state.actions.get(way.action) if state is not None else None
    return action is not None and action.kind == "send_back"
