"""Timers: they move with their dates, ring once, act at once where they are past, and never for a state that was left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from engine.office import MONDAY, Office
from workflows.db import new_id
from workflows.engine.requests import Cancellation
from workflows.errors import InvalidInput, NotAllowed, WrongState
from workflows.org.tables import CalendarDay
from workflows.org.versions import bump

FORM = {"shop": "森林小铺", "style": "原木"}
SOON = {"theme": "冬季", "goes_live_on": "2026-12-10", "ends_on": "2026-12-20"}


def waiting(office: Office, **dates: str) -> object:
    case = office.start("supervisor", "promotion", **{**SOON, **dates}).case
    office.act("wang", office.task(case, "design"), "ready", {"page_design": "红"})
    office.act("sun", office.task(case, "copy"), "ready", {"copy": "暖"})
    office.act("manager", office.task(case), "approve", {"budget": "1"})
    return case


def test_reminders_and_escalations_come_when_they_are_due_and_once(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    (task,) = office.tasks(case)
    assert task.due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # ten working days later, at closing time
    before = len(office.told(case))
    office.until(datetime(2026, 11, 26, 1, 0, tzinfo=UTC))
    assert office.tick() == 1
    assert office.told(case)[before:] == [("reminder", "wang"), ("reminder", "zhang")]
    assert len(office.events(case)) == 1  # a reminder is no event
    office.until(datetime(2026, 12, 1, 10, 0, tzinfo=UTC))
    assert office.tick() == 2
    assert ("escalation", "supervisor") in office.told(case)
    event, said = office.events(case)[-1]
    assert (event.kind, said["to"]) == ("escalated", [office.people["supervisor"].hex])
    assert office.tick() == 0
    # Who was told may act; the group keeps the task.
    office.act("supervisor", task.id, "submit", {"home_page": "https://x.example/"})
    assert office.events(case)[-1][1]["why"] == "escalated"


def test_timers_of_a_state_that_was_left_do_not_ring(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", {"home_page": "https://x.example/"})
    assert office.timers(case) == []
    assert len(office.timers(case, "cancelled")) == 3
    office.until(datetime(2027, 3, 1, tzinfo=UTC))
    assert office.tick() == 0


def test_a_date_moves_and_its_timers_and_due_times_move_with_it(office: Office) -> None:
    case = office.start("supervisor", "promotion", **SOON).case
    due = {task.part: task.due_at for task in office.tasks(case)}
    assert due["design"] == datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
    office.anytime("supervisor", case, "postpone", {"goes_live_on": "2026-12-11", "ends_on": "2026-12-20"})
    assert {task.due_at for task in office.tasks(case)} == {datetime(2026, 12, 4, 10, 0, tzinfo=UTC)}
    (alert,) = office.timers(case)
    assert alert.due_at == datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    assert set(office.events(case)[-1][1]) == {"changes", "due"}


def test_a_state_is_left_when_its_moment_comes_and_what_is_past_acts_at_once(office: Office) -> None:
    case = waiting(office)
    office.until(datetime(2026, 12, 9, 15, 59, tzinfo=UTC))
    assert office.tick() == 0
    office.until(datetime(2026, 12, 9, 16, 0, tzinfo=UTC))  # midnight in Shanghai
    assert office.tick() == 1
    row = office.case(case)  # type: ignore[arg-type]
    assert (row.state, office.events(case)[-1][0].late) == ("live", False)  # type: ignore[arg-type]
    office.until(MONDAY)
    past = waiting(office, goes_live_on="2026-11-01")
    events = office.events(past)  # type: ignore[arg-type]
    assert office.case(past).state == "live"  # type: ignore[arg-type]
    assert [(event.kind, event.late, event.actor_id) for event, _ in events[-1:]] == [("timer", True, None)]
    office.anytime(
        "supervisor", (other := waiting(office)), "postpone", {"goes_live_on": "2026-11-02", "ends_on": "2026-12-20"}
    )  # type: ignore[arg-type]
    assert office.case(other).state == "live"  # type: ignore[arg-type]


def test_an_alert_speaks_unless_the_state_was_reached(office: Office) -> None:
    case = office.start("supervisor", "promotion", **SOON).case
    fine = waiting(office)
    office.until(datetime(2026, 12, 9, 17, 0, tzinfo=UTC))
    office.tick()
    assert [told for told in office.told(case) if told[0] == "alert"] == [("alert", "supervisor"), ("alert", "manager")]
    assert not [told for told in office.told(fine) if told[0] == "alert"]  # type: ignore[arg-type]


def test_rows_are_added_while_the_task_runs_on(office: Office) -> None:
    case = waiting(office, goes_live_on="2026-11-01")
    task = office.task(case)  # type: ignore[arg-type]
    office.act("wang", task, "adjust", {"what": "加投"})
    office.act("zhang", task, "adjust", {"what": "换图"})
    with pytest.raises(InvalidInput):
        office.act("zhang", task, "adjust", {"what": ""})
    assert office.case(case).data["adjustments"] == [{"what": "加投"}, {"what": "换图"}]  # type: ignore[arg-type]
    assert office.task(case) == task  # type: ignore[arg-type]


def test_anytime_actions_ask_who_where_and_why(office: Office) -> None:
    case = office.start("supervisor", "promotion", **SOON).case
    with pytest.raises(WrongState):
        office.anytime("supervisor", case, "stop_early", reason="缺货")
    with pytest.raises(NotAllowed):
        office.anytime("manager", case, "postpone", {"goes_live_on": "2026-12-11", "ends_on": "2026-12-20"})
    live = waiting(office, goes_live_on="2026-11-01")
    with pytest.raises(InvalidInput):
        office.anytime("supervisor", live, "stop_early")  # type: ignore[arg-type]
    office.anytime("supervisor", live, "stop_early", reason="缺货")  # type: ignore[arg-type]
    assert office.case(live).state == "reviewing"  # type: ignore[arg-type]


def test_a_cancelled_case_is_over(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    order = Cancellation(new_id(), office.people["wang"], case, "重复")
    with office.database.write() as session, pytest.raises(NotAllowed):
        office.engine.cancel(session, order, office.now)
    with office.database.write() as session:
        office.engine.cancel(session, Cancellation(new_id(), office.people["supervisor"], case, "重复"), office.now)
    assert office.case(case).outcome == "cancelled"
    assert (office.tasks(case), office.timers(case)) == ([], [])
    office.until(datetime(2027, 3, 1, tzinfo=UTC))
    assert office.tick() == 0


def test_a_timer_rings_once_however_many_schedulers_ring_it(office: Office) -> None:
    case = waiting(office)
    (timer,) = [one.id for one in office.timers(case) if one.kind == "after"]  # type: ignore[arg-type]
    office.until(datetime(2026, 12, 9, 15, 59, tzinfo=UTC))
    with office.database.write() as session:
        assert not office.engine.ring(session, timer, office.now)  # found by a clock that runs ahead
    office.until(datetime(2026, 12, 9, 16, 0, tzinfo=UTC))

    def ring(_: int) -> bool:
        with office.database.write() as session:
            return office.engine.ring(session, timer, office.now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ring, range(16))) == 1
    assert [event.kind for event, _ in office.events(case)].count("timer") == 1  # type: ignore[arg-type]


def test_a_timer_that_fails_is_tried_later_and_at_last_somebody_looks(office: Office) -> None:
    case = waiting(office)
    (timer,) = [one.id for one in office.timers(case) if one.kind == "after"]  # type: ignore[arg-type]
    office.until(datetime(2026, 12, 9, 16, 0, tzinfo=UTC))
    for attempt in range(1, 9):
        with office.database.write() as session:
            over = office.engine.failed(session, "timer", timer, ValueError("broken"), office.now)
        assert over == (attempt == 8)
    assert [one.attempt for one in office.timers(case, "incident")] == [8]  # type: ignore[arg-type]
    with office.database.read() as session:
        (incident,) = office.engine.incidents(session).rows
    with office.database.write() as session:
        office.engine.solve_incident(session, incident.id, office.people["admin"], office.now)
    office.tick()
    assert office.case(case).state == "live"  # type: ignore[arg-type]


def test_a_new_holiday_moves_open_due_times_and_timers(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    before = {timer.rule: timer.due_at for timer in office.timers(case)}
    with office.database.write() as session:
        session.add(CalendarDay(day=date(2026, 11, 18), kind="holiday"))
        bump(session, "calendar")
    with office.database.write() as session:
        assert office.engine.recompute(session, office.now) is None
    assert office.tasks(case)[0].due_at == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    after = {timer.rule: timer.due_at for timer in office.timers(case)}
    assert after.keys() == before.keys()
    assert all(after[rule] > before[rule] for rule in before)
    event, said = office.events(case)[-1]
    assert (event.kind, said["why"], len(said["timers"])) == ("moved", "calendar", 3)
    with office.database.write() as session:
        office.engine.recompute(session, office.now)
    assert len(office.events(case)) == 2
