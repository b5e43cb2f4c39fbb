"""Rows changed by a form stand under the rules of an import."""

from __future__ import annotations

from datetime import datetime

import pytest

from org.conftest import NOW, TODAY
from workflows.db import Database
from workflows.errors import InvalidInput
from workflows.org.importing.columns import ASSIGNMENTS, PEOPLE, UNITS, SheetKind
from workflows.org.importing.editing import save_rows
from workflows.org.loading import load_organisation
from workflows.org.organisation import Organisation


def save(database: Database, kind: SheetKind, *rows: dict[str, str]) -> Organisation:
    with database.write() as session:
        save_rows(session, kind, rows, TODAY, NOW)
    with database.read() as session:
        return load_organisation(session)


def test_a_person_is_added_moved_and_let_go(company: Database, now: datetime) -> None:
    people = save(company, PEOPLE, {"login": "new", "name": "新人", "unit": "design", "manager": "tangke"})
    new = people.by_login("new")
    assert people.manager_of(new.id) == people.by_login("tangke").id
    people = save(company, PEOPLE, {"login": "new", "name": "新人", "unit": "sales"})
    assert people.by_login("new").unit == "sales"
    assert people.manager_of(new.id) == people.by_login("tangke").id
    people = save(company, PEOPLE, {"login": "new", "name": "新人", "left_on": TODAY.isoformat()})
    assert new.id not in people.active


def test_positions_of_a_person_come_together(company: Database) -> None:
    people = save(
        company,
        ASSIGNMENTS,
        {"login": "wangzihan", "position": "content_specialist", "appraised": "yes"},
        {"login": "wangzihan", "position": "operations_specialist", "appraised": "no"},
    )
    wang = people.by_login("wangzihan")
    assert set(wang.positions) == {"content_specialist", "operations_specialist"}
    assert wang.appraised_position == "content_specialist"
    assert people.by_login("sunyutong").positions == ("operations_specialist",)


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        (PEOPLE, {"login": "new", "name": ""}, "name"),
        (PEOPLE, {"name": "新人"}, "login"),
        (PEOPLE, {"login": "new", "name": "新人", "manager": "nobody"}, "manager"),
        (PEOPLE, {"login": "zhoumingyuan", "name": "周明远", "manager": "wangzihan"}, "manager"),
        (PEOPLE, {"login": "new", "name": "新人", "salary": "1"}, "salary"),
        (UNITS, {"key": "operations", "zh": "运营部", "en": "Operations", "parent": "data_analysis"}, "parent"),
    ],
)
def test_a_fault_stands_at_its_field(company: Database, kind: SheetKind, row: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(company, kind, row)
    assert list(refused.value.fields) == [field]
