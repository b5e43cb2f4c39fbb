"""What one case contributes to a figure: its definition's expressions, asked of the case as it stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from workflows.definition.building.figures import figure_expression
from workflows.definition.model import Figure, People, Process
from workflows.definition.values.typed import row_values, typed
from workflows.engine.parameters import fitting
from workflows.engine.people import Situation, resolve
from workflows.engine.scene import Scene
from workflows.expression import Expression, ExpressionError
from workflows.org.calendar import Calendar
from workflows.reports.candidates import Candidate
from workflows.reports.window import Window

Way = Literal["count", "sum", "mean", "share"]
"""How contributions make a figure: their number, their sum, their mean, the percentage of those that hold."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One number of one case for one person; for `count` 1 each, for `share` 1 or 0."""

    person: uuid.UUID
    figure: str
    way: Way
    value: Fraction
    case: uuid.UUID


def way_of(figure: Figure) -> Way:
    """How a figure is made of contributions; rows alone are counted."""
    for way in ("sum", "mean", "share"):
        if way in figure.settings:
            return way
    return "count"


def contributions(
    process: Process, candidate: Candidate, scene: Scene, window: Window, names: Collection[str] | None = None
) -> Iterator[Contribution]:
    """What a case contributes in the month to figures of `names` (None: to all). `process`: the version the case began with."""
    figures = [figure for figure in process.figures if names is None or figure.name in names]
    if not figures:
        return
    fields = _fields(process, candidate, scene)
    situation = _situation(candidate, scene)
    for figure in figures:
        values = _values(_asked(figure), process, fields, candidate, scene)
        for number, each in _numbers(process, figure, candidate, values, window):
            for person in resolve(_people(figure), _of_row(situation, each)):
                yield Contribution(person, figure.name, way_of(figure), number, candidate.row.id)


def _of_row(situation: Situation, each: Mapping[str, Any]) -> Situation:
    """The case, with the row at hand: `{field: each.lead}` is who stands in its person column."""
    return replace(situation, data={**situation.data, **each}) if each else situation


def _people(figure: Figure) -> People:
    people = figure.settings["for"]
    if not isinstance(people, People):
        raise TypeError(f"the figure {figure.name} was not read by the loader of definitions")
    return people


# -- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(
    process: Process, figure: Figure, candidate: Candidate, values: Mapping[str, Any], window: Window
) -> Iterator[tuple[Fraction, Mapping[str, Any]]]:
    """Each number, with the row (`each…`) that it is of."""
    settings = figure.settings
    anchor = str(settings["month"])
    if not anchor.startswith("each.") and not window.holds(_moment(process, anchor, candidate, values)):
        return
    if "count" in settings and str(settings["count"]) not in candidate.row.entries:
        return
    for each in _rows(process, settings, candidate):
        known = {**values, **each}
        if anchor.startswith("each.") and not window.holds(known.get(anchor)):
            continue
        if "when" in settings and _value(str(settings["when"]), known) is not True:
            continue
        number = _number(figure, known)
        if number is not None:
            yield number, each


def _rows(process: Process, settings: Mapping[str, Any], candidate: Candidate) -> Sequence[Mapping[str, Any]]:
    """What `each` is: nothing for the case as a whole, else each row of its table, or each person of its field."""
    if "rows" not in settings:
        return [{}]
    name = str(settings["rows"])
    rows = candidate.row.data.get(name) or ()
    if process.fields[name].type == "people":
        return [{"each": person} for person in rows]
    return [row_values(process, name, row) for row in rows]


def _number(figure: Figure, known: Mapping[str, Any]) -> Fraction | None:
    way = way_of(figure)
    if way == "count":
        return Fraction(1)
    value = _value(str(figure.settings[way]), known)
    if isinstance(value, bool):
        return Fraction(value)
    return value if isinstance(value, Fraction) else None


def _value(source: str, known: Mapping[str, Any]) -> Any:
    """The value of an expression; None where something in it is unset or cannot be reckoned: then the case says nothing."""
    try:
        return _expression(source).evaluate(known)
    except ExpressionError:
        return None


@lru_cache(maxsize=1024)
def _expression(source: str) -> Expression:
    return figure_expression(source)


# -- what expressions read --------------------------------------------------------------------------------------------


def _moment(process: Process, anchor: str, candidate: Candidate, values: Mapping[str, Any]) -> Any:
    if anchor in process.fields:
        return values[anchor]
    return _entered(candidate, anchor)


def _entered(candidate: Candidate, state: str) -> datetime | None:
    """When the case last entered a state."""
    entered = candidate.row.entries.get(state)
    return datetime.fromisoformat(entered) if entered else None


def _fields(process: Process, candidate: Candidate, scene: Scene) -> Mapping[str, Any]:
    row = candidate.row
    own = fitting(process, scene.parameters.get(process.key, {}))
    return typed(process, row.data, parameters=own, starter=str(row.starter_id) if row.starter_id else None)


def _asked(figure: Figure) -> Iterator[str]:
    """The names a figure reads. A month has thousands of cases, and of all that could be said of one most figures ask a thing or two."""
    yield str(figure.settings["month"])
    for key in ("when", way_of(figure)):
        if key in figure.settings and key != "count":
            yield from _expression(str(figure.settings[key])).names


def _values(
    names: Iterable[str], process: Process, fields: Mapping[str, Any], candidate: Candidate, scene: Scene
) -> dict[str, Any]:
    """What the case says to these names; columns of rows (`each.…`) are left to their row."""
    values: dict[str, Any] = {}
    for name in names:
        word, _, of = name.rpartition("__")
        if name in fields:
            values[name] = fields[name]
        elif word in _OF_STATES and of in process.states:
            values[name] = _OF_STATES[word](candidate, of, scene.now)
        elif word == "end_of" and of in process.fields:
            values[name] = _end_of(fields[of], scene.calendar)
    return values


def _first_opened(candidate: Candidate, state: str) -> datetime | None:
    """When a task of the state was opened for the first time, however often the case came back to it."""
    return min((task.opened_at for task in candidate.tasks if task.state == state), default=None)


def _last_done(candidate: Candidate, state: str) -> datetime | None:
    """When a task of the state was last done; None before that."""
    done = (task.completed_at for task in candidate.tasks if task.state == state and task.done)
    return max((at for at in done if at is not None), default=None)


def _on_time(candidate: Candidate, state: str, now: datetime) -> bool | None:
    """Whether all tasks of the state were done by their due date; None where the case never was there, and while what is still to
    be done can be on time."""
    if state not in candidate.row.entries:
        return None
    tasks = [task for task in candidate.tasks if task.state == state and (task.done or task.open)]
    if any(task.due_at is not None and (task.completed_at or now) > task.due_at for task in tasks):
        return False
    return None if any(task.open for task in tasks) else True


def _end_of(value: Any, calendar: Calendar) -> datetime | None:
    if isinstance(value, datetime):
        return calendar.end_of(calendar.day_of(value))
    return calendar.end_of(value) if isinstance(value, date) else None


_OF_STATES: Mapping[str, Callable[[Candidate, str, datetime], Any]] = {
    "": lambda candidate, state, _: _entered(candidate, state),
    "first": lambda candidate, state, _: _first_opened(candidate, state),
    "done": lambda candidate, state, _: _last_done(candidate, state),
    "on_time": _on_time,
    "sent_back": lambda candidate, state, _: candidate.sent_back.get(state, 0),
}
"""What is asked of a state: `done__STATE`; the state alone is when the case entered it."""


def _situation(candidate: Candidate, scene: Scene) -> Situation:
    row = candidate.row
    parent = candidate.parent
    return Situation(
        scene.organisation, row.starter_id, row.subject_id, row.data, row.entries, candidate.tasks, (),
        scene.scorecards, (lambda: _situation(parent, scene)) if parent is not None else (lambda: None),
    )  # fmt: skip
