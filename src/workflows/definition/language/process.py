"""The whole document."""

from __future__ import annotations

from workflows.definition.language.fields import FIELDS, PARAMETERS, RULES
from workflows.definition.language.states import STATES
from workflows.definition.language.tasks import ANYTIME, EVERY_TASK
from workflows.definition.language.words import EXPRESSION, FIELD, MOMENT, PEOPLE, PLAIN_WORDS, SOURCE, STATE, WORD
from workflows.definition.language.words import FIELDS as NAMES
from workflows.definition.titles import FAMILIES, OPERATIONS
from workflows.document.shapes import (
    NAME,
    Either,
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

PERIODS = ("day", "workday", "week", "month", "quarter", "year")
STARTERS = ("spawn", "figure", "schedule")

_WHEN = Key(EXPRESSION, Text("指标满足时自动发起", "started when this holds over figures"), True)
_SET = Key(
    MapOf(EXPRESSION, Text("字段名", "the name of a field")),
    Text("字段 → 指标、each、month、this_day 等", "field → a figure, each, month, this_day and so on"),
)
FIGURE_START = Record("figure_start", Text("由指标发起", "a start by figures"), lambda: {"when": _WHEN, "set": _SET})

_BY = OneOf((*PLAIN_WORDS, *STARTERS), Text("发起方式", "who or what starts it"))
START = Record(
    "start",
    Text("发起", "the start"),
    lambda: {
        "by": Key(
            ListOf(Either((_BY, WORD.shapes[1]), Text("发起方式", "who or what starts it")), single=True),
            Text("谁发起：人员，或 spawn、figure、schedule", "people, or spawn, figure, schedule"),
        ),
        "form": Key(NAMES, Text("发起时填的字段", "fields asked at the start")),
        "to": Key(STATE, Text("第一步（默认写在最前的）", "first state; by default the first one written")),
        "when": Key(
            Either((EXPRESSION, ListOf(FIGURE_START, most=20)), _WHEN.help),
            Text(
                "指标满足时自动发起；可写几条，各有 set",
                "started when this holds over figures; several, each with its `set`",
            ),
        ),
        "set": _SET,
        "fill": Key(SOURCE, Text("发起时由程序填入的数据源", "source that fills fields in at the start")),
    },
    needs={"set": ("when",)},
)

SCHEDULE = ListOf(
    Record(
        "schedule",
        Text("定期发起", "a schedule"),
        lambda: {
            "every": Key(OneOf(PERIODS, Text("周期", "a period")), Text("周期", "how often"), True),
            "day": Key(
                Either((Whole(1, 31), MOMENT), Text("日子", "a day")),
                Text("哪一天：号数、mon…sun、或 last_workday - 5wd", "which day: number, mon…sun, or last_workday - 5wd"),
            ),
            "at": Key(Words(Text("钟点（如 09:00）", "a time such as 09:00"), r"([01][0-9]|2[0-3]):[0-5][0-9]"), Text("几点", "at what time"), True),
            "each": Key(PEOPLE, Text("每人一个", "one for each of them")),
            "set": Key(MapOf(EXPRESSION, Text("字段名", "the name of a field")), Text("字段 → this_month 等，或含 each 的表达式", "field → this_month and so on, or an expression with each")),
        },
    ),
    most=5,
    single=True,
)  # fmt: skip

ALERTS = ListOf(
    Record(
        "alert",
        Text("警示", "an alert"),
        lambda: {
            "when": Key(MOMENT, Text("时刻", "moment"), True),
            "unless": Key(STATE, Text("除非到过这一步", "unless the case has been in this state")),
            "to": Key(PEOPLE, Text("告诉谁", "who is told"), True),
            **both_languages(40, 120),
        },
    ),
    most=10,
)

_PLACE = Words(Text("步骤或字段", "a state or field"), rf"(each\.)?{NAME}")
FIGURES = MapOf(
    Record(
        "figure",
        Text("指标", "a figure"),
        lambda: {
            "count": Key(STATE, Text("到过这一步的事项数", "how many cases reached this state")),
            "sum": Key(EXPRESSION, Text("求和", "the sum of this")),
            "mean": Key(EXPRESSION, Text("平均", "the mean of this")),
            "share": Key(EXPRESSION, Text("成立的百分比", "the percentage for which this holds")),
            "rows": Key(FIELD, Text("表格的行（单写为行数），列写作 each.列名；或人员字段，每人一个", "the rows of this table, alone how many; columns are `each.column`; or of a people field, `each` of them")),
            "when": Key(EXPRESSION, Text("只算成立的；步骤名即进入它的时间", "only where this holds; a state's name is when it was entered")),
            "for": Key(PEOPLE, Text("算在谁的名下", "whose figure it is"), True),
            "if_none": Key(OneOf(("missing",), Text("没有事项时", "what holds then")), Text("没有事项时缺数，而不是 0", "who has no case has no figure, rather than 0")),
            "month": Key(_PLACE, Text("算在哪个月：步骤的进入时间或字段", "which month: when a state was entered, or a field"), True),
        },
        at_least_one=(("count", "sum", "mean", "share", "rows"),),
        at_most_one=(("count", "sum", "mean", "share"), ("rows", "count"), ("rows", "share")),
    ),
    Text("指标名", "the name of a figure"),
)  # fmt: skip


def _process_keys() -> dict[str, Key]:
    return {
        "process": Key(Words(Text("流程名", "the name of a process"), NAME), Text("流程的名称（键）", "key of the process"), True),
        "title": Key(sentence(16, 48, "process_title", Text("流程名称", "the title of a process")), Text("名称", "title"), True),
        "source": Key(Words(Text("出处", "a source"), longest=100), Text("制度中的条款，或“ours”", "the clause it comes from"), True),
        "purpose": Key(sentence(120, 320, "purpose", Text("用途", "a purpose")), Text("用途，一句话", "what it is for, in a sentence")),
        "family": Key(OneOf(tuple(FAMILIES), Text("流程族", "a family")), Text("属于哪一族", "the family it is listed under")),
        "also": Key(ListOf(Words(Text("日常说法", "an everyday word"), longest=20), most=20), Text("搜索时的日常说法", "everyday words for search")),
        "name": Key(Words(Text("事项名的写法", "a case name"), longest=100), Text("事项在列表里叫什么：“{shop}”", "how a case is called in lists"), True),
        "number": Key(Words(Text("编号前缀（大写字母）", "a prefix in capitals"), r"[A-Z]{1,6}"), Text("编号前缀：TG → TG-2026-0412", "prefix of numbers")),
        "key": Key(ListOf(FIELD, most=5), Text("这些值相同的事项只有一个", "one case per value of these")),
        "people": Key(
            MapOf(PEOPLE, Text("人员组合名", "the name of a list of people")),
            Text("给常用的人员组合起名，别处写 {people: 名}", "lists of people, each said once: `{people: NAME}` means it"),
        ),
        "see": Key(PEOPLE, Text("只有这些人看得到", "who may see a case")),
        "start": Key(START, Text("谁、怎样发起", "who starts it and how")),
        "schedule": Key(SCHEDULE, Text("定期发起", "recurring starts")),
        "parameters": Key(PARAMETERS, Text("公司可以另设的值", "values that the company can set")),
        "fields": Key(FIELDS, Text("数据", "the data of a case")),
        "rules": Key(RULES, Text("数据必须满足的规则", "what must hold over the data")),
        "every_task": Key(EVERY_TASK, Text("每个待办的提醒与升级", "reminders and escalation of every task")),
        "states": Key(STATES, Text("步骤", "where a case can stand"), True),
        "anytime": Key(ANYTIME, Text("随时可做的操作", "actions of no task")),
        "alerts": Key(ALERTS, Text("警示", "who is told when something has not happened")),
        "figures": Key(FIGURES, Text("计入考核的指标", "what it contributes to scorecards")),
        "forbids": Key(
            ListOf(OneOf(tuple(OPERATIONS), Text("通用操作", "an operation that is always there"))),
            Text("不提供的通用操作", "operations this process does without"),
        ),
    }  # fmt: skip


PROCESS = Record("process", Text("流程", "a process"), _process_keys)
