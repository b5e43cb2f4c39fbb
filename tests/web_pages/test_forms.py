"""Forms: every kind of field comes in and comes back; whatever goes wrong, nothing typed is lost."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from web_pages.conftest import PASSWORD, Clock
from web_pages.reader import Page, ReadAs, Reader
from workflows.db import Database
from workflows.engine.tables import Case, Draft, Event, File, Task
from workflows.org.tables import Person

PLAIN: dict[str, Any] = {
    "line": "一行",
    "story": "第一行\n第二行",
    "whole": "7",
    "exact": "0.10",
    "price": "1234.50",
    "share": "12.5",
    "in_week": "2026-W47",
    "in_month": "2026-11",
    "in_quarter": "2026-Q4",
    "in_year": "2026",
    "on_day": "2026-11-30",
    "at_time": "2026-11-30T09:30",
    "agreed": "false",
    "colour": "blue",
    "extras": ["gift", "card"],
    "role": "data_analyst",
    "page": "https://example.com/a?b=1",
    "stars": "4",
    "secret": "秘密",
}


def person(store: Database, login: str) -> str:
    with store.read() as session:
        return str(session.scalar(select(Person.id).where(Person.login == login)))


def begin(reader: Reader, line: str = "一行") -> Page:
    return reader.press(reader.open("/start/every_field"), "发起", {"line": line})


def with_rows(reader: Reader, page: Page, *rows: tuple[str, str]) -> Page:
    for number, (what, cost) in enumerate(rows):
        page = reader.press(page, "加一行")
        page = reader.press(page, "存草稿", {f"items.{number}.what": what, f"items.{number}.cost": cost})
    return page


def data_of(store: Database) -> dict[str, Any]:
    with store.read() as session:
        found: dict[str, Any] = session.execute(select(Case.data).where(Case.process == "every_field")).scalar_one()
        return found


def test_every_kind_of_field_is_handed_in(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    typed = {
        **PLAIN,
        "owner": person(store, "linxiaolan"),
        "helpers": [person(store, "wangzihan"), person(store, "machen")],
    }
    page = with_rows(reader, begin(reader), ("木板", "10"), ("螺丝", "2.5"))
    done = reader.press(page, "提交", typed, {"papers": [("方案.pdf", b"%PDF one"), ("图.png", b"\x89PNG two")]})
    assert done.status == 200, done.words
    assert "已提交：一行" in done.words
    data = data_of(store)
    assert (data["whole"], data["exact"], data["price"], data["share"]) == (7, "0.10", "1234.50", "12.5")
    assert data["story"] == "第一行\n第二行"
    assert (data["in_week"], data["in_month"], data["in_quarter"], data["in_year"]) == (
        "2026-W47",
        "2026-11",
        "2026-Q4",
        "2026",
    )
    assert data["at_time"].startswith("2026-11-30T01:30")
    assert (data["agreed"], data["colour"], data["extras"]) == (False, "blue", ["gift", "card"])
    assert data["role"] == "data_analyst"
    assert data["helpers"] == typed["helpers"]
    assert data["items"] == [{"what": "木板", "cost": "10"}, {"what": "螺丝", "cost": "2.5"}]
    assert len(data["papers"]) == 2

    case = read_as("linxiaolan").open("/work?tab=offered")
    shown = read_as("linxiaolan").open(case.link("一行"))
    for said in ("¥1,234.50", "11月30日 周一", "蓝", "木板", "数据分析师", "方案.pdf", "https://example.com/a?b=1"):
        assert said in shown.words, said
    assert "秘密" not in shown.html
    assert "你看不到 1 项：机密" in shown.words


def test_a_mistake_comes_back_with_everything_typed(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    typed = {
        **PLAIN,
        "owner": person(store, "linxiaolan"),
        "whole": "12",
        "price": "viel",
        "page": "example.com",
        "on_day": "",
    }
    page = with_rows(reader, begin(reader), ("木板", "zehn"))
    wrong = reader.press(page, "提交", {**typed, "_comment": "请看"}, {"papers": [("方案.pdf", b"%PDF one")]})
    assert wrong.status == 422
    assert "有 5 处要改，还没有提交" in wrong.words
    for anchor in ("f-whole", "f-price", "f-page", "f-on_day", "f-items-0-cost"):
        assert f'href="#{anchor}"' in wrong.html
        assert f'id="{anchor}"' in wrong.html
    for name, value in typed.items():
        assert wrong.value(name) == ([value] if isinstance(value, str) else value), name
    assert wrong.value("items.0.what") == ["木板"]
    assert wrong.value("items.0.cost") == ["zehn"]
    assert wrong.value("_comment") == ["请看"]
    assert "方案.pdf" in wrong.words
    assert data_of(store) == {"line": "一行"}

    right = {"whole": "9", "price": "12", "page": "https://example.com", "on_day": "2026-12-01", "items.0.cost": "10"}
    done = reader.press(wrong, "提交", right)
    assert done.status == 200, done.words
    assert len(data_of(store)["papers"]) == 1, "the file that came with the mistake is still there"


def test_a_rule_between_fields_is_said_where_it_belongs(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    typed = {**PLAIN, "owner": person(store, "linxiaolan"), "price": "1000000"}
    wrong = reader.press(page, "提交", typed, {"papers": [("a.pdf", b"%PDF")]})
    assert wrong.status == 422
    assert "金额要小于一百万" in wrong.words


def test_rows_come_and_go_without_a_script(read_as: ReadAs) -> None:
    reader = read_as("machen")
    page = with_rows(reader, begin(reader), ("一", "1"), ("二", "2"), ("三", "3"))
    page = reader.press(page, "drop:items:2", {"story": "不丢"})
    assert page.value("items.0.what") + page.value("items.1.what") == ["一", "三"]
    assert page.value("story") == ["不丢"]
    assert not page.value("items.2.what")


def test_files_can_be_taken_out_again(read_as: ReadAs) -> None:
    reader = read_as("machen")
    page = reader.press(begin(reader), "存草稿", {}, {"papers": [("一.pdf", b"%PDF 1"), ("二.pdf", b"%PDF 2")]})
    assert "一.pdf" in page.words
    drop = next(value for form in page.forms for _, value, words in form.buttons if words == "移除一.pdf")
    page = reader.press(page, drop)
    assert "一.pdf" not in page.words
    assert "二.pdf" in page.words


def test_a_draft_waits_for_its_owner_alone(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    page = reader.press(begin(reader), "存草稿", {"story": "先写一半", "extras": ["card"]})
    assert "10:24 已存草稿" in page.words
    again = reader.open(page.path)
    assert again.value("story") == ["先写一半"]
    assert again.value("extras") == ["card"]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_a_start_form_keeps_a_draft_too(read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    reader.press(reader.open("/start/shop_build"), "存草稿", {"shop": "写到一半"})
    page = reader.open("/start")
    assert "继续草稿：店铺规划与搭建" in page.words
    assert reader.open("/start/shop_build").value("shop") == ["写到一半"]


def test_a_lost_sign_in_leads_back_to_the_filled_form(read_as: ReadAs, clock: Clock) -> None:
    reader = read_as("machen")
    page = begin(reader)
    clock.forward(hours=13)
    lost = reader.press(page, "提交", {"story": "写了很久的一段话"})
    assert lost.status == 401
    form = next(form for form in lost.forms if "password" in form.offered)
    kept = [(name, value) for name, value in form.values if name not in ("login", "password")]
    back = reader.send(form.action, MultiDict([*kept, ("login", "machen"), ("password", PASSWORD)]))
    assert back.path == page.path
    assert back.value("story") == ["写了很久的一段话"]


def test_a_form_drawn_before_a_change_is_stale(read_as: ReadAs, store: Database) -> None:
    reader, checker = read_as("machen"), read_as("linxiaolan")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    reader.press(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")}, {"papers": [("a.pdf", b"%PDF")]})
    old = checker.open(checker.open("/work?tab=offered").link("一行"))
    asked = checker.press(old, "加一行…")
    checker.press(asked, "加一行", {"what": "多一行", "cost": "3"})
    late = checker.press(old, "通过", {"_comment": "没看到新的一行"})
    assert late.status == 409
    assert "明细" in late.words
    assert "没看到新的一行" in late.value("_comment")
    assert "有了变化" in late.words
    with store.read() as session:
        assert session.scalar(select(Case.state).where(Case.process == "every_field")) == "checking"
    assert "已通过" in checker.press(late, "通过").words


def test_an_action_can_ask_for_fields_of_its_own(read_as: ReadAs, store: Database) -> None:
    reader, checker = read_as("machen"), read_as("linxiaolan")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    reader.press(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")}, {"papers": [("a.pdf", b"%PDF")]})
    task = checker.open(checker.open("/work?tab=offered").link("一行"))
    asked = checker.press(task, "加一行…")
    wrong = checker.press(asked, "加一行", {"what": "漆", "cost": "many"})
    assert wrong.status == 422
    assert wrong.value("what") == ["漆"]
    checker.press(wrong, "加一行", {"cost": "8"})
    assert data_of(store)["items"][-1] == {"what": "漆", "cost": "8"}


def test_a_send_back_wants_a_reason(read_as: ReadAs, store: Database) -> None:
    reader, checker = read_as("machen"), read_as("linxiaolan")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    reader.press(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")}, {"papers": [("a.pdf", b"%PDF")]})
    task = checker.open(checker.open("/work?tab=offered").link("一行"))
    empty = checker.press(checker.press(task, "退回…"), "退回")
    assert empty.status == 422
    assert "请写明理由" in empty.words
    assert 'href="#comment"' in empty.html


def test_the_starter_takes_it_back(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    reader.press(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")}, {"papers": [("a.pdf", b"%PDF")]})
    case = reader.open(reader.open("/work?tab=started").link("一行"))
    asked = reader.open(case.link("收回"))
    assert reader.press(asked, "收回").status == 422
    back = reader.press(asked, "收回", {"_comment": "还要改"})
    assert "已收回：一行" in back.words


@pytest.mark.parametrize("name", ["data", "state", "starter_id", "holder_id", "approved", "every_field"])
def test_what_the_form_did_not_ask_for_is_refused(read_as: ReadAs, store: Database, name: str) -> None:
    reader = read_as("machen")
    page = begin(reader)
    path, data = reader.filled(page, "存草稿")
    data.poplist("_row")
    data.add("_action", "submit")
    data.add(name, "1")
    assert reader.send(path, data).status == 422
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_control_characters_and_too_long_texts_are_refused(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    form = reader.open("/start/every_field")
    for line in ("a\x00b", "x" * 41, "two\nlines"):
        wrong = reader.press(form, "发起", {"line": line})
        assert wrong.status == 422, line
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_file_that_is_too_large_is_named(read_as: ReadAs) -> None:
    reader = read_as("machen")
    page = begin(reader)
    large = reader.press(page, "提交", {"story": "留着"}, {"papers": [("大.zip", b"0" * (10 * 1024 * 1024 + 1))]})
    assert large.status == 422
    assert large.value("story") == ["留着"]


def test_a_stranger_cannot_hand_in(read_as: ReadAs, store: Database) -> None:
    page = begin(read_as("machen"))
    stranger = read_as("tiantian")
    _, data = read_as("machen").filled(page, "提交")
    data["csrf_token"] = stranger.open("/start").value("csrf_token")[0]
    refused = stranger.send(page.path, data)
    assert refused.status in (403, 404)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_a_file_of_somebody_else_is_no_file_of_mine(read_as: ReadAs, store: Database) -> None:
    other, reader = read_as("tiantian"), read_as("machen")
    other.press(begin(other, "别人的"), "存草稿", {}, {"papers": [("别人的.pdf", b"%PDF x")]})
    with store.read() as session:
        foreign = session.scalar(select(File.id))
    page = with_rows(reader, begin(reader), ("木板", "1"))
    path, data = reader.filled(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")})
    data.add("papers", str(foreign))
    refused = reader.send(path, data)
    assert refused.status == 422
    assert "别人的.pdf" not in refused.words


def test_an_unknown_task_is_not_found(read_as: ReadAs) -> None:
    reader = read_as("machen")
    assert reader.open(f"/tasks/{uuid.uuid4()}").status == 404
    assert reader.open(f"/cases/{uuid.uuid4()}").status == 404
    assert reader.open("/start/no_such_process").status == 404


def test_a_task_that_is_done_leads_to_its_case(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    page = with_rows(reader, begin(reader), ("木板", "1"))
    with store.read() as session:
        task = session.scalar(select(Task.id))
    reader.press(page, "提交", {**PLAIN, "owner": person(store, "linxiaolan")}, {"papers": [("a.pdf", b"%PDF")]})
    assert reader.open(f"/tasks/{task}").path.startswith("/cases/")


def comment_page(reader: Reader) -> Page:
    begin(reader, "有评论的")
    return reader.open(reader.open("/work?tab=started").link("有评论的"))


LARGE = b"0" * (10 * 1024 * 1024 + 1)


def test_a_comment_keeps_its_words_and_good_files(read_as: ReadAs, store: Database) -> None:
    reader = read_as("machen")
    page = comment_page(reader)
    files = {"files": [("大.zip", LARGE), ("好.png", b"\x89PNG good")]}
    wrong = reader.press(page, "发表", {"_comment": "请看附件"}, files)
    assert wrong.status == 422
    assert "大.zip：文件超过 10 MiB" in wrong.words
    assert 'href="#say-files"' in wrong.html
    assert 'id="say-files-e"' in wrong.html
    assert wrong.value("_comment") == ["请看附件"]
    done = reader.press(wrong, "发表")
    assert done.status == 200
    assert "请看附件" in done.words
    assert "好.png" in done.words
    assert "大.zip" not in done.words


def test_several_files_may_be_larger_together(read_as: ReadAs) -> None:
    reader = read_as("machen")
    six = b"0" * (6 * 1024 * 1024)
    done = reader.press(comment_page(reader), "发表", {}, {"files": [("一.zip", six + b"1"), ("二.zip", six + b"2")]})
    assert done.status == 200
    assert "一.zip" in done.words
    assert "二.zip" in done.words


@pytest.mark.parametrize("button", ["提交", "存草稿"])
def test_an_empty_file_is_named_where_it_was_chosen(read_as: ReadAs, button: str) -> None:
    reader = read_as("machen")
    wrong = reader.press(begin(reader), button, {"story": "留着"}, {"papers": [("空.txt", b"")]})
    assert "空.txt：文件是空的" in wrong.words
    assert wrong.value("story") == ["留着"]
    assert wrong.status == (422 if button == "提交" else 200), "a draft is kept, and says what it could not keep"
    comment = reader.press(comment_page(reader), "发表", {"_comment": "看"}, {"files": [("空.txt", b"")]})
    assert comment.status == 422
    assert "空.txt：文件是空的" in comment.words
    assert comment.value("_comment") == ["看"]


def test_too_long_words_are_named_as_the_form_names_them(read_as: ReadAs) -> None:
    reader = read_as("machen")
    wrong = reader.press(begin(reader), "提交", {**PLAIN, "_comment": "长" * 4001})
    assert wrong.status == 422
    assert "给下一步的话：最多 4000 个字" in wrong.words
    assert 'id="comment-e"' in wrong.html
    assert wrong.value("_comment")[0] == "长" * 4001


@pytest.mark.parametrize("key", ["", "junk", None])
def test_without_its_key_nothing_is_handed_in(read_as: ReadAs, store: Database, key: str | None) -> None:
    reader = read_as("machen")
    path, data = reader.filled(reader.open("/start/every_field"), "发起", {"line": "没有编号"})
    data.poplist("_key")
    if key is not None:
        data.add("_key", key)
    refused = reader.send(path, data)
    assert refused.status == 422
    assert "没有提交" in refused.words
    assert refused.value("line") == ["没有编号"]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert reader.press(refused, "发起").status == 200, "the form that came back is whole"


def test_an_unknown_action_blames_nobody(read_as: ReadAs) -> None:
    reader = read_as("machen")
    path, data = reader.filled(begin(reader), "存草稿")
    data.poplist("_row")
    data.add("_action", "fly")
    refused = reader.send(path, data)
    assert refused.status == 409
    assert "现在不能这样做" in refused.words
    assert "有人先办了" not in refused.words
