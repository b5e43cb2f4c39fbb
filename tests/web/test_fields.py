"""Forms of processes: what was typed comes in and comes back, rows come and go, nobody slips anything in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from workflows.definition.model import Choice, Field
from workflows.errors import Text
from workflows.web.components import Option
from workflows.web.drafts import typed_of_form
from workflows.web.fields import MOST_ROWS, Surroundings, field_views, problems, read_typed, turn_rows, unknown_names


def field(name: str, kind: Any = "text", **more: Any) -> Field:
    return Field(name, kind, Text(f"标题 {name}", f"Title {name}"), **more)


ITEMS = field("items", "table", columns=(field("what"), field("due", "date")))
FIELDS = (field("shop"), field("tags", "choices"), ITEMS, field("shots", "files"))
FORM = MultiDict(
    [("shop", "二楼\r\n旗舰店"), ("tags", "a"), ("tags", "b"), ("items.0.what", "首焦图"), ("items.0.due", "2026-12-01"),
     ("items.2.what", "话术"), ("owner", "me"), ("_key", "k"), ("csrf_token", "t")]
)  # fmt: skip


def test_only_what_was_asked_for_is_read() -> None:
    assert read_typed(FIELDS, FORM) == {
        "shop": "二楼\n旗舰店",
        "tags": ["a", "b"],
        "items": [{"what": "首焦图", "due": "2026-12-01"}, {"what": "话术", "due": ""}],
    }
    assert read_typed((field("missing"),), FORM) == {}


def test_names_that_nobody_asked_for_are_named() -> None:
    assert unknown_names(FIELDS, FORM, frozenset({"_key", "csrf_token"})) == ["owner"]


def test_a_draft_is_the_same_form_without_its_definition() -> None:
    draft = typed_of_form(FORM)
    assert draft == {
        "shop": "二楼\r\n旗舰店", "tags": ["a", "b"], "owner": "me",
        "items": [{"what": "首焦图", "due": "2026-12-01"}, {"what": "话术"}],
    }  # fmt: skip


def test_passwords_are_never_kept() -> None:
    assert typed_of_form(MultiDict([("password", "x"), ("new_password", "y"), ("_comment", "好")])) == {
        "_comment": "好"
    }


TYPED = {"items": [{"what": "一"}, {"what": "二"}, {"what": "三"}], "shop": "二楼"}


@pytest.mark.parametrize(
    ("command", "rows"),
    [
        ("add:items", ["一", "二", "三", None]), ("drop:items:2", ["一", "三"]), ("drop:items:0", ["一", "二", "三"]),
        ("drop:items:4", ["一", "二", "三"]), ("drop:items:x", ["一", "二", "三"]), ("add:nothing", ["一", "二", "三"]),
        ("drop:shop:1", ["一", "二", "三"]), ("keep", ["一", "二", "三"]), ("", ["一", "二", "三"]),
    ],
)  # fmt: skip
def test_rows_come_and_go_and_everything_else_stays(command: str, rows: list[str | None]) -> None:
    turned = turn_rows(TYPED, command)
    assert [row.get("what") for row in turned["items"]] == rows
    assert turned["shop"] == "二楼"


def test_a_table_ends_somewhere() -> None:
    full = {"items": [{}] * MOST_ROWS}
    assert turn_rows(full, "add:items") == full
    many = MultiDict([(f"items.{n}.what", "x") for n in range(MOST_ROWS + 50)])
    assert len(read_typed((ITEMS,), many)["items"]) == MOST_ROWS


@given(st.text(max_size=40))
def test_no_command_breaks_the_form(command: str) -> None:
    assert turn_rows(TYPED, command)["shop"] == "二楼"


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=8))
def test_no_form_breaks_the_reading(form: dict[str, str]) -> None:
    sent = MultiDict(form)
    assert set(read_typed(FIELDS, sent)) <= {"shop", "tags", "items"}
    typed_of_form(sent)


def test_views_are_filled_and_marked() -> None:
    errors = {"shop": [Text("还没填", "Missing")], "items.1.due": [Text("没有这天", "No such day")]}
    around = Surroundings("zh")
    views = field_views(FIELDS, read_typed(FIELDS, FORM), around, errors)
    shop, tags, items, _shots = views
    assert (shop.value, shop.errors, shop.id) == ("二楼\n旗舰店", ("还没填",), "f-shop")
    assert tags.values == ("a", "b")
    assert items.rows[1][1].errors == ("没有这天",)
    assert [(p.label, p.text, p.anchor) for p in problems(views)] == [
        ("标题 shop", "还没填", "f-shop"), ("标题 items 2, 标题 due", "没有这天", "f-items-1-due"),
    ]  # fmt: skip


def test_options_of_choices_people_and_ratings() -> None:
    people = (Option("1", "林晓岚"),)
    around = Surroundings(
        "en",
        people,
        choosable={"deputy": ()},
        quarters=(Option("2026-Q3", "Q3"),),
        positions=(Option("data_analyst", "Data analyst"),),
    )
    colour = field("c", "choice", choices=(Choice("red", Text("红", "Red")),))
    fields = (colour, field("who", "person"), field("deputy", "person"), field("q", "quarter"),
              field("stars", "rating"), field("marks", "rating", min="0", max="10"), field("role", "position"))  # fmt: skip
    options = [view.options for view in field_views(fields, {}, around)]
    assert options[0] == (Option("red", "Red"),)
    assert options[1] == people
    assert options[2] == ()
    assert [option.value for option in options[3]] == ["2026-Q3"]
    assert [option.value for option in options[4]] == ["1", "2", "3", "4", "5"]
    assert options[5] == (), "more than five marks are typed"
    assert options[6] == (Option("data_analyst", "Data analyst"),)


def test_a_date_can_be_chosen_from_and_until_a_day() -> None:
    dates = (
        field("came", "date", max="today"),
        field("planned", "date", min="today"),
        field("year", "date", min="2026-01-01"),
    )
    views = field_views(dates, {}, Surroundings("zh", today="2026-11-16"))
    assert [(view.least, view.most) for view in views] == [("", "2026-11-16"), ("2026-11-16", ""), ("2026-01-01", "")]
