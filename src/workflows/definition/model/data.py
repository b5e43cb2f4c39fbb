"""What a case's data is and what must hold over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.definition.model.words import People
from workflows.document.problems import Path
from workflows.errors import Text
from workflows.expression import Expression

FieldType = Literal[
    "text", "long_text", "integer", "decimal", "money", "percent", "week", "month", "quarter", "year", "date",
    "datetime", "boolean", "choice", "choices", "person", "people", "position", "files", "url", "table", "rating",
    "scorecard", "lines",
]  # fmt: skip


TODAY = "today"
"""As `min` or `max` of a date: the day on which a form is handed in."""

WHOLE: tuple[FieldType, ...] = ("scorecard", "lines")
"""Types whose values are handed over as a whole: no expression makes one, no list, title or search shows one."""

ParameterType = Literal["integer", "decimal", "money", "percent", "text", "boolean", "date", "rating", "duration"]
"""A `duration` (`7d`) may stand in moments; of hours and days also in expressions."""

Give = Literal["score", "waive", "figures", "files", "verdict"]
"""What may be given for a line of a scorecard, each with a reason."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field and what people read."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Field:
    """A datum of a case. `columns` only for tables, `choices` only for choice(s). `see`: nobody else sees it.

    A scorecard comes from a source (`filled`) or another case: `base` is the scorecard whose frozen figures it rests on (None: those
    measured of `subject` and `period`), `entries` the lines field applied to it. Lines are what a person says about
    lines `of` a scorecard, `only` those of another lines field; `give`: what may be said.
    """

    name: str
    type: FieldType
    title: Text
    required: bool = False
    help: Text | None = None
    unit: Text | None = None
    min: str | None = None
    """Least value as written: a number for numbers, rows for tables, a date or `TODAY` for dates."""
    max: str | None = None
    max_length: int | None = None
    places: int | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple[Field, ...] = ()
    people: People | None = None
    """Who may be chosen in a person or people field; None: everybody active."""
    see: People | None = None
    formula: Expression | None = None
    default: str | None = None
    """As written; `starter` in a person field, `today` in a date and `now` in a point in time are known when a form is shown."""
    filled: bool = False
    """A source fills it in; nobody types it."""
    base: str | None = None
    entries: str | None = None
    of: str | None = None
    only: str | None = None
    give: tuple[Give, ...] = ()

    @property
    def by_clock(self) -> bool:
        """Whether the moment at which a form is shown stands in it unless another is typed."""
        return self.default == {"date": "today", "datetime": "now"}.get(self.type, "")

    @property
    def by_starter(self) -> bool:
        """Whether whoever starts the case stands in it unless somebody else is named."""
        return self.type == "person" and self.default is not None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value the company can override: `limit: {type: money, value: 100000}`.

    A duration by choice (`by`, `values`) is one parameter for each: `fix_within.critical`, `fix_within.minor`.
    """

    name: str
    type: ParameterType
    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that must hold wherever the names it reads have a value (`must: ends_on > goes_live_on`)."""

    must: Expression
    message: Text
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A test shown to the decider; `block` stops the approving actions, `warn` only shows.

    `condition`: where it does not hold, or reads what has no value, the check is neither shown nor stops anything.
    """

    that: Expression
    title: Text
    condition: Expression | None = None
    otherwise: Literal["warn", "block"] = "warn"
    measured: Expression | None = None
    limit: Expression | None = None
