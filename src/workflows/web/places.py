"""Where a submitted form belongs: the task's place in its definition, found in one read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.machine import start_state
from workflows.definition.model import START, Action, Field, Process, State
from workflows.definition.values.forms import form_fields
from workflows.engine.tables import Case, Task
from workflows.errors import NotFound
from workflows.web.casework import engine


@dataclass(frozen=True, slots=True)
class TaskPlace:
    """A task, its case, and what its definition lets somebody fill in. Rights are the engine's part."""

    task: uuid.UUID
    case: uuid.UUID
    process: Process
    state: State
    part: str

    @property
    def actions(self) -> Mapping[str, Action]:
        """What can be done in this state."""
        return self.state.actions

    @property
    def edited(self) -> tuple[Field, ...]:
        """The fields of the task's own form."""
        task = next((task for task in self.state.tasks if task.part == self.part), None)
        return asked(self.process, task.edit, task.into) if task else ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the task's form and of all its actions, each once."""
        found = {field.name: field for field in self.edited}
        for action in self.actions.values():
            found.update((field.name, field) for field in action_fields(self.process, action))
        return tuple(found.values())


def place_of(session: Session, task: uuid.UUID) -> TaskPlace:
    """The place of a task, open or not. Raises `NotFound`."""
    columns = (Task.case_id, Task.state, Task.part, Case.definition_id)
    row = session.execute(select(*columns).join(Case, Case.id == Task.case_id).where(Task.id == task)).one_or_none()
    if row is None:
        raise NotFound("没有这件待办。", "There is no such task.")
    process = engine().definition(session, row.definition_id)
    state = start_state(process) if row.state == START else process.states[row.state]
    return TaskPlace(task, row.case_id, process, state, row.part)


def process_of(session: Session, case: uuid.UUID) -> Process:
    """The definition a case runs by. Raises `NotFound`."""
    definition = session.scalar(select(Case.definition_id).where(Case.id == case))
    if definition is None:
        raise NotFound("没有这件事项。", "There is no such case.")
    return engine().definition(session, definition)


def action_fields(process: Process, action: Action) -> tuple[Field, ...]:
    """The fields an action asks for itself: those of the process, or columns of the table it appends to."""
    return asked(process, action.form, action.append)


def asked(process: Process, names: Iterable[str], table: str | None = None) -> tuple[Field, ...]:
    """The fields of a form; computed ones are nobody's to fill in. `table`: names may be its columns."""
    return tuple(field for field in form_fields(process, names, table).values() if field.formula is None)
