"""Who reads what people say by the way: reasons, comments, and the files attached to them.

Words concern what their author had before their eyes. They are shown to whoever may see every field that the task shows or
fills in, judged at the moment they were said: what was said about a score before it was published stays among those who saw it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from workflows.definition.model import START, Field, Process, Task
from workflows.engine.people import Situation
from workflows.engine.rows import TaskRow
from workflows.engine.visibility import may_see_field

PersonId = uuid.UUID


def may_read(
    process: Process,
    situation: Situation,
    reader: PersonId,
    authors: Iterable[PersonId | None],
    at: datetime,
    task: uuid.UUID | None = None,
    form: Iterable[str] = (),
) -> bool:
    """Whether the reader may read words said at `at` about `task`, or beside any task (`form`: the fields of that action).

    Authors always read their own. Beside any task the words may concern whatever was to be done just then, and what is still
    withheld until a later state (`from:`) of all that was ever asked for.
    """
    if reader in authors:
        return True
    concerned = _of_task(process, situation, task) if task is not None else _of_moment(process, situation, at)
    limited = [field for field in (*concerned, *_named(process, form)) if field.see is not None]
    then = replace(situation, entries=_entered_before(situation, at)) if limited else situation
    return all(may_see_field(field, then, reader) for field in limited)


def _of_task(process: Process, situation: Situation, task: uuid.UUID) -> Iterator[Field]:
    for row in situation.tasks:
        if row.id == task:
            yield from _fields(process, row)


def _of_moment(process: Process, situation: Situation, at: datetime) -> Iterator[Field]:
    for row in situation.tasks:
        if row.opened_at <= at:
            over = row.completed_at is not None and row.completed_at < at
            yield from (field for field in _fields(process, row) if not over or _withheld(field))


def _withheld(field: Field) -> bool:
    return field.see is not None and any(word.since is not None for word in field.see.words)


def _fields(process: Process, row: TaskRow) -> Iterator[Field]:
    if row.state == START:
        return _named(process, process.start.form)
    state = process.states[row.state]
    rules: tuple[Task, ...] = tuple(task for task in state.tasks if task.part == row.part)
    asked = (name for action in state.actions.values() for name in (*action.form, action.append or ""))
    return _named(process, (*(name for task in rules for name in (*task.show, *task.edit, task.into or "")), *asked))


def _named(process: Process, names: Iterable[str]) -> Iterator[Field]:
    return (process.fields[name] for name in names if name in process.fields)


def _entered_before(situation: Situation, at: datetime) -> dict[str, str]:
    """States entered before the words were said; one that the same step enters comes after its words."""
    return {state: entered for state, entered in situation.entries.items() if datetime.fromisoformat(entered) < at}
