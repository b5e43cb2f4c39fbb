"""What a submission fills in: cleaned by the definition's fields, checked against rules, people and files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from workflows.definition.model import TODAY, Action, Check, Field, Process, State, Task
from workflows.definition.values.forms import clean, form_fields
from workflows.definition.values.lines import files_of
from workflows.engine.named import strangers
from workflows.engine.running import Running
from workflows.engine.tables import File
from workflows.errors import InvalidInput, Text
from workflows.expression import Expression
from workflows.expression.reads import needed

GOING_BACK = frozenset({"send_back", "reject"})
"""Kinds of actions that need none of the task's own fields."""


def read_values(
    run: Running, task: Task | None, action: Action, raw: Mapping[str, Any], answers: uuid.UUID
) -> dict[str, Any]:
    """The stored values of the fields that a form may change: the task's `edit`, then the action's `form`.

    With `append` the action's form becomes one more row of that table; with `into` the task's fields become the person's row.
    `answers`: whose row it is, where the table says so: of a deputy the person they stand in for.
    Raises `InvalidInput` for unknown fields, and with everything that is wrong otherwise.
    """
    process, zone = run.process, run.scene.calendar.zone
    edit = [name for name in (task.edit if task is not None else ()) if name not in action.form]
    own = {name: raw[name] for name in raw if name in edit}
    others = {name: raw[name] for name in raw if name not in edit}
    lenient = action.kind in GOING_BACK or action.stay
    found: dict[str, Any] = {}
    wrong: dict[str, list[Text]] = {}
    for names, given, partial, append in (
        (edit, own, lenient, task.into if task is not None else None), (action.form, others, False, action.append),
    ):  # fmt: skip
        try:
            typed = clean(process, names, given, partial=partial, append=append, zone=zone)
            found |= _as_rows(run, append, typed, answers)
        except InvalidInput as error:
            wrong |= error.fields
    if wrong:
        raise InvalidInput(fields=wrong)
    return found


def _as_rows(run: Running, table: str | None, values: dict[str, Any], answers: uuid.UUID) -> dict[str, Any]:
    if table is None or not any(value is not None for value in values.values()):
        return values if table is None else {}
    columns = {column.name: column for column in run.process.fields[table].columns}
    row = {name: value for name, value in values.items() if name in columns}
    row |= {name: str(answers) for name, column in columns.items() if column.filled}
    others = {name: value for name, value in values.items() if name not in columns}
    return {**others, table: [*(run.row.data.get(table) or []), row]}


def check_values(run: Running, action: Action, changed: Mapping[str, Any], actor: uuid.UUID) -> None:
    """Rules between fields, fields the action requires, people and positions that may be named, days that may be, files that were uploaded.

    Asked when the values are set already; raising rolls everything back. Raises `InvalidInput`.
    """
    wrong: dict[str, list[Text]] = {}
    values = run.values()
    for name in action.require:
        if values[name] is None:
            wrong[name] = [Text("请填写。", "This is needed.")]
    if action.kind not in GOING_BACK:
        broken = [r for r in run.process.rules if answerable(r.must, values) and not r.must.holds(values)]
        # What this form cannot mend is not asked of it: something may have been typed along with a send-back.
        for rule in (r for r in broken if not changed.keys().isdisjoint(rests_on(run.process, r.must.names))):
            names = [name for name in sorted(rule.must.names) if name in changed] or [""]
            wrong.setdefault(names[0], []).append(rule.message)
    wrong |= strangers(run, action, changed)
    wrong |= _other_lines(run, changed)
    wrong |= _other_days(run, changed)
    if wrong:
        raise InvalidInput(fields=wrong)
    take_files(run, changed, actor)


def rests_on(process: Process, names: Iterable[str]) -> set[str]:
    """The fields that these names read, formulas through what they are computed from."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and (field := process.fields.get(name)) is not None:
            found.add(name)
            waiting += field.formula.names if field.formula is not None else ()
    return found


def answerable(test: Expression, values: Mapping[str, Any]) -> bool:
    """Whether everything that a test reads is there; what it only asks for with `is_set` need not be."""
    return all(values.get(name) is not None for name in needed(test))


def wanted_parts(state: State, values: Mapping[str, Any]) -> tuple[Task, ...]:
    """The parts of a state that would open there: those without `if`, and those whose `if` holds."""
    tests = ((task, task.condition) for task in state.tasks)
    return tuple(task for task, test in tests if test is None or (answerable(test, values) and test.holds(values)))


def applies(check: Check, values: Mapping[str, Any]) -> bool:
    """Whether a check is asked at all: its condition can be answered, and holds."""
    return check.condition is None or (answerable(check.condition, values) and check.condition.holds(values))


def _other_lines(run: Running, changed: Mapping[str, Any]) -> dict[str, list[Text]]:
    """Lines beyond those of the field they are limited to (`only:`)."""
    wrong: dict[str, list[Text]] = {}
    for name, value in changed.items():
        limit = run.process.fields[name].only
        if limit is not None and value is not None:
            there = (run.row.data.get(limit) or {"lines": {}})["lines"]
            strange = [key for key in value["lines"] if key not in there]
            wrong |= {f"{name}.{key}": [Text("这一项不在其中。", "This line is not among them.")] for key in strange}
    return wrong


def _other_days(run: Running, changed: Mapping[str, Any]) -> dict[str, list[Text]]:
    """Dates later than today where nothing later can be (`max: today`), or earlier (`min: today`); those of a table by row and column."""
    today = run.scene.today.isoformat()
    wrong: dict[str, list[Text]] = {}
    for name, field, value in _cells(run.process, changed):
        if field.max == TODAY and value > today:
            wrong[name] = [Text("不能晚于今天。", "This cannot be later than today.")]
        elif field.min == TODAY and value < today:
            wrong[name] = [Text("不能早于今天。", "This cannot be earlier than today.")]
    return wrong


def _cells(process: Process, changed: Mapping[str, Any]) -> Iterator[tuple[str, Field, Any]]:
    """Every value that was given, with its field or column and what errors call it."""
    for name, value in changed.items():
        field = process.fields[name]
        for column in field.columns:
            cells = ((f"{name}.{at}.{column.name}", row.get(column.name)) for at, row in enumerate(value or ()))
            yield from ((place, column, cell) for place, cell in cells if cell is not None)
        if not field.columns and value is not None:
            yield name, field, value


def take_files(run: Running, changed: Mapping[str, Any], actor: uuid.UUID) -> None:
    """Files named in the form become files of the case. Raises `InvalidInput` for a file somebody else uploaded."""
    named = {file: name for name, value in changed.items() for file in _files(run.process.fields[name], value)}
    if not named:
        return
    ids = {uuid.UUID(file): name for file, name in named.items()}
    rows = run.session.execute(select(File.id, File.uploaded_by, File.case_id).where(File.id.in_(ids))).all()
    there = {row.id for row in rows if row.case_id == run.row.id or (row.case_id is None and row.uploaded_by == actor)}
    missing = sorted({name for file, name in ids.items() if file not in there})
    if missing:
        sentence = Text("文件没有上传成功，请重新选择。", "A file did not arrive: choose it again.")
        raise InvalidInput(fields={name: [sentence] for name in missing})
    for row in rows:
        if row.case_id is None:
            run.record.file(row.id, run.row.id, ids[row.id])


def _files(field: Field, value: Any) -> Iterable[str]:
    if field.type == "files" and isinstance(value, list):
        yield from value
    if field.type == "lines" and value is not None:
        yield from files_of(value)
    if field.type == "table" and isinstance(value, list):
        files = [column for column in field.columns if column.type == "files"]
        for row in value:
            for column in files:
                yield from _files(column, row.get(column.name))


def fields_of(process: Process, task: Task | None, action: Action | None) -> dict[str, Field]:
    """The fields a form may change, by name; columns where the form makes a row."""
    found: dict[str, Field] = {}
    if task is not None:
        found |= form_fields(process, task.edit, task.into)
    if action is not None:
        found |= form_fields(process, action.form, action.append)
    return found
