"""`workflows simulate` and `workflows demo`: the sample company at work on a rehearsed clock.

The one place that knows both the rehearsal (people) and the schedule (the clock that rings), and hands one to the other.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Never, TypeAlias

import structlog
from sqlalchemy import event, func, select
from tqdm import tqdm

from workflows import migrations
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database
from workflows.definition.periods import containing
from workflows.engine.engine import Engine
from workflows.engine.tables import Case
from workflows.operation.figures_desk import UPLOADED_ON, UPLOADERS, FiguresDesk
from workflows.operation.publishing import choose, publish
from workflows.operation.staff_desk import StaffDesk
from workflows.org.calendar import Calendar
from workflows.org.importing.applying import import_organisation
from workflows.rehearsal.accounts import open_accounts
from workflows.rehearsal.expected import expected_cases
from workflows.rehearsal.figures import load_figures
from workflows.rehearsal.population import Files, grown
from workflows.rehearsal.result import RehearsalResult, collect
from workflows.rehearsal.run import Clock, Rehearsal
from workflows.rehearsal.sample import load_habits
from workflows.rehearsal.turnover import Change, absences, changes
from workflows.schedule.drive import Drive
from workflows.settings import Settings, project_folder

_Bar: TypeAlias = "tqdm[Never]"

DEMO_BEGINS_ON = 17
"""The day of its month on which the sample company of a demo opens."""
MAILS = timedelta(days=5)
"""So long before most work begins to wait, a demo begins to make mails."""
DEMO_UNDONE = 2
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
    """A rehearsal that is over, its database still there to look at. `done`: actions by (process, action); `people`: how many there
    were on the first day; `changes`: who left and joined; `refused`: forms that were filled in wrongly at first."""

    database: Database
    engine: Engine
    result: RehearsalResult
    done: Mapping[tuple[str, str], int]
    seed: int = 1
    people: int = 0
    changes: tuple[Change, ...] = ()
    refused: int = 0


@contextmanager
def rehearse(
    settings: Settings,
    company: Company,
    first: date,
    last: date,
    seed: int,
    people: int | None = None,
    database: Database | None = None,
) -> Iterator[Rehearsed]:
    """Rehearse `first` to `last` (both included) in a database of its own, which is gone afterwards (or in the empty one given).
    Shows a bar.

    `people` None: the sample company as it is, in memory. A number: a company of that size, whose people fall ill, leave and join;
    its database lies in a file that is not forced to the disk, for nobody needs it after a power cut, and nobody is sent mails.
    """
    with nullcontext(database) if database is not None else _store(people is not None) as store:
        appraisal = Appraisal(settings)
        cast = _Cast.of(company, people, seed, first, last, appraisal)
        appraisal.engine.company.silent = people is not None
        _found(store, appraisal, company, first, cast.files)
        engine = appraisal.engine
        with store.read() as session:
            calendar, beginners = engine.calendar(session), len(engine.organisation(session).active)
        with _bar(first, last) as bar, _seldom_swept():
            rehearsal = _rehearsal(store, appraisal, company, seed, bar, first, cast=cast)
            rehearsal.run(first, calendar.start_of(last + timedelta(days=1)))
        with store.read() as session:
            expected = expected_cases(engine.processes(session), engine.organisation(session), calendar, first, last)
            result = collect(session, expected, calendar.start_of(last + timedelta(days=1)))
            result = replace(result, unfilled=dict(rehearsal.department.unfilled))
        yield Rehearsed(store, engine, result, rehearsal.department.done, seed, beginners, cast.changes,
                        rehearsal.department.refused)  # fmt: skip


@contextmanager
def _store(large: bool) -> Iterator[Database]:
    """A database for one rehearsal: in memory, or where that might not be enough in a file without forced writes."""
    if not large:
        database = Database("sqlite://")
        try:
            migrations.upgrade(database)
            yield database
        finally:
            database.dispose()
        return
    with TemporaryDirectory(prefix="workflows-rehearsal-") as folder:
        database = Database(f"sqlite:///{folder}/rehearsal.db")
        event.listen(database.engine, "connect", _thrown_away)
        try:
            migrations.upgrade(database)
            yield database
        finally:
            database.dispose()


@contextmanager
def _seldom_swept() -> Iterator[None]:
    """Python looks for circles among its objects less often: what a rehearsal drops has none, and looking takes a tenth of its time."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _unforced(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _thrown_away(connection: Any, record: Any) -> None:
    """Of a file that nobody keeps: what could take a change back is kept in memory too."""
    _unforced(connection, record)
    connection.execute("PRAGMA journal_mode=MEMORY")


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who takes part: the files of the company on its first day, who comes and goes afterwards, and how large it is."""

    files: Files
    changes: tuple[Change, ...] = ()
    size: int = 0
    times: float = 1.0

    @classmethod
    def of(
        cls, company: Company, people: int | None, seed: int, first: date, last: date, appraisal: Appraisal
    ) -> _Cast:
        """The sample as it is, or grown to so many people."""
        files = [(path.name, path.read_bytes()) for path in sorted(company.people.iterdir())]
        if people is None:
            return cls(files)
        sample, calendar = load_figures(company.figures), Calendar.from_settings(appraisal.engine.company.settings)
        population = grown(company.people, people, seed)
        of_sample = len(population.sample_logins())
        staying = {*sample.appeals, *sample.weak, *sample.steady, *sample.unscored, *UPLOADERS}
        given = dict([*population.files(), *absences(population, calendar, first, last, seed)])
        moved = changes(population, calendar, first, last, seed, staying)
        return cls(list(given.items()), tuple(moved), people, people / of_sample)


def prepare(settings: Settings, company: Company, now: datetime, seed: int = 7) -> bool:
    """Fill the settings' database with the sample company and its last weeks until `now`; False when it has cases already.

    SQLite is not forced to the disk meanwhile: whoever is stopped in the middle begins anew.
    """
    database = Database(settings.database_url)
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _unforced)
    try:
        migrations.upgrade(database)
        with database.read() as session:
            if session.scalar(select(func.count()).select_from(Case)):
                return False
        first = _demo_begins(now)
        appraisal = Appraisal(settings)
        _found(database, appraisal, company, first, _Cast.of(company, None, seed, first, first, appraisal).files)
        with database.read() as session:
            calendar = appraisal.engine.calendar(session)
            lying = calendar.start_of(calendar.add_workdays(calendar.day_of(now), -DEMO_UNDONE))
        with _bar(first, now.date()) as bar, _seldom_swept():
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


def _found(database: Database, appraisal: Appraisal, company: Company, first: date, files: Files) -> None:
    """The company on the morning of its first day: people, accounts, definitions, scorecards."""
    chosen = choose([company.definitions])
    with database.write() as session:
        morning = appraisal.engine.calendar(session).start_of(first)
        import_organisation(session, files, first, morning)
        open_accounts(session, morning)
        publish(session, appraisal, chosen, morning)


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
    cast: _Cast | None = None,
) -> Rehearsal:
    """`mails`: settings of a demo, which keeps its mails; None: no mails are made. `lying`: when most work begins to wait;
    `unfinished`: the month that is still being scored at the end."""

    def day_begins(day: date) -> None:
        bar.set_postfix_str(day.isoformat(), refresh=False)
        bar.update()

    engine, sample = appraisal.engine, load_figures(company.figures)
    with database.read() as session:
        calendar = engine.calendar(session)
    demo, large = mails is not None, cast is not None and cast.size > 0
    silent = Drive(database, engine, counts=_counting(calendar, demo=demo, large=large))
    clock: Clock = silent
    if mails is not None and lying is not None:
        clock = _MailsLater(silent, Drive(database, engine, mails), lying - MAILS)
    with database.read() as session:
        cards = {version.key: version.card for version in appraisal.store.newest(session)}
        organisation = engine.organisation(session)
    return Rehearsal(
        database, engine, load_habits(company.habits, cast.times if cast is not None else 1), clock, seed, lying, day_begins,
        errands=(
            FiguresDesk(database, appraisal, sample, seed, str(containing(first, "month")), unfinished),
            StaffDesk(database, engine, cast.changes if cast is not None else ()),
        ), cards=cards,
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


def _counting(calendar: Calendar, *, demo: bool, large: bool) -> Callable[[date], bool]:
    """On which days figures are counted. In a large company on the days on which others are uploaded, when scorecards ask for them: every
    day would be a third of its rehearsal. In a demo on Mondays too, for whoever looks at the present month."""

    def counts(day: date) -> bool:
        asked = day in {calendar.workday(number, day) for number in UPLOADED_ON}
        return asked or (demo and day.weekday() == 0) or not (demo or large)

    return counts


@contextmanager
def _bar(first: date, last: date) -> Iterator[_Bar]:
    # What the clock reports of each round would tear the bar apart; warnings still come through.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tqdm(total=(last - first).days + 1, unit="d", mininterval=0.5) as bar:
        yield bar
