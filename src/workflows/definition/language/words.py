"""The small shapes that the larger ones are made of: names, expressions, moments, people."""

from __future__ import annotations

from workflows.document.shapes import NAME, Either, Flag, Key, Later, ListOf, MapOf, OneOf, Record, Shape, Words
from workflows.errors import Text

STATE = Words(Text("步骤名", "the name of a state"), NAME)
FIELD = Words(Text("字段名", "the name of a field"), NAME)
PROCESS_KEY = Words(Text("流程名", "the name of a process"), NAME)
SIGNAL = Words(Text("信号名", "the name of a signal"), NAME)
ACTION = Words(Text("操作名", "the name of an action"), NAME)
FIELDS = ListOf(FIELD)

EXPRESSION = Words(Text("表达式", "an expression"), scalar=True)
MOMENT = Words(Text("时刻", "a moment"), longest=100)
MOMENTS_PATTERN = r".{1,100}"

PLAIN_WORDS = (
    "starter", "subject", "holder", "employees", "auditors", "administrators", "participants", "everyone",
)  # fmt: skip
"""Words for people that need nothing with them."""

_PEOPLE_KINDS = frozenset({"text", "mapping", "list"})
_WORD_KINDS = frozenset({"text", "mapping"})


def _word() -> Shape:
    return WORD


_NESTED = Later(_word, _WORD_KINDS)

SINCE = Record(
    "since",
    Text("从哪一步起", "the state from which on"),
    lambda: {"from": Key(STATE, Text("从这一步起", "from this state on"), True)},
)


def _people_keys() -> dict[str, Key]:
    """What a word for people with something in it can be."""
    unit = Words(Text("部门键", "the key of a unit"), NAME)
    keys = {
        "position": Key(
            Words(Text("岗位键", "the key of a position"), NAME), Text("某岗位的人", "the holders of a position")
        ),
        "unit": Key(unit, Text("某部门（含下级）的人", "the members of a unit and the units below it")),
        "lead_of": Key(unit, Text("某部门的负责人", "the lead of a unit")),
        "manager_of": Key(_NESTED, Text("某人的直属上级", "the direct manager of someone")),
        "managers_of": Key(_NESTED, Text("某人的各级上级", "the whole chain of managers of someone")),
        "team_of": Key(_NESTED, Text("某人的直接下属", "everybody whose direct manager is someone")),
        "field": Key(
            Words(Text("字段名", "the name of a field"), rf"(each\.)?{NAME}"),
            Text("人员字段里填的人", "whoever stands in a person or people field"),
        ),
        "did": Key(STATE, Text("办过某一步的人", "whoever completed a task of this state")),
        "parent": Key(_NESTED, Text("在上级事项里问", "asked of the case that started this one")),
        "person": Key(
            Words(Text("登录名", "a login"), r"[^\s]{1,100}"), Text("指定的一个人（登录名）", "one person by login")
        ),
        "people": Key(
            Words(Text("人员组合名", "the name of a list of people"), NAME),
            Text("people 里起了名的人员组合", "a list of people named under `people`"),
        ),
    }
    return keys | {word: Key(SINCE, Text(f"{word}，从某一步起", f"{word}, from a state on")) for word in PLAIN_WORDS}


def _word_keys() -> dict[str, Key]:
    return _people_keys() | {"from": Key(STATE, Text("从这一步起才算", "counts only from this state on"))}


_GROUP = tuple(_people_keys())
_PEOPLE = Text("人员", "a word for people")

WORD = Either(
    (OneOf(PLAIN_WORDS, _PEOPLE), Record("people_word", _PEOPLE, _word_keys, exactly_one=(_GROUP,))),
    _PEOPLE,
)
PEOPLE = ListOf(WORD, single=True)
"""One word for people or a list, which is their union."""


def _fallback_keys() -> dict[str, Key]:
    return _word_keys() | {
        "skip": Key(ACTION, Text("跳过：系统代为执行这个操作", "skip: the engine takes this action itself"))
    }


_FALLBACK = Text("特殊情况的处理", "a rule for a special situation")
FALLBACK = Either(
    (
        OneOf(PLAIN_WORDS, _FALLBACK),
        Record("fallback", _FALLBACK, _fallback_keys, exactly_one=((*_GROUP, "skip"),)),
        ListOf(WORD),
    ),
    _FALLBACK,
)

CONDITION = Either(
    (
        EXPRESSION,
        Record(
            "all_ended",
            Text("条件", "a condition"),
            lambda: {
                "all_ended": Key(
                    PROCESS_KEY, Text("这一流程的下级事项都已结束", "all cases of this process below have ended"), True
                )
            },
        ),
    ),
    Text("条件", "a condition"),
)

ALTERNATIVE = Record(
    "alternative",
    Text("一个去向", "an alternative"),
    lambda: {
        "to": Key(STATE, Text("去向", "where it leads"), True),
        "when": Key(CONDITION, Text("什么条件下", "under which condition")),
        "else": Key(Flag(only=True), Text("其余情况", "in all other cases")),
    },
    at_most_one=(("when", "else"),),
)
ALTERNATIVES = ListOf(ALTERNATIVE, most=20)
TARGET = Either((STATE, ALTERNATIVES), Text("去向", "where it leads"))
"""A state, or alternatives that are tried in order."""

SOURCES = ("scorecard", "year", "bonus", "scorecards", "duties")
"""Names of what fills forms; the application hands the sources to the engine."""
RECORDERS = ("result", "scorecards", "duties")
"""Names of what keeps results; the application hands the recorders to the engine."""
SOURCE = OneOf(SOURCES, Text("数据源", "a source"))
RECORDER = OneOf(RECORDERS, Text("存档名", "what can be recorded"))

ASSIGNMENTS = MapOf(EXPRESSION, Text("字段名", "the name of a field"))
TELL = Record(
    "tell",
    Text("信号", "a signal to other cases"),
    lambda: {
        "children": Key(SIGNAL, Text("告诉本事项发起的各事项", "tell every case that this one started")),
        "parent": Key(SIGNAL, Text("告诉发起本事项的事项", "tell the case that started this one")),
    },
)


def effects() -> dict[str, Key]:
    """What can happen along with a transition."""
    return {
        "set": Key(ASSIGNMENTS, Text("赋值：字段 → 表达式", "field → expression")),
        "tell": Key(TELL, Text("给其他事项发信号", "signals to other cases")),
        "notify": Key(PEOPLE, Text("给谁发通知", "who gets a mail")),
        "record": Key(ListOf(RECORDER, single=True), Text("由程序存档", "what the program keeps of it")),
    }
