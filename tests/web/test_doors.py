"""One transaction per request, rules declared for every endpoint, headers on every answer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from web.conftest import PASSWORD, Clock, settings_for
from web.contents import contents
from web.visitor import Visitor
from workflows.app import create_app
from workflows.db import Database
from workflows.http import ANYONE, allow, rule_of, visit
from workflows.org.accounts_tables import WorkSession
from workflows.org.tables import Person
from workflows.web.security import POLICY

VisitAs = Callable[..., Visitor]
SECURE = {"demo": False, "base_url": "https://flows.example.com", "secret_key": "kJ3-9fh2LqPz_77aWc0vXsYtRe5uIoMn"}


# ---- rules -------------------------------------------------------------------------------------------------------


def test_every_endpoint_declares_who_may_call_it(site: Flask) -> None:
    open_doors = [
        f"{rule.endpoint} {method}"
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule_of(site, rule.endpoint, method) is None
    ]
    assert open_doors == []


def test_an_endpoint_without_a_rule_is_closed(store: Database, clock: Clock) -> None:
    app = create_app(settings_for(str(store.engine.url)), store, clock)
    app.add_url_rule("/forgotten-rule", "forgotten_rule", lambda: "open to all")
    answer = app.test_client().get("/forgotten-rule")
    assert answer.status_code == 403
    assert "open to all" not in answer.text


# ---- transactions ------------------------------------------------------------------------------------------------


@pytest.fixture
def workshop(store: Database, clock: Clock) -> Flask:
    """The service with views that write, to see what stays."""
    app = create_app(settings_for(str(store.engine.url)), store, clock)
    app.config["WTF_CSRF_ENABLED"] = False

    def rename(answer: object) -> object:
        visit().session.execute(text("UPDATE person SET name = 'renamed' WHERE login = 'linxiaolan'"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    for name, answer, keep in (
        ("fine", ("done", 200), False), ("refused", ("no", 422), False), ("kept", ("no", 401), True),
        ("broken", ZeroDivisionError("oops <script>"), False),
    ):  # fmt: skip
        view = allow(ANYONE, keep=keep)(lambda answer=answer: rename(answer))  # type: ignore[misc]
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    return app


def name_in(store: Database) -> str:
    with store.read() as session:
        return str(session.scalar(select(Person.name).where(Person.login == "linxiaolan")))


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [("/fine", 200, "renamed"), ("/refused", 422, "林晓岚"), ("/kept", 401, "renamed"), ("/broken", 500, "林晓岚")],
)
def test_returning_commits_and_errors_roll_back(
    workshop: Flask, store: Database, path: str, status: int, name: str
) -> None:
    assert workshop.test_client().post(path).status_code == status
    assert name_in(store) == name


def test_a_get_cannot_write(workshop: Flask, store: Database) -> None:
    assert workshop.test_client().get("/fine").status_code == 500
    assert name_in(store) == "林晓岚"


def test_an_unforeseen_error_shows_a_reference_and_nothing_else(
    workshop: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = workshop.test_client().post("/broken", data={"note": "一段写了很久的话"})
    reference = re.search(r"<code>([0-9a-f]{10})</code>", answer.text)
    assert reference
    assert reference[1] in caplog.text
    assert "oops" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "一段写了很久的话" in answer.text


def test_a_failed_submission_says_whether_it_was_done(workshop: Flask) -> None:
    page = workshop.test_client().post("/broken", data={"_key": str(uuid.uuid4())}).text
    assert "没有办成，可以再试一次" in page


def test_no_get_of_any_page_changes_what_people_wrote(site: Flask, visit_as: VisitAs, store: Database) -> None:
    """GET writes nothing but `session`, `seen`, `task_opening` and `access_log` (design.md §7)."""
    own = {"work_session", "seen", "task_opening", "access_log"}
    before = contents(store, *own)
    for login in ("linxiaolan", "luoyong", "hanwenbo"):
        visitor = visit_as(login)
        for rule in site.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments:
                assert visitor.get(rule.rule).status_code in {200, 302, 403} or rule.endpoint == "health.ready", (
                    rule.rule
                )
    assert contents(store, *own) == before


def test_a_used_session_is_touched_once_a_minute(visit_as: VisitAs, clock: Clock, store: Database) -> None:
    visitor = visit_as("linxiaolan")

    def seen() -> object:
        with store.read() as session:
            mine = select(WorkSession.last_seen_at).join(Person, Person.id == WorkSession.person_id)
            return session.scalar(mine.where(Person.login == "linxiaolan"))

    first = seen()
    clock.forward(seconds=30)
    visitor.get("/more")
    assert seen() == first
    clock.forward(seconds=40)
    visitor.get("/more")
    assert seen() == clock.now


def test_rights_are_those_of_this_moment(visit_as: VisitAs, store: Database) -> None:
    visitor = visit_as("luoyong")
    assert visitor.get("/admin/people").status_code == 200
    with store.write() as session:
        session.execute(text("UPDATE person SET administrator = false WHERE login = 'luoyong'"))
        session.execute(
            text("UPDATE version SET stamp = :stamp WHERE name = 'organisation'"), {"stamp": uuid.uuid4().hex}
        )
    assert visitor.get("/admin/people").status_code == 403


def test_an_unreachable_database_is_a_sentence() -> None:
    app = create_app(settings_for("postgresql://nobody@127.0.0.1:1/nothing"))
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert "数据库暂时无法使用" in answer.text
    assert answer.headers["Retry-After"] == "30"


# ---- what every answer carries -----------------------------------------------------------------------------------

PAGES = ["/sign-in", "/more", "/nope", "/static/app.css", "/healthz"]


@pytest.mark.parametrize("path", PAGES)
def test_headers_of_every_answer(visit_as: VisitAs, path: str) -> None:
    answer = visit_as("linxiaolan").get(path)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    lasting = path.startswith("/static")
    assert ("no-store" in answer.headers["Cache-Control"]) != lasting
    answer.close()


def test_no_inline_style_or_script_anywhere(site: Flask, visit_as: VisitAs) -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.I)
    visitor = visit_as("luoyong")
    for rule in site.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            answer = visitor.get(rule.rule)
            if answer.mimetype == "text/html":
                assert inline.findall(answer.text) == [], rule.rule


def test_cookies_of_a_real_service(store: Database, clock: Clock) -> None:
    app = create_app(settings_for(str(store.engine.url), **SECURE), store, clock)
    visitor = Visitor(app.test_client())
    base = {"base_url": "https://flows.example.com", "headers": {"Referer": "https://flows.example.com/sign-in"}}
    visitor.get("/sign-in", **base)
    answer = visitor.post("/sign-in", {"login": "linxiaolan", "password": PASSWORD}, **base)
    assert answer.status_code == 302
    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "__Host-ticket" in cookies
    for line in cookies.values():
        assert "; Secure" in line
        assert "; HttpOnly" in line
        assert "; SameSite=Lax" in line
        assert "; Path=/" in line
        assert "Domain" not in line
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_foreign_host_is_refused(site: Flask) -> None:
    assert site.test_client().get("/sign-in", base_url="http://evil.example").status_code == 400


# ---- forms -------------------------------------------------------------------------------------------------------


def unsafe_paths(site: Flask) -> list[str]:
    paths = []
    for rule in site.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            values = {
                name: str(uuid.uuid4()) if "UUID" in repr(converter) else "x"
                for name, converter in rule._converters.items()
            }
            path = rule.rule
            for name, value in values.items():
                path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
            paths.append(path)
    return paths


def test_no_form_without_its_token(site: Flask, visit_as: VisitAs, store: Database) -> None:
    before = contents(store, "work_session")
    for path in unsafe_paths(site):
        answer = visit_as("luoyong").client.post(path, data={"name": "x"})
        assert answer.status_code == 400, path
    assert contents(store, "work_session") == before


def test_no_form_from_another_site(site: Flask, visit_as: VisitAs) -> None:
    for path in unsafe_paths(site):
        for site_said in ("cross-site", "same-site"):
            assert visit_as("luoyong").post(path, headers={"Sec-Fetch-Site": site_said}).status_code == 403, path


def test_a_token_that_is_gone_offers_the_form_again(visit_as: VisitAs) -> None:
    form = {"csrf_token": "old", "first_day": "2026-12-01", "reason": "去外地探亲"}
    answer = visit_as("linxiaolan").client.post("/me/absences", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "去外地探亲" in answer.text
    assert 'name="first_day" value="2026-12-01"' in answer.text
    assert "再提交一次" in answer.text


def test_too_large_a_request_is_a_page(visit_as: VisitAs) -> None:
    answer = visit_as("linxiaolan").post("/me/absences", {"reason": "x" * (41 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "一次最多上传 40 MB" in answer.text


def test_not_found_searches_with_what_was_asked_for(visit_as: VisitAs) -> None:
    answer = visit_as("linxiaolan").get("/cases/TG-2026-0412")
    assert answer.status_code == 404
    assert 'value="TG-2026-0412"' in answer.text
    english = visit_as("linxiaolan")
    english.post("/me/language", {"language": "en"})
    assert "Not found" in english.get("/nope").text


def test_scripts_get_json(visit_as: VisitAs) -> None:
    answer = visit_as().client.get("/nope", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json == {"code": "404", "said": "没有这个地址，或者你不能看。"}


def test_health(visit_as: VisitAs) -> None:
    assert visit_as().get("/healthz").json == {"status": "ok"}
    silent = visit_as().get("/readyz")
    assert silent.status_code == 503
    assert silent.json == {"status": "silent", "scheduler_heartbeat_age": None}
