"""Families: children are born once, waited for, told, and bring something back; recurring starts happen once per period."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.office import Office, counted
from workflows.db import Database
from workflows.engine.tables import Case
from workflows.errors import Conflict, NotAllowed, NotFound, WrongState


def cycle(office: Office) -> Case:
    office.start("hr", "cycle", period="2026-11")
    office.tick()
    return office.cases("cycle")[0]


def score(office: Office, child: Case, by: str = "supervisor", value: str = "90") -> None:
    office.act(by, office.task(child.id), "scored", {"score": value})


def test_a_cycle_opens_one_appraisal_per_employee_and_waits_for_all(office: Office) -> None:
    parent = cycle(office)
    children = office.cases("appraisal")
    assert {child.subject_id for child in children} == {office.people[login] for login in ("wang", "zhang", "sun")}
    assert {child.parent_id for child in children} == {parent.id}
    assert children[0].title == "王梓涵 2026-11"
    for child in children[:2]:
        score(office, child)
        office.tick()
    assert office.case(parent.id).state == "collecting"
    score(office, children[2])
    office.tick()
    assert office.case(parent.id).state == "summarising"
    office.act("hr", office.task(parent.id), "publish", {"summary": "好"})
    office.tick()
    assert {office.case(child.id).state for child in children} == {"published"}
    assert office.signals("waiting") == 0


def published(office: Office) -> tuple[Case, list[Case]]:
    parent = cycle(office)
    children = office.cases("appraisal")
    for child in children:
        score(office, child)
    office.tick()
    office.act("hr", office.task(parent.id), "publish", {"summary": "好"})
    office.tick()
    return parent, children


def test_a_cycle_closes_when_every_complaint_is_settled_and_the_score_comes_back(office: Office) -> None:
    parent, children = published(office)
    mine = next(child for child in children if child.subject_id == office.people["wang"])
    office.later(days=1)
    office.anytime("wang", mine.id, "complain", reason="数据不对")
    office.tick()
    (complaint,) = office.cases("complaint")
    assert complaint.data["old_score"] == "90"
    office.until(datetime(2026, 11, 30, tzinfo=UTC))
    office.tick()
    assert office.case(parent.id).state == "published"  # its moment has passed, a grandchild still runs
    office.act("hr", office.task(complaint.id), "correct", {"new_score": "95.5"})
    office.tick()
    assert office.case(mine.id).data["score"] == "95.5"
    assert office.case(mine.id).state == "closed"
    assert office.case(parent.id).state == "closed"
    assert office.events(parent.id)[-1][0].late
    assert ("notice", "wang") in office.told(complaint.id)


def test_the_page_of_a_grandchild_takes_at_most_twelve_statements(office: Office) -> None:
    _, children = published(office)
    mine = next(child for child in children if child.subject_id == office.people["wang"])
    office.anytime("wang", mine.id, "complain", reason="数据不对")
    office.tick()
    (complaint,) = office.cases("complaint")
    for login in ("hr", "wang", "audit"):
        with office.database.read() as session:
            office.engine.case_page(session, office.people[login], complaint.id, office.now)
        with counted(office.database) as sent, office.database.read() as session:
            page = office.engine.case_page(session, office.people[login], complaint.id, office.now)
        assert len(sent) <= 12, sent
        assert (page.task is not None) == (login == "hr")
        assert page.parent is not None


def test_the_window_of_a_complaint_closes_and_it_is_made_once(office: Office) -> None:
    _, children = published(office)
    office.later(days=3, hours=10)
    with pytest.raises(WrongState):
        office.anytime(
            "wang", next(c.id for c in children if c.subject_id == office.people["wang"]), "complain", reason="x"
        )


def test_whoever_scored_does_not_investigate_and_a_field_shows_to_whom_it_names(office: Office) -> None:
    parent = cycle(office)
    child = next(c for c in office.cases("appraisal") if c.subject_id == office.people["wang"])
    score(office, child)
    with office.database.read() as session:
        own = office.engine.case_page(session, office.people["wang"], child.id, office.now)
        manager = office.engine.case_page(session, office.people["supervisor"], child.id, office.now)
        with pytest.raises(NotFound):
            office.engine.case_page(session, office.people["zhang"], child.id, office.now)
        with pytest.raises(NotFound):
            office.engine.case_page(session, office.people["admin"], child.id, office.now)
    assert own.parent is None  # the cycle is for human resources alone
    assert "score" not in [shown.field.name for shown in own.data]
    assert [field.name for field in own.hidden_fields] == ["score"]
    assert [event.hidden for event in own.events] == [1, 0]
    assert own.events[0].changes == ()
    assert "score" in [shown.field.name for shown in manager.data]
    for other in office.cases("appraisal"):
        if other.id != child.id:
            score(office, other)
    office.tick()
    office.act("hr", office.task(parent.id), "publish", {"summary": "好"})
    office.tick()
    with office.database.read() as session:
        after = office.engine.case_page(session, office.people["wang"], child.id, office.now)
    assert "score" in [shown.field.name for shown in after.data]


def test_one_case_per_key_whoever_starts_it(office: Office) -> None:
    office.start("hr", "cycle", period="2026-11")
    with pytest.raises(Conflict):
        office.start("gu", "cycle", period="2026-11")
    office.start("gu", "cycle", period="2026-12")
    assert len(office.cases("cycle")) == 2


def rounds(office: Office, batch: int = 200) -> int:
    """One round of the scheduler over recurring starts; how many batches."""
    with office.database.read() as session:
        due = office.engine.due_schedules(session, office.now)
    for one in due:
        with office.database.write() as session:
            office.engine.begin_run(session, one, office.now)
    done = 0
    with office.database.read() as session:
        runs = office.engine.unfinished_runs(session)
    for run in runs:
        finished = False
        while not finished:
            with office.database.write() as session:
                finished = office.engine.continue_run(session, run, office.now, batch).finished
            done += 1
    return done


def test_a_missed_period_is_caught_up_each_once(office: Office) -> None:
    office.later(days=85)  # the scheduler stood still from the middle of November to February
    rounds(office)
    periods = [case.data["period"] for case in office.cases("cycle")]
    assert periods == ["2026-11", "2026-12", "2027-01"]
    assert rounds(office) == 0
    assert len(office.cases("cycle")) == 3


MANY = """
process: report
title: {zh: 周报, en: Report}
family: data
source: A三(五)
name: "{writer} {week}"
key: [writer, week]
schedule: {every: week, day: mon, at: "09:00", each: everyone, set: {writer: each, week: last_week}}
fields:
  writer: {type: person, required: true, zh: 谁, en: Writer}
  week:   {type: week, required: true, zh: 周, en: Week}
  text:   {type: long_text, required: true, zh: 内容, en: Text}
states:
  writing:
    title: {zh: 填写, en: Write}
    task: {for: {field: writer}, edit: [text], due: 2wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_run_can_be_stopped_between_any_batches_and_goes_on(database: object) -> None:
    office = Office(database).found(MANY)
    office.later(days=7)
    with office.database.read() as session:
        (due,) = office.engine.due_schedules(session, office.now)
    with office.database.write() as session:
        run = office.engine.begin_run(session, due, office.now)
    with office.database.write() as session:
        assert office.engine.begin_run(session, due, office.now) is None
    assert run is not None
    with office.database.write() as session:
        progress = office.engine.continue_run(session, run, office.now, 3)
    assert (progress.done, progress.total, progress.finished) == (3, 10, False)
    with pytest.raises(ZeroDivisionError), office.database.write() as session:
        office.engine.continue_run(session, run, office.now, 3)
        raise ZeroDivisionError
    assert rounds(office, 3) == 3
    reports = office.cases("report")
    assert len({case.data["writer"] for case in reports}) == len(reports) == 10
    assert {case.data["week"] for case in reports} == {"2026-W47"}
    assert all(office.tasks(case.id)[0].holder_id is not None for case in reports)
    assert reports[0].started_at == office.now
    assert due.scheduled_for <= office.now < due.scheduled_for + timedelta(days=1)


def test_who_complains_in_a_second_tab_hears_that_they_have_already(office: Office) -> None:
    _, children = published(office)
    mine = next(child for child in children if child.subject_id == office.people["wang"])
    office.anytime("wang", mine.id, "complain", reason="数据不对")
    clock = office.now.astimezone(ZoneInfo("Asia/Shanghai"))
    with pytest.raises(WrongState) as again:
        office.anytime("wang", mine.id, "complain", reason="数据不对")
    assert again.value.zh == f"你 {clock:%H:%M} 已经“申诉”了，这只能做一次。"
    assert again.value.en == f"You have taken “Complain” already, at {clock:%H:%M}; it can be done once."
    with office.database.read() as session, pytest.raises(WrongState) as asked:
        office.engine.ask_anytime(session, office.people["wang"], mine.id, "complain", office.now)
    assert asked.value.zh == again.value.zh
    with office.database.read() as session, pytest.raises(NotAllowed):
        office.engine.ask_anytime(session, office.people["hr"], mine.id, "complain", office.now)
    with office.database.read() as session, pytest.raises(NotFound):
        office.engine.ask_anytime(session, office.people["zhang"], mine.id, "complain", office.now)
    other = next(child for child in children if child.subject_id == office.people["sun"])
    with office.database.read() as session:
        office.engine.ask_anytime(session, office.people["sun"], other.id, "complain", office.now)
    office.later(days=1)
    with pytest.raises(WrongState, match=f"at {clock:%Y-%m-%d %H:%M};"):
        office.anytime("wang", mine.id, "complain", reason="数据不对")


def test_after_the_window_its_last_moment_is_said_even_where_the_case_has_ended(office: Office) -> None:
    _, children = published(office)
    office.later(days=10)
    office.tick()
    assert office.case(children[0].id).state == "closed"
    login = next(login for login, person in office.people.items() if person == children[0].subject_id)
    with pytest.raises(WrongState, match="The time for “Complain” is over"):
        office.anytime(login, children[0].id, "complain", reason="晚了")


def test_an_action_of_another_step_is_refused_by_its_title(office: Office) -> None:
    parent = cycle(office)
    mine = next(child for child in office.cases("appraisal") if child.parent_id == parent.id)
    login = next(login for login, person in office.people.items() if person == mine.subject_id)
    with pytest.raises(WrongState) as refused:
        office.anytime(login, mine.id, "complain", reason="早了")
    assert refused.value.zh == "事项现在处于“评分”，不能执行“申诉”。"


INTERRUPTED = """
process: report
title: {zh: 报告, en: Report}
source: ours
name: "{what}"
start: {by: everyone, form: [what]}
fields:
  what: {type: text, required: true, zh: 事由, en: What}
  told: {type: text, zh: 反馈, en: Feedback}
states:
  feedback:
    title: {zh: 反馈, en: Feedback}
    task: {for: {manager_of: starter}, edit: [told]}
    actions: {submit: done}
    after: {entered + 20d: waiting}
  waiting:
    title: {zh: 等, en: Waiting}
    task: {for: starter}
    actions: {submit: done}
  asked:
    title: {zh: 申诉中, en: Asked}
    task: {for: {position: hr_lead}}
    actions: {submit: feedback}
  done: {title: {zh: 完成, en: Done}, end: completed}
anytime:
  ask: {title: {zh: 提出, en: Ask}, by: starter, in: [feedback], to: asked}
"""


def test_a_step_left_with_its_task_open_is_never_shown_as_done(database: Database) -> None:
    office = Office(database).found(INTERRUPTED)

    def line(case: uuid.UUID) -> list[tuple[str, str]]:
        with office.database.read() as session:
            page = office.engine.case_page(session, office.people["wang"], case, office.now)
        return [(step.state, step.status) for step in page.track]

    case = office.start("wang", "report", what="打分").case
    office.anytime("wang", case, "ask")
    assert line(case) == [("asked", "now"), ("feedback", "ahead"), ("done", "ahead")]
    office.act("hr", office.task(case), "submit")
    office.later(days=21)
    office.tick()
    assert line(case)[-3:] == [("feedback", "ahead"), ("waiting", "now"), ("done", "ahead")]
    office.act("wang", office.task(case), "submit")
    assert line(case) == [("feedback", "ahead"), ("waiting", "done"), ("done", "done")]


ROWS = """
process: round
title: {zh: 巡店, en: Round}
source: ours
name: "{day}"
start: {by: everyone, form: [day, shops]}
parameters: {most: {type: percent, value: 8, zh: 退款率上限, en: Most refunds}}
fields:
  day: {type: date, required: true, zh: 日期, en: Day}
  shops:
    {type: table, required: true, min: 1, zh: 店铺, en: Shops, columns: {shop: {type: text, required: true, zh: 店铺, en: Shop}, refunds: {type: percent, required: true, zh: 退款率, en: Refunds}}}
states:
  asking:
    title: {zh: 查异常, en: Asking}
    spawn: {process: look, each: shops, if: each.refunds > most, set: {shop: each.shop, share: each.refunds / 7}, wait: end, then: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
---
process: look
title: {zh: 查原因, en: Look}
source: ours
name: "{shop}"
start: {by: spawn}
fields:
  shop: {type: text, required: true, zh: 店铺, en: Shop}
  share: {type: percent, places: 2, zh: 占比, en: Share}
states:
  looking: {title: {zh: 查, en: Looking}, task: {for: {position: operations_manager}}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_spawn_asks_its_condition_of_each_row(database: Database) -> None:
    office = Office(database).found(ROWS)
    shops = [{"shop": "甲", "refunds": "9.5"}, {"shop": "乙", "refunds": "8"}, {"shop": "丙", "refunds": "30"}]
    case = office.start("wang", "round", day="2026-11-16", shops=shops).case
    office.tick()
    assert [child.title for child in office.cases("look")] == ["甲", "丙"]
    assert [child.data["share"] for child in office.cases("look")] == ["1.36", "4.29"]  # no more places than it takes
    quiet = office.start("wang", "round", day="2026-11-17", shops=shops[1:2]).case
    office.tick()
    assert office.case(quiet).outcome == "completed"
    assert office.case(case).state == "asking"
