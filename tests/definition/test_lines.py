"""What is said about lines of a scorecard becomes a stored value, and both types become what expressions read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.db import canonical_json
from workflows.definition.load import load_text
from workflows.definition.values.forms import clean
from workflows.definition.values.lines import MOST_FIGURES, MOST_LINES, files_of
from workflows.definition.values.typed import typed, with_formulas
from workflows.errors import InvalidInput
from workflows.expression import Expression, UnsetName

PROCESS = load_text(
    """
process: sample
title: {zh: 样例, en: Sample}
source: ours
name: "{subject}"
start: {by: everyone, form: [subject, period]}
fields:
  subject: {type: person, required: true, zh: 被考核人, en: Employee}
  period: {type: month, required: true, zh: 月份, en: Month}
  card: {type: scorecard, filled: true, with: all_of_it, zh: 评分表, en: Card}
  all_of_it: {type: lines, of: card, give: [score, waive, figures, files, verdict], zh: 全部, en: Everything}
  files_only: {type: lines, of: card, only: all_of_it, give: [files], required: true, zh: 凭据, en: Evidence}
  total: {type: decimal, places: 1, formula: card, zh: 总分, en: Total}
states:
  doing: {title: {zh: 办理, en: Doing}, task: {for: starter, fill: scorecard, edit: [all_of_it]}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
""",
    "sample.yaml",
)[0]
FILE = "0190a1b2-1111-7222-8333-444455556666"


def read(lines: Any, seen: Any = "", name: str = "all_of_it") -> Any:
    return clean(PROCESS, [name], {name: {"seen": seen, "lines": lines}})[name]


def refused(lines: Any, seen: Any = "", name: str = "all_of_it") -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(lines, seen, name)
    return sorted(error.value.fields)


def test_every_part_is_read_as_its_kind() -> None:
    line = {
        "score": "８０.５", "waive": "", "reason": " 两行\r\n ", "figures": {"sales": "1,234.50", "uv": ""}, "verdict": "keep", "files": [FILE],
    }  # fmt: skip
    assert read({"sales": line}, "ab12") == {
        "seen": "ab12",
        "lines": {
            "sales": {
                "score": "80.5",
                "reason": "两行",
                "figures": {"sales": "1234.50"},
                "verdict": "keep",
                "files": [FILE],
            }
        },
    }
    assert read({"sales": {"waive": "true", "reason": "false"}})["lines"]["sales"] == {"waive": True, "reason": "false"}


def test_what_was_seen_is_kept_though_nothing_is_said() -> None:
    assert read({}, "0a") == {"seen": "0a", "lines": {}}
    assert read({"sales": {"score": "", "waive": False, "figures": {"sales": " "}}}, None) is None
    assert clean(PROCESS, ["all_of_it"], {}) == {"all_of_it": None}


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"score": "-1", "reason": "x"}, ["score"]),
        ({"score": "120.01", "reason": "x"}, ["score"]),
        ({"score": 80.5, "reason": "x"}, ["score"]),
        ({"score": "80.555", "reason": "x"}, ["score"]),
        ({"verdict": "maybe"}, ["verdict"]),
        ({"figures": {"sales": "much"}}, ["figures.sales"]),
        ({"figures": {"Sales!": "1"}}, ["figures.Sales!"]),
        ({"figures": {f"f{n}": "1" for n in range(MOST_FIGURES + 1)}}, ["figures"]),
        ({"bonus": "1"}, ["bonus"]),
        ({"reason": "长" * 2001}, ["reason"]),
        ({"score": "x", "verdict": "x"}, ["score", "verdict"]),
    ],
)
def test_what_cannot_be_read_is_said_at_its_part(line: dict[str, Any], where: list[str]) -> None:
    assert refused({"sales": line}) == [f"all_of_it.sales.{part}" for part in where]


def test_what_is_no_such_value_at_all() -> None:
    assert refused({f"k{n}": {"reason": "x"} for n in range(MOST_LINES + 1)}) == ["all_of_it"]
    assert refused("x") == ["all_of_it"]
    assert refused({"sales": "x"}) == ["all_of_it"]
    assert refused({}, "not hex") == ["all_of_it"]
    assert refused({}, "a" * 601) == ["all_of_it"]
    assert refused({}, name="files_only") == ["files_only"]
    with pytest.raises(InvalidInput) as error:
        clean(PROCESS, ["all_of_it"], {"all_of_it": {"total": "100", "lines": {}}})
    assert list(error.value.fields) == ["all_of_it.total"]


def test_files_are_known_for_what_they_are() -> None:
    stored = read({"sales": {"files": [FILE]}, "uv": {"reason": "x"}}, name="files_only")
    assert files_of(stored) == [FILE]


_PARTS = st.sampled_from(["score", "waive", "reason", "figures", "files", "verdict", "seen", "lines", "x", ""])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["80", "keep", FILE, "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_PARTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["sales", "uv", "X y"]), st.dictionaries(_PARTS, _JSON, max_size=4) | _JSON, max_size=3
    )
)
def test_anything_is_refused_or_cleaned_once_for_all(lines: Any) -> None:
    try:
        stored = read(lines)
    except InvalidInput:
        return
    if stored is not None:
        canonical_json(stored)
        assert read(stored["lines"]) == stored


def test_a_card_reads_as_its_total_and_lines_as_their_indicators() -> None:
    card = {"card": "x", "version": 1, "total": "89.125", "figures": {}}
    said = read({"uv": {"reason": "a"}, "sales": {"reason": "b"}})
    values = typed(PROCESS, {"card": card, "all_of_it": said})
    assert Expression('card > 89 and card < 90 and count(all_of_it) == 2 and "uv" in all_of_it').holds(values)
    assert with_formulas(PROCESS, {"card": card})["total"] == "89.1"
    nothing = typed(PROCESS, {"card": {**card, "total": None}, "all_of_it": {"seen": "0a", "lines": {}}})
    assert Expression("not is_set(card) and not is_set(all_of_it)").holds(nothing)
    with pytest.raises(UnsetName):
        Expression("card > 60").holds(nothing)
    assert with_formulas(PROCESS, {"card": {"card": "x", "version": 1}})["total"] is None
