"""The rules, and the readings that they share."""

from __future__ import annotations

from typing import Final

from workflows.document.shapes import Either, Key, ListOf, MapOf, OneOf, Record, Whole
from workflows.errors import Text
from workflows.scoring.language.words import FORMULA, IN, NUMBER, POSITIVE, key

RULES: Final = ("attainment", "steps", "bands", "met", "deductions")

ATTAINMENT = Record(
    "attainment",
    Text("按达成率", "the rule `attainment`"),
    lambda: {"most": key(POSITIVE, "最多得多少分", "most points", True)},
)
STEPS = Record(
    "steps",
    Text("按差距扣分", "the rule `steps`"),
    lambda: {
        "every": key(POSITIVE, "一步有多大", "how large a step is", True),
        "costs": key(POSITIVE, "一步扣多少分", "points a step costs", True),
        "in": key(IN, "points：指标自己的单位；relative：目标的百分之几", "points: the indicator's own unit; relative: percent of the target", True),
    },
)  # fmt: skip
BAND = Record(
    "band",
    Text("分段", "a band"),
    lambda: {
        "when": key(FORMULA, "条件，用 actual、target、rate", "when it holds, over actual, target and rate"),
        "points": key(FORMULA, "得分，可以是公式", "its points, a number or formula", True),
    },
)
MET = Record(
    "met",
    Text("达标与否", "the rule `met`"),
    lambda: {
        "met": key(NUMBER, "达标得多少分", "points when met", True),
        "missed": key(NUMBER, "未达标得多少分", "points when missed", True),
    },
)
CHARGE = Either(
    (
        NUMBER,
        Record(
            "charge",
            Text("每次扣分", "what occurrences cost"),
            lambda: {
                "each": key(NUMBER, "每次扣多少分", "points for one", True),
                "every": key(Whole(2, 1000), "满几次", "how many together", True),
                "costs": key(POSITIVE, "满几次合扣多少分", "points for so many together", True),
            },
        ),
    ),
    Text("每次扣多少分", "points for each occurrence"),
)


def _rule_keys() -> dict[str, Key]:
    return {
        "attainment": key(ATTAINMENT, "实际 ÷ 目标", "actual ÷ target"),
        "steps": key(STEPS, "与目标的差距每一步扣分", "each step of the gap to the target costs"),
        "bands": key(ListOf(BAND, most=20), "分段给分", "points by bands"),
        "met": key(MET, "达标或不达标", "met or missed"),
        "deductions": key(MapOf(CHARGE, Text("指标值名", "the name of a figure")), "每次扣分", "points for each occurrence"),
    }  # fmt: skip


_RULE = Text("计分规则", "a rule")
RULE = Either((OneOf(("attainment",), _RULE), Record("rule", _RULE, _rule_keys, exactly_one=(RULES,))), _RULE)


def _readings_keys() -> dict[str, Key]:
    def one(words: tuple[str, ...]) -> OneOf:
        return OneOf(words, Text("读法", "a reading"))

    exact_or_places = Either((one(("exact",)), Whole(0, 6)), Text("exact 或小数位数", "exact, or a number of places"))
    return {
        "steps": key(one(("whole", "begun", "linear")), "满一步才扣、不满也扣、按比例扣", "steps cost when whole, when begun, in proportion"),
        "points_of": key(one(("hundred", "weight")), "扣分从 100 分里扣，还是从权重分里扣", "points are taken from 100, or from the weight"),
        "least": key(NUMBER, "最低得多少分", "no score goes below"),
        "most": key(POSITIVE, "按达成率最高得多少分", "no attainment counts for more"),
        "lower": key(one(("mirror", "ratio")), "越低越好时怎么算", "how attainment is read where less is better"),
        "rates": key(exact_or_places, "比较之前是否四舍五入", "whether an actual is rounded before it is compared"),
        "zero": key(one(("undefined", "not_applicable")), "除数为 0 时怎么办", "what a divisor of zero means"),
        "parts": key(one(("sum", "larger")), "两项扣分相加还是取大", "deductions of parts add up, or the larger counts"),
        "bundles": key(one(("rest", "all")), "满几次合扣之后，单次的还扣不扣", "whether single occurrences within a bundle cost as well"),
    }  # fmt: skip


READINGS = Record("readings", Text("读法", "readings"), _readings_keys)
