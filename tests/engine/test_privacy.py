"""Nobody's absence opens a case, and words about what is hidden are hidden: the appraisal as it ships, on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select

from definition.shipped import shipped
from engine.office import Office
from engine.scorecards import Marks
from engine.test_standing_in import away
from workflows.db import Database, new_id
from workflows.definition.proofs.family import Family
from workflows.engine.entering import part_of
from workflows.engine.reading import case_for
from workflows.engine.requests import Remark, TaskOrder
from workflows.engine.rights import may_act
from workflows.engine.tables import Task
from workflows.engine.views.pages import CasePage, SearchQuery, TimelineEvent
from workflows.errors import NotAllowed, NotFound
from workflows.org.tables import Absence

SCORE = {"talked_on": "2026-12-01", "talk": "谈过", "comment": "还行"}
REVIEW = {"work_done": "十个页面", "results": "转化升", "problems": "慢", "improvements": "早做"}
CANARY = "77.25 分给低了"
LATER = date(2027, 3, 1)
"""The last day of every absence here."""


@pytest.fixture
def office(database: Database) -> Office:
    """The small company with the cycle that ships and all that it starts; everyone's appraisal of November is open, and its card comes to 77.25."""
    marks = Marks()
    marks.figures = {"quality": "40", "speed": "37.25"}
    family = Family(shipped().values())
    keys = {"appraisal_cycle", "shop_build"} | family.below(family.processes["appraisal_cycle"])
    office = Office(database, **marks.handed_in()).found(*(family.processes[key].text for key in sorted(keys)))
    office.start("hr", "appraisal_cycle", period="2026-11")
    office.tick()
    return office


def of(office: Office, login: str) -> uuid.UUID:
    """The appraisal of somebody."""
    return next(c.id for c in office.cases("monthly_appraisal") if c.subject_id == office.people[login])


def to_scoring(office: Office) -> None:
    """3 December, nine o'clock at the earliest: scoring has opened, with or without a self-review."""
    office.until(max(office.now, datetime(2026, 12, 3, 1, 0, tzinfo=UTC)))
    office.tick()


def page(office: Office, login: str, case: uuid.UUID) -> CasePage:
    with office.database.read() as session:
        return office.engine.case_page(session, office.people[login], case, office.now)


def events(office: Office, login: str, case: uuid.UUID) -> tuple[TimelineEvent, ...]:
    return page(office, login, case).events


def rows(office: Office, login: str) -> set[uuid.UUID]:
    """Every task on somebody's work list."""
    with office.database.read() as session:
        tabs = [
            office.engine.work_list(session, office.people[login], office.now, tab=tab).rows  # type: ignore[arg-type]
            for tab in ("mine", "offered")
        ]
    return {row.task for found in tabs for row in found if row.task is not None}


def found(office: Office, login: str) -> set[uuid.UUID]:
    with office.database.read() as session:
        query = SearchQuery(process="monthly_appraisal")
        return {row.id for row in office.engine.search(session, office.people[login], query, office.now).rows}


def comment(office: Office, login: str, case: uuid.UUID, text: str, *files: uuid.UUID) -> None:
    with office.database.write() as session:
        office.engine.comment(session, Remark(new_id(), office.people[login], case, text, files), office.now)


# -- deputies -----------------------------------------------------------------------------------------------------------


def test_a_peer_who_stands_in_learns_nothing_of_an_appraisal(office: Office) -> None:
    case, before = of(office, "sun"), rows(office, "wang")
    away(office, "sun", "wang", LATER)
    with pytest.raises(NotFound):
        page(office, "wang", case)
    assert case not in found(office, "wang")
    assert rows(office, "wang") == before
    with office.database.read() as session:
        counts = office.engine.work_counts(session, office.people["wang"], office.now)
    assert counts.mine == len(before)
    with pytest.raises(NotAllowed, match="孙雨桐"):
        office.act("wang", office.task(case), "submit", REVIEW)
    with office.database.write() as session, pytest.raises(NotAllowed, match="孙雨桐"):
        office.engine.claim(session, TaskOrder(new_id(), office.people["wang"], office.task(case)), office.now)
    office.tick()
    office.until(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    office.tick()  # reminders
    assert ("reminder", "sun") in office.told(case)
    assert not any(login == "wang" for _, login in office.told(case))


def test_a_peer_for_an_absent_manager_scores_nobody_and_reads_nobody(office: Office) -> None:
    away(office, "supervisor", "wang", LATER)
    to_scoring(office)
    own = of(office, "wang")
    assert found(office, "wang") == {own}
    assert rows(office, "wang") == set()
    for login in ("sun", "zhang", "wang"):
        with pytest.raises(NotAllowed):
            office.act("wang", office.task(of(office, login)), "submit", SCORE)
    assert not any(login == "wang" for _, login in office.told(of(office, "sun")))


def test_a_deputy_above_scores_for_an_absent_manager_in_both_names(office: Office) -> None:
    away(office, "supervisor", "manager", LATER)
    to_scoring(office)
    task = office.task(of(office, "sun"))
    assert task in rows(office, "manager")
    assert ("task", "manager") in office.told(of(office, "sun"))
    office.act("manager", task, "submit", SCORE)
    assert office.case(of(office, "sun")).state == "hr_review"
    last = [event for event, _ in office.events(of(office, "sun")) if event.kind == "acted"][-1]
    assert (last.actor_id, last.on_behalf_of) == (office.people["manager"], office.people["supervisor"])


def test_nobody_writes_somebody_elses_self_review_or_appeal(office: Office) -> None:
    """Not even the manager, who sees the case and every field of it."""
    case = of(office, "sun")
    away(office, "sun", "supervisor", LATER)
    assert office.task(case) not in rows(office, "supervisor")
    with pytest.raises(NotAllowed, match="孙雨桐"):
        office.act("supervisor", office.task(case), "submit", REVIEW)
    published(office, case)
    assert page(office, "supervisor", case).anytime == ()
    with pytest.raises(NotAllowed, match="孙雨桐"):
        office.anytime("supervisor", case, "appeal", {"disputed": {"lines": {"speed": {"reason": "代写"}}}})
    assert [a.action.action.name for a in page(office, "sun", case).anytime] == ["appeal"]


def test_one_who_may_not_review_gets_the_review_in_nobodys_name(office: Office) -> None:
    """`not: [subject, {did: scoring}]`, also of whoever stands in for human resources."""
    to_scoring(office)
    away(office, "hr", "gu", LATER)
    office.act("hr", office.task(of(office, "gu")), "submit", SCORE)
    waits = office.task(of(office, "gu"))
    assert waits not in rows(office, "gu") | rows(office, "hr")
    with pytest.raises(NotAllowed):
        office.act("gu", waits, "approve")


def test_a_task_without_hidden_fields_opens_no_case_either(office: Office) -> None:
    """Feedback fills in nothing hidden; a peer of the employee still does not give it, whoever is away."""
    case = of(office, "sun")
    published(office, case)
    away(office, "supervisor", "wang", LATER)
    office.later(days=7)
    office.tick()
    assert office.case(case).state == "feedback"
    assert rows(office, "wang") == set()
    assert found(office, "wang") == {of(office, "wang")}
    with pytest.raises(NotFound):
        page(office, "wang", case)
    given = {"fed_back_on": "2026-12-10", "feedback": "好", "suggestions": "无"}
    with pytest.raises(NotAllowed, match="林晓岚"):
        office.act("wang", office.task(case), "submit", given)
    assert not any(login == "wang" for _, login in office.told(case))


OFFER = """
process: offer
title: {zh: 报价, en: Offer}
family: shop
source: A三
name: "{shop}"
start: {by: {position: operations_supervisor}, form: [shop]}
fields:
  shop:  {type: text, required: true, max_length: 60, zh: 店铺, en: Shop}
  price: {type: money, required: true, zh: 价格, en: Price, see: [{position: operations_manager}, {position: operations_director}]}
states:
  pricing:
    title: {zh: 定价, en: Price}
    task: {for: {position: operations_manager}, edit: [price], due: 2wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_deputy_who_may_not_see_what_is_to_be_filled_in_does_not_get_the_task(database: Database) -> None:
    """The starter sees the case, not its price: a task without a form would be a dead end."""
    office = Office(database).found(OFFER)
    away(office, "manager", "supervisor", LATER)
    case = office.start("supervisor", "offer", shop="森林").case
    assert rows(office, "supervisor") == set() == doable(office, "supervisor")
    assert ("task", "supervisor") not in office.told(case)
    with pytest.raises(NotAllowed, match="何志鹏"):
        office.act("supervisor", office.task(case), "submit", {"price": "5"})
    with office.database.write() as session:
        session.execute(delete(Absence))
    away(office, "manager", "director", LATER)
    assert rows(office, "director") == {office.task(case)}
    assert office.act("director", office.task(case), "submit", {"price": "5"}).ended


PAIR = """
process: pair
title: {zh: 双人核对, en: Checked by two}
family: shop
source: A三
name: "{shop}"
start: {by: {position: operations_supervisor}, form: [shop]}
fields:
  shop: {type: text, required: true, max_length: 60, zh: 店铺, en: Shop}
states:
  checking:
    title: {zh: 核对, en: Check}
    tasks:
      one: {title: {zh: 甲, en: One}, for: {position: content_specialist}}
      two: {title: {zh: 乙, en: Two}, for: {position: operations_manager}, not: {did: checking}}
    actions: {checked: {to: done, title: {zh: 核对完, en: Checked}, when: all}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_who_did_the_first_part_since_is_not_listed_the_second(database: Database) -> None:
    """What happened after the task opened counts as well: the deputy has done the other half."""
    office = Office(database).found(PAIR)
    case = office.start("supervisor", "pair", shop="森林").case
    away(office, "manager", "sun", LATER)
    assert len(rows(office, "sun")) == 2
    office.act("sun", office.task(case, "one"), "checked")
    assert rows(office, "sun") == set() == doable(office, "sun")


def test_who_released_first_does_not_release_for_the_second(office: Office) -> None:
    published(office, of(office, "sun"), by=("hr",))
    (cycle,) = office.cases("appraisal_cycle")
    away(office, "gu", "hr", LATER)
    second = office.task(cycle.id)
    assert second not in rows(office, "hr")
    with pytest.raises(NotAllowed):
        office.act("hr", second, "publish", {"summary": "正常"})


@pytest.mark.parametrize("absent", ["supervisor", "hr", "manager", "gu", "sun"])
def test_what_is_listed_can_be_done_and_what_can_be_done_is_listed(office: Office, absent: str) -> None:
    """For every deputy, over appraisals that stand in three different states, and over other work of the absent."""
    to_scoring(office)
    office.act("supervisor", office.task(of(office, "sun")), "submit", SCORE)
    office.act("hr", office.task(of(office, "gu")), "submit", SCORE)
    compare(office, absent)


@pytest.mark.parametrize("absent", ["supervisor", "hr"])
def test_the_same_holds_when_all_are_published(office: Office, absent: str) -> None:
    published(office, of(office, "sun"))
    office.later(days=7)
    office.tick()
    compare(office, absent)


def compare(office: Office, absent: str) -> None:
    for deputy in office.people:
        if deputy != absent:
            with office.database.write() as session:
                session.execute(delete(Absence))
            away(office, absent, deputy, LATER)
            assert rows(office, deputy) == doable(office, deputy), deputy


def doable(office: Office, login: str) -> set[uuid.UUID]:
    """Every open task that the exact rule gives somebody."""
    can = set()
    with office.database.read() as session:
        scene = office.engine.scene(session, office.now)
        for task in session.scalars(select(Task).where(Task.status == "open")).all():
            seen = case_for(session, scene, task.case_id)
            row = next(one for one in seen.tasks if one.id == task.id)
            rule, process = part_of(seen.published.machine.state(row.state), row.part), seen.published.process
            if may_act(session, scene, seen.situation, process, rule, row, office.people[login]) is not None:
                can.add(row.id)
    return can


# -- words --------------------------------------------------------------------------------------------------------------


def published(office: Office, case: uuid.UUID, by: tuple[str, ...] = ("hr", "gu")) -> None:
    """Everyone is scored and reviewed, and human resources publish, if both of them do."""
    to_scoring(office)
    for _ in range(2):
        may = {task: login for login in office.people for task in doable(office, login)}
        for one in office.cases("monthly_appraisal"):
            for task in office.tasks(one.id):
                scoring = task.state == "scoring"
                office.act(may[task.id], task.id, "submit" if scoring else "approve", SCORE if scoring else {})
    office.tick()
    (cycle,) = office.cases("appraisal_cycle")
    for login in by:
        office.act(login, office.task(cycle.id), "publish", {"summary": "正常"})
    office.later(minutes=1)
    office.tick()
    office.later(minutes=1)
    assert office.case(case).state == ("published" if len(by) == 2 else "awaiting_publication")


def sent_back(office: Office, case: uuid.UUID) -> None:
    to_scoring(office)
    office.act("supervisor", office.task(case), "submit", SCORE, reason="给 77.25 分，请复核")
    office.later(minutes=1)
    office.act("gu", office.task(case), "send_back", reason=CANARY)
    office.later(minutes=1)


def words(office: Office, login: str, case: uuid.UUID) -> str:
    """Everything that the page of a case holds, as text."""
    return repr(page(office, login, case))


def test_why_a_score_was_sent_back_is_for_those_who_see_the_score(office: Office) -> None:
    case = of(office, "sun")
    sent_back(office, case)
    comment(office, "gu", case, f"评论：{CANARY}")
    assert "77.25" not in words(office, "sun", case)
    hidden = [event.words_hidden for event in events(office, "sun", case) if event.kind in ("acted", "commented")]
    assert hidden == [True, True, True]
    for login in ("supervisor", "manager", "gu", "audit"):
        assert words(office, login, case).count(CANARY) >= 2, login
    task = page(office, "supervisor", case).task
    assert task is not None
    assert task.returned_reason == CANARY
    with office.database.read() as session:
        found = office.engine.search(session, office.people["sun"], SearchQuery(text="77.25"), office.now)
        listed = repr(office.engine.work_list(session, office.people["sun"], office.now, tab="started"))
    assert found.rows == ()
    assert "77.25" not in listed


def test_words_between_scorer_and_reviewer_stay_hidden_after_publication(office: Office) -> None:
    case = of(office, "sun")
    sent_back(office, case)
    comment(office, "supervisor", case, f"评论：{CANARY}")
    office.later(minutes=1)
    published(office, case)
    comment(office, "gu", case, "公示以后说的话")
    office.later(minutes=1)
    said = words(office, "sun", case)
    assert CANARY not in said
    assert "公示以后说的话" in said
    assert "77.25" in said  # the score itself, as a field: published


def test_what_is_said_while_everyone_waits_for_publication_waits_as_well(office: Office) -> None:
    case = of(office, "sun")
    to_scoring(office)
    office.act("supervisor", office.task(case), "submit", SCORE)
    office.later(minutes=1)
    office.act("gu", office.task(case), "approve")
    office.later(minutes=1)
    assert office.case(case).state == "awaiting_publication"
    comment(office, "gu", case, CANARY)
    assert "77.25" not in words(office, "sun", case)
    assert CANARY in words(office, "supervisor", case)


def test_words_about_nothing_hidden_are_for_everybody_and_ones_own_always(office: Office) -> None:
    case = of(office, "sun")
    comment(office, "supervisor", case, "周五前交自评")
    assert "周五前交自评" in words(office, "sun", case)
    to_scoring(office)
    comment(office, "sun", case, "我补一句")
    assert "我补一句" in words(office, "sun", case)
    assert "我补一句" in words(office, "supervisor", case)


def test_a_file_that_came_with_hidden_words_is_hidden_with_them(office: Office) -> None:
    case = of(office, "sun")
    to_scoring(office)
    with office.database.write() as session:
        file = office.engine.upload(session, office.people["gu"], "77.25.txt", "text/plain", b"77.25", office.now)
    comment(office, "gu", case, "见附件", file)
    office.later(minutes=1)
    assert "77.25" not in words(office, "sun", case)
    assert [one.name for one in page(office, "supervisor", case).files] == ["77.25.txt"]
    with office.database.read() as session:
        assert office.engine.download(session, office.people["supervisor"], file, office.now).content == b"77.25"
        with pytest.raises(NotFound):
            office.engine.download(session, office.people["sun"], file, office.now)
