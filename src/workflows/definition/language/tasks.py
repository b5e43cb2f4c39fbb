"""Tasks and actions: who has to do something in a state, until when, and where it leads."""

from __future__ import annotations

from workflows.definition.language.words import (
    ACTION,
    CONDITION,
    EXPRESSION,
    FALLBACK,
    FIELD,
    FIELDS,
    MOMENT,
    PEOPLE,
    SOURCE,
    STATE,
    TARGET,
    effects,
)
from workflows.document.shapes import NAME, Either, Flag, Key, ListOf, MapOf, OneOf, Record, Whole, Words, sentence
from workflows.errors import Text

PERMITTED_KINDS = ("submit", "approve", "send_back", "reject", "other")
JOIN = r"all|any|(?:100|[1-9][0-9]?)%"

_REMINDER = Record(
    "reminder",
    Text("提醒", "a reminder"),
    lambda: {
        "when": Key(MOMENT, Text("时刻", "moment"), True),
        "to": Key(PEOPLE, Text("提醒谁（默认办理人）", "whom, the holder by default")),
    },
)
_ESCALATION = Record(
    "escalation",
    Text("升级", "an escalation"),
    lambda: {
        "when": Key(MOMENT, Text("时刻", "moment"), True),
        "to": Key(PEOPLE, Text("告诉谁，并让其可以办理", "who is told and may act"), True),
    },
)
_REMINDERS = ListOf(Either((MOMENT, _REMINDER), Text("提醒", "a reminder")), most=10, single=True)
_ESCALATIONS = ListOf(_ESCALATION, most=10, single=True)
NONE = "none"
"""What a task writes to do without the process's own `remind` or `escalate` (a reminder is a word already)."""

EVERY_TASK = Record(
    "every_task",
    Text("每个待办的提醒与升级", "what holds for every task"),
    lambda: {
        "remind": Key(_REMINDERS, Text("提醒，待办里没有另写时", "reminders, unless the task has its own")),
        "escalate": Key(_ESCALATIONS, Text("逾期升级，待办里没有另写时", "escalation, unless the task has its own")),
    },
    at_least_one=(("remind", "escalate"),),
)


def _task_keys() -> dict[str, Key]:
    return {
        "title": Key(sentence(14, 36, "task_title", Text("待办名称", "the title of a task")), Text("名称（并行的各部分需要）", "title; parts need one")),
        "for": Key(PEOPLE, Text("谁来办：一个待办，其中任何人可领", "one task that any of them may claim")),
        "each": Key(PEOPLE, Text("每人一个待办", "one task for each of them")),
        "not": Key(PEOPLE, Text("不能由这些人办", "these people may not")),
        "edit": Key(FIELDS, Text("要填的字段", "fields to fill in")),
        "show": Key(FIELDS, Text("要看的字段", "fields to read")),
        "due": Key(MOMENT, Text("期限", "when it is due")),
        "remind": Key(_REMINDERS, Text("提醒", "reminders")),
        "escalate": Key(
            Either((OneOf((NONE,), _ESCALATION.what), _ESCALATIONS), _ESCALATION.what), Text("逾期升级", "whom it is brought before when late")
        ),
        "if": Key(EXPRESSION, Text("只在成立时才有这一部分", "the part is left out where this is false")),
        "into": Key(FIELD, Text("各人的答案成为这个表格的行", "the answers become rows of this table")),
        "anonymous": Key(Flag(only=True), Text("匿名", "answers are kept without names")),
        "at_least": Key(Whole(2, 1000), Text("至少几份才可看（匿名）", "fewest answers before any is shown")),
        "fill": Key(SOURCE, Text("由程序填入的数据源", "source that fills the form in")),
        "if_nobody": Key(FALLBACK, Text("无人可办时", "where nobody is left")),
        "if_starter": Key(FALLBACK, Text("恰是发起人时", "where it is the starter")),
        "if_same": Key(FALLBACK, Text("同一人前面已办过时", "where the same person acted before")),
        "if_left": Key(FALLBACK, Text("办理人离职时", "where the holder left")),
    }  # fmt: skip


TASK = Record(
    "task",
    Text("待办", "a task"),
    _task_keys,
    exactly_one=(("for", "each"),),
    needs={"into": ("each",), "anonymous": ("into",), "at_least": ("anonymous",)},
)
TASKS = MapOf(TASK, Text("部分名", "the key of a part"), most=30)

_WHEN = Either(
    (CONDITION, Whole(1, 100)),
    Text("何时前进", "a join or condition"),
)


def action_keys() -> dict[str, Key]:
    """The keys of an action; `anytime` has a few more."""
    return {
        "to": Key(TARGET, Text("去向", "where it leads")),
        "stay": Key(Flag(only=True), Text("不离开这一步", "the case stays where it is")),
        "title": Key(sentence(8, 24, "action_title", Text("操作名称", "the title of an action")), Text("按钮上的字", "what stands on the button")),
        "kind": Key(OneOf(PERMITTED_KINDS, Text("操作种类", "a kind of action")), Text("按哪种操作显示", "which kind of action it is drawn as")),
        "reason": Key(OneOf(("required", "optional"), Text("是否要理由", "required or optional")), Text("是否要写理由", "whether a reason must be given")),
        "form": Key(FIELDS, Text("操作时要填的字段", "fields that the action itself asks")),
        "append": Key(FIELD, Text("填的内容成为这个表格的新一行", "what is filled in becomes a row of this table")),
        "require": Key(FIELDS, Text("这些字段必须已有值", "fields that must have a value")),
        "people": Key(Whole(2, 20), Text("需要几个不同的人", "how many different people must take it")),
        "when": Key(_WHEN, Text("并行部分何时前进：all、any、60%、2；或条件", "when parallel parts lead on: all, any, 60%, 2; or a condition")),
        "order": Key(ListOf(Words(Text("部分名", "the key of a part"), NAME)), Text("各部分依次进行", "parts one after another")),
        "tasks": Key(OneOf(("choose",), Text("写法", "way")), Text("退回时由操作人选重做哪些部分", "the actor names the parts that reopen")),
        "children": Key(OneOf(("keep", "cancel"), Text("处理", "a consequence")), Text("退回时下级事项保留还是作废", "what becomes of the cases started")),
        "fill": Key(SOURCE, Text("核对所填内容的数据源", "source that checks what is filled in")),
        **effects(),
    }  # fmt: skip


ACTION_BODY = Record(
    "action",
    Text("操作", "an action"),
    action_keys,
    exactly_one=(("to", "stay"),),
    needs={"append": ("form",), "order": ("when",)},
)
ACTIONS = MapOf(
    Either((TARGET, ACTION_BODY), Text("操作", "an action")),
    Text("操作名", "the name of an action"),
    most=20,
)

ANYTIME = MapOf(
    Record(
        "anytime",
        Text("随时可做的操作", "an action of no task"),
        lambda: {
            "by": Key(PEOPLE, Text("谁可以", "who may"), True),
            "not": Key(PEOPLE, Text("其中这些人不可以", "those of them who may not")),
            "in": Key(ListOf(STATE), Text("在哪些步骤", "in which states; by default all but ends")),
            "until": Key(MOMENT, Text("到何时为止", "until when")),
            "once": Key(Flag(only=True), Text("只能一次", "only once")),
            **{key: value for key, value in action_keys().items() if key not in ("people", "order", "tasks")},
        },
        exactly_one=(("to", "stay"),),
        needs={"append": ("form",)},
    ),
    Text("操作名", "the name of an action"),
    most=20,
)
ACTION_NAME = ACTION
