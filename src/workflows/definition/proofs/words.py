"""Every place of a process where people are named."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition.model import Path, People, Process, State, Task, Word


def all_people(process: Process) -> Iterator[tuple[Path, People]]:
    """Each union of words for people, with its path."""
    yield ("start", "by"), process.start.by
    yield ("see",), process.see
    for schedule in process.schedules:
        yield (*schedule.path, "each"), schedule.each
    for name, field in process.fields.items():
        for key, people in (("people", field.people), ("see", field.see)):
            if people is not None:
                yield ("fields", name, key), people
    for state in process.states.values():
        yield from _of_state(state)
    for anytime in process.anytime.values():
        yield (*anytime.action.path, "by"), anytime.by
        yield (*anytime.action.path, "not"), anytime.exclude
        yield (*anytime.action.path, "notify"), anytime.action.effects.notify
    for alert in process.alerts:
        yield (*alert.path, "to"), alert.to


def _of_state(state: State) -> Iterator[tuple[Path, People]]:
    for task in state.tasks:
        yield from _of_task(task)
    for action in state.actions.values():
        yield (*action.path, "notify"), action.effects.notify
    for after in state.after:
        yield (*after.path, "notify"), after.effects.notify
    for spawn in state.spawns:
        yield (*spawn.path, "each"), spawn.each
    yield (*state.path, "notify"), state.enter.notify


def _of_task(task: Task) -> Iterator[tuple[Path, People]]:
    yield (*task.path, "for"), task.who
    yield (*task.path, "each"), task.each
    yield (*task.path, "not"), task.exclude
    for reminder in task.remind:
        yield (*task.path, "remind"), reminder.to
    for escalation in task.escalate:
        yield (*task.path, "escalate"), escalation.to
    rules = {
        "if_nobody": task.if_nobody,
        "if_starter": task.if_starter,
        "if_same": task.if_same,
        "if_left": task.if_left,
    }
    for name, rule in rules.items():
        if rule is not None:
            yield (*task.path, name), rule.people


def innermost(people: People) -> Iterator[Word]:
    """The words with the words inside them: `manager_of: {field: owner}` → the field."""
    for word in people.words:
        if isinstance(word.arg, People):
            yield from innermost(word.arg)
        else:
            yield word


def words(people: People) -> Iterator[Word]:
    """The words and those inside them, all of them."""
    for word in people.words:
        yield word
        if isinstance(word.arg, People):
            yield from words(word.arg)
