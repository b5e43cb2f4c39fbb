"""Every address, called by everybody: `authorization_matrix.csv` says what each gets (reliability.md R8).

A new endpoint without a row fails here, and the message has the row as it is now, to be judged and added.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from web.contents import contents
from web.visitor import Visitor
from workflows.db import Database, new_id

VisitAs = Callable[..., Visitor]
FILE = Path(__file__).parent / "authorization_matrix.csv"
ROLES = {
    "nobody": "",
    "outsider": "panyue",  # marketing: no part in the shop
    "specialist": "wangzihan",  # the task is offered to their position
    "supervisor": "linxiaolan",  # started the case, leads a team
    "hr": "guqing",
    "auditor": "hanwenbo",
    "administrator": "luoyong",
}
COUNTS_FAILURES = {"signin.enter", "me.change_password"}
POSITION = dict.fromkeys(
    (
        "admin_positions.show",
        "figures.position",
        "figures.template",
        "scorecards.show",
        "scorecards.trying",
        "scorecards.tried",
    ),
    "operations_specialist",
)


@cache
def expected() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {f"{row['endpoint']} {row['method']}": row for row in csv.DictReader(lines)}


def endpoints(site: Flask) -> dict[str, str]:
    """Every address of the screens: its rule by endpoint and method."""
    return {
        f"{rule.endpoint} {method}": rule.rule
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/api/")
    }


def address(endpoint: str, rule: str, things: dict[str, str]) -> str:
    values = {
        "period": "2026-10",
        "position": "operations_specialist",
        **things,
        **({"key": POSITION[endpoint]} if endpoint in POSITION else {}),
    }
    if endpoint == "bootstrap.static":
        values["filename"] = "css/bootstrap.min.css"
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule)


@pytest.fixture
def ask(
    site: Flask, visit_as: VisitAs, things: dict[str, str], store: Database, fresh_store: Callable[[], None]
) -> Callable[[str], dict[str, str]]:
    """What everybody gets at an endpoint, by role. Each sends a form with a key and nothing else to a company of their own; who is refused changes
    nothing."""

    def found(named: str) -> dict[str, str]:
        endpoint, method = named.split()
        path = address(endpoint, endpoints(site)[named], things)
        before = contents(store) if method != "GET" else {}
        answers = {}
        for role, login in ROLES.items():
            if method != "GET":
                fresh_store()
            visitor = visit_as(login)
            answer = visitor.get(path) if method == "GET" else visitor.post(path, {"_key": str(new_id())})
            answers[role] = str(answer.status_code)
            answer.close()
            if method != "GET" and answer.status_code >= 400 and endpoint not in COUNTS_FAILURES:
                assert contents(store) == before, f"{role} was refused, and something changed all the same"
        return answers

    return found


@pytest.mark.parametrize("named", expected())
def test_everybody_gets_what_the_matrix_says(ask: Callable[[str], dict[str, str]], named: str) -> None:
    row = expected()[named]
    assert ask(named) == {role: row[role] for role in ROLES}


def test_every_endpoint_stands_in_the_matrix(site: Flask, ask: Callable[[str], dict[str, str]]) -> None:
    missing = sorted(set(endpoints(site)) - set(expected()))
    rows = [",".join([*named.split(), *ask(named).values()]) for named in missing]
    assert rows == [], "judge these and add them to the matrix:\n" + "\n".join(rows)


def test_the_matrix_names_only_endpoints_that_exist(site: Flask) -> None:
    assert set(expected()) - set(endpoints(site)) == set()


@pytest.mark.parametrize("role", ["nobody", "outsider", "auditor"])
def test_nobody_without_the_right_gets_through(role: str) -> None:
    """Read from the matrix itself, so that no row is ever written down as allowed by mistake."""
    for row in expected().values():
        if row["method"] == "POST" and row["endpoint"].startswith(("admin_", "tasks.", "case.")):
            assert int(row[role]) >= 400, row
