"""What rehearsed people write into forms: sample sentences where there are some, else something fitting the field's type.

Gives raw input exactly as a form would send it, so that a rehearsal goes through the same cleaning as people do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from workflows.definition.model import TODAY, Field, People, Word
from workflows.rehearsal.habits import ProcessHabits
from workflows.rehearsal.judging import Shown, say
from workflows.scoring.model import Scorecard

_LEAST, _MOST = Decimal(1), Decimal(100)
_SELF = 0.7
"""How often somebody who may be named names themselves."""
_SELDOM = 100
"""A value that is `{seldom: …}` is written one time in so many."""
_UNITS = frozenset({"hours", "minutes", "seconds"})


@dataclass(slots=True)
class Writer:
    """Fills one form. `today`: the day in the company's zone; dates of one form follow one another in its order.

    `people`: everybody who may be named, `named`: who may be where a field says who; `upload`: makes a small file and gives its id; `known`: the case's data as the form
    shows them; `cards`: scorecards by position; `sure`: claims about their lines turn out right; `now`: in the company's zone.
    """

    habits: ProcessHabits
    dice: random.Random
    today: date
    people: Sequence[UUID]
    upload: Callable[[str], UUID]
    last_date: date | None = None
    known: Mapping[str, object] = field(default_factory=dict)
    cards: Mapping[str, Scorecard] = field(default_factory=dict)
    sure: bool = False
    now: datetime | None = None
    named: Callable[[People], Sequence[UUID]] = lambda _: ()
    actor: UUID | None = None
    by_login: Callable[[str], UUID] | None = None
    keeps: bool = True
    """Rows that a table has already stay; False where they were refused."""
    whole: bool = False
    """Nothing is left out; True where forms were refused again and again."""
    agrees: bool = False
    """What stands already stays: somebody else has signed it, and it is signed once more."""
    written: dict[str, object] = field(default_factory=dict)
    """What stands in the form already."""
    row: dict[str, object] = field(default_factory=dict)
    """What stands in the row of a table that is being written."""

    def fill(self, fields: Iterable[Field]) -> dict[str, object]:
        """Raw values for these fields; optional ones are sometimes left out."""
        for one in fields:
            value = self._value(one)
            if value is not None:
                self.written[one.name] = value
        return dict(self.written)

    def reason(self) -> str:
        """Why something goes back."""
        return self.dice.choice(self.habits.reasons or ("请补充说明后再提交。",))

    def _value(self, wanted: Field, table: str = "") -> object:
        samples = self.habits.values.get(f"{table}.{wanted.name}" if table else wanted.name)
        if wanted.type == "lines":
            return self._lines(wanted)
        if self.agrees and not table and self.known.get(wanted.name) is not None:
            return self.known[wanted.name]
        kept = self.known.get(wanted.name) if wanted.type == "table" and self.keeps else None
        if kept and isinstance(kept, list):
            return [self._completed(row, wanted) for row in kept]
        if samples:
            needed = wanted.required or (self.whole and any(one != [] for one in samples))
            return self._sample(self._chosen([one for one in samples if one != [] or not needed]), wanted)
        if wanted.formula is not None or (not wanted.required and not self.whole and self.dice.random() < 0.3):
            return None
        return self._by_type(wanted)

    def _lines(self, wanted: Field) -> object:
        shown = shown_card(wanted, self.known, self.cards)
        if shown is None:
            return None
        claimed = self.known.get(wanted.only or "")
        return say(
            wanted, shown, dict(claimed["lines"]) if isinstance(claimed, Mapping) else {}, self.dice, sure=self.sure
        )

    def _chosen(self, samples: Sequence[object]) -> object:
        """One of the samples; `{seldom: VALUE}` one time in `_SELDOM`."""
        usual = [one for one in samples if not (isinstance(one, Mapping) and "seldom" in one)]
        if len(usual) < len(samples) and self.dice.randrange(_SELDOM) == 0:
            return self.dice.choice([one["seldom"] for one in samples if isinstance(one, Mapping) and "seldom" in one])
        return self.dice.choice(usual)

    def _sample(self, value: object, wanted: Field) -> object:
        """A sample as the form takes it. `{days: 14}`: a date so many days from today; `{minutes: -25}` (hours, seconds): a time so
        long after now; `{of: FIELD}`: what stands in that field, `{of: FIELD, percent: 96}`: so much of it; `{login: NAME}`: a person; `{position: KEY}`: somebody who holds
        it; `{people: 4}`: up to so many of those who may be named; `{rows: 1}`: so many rows. In rows and lists each part for itself."""
        if isinstance(value, Mapping):
            return self._meant(value, wanted)
        if isinstance(value, list):
            return [self._sample(part, wanted) for part in value]
        if isinstance(value, bool):
            return "true" if value else "false"
        if wanted.type == "files":
            return [str(self.upload(wanted.title.zh))]
        return str(value)

    def _meant(self, value: Mapping[str, object], wanted: Field) -> object:
        if value.keys() == {"of", "percent"}:
            whole = self._standing(str(value["of"]))
            return (
                None
                if whole is None
                else str((Decimal(str(whole)) * Decimal(str(value["percent"])) / 100).quantize(Decimal(1)))
            )
        word, amount = next(iter(value.items())) if len(value) == 1 else ("", None)
        if word == "days":
            return (self.today + timedelta(days=int(str(amount)))).isoformat()
        if word in _UNITS and self.now is not None:
            return (self.now + timedelta(**{word: int(str(amount))})).replace(tzinfo=None, microsecond=0).isoformat()
        if word == "of":
            return self._standing(str(amount))
        if word == "login" and self.by_login is not None:
            return str(self.by_login(str(amount)))
        if word == "position":
            return str(self.dice.choice(self.named(People((Word("position", str(amount)),)))))
        if word == "rows":
            return [self._row(wanted) for _ in range(int(str(amount)))]
        if word == "people":
            allowed = list(self._allowed(wanted))
            return [str(one) for one in self.dice.sample(allowed, min(int(str(amount)), len(allowed)))]
        columns = {column.name: column for column in wanted.columns}
        return {name: self._sample(part, columns.get(name, wanted)) for name, part in value.items()}

    def _standing(self, name: str) -> object:
        """What stands in a field: of the row, of the form, of the case."""
        return next((place[name] for place in (self.row, self.written, self.known) if name in place), None)

    def _by_type(self, wanted: Field) -> object:
        return _MAKERS[wanted.type](self, wanted)

    def _words(self, wanted: Field) -> str:
        return f"{wanted.title.zh}（示例 {self.dice.randint(1, 99)}）"[: wanted.max_length or 200]

    def _sentence(self, wanted: Field) -> str:
        return f"{wanted.title.zh}：已按计划完成，数据与附件一致，没有需要升级的问题。"[: wanted.max_length or 2000]

    def _choices(self, wanted: Field) -> list[str]:
        return [c.key for c in self.dice.sample(wanted.choices, self.dice.randint(1, len(wanted.choices)))]

    def _allowed(self, wanted: Field) -> Sequence[UUID]:
        return self.named(wanted.people) if wanted.people is not None else self.people

    def _person(self, wanted: Field) -> str | None:
        allowed = self._allowed(wanted)
        if wanted.by_starter and self.actor in allowed:
            return str(self.actor)
        if self.actor in allowed and wanted.people is not None and self.dice.random() < _SELF:
            return str(self.actor)
        return str(self.dice.choice(allowed)) if allowed else None

    def _several_people(self, wanted: Field) -> list[str]:
        allowed = list(self._allowed(wanted))
        return [str(p) for p in self.dice.sample(allowed, min(2, len(allowed)))]

    def _address(self, wanted: Field) -> str:
        return f"https://shop.example.com/{wanted.name.replace('_', '-')}/{self.dice.randint(100, 999)}"

    def _files(self, wanted: Field) -> list[str] | None:
        return [str(self.upload(wanted.title.zh))] if wanted.required else None

    def _rows(self, table: Field) -> list[dict[str, object]]:
        return [self._row(table) for _ in range(max(int(table.min or 1), self.dice.randint(1, 3)))]

    def _completed(self, row: Mapping[str, object], table: Field) -> dict[str, object]:
        """A row that stands there already; only what is empty in it is written."""
        self.row = {}
        for column in (one for one in table.columns if one.formula is None and not one.filled):
            there = row.get(column.name)
            value = there if there is not None else self._value(column, table.name)
            if value is not None:
                self.row[column.name] = value
        return self.row

    def _row(self, table: Field) -> dict[str, object]:
        """A new row. The day of what has still to happen is written when the row is completed."""
        self.row = {}
        for column in (one for one in table.columns if one.required or one.max != TODAY):
            value = self._value(column, table.name)
            if value is not None:
                self.row[column.name] = value
        return self.row

    def _number(self, wanted: Field) -> Decimal:
        least = Decimal(wanted.min) if wanted.min else _LEAST
        most = Decimal(wanted.max) if wanted.max else max(_MOST, least + 10)
        share = Decimal(self.dice.randint(55, 95)) / 100
        return (least + (most - least) * share).quantize(Decimal(1))

    def _date(self, wanted: Field) -> str:
        if wanted.max == TODAY:
            return self.today.isoformat()
        base = max(self.last_date or self.today, self.today)
        self.last_date = base + timedelta(days=self.dice.randint(5, 12))
        return self.last_date.isoformat()

    def _period(self, wanted: Field) -> str:
        year, week, _ = self.today.isocalendar()
        return {
            "week": f"{year}-W{week:02}",
            "month": f"{self.today:%Y-%m}",
            "quarter": f"{self.today.year}-Q{(self.today.month + 2) // 3}",
            "year": str(self.today.year),
        }[wanted.type]


def shown_card(wanted: Field, known: Mapping[str, object], cards: Mapping[str, Scorecard]) -> Shown | None:
    """The scorecard that a `lines` field is of, as the form shows it; None where the form shows none."""
    value = known.get(wanted.of or "")
    return Shown(cards[value["card"]], value) if isinstance(value, Mapping) and value["card"] in cards else None


_Maker = Callable[[Writer, Field], object]
_MAKERS: Mapping[str, _Maker] = {
    "text": Writer._words,
    "long_text": Writer._sentence,
    "integer": lambda writer, f: str(int(writer._number(f))),
    "rating": lambda writer, f: str(int(writer._number(f))),
    "decimal": lambda writer, f: str(writer._number(f)),
    "money": lambda writer, f: str(writer._number(f)),
    "percent": lambda writer, f: str(writer._number(f)),
    "date": Writer._date,
    "datetime": lambda writer, f: f"{writer._date(f)}T10:00",
    "week": Writer._period,
    "month": Writer._period,
    "quarter": Writer._period,
    "year": Writer._period,
    "boolean": lambda _writer, _f: "true",
    "choice": lambda writer, f: writer.dice.choice(f.choices).key,
    "choices": Writer._choices,
    "person": Writer._person,
    "people": Writer._several_people,
    "position": lambda writer, _f: writer.dice.choice(sorted(writer.cards)),
    "url": Writer._address,
    "files": Writer._files,
    "table": Writer._rows,
}
"""How a value of each type is made up."""
