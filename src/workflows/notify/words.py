"""The sentences of a mail, Chinese and English. Times are absolute: a mail is read later than it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.definition.model import Process, State
from workflows.errors import Text
from workflows.notify.facts import Fact
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
BRAND = Text("运营流程", "Workflows")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom, when and in which zone something is said."""

    language: str
    now: datetime
    calendar: Calendar
    organisation: Organisation

    def say(self, zh: str, en: str) -> str:
        """The one of two sentences that is in the reader's language."""
        return Text(zh, en).text(self.language)

    def time(self, instant: datetime) -> str:
        """Day, weekday and clock time in the company's zone, the year only if it is another: 11月20日（周五）18:00."""
        local = instant.astimezone(self.calendar.zone)
        day = local.date()
        other_year = day.year != self.calendar.day_of(self.now).year
        zh = (
            f"{f'{day.year}年' if other_year else ''}{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）{local:%H:%M}"
        )
        en = f"{local:%a} {day.day} {local:%b}{f' {day.year}' if other_year else ''}, {local:%H:%M}"
        return self.say(zh, en)


def headline(fact: Fact, process: Process, reader: Reader) -> str:
    """What is asked, before what it is: verb and object."""
    title = fact.case.title if fact.case is not None else process.title.text(reader.language)
    state = _state(fact, process)
    asked = fact.task is not None and state is not None
    verb = _verb(fact, state, reader) if asked and state is not None else ""
    return " ".join(f"{verb} {title}".split())


def due(fact: Fact, reader: Reader) -> str:
    """By when, and whether that has passed or may still move; empty where the task has no deadline."""
    task = fact.task
    if task is None or task.due_at is None:
        return ""
    when = reader.time(task.due_at)
    said = reader.say(f"{when} 前", f"by {when}")
    if is_late(fact, reader.now):
        said += reader.say("，已超期", ", late")
    if task.due_provisional:
        said += reader.say(
            "（暂定：当年放假安排尚未公布）", " (provisional: that year's holidays are not announced yet)"
        )
    return said


def note(fact: Fact, process: Process, reader: Reader) -> str:
    """Why the reader hears of it."""
    actor = _name(fact, "actor", reader)
    if fact.kind == "escalation":
        return _escalated(fact, reader)
    if fact.kind == "alert":
        return _alert(fact, process, reader)
    if fact.kind == "notice":
        return _news(fact, process, reader)
    if fact.kind == "urge" and actor:
        return reader.say(f"{actor}催你办", f"{actor} asks you to get on with it")
    if fact.kind == "sent_back":
        by = reader.say(f"{actor}退回" if actor else "已退回", f"sent back by {actor}" if actor else "sent back")
        return reader.say(f"{by}，理由见事项", f"{by}, for the reason given there")
    return _whose(fact, reader)


def call(fact: Fact, reader: Reader) -> str:
    """The word before a subject that says what kind of news it is; empty for a plain task."""
    said = {
        "reminder": ("提醒：", "Reminder: "),
        "escalation": ("转报：", "Escalated: "),
        "sent_back": ("退回：", "Sent back: "),
        "urge": ("催办：", "Please hurry: "),
    }.get(fact.kind)
    return reader.say(*said) if said is not None else ""


def is_late(fact: Fact, now: datetime) -> bool:
    """Whether the task's due time has passed."""
    return fact.task is not None and fact.task.due_at is not None and fact.task.due_at < now


def _state(fact: Fact, process: Process) -> State | None:
    key = fact.task.state if fact.task is not None else fact.case.state if fact.case is not None else ""
    return process.states.get(key)


def _verb(fact: Fact, state: State, reader: Reader) -> str:
    part = fact.task.part if fact.task is not None else ""
    title = next((task.title for task in state.tasks if part and task.part == part), None)
    return (title or state.verb or state.title).text(reader.language)


def _whose(fact: Fact, reader: Reader) -> str:
    """Who has the task, unless the reader does."""
    if fact.task is None or fact.task.holder_id == fact.person_id:
        return ""
    if fact.task.holder_id is None:
        return reader.say("你和同组的人都可以认领", "you or anyone of your group can take it")
    holder = reader.organisation.name_of(fact.task.holder_id)
    return reader.say(f"在{holder}手里", f"{holder} has it")


def _escalated(fact: Fact, reader: Reader) -> str:
    holder = reader.organisation.name_of(fact.task.holder_id) if fact.task is not None else ""
    if holder:
        return reader.say(
            f"转报给你：{holder}还没有办完，你也可以办", f"escalated: {holder} has not done it yet, you may as well"
        )
    return reader.say("转报给你：还没有人认领，你也可以办", "escalated: nobody has taken it yet, you may as well do it")


def _alert(fact: Fact, process: Process, reader: Reader) -> str:
    # The timer's rule names it: `alert/0` is the definition's first.
    kind, _, number = str(fact.said.get("rule", "")).partition("/")
    known = kind == "alert" and number.isdecimal() and int(number) < len(process.alerts)
    return process.alerts[int(number)].message.text(reader.language) if known else ""


def _news(fact: Fact, process: Process, reader: Reader) -> str:
    state = process.states.get(str(fact.said.get("state") or (fact.case.state if fact.case is not None else "")))
    if state is None:
        return ""
    title = state.title.text(reader.language)
    return reader.say(f"现在：{title}", f"now: {title}")


def _name(fact: Fact, key: str, reader: Reader) -> str:
    said = fact.said.get(key)
    return (
        next((m.name for m in reader.organisation.people.values() if said in {m.id.hex, str(m.id)}), "") if said else ""
    )
