"""Urging: whoever has it is told, once a day, and nobody urges about what they may not see."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from engine.office import Office, counted
from workflows.engine.tables import Message
from workflows.engine.urging import Urged, urge, urged_today
from workflows.org.tables import Absence
from workflows.org.versions import bump

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}


def press(office: Office, actor: str, *tasks: uuid.UUID) -> Urged:
    with office.database.write() as session:
        return urge(session, office.engine.scene(session, office.now), office.people[actor], tasks)


def urges(office: Office) -> list[tuple[uuid.UUID, uuid.UUID | None, str]]:
    with office.database.read() as session:
        rows = session.execute(select(Message).where(Message.kind == "urge").order_by(Message.id)).scalars()
        return [(row.person_id, row.task_id, row.facts["actor"]) for row in rows]


def in_review(office: Office) -> tuple[uuid.UUID, uuid.UUID]:
    """A case whose supervisor is to approve it, and the task."""
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    return case, office.task(case)


def test_the_holder_is_told_who_asks(office: Office) -> None:
    _, task = in_review(office)
    done = press(office, "wang", task)
    assert done == Urged((office.people["supervisor"],), ())
    assert urges(office) == [(office.people["supervisor"], task, office.people["wang"].hex)]


def test_once_a_day_whoever_asks_and_again_on_the_next(office: Office) -> None:
    _, task = in_review(office)
    press(office, "wang", task)
    assert press(office, "manager", task) == Urged((), (office.people["supervisor"],))
    with office.database.read() as session:
        scene = office.engine.scene(session, office.now)
        assert urged_today(session, scene, [task]) == {task: frozenset({office.people["supervisor"]})}
    office.later(days=1)
    with office.database.read() as session:
        assert urged_today(session, office.engine.scene(session, office.now), [task]) == {}
    assert press(office, "wang", task).told == (office.people["supervisor"],)
    assert len(urges(office)) == 2


def test_a_group_hears_all_together_but_not_the_one_who_asks(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    told = press(office, "wang", office.task(case)).told
    assert told == (office.people["zhang"],)


def test_a_deputy_hears_as_well(office: Office) -> None:
    _, task = in_review(office)
    with office.database.write() as session:
        first, last = date(2026, 11, 16), date(2026, 11, 20)
        pair = (office.people["supervisor"], office.people["manager"])
        session.add(
            Absence(
                person_id=pair[0], deputy_id=pair[1], first_day=first, last_day=last, scope=[], created_at=office.now
            )
        )
        bump(session, "organisation")
    assert set(press(office, "wang", task).told) == set(pair)


def test_nobody_urges_about_what_they_may_not_see_or_what_is_done(office: Office) -> None:
    case, task = in_review(office)
    assert press(office, "gu", task) == Urged((), ())
    office.act("supervisor", task, "approve")
    assert press(office, "wang", task) == Urged((), ())
    assert urges(office) == []
    assert case


def test_as_few_statements_for_many_as_for_one(office: Office) -> None:
    tasks = [in_review(office)[1] for _ in range(5)]
    press(office, "gu", tasks[0])  # what is kept in memory is read
    with counted(office.database) as few:
        press(office, "wang", tasks[0])
    with counted(office.database) as many:
        press(office, "wang", *tasks[1:])
    assert len(many) <= len(few) + 1
    assert len(urges(office)) == 5
