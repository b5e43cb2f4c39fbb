"""The catalogue of figures and parameters, and the grades."""

from __future__ import annotations

from workflows.document.shapes import Flag, ListOf, MapOf, OneOf, Record, both_languages, sentence
from workflows.errors import Text
from workflows.scoring.language.words import FIGURE, NUMBER, POSITIVE, UNIT, key

_CHOICES = MapOf(sentence(20, 60, "card_choice", Text("选项", "a choice")), Text("选项名", "the key of a choice"))
PARAMETER = Record(
    "card_parameter",
    Text("参数", "a parameter"),
    lambda: {
        **both_languages(30, 80),
        "choices": key(_CHOICES, "可选的值", "its possible values", True),
        "several": key(Flag(only=True), "可以同时有几个值", "several may hold at once"),
    },
)
FIGURE_ENTRY = Record(
    "figure_entry",
    Text("指标值", "a figure"),
    lambda: {
        **both_languages(40, 100),
        "unit": key(UNIT, "单位", "unit", True),
        "least": key(NUMBER, "最小可能的值；不写就是 0", "least possible value; 0 unless said"),
        "most": key(NUMBER, "最大可能的值", "greatest possible value"),
        "part_of": key(FIGURE, "是哪个数的一部分", "the figure that this is a part of"),
        "sum_over": key(FIGURE, "这么多个评分的合计", "this is the sum of so many marks"),
        "each": key(ListOf(NUMBER, most=2), "每个评分的范围 [最低, 最高]", "bounds of one mark: [lowest, highest]"),
        "holds": key(OneOf(("until_changed",), Text("有效期", "how long a value holds")), "一直有效，直到另有新值", "a value holds until another is given"),
        "watched": key(Flag(only=True), "评分表不用，流程看着它开始", "no card uses it; processes start by it"),
        "retired": key(Flag(only=True), "已没有评分表使用，只为以前的月份保留", "no card uses it any more; kept for earlier months"),
    },
    needs={"sum_over": ("each",), "each": ("sum_over",)},
)  # fmt: skip
FIGURES = Record(
    "figures_file",
    Text("指标值目录", "the catalogue of figures"),
    lambda: {
        "figures": key(MapOf(FIGURE_ENTRY, Text("指标值名", "the name of a figure"), most=1000), "指标值", "figures", True),
        "parameters": key(MapOf(PARAMETER, Text("参数名", "the name of a parameter"), most=50), "参数", "parameters"),
    },
)  # fmt: skip

GRADE = Record(
    "grade",
    Text("等级", "a grade"),
    lambda: {**both_languages(10, 30), "from": key(NUMBER, "从多少分起", "the least total that reaches it")},
)
BONUS = Record(
    "bonus",
    Text("奖金规则", "the bonus rule"),
    lambda: {
        "base": key(FIGURE, "奖金基数是哪个指标值", "the figure that is the base", True),
        "from": key(NUMBER, "低于多少分没有奖金", "no bonus below this total", True),
        "most": key(POSITIVE, "最多是基数的几倍", "at most so many times the base", True),
    },
)
GRADES = Record(
    "grades_file",
    Text("等级与奖金", "grades and bonus"),
    lambda: {
        "grades": key(MapOf(GRADE, Text("等级名", "the key of a grade"), most=10), "等级，从高到低", "grades, best first", True),
        "bonus": key(BONUS, "奖金规则", "the bonus rule", True),
    },
)  # fmt: skip
