"""A card: groups, indicators and what belongs to one."""

from __future__ import annotations

from collections.abc import Mapping

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
)
from workflows.errors import Text
from workflows.scoring.language.rules import READINGS, RULE
from workflows.scoring.language.words import (
    CLAUSE,
    DECIMAL,
    FIGURE,
    FORMULA,
    IN,
    MEASURE,
    NUMBER,
    PARAMETER_KEY,
    POSITIVE,
    SOURCE,
    TITLE,
    UNIT,
    key,
)

TARGET = Either(
    (
        Words(Text("目标", "a target"), rf"set|{DECIMAL}", scalar=True),
        Record(
            "target",
            Text("目标", "a target"),
            lambda: {
                "by": key(PARAMETER_KEY, "由哪个参数决定", "the parameter that decides"),
                "values": key(MapOf(NUMBER, Text("参数的取值", "a choice")), "参数取值 → 目标", "choice → target"),
                "figure": key(FIGURE, "以哪个指标值为准", "the figure it rests on"),
                "plus": key(NUMBER, "再加多少", "how much above that"),
                "in": key(IN, "points：加这么多；relative：加它的百分之几", "points: so much more; relative: so many percent more"),
            },
            exactly_one=(("by", "figure"),),
            needs={"by": ("values",), "values": ("by",), "figure": ("plus",), "plus": ("in",), "in": ("plus",)},
        ),
    ),
    Text("目标", "a target"),
)  # fmt: skip

STEP = Record(
    "intermediate",
    Text("中间值", "an intermediate value"),
    lambda: {
        **both_languages(30, 80),
        "unit": key(UNIT, "单位", "unit", True),
        "formula": key(FORMULA, "公式", "formula", True),
    },
)
CONDITION = Record(
    "card_condition",
    Text("计权重的条件", "a condition"),
    lambda: {
        **both_languages(30, 80),
        "formula": key(FORMULA, "公式", "formula", True),
        "unit": key(UNIT, "单位", "unit", True),
        "least": key(NUMBER, "至少多少", "at least this", True),
        "otherwise": key(
            OneOf(("drop", "zero", "ignore"), Text("不满足时的处理", "what happens when it is not met")),
            "drop：权重由同组其他指标分担；zero：得 0 分；ignore：不看条件",
            "drop: the others of the group share its weight; zero: it scores 0; ignore: the condition is not asked",
            True,
        ),
    },
)
ALARM = Record(
    "alarm",
    Text("预警", "an alarm"),
    lambda: {
        "below": key(NUMBER, "低于多少", "below this", True),
        "months": key(Whole(1, 24), "连续几个月", "in so many consecutive months", True),
        "starts": key(Words(Text("流程名", "the name of a process"), NAME), "发起哪个流程", "the process it starts", True),
    },
)  # fmt: skip
BESIDE = Record(
    "beside",
    Text("附带显示的数", "a number shown beside"),
    lambda: {
        **both_languages(30, 80),
        "unit": key(UNIT, "单位", "unit", True),
        "formula": key(FORMULA, "公式", "formula", True),
    },
)


def _measured_keys() -> dict[str, Key]:
    """What an indicator and a part of one have in common."""
    return {
        "title": key(TITLE, "名称", "title", True),
        "formula": key(FORMULA, "公式", "formula over figures"),
        "where": key(MapOf(STEP, Text("中间值名", "the name of an intermediate value")), "公式里的中间值", "intermediate values"),
        "unit": key(UNIT, "单位", "unit"),
        "words": key(MEASURE, "单位怎么说", "words for the unit"),
        "better": key(OneOf(("higher", "lower"), Text("方向", "a direction")), "越高越好还是越低越好", "which way is better"),
        "target": key(TARGET, "目标", "target"),
        "score": key(RULE, "计分规则", "the rule"),
        "readings": key(READINGS, "这一项另外的读法", "how this one is read otherwise"),
        "cases": key(FIGURE, "这个数为 0 就是当月没有发生，不适用", "its 0 means that there was no case: not applicable"),
        "source": key(SOURCE, "来源", "where its figures come from"),
        "clause": key(CLAUSE, "出处与读法", "the clause, and how it is read"),
    }  # fmt: skip


def _part_keys() -> dict[str, Key]:
    return _measured_keys()


PART = Record("card_part", Text("合计指标的一部分", "a part of an indicator"), _part_keys)


def _indicator_keys() -> dict[str, Key]:
    return _measured_keys() | {
        "weight": key(POSITIVE, "权重", "weight"),
        "condition": key(CONDITION, "计权重的条件", "what must hold for it to count"),
        "alarm": key(ALARM, "预警", "what starts a process"),
        "beside": key(ListOf(BESIDE, most=20), "附带显示、不计分的数", "numbers shown beside it without points"),
        "parts": key(MapOf(PART, Text("指标名", "the key of an indicator"), most=5), "一起扣分的部分", "what else is taken from its score"),
    }  # fmt: skip


INDICATOR = Record("indicator", Text("指标", "an indicator"), _indicator_keys)
INDICATORS = MapOf(INDICATOR, Text("指标名", "the key of an indicator"), most=60)


def _group_keys() -> dict[str, Key]:
    return {
        "title": key(TITLE, "名称", "title", True),
        "weight": key(POSITIVE, "权重（各项之和）", "weight: what its indicators add up to"),
        "scaled": key(
            Flag(only=True), "各项权重按比例折算到组的权重", "its indicators' weights are scaled to the group's"
        ),
        "indicators": key(INDICATORS, "指标", "indicators"),
        "groups": key(GROUPS, "组里的组", "groups within"),
    }


def _groups() -> Mapping[str, Key]:
    return _group_keys()


GROUP = Record("group", Text("指标组", "a group"), _groups, needs={"scaled": ("weight",)})
GROUPS = MapOf(GROUP, Text("组名", "the key of a group"), most=20)


def _each_keys() -> dict[str, Key]:
    keys = _indicator_keys()
    return {name: keys[name] for name in ("weight", "unit", "better", "score", "source")}


EACH = Record("each", Text("各项共有的", "what all indicators share"), _each_keys)

CARD = Record(
    "scorecard",
    Text("评分表", "a scorecard"),
    lambda: {
        "scorecard": key(Words(Text("岗位键", "the key of a position"), NAME), "岗位", "position", True),
        "title": key(TITLE, "名称", "title", True),
        "source": key(Words(Text("出处", "a source"), longest=120), "出处", "the document's clause", True),
        "readings": key(READINGS, "留有余地之处怎么读", "how what the documents leave open is read", True),
        "each": key(EACH, "各项共有的，除非另写", "what each indicator has unless it says otherwise"),
        "groups": key(GROUPS, "指标组", "groups"),
        "indicators": key(INDICATORS, "不分组的指标", "indicators without groups"),
    },
    exactly_one=(("groups", "indicators"),),
)  # fmt: skip
