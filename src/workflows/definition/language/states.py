"""States: what is done there, what time and signals do, which cases are started, and how it ends."""

from __future__ import annotations

from workflows.definition.language.fields import CHECKS
from workflows.definition.language.tasks import ACTIONS, TASK, TASKS
from workflows.definition.language.words import (
    ASSIGNMENTS,
    CONDITION,
    EXPRESSION,
    FIELD,
    FIELDS,
    MOMENTS_PATTERN,
    PEOPLE,
    PROCESS_KEY,
    STATE,
    TARGET,
    WORD,
    effects,
)
from workflows.document.shapes import NAME, Either, Key, ListOf, MapOf, OneOf, Record, Words, sentence
from workflows.errors import Text

_TIMED = Record(
    "timed",
    Text("到时的去向", "what happens at a moment"),
    lambda: {
        "to": Key(TARGET, Text("去向", "where it leads"), True),
        "when": Key(CONDITION, Text("条件", "condition")),
        **effects(),
    },
)
AFTER = MapOf(
    Either((TARGET, _TIMED), Text("去向", "where it leads")), Text("时刻", "a moment"), MOMENTS_PATTERN, most=10
)
ON_SIGNAL = MapOf(
    Either((TARGET, _TIMED), Text("去向", "where it leads")), Text("信号名", "the name of a signal"), most=10
)

_WAIT = Either(
    (
        OneOf(("end",), Text("等到哪里", "what is waited for")),
        Record(
            "wait",
            Text("等到哪里", "what is waited for"),
            lambda: {"in": Key(STATE, Text("下级事项到了这一步", "until the cases stand in this state"), True)},
        ),
    ),
    Text("等到哪里", "what is waited for"),
)
SPAWN = Record(
    "spawn",
    Text("发起其他事项", "starting other cases"),
    lambda: {
        "process": Key(PROCESS_KEY, Text("哪个流程", "which process"), True),
        "each": Key(
            Either(
                (
                    Words(Text("人员或表格字段", "people or a table field"), NAME),
                    WORD.shapes[1],
                    ListOf(WORD),
                ),
                Text("人员或表格字段", "people or a table field"),
            ),
            Text("每人或每行一个；不写则一个", "one for each person or row; else one"),
        ),
        "set": Key(
            ASSIGNMENTS, Text("给新事项的字段赋值；each 是那个人或那一行", "its fields; `each` is the person or row")
        ),
        "if": Key(EXPRESSION, Text("只在成立时发起", "only where this holds")),
        "wait": Key(_WAIT, Text("等到它们结束或到某一步", "wait until they end or reach a state")),
        "then": Key(TARGET, Text("都到了之后的去向", "where it leads when all are there")),
    },
    needs={"wait": ("then",)},
)

_ENTER = Record("enter", Text("进入时", "what happens on entering"), effects)


def _state_keys() -> dict[str, Key]:
    return {
        "title": Key(sentence(14, 36, "state_title", Text("步骤名称", "the title of a state")), Text("名称", "title"), True),
        "verb": Key(sentence(4, 16, "verb", Text("动词", "a verb")), Text("待办里的动词（审核、评分）", "the verb on the work list")),
        "task": Key(TASK, Text("这一步唯一的待办", "the only task")),
        "tasks": Key(TASKS, Text("并行的各部分", "parts side by side")),
        "actions": Key(ACTIONS, Text("可以做的操作", "what can be done")),
        "after": Key(AFTER, Text("到时自动前进：时刻 → 去向", "moment → where the clock leads")),
        "on_signal": Key(ON_SIGNAL, Text("收到信号时", "signal → where it leads")),
        "spawn": Key(ListOf(SPAWN, most=10, single=True), Text("进入时发起其他事项", "cases started on entering")),
        "enter": Key(_ENTER, Text("进入时", "what happens on entering")),
        "end": Key(Words(Text("结果名", "the key of an outcome"), NAME), Text("结束，及其结果", "the case ends here, with this outcome")),
        "return": Key(ASSIGNMENTS, Text("结束时交回上级事项的值", "values handed back to the case that started this one")),
        "notify": Key(PEOPLE, Text("进入时通知谁", "who gets a mail on entering")),
        "list": Key(ListOf(FIELD, most=3), Text("待办行上的字段，最多三个", "up to three fields on the work list")),
        "ask": Key(sentence(60, 160, "ask", Text("问句", "a question")), Text("要决定的问题", "the question of the decision")),
        "facts": Key(ListOf(FIELD, most=4), Text("问题旁的要点，最多四个", "up to four facts beside it")),
        "checks": Key(CHECKS, Text("核对项", "tests shown to the decider")),
        "similar": Key(
            Record(
                "similar",
                Text("相似事项", "similar cases"),
                lambda: {"same": Key(FIELDS, Text("哪些字段相同", "fields that are the same"), True)},
            ),
            Text("相似的已办事项", "what counts as a similar case"),
        ),
    }  # fmt: skip


STATE_BODY = Record(
    "state",
    Text("步骤", "a state"),
    _state_keys,
    at_most_one=(("task", "tasks"), *(("end", key) for key in ("task", "tasks", "actions", "after", "on_signal"))),
    needs={"return": ("end",), "ask": ("task", "tasks"), "checks": ("task", "tasks"), "actions": ("task", "tasks")},
)
STATES = MapOf(STATE_BODY, Text("步骤名", "the name of a state"), most=60)
