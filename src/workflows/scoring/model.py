"""Scorecards as frozen values: indicators with their rules, in weighted groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from workflows.errors import Text
from workflows.expression import Expression, walk
from workflows.expression.nodes import Name
from workflows.scoring.catalogue import Catalogue, FigureName, Parameter, Unit
from workflows.scoring.grades import Grades
from workflows.scoring.rules import Deductions, Direction, In, Readings, Rule


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


def in_order(formula: Expression) -> list[str]:
    """The names a formula reads, each once, in the order they are written."""
    names = [node for node in walk(formula.root) if isinstance(node, Name)]
    return list(dict.fromkeys(node.name for node in sorted(names, key=lambda node: node.column)))


@dataclass(frozen=True, slots=True)
class Step:
    """An intermediate value of a formula, with a name of its own: the order value, before its growth is taken."""

    name: str
    title: Text
    unit: Unit
    formula: Expression


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator is held against. One of: a `value`; `by` a parameter and its `choices`; `plus` above a `base` figure, in
    points or relative to it; or none of these: set by the company. A figure called `name` (KEY_target) goes before all; None where
    that is the name of a figure of its own, or the rule asks for no target."""

    name: str | None
    value: Fraction | None = None
    by: str | None = None
    choices: Mapping[str, Fraction] = field(default_factory=_empty)
    base: str | None = None
    plus: Fraction = Fraction(0)
    plus_in: In = "points"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for the indicator to count as written: `formula` at least `least`.

    otherwise: `drop` its weight, which the others of its group share; score it `zero`; or `ignore` the condition.
    """

    title: Text
    formula: Expression
    unit: Unit
    least: Fraction
    otherwise: Literal["drop", "zero", "ignore"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An actual `below` this in so many consecutive `months` starts the process `starts`."""

    below: Fraction
    months: int
    starts: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A number shown with the line that gives no points; not shown while its figures are missing."""

    title: Text
    formula: Expression
    unit: Unit


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a card, or a part of a line.

    `weight`: as the card writes it, 0 for a part; `holds`: what is used, of 100. `formula` None: the sum of what the deductions
    count. `cases`: the figure whose 0 means that there was no case, so that the line does not apply (∅). `parts`: what else is
    taken from this line's score, each scored alone to its deduction. `source`: process keys, `goal`, `upload`.
    """

    key: str
    title: Text
    unit: Unit
    direction: Direction
    formula: Expression | None
    target: Target
    rule: Rule
    readings: Readings
    group: str | None = None
    weight: Fraction = Fraction(0)
    holds: Fraction = Fraction(0)
    unit_words: Text | None = None
    steps: tuple[Step, ...] = ()
    cases: str | None = None
    condition: Condition | None = None
    alarm: Alarm | None = None
    beside: tuple[Beside, ...] = ()
    parts: tuple[Indicator, ...] = ()
    part_of: str | None = None
    source: tuple[str, ...] = ()
    clause: Text | None = None
    reads: tuple[str, ...] = field(init=False)
    """The figures it is computed from, without its target and its parts, in the order they are written."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", _reads(self))

    @property
    def whole(self) -> Iterator[Indicator]:
        """The indicator itself and its parts."""
        yield self
        yield from self.parts


def _reads(one: Indicator) -> tuple[str, ...]:
    found: list[str] = [one.cases] if one.cases is not None else []
    made = {step.name for step in one.steps}
    for formula in (*(step.formula for step in one.steps), one.formula):
        found += [name for name in in_order(formula) if name not in made] if formula is not None else []
    if isinstance(one.rule, Deductions):
        found += one.rule.charges
    if one.condition is not None and one.condition.otherwise != "ignore":
        found += in_order(one.condition.formula)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with a weight. `weight`: of 100, the sum of what stands below; `scaled`: its indicators' weights are shared out in
    proportion; `parent`: the group around it; `indicators`: keys of those directly in it, in order."""

    key: str
    title: Text
    weight: Fraction
    scaled: bool
    parent: str | None
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The card of a position, as one version of its file says it.

    `key`: the position. `indicators`: lines by key, in order, without parts. `figures`: those it uses, targets included;
    `parameters`: those it asks for. `text`: the file as it was read, `digest`: SHA-256 of it, in hex.
    """

    key: str
    title: Text
    source: str
    groups: Mapping[str, Group]
    indicators: Mapping[str, Indicator]
    parameters: Mapping[str, Parameter]
    figures: Mapping[str, FigureName]
    text: str
    digest: str
    file: str = ""

    @property
    def every(self) -> Mapping[str, Indicator]:
        """Lines and their parts by key."""
        return {one.key: one for line in self.indicators.values() for one in line.whole}

    def title_of(self, name: str) -> Text:
        """What a figure, parameter or indicator of this card is called; the name itself where it is none."""
        if name in self.figures:
            return self.figures[name].title
        if name in self.parameters:
            return self.parameters[name].title
        every = self.every
        return every[name].title if name in every else Text(name, name)

    def top(self, group: str) -> Group:
        """The outermost group around `group`."""
        found = self.groups[group]
        while found.parent is not None:
            found = self.groups[found.parent]
        return found


@dataclass(frozen=True, slots=True)
class Scorecards:
    """A folder of scorecards: the catalogue with all targets of the cards in it, the cards by key, and the grades."""

    figures: Catalogue
    cards: Mapping[str, Scorecard]
    grades: Grades
