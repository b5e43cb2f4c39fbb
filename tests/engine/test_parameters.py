"""Parameters that the company sets otherwise: in every guard, formula and check at once, with a history, without one more statement."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from engine.office import Office, counted
from workflows.db import Database
from workflows.definition.load import load_text
from workflows.engine.parameters import CompanyParameter
from workflows.engine.tables import ParameterValue
from workflows.errors import InvalidInput, NotAllowed, NotFound

SPEND = """
process: spend
title: {zh: 花费, en: Spending}
family: planning
source: ours
name: "{what}"
start: {by: everyone, form: [what, amount]}
parameters:
  limit:   {type: money, value: 1000, zh: 限额, en: Limit}
  percent: {type: percent, value: 10, zh: 预留比例, en: Reserve}
  strict:  {type: boolean, value: false, zh: 从严, en: Strict}
fields:
  what:    {type: text, required: true, zh: 用途, en: What}
  amount:  {type: money, required: true, zh: 金额, en: Amount}
  reserve: {type: money, formula: amount * percent / 100, zh: 预留, en: Reserve}
states:
  deciding:
    title: {zh: 审批, en: Approval}
    checks: [{that: amount <= limit, zh: 不超过限额, en: Within the limit, else: block}]
    task: {for: {position: operations_manager}, show: [amount]}
    actions:
      approve: [{to: strictly, when: strict}, {to: done, else: true}]
      send_back: start
  strictly: {title: {zh: 复核, en: Again}, task: {for: starter}, actions: {approve: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.fixture
def spending(database: Database) -> Office:
    return Office(database).found(SPEND)


def put(office: Office, name: str, raw: str | None, by: str = "admin", process: str = "spend") -> bool:
    with office.database.write() as session:
        return office.engine.set_parameter(session, process, name, raw, office.people[by], office.now)


def known(office: Office, name: str) -> CompanyParameter:
    with office.database.read() as session:
        return next(p for p in office.engine.parameters(session, "spend") if p.parameter.name == name)


def decide(office: Office, case: object) -> None:
    office.act("manager", office.task(case), "approve")  # type: ignore[arg-type]


def test_a_value_of_the_company_holds_in_checks_guards_and_formulas_of_running_cases(spending: Office) -> None:
    case = spending.start("wang", "spend", what="灯", amount="2000").case
    assert spending.case(case).data["reserve"] == "200"
    with pytest.raises(InvalidInput):
        decide(spending, case)
    assert put(spending, "limit", "2000")
    put(spending, "strict", "true")
    put(spending, "percent", "25")
    decide(spending, case)
    assert spending.case(case).state == "strictly"
    assert spending.case(case).data["reserve"] == "500"
    spending.start("wang", "spend", what="椅", amount="100.00")
    assert spending.cases("spend")[1].data["reserve"] == "25"


def test_checks_on_the_page_say_the_value_of_the_company(spending: Office) -> None:
    case = spending.start("wang", "spend", what="灯", amount="2000").case
    put(spending, "limit", "2500.50")
    with spending.database.read() as session:
        page = spending.engine.case_page(session, spending.people["manager"], case, spending.now)
    assert [(check.passed, float(check.limit)) for check in page.checks] == [(True, 2500.5)]


def test_the_history_grows_and_the_newest_value_holds(spending: Office) -> None:
    assert (known(spending, "limit").value, known(spending, "limit").own, known(spending, "limit").history) == (
        "1000",
        False,
        (),
    )
    put(spending, "limit", "1500")
    spending.later(days=1)
    assert put(spending, "limit", " 900 ")
    assert not put(spending, "limit", "900")
    assert known(spending, "limit").value == "900"
    assert put(spending, "limit", None)
    found = known(spending, "limit")
    assert (found.value, found.own) == ("1000", False)
    day = spending.now - timedelta(days=1)
    assert [(c.value, c.since, c.by_name) for c in found.history] == [
        (None, spending.now, "罗勇"), ("900", spending.now, "罗勇"), ("1500", day, "罗勇"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw"),
    [("limit", "viel"), ("limit", "1.234"), ("limit", ""), ("limit", "  "), ("strict", "ja"), ("limit", "9" * 300)],
)
def test_a_value_that_is_none_of_its_type_is_refused(spending: Office, name: str, raw: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(spending, name, raw)
    assert list(refused.value.fields) == [name]
    with spending.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ParameterValue)) == 0


def test_only_administrators_set_what_there_is(spending: Office) -> None:
    for login in ("director", "audit", "hr", "wang"):
        with pytest.raises(NotAllowed):
            put(spending, "limit", "1", by=login)
    with pytest.raises(NotFound):
        put(spending, "nonsense", "1")
    with pytest.raises(NotFound):
        put(spending, "limit", "1", process="nonsense")


def test_a_value_that_a_later_version_cannot_read_gives_way_to_its_own(spending: Office) -> None:
    put(spending, "strict", "true")
    text = SPEND.replace("{type: boolean, value: false", "{type: integer, value: 3").replace(
        "when: strict", "when: strict > 2"
    )
    with spending.database.write() as session:
        spending.engine.publish(session, load_text(text, "spend.yaml"), None, spending.now)
    found = known(spending, "strict")
    assert (found.value, found.own) == ("3", False)
    case = spending.start("wang", "spend", what="灯", amount="1").case
    decide(spending, case)
    assert spending.case(case).state == "strictly"


def test_another_process_of_ours_hears_of_it_and_a_step_takes_no_statement_more(spending: Office) -> None:
    other = Office(spending.database)
    other.people = spending.people
    counts = []
    for number in range(3):
        case = other.start("wang", "spend", what=f"灯{number}", amount="1200").case
        if number == 1:
            with pytest.raises(InvalidInput):
                decide(other, case)
            put(spending, "limit", "1200")
            decide(other, other.start("wang", "spend", what="读进来", amount="1200").case)
        if number:
            with counted(spending.database) as sent:
                other.start("wang", "spend", what="数", amount="1200")
            counts.append(len(sent))
    assert counts[0] == counts[1]
    with counted(spending.database) as sent:
        decide(other, case)
    assert not [one for one in sent if "parameter_value" in one]


@pytest.mark.parametrize("statement", ["UPDATE parameter_value SET value = '9'", "DELETE FROM parameter_value"])
def test_the_database_itself_refuses_to_change_what_was_set(spending: Office, statement: str) -> None:
    put(spending, "limit", "5000")
    with pytest.raises(DatabaseError, match="only ever added to"), spending.database.write() as session:
        session.execute(text(statement))
    assert known(spending, "limit").value == "5000"


TRIAL = """
process: trial
title: {zh: 测款, en: Trial}
source: ours
name: "{what}"
start: {by: everyone, form: [what, paid_at]}
parameters:
  lasts:  {type: duration, value: 7d, zh: 测款期, en: Lasts}
  judged: {type: duration, value: 2wd, zh: 评估期限, en: Judged within}
fields:
  what:    {type: text, required: true, zh: 商品, en: What}
  paid_at: {type: datetime, required: true, zh: 付款时间, en: Paid at}
  send_by: {type: datetime, formula: paid_at + lasts, zh: 最晚发货, en: Send by}
states:
  testing: {title: {zh: 测款中, en: Testing}, after: {entered + lasts: judging}}
  judging: {title: {zh: 评估, en: Judging}, task: {for: starter, due: judged, remind: due - judged + 1h}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_duration_stands_in_moments_and_formulas(database: Database) -> None:
    office = Office(database).found(TRIAL)
    case = office.start("wang", "trial", what="灯", paid_at="2026-11-16 09:00").case
    assert office.case(case).data["send_by"] == "2026-11-23T01:00:00+00:00"
    (timer,) = office.timers(case)
    assert timer.due_at == office.now + timedelta(days=7)
    office.until(timer.due_at)
    office.tick()
    (task,) = office.tasks(case)
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2026-11-25T10:00:00+00:00"  # closing time of the second working day


def test_a_duration_set_otherwise_moves_what_is_open(database: Database) -> None:
    office = Office(database).found(TRIAL)
    case = office.start("wang", "trial", what="灯", paid_at="2026-11-16 09:00").case
    put(office, "lasts", "36h", process="trial")
    with office.database.write() as session:
        office.engine.recompute(session, office.now, None, 10)
    (timer,) = office.timers(case)
    assert timer.due_at == office.now + timedelta(hours=36)


@pytest.mark.parametrize(("name", "raw"), [("lasts", "5wd"), ("judged", "48h"), ("lasts", "soon"), ("lasts", "0d")])
def test_what_is_no_such_duration_is_refused(database: Database, name: str, raw: str) -> None:
    office = Office(database).found(TRIAL)
    with pytest.raises(InvalidInput):
        put(office, name, raw, process="trial")


FAULT = """
process: fault
title: {zh: 故障, en: Fault}
source: ours
name: "{what}"
start: {by: everyone, form: [what, severity]}
parameters:
  within: {type: duration, by: severity, values: {critical: 4h, minor: 2wd}, zh: 时限, en: Time limit}
fields:
  what:     {type: text, required: true, zh: 什么, en: What}
  severity: {type: choice, required: true, zh: 级别, en: Severity,
             choices: {critical: {zh: 紧急, en: Critical}, minor: {zh: 轻微, en: Minor}}}
states:
  fixing:
    title: {zh: 修复, en: Fix}
    task: {for: starter, edit: [severity], due: within, escalate: {when: due + within, to: {manager_of: holder}}}
    actions:
      regrade: {stay: true, title: {zh: 改级别, en: Grade anew}, form: [severity]}
      submit: done
  done: {title: {zh: 完成, en: Done}, end: completed}
"""
FOUR_HOURS, TWO_DAYS = "2026-11-16T05:00:00+00:00", "2026-11-18T10:00:00+00:00"


def due(office: Office, case: uuid.UUID) -> str:
    (task,) = office.tasks(case)
    assert task.due_at is not None
    return task.due_at.isoformat()


def test_a_choice_decides_how_long_something_may_take(database: Database) -> None:
    office = Office(database).found(FAULT)
    case = office.start("wang", "fault", what="打不开", severity="critical").case
    other = office.start("wang", "fault", what="图标歪了", severity="minor").case
    assert (due(office, case), due(office, other)) == (FOUR_HOURS, TWO_DAYS)
    (timer,) = office.timers(case)
    assert timer.due_at == office.now + timedelta(hours=8)
    office.act("wang", office.task(case), "regrade", {"severity": "minor"})
    assert due(office, case) == TWO_DAYS


def test_the_company_sets_the_time_of_one_choice(database: Database) -> None:
    office = Office(database).found(FAULT)
    case = office.start("wang", "fault", what="打不开", severity="critical").case
    other = office.start("wang", "fault", what="图标歪了", severity="minor").case
    with office.database.read() as session:
        titles = {one.parameter.name: one.parameter.title.zh for one in office.engine.parameters(session, "fault")}
    assert titles == {"within.critical": "时限：紧急", "within.minor": "时限：轻微"}
    assert put(office, "within.critical", "6h", process="fault")
    with office.database.write() as session:
        office.engine.recompute(session, office.now, None, 10)
    assert (due(office, case), due(office, other)) == ("2026-11-16T07:00:00+00:00", TWO_DAYS)
