"""Several processes side by side: one line each, from two statements however many cases there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from workflows.engine.scene import Scene
from workflows.engine.tables import Case
from workflows.reports.hours import WorkingHours
from workflows.reports.seen import CANCELLED, EVERYTHING, Seen, finished_in, of_processes, still_open, was_late
from workflows.reports.span import Span
from workflows.reports.sums import ProcessSum, summed
from workflows.reports.times import case_times


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases of a process ended in the time, how many of them late or called off, and how many are open now."""

    finished: int = 0
    late: int = 0
    cancelled: int = 0
    open: int = 0


def overview(
    session: Session,
    scene: Scene,
    span: Span,
    processes: Collection[str] | None = None,
    seen: Seen = EVERYTHING,
) -> tuple[ProcessSum, ...]:
    """Every process (or those of `processes`), in the order of keys, over the cases that are `seen`."""
    keys = sorted(processes if processes is not None else scene.newest)
    where = (of_processes(keys), *seen)
    sums = summed(case_times(session, WorkingHours(scene.calendar), finished_in(span), *where), keys, scene.calendar)
    for key, found in counts(session, span, keys, seen).items():
        sums[key].open, sums[key].cancelled = found.open, found.cancelled
    return tuple(sums[key] for key in keys)


def counts(session: Session, span: Span, processes: Collection[str], seen: Seen = EVERYTHING) -> dict[str, Counts]:
    """The numbers alone, counted by the database in one statement; processes without any case are not named."""
    ended = and_(Case.ended_at >= span.start, Case.ended_at < span.end)
    columns = (
        Case.process,
        func.count().filter(finished_in(span)),
        func.count().filter(finished_in(span), was_late()),
        func.count().filter(ended, Case.outcome == CANCELLED),
        func.count().filter(still_open()),
    )
    here = Case.ended_at.is_(None) | ended
    chosen = select(*columns).where(of_processes(processes), here, *seen)
    return {row[0]: Counts(*row[1:]) for row in session.execute(chosen.group_by(Case.process))}
