"""Who gets through the door for programs, and how tokens are made and ended."""

from __future__ import annotations

import csv
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.program import ADDRESS, Service, faults, figure
from workflows.api.tokens import LONGEST, tokens
from workflows.cli import main
from workflows.db import Database
from workflows.errors import InvalidInput, NotFound
from workflows.org.sessions import hash_token

MATRIX = Path(__file__).parent / "authorization_matrix.csv"


def of_nobody(_service: Service) -> str:
    return ""


def unknown(_service: Service) -> str:
    return "Bearer workflows_0123456789"


def wrong_scheme(service: Service) -> str:
    return f"Basic {service.token}"


def expired(service: Service) -> str:
    token = service.new_token("short", days=1)
    service.now += timedelta(days=1)
    return f"Bearer {token}"


def revoked(service: Service) -> str:
    service.revoke("erp")
    return f"Bearer {service.token}"


def owner_left(service: Service) -> str:
    service.change_person("gu", left_on=service.now.date())
    return f"Bearer {service.token}"


def owner_without_right(service: Service) -> str:
    return f"Bearer {service.new_token('shop', owner='supervisor')}"


def narrow(service: Service) -> str:
    return f"Bearer {service.new_token('narrow', 'uv')}"


def valid(service: Service) -> str:
    return f"Bearer {service.token}"


HOLDERS: dict[str, Callable[[Service], str]] = {
    "nothing": of_nobody, "wrong_scheme": wrong_scheme, "unknown": unknown, "expired": expired, "revoked": revoked, "owner_left": owner_left,
    "owner_without_right": owner_without_right, "narrow": narrow, "valid": valid,
}  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS)
def test_everybody_gets_what_the_matrix_says(service: Service, holder: str) -> None:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sent = {"Authorization": HOLDERS[holder](service)}
    for row in rows:
        answer = service.client.open(row["endpoint"], method=row["method"], json=[figure()], headers=sent)
        assert str(answer.status_code) == row[holder], row
        if answer.status_code >= 400:
            faults(answer)
        if answer.status_code == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert bool(service.values("sales")) is (holder == "valid")


def test_the_matrix_names_every_address(service: Service) -> None:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        named = {row["endpoint"] for row in csv.DictReader(lines)}
    rules = {rule.rule for rule in service.app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert named == rules - {"/api/v1/<path:address>"} | {"/api/v1/anything"}


def test_a_narrow_token_writes_its_figures_and_no_others(service: Service) -> None:
    token = service.new_token("narrow", "uv", "category")
    assert service.send(figure(name="uv", value="3"), token=token).status_code == 200
    answer = service.send(figure(name="uv", value="4"), figure(), token=token)
    assert answer.status_code == 403
    assert faults(answer) == [(1, "figure", "This token may not send this figure.")]
    assert service.values("uv") == ["3 api gu"]


def test_no_program_overrules_what_cases_say(service: Service) -> None:
    service.count("wang", "sales_target", "4000000")
    assert service.send(figure(name="sales_target", value="4000000")).status_code == 200
    answer = service.send(figure(), figure(name="sales_target", value="1"))
    assert answer.status_code == 422
    assert [(index, field) for index, field, _ in faults(answer)] == [(1, "figure")]
    assert service.values("sales") == []


def test_an_administrator_answers_for_no_figures(service: Service) -> None:
    assert service.send(figure(), token=service.new_token("admin", owner="admin")).status_code == 403


def test_nobody_sends_figures_of_their_own(service: Service) -> None:
    answer = service.send(figure("gu"))
    assert answer.status_code == 422
    assert [(index, field) for index, field, _ in faults(answer)] == [(0, "person")]


def test_the_database_knows_no_token(service: Service) -> None:
    row = service.token_row("erp")
    assert (row.token_hash, row.created_by, row.figures) == (hash_token(service.token), None, None)
    assert service.token.startswith("workflows_")
    assert len(service.token) > 50


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "erp"}),
        ("owner", {"owner": "nobody"}),
        ("days", {"days": 0}),
        ("days", {"days": LONGEST.days + 1}),
    ],
)
def test_a_token_that_is_not_made(service: Service, field: str, given: dict[str, object]) -> None:
    values: dict[str, object] = {"name": "new", "owner": "gu", "days": 30, **given}
    with pytest.raises(InvalidInput) as refused:
        service.new_token(str(values["name"]), owner=str(values["owner"]), days=int(str(values["days"])))
    assert list(refused.value.fields) == [field]


def test_an_unknown_figure_is_not_allowed_and_the_nearest_is_named(service: Service) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.new_token("new", "sales", "uvv")
    assert [str(text) for text in refused.value.fields["figures"]] == ["There is no figure `uvv`. Did you mean `uv`?"]


def test_a_name_is_used_once_and_ended_once(service: Service) -> None:
    service.revoke("erp")
    with pytest.raises(NotFound):
        service.revoke("erp")
    with pytest.raises(InvalidInput):
        service.new_token("erp")
    with service.database.read() as session:
        assert [(token.name, token.state) for token in tokens(session, service.now)] == [("erp", "revoked")]


# ---- what must not come out --------------------------------------------------------------------------------------


def test_neither_tokens_nor_figures_stand_in_the_log(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        service.send(figure(value="91827.36"))
        service.send(figure("nobody at all", value="91827.36"))
        with service.database.write() as session:
            session.execute(text("DROP TABLE figure_value"))
        answer = service.send(figure(value="91827.36"), key="one")
    assert answer.status_code == 500
    body = answer.json or {}
    assert faults(answer) == []
    assert body["reference"] in caplog.text
    assert "figure_value" not in answer.text
    for secret in (service.token, "91827.36", "nobody at all"):
        assert secret not in "".join(record.getMessage() for record in caplog.records)


def test_two_calls_with_one_key_at_one_moment_write_once(service: Service) -> None:
    together = threading.Barrier(4)
    answers: list[tuple[int, object]] = []

    def call() -> None:
        client = service.app.test_client()
        together.wait()
        headers = {"Authorization": f"Bearer {service.token}", "Idempotency-Key": "once"}
        answer = client.post(ADDRESS, json=[figure(), figure("zhang")], headers=headers)
        answers.append((answer.status_code, answer.json))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(200, {"received": 2, "new": 2, "changed": 0, "unchanged": 0})] * 4
    assert len(service.values("sales")) == 2


# ---- the command line --------------------------------------------------------------------------------------------


def test_administrators_make_list_and_revoke_tokens(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = service.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)

    def workflows(*arguments: str) -> tuple[int, str, str]:
        code = main(["token", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    code, made, warned = workflows("add", "shop system", "--owner", "hr", "--figures", "sales, uv")
    assert (code, "shown this once" in warned) == (0, True)
    assert workflows("list")[1].splitlines()[1].split("\t")[::2] == ["shop system", "hr", "从未使用 · never used"]
    service.now = datetime.now(UTC)  # the command line has no other clock
    assert service.post(b"[]", token=made.strip()).status_code == 422
    assert "Did you mean `paid_orders`" in workflows("add", "x", "--owner", "hr", "--figures", "paid_orderz")[2]
    assert workflows("add", "x", "--owner", "hr")[0] == 1
    assert workflows("revoke", "shop system")[0] == 0
    assert service.post(b"[]", token=made.strip()).status_code == 401
    assert "revoked" in workflows("list")[1]
    assert workflows("revoke", "shop system")[0] == 1


def test_the_list_of_none_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    assert main(["token", "list"]) == 0
    assert "no tokens" in capsys.readouterr().err
