"""What a month's appraisal costs an employee, in companies of different sizes: `python -m benchmarks.appraisal_cycle 1000 10000`.

The cycle runs on the rehearsed clock over the program's own definitions and scorecards: opened, self-reviews, figures uploaded, scored,
reviewed, published by two, told, closed. Each step is the engine's own transaction. Prints one line a phase with milliseconds for each
employee and size, and what the largest costs in proportion to the smallest.
"""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from workflows import migrations
from workflows.appraisal.results.tables import Result
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database, new_id
from workflows.engine.requests import StartRequest, Submission
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.operation.figures_desk import FiguresDesk
from workflows.operation.publishing import choose, publish
from workflows.org.tables import Person, PersonPosition, Position, Unit
from workflows.org.versions import bump
from workflows.rehearsal.figures import load_figures
from workflows.schedule.drive import Drive
from workflows.settings import Settings, project_folder

PERIOD = "2026-10"
OPENED = datetime(2026, 10, 22, 1, 0, tzinfo=UTC)
TEAM = 20
"""People of one manager."""

SELF_REVIEW = {
    "work_done": "完成上架 12 款",
    "results": "及时率 96%",
    "problems": "断货两次",
    "improvements": "每周核对库存",
}
SCORING = {"talked_on": "2026-11-03", "talk": "面谈 30 分钟", "comment": "执行扎实", "judgement": {"lines": {}}}
FEEDBACK = {"fed_back_on": "2026-11-13", "feedback": "已当面告知", "suggestions": "多参与活动策划"}
DAYS = {
    "self review": (10, 28),
    "figures": (11, 2),
    "scoring": (11, 4),
    "review": (11, 5),
    "told": (11, 13),
    "closed": (11, 18),
}


@dataclass
class Company:
    """Generated people on one database."""

    database: Database
    appraisal: Appraisal
    employees: list[uuid.UUID] = field(default_factory=list)
    managers: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    staff: dict[str, uuid.UUID] = field(default_factory=dict)

    def each(self, what: str, people: list[Any], do: Callable[[Session, Any], object]) -> None:
        """Do something for everybody, each in a transaction of its own, with a bar."""
        for one in tqdm(people, desc=what, unit="p", mininterval=1, leave=False):
            with self.database.write() as session:
                do(session, one)

    def tasks(self, state: str) -> list[tuple[uuid.UUID, uuid.UUID]]:
        """Open tasks of a state of the appraisals with whom they are about."""
        with self.database.read() as session:
            chosen = select(Task.id, Case.subject_id).join(Case, Case.id == Task.case_id)
            rows = session.execute(
                chosen.where(Task.process == "monthly_appraisal", Task.state == state, Task.status == TaskStatus.OPEN)
            )
            return [(task, subject) for task, subject in rows if subject is not None]

    def fire(
        self, session: Session, actor: uuid.UUID, task: uuid.UUID, action: str, values: Mapping[str, Any], now: datetime
    ) -> None:
        """One action of one person."""
        self.appraisal.engine.fire(session, Submission(new_id(), actor, action, task=task, values=values), now)


def hired(size: int, url: str) -> Company:
    """A company of `size` employees in teams, with human resources and data people, its definitions published."""
    database, settings = Database(url), Settings.from_environment({"DATABASE_URL": url})
    migrations.upgrade(database)
    company = Company(database, Appraisal(settings))
    with database.write() as session:
        session.add_all([Unit(key=key, zh=key, en=key) for key in ("operations", "human_resources", "data_analysis")])
        for folder in ("company",):
            for line in (project_folder("sample") / folder / "positions.csv").read_text("utf-8-sig").splitlines()[1:]:
                key, zh, en = line.split(",")
                session.add(Position(key=key, zh=zh, en=en))
        session.flush()
        _staff(session, company)
        _employees(session, company, size)
        bump(session, "organisation")
    with database.write() as session:
        publish(session, company.appraisal, choose([project_folder("definitions")]), OPENED)
    return company


def _staff(session: Session, company: Company) -> None:
    for login, unit in (("director", "operations"), ("hr1", "human_resources"), ("hr2", "human_resources"), ("hezhipeng", "data_analysis"),
                        ("machen", "data_analysis")):  # fmt: skip
        company.staff[login] = _person(session, login, unit, company.staff.get("director"))
    session.flush()


def _employees(session: Session, company: Company, size: int) -> None:
    boss = company.staff["director"]
    for number in range(size):
        if number % TEAM == 0:
            boss = _person(session, f"m{number:06}", "operations", company.staff["director"])
            session.flush()
        person = _person(session, f"p{number:06}", "operations", boss)
        session.add(
            PersonPosition(
                person_id=person, position_key="operations_specialist", unit_key="operations", appraised=True
            )
        )
        company.employees.append(person)
        company.managers[person] = boss
    session.flush()


def _person(session: Session, login: str, unit: str, manager: uuid.UUID | None) -> uuid.UUID:
    one = new_id()
    session.add(
        Person(
            id=one,
            login=login,
            name=login,
            unit_key=unit,
            manager_id=manager,
            created_at=OPENED,
            joined_on=date(2020, 1, 1),
        )
    )
    return one


def measured(company: Company) -> dict[str, float]:
    """Run the month; seconds by phase."""
    found: dict[str, float] = {}
    clock = Drive(company.database, company.appraisal.engine)
    moment = {name: datetime(2026, month, day, 2, 0, tzinfo=UTC) for name, (month, day) in DAYS.items()}
    managers, hr = company.managers, company.staff["hr1"]

    def settle(now: datetime, *, through: bool = True) -> None:
        at: datetime | None = now
        clock.settle(now)
        while through and (at := clock.next_moment(at or now)) is not None and at <= now:
            clock.settle(at)

    with _timed(found, "opened"):
        with company.database.write() as session:
            company.appraisal.engine.start(
                session, StartRequest(new_id(), hr, "appraisal_cycle", {"period": PERIOD}), OPENED
            )
        settle(OPENED)
    with _timed(found, "self-reviewed"):
        company.each("self-review", company.tasks("self_review"), lambda session, one: company.fire(
            session, one[1], one[0], "submit", SELF_REVIEW, moment["self review"]))  # fmt: skip
        _run(clock, moment["self review"], moment["figures"])
    with _timed(found, "figures uploaded"):
        sample = load_figures(project_folder("sample") / "figures.yaml")
        desk = FiguresDesk(company.database, company.appraisal, sample, 1, PERIOD)
        desk.until(moment["figures"] + timedelta(hours=6))
        desk.until(moment["scoring"] + timedelta(hours=6))
    with _timed(found, "scored"):
        lacking = _judged(company)
        company.each("scoring", company.tasks("scoring"), lambda session, one: company.fire(
            session, managers[one[1]], one[0], "submit", lacking.get(one[1], SCORING), moment["scoring"] + timedelta(hours=7)))  # fmt: skip
    with _timed(found, "reviewed"):
        company.each("review", company.tasks("hr_review"), lambda session, one: company.fire(
            session, hr, one[0], "approve", {}, moment["review"]))  # fmt: skip
        settle(moment["review"])
    with _timed(found, "published"):
        _release(company, moment["review"])
        settle(moment["review"])
    with _timed(found, "told and closed"):
        _run(clock, moment["review"], moment["told"])
        company.each("feedback", company.tasks("feedback"), lambda session, one: company.fire(
            session, managers[one[1]], one[0], "submit", FEEDBACK, moment["told"]))  # fmt: skip
        _run(clock, moment["told"], moment["closed"])
    return found


def _judged(company: Company) -> dict[uuid.UUID, dict[str, Any]]:
    """What is waived: lines whose figures never came."""
    with company.database.read() as session:
        board = company.appraisal.cycle_board(session, company.staff["hr1"], PERIOD, datetime(2026, 11, 4, tzinfo=UTC))
        card = company.appraisal.store.newest(session)
    lines = next(one.card.indicators for one in card if one.key == "operations_specialist")
    titles = {line.title.zh: key for key, line in lines.items()}
    return {
        row.subject: {
            **SCORING,
            "judgement": {
                "lines": {titles[lack.line.zh]: {"waive": "true", "reason": "没有数据"} for lack in row.lacks}
            },
        }
        for row in board.lacking
    }


def _release(company: Company, now: datetime) -> None:
    """Two people of human resources publish."""
    for login in ("hr1", "hr2"):
        with company.database.write() as session:
            task = session.scalars(
                select(Task.id).where(Task.process == "appraisal_cycle", Task.status == TaskStatus.OPEN)
            ).one()
            company.fire(session, company.staff[login], task, "publish", {"summary": "得分分布正常"}, now)


def _run(clock: Drive, first: datetime, last: datetime) -> None:
    """Let the clock run; everything due on the way is done at its own time."""
    for _ in tqdm(clock.until(first, last), desc="clock", unit=" moments", mininterval=1, leave=False):
        continue


@contextmanager
def _timed(found: dict[str, float], phase: str) -> Iterator[None]:
    began = time.process_time()
    yield
    found[phase] = time.process_time() - began


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10000])
    parser.add_argument("--database", default="sqlite://")
    asked = parser.parse_args()
    table: dict[int, dict[str, float]] = {}
    for size in asked.sizes:
        company = hired(size, asked.database)
        phases = measured(company)
        with company.database.read() as session:
            results = session.scalar(select(func.count()).select_from(Result))
            open_cases = session.scalar(
                select(func.count())
                .select_from(Case)
                .where(Case.process.in_(["appraisal_cycle", "monthly_appraisal"]), Case.ended_at.is_(None))
            )
        if (results, open_cases) != (size, 0):
            raise RuntimeError(f"{results} results of {size}, {open_cases} cases still open")
        table[size] = {phase: seconds * 1000 / size for phase, seconds in phases.items()}
        table[size]["all"] = sum(table[size].values())
        company.database.dispose()
    _print(table)


def _print(table: Mapping[int, Mapping[str, float]]) -> None:
    sizes = list(table)
    print(f"{'CPU ms for each employee':<28}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}")  # noqa: T201
    for phase in table[sizes[0]]:
        row = [table[size][phase] for size in sizes]
        growth = row[-1] / row[0] if row[0] else 0.0
        print(f"{phase:<28}" + "".join(f"{value:>12.2f}" for value in row) + f"{growth:>10.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
