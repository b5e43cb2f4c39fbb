"""What is typed about lines of a scorecard: nothing of it is lost, and only what was meant is handed in."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from workflows.definition.model import Field
from workflows.errors import Text
from workflows.web import lines_typed
from workflows.web.drafts import typed_of_form
from workflows.web.lines_typed import handed_in, is_of_lines, read_lines, typed_lines

DISPUTED = Field("disputed", "lines", Text("争议", "Disputed"), of="scorecard", give=("figures", "files"))
JUDGEMENT = Field("judgement", "lines", Text("评定", "Judgement"), of="scorecard", give=("score", "waive"))
RULING = Field(
    "ruling", "lines", Text("裁定", "Ruling"), of="card", only="disputed", give=("verdict", "figures", "files")
)

POSTED = MultiDict(
    [
        ("disputed.seen", "c81e04"),
        ("disputed.sales.on", "1"),
        ("disputed.sales.figures.sales", " 4,318,600 "),
        ("disputed.sales.figures.sales_target", ""),
        ("disputed.sales.reason", "平台补贴没有计入。\r\n8 月计入了。"),
        ("disputed.sales.files", "11111111-1111-7111-8111-111111111111"),
        ("disputed.uv_growth.reason", "写了一半"),
        ("disputed.uv_growth.colour", "red"),
        ("items.0.title", "表格的一行"),
        ("note", "别的字段"),
    ]
)


def read() -> dict[str, Any]:
    return read_lines("disputed", POSTED)


def test_a_form_is_read_whole() -> None:
    assert read() == {
        "seen": "c81e04",
        "lines": {
            "sales": {
                "on": True,
                "figures": {"sales": "4,318,600", "sales_target": ""},
                "reason": "平台补贴没有计入。\n8 月计入了。",
                "files": ["11111111-1111-7111-8111-111111111111"],
            },
            "uv_growth": {"reason": "写了一半"},
        },
    }


def test_what_is_not_ticked_stays_in_the_draft_only() -> None:
    assert handed_in(DISPUTED, read()) == {
        "seen": "c81e04",
        "lines": {
            "sales": {
                "figures": {"sales": "4,318,600"},
                "reason": "平台补贴没有计入。\n8 月计入了。",
                "files": ["11111111-1111-7111-8111-111111111111"],
            }
        },
    }


def test_a_ticked_line_that_says_nothing_is_named() -> None:
    typed = {"seen": None, "lines": {"sales": {"on": True, "reason": " "}, "pages": {"reason": "x"}}}
    assert lines_typed.empty_ticks(DISPUTED, typed) == ["sales"]
    assert lines_typed.empty_ticks(RULING, typed) == []


def test_a_judgement_hands_in_the_lines_of_which_something_is_said_and_what_was_seen() -> None:
    typed = {
        "seen": "ab12",
        "lines": {"sales": {"score": "", "reason": ""}, "pages": {"waive": True, "reason": "假期"}},
    }
    assert handed_in(JUDGEMENT, typed) == {"seen": "ab12", "lines": {"pages": {"waive": True, "reason": "假期"}}}


def test_a_ruling_has_no_ticks() -> None:
    typed = {"seen": None, "lines": {"sales": {"verdict": "keep", "reason": "有依据"}}}
    assert handed_in(RULING, typed) == typed


def test_nothing_at_all_is_handed_in_as_nothing() -> None:
    assert handed_in(DISPUTED, {"seen": None, "lines": {}}) is None
    assert handed_in(DISPUTED, None) is None


def test_a_judgement_of_nothing_still_says_what_was_seen() -> None:
    assert handed_in(JUDGEMENT, {"seen": "ab12", "lines": {}}) == {"seen": "ab12", "lines": {}}


def test_what_was_stored_is_typed_again() -> None:
    stored = {"seen": "ab12", "lines": {"sales": {"figures": {"sales": "1.5"}, "reason": "少计"}}}
    assert typed_lines(stored)["lines"]["sales"] == {"on": True, "figures": {"sales": "1.5"}, "reason": "少计"}
    assert typed_lines(None) == {"seen": None, "lines": {}}


def test_a_draft_saved_by_itself_has_the_same_shape() -> None:
    draft = typed_of_form(POSTED)
    assert draft["disputed"] == read()
    assert draft["items"] == [{"title": "表格的一行"}]
    assert draft["note"] == "别的字段"


def test_a_table_is_no_line() -> None:
    assert [name for name in POSTED if not is_of_lines(name)] == ["items.0.title", "note"]


def test_no_form_is_read_without_end() -> None:
    many = MultiDict([(f"disputed.line{n}.reason", "x") for n in range(1000)])
    assert len(read_lines("disputed", many)["lines"]) == lines_typed.MOST_LINES
    figures = MultiDict([(f"disputed.sales.figures.f{n}", "1") for n in range(1000)])
    assert len(read_lines("disputed", figures)["lines"]["sales"]["figures"]) == lines_typed.MOST_FIGURES


def test_files_come_and_go_by_their_line() -> None:
    typed = lines_typed.with_file(read(), "uv_growth", ["2"])
    assert lines_typed.files_in(typed) == ["11111111-1111-7111-8111-111111111111", "2"]
    assert lines_typed.files_in(lines_typed.without_file(typed, "uv_growth", "2")) == lines_typed.files_in(read())
    assert lines_typed.with_file(None, "sales", ["1"]) == {"seen": None, "lines": {"sales": {"files": ["1"]}}}


def test_what_cannot_be_handed_in_any_more_can_be_read() -> None:
    assert lines_typed.words_in(read()) == ["4,318,600 · 平台补贴没有计入。\n8 月计入了。", "写了一半"]
