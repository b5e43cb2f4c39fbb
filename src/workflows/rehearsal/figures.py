"""What the sample company measures in a month: drawn by seed, the same again for the same seed, person and month.

Pure: it says numbers, whoever uploads them stands above. A figure may be drawn as a share of another of the same person, so that
parts stay below their wholes and goals are mostly, not always, reached.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml

_WHOLE = 100
Drawn = Decimal | str
"""A number, or the text of a scorecard's parameter."""


@dataclass(frozen=True, slots=True)
class Draw:
    """How one figure is drawn: between `least` and `most`, of `of` in percent of that figure; `step` or `places` of the number.

    `texts`: one of these in place of a number; `company`: one number for everybody; `never_below`: what it is at least, whatever it is
    a share of.
    """

    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    of: str | None = None
    places: int = 0
    step: Decimal | None = None
    texts: tuple[str, ...] = ()
    company: bool = False
    never_below: Decimal = Decimal(0)

    def number(self, dice: random.Random, known: Mapping[str, Drawn]) -> Decimal:
        """A number, not rounded yet; `known` holds the figure it is a share of."""
        share = Decimal(dice.randint(0, 1000)) / 1000
        wanted = self.least + (self.most - self.least) * share
        return wanted if self.of is None else wanted * Decimal(known[self.of]) / 100


@dataclass(frozen=True, slots=True)
class Form:
    """How well people do: each has a level of so many percent and is now a little above, now a little below it (`around`); that `lifts`
    these figures and presses down those `against`."""

    least: int = 100
    most: int = 100
    around: int = 0
    lifts: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()

    def of(self, level: random.Random, month: random.Random) -> Decimal:
        """Somebody's form of a month, in percent: `level` gives the same for every month; the middle is more usual than the ends."""
        return Decimal(round(level.triangular(self.least, self.most) + month.uniform(-self.around, self.around)))

    def applied(self, name: str, number: Decimal, percent: Decimal) -> Decimal:
        """A drawn number as the form makes it."""
        if name in self.lifts:
            return number * percent / 100
        return number * 100 / percent if name in self.against else number


@dataclass(frozen=True, slots=True)
class SampleFigures:
    """All draws in their order. `late`: names that come on the third working day; `lacking`: names of which one in `one_in` never
    comes; `weak`: draws of single people by login in the first `weak_months` months."""

    draws: Mapping[str, Draw]
    late: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()
    one_in: int = 0
    weak: Mapping[str, Mapping[str, Draw]] = field(default_factory=dict)
    weak_months: int = 0
    steady: Mapping[str, Mapping[str, Draw]] = field(default_factory=dict)
    """Draws of single people in every month."""
    form: Form = Form()
    appeals: tuple[str, ...] = ()
    """Logins of people who dispute their first result, and are right about it."""
    watched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Positions for whose people a figure is drawn that no scorecard uses: processes begin by it."""
    unscored: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Whose last month is still being scored when a demo begins: login → figures that have not come."""

    @property
    def of_company(self) -> frozenset[str]:
        """Names that are drawn once for everybody."""
        return frozenset(name for name, draw in self.draws.items() if draw.company)

    def of_person(
        self,
        login: str,
        month: str,
        names: Collection[str],
        known: Mapping[str, Drawn],
        seed: int,
        place: int,
    ) -> dict[str, Drawn]:
        """The figures of `names` that are not among those `known`; what never comes is left out.

        `place`: which month of the rehearsal it is, 0 for the first.
        """
        dice = random.Random(f"{seed} {login} {month}")
        weak = self.weak.get(login, {}) if place < self.weak_months else {}
        percent = self.form.of(random.Random(f"{seed} {login}"), dice)
        drawn = self._all(dice, percent, {**self.steady.get(login, {}), **weak}, known)
        lost = {name for name in sorted(self.lacking) if self.one_in and dice.randrange(self.one_in) == 0}
        return {name: drawn[name] for name in names if name in drawn and name not in known and name not in lost}

    def of_everybody(self, month: str, names: Collection[str], seed: int) -> dict[str, Drawn]:
        """The company's figures of `names`."""
        drawn = self._all(random.Random(f"{seed} {month}"), Decimal(100), {}, {})
        return {name: drawn[name] for name in names if name in self.of_company}

    def _all(
        self, dice: random.Random, percent: Decimal, own: Mapping[str, Draw], known: Mapping[str, Drawn]
    ) -> dict[str, Drawn]:
        """Every figure in the order of the file: each rests on those before it, the known ones as they are."""
        found: dict[str, Drawn] = {}
        for name, usual in self.draws.items():
            draw = own.get(name, usual)
            drawn: Drawn = (
                dice.choice(draw.texts) if draw.texts else self._number(name, draw, dice, found, percent, name in own)
            )
            found[name] = known.get(name, drawn)
        return found

    def _number(
        self, name: str, draw: Draw, dice: random.Random, found: Mapping[str, Drawn], percent: Decimal, exactly: bool
    ) -> Decimal:
        number = draw.number(dice, found)
        shaped = number if exactly else self.form.applied(name, number, percent)
        if draw.of is not None and draw.most <= _WHOLE:
            shaped = min(shaped, Decimal(found[draw.of]))  # a part stays below its whole
        return max(_rounded(shaped, draw.places, draw.step), draw.never_below)


def load_figures(file: Path) -> SampleFigures:
    """The draws written in `file` (`sample/figures.yaml`). Raises `ValueError` for a share of what is not drawn before."""
    read: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    draws = {name: _draw(entry) for name, entry in read["draws"].items()}
    weak = {
        login: {name: _draw(entry) for name, entry in entries.items()}
        for login, entries in read["weak"]["people"].items()
    }
    _refuse_unknown(draws)
    lacking = read["may_lack"]
    return SampleFigures(
        draws, frozenset(read["late"]), frozenset(lacking["names"]), int(lacking["one_in"]), weak, int(read["weak"]["months"]),
        {login: {name: _draw(one) for name, one in entries.items()} for login, entries in read["steady"].items()},
        _form(read["form"]), tuple(read["appeals"]), {name: frozenset(positions) for name, positions in read["watched"].items()}, {login: frozenset(names) for login, names in read["open"].items()},
    )  # fmt: skip


def _refuse_unknown(draws: Mapping[str, Draw]) -> None:
    before: set[str] = set()
    for name, draw in draws.items():
        if draw.of is not None and draw.of not in before:
            raise ValueError(f"{name} is a share of {draw.of}, which is not drawn before it")
        before.add(name)


def _form(entry: Mapping[str, Any]) -> Form:
    return Form(
        int(entry["from"]),
        int(entry["to"]),
        int(entry["around"]),
        frozenset(entry["lifts"]),
        frozenset(entry["against"]),
    )


def _draw(entry: Mapping[str, Any]) -> Draw:
    texts: Iterable[Any] = entry.get("text", ())
    return Draw(
        _exact(entry.get("from", 0)), _exact(entry.get("to", 0)), entry.get("of"), int(entry.get("places", 0)),
        _exact(entry["step"]) if "step" in entry else None, tuple(str(text) for text in texts), entry.get("level") == "company",
        _exact(entry.get("never_below", 0)),
    )  # fmt: skip


def _exact(value: object) -> Decimal:
    return Decimal(str(value))


def _rounded(number: Decimal, places: int, step: Decimal | None) -> Decimal:
    if step is not None:
        return (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
