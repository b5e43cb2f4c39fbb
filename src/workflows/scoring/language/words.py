"""The small shapes that the larger ones are made of: numbers, formulas, names, titles."""

from __future__ import annotations

from typing import Final

from workflows.document.shapes import NAME, Key, ListOf, OneOf, Shape, Words, sentence
from workflows.errors import Text
from workflows.scoring.catalogue import UNITS

DECIMAL: Final = r"-?[0-9]{1,12}(\.[0-9]{1,6})?"

NUMBER = Words(Text("数字（如 12.5）", "a number such as 12.5"), DECIMAL, scalar=True)
POSITIVE = Words(Text("正数", "a positive number"), r"(?!0+(\.0+)?$)[0-9]{1,12}(\.[0-9]{1,6})?", scalar=True)
FORMULA = Words(Text("公式", "a formula"), scalar=True)
FIGURE = Words(Text("指标值名", "the name of a figure"), NAME)
INDICATOR_KEY = Words(Text("指标名", "the key of an indicator"), NAME)
PARAMETER_KEY = Words(Text("参数名", "the name of a parameter"), NAME)
SOURCE = ListOf(Words(Text("来源", "a source"), r"[a-z][a-z0-9_]{0,59}"), single=True)
UNIT = OneOf(tuple(UNITS), Text("单位", "a unit"))
IN = OneOf(("points", "relative"), Text("差距的算法", "a way to count a gap"))
TITLE = sentence(30, 80, "card_title", Text("名称", "a title"))
MEASURE = sentence(12, 24, "card_measure", Text("单位的说法", "words for a unit"))
CLAUSE = sentence(200, 500, "card_clause", Text("说明", "an explanation"))


def key(shape: Shape, zh: str, en: str, required: bool = False) -> Key:
    """A key of a record: its shape and what it is for, in both languages."""
    return Key(shape, Text(zh, en), required)
