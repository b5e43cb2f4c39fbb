"""The same as the picture in words: one entry for each state, for readers who hear it and for phones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.definition.diagram_graph import awaited
from workflows.definition.diagram_words import Names, Speaker
from workflows.definition.model import START, Action, Process, State, Task, Way


@dataclass(frozen=True, slots=True)
class Step:
    """A state: `title`, who does what by when (`tasks`), and where it leads (`ways`); all in the reader's language."""

    key: str
    title: str
    tasks: tuple[str, ...]
    ways: tuple[str, ...]


def outline(process: Process, *, language: str = "zh", names: Names | None = None) -> tuple[Step, ...]:
    """The steps of a process in the order of its definition, the start first."""
    speaker = Speaker(process, language, names or Names())
    steps = [
        Step(
            START,
            speaker.state(START),
            tuple(_starts(speaker)),
            (_arrow(speaker, process.start.to or next(iter(process.states))),),
        )
    ]
    for key, state in process.states.items():
        tasks = [*(_task(task, speaker) for task in state.tasks), *_alone(state, speaker)]
        steps.append(Step(key, speaker.say(state.title), tuple(tasks), tuple(_ways(key, state, speaker))))
    return tuple(steps)


def _starts(speaker: Speaker) -> Iterator[str]:
    start = speaker.process.start
    if start.by:
        yield speaker.people(start.by)
    if "spawn" in start.kinds:
        yield speaker.pick("由其他事项发起", "Started by another case")
    if "figure" in start.kinds:
        yield speaker.pick("由指标发起", "Started by a figure")
    if speaker.process.schedules:
        yield speaker.pick("按日历自动发起", "Started by the calendar")


def _task(task: Task, speaker: Speaker) -> str:
    title = f"{speaker.say(task.title)}{speaker.pick('：', ': ')}" if task.title else ""
    who = speaker.people(task.who or task.each)
    if task.each:
        who = speaker.pick(f"每一位{who}", f"each {who}")
    due = speaker.pick(f"，期限 {speaker.moment(task.due)}", f", due {speaker.moment(task.due)}") if task.due else ""
    return f"{title}{who}{due}"


def _alone(state: State, speaker: Speaker) -> Iterator[str]:
    """What a state does without people."""
    for spawn in state.spawns:
        each = (
            speaker.pick(f"，{speaker.people(spawn.each)}一件", f", one for {speaker.people(spawn.each).lower()}")
            if spawn.each
            else ""
        )
        title = speaker.title(spawn.process, speaker.names.processes)
        yield speaker.pick(f"发起{title}{each}", f"Starts {title}{each}")
    if state.end:
        yield speaker.pick("结束", "The end")


def _ways(key: str, state: State, speaker: Speaker) -> Iterator[str]:
    for action in state.actions.values():
        yield from _action(action, speaker)
    for spawn in state.spawns:
        yield from _choices(awaited(spawn, speaker), spawn.ways, speaker)
    for reaction in state.signals:
        yield from _choices(speaker.pick("收到通知", "on a signal"), reaction.ways, speaker)
    for after in state.after:
        yield from _choices(speaker.clock(after.when), after.ways, speaker)
    for anytime in speaker.process.anytime.values():
        if (key in anytime.states) if anytime.states else not state.end:
            who = speaker.people(anytime.by)
            for told in _action(anytime.action, speaker):
                yield speaker.pick(f"{who}可以：{told}", f"{who} may: {told}")


def _action(action: Action, speaker: Speaker) -> Iterator[str]:
    if action.stay:
        yield f"{speaker.say(action.title)}{speaker.pick('（不离开这一步）', ' (stays here)')}"
    yield from _choices(speaker.say(action.title), action.ways, speaker)


def _choices(label: str, ways: tuple[Way, ...], speaker: Speaker) -> Iterator[str]:
    for way in ways:
        told = label if len(ways) == 1 and way.condition is None else speaker.under(label, way.condition)
        yield f"{told} {_arrow(speaker, way.to)}"


def _arrow(speaker: Speaker, target: str) -> str:
    return f"→ {speaker.state(target)}"
