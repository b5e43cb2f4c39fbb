"""Fields, parameters, rules and checks: what a case's data is and what must hold over it."""

from __future__ import annotations

from typing import get_args

from workflows.definition.language.words import EXPRESSION, PEOPLE
from workflows.definition.language.words import FIELD as NAME_OF_FIELD
from workflows.definition.model import WHOLE, FieldType, Give, ParameterType
from workflows.document.shapes import (
    NAME,
    Either,
    Flag,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Whole,
    Words,
    both_languages,
    sentence,
)
from workflows.errors import Text

FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
GIVE: tuple[str, ...] = get_args(Give)
PARAMETER_TYPES: tuple[str, ...] = get_args(ParameterType)
_TYPE = Text("字段类型", "a field type")
_VALUE = Words(Text("值", "a value"), scalar=True, longest=200)
CHOICE_KEY = r"[a-z0-9][a-z0-9_]{0,59}"

CHOICES = MapOf(sentence(20, 60, "choice", Text("选项", "a choice")), Text("选项名", "the key of a choice"), CHOICE_KEY)
HELP = sentence(120, 320, "help", Text("填写说明", "a hint"))
UNIT = Either(
    (
        Words(Text("单位", "a unit of measure"), longest=12),
        sentence(6, 16, "measure", Text("单位", "a unit of measure")),
    ),
    Text("单位", "a unit of measure"),
)


def _column_keys(types: tuple[str, ...]) -> dict[str, Key]:
    return {
        "type": Key(OneOf(types, _TYPE), Text("类型", "type"), True),
        **both_languages(16, 48),
        "required": Key(Flag(), Text("出现在表单里时必填", "must be filled in where a form shows it")),
        "help": Key(HELP, Text("填写说明", "a hint below the field")),
        "unit": Key(UNIT, Text("单位", "unit of measure")),
        "min": Key(
            _VALUE,
            Text(
                "最小值：数字、日期（today 为当天），或表格的最少行数",
                "least value: number, date (`today`: the present day), or rows of a table",
            ),
        ),
        "max": Key(_VALUE, Text("最大值", "greatest value")),
        "max_length": Key(Whole(1, 100_000), Text("最多字数", "most characters")),
        "places": Key(Whole(0, 10), Text("小数位数", "decimal places")),
        "choices": Key(CHOICES, Text("选项", "choices: key → {zh, en}")),
        "people": Key(PEOPLE, Text("可以选哪些人", "who may be chosen")),
        "default": Key(_VALUE, Text("预填的值", "value filled in beforehand")),
        "filled": Key(
            Flag(only=True),
            Text(
                "由程序填入，不可填写；表格里是作答的人", "filled in by the program, not typed; in a table who answers"
            ),
        ),
    }


def _field_keys() -> dict[str, Key]:
    return _column_keys(FIELD_TYPES) | {
        "columns": Key(MapOf(COLUMN, Text("列名", "the name of a column")), Text("表格的列", "columns of a table")),
        "see": Key(PEOPLE, Text("只有这些人看得到", "nobody else sees it")),
        "formula": Key(EXPRESSION, Text("由公式算出，不可填写", "computed, read-only")),
        "from": Key(
            NAME_OF_FIELD, Text("以哪张评分表定下的指标值为准", "the scorecard whose frozen figures it rests on")
        ),
        "with": Key(NAME_OF_FIELD, Text("套用哪个逐项字段", "the lines field applied to it")),
        "of": Key(NAME_OF_FIELD, Text("说的是哪张评分表", "the scorecard that the lines are of")),
        "only": Key(NAME_OF_FIELD, Text("只限哪个逐项字段里的几项", "only the lines of this lines field")),
        "give": Key(
            ListOf(OneOf(GIVE, Text("可说的内容", "what can be said of a line"))),
            Text("每一项可以给出什么", "what may be given for a line"),
        ),
    }


COLUMN = Record(
    "column",
    Text("列", "a column"),
    lambda: _column_keys(tuple(kind for kind in FIELD_TYPES if kind not in ("table", "files", *WHOLE))),
)
FIELD = Record("field", Text("字段", "a field"), _field_keys)
FIELDS = MapOf(FIELD, Text("字段名", "the name of a field"))

PARAMETERS = MapOf(
    Record(
        "parameter",
        Text("参数", "a parameter"),
        lambda: {
            "type": Key(
                OneOf(PARAMETER_TYPES, _TYPE),
                Text("类型", "type"),
                True,
            ),
            "value": Key(_VALUE, Text("公司没有另设时的值", "value unless the company sets another")),
            "by": Key(NAME_OF_FIELD, Text("由哪个单选字段决定（时长）", "choice field that decides it (durations)")),
            "values": Key(
                MapOf(_VALUE, Text("选项名", "the key of a choice"), CHOICE_KEY),
                Text("每个选项的值", "its value for each choice"),
            ),
            **both_languages(30, 80),
        },
        exactly_one=(("value", "values"),),
        needs={"by": ("values",), "values": ("by",)},
    ),
    Text("参数名", "the name of a parameter"),
)

RULES = ListOf(
    Record(
        "rule",
        Text("规则", "a rule"),
        lambda: {"must": Key(EXPRESSION, Text("必须成立", "what must hold"), True), **both_languages(60, 160)},
    )
)

CHECKS = ListOf(
    Record(
        "check",
        Text("核对项", "a check"),
        lambda: {
            "that": Key(EXPRESSION, Text("应当成立", "what should hold"), True),
            **both_languages(40, 120),
            "if": Key(EXPRESSION, Text("只在这时核对", "asked only where this holds")),
            "else": Key(
                OneOf(("warn", "block"), Text("处理", "a consequence")),
                Text("不成立时：提醒，或不能通过", "where it does not: warn, or block approval"),
            ),
            "measured": Key(EXPRESSION, Text("实际值", "the value measured, shown beside it")),
            "limit": Key(EXPRESSION, Text("限值", "the limit, shown beside it")),
        },
    ),
    most=12,
)
NAME_PATTERN = NAME
