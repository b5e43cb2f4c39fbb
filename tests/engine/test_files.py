"""Files, drafts and reading: kept once per content, seen by whom they concern, and reading somebody else's case is noted."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from engine.office import Office
from workflows.db import Database, new_id
from workflows.engine.requests import Remark
from workflows.engine.tables import AccessLog, Blob
from workflows.errors import InvalidInput, NotFound

FORM = {"shop": "森林小铺", "style": "原木"}

NOTE = """
process: note
title: {zh: 备忘, en: Note}
family: planning
source: D三
name: "{title}"
start: {by: everyone, form: [title, papers]}
fields:
  title:  {type: text, required: true, zh: 标题, en: Title}
  papers: {type: files, zh: 附件, en: Papers}
states:
  reading:
    title: {zh: 阅读, en: Read}
    task: {for: {manager_of: starter}, show: [papers]}
    actions: {approve: done}
  done: {title: {zh: 完成, en: Done}, end: done}
"""


def uploaded(office: Office, login: str, content: bytes = b"paper", name: str = "方案.pdf") -> uuid.UUID:
    with office.database.write() as session:
        return office.engine.upload(session, office.people[login], name, "application/pdf", content, office.now)


def fetched(office: Office, login: str, file: uuid.UUID) -> bytes:
    with office.database.read() as session:
        return office.engine.download(session, office.people[login], file, office.now).content


def test_a_file_of_a_form_is_seen_by_who_sees_the_case(database: Database) -> None:
    office = Office(database).found(NOTE)
    file = uploaded(office, "wang")
    with pytest.raises(NotFound):
        fetched(office, "supervisor", file)  # nobody else's until it is handed in
    case = office.start("wang", "note", title="一", papers=[str(file)]).case
    assert fetched(office, "supervisor", file) == b"paper"
    with pytest.raises(NotFound):
        fetched(office, "sun", file)
    with office.database.read() as session:
        (shown,) = office.engine.case_page(session, office.people["supervisor"], case, office.now).files
    assert (shown.name, shown.size, shown.field) == ("方案.pdf", 5, "papers")
    with pytest.raises(InvalidInput):
        office.start("zhang", "note", title="二", papers=[str(file)])
    with pytest.raises(InvalidInput):
        office.start("zhang", "note", title="二", papers=[str(new_id())])


def test_one_content_is_kept_once_and_too_much_is_refused(office: Office) -> None:
    uploaded(office, "wang")
    uploaded(office, "zhang", name="a/b\\..\\evil\u202efdp.exe")
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 1
    with pytest.raises(InvalidInput):
        uploaded(office, "wang", b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(InvalidInput):
        uploaded(office, "wang", b"")


def test_a_comment_brings_files_and_words(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    file = uploaded(office, "wang")
    with office.database.write() as session, pytest.raises(InvalidInput):
        office.engine.comment(session, Remark(new_id(), office.people["zhang"], case, "看", (file,)), office.now)
    with office.database.write() as session:
        office.engine.comment(session, Remark(new_id(), office.people["wang"], case, "看", (file,)), office.now)
    with office.database.write() as session, pytest.raises(NotFound):
        office.engine.comment(session, Remark(new_id(), office.people["sun"], case, "看"), office.now)
    event, said = office.events(case)[-1]
    assert (event.kind, said) == ("commented", {"comment": "看", "files": [str(file)]})


def test_a_draft_comes_back_in_the_form(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    place = f"task:{office.task(case).hex}"
    for text in ("半", "半句"):
        with office.database.write() as session:
            office.engine.save_draft(session, office.people["wang"], place, {"home_page": text}, office.now)
    with office.database.read() as session:
        task = office.engine.case_page(session, office.people["wang"], case, office.now).task
        other = office.engine.case_page(session, office.people["zhang"], case, office.now).task
    assert task is not None
    assert other is not None
    assert (task.draft, task.draft_at) == ({"home_page": "半句"}, office.now)
    assert other.draft is None


def test_reading_somebody_elses_case_is_noted(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    for login in ("audit", "supervisor"):
        with office.database.write() as session:
            page = office.engine.case_page(session, office.people[login], case, office.now)
            office.engine.mark_read(
                session, office.people[login], page, office.now, "抽查" if login == "audit" else None
            )
    with office.database.read() as session:
        noted = session.execute(select(AccessLog.person_id, AccessLog.case_id, AccessLog.reason)).all()
    assert noted == [(office.people["audit"], case, "抽查")]
