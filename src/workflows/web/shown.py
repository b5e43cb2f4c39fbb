"""A case's stored values as people read them: the same words in facts, changes, history and forms.

Pure: the definition's field says what the value is, `Words` says times and periods, the organisation knows names. A person who
left keeps the name. Files are named by a mapping from id to name that the page has already read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from workflows.definition.model import Field
from workflows.org.organisation import Organisation
from workflows.web.components import Attachment
from workflows.web.numbers import money, number, percent
from workflows.web.words import Words


@dataclass(frozen=True, slots=True)
class Given:
    """A field and its value on a page: a text, an address to open, files as links, or the rows of a table."""

    label: str
    text: str
    href: str = ""
    files: tuple[Attachment, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Shower:
    """Says stored values to one reader.

    `files`: names of files by id text; a file that is not in it is said by its number only. `titles`: what lines and figures of the
    case's scorecards are called, by key.
    """

    words: Words
    organisation: Organisation
    files: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def label(self, field: Field) -> str:
        """The field's title in the reader's language."""
        return field.title.text(self.words.language)

    def text(self, field: Field, value: object) -> str:
        """The value in one line; "" for none. A table is said by its number of rows."""
        if value is None or value in ("", [], {}):
            return ""
        say = getattr(self, f"_{field.type}", None)
        said = self._plain(value) if say is None else say(field, value)
        return self._with_unit(field, str(said))

    def given(self, field: Field, value: object, files: Mapping[str, Attachment] | None = None) -> Given:
        """The value as pages show it in full. `files`: links by id text."""
        label = self.label(field)
        if field.type == "table":
            head = tuple(self.label(column) for column in field.columns)
            return Given(
                label, self.text(field, value), head=head, rows=tuple(tuple(row) for row in self.rows(field, value))
            )
        if field.type == "files":
            known = files or {}
            return Given(
                label, self.text(field, value), files=tuple(known[str(i)] for i in _many(value) if str(i) in known)
            )
        text = self.text(field, value)
        safe = field.type == "url" and text.startswith(("https://", "http://"))
        return Given(label, text, href=text if safe else "")

    def rows(self, field: Field, value: object) -> list[list[str]]:
        """The rows of a table field, each cell in words, in the order of the columns."""
        if not isinstance(value, list):
            return []
        return [
            [self.text(column, row.get(column.name)) for column in field.columns]
            for row in value
            if isinstance(row, dict)
        ]

    # ---- one kind of field each -------------------------------------------------------------------------------

    def _plain(self, value: object) -> str:
        return str(value)

    def _integer(self, _field: Field, value: object) -> str:
        return _number(value)

    def _decimal(self, _field: Field, value: object) -> str:
        return _number(value)

    def _rating(self, field: Field, value: object) -> str:
        return f"{_number(value)} / {field.max or 5}"

    def _money(self, _field: Field, value: object) -> str:
        amount = _exact(value)
        return str(value) if amount is None else money(amount)

    def _percent(self, _field: Field, value: object) -> str:
        amount = _exact(value)
        return str(value) if amount is None else percent(amount)

    def _week(self, _field: Field, value: object) -> str:
        return self.words.period("week", str(value))

    def _month(self, _field: Field, value: object) -> str:
        return self.words.period("month", str(value))

    def _quarter(self, _field: Field, value: object) -> str:
        return self.words.period("quarter", str(value))

    def _year(self, _field: Field, value: object) -> str:
        return self.words.period("year", str(value))

    def _date(self, _field: Field, value: object) -> str:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return self.words.day_and_weekday(day)

    def _datetime(self, _field: Field, value: object) -> str:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return f"{self.words.day_and_weekday(self.words.local(at).date())} {self.words.clock(at)}"

    def _boolean(self, _field: Field, value: object) -> str:
        yes, no = ("是", "否") if self.words.language == "zh" else ("yes", "no")
        return yes if value in (True, "true") else no

    def _choice(self, field: Field, value: object) -> str:
        return next((c.title.text(self.words.language) for c in field.choices if c.key == value), str(value))

    def _choices(self, field: Field, value: object) -> str:
        return self._list([self._choice(field, one) for one in _many(value)])

    def _person(self, _field: Field, value: object) -> str:
        return self.organisation.name_of(_id(value)) or str(value)

    def _position(self, _field: Field, value: object) -> str:
        position = self.organisation.positions.get(str(value))
        return position.title(self.words.language) if position else str(value)

    def _people(self, field: Field, value: object) -> str:
        return self._list([self._person(field, one) for one in _many(value)])

    def _files(self, _field: Field, value: object) -> str:
        return self._list([self.files.get(str(one)) or self._one_file() for one in _many(value)])

    def _table(self, _field: Field, value: object) -> str:
        rows = len(_many(value))
        if self.words.language == "zh":
            return f"{rows} 行"
        return f"{rows} row" if rows == 1 else f"{rows} rows"

    def _scorecard(self, _field: Field, value: object) -> str:
        if isinstance(value, Mapping):
            total = value.get("total")
            none = "缺数据，还没有总分" if self.words.language == "zh" else "Data missing: no total yet"
            return none if total is None else str(total)
        return str(value)

    def _lines(self, _field: Field, value: object) -> str:
        number = len(value.get("lines") or {}) if isinstance(value, Mapping) else str(value)
        if self.words.language == "zh":
            return f"{number} 项"
        return f"{number} line" if str(number) == "1" else f"{number} lines"

    # ---- pieces -----------------------------------------------------------------------------------------------

    def _one_file(self) -> str:
        return "文件" if self.words.language == "zh" else "file"

    def _list(self, said: Sequence[str]) -> str:
        return ("、" if self.words.language == "zh" else ", ").join(said)

    def _with_unit(self, field: Field, said: str) -> str:
        unit = field.unit.text(self.words.language) if field.unit else ""
        return f"{said} {unit}" if unit and field.type not in ("money", "percent") else said


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _exact(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _number(value: object) -> str:
    amount = _exact(value)
    return str(value) if amount is None else number(amount)


def _id(value: object) -> uuid.UUID | None:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        return None
