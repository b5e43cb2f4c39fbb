"""审计室: why somebody looks is asked and kept, a broken chain is found, nothing can be changed."""

from __future__ import annotations

from sqlalchemy import func, select

from web_pages.reader import ReadAs
from web_pages.things import Work
from workflows.engine.tables import AccessLog


def test_auditors_are_asked_why_and_noted(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("要查的店")
    auditor = read_as("hanwenbo")
    refused = auditor.press(auditor.open(f"/audit/cases/{case.case}"), "开始查阅", {"_comment": " "})
    assert refused.status == 422
    dossier = auditor.press(refused, "开始查阅", {"_comment": "三季度抽查"})
    assert "要查的店" in dossier.words
    assert "王梓涵" in dossier.words
    checked = auditor.press(dossier, "现在核对")
    assert "没有改动、插入或删除" in checked.words
    auditor.open(f"/cases/{case.case}/history/1")
    with work.store.read() as session:
        noted = session.execute(select(AccessLog.what, AccessLog.reason, AccessLog.case_id)).all()
    assert {(row.what, row.reason) for row in noted} == {("case", "三季度抽查"), ("verify", "三季度抽查")}
    assert {row.case_id for row in noted} == {case.case}
    assert "三季度抽查" in auditor.open("/audit/log").words


def test_an_auditor_finds_a_broken_chain(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("被改过的店")
    with work.store.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE "case" SET data = \'{"shop": "x"}\' WHERE title = \'被改过的店\'')
    auditor = read_as("hanwenbo")
    dossier = auditor.press(auditor.open(f"/audit/cases/{case.case}"), "开始查阅", {"_comment": "抽查"})
    assert "数据与记录不符" in auditor.press(dossier, "现在核对").words


def test_auditors_change_nothing(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("只能看的店")
    auditor = read_as("hanwenbo")
    for path in ("", "/children", "/history", "/history/1"):
        asked = auditor.open(f"/cases/{case.case}{path}")
        assert "只能看的店" not in asked.words, "first the question why"
    with work.store.read() as session:
        assert session.scalar(select(func.count()).select_from(AccessLog)) == 0
    auditor.press(asked, "开始查阅", {"_comment": "抽查"})
    page = auditor.open(f"/cases/{case.case}")
    assert "只能看的店" in page.words
    assert "写评论" not in page.words
    assert "通过" not in [words for form in page.forms for _, _, words in form.buttons]
    assert not [form.action for form in page.forms if "/cases/" in form.action or "/tasks/" in form.action]
