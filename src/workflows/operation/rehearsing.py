"""`workflows simulate` and `workflows demo`: the sample company at work on a rehearsed clock.

The one place that knows both the rehearsal (people) and the schedule (the clock that rings), and hands one to the other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Never, TypeAlias

import structlog
from sqlalchemy import func, select
from tqdm import tqdm

from workflows import migrations
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database
from workflows.definition.periods import containing
from workflows.engine.engine import Engine
from workflows.engine.tables import Case
from workflows.operation.figures_desk import FiguresDesk
from workflows.operation.publishing import choose, publish
from workflows.org.importing.applying import import_organisation
from workflows.rehearsal.accounts import open_accounts
from workflows.rehearsal.expected import expected_cases
from workflows.rehearsal.figures import load_figures
from workflows.rehearsal.result import RehearsalResult, collect
from workflows.rehearsal.run import Clock, Rehearsal
from workflows.rehearsal.sample import load_habits
from workflows.schedule.drive import Drive
from workflows.settings import Settings, project_folder

_Bar: TypeAlias = "tqdm[Never]"

DEMO_BEGINS_ON = 17
"""The day of its month on which the sample company of a demo opens."""
MAILS = timedelta(days=10)
"""So long before most work begins to wait, a demo begins to make mails."""
DEMO_UNDONE = 3
"""Working days whose work mostly waits, so that whoever looks at a demo finds something to do."""


@dataclass(frozen=True, slots=True)
class Company:
    """What a rehearsal is made of: files of people, definitions (scorecards among them), habits and how figures are drawn."""

    people: Path
    definitions: Path
    habits: Path
    figures: Path

    @classmethod
    def sample(cls) -> Company:
        """The sample company that comes with the program."""
        sample = project_folder("sample")
        return cls(sample / "company", project_folder("definitions"), sample / "work", sample / "figures.yaml")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal that is over, its database still there to look at. `done`: actions by (process, action)."""

    database: Database
    engine: Engine
    result: RehearsalResult
    done: Mapping[tuple[str, str], int]


@contextmanager
def rehearse(settings: Settings, company: Company, first: date, last: date, seed: int) -> Iterator[Rehearsed]:
    """Rehearse `first` to `last` (both included) in a database in memory, which is gone afterwards. Shows a bar."""
    database = Database("sqlite://")
    try:
        appraisal = _found(database, settings, company, first)
        engine = appraisal.engine
        with database.read() as session:
            end = engine.calendar(session).start_of(last + timedelta(days=1))
        with _bar(first, last) as bar:
            rehearsal = _rehearsal(database, appraisal, company, seed, bar, first)
            rehearsal.run(first, end)
        with database.read() as session:
            expected = expected_cases(
                engine.processes(session), engine.organisation(session), engine.calendar(session), first, last
            )
            result = collect(session, expected)
        yield Rehearsed(database, engine, result, rehearsal.department.done)
    finally:
        database.dispose()


def prepare(settings: Settings, company: Company, now: datetime, seed: int = 7) -> bool:
    """Fill the settings' database with the sample company and its last weeks until `now`; False when it has cases already."""
    database = Database(settings.database_url)
    try:
        migrations.upgrade(database)
        with database.read() as session:
            if session.scalar(select(func.count()).select_from(Case)):
                return False
        first = _demo_begins(now)
        appraisal = _found(database, settings, company, first)
        with database.read() as session:
            calendar = appraisal.engine.calendar(session)
            lying = calendar.start_of(calendar.add_workdays(calendar.day_of(now), -DEMO_UNDONE))
        with _bar(first, now.date()) as bar:
            unfinished = str(containing(calendar.day_of(now), "month").previous)
            rehearsal = _rehearsal(database, appraisal, company, seed, bar, first, settings, lying, unfinished)
            rehearsal.run(first, now)
        return True
    finally:
        database.dispose()


def _demo_begins(now: datetime) -> date:
    """Early enough for a cycle that is over and one that is being scored: the month before last, just before its cycle opens."""
    month = containing(now.date(), "month").previous.previous
    return month.first_day.replace(day=DEMO_BEGINS_ON)


def _found(database: Database, settings: Settings, company: Company, first: date) -> Appraisal:
    """The company on the morning of its first day: people, accounts, definitions, scorecards."""
    if database.engine.url.database in {None, ""}:
        migrations.upgrade(database)
    appraisal = Appraisal(settings)
    files = [(path.name, path.read_bytes()) for path in sorted(company.people.iterdir())]
    chosen = choose([company.definitions])
    with database.write() as session:
        morning = appraisal.engine.calendar(session).start_of(first)
        import_organisation(session, files, first, morning)
        open_accounts(session, morning)
        publish(session, appraisal, chosen, morning)
    return appraisal


def _rehearsal(
    database: Database,
    appraisal: Appraisal,
    company: Company,
    seed: int,
    bar: _Bar,
    first: date,
    mails: Settings | None = None,
    lying: datetime | None = None,
    unfinished: str | None = None,
) -> Rehearsal:
    """`mails`: settings of a demo, which keeps its mails; None: no mails are made. `lying`: when most work begins to wait;
    `unfinished`: the month that is still being scored at the end."""

    def day_begins(day: date) -> None:
        bar.set_postfix_str(day.isoformat(), refresh=False)
        bar.update()

    engine, sample = appraisal.engine, load_figures(company.figures)
    silent = Drive(database, engine)
    clock: Clock = silent
    if mails is not None and lying is not None:
        clock = _MailsLater(silent, Drive(database, engine, mails), lying - MAILS)
    with database.read() as session:
        cards = {version.key: version.card for version in appraisal.store.newest(session)}
        organisation = engine.organisation(session)
    return Rehearsal(
        database, engine, load_habits(company.habits), clock, seed, lying, day_begins,
        errands=FiguresDesk(database, appraisal, sample, seed, str(containing(first, "month")), unfinished), cards=cards,
        persistent=frozenset(organisation.by_login(login).id for login in sample.appeals),
        unscored=frozenset((organisation.by_login(login).id, unfinished) for login in sample.unscored if unfinished is not None),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _MailsLater:
    """A clock that makes mails from `since` on only: a demo shows the last weeks' mails, and writing them takes most of the time."""

    silent: Drive
    mailing: Drive
    since: datetime

    def settle(self, now: datetime) -> None:
        """Do what is due; what was to be told before `since` and is still true is gathered in the first mails."""
        (self.mailing if now >= self.since else self.silent).settle(now)

    def next_moment(self, after: datetime) -> datetime | None:
        """When something is due next."""
        return (self.mailing if after >= self.since else self.silent).next_moment(after)


@contextmanager
def _bar(first: date, last: date) -> Iterator[_Bar]:
    # What the clock reports of each round would tear the bar apart; warnings still come through.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tqdm(total=(last - first).days + 1, unit="d", mininterval=0.5) as bar:
        yield bar
