"""Coming in and going out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from web.conftest import PASSWORD, Clock, settings_for
from web.visitor import Visitor
from workflows.app import create_app
from workflows.db import Database
from workflows.engine.tables import Draft
from workflows.errors import ConfigurationError
from workflows.org.accounts import issue_reset
from workflows.org.accounts_tables import SetupToken, WorkSession
from workflows.org.first_administrator import issue_setup_token
from workflows.org.tables import Person

VisitAs = Callable[..., Visitor]


def person_id(store: Database, login: str) -> object:
    with store.read() as session:
        return session.scalar(select(Person.id).where(Person.login == login))


def test_sign_in_leads_to_the_work_list_and_out_again(visit_as: VisitAs) -> None:
    visitor = visit_as()
    assert visitor.get("/").headers["Location"] == "/sign-in"
    answer = visitor.sign_in("linxiaolan", PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert "待办" in visitor.get("/", follow_redirects=True).text
    assert visitor.post("/sign-out").headers["Location"] == "/sign-in"
    assert visitor.get("/more").headers["Location"] == "/sign-in?next=/more"


def test_an_old_ticket_opens_nothing_after_signing_out(visit_as: VisitAs, site: Flask) -> None:
    visitor = visit_as()
    visitor.sign_in("linxiaolan", PASSWORD)
    ticket = visitor.client.get_cookie("ticket")
    assert ticket is not None
    visitor.post("/sign-out")
    thief = site.test_client()
    thief.set_cookie("ticket", ticket.value)
    assert thief.get("/more").status_code == 302


def test_signing_in_makes_a_new_ticket_and_a_new_token(visit_as: VisitAs) -> None:
    visitor = visit_as()
    visitor.get("/sign-in")
    before = visitor.token
    visitor.sign_in("linxiaolan", PASSWORD)
    first = visitor.client.get_cookie("ticket")
    refused = visitor.client.post("/me/settings", data={"csrf_token": before, "theme": "dark"})
    assert refused.status_code == 400
    visitor.client.delete_cookie("ticket")
    visitor.sign_in("linxiaolan", PASSWORD)
    second = visitor.client.get_cookie("ticket")
    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_a_wrong_password_says_how_many_tries_are_left_and_is_remembered(visit_as: VisitAs) -> None:
    visitor = visit_as()
    answer = visitor.sign_in("linxiaolan", "wrong")
    assert answer.status_code == 401
    assert "账号或密码不对，还可以试 4 次。" in answer.text
    assert 'value="linxiaolan"' in answer.text
    for _ in range(4):
        answer = visitor.sign_in("linxiaolan", "wrong")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60
    assert visitor.sign_in("linxiaolan", PASSWORD).status_code == 429, "the right password has to wait as well"


def test_an_unknown_account_is_answered_like_a_wrong_password(visit_as: VisitAs) -> None:
    known = visit_as().sign_in("linxiaolan", "wrong").text
    unknown = visit_as().sign_in("nobody", "wrong").text
    tokens = r'value="[^"]{40,}"|linxiaolan|nobody'
    assert re.sub(tokens, "", known) == re.sub(tokens, "", unknown)


OUTSIDE = ["//evil.com", "////evil.com", "/\\evil.com", "https:evil.com", "https://evil.com", "javascript:alert(1)", "evil",
           "/no/such/page", "/me/language", "/me/settings\n", " /me/settings"]  # fmt: skip


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_sign_in_never_leads_outside(visit_as: VisitAs, address: str) -> None:
    visitor = visit_as()
    answer = visitor.sign_in("linxiaolan", PASSWORD, next=address)
    assert answer.headers["Location"] == "/"


def test_a_sign_in_leads_where_somebody_wanted_to_go(visit_as: VisitAs) -> None:
    answer = visit_as().sign_in("linxiaolan", PASSWORD, next="/me/absences?x=1")
    assert answer.headers["Location"] == "/me/absences?x=1"


def test_a_form_survives_a_sign_in_that_ran_out(visit_as: VisitAs, clock: Clock, store: Database) -> None:
    visitor = visit_as("linxiaolan")
    visitor.get("/me/absences")
    clock.forward(hours=13)
    typed = {
        "_place": "task:7",
        "home_page": "https://shop.example.com",
        "items.0.what": "首焦图",
        "_comment": "请看 B 版",
    }
    lost = visitor.post("/me/absences", typed, headers={"Referer": "http://localhost/me/absences"})
    assert lost.status_code == 401
    assert "你填的都留着" in lost.text
    kept = re.search(r'name="kept" value="([^"]*)"', lost.text)
    assert kept
    form = {
        "login": "linxiaolan", "password": PASSWORD, "next": "/me/absences", "kept_place": "task:7",
        "kept": kept[1].replace("&#34;", '"'),
    }  # fmt: skip
    back = visitor.post("/sign-in", form)
    assert back.headers["Location"] == "/me/absences"
    with store.read() as session:
        draft = session.scalars(select(Draft)).one()
    assert draft.place == "task:7"
    assert draft.typed == {
        "home_page": "https://shop.example.com",
        "items": [{"what": "首焦图"}],
        "_comment": "请看 B 版",
    }
    assert "刚才填的都还在" in visitor.get("/me/absences").text


def test_kept_words_survive_a_mistyped_password(visit_as: VisitAs) -> None:
    visitor = visit_as()
    visitor.get("/sign-in")
    answer = visitor.post(
        "/sign-in", {"login": "linxiaolan", "password": "no", "kept": '{"a": "写了很久"}', "kept_place": "p"}
    )
    assert "写了很久" in answer.text


def test_own_device_stays_signed_in_for_a_week(visit_as: VisitAs, clock: Clock) -> None:
    visitor = visit_as()
    visitor.sign_in("linxiaolan", PASSWORD, keep="1")
    clock.forward(days=6)
    assert visitor.get("/more").status_code == 200
    clock.forward(days=2)
    assert visitor.get("/more").status_code == 302


def test_a_session_without_use_ends(visit_as: VisitAs, clock: Clock) -> None:
    visitor = visit_as()
    visitor.sign_in("linxiaolan", PASSWORD)
    for _ in range(3):
        clock.forward(minutes=20)
        assert visitor.get("/more").status_code == 200, "using it keeps it alive"
    clock.forward(minutes=31)
    assert visitor.get("/more").status_code == 302


def test_a_reset_link_sets_a_password_once(visit_as: VisitAs, store: Database, clock: Clock) -> None:
    with store.write() as session:
        token = issue_reset(
            session, session.scalars(select(Person.id).where(Person.login == "wangzihan")).one(), clock()
        )
    visitor = visit_as()
    page = visitor.get(f"/reset/{token}")
    assert "王梓涵，给自己设一个新密码。" in page.text
    new = "quiet-otters-eat-late"
    weak = visitor.post(f"/reset/{token}", {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert "密码至少 12 个字符" in weak.text
    unequal = visitor.post(f"/reset/{token}", {"password": new, "again": new + "r"})
    assert unequal.status_code == 422
    assert "两次输入的密码不一样" in unequal.text
    assert visitor.post(f"/reset/{token}", {"password": new, "again": new}).headers["Location"] == "/sign-in"
    assert visitor.post(f"/reset/{token}", {"password": new, "again": new}).status_code == 404
    assert visitor.sign_in("wangzihan", new).status_code == 302


def test_the_first_administrator(visit_as: VisitAs, store: Database, clock: Clock) -> None:
    assert visit_as().get("/first-administrator").headers["Location"] == "/sign-in", "there is one already"
    with store.write() as session:
        for person in session.scalars(select(Person).where(Person.administrator)):
            person.administrator = False
        session.flush()
        token = issue_setup_token(session, clock())
    visitor = visit_as()
    assert "还没有管理员" in visitor.get("/sign-in").text
    form = {
        "token": "x",
        "login": "anna",
        "name": "安娜",
        "password": "seven-green-kettles",
        "again": "seven-green-kettles",
    }
    assert visitor.post("/first-administrator", form).status_code == 404
    bad = visitor.post("/first-administrator", {**form, "token": token or "", "password": "short", "again": "short"})
    assert bad.status_code == 422
    assert 'value="安娜"' in bad.text
    assert visitor.post("/first-administrator", {**form, "token": token or ""}).headers["Location"] == "/sign-in"
    assert visitor.sign_in("anna", "seven-green-kettles").status_code == 302
    with store.read() as session:
        assert session.scalars(select(SetupToken.used_at)).one() is not None


def test_a_temporary_password_must_be_changed_first(visit_as: VisitAs, store: Database) -> None:
    with store.write() as session:
        session.scalars(select(Person).where(Person.login == "wangzihan")).one().must_change_password = True
    visitor = visit_as("wangzihan")
    assert visitor.get("/work").headers["Location"] == "/me/password"
    assert "先换成你自己的" in visitor.get("/me/password").text
    new = "quiet-otters-eat-late"
    visitor.post("/me/password", {"present": PASSWORD, "password": new, "again": new})
    assert visitor.get("/work").status_code == 200


def test_sample_accounts_are_listed_in_the_demo_only(visit_as: VisitAs, store: Database, clock: Clock) -> None:
    page = visit_as().get("/sign-in?sample=linxiaolan").text
    assert "演示账号" in page
    assert 'value="linxiaolan"' in page
    assert "林晓岚" in page
    real = create_app(settings_for(str(store.engine.url), demo=False, base_url="https://flows.example.com",
                                   secret_key="kJ3-9fh2LqPz_77aWc0vXsYtRe5uIoMn"), store, clock)  # fmt: skip
    answer = real.test_client().get("/sign-in?sample=linxiaolan", base_url="https://flows.example.com")
    assert "演示账号" not in answer.text
    assert 'value="linxiaolan"' not in answer.text
    assert real.test_client().get("/demo/mails", base_url="https://flows.example.com").status_code == 404


def test_an_unsafe_service_does_not_start(store: Database) -> None:
    with pytest.raises(ConfigurationError):
        create_app(settings_for(str(store.engine.url), demo=False), store)


def test_english_for_somebody_not_signed_in(visit_as: VisitAs) -> None:
    visitor = visit_as()
    assert visitor.get("/language/en").headers["Location"] == "/sign-in"
    page = visitor.get("/sign-in")
    assert 'lang="en"' in page.text
    assert "Password" in page.text


def test_the_ticket_is_stored_as_a_digest_only(visit_as: VisitAs, store: Database) -> None:
    visitor = visit_as()
    visitor.sign_in("linxiaolan", PASSWORD)
    ticket = visitor.client.get_cookie("ticket")
    assert ticket is not None
    with store.read() as session:
        stored = set(session.scalars(select(WorkSession.token_hash)))
    assert ticket.value not in stored
