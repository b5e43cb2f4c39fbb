"""Anonymous answers (language.md §4): kept apart from who gave them, shown together when their step closes, or never.

While the step is open an answer lies in `answer`, which knows no person, time or order: with every new answer all of the step
are written anew, under new random ids and shuffled. The event says that somebody answered, nothing else; the task only that it
is done. When the state is left with at least `at_least` answers they become rows of the `into:` table, shuffled again; with
fewer, or when the case is cancelled, they are deleted unseen. Rows of such a table are in no event: replay is not promised for
them (design.md §5, 2).
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_

from workflows.definition.model import Process, State, Task
from workflows.engine.rows import TaskRow
from workflows.engine.tables import Answer, Draft
from workflows.errors import InvalidInput, Text

if TYPE_CHECKING:
    from workflows.engine.running import Running, Step

Answers = dict[str, list[dict[str, Any]]]
"""Part → the answers given there in the present visit."""


def tasks_of(state: State) -> tuple[Task, ...]:
    """The parts of a state that are answered without names."""
    return tuple(task for task in state.tasks if task.anonymous)


def tables_of(process: Process) -> frozenset[str]:
    """The tables that anonymous answers become rows of."""
    return frozenset(task.into for state in process.states.values() for task in tasks_of(state) if task.into)


def take(run: Running) -> None:
    """Have the answers of the present visit in hand: one statement, none where the state asks nobody anonymously.

    Only steps call it: pages must not know what is in there, not even through a condition that decides what comes next.
    """
    if run.row.ended or not tasks_of(run.state):
        return
    kept = select(Answer.part, Answer.values).where(Answer.case_id == run.row.id, Answer.visit == run.row.visit)
    run.answers = {}
    for part, values in run.session.execute(kept):
        run.answers.setdefault(part, []).append(values)


def give(run: Running, task: Task, values: Mapping[str, Any], step: Step) -> None:
    """One more answer. `values` as `forms.read_values` gives them: the new row is the last of the table `into`.

    The event will not say who answered nor with which button, unless there is only one; a draft kept under the person's
    name goes.
    """
    answer = values[task.into][-1] if task.into is not None and task.into in values else None
    if answer is not None and run.answers is not None:
        run.answers.setdefault(task.part, []).append(answer)
        _write_anew(run)
    step.silent, step.actor, step.on_behalf_of, step.said = True, None, None, {}
    if len(run.state.actions) > 1:
        step.action = None


def refuse_reason(reason: str) -> None:
    """A reason would stand in the event. Raises `InvalidInput`."""
    if reason.strip():
        sentence = Text("这是匿名答复，不写理由。", "This is answered without a name: give no reason here.")
        raise InvalidInput(fields={"reason": [sentence]})


def close(run: Running, step: Step) -> None:
    """The state is left: enough answers become rows, in an order that tells nothing; too few are never shown."""
    if run.answers is None:
        return
    withheld = {task.part: len(given) for task, given in _given(run) if len(given) < task.at_least}
    # Not by `set_fields`: the rows stand in no event. What formulas make of all of them together does.
    run.row.data.update(shown(run))
    if withheld:
        step.said["withheld"] = withheld
    _forget(run)
    run.set_fields({}, step)


def drop(run: Running) -> None:
    """The case is cancelled: nobody will see the answers."""
    if run.answers is not None:
        _forget(run)


def shown(run: Running) -> dict[str, list[dict[str, Any]]]:
    """The tables as they will be if the state is left now; without those that have too few answers."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for task, given in _given(run):
        if task.into is not None and given and len(given) >= task.at_least:
            there = tables.get(task.into) or list(run.row.data.get(task.into) or [])
            tables[task.into] = [*there, *shuffled(given)]
    return tables


def shuffled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in an order that nobody can know."""
    rest = list(rows)
    secrets.SystemRandom().shuffle(rest)
    return rest


def _given(run: Running) -> list[tuple[Task, list[dict[str, Any]]]]:
    return [(task, (run.answers or {}).get(task.part, [])) for task in tasks_of(run.state)]


def _write_anew(run: Running) -> None:
    rows = [
        {"id": uuid.uuid4(), "case_id": run.row.id, "state": run.row.state, "visit": run.row.visit, "part": part, "values": one}
        for part, given in (run.answers or {}).items()
        for one in given
    ]  # fmt: skip
    run.record.answered[run.row.id] = shuffled(rows)


def _forget(run: Running) -> None:
    if any((run.answers or {}).values()):
        run.record.answered[run.row.id] = []
    run.answers = None
    forget_drafts(run, [task for task in run.open_tasks() if task.anonymous])


def forget_drafts(run: Running, tasks: list[TaskRow], *people: uuid.UUID) -> None:
    """What the holders of anonymous tasks (or those `people`) typed and kept without handing it in."""
    whose = [(p, f"task:{t.id.hex}") for t in tasks for p in (t.holder_id, *people) if p is not None]
    if whose:
        run.session.execute(delete(Draft).where(tuple_(Draft.person_id, Draft.place).in_(whose)))
