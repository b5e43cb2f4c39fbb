"""Fifty people at one approval: one wins, the others are told who it was; nothing is done twice."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from engine.office import Office
from workflows.db import new_id
from workflows.engine.requests import Submission
from workflows.engine.tables import Event, Task
from workflows.errors import Conflict, WorkflowsError

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}
THREADS = 50


def race(office: Office, submissions: list[Submission]) -> Counter[str]:
    start = threading.Barrier(len(submissions))

    def go(submission: Submission) -> str:
        start.wait()
        try:
            with office.database.write() as session:
                outcome = office.engine.fire(session, submission, office.now)
        except Conflict as conflict:
            return f"conflict with {conflict.who}"
        except WorkflowsError as error:
            return error.code
        return "replayed" if outcome.replayed else "done"

    with ThreadPoolExecutor(len(submissions)) as pool:
        return Counter(pool.map(go, submissions))


def test_one_of_fifty_wins_and_the_others_hear_who(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    task = office.task(case)
    people = [office.people["wang"], office.people["zhang"]]
    tries = [Submission(new_id(), people[n % 2], "submit", task=task, values=PAGE) for n in range(THREADS)]
    found = race(office, tries)
    assert found.pop("done") == 1
    (loser,) = found
    assert loser in {"conflict with 王梓涵", "conflict with 张雨薇"}
    assert found[loser] == THREADS - 1
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.case_id == case)) == 2
        assert session.scalar(select(func.count()).select_from(Task).where(Task.case_id == case)) == 2


def test_one_form_handed_in_fifty_times_has_one_effect(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    one = Submission(new_id(), office.people["wang"], "submit", task=office.task(case), values=PAGE)
    assert race(office, [one] * THREADS) == {"done": 1, "replayed": THREADS - 1}
    assert len(office.events(case)) == 2
