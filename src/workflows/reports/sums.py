"""What the cases of a process came to: how many, how many on time, what they waited for, step by step and month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workflows.org.calendar import Calendar
from workflows.reports.hours import in_hours, percent
from workflows.reports.times import CaseTimes, InSteps, StepTimes

FEWEST = 5
"""Of fewer finished cases there is a list, no mean: it would say more about one person than about the process."""


@dataclass(slots=True)
class StepSum(StepTimes):
    """One step over all cases that came through it."""

    cases: int = 0

    def add(self, times: StepTimes) -> None:
        """One more case that came through the step, however often."""
        self.cases += 1
        self.visits += times.visits
        self.late += times.late
        self.waiting += times.waiting
        self.working += times.working

    @property
    def mean_waiting(self) -> Decimal | None:
        """Hours one case waited here, its returns included; None of too few cases."""
        return in_hours(self.waiting, self.cases) if self.cases >= FEWEST else None

    @property
    def mean_working(self) -> Decimal | None:
        """Hours one case was worked on here, its returns included; None of too few cases."""
        return in_hours(self.working, self.cases) if self.cases >= FEWEST else None


@dataclass(frozen=True, slots=True)
class MonthSum:
    """One month: cases that ended in it, and how many of them without a late step."""

    finished: int = 0
    on_time: int = 0

    @property
    def share(self) -> Decimal | None:
        """On time in percent; None where nothing ended."""
        return percent(self.on_time, self.finished)


@dataclass(slots=True)
class ProcessSum(InSteps):
    """The finished cases of one process. `open`: cases that have not ended; `cancelled` ones count nowhere else."""

    key: str
    finished: int = 0
    late: int = 0
    steps: dict[str, StepSum] = field(default_factory=dict)
    months: dict[str, MonthSum] = field(default_factory=dict)
    open: int = 0
    cancelled: int = 0

    def add(self, case: CaseTimes, month: str) -> None:
        """One more finished case."""
        late = case.late
        self.finished += 1
        self.late += late
        known = self.months.get(month, MonthSum())
        self.months[month] = MonthSum(known.finished + 1, known.on_time + (not late))
        for step, times in case.steps.items():
            self.steps.setdefault(step, StepSum()).add(times)

    @property
    def on_time(self) -> int:
        """Finished cases of which no step was late."""
        return self.finished - self.late

    @property
    def share_on_time(self) -> Decimal | None:
        """On time in percent of the finished ones; None of too few."""
        return percent(self.on_time, self.finished) if self.enough else None

    @property
    def enough(self) -> bool:
        """Whether there are enough cases for means."""
        return self.finished >= FEWEST

    @property
    def mean_waiting(self) -> Decimal | None:
        """Hours one case waited; None of too few."""
        return in_hours(self.waiting, self.finished) if self.enough else None

    @property
    def mean_in_hands(self) -> Decimal | None:
        """Hours one case lay in people's hands, waiting and worked on; None of too few."""
        return in_hours(self.waiting + self.working, self.finished) if self.enough else None

    @property
    def share_waiting(self) -> Decimal | None:
        """How much of the time in people's hands was waiting, in percent; None of too few cases."""
        return percent(self.waiting, self.waiting + self.working) if self.enough else None

    @property
    def slowest(self) -> tuple[str, Decimal] | None:
        """The step where a case waits longest, and how many hours; None where no step has enough cases."""
        means = [(step, one.mean_waiting) for step, one in self.steps.items()]
        known = [(step, mean) for step, mean in means if mean]
        return max(known, key=lambda pair: pair[1], default=None)


def summed(cases: Iterable[CaseTimes], keys: Iterable[str], calendar: Calendar) -> Mapping[str, ProcessSum]:
    """The cases added up by process; every process of `keys` has its sum, also where nothing ended."""
    sums = {key: ProcessSum(key) for key in keys}
    for case in cases:
        sums[case.process].add(case, f"{case.ended_at.astimezone(calendar.zone):%Y-%m}")
    return sums
