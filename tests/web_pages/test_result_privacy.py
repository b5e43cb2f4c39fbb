"""Canaries: figures, scores, comments and reasons of one person, looked for on every page, in every mail and log of those who may not know.

Every address of the service is opened with every id there is, by a colleague, another manager, an administrator and a stranger:
before publication, after it, and after an appeal was ruled.
"""

from __future__ import annotations

import itertools
import logging
import re
import uuid
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from web_pages.appealing import MONTH, OPERATOR, SCORER, SUBJECT, Appealing
from web_pages.conftest import NOW
from web_pages.reader import ReadAs, read_back
from workflows.db import Database, new_id
from workflows.engine.requests import Submission
from workflows.engine.tables import Case, File, Task
from workflows.notify.gather import Gatherer
from workflows.notify.letters import LetterWriter
from workflows.notify.tables import Mail
from workflows.settings import Settings

FIGURES = {**OPERATOR, "sales": "4231877"}
SAID = {"collaboration": {"score": "73.19", "reason": "评定金丝雀：两次迟交"}}
CLAIM = {"sales_attainment": {"figures": {"sales": "4318633"}, "reason": "申诉金丝雀：少计补贴"}}
RULING = {"sales_attainment": {"verdict": "correct", "figures": {"sales": "4315422"}, "reason": "裁定金丝雀：裁定漏计"}}
SECRETS = re.compile(
    "金丝雀|两次迟交|少计补贴|裁定漏计|要核实|4,?231,?877|4,?318,?633|4,?315,?422|73\\.19|84\\.63|84\\.64|25\\.39|3\\.66|备货和页面做得扎实|秋装上新和双 11 预热"
)
"""What somebody typed or measured of the person, in the ways in which pages write it."""
STRANGERS = ("caoyifan", "linxiaolan", "luoyong", "panyue")
"""A colleague of the same group, another manager, an administrator, somebody of another department."""
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SETTINGS = Settings(database_url="sqlite://", secret_key="a secret of the tests, long enough", demo=True)
SKIPPED = frozenset({"static", "bootstrap.static"})


@pytest.fixture
def month(store: Database) -> Appealing:
    """The company with scorecards; nothing is appraised yet."""
    return Appealing(store, NOW).opened()


def addresses(site: Flask, month: Appealing) -> Iterator[str]:
    """Every address that is read with GET, with every id of this appraisal, and searches for everything that is secret."""
    with month.store.read() as session:
        cases = [str(case) for case in session.scalars(select(Case.id).order_by(Case.id))]
        tasks = [str(task) for task in session.scalars(select(Task.id).order_by(Task.id))]
        files = [str(file) for file in session.scalars(select(File.id))]
    subject = str(month.person(SUBJECT))
    values = {
        "case_id": cases, "task_id": tasks, "file_id": files, "person_id": [subject], "period": [MONTH, "2026"], "seq": ["1", "3", "6"],
        "key": ["month", "ecommerce_operator"], "process": ["month"], "action": ["appeal", "withdraw", "submit"], "month": [MONTH],
    }  # fmt: skip
    for rule in site.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in SKIPPED or rule.rule.startswith("/api/"):
            continue
        names = PARAMETER.findall(rule.rule)
        for chosen in itertools.product(*(values.get(name, [str(uuid.uuid4())]) for name in names)):
            found = dict(zip(names, chosen, strict=True))
            yield PARAMETER.sub(lambda one, found=found: found[one[1]], rule.rule)
    for words in ("金丝雀", "4231877", "73.19", "赵子墨", "考核一月", "KY-2026"):
        yield f"/search?q={words}"
    yield "/results?q=赵子墨"
    yield f"/figures?month={MONTH}"


def told(read_as: ReadAs, login: str, paths: list[str]) -> list[str]:
    """Where a secret stands that this reader may not know. What they looked for themselves stands in the search box."""
    reader, found = read_as(login), []
    for path in paths:
        answer = reader.client.get(path)
        sought = unquote(path.partition("?q=")[2])
        text = read_back(answer.get_data()).replace(sought, "") if sought else read_back(answer.get_data())
        assert answer.status_code < 500 or path == "/readyz", path
        found += [
            f"{login} {path}: {text[max(0, one.start() - 40) : one.end() + 20]}" for one in SECRETS.finditer(text)
        ]
        answer.close()
    return found


def draft_of_a_judgement(month: Appealing, read_as: ReadAs, task: uuid.UUID) -> None:
    """The scorer types something and leaves it there."""
    reader = read_as(SCORER)
    page = reader.open(f"/tasks/{task}")
    reader.press(page, "存草稿", {"judgement.knowledge.reason": "草稿金丝雀：要核实", "comment": "评语金丝雀：草稿"})


def test_before_publication_neither_strangers_nor_the_person_know(
    read_as: ReadAs, month: Appealing, site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    month.measure(FIGURES)
    case = month.begun()
    draft_of_a_judgement(month, read_as, month.task(case))
    paths = list(addresses(site, month))
    own = re.compile("秋装上新和双 11 预热")  # their own words are theirs
    assert [leak for login in STRANGERS for leak in told(read_as, login, paths)] == []
    assert [leak for leak in told(read_as, SUBJECT, paths) if not own.search(leak)] == []
    month.scored(case, SAID)
    paths = list(addresses(site, month))
    assert len(paths) > 100, "the sweep opens what there is"
    assert [leak for login in STRANGERS for leak in told(read_as, login, paths)] == []
    assert [leak for leak in told(read_as, SUBJECT, paths) if not own.search(leak)] == []
    assert not SECRETS.search(caplog.text)


def test_after_publication_and_ruling_strangers_know_the_total_on_view_and_nothing_else(
    read_as: ReadAs, month: Appealing, site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = month.published(SAID, FIGURES)
    with month.store.write() as session:
        evidence = month.engine.upload(
            session, month.person(SUBJECT), "凭据.txt", "text/plain", "凭据金丝雀".encode(), NOW
        )
    claim = {"sales_attainment": {**CLAIM["sales_attainment"], "files": [str(evidence)]}}
    appeal = month.appealed(case, claim)
    letters = _mails(month)
    assert "赵子墨 2026-10" in letters, "the investigator is told that something is to be done"
    paths = list(addresses(site, month))
    assert [leak for login in STRANGERS for leak in told(read_as, login, paths)] == []
    month.ruled(appeal, RULING, "说明金丝雀：补计")
    paths = list(addresses(site, month))
    assert [leak for login in STRANGERS for leak in told(read_as, login, paths)] == []
    assert not SECRETS.search(caplog.text)
    assert not SECRETS.search(letters + _mails(month))


def test_whoever_may_know_finds_the_same_canaries(read_as: ReadAs, month: Appealing) -> None:
    """The sweep would see them: the person, their manager, human resources and an auditor do."""
    month.published(SAID, FIGURES)
    path = f"/appraisal/{MONTH}/{month.person(SUBJECT)}"
    for login in (SUBJECT, SCORER, "guqing"):
        assert {"4,231,877", "73.19", "备货和页面做得扎实"} <= set(SECRETS.findall(read_as(login).open(path).html)), (
            login
        )
        assert "评定金丝雀" in read_as(login).open(path).html


def test_the_total_is_on_view_for_the_department_alone(read_as: ReadAs, month: Appealing) -> None:
    month.published(SAID, FIGURES)
    total = "88.86"
    assert total in read_as("caoyifan").open("/results").words
    assert total not in read_as("panyue").open("/results").words
    for path in (f"/appraisal/{MONTH}/{month.person(SUBJECT)}", "/search?q=赵子墨", "/work", "/"):
        assert total not in read_as("caoyifan").open(path).html, path


def test_a_strangers_files_are_not_named_by_their_ids(read_as: ReadAs, month: Appealing) -> None:
    """Somebody else's file, typed into one's own form as if it were one's own: neither its name nor its content is told."""
    with month.store.write() as session:
        theirs = month.engine.upload(session, month.person("panyue"), "工资表.txt", "text/plain", b"x", NOW)
    case = month.published()
    reader = read_as(SUBJECT)
    page = reader.open(reader.open(f"/appraisal/{MONTH}").link("提出申诉"))
    action, data = reader.filled(page, "存草稿", {"disputed.knowledge.on": "1", "disputed.knowledge.reason": "看附件"})
    data.add("disputed.knowledge.files", str(theirs))
    assert "工资表" not in reader.send(action, data).html
    with pytest.raises(Exception, match="fields"), month.store.write() as session:
        said = {"knowledge": {"reason": "看附件", "files": [str(theirs)]}}
        values = {"disputed": {"seen": None, "lines": said}}
        month.engine.fire(
            session, Submission(new_id(), month.person(SUBJECT), "appeal", case=case.case, values=values), NOW
        )


def _mails(month: Appealing) -> str:
    """Everything that is written to people about all this until now."""
    gatherer = Gatherer.from_settings(SETTINGS)
    with month.store.write() as session:
        gatherer.gather(session, month.engine.organisation(session), month.engine.calendar(session), NOW)
    with month.store.read() as session:
        mails = session.execute(select(Mail.id, Mail.person_id)).all()
        writer = LetterWriter(SETTINGS, month.engine)
        letters = [writer.write(session, mail, person, NOW) for mail, person in mails]
    return "\n".join(f"{letter.subject}\n{letter.text}\n{letter.html}" for letter in letters if letter is not None)
