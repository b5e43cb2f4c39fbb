"""What people type becomes stored values, and stored values become numbers and dates to compute with."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.definition.load import load_text
from workflows.definition.names import LONGEST_NAME, case_name, case_number
from workflows.definition.values.forms import clean
from workflows.definition.values.typed import row_values, stored, typed, with_formulas
from workflows.errors import InvalidInput
from workflows.expression import Expression, ExpressionError

PROCESS = load_text(
    """
process: sample
title: {zh: 样例, en: Sample}
source: ours
name: "{text} · {choice} {person} {position} {starter}"
number: YL
start: {by: starter, form: [text]}
parameters:
  limit: {type: money, value: 100000, zh: 上限, en: Limit}
  strict: {type: boolean, value: true, zh: 从严, en: Strict}
fields:
  text: {type: text, zh: 文本, en: Text}
  short: {type: text, max_length: 5, zh: 短文本, en: Short}
  must: {type: text, required: true, zh: 必填, en: Must}
  long: {type: long_text, zh: 长文本, en: Long}
  integer: {type: integer, min: -5, max: 5, zh: 整数, en: Integer}
  decimal: {type: decimal, places: 1, zh: 小数, en: Decimal}
  money: {type: money, min: 0, zh: 金额, en: Money}
  percent: {type: percent, zh: 百分比, en: Percent}
  rating: {type: rating, zh: 评分, en: Rating}
  week: {type: week, zh: 周, en: Week}
  month: {type: month, zh: 月, en: Month}
  date: {type: date, min: 2026-01-01, zh: 日期, en: Date}
  moment: {type: datetime, zh: 时间, en: Moment}
  flag: {type: boolean, required: true, zh: 是否, en: Flag}
  choice: {type: choice, zh: 单选, en: Choice, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
  choices: {type: choices, max: 2, zh: 多选, en: Choices, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
  person: {type: person, zh: 人, en: Person}
  people: {type: people, zh: 若干人, en: People}
  position: {type: position, zh: 岗位, en: Position}
  files: {type: files, zh: 文件, en: Files}
  url: {type: url, zh: 网址, en: Url}
  table:
    type: table
    min: 1
    max: 3
    zh: 表格
    en: Table
    columns:
      what: {type: text, required: true, zh: 内容, en: What}
      cost: {type: money, zh: 费用, en: Cost}
  total: {type: money, formula: 'total(table, "cost")', zh: 合计, en: Total}
  share: {type: percent, formula: total * 100 / limit, zh: 占比, en: Share}
  per: {type: decimal, places: 2, formula: money / integer, zh: 均值, en: Per}
  over: {type: boolean, formula: total > limit, zh: 超限, en: Over}
states:
  doing: {title: {zh: 办理, en: Doing}, task: {for: starter, edit: [must]}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
""",
    "sample.yaml",
)[0]
ANNA = "01890a5d-ac96-774b-bcce-b302099a8057"


def one(name: str, raw: object) -> object:
    return clean(PROCESS, [name], {name: raw}, partial=True)[name]


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("text", "  冬被 \t", "冬被"),
        ("text", "e\u0301", "\u00e9"),
        ("long", "一\r\n二\r三", "一\n二\n三"),
        ("integer", " 5 ", 5),
        ("integer", -5, -5),
        ("decimal", "12.5", "12.5"),
        ("decimal", 12, "12"),
        ("money", "0.10", "0.10"),
        ("money", "-0.00", "0.00"),
        ("money", "¥1,000.50", "1000.50"),
        ("money", "￥９６,０００", "96000"),
        ("percent", "14.1234", "14.1234"),
        ("percent", "14.1％", "14.1"),
        ("decimal", "３.４", "3.4"),
        ("integer", "\u22123", -3),
        ("rating", "5", 5),
        ("week", "2026-W47", "2026-W47"),
        ("month", "2026-11", "2026-11"),
        ("date", "2026-11-20", "2026-11-20"),
        ("moment", "2026-11-20T09:30", "2026-11-20T01:30:00+00:00"),
        ("moment", "2026-11-20 09:30:00+01:00", "2026-11-20T08:30:00+00:00"),
        ("flag", "false", False),
        ("flag", True, True),
        ("choice", "b", "b"),
        ("choices", ["c", "a", "c"], ["a", "c"]),
        ("choices", "b", ["b"]),
        ("person", ANNA.upper(), ANNA),
        ("people", [ANNA, "", ANNA], [ANNA]),
        ("position", " data_analyst ", "data_analyst"),
        ("files", [ANNA, "0" * 64], [ANNA, "0" * 64]),
        ("url", "https://例子.cn/a?b=c#d", "https://例子.cn/a?b=c#d"),
        ("table", [{"what": "a", "cost": "1.5"}, {"what": " ", "cost": ""}], [{"what": "a", "cost": "1.5"}]),
        ("text", "", None),
        ("integer", "  ", None),
        ("people", [], None),
        ("choices", ["", " "], None),
        ("table", [{"what": "", "cost": None}], None),
    ],
)
def test_what_is_kept(name: str, raw: object, kept: object) -> None:
    assert one(name, raw) == kept


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("text", "a\nb"), ("text", "a\x00b"), ("text", "甲" * 201), ("text", 5), ("text", {}), ("text", ["a"]), ("short", "123456"), ("text", "a\u202eb"),
        ("long", "a\x1bb"), ("long", "x" * 20_001), ("text", "\ud800"),
        ("integer", "3.9"), ("integer", "٣"), ("integer", "1e3"), ("integer", "6"), ("integer", 3.0), ("integer", "9" * 5000), ("integer", True),
        ("decimal", "1.25"), ("decimal", "1e99999999"), ("decimal", "NaN"), ("decimal", "1,5"), ("decimal", "9" * 16), ("decimal", 0.5),
        ("money", "-1"), ("money", "1,00"), ("money", "12,34,567"), ("percent", "¥5"), ("decimal", "１２٣"), ("money", "+1"), ("money", ".5"), ("money", "1.005"), ("rating", "0"), ("rating", "6"),
        ("week", "2027-W53"), ("month", "2026-13"), ("date", "2025-12-31"), ("date", "2026-02-30"), ("date", "20.11.2026"),
        ("moment", "2026-11-20"), ("moment", "2026-11-20T25:00"), ("moment", "9999-12-31T23:59"), ("moment", 5),
        ("flag", "yes"), ("flag", 1), ("choice", "c"), ("choice", ["a"]), ("choices", ["d"]), ("choices", ["a", "b", "c"]), ("choices", {"a": 1}),
        ("person", "anna"), ("person", [ANNA]), ("people", ["anna"]), ("position", "数据分析师"), ("position", ["data_analyst"]), ("position", 5),
        ("files", ["../../etc/passwd"]),
        ("url", "javascript:alert(1)"), ("url", "http://"), ("url", "ftp://a.cn"), ("url", "https://a.cn/ b"), ("url", 'https://a.cn/"x'),
        ("url", "https://a.cn:99999/"), ("url", "//a.cn"), ("url", "https://" + "a" * 2000),
        ("table", "x"), ("table", [1]), ("table", []*1 or [{"what": "a"}] * 4), ("table", [{"what": ""  , "cost": "1"}]), ("table", [{"what": "a", "x": 1}]),
        ("total", "5"),
    ],
)  # fmt: skip
def test_what_is_refused_in_both_languages(name: str, raw: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        one(name, raw)
    assert refused.value.fields
    for field, sentences in refused.value.fields.items():
        assert field.split(".")[0] == name
        assert all(sentence.zh.endswith("。") and sentence.en.endswith(".") for sentence in sentences)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        clean(
            PROCESS,
            ["must", "flag", "integer", "table"],
            {"integer": "x", "table": [{"what": "a"}, {"cost": "y"}], "state": "done"},
        )
    assert set(refused.value.fields) == {"must", "flag", "integer", "table.1.what", "table.1.cost", "state"}
    assert refused.value.fields["must"][0].zh == "请填写这一项。"


def test_a_form_gives_all_its_fields_and_a_draft_those_that_were_typed() -> None:
    assert clean(PROCESS, ["must", "text"], {"must": "x"}) == {"must": "x", "text": None}
    assert clean(PROCESS, ["must", "text"], {"text": ""}, partial=True) == {"text": None}


def test_fields_of_other_forms_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        clean(PROCESS, ["text"], {"text": "a", "money": "5"})
    assert set(refused.value.fields) == {"money"}


def test_a_row_is_typed_like_a_form() -> None:
    assert clean(PROCESS, ["what", "cost"], {"what": "a", "cost": "2"}, append="table") == {"what": "a", "cost": "2"}
    with pytest.raises(InvalidInput):
        clean(PROCESS, ["what", "cost"], {"cost": "2"}, append="table")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["1.5", "2026-11-20", "a", ANNA]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(st.sampled_from([*PROCESS.fields, "x"]), ANYTHING, max_size=6), st.booleans())
def test_whatever_is_sent_is_kept_as_json_or_refused(raw: dict[str, Any], partial: bool) -> None:
    computed = {name for name, field in PROCESS.fields.items() if field.formula is not None}
    with suppress(InvalidInput):
        kept = clean(PROCESS, list(PROCESS.fields), raw, partial=partial)
        assert json.loads(json.dumps(kept, allow_nan=False)) == kept
        again = {name: value for name, value in kept.items() if name not in computed}
        assert clean(PROCESS, list(PROCESS.fields), again, partial=True) == again, (
            "what is kept is read again as itself"
        )
        typed(PROCESS, with_formulas(PROCESS, kept))


DATA = {
    "money": "12.50", "integer": 4, "date": "2026-11-20", "moment": "2026-11-20T01:30:00+00:00", "flag": True, "choices": ["a"],
    "table": [{"what": "a", "cost": "1.10"}, {"what": "b", "cost": None}, {"what": "c", "cost": "2.20"}], "month": "2026-11",
}  # fmt: skip


def test_stored_values_become_exact() -> None:
    values = typed(PROCESS, DATA, starter=ANNA)
    assert values["money"] == Fraction(25, 2)
    assert values["date"] == date(2026, 11, 20)
    assert values["moment"] == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert values["choices"] == ("a",)
    assert (values["text"], values["month"], values["starter"]) == (None, "2026-11", ANNA)
    assert (values["limit"], values["strict"]) == (100000, True)
    assert typed(PROCESS, DATA, parameters={"limit": "5"})["limit"] == 5
    assert Expression('total(table, "cost") == 3.3 and count(table) == 3 and count(table, "cost") == 2').holds(values)
    assert row_values(PROCESS, "table", {"what": "a", "cost": "1.10"}) == {
        "each.what": "a",
        "each.cost": Fraction(11, 10),
    }


def test_formulas_rest_on_each_other_and_are_exact() -> None:
    found = with_formulas(PROCESS, DATA)
    assert (found["total"], found["share"], found["per"], found["over"]) == ("3.3", "0.0033", "3.13", False)


def test_a_formula_without_a_value_is_empty() -> None:
    found = with_formulas(PROCESS, {"money": "12.50", "integer": 0, "total": "99"})
    assert (found["total"], found["share"], found["per"], found["over"]) == (None, None, None, None)


def test_results_are_stored_as_their_field_keeps_them() -> None:
    fields = PROCESS.fields
    assert stored(fields["money"], Fraction(1, 3)) == "0.33"
    assert stored(fields["decimal"], Fraction(1, 4)) == "0.3"
    assert stored(fields["integer"], Fraction(4)) == 4
    assert stored(fields["date"], date(2026, 11, 20)) == "2026-11-20"
    assert stored(fields["people"], ("x",)) == ["x"]
    assert stored(fields["text"], None) is None
    for name, value in (("integer", Fraction(1, 2)), ("money", "x")):
        with pytest.raises(ExpressionError):
            stored(fields[name], value)  # type: ignore[arg-type]


def test_names_and_numbers() -> None:
    data = {"text": "冬被", "choice": "b", "person": ANNA, "position": "data_analyst"}
    people, positions = {ANNA: "安娜"}.__getitem__, {"data_analyst": "数据分析师"}.__getitem__
    assert case_name(PROCESS, data, people, positions, starter="李主管") == "冬被 · 乙 安娜 数据分析师 李主管"
    assert case_name(PROCESS, {}, str, str) == "— · — — — —"
    assert len(case_name(PROCESS, {"text": "长" * 300}, str, str)) == LONGEST_NAME
    assert case_number(PROCESS, 2026, 412) == "YL-2026-0412"
