"""What stands in a mail: what is asked, by when, why, and a link; in the reader's language, and nothing else."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from notify.office import NOW, Office, settings
from workflows.db import Database
from workflows.engine.tables import Case, Task
from workflows.notify.gather import Gatherer
from workflows.notify.letters import MOST_ITEMS, Letter, LetterWriter, as_bytes
from workflows.org.tables import Person

DUE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # Monday 18:00 in Shanghai


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def letter(office: Office, person: uuid.UUID, now: datetime = NOW) -> Letter | None:
    gatherer = Gatherer.from_settings(settings(demo=True))
    with office.database.write() as session:
        gatherer.gather(session, office.organisation(session), office.calendar(session), now)
    mail = next(m for m in office.mails() if m.person_id == person)
    with office.database.read() as session:
        return LetterWriter(settings(), office).write(session, mail.id, person, now)


def written(office: Office, person: uuid.UUID, now: datetime = NOW) -> Letter:
    found = letter(office, person, now)
    assert found is not None
    return found


def test_one_task_in_chinese(office: Office) -> None:
    lin = office.hire("林晓岚")
    task = office.open_task(lin, title="冬季床品 12 月直通车投放", due_at=DUE)
    office.tell(lin, "task", task)
    said = written(office, lin)
    assert said.subject == "审核 冬季床品 12 月直通车投放：11月23日（周一）18:00 前"
    assert said.text == (
        "林晓岚：\n"
        "\n"
        "审核 冬季床品 12 月直通车投放\n"
        "  店铺规划与搭建 · 11月23日（周一）18:00 前\n"
        f"  https://office.example/tasks/{task.id}\n"
        "\n"
        "--\n"
        "运营流程 · 链接登录后才能打开，打开本身不会改变任何东西。这封邮件由系统发出，不用回复。\n"
    )
    assert f'href="https://office.example/tasks/{task.id}"' in said.html


def test_one_task_in_english(office: Office) -> None:
    lin = office.hire("林晓岚", language="en")
    task = office.open_task(lin, title="Winter bedding", due_at=DUE)
    office.tell(lin, "task", task)
    said = written(office, lin)
    assert said.subject == "Review Winter bedding: by Mon 23 Nov, 18:00"
    assert "Hello 林晓岚,\n\nReview Winter bedding\n  Shop build and approval · by Mon 23 Nov, 18:00\n" in said.text
    assert '<html lang="en">' in said.html


def test_late_work_comes_first_and_says_so(office: Office) -> None:
    lin = office.hire("林晓岚")
    office.tell(lin, "reminder", office.open_task(lin, title="不急", due_at=DUE))
    office.tell(lin, "reminder", office.open_task(lin, title="拖久了", due_at=NOW - timedelta(days=1)))
    office.tell(lin, "notice", case=office.open_task(lin, title="消息", state="online").case_id)
    said = written(office, lin)
    assert said.subject == "3 件事等你看，其中 1 件超期"
    lines = [line for line in said.text.splitlines() if line and not line.startswith(" ")]
    assert lines[1:4] == ["【超期】提醒：审核 拖久了", "提醒：审核 不急", "消息"]
    assert "，已超期" in said.text
    assert "现在：上线" in said.text


def test_reasons_to_be_told(office: Office) -> None:
    lin, wang = office.hire("林晓岚"), office.hire("王梓涵")
    case = office.open_task(wang, title="甲").case_id
    office.tell(lin, "escalation", office.open_task(wang, title="乙"))
    office.tell(lin, "escalation", office.open_task(None, title="丙"))
    office.tell(lin, "sent_back", office.open_task(lin, title="丁"), actor=wang.hex)
    office.tell(lin, "urge", office.open_task(lin, title="戊"), actor=wang.hex)
    office.tell(lin, "alert", case=case, rule="alert/0")
    office.tell(lin, "task", office.open_task(None, title="己"))
    office.tell(lin, "reminder", office.open_task(wang, title="庚"))
    text = written(office, lin).text
    for reason in (
        "转报给你：王梓涵还没有办完，你也可以办",
        "转报给你：还没有人认领，你也可以办",
        "王梓涵退回，理由见事项",
        "王梓涵催你办",
        "未按时上线",
        "你和同组的人都可以认领",
        "在王梓涵手里",
    ):
        assert f"  {reason}\n" in text


def test_a_task_is_one_line_however_many_messages_it_has(office: Office) -> None:
    lin = office.hire("林晓岚")
    task = office.open_task(lin)
    for kind in ("task", "reminder", "escalation"):
        office.tell(lin, kind, task)
    said = written(office, lin)
    assert said.subject == "转报：审核 旗舰店"
    assert said.text.count("/tasks/") == 1
    assert "转报给你" in said.text


def test_a_long_digest_ends_in_a_link_to_the_list(office: Office) -> None:
    lin = office.hire("林晓岚")
    for _ in range(MOST_ITEMS + 5):
        office.tell(lin, "task", office.open_task(lin))
    said = written(office, lin)
    assert said.subject == f"{MOST_ITEMS + 5} 件事等你看"
    assert "另外 5 件在待办里：https://office.example/" in said.text
    assert said.text.count("/tasks/") == MOST_ITEMS


def test_a_provisional_deadline_says_so(office: Office) -> None:
    lin = office.hire("林晓岚", language="en")
    task = office.open_task(lin, due_at=datetime(2029, 2, 1, 10, tzinfo=UTC))
    office.change(Task, task.id, due_provisional=True)
    office.tell(lin, "task", task)
    assert "by Thu 1 Feb 2029, 18:00 (provisional" in written(office, lin).text


def test_what_people_type_is_text_in_html_and_one_line_in_headers(office: Office) -> None:
    lin = office.hire("<b>林</b>")
    title = "<script>alert(1)</script>\r\nBcc: everyone@office.example"
    office.tell(lin, "task", office.open_task(lin, title=title))
    said = written(office, lin)
    assert "<script>" not in said.html
    assert "<b>林" not in said.html
    message = message_from_bytes(
        as_bytes(said, "flow@office.example", "<1@office.example>", NOW), policy=policy.default
    )
    assert message["Bcc"] is None
    assert "Bcc: everyone" in message["Subject"]


def test_what_travels_is_ascii_with_both_bodies(office: Office) -> None:
    lin = office.hire("林晓岚")
    office.tell(lin, "task", office.open_task(lin))
    raw = as_bytes(written(office, lin), "flow@office.example", "<1@office.example>", NOW)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = message_from_bytes(raw, policy=policy.default)
    assert message["From"] == "运营流程 <flow@office.example>"
    assert message["To"] == "林晓岚 <p1@office.example>"
    assert message["Message-ID"] == "<1@office.example>"
    assert message["Date"].datetime == NOW
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_no_value_of_the_case_stands_in_a_mail(office: Office) -> None:
    lin = office.hire("林晓岚")
    task = office.open_task(lin)
    office.change(Case, task.case_id, data={"score": "89.12", "comment": "秘密"})
    office.tell(lin, "task", task, score="89.12")
    said = written(office, lin)
    assert "89.12" not in said.text + said.html + said.subject
    assert "秘密" not in said.text + said.html


def test_nothing_is_written_to_somebody_who_left_meanwhile(office: Office) -> None:
    lin = office.hire("林晓岚")
    office.tell(lin, "task", office.open_task(lin))
    assert letter(office, lin) is not None
    office.change(Person, lin, active=False)
    mail = office.mails()[0]
    with office.database.read() as session:
        assert LetterWriter(settings(), office).write(session, mail.id, lin, NOW) is None
