"""The figures that scorecards are made of: what each is called and measured in, and which values are possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from workflows.document.problems import nearest
from workflows.errors import Text

Unit = Literal["CNY", "number", "count", "persons", "percent", "mark", "ratio", "hours", "minutes", "seconds"]
"""What figures and indicators are measured in. `percent`: 14.01 is 14.01 %, differences are percentage points."""

UNITS: Mapping[Unit, Text] = {
    "CNY": Text("元", "CNY"),
    "number": Text("数值", "number"),
    "count": Text("个", "count"),
    "persons": Text("人", "persons"),
    "percent": Text("%", "%"),
    "mark": Text("分", "marks"),
    "ratio": Text("倍", "ratio"),
    "hours": Text("小时", "hours"),
    "minutes": Text("分钟", "minutes"),
    "seconds": Text("秒", "seconds"),
}
"""What figures are measured in, as people read it."""

WHOLE: frozenset[Unit] = frozenset({"count", "persons"})
"""Units of which there are no halves."""


ROLLING = ("_prev", "_3m", "_6m")
"""Endings of names that follow from the figure without them: the month before, three and six months added up."""


@dataclass(frozen=True, slots=True)
class FigureName:
    """One measured number, by its name.

    `least`, `most`: which values are possible (None: no bound). `part_of`: the figure of the same month that it cannot exceed.
    `sum_over`, `each`: it is a sum of so many marks (that figure counts them), each within these bounds. `holds`: a value holds
    until another is given, not for its month alone. `retired`: no card in force uses it any more, earlier months do. `watched`: no card
    uses it, but processes start where it passes a bound. `target_of`: the indicator whose target it sets.
    """

    name: str
    title: Text
    unit: Unit
    least: Decimal | None = None
    most: Decimal | None = None
    part_of: str | None = None
    sum_over: str | None = None
    each: tuple[Decimal, Decimal] | None = None
    holds: bool = False
    retired: bool = False
    watched: bool = False
    target_of: str | None = None

    @property
    def integer(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.unit in WHOLE

    def in_bounds(self, value: Decimal) -> bool:
        """Whether `value` lies between the least and the most that are possible."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def misfit(self, value: Decimal) -> Text | None:
        """Why `value` cannot be one of this figure, or None when it can."""
        if self.integer and value != value.to_integral_value():
            return Text("应为整数。", "This should be a whole number.")
        if self.least is not None and value < self.least:
            return Text(f"不能小于 {self.least}。", f"This cannot be less than {self.least}.")
        if self.most is not None and value > self.most:
            return Text(f"不能大于 {self.most}。", f"This cannot be more than {self.most}.")
        return None


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a card wants to know besides numbers, such as the category of the goods.

    `choices`: its possible values and what they are called. `several`: more than one may hold, written with commas.
    """

    key: str
    title: Text
    choices: Mapping[str, Text]
    several: bool = False

    def read(self, text: str) -> tuple[str, ...]:
        """The keys meant by `text`: keys or titles in either language, with `several` divided by commas.

        Raises ValueError with the part that is none of them, or with the whole text where too many are given.
        """
        meant = {name.casefold(): key for key, title in self.choices.items() for name in (key, title.zh, title.en)}
        parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        for part in parts:
            if part.casefold() not in meant:
                raise ValueError(part)
        if not parts or (len(parts) > 1 and not self.several):
            raise ValueError(text)
        return tuple(dict.fromkeys(meant[part.casefold()] for part in parts))


@dataclass(frozen=True, slots=True)
class Catalogue(Mapping[str, FigureName]):
    """All figures by name, and all parameters by key. As a mapping it is that of the figures.

    `text`: the file as it was read, `digest`: SHA-256 of it in hex, `file`: how errors call it.
    """

    figures: Mapping[str, FigureName]
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    text: str = ""
    digest: str = ""
    file: str = ""

    def __getitem__(self, name: str) -> FigureName:
        return self.figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def nearest(self, name: str) -> str | None:
        """The known name that looks most like `name`, if one does."""
        return nearest(name, self.figures)

    def with_figures(self, more: Mapping[str, FigureName]) -> Catalogue:
        """The same with further figures."""
        return replace(self, figures=MappingProxyType({**self.figures, **more}))

    def contradictions(self, values: Mapping[str, Decimal]) -> dict[str, Text]:
        """Figures of one month that cannot be true together, by the name of the one that is to be looked at first.

        A part larger than its whole; a sum of marks that so many marks cannot have.
        """
        found: dict[str, Text] = {}
        for name in values:
            if name in self.figures and (text := self._contradiction(self.figures[name], values)) is not None:
                found[name] = text
        return found

    def _contradiction(self, figure: FigureName, values: Mapping[str, Decimal]) -> Text | None:
        value = values[figure.name]
        whole = figure.part_of
        if whole is not None and whole in values and value > values[whole] and whole in self.figures:
            title = self.figures[whole].title
            return Text(
                f"是“{title.zh}”（{values[whole]}）的一部分，不能比它大。",
                f"This is a part of `{whole}` ({values[whole]}) and cannot be larger.",
            )
        count = figure.sum_over
        if count is not None and figure.each is not None and count in values:
            low, high = (values[count] * bound for bound in figure.each)
            if not low <= value <= high:
                return Text(
                    f"{values[count]} 个评分，每个 {figure.each[0]}–{figure.each[1]}，合计应在 {low} 到 {high} 之间。",
                    f"{values[count]} marks of {figure.each[0]} to {figure.each[1]} add up to {low} to {high}.",
                )
        return None
