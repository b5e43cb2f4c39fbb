"""Similar cases with how they ended: equal in the fields that the state names, as far as the reader may see, three at most."""

from __future__ import annotations

import pytest

from engine.office import Office, counted
from workflows.db import Database, new_id
from workflows.engine.requests import Cancellation
from workflows.engine.views import similar
from workflows.engine.views.pages import CasePage

REQUEST = """
process: ask_for
title: {zh: 申请, en: Request}
family: planning
source: ours
name: "{what}"
start: {by: everyone, form: [what, kind, amount, secret]}
see: [participants, {manager_of: starter}]
fields:
  what:   {type: text, required: true, zh: 用途, en: What}
  kind:   {type: choice, required: true, zh: 种类, en: Kind, choices: {tool: {zh: 工具, en: Tool}, trip: {zh: 出差, en: Trip}}}
  amount: {type: money, required: true, zh: 金额, en: Amount}
  secret: {type: text, zh: 内情, en: Secret, see: [starter, {position: operations_manager}]}
states:
  deciding:
    title: {zh: 审批, en: Approval}
    ask: {zh: 批吗, en: "Approve?"}
    facts: [amount, secret]
    similar: {same: [kind, amount]}
    task: {for: {position: operations_manager}, show: [amount]}
    actions: {approve: granted, reject: refused}
  granted: {title: {zh: 已批, en: Granted}, end: granted}
  refused: {title: {zh: 未批, en: Refused}, end: refused}
"""


@pytest.fixture
def asking(database: Database) -> Office:
    return Office(database).found(REQUEST)


def ask(
    office: Office, what: str, kind: str = "tool", amount: str = "500", by: str = "wang", secret: str = ""
) -> object:
    return office.start(by, "ask_for", what=what, kind=kind, amount=amount, secret=secret).case


def decided(office: Office, case: object, action: str = "approve") -> None:
    office.later(hours=1)
    office.act("manager", office.task(case), action, reason="不合适" if action == "reject" else "")  # type: ignore[arg-type]


def page(office: Office, login: str, case: object) -> CasePage:
    with office.database.read() as session:
        return office.engine.case_page(session, office.people[login], case, office.now)  # type: ignore[arg-type]


def titles(office: Office, login: str, case: object) -> list[str]:
    return [one.case.title for one in page(office, login, case).similar]


def test_three_newest_that_are_equal_with_outcome_facts_and_who_decided(asking: Office) -> None:
    for number in range(5):
        decided(asking, ask(asking, f"第{number}件", amount="500.00"), "reject" if number == 3 else "approve")
    decided(asking, ask(asking, "别的种类", kind="trip"))
    decided(asking, ask(asking, "别的金额", amount="500.01"))
    ask(asking, "没办完")
    case = ask(asking, "现在的")
    found = page(asking, "manager", case)
    assert [one.case.title for one in found.similar] == ["第4件", "第3件", "第2件"]
    one = found.similar[1]
    assert (one.case.outcome, one.case.state_title.zh, one.decided_by_name) == ("refused", "未批", "何志鹏")
    assert one.decision is not None
    assert one.decision.zh == "驳回"
    assert [(fact.field.name, fact.value) for fact in one.facts] == [("amount", "500.00")]
    assert [field.name for field in found.same] == ["kind", "amount"]


def test_only_what_the_reader_may_see(asking: Office) -> None:
    decided(asking, ask(asking, "王的", secret="熟人"))
    decided(asking, ask(asking, "孙的", by="sun"))
    case = ask(asking, "现在的", by="sun")
    assert titles(asking, "manager", case) == ["孙的", "王的"]
    assert titles(asking, "sun", case) == ["孙的"]
    told = {one.case.title: [fact.field.name for fact in one.facts] for one in page(asking, "manager", case).similar}
    assert told["王的"] == ["amount", "secret"]
    told = {one.case.title: [fact.field.name for fact in one.facts] for one in page(asking, "audit", case).similar}
    assert told["王的"] == ["amount"]


def test_a_hidden_field_is_not_told_by_being_equal(database: Database) -> None:
    office = Office(database).found(REQUEST.replace("same: [kind, amount]", "same: [secret]"))
    decided(office, ask(office, "旧的", secret="熟人"))
    case = ask(office, "现在的", secret="熟人")
    assert titles(office, "manager", case) == ["旧的"]
    assert titles(office, "audit", case) == []
    assert titles(office, "manager", ask(office, "没写内情")) == []


def test_what_is_hidden_here_is_not_told_by_ones_own_old_case(database: Database) -> None:
    text = REQUEST.replace("same: [kind, amount]", "same: [secret]").replace(
        "see: [participants, {manager_of: starter}]", "see: everyone"
    )
    office = Office(database).found(text)
    decided(office, ask(office, "旧的", secret="熟人"))
    case = ask(office, "现在的", by="sun", secret="熟人")
    assert titles(office, "sun", case) == []
    assert titles(office, "wang", case) == []
    assert titles(office, "manager", case) == ["旧的"]


def test_cancelled_and_long_past_cases_are_no_precedent(asking: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = ask(asking, "作废的")
    with asking.database.write() as session:
        cancellation = Cancellation(new_id(), asking.people["wang"], gone, "重复")  # type: ignore[arg-type]
        asking.engine.cancel(session, cancellation, asking.now)
    decided(asking, ask(asking, "最早的"))
    for number in range(2):
        decided(asking, ask(asking, f"别的{number}", kind="trip"))
    case = ask(asking, "现在的")
    assert titles(asking, "manager", case) == ["最早的"]
    monkeypatch.setattr(similar, "LOOKED_THROUGH", 2)
    assert titles(asking, "manager", case) == []


def test_one_statement_whatever_is_found(asking: Office) -> None:
    case = ask(asking, "现在的")
    page(asking, "manager", case)
    with counted(asking.database) as before:
        page(asking, "manager", case)
    for number in range(4):
        decided(asking, ask(asking, f"第{number}件"))
    with counted(asking.database) as sent:
        assert len(page(asking, "manager", case).similar) == 3
    assert len(sent) == len(before) <= 12
    assert sum("decided_action" in one for one in sent) == 1
