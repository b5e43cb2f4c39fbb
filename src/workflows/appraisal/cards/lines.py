"""What a person says about lines of a card, asked for its meaning and applied.

The form was checked already (`definition.values.lines`): texts are numbers, a score has a reason. Here: is there such a line, does it
use such a figure, can the figure have this value, is there anything to correct.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows.appraisal.cards.value import Filled, found_figure
from workflows.definition.model import Field
from workflows.document.problems import nearest
from workflows.errors import Text
from workflows.scoring.catalogue import Catalogue, FigureName
from workflows.scoring.model import Scorecard
from workflows.scoring.score import figures_of

Line = Mapping[str, Any]
Lines = Mapping[str, Line]
"""Indicator → what was said, as stored."""

_REASON = Text("请写明理由。", "Please give the reason.")


def lines_of(value: Mapping[str, Any] | None) -> Lines:
    """The lines of a stored `lines` value; none where nothing was said."""
    return {} if value is None else dict(value.get("lines") or {})


@dataclass(slots=True)
class Meaning:
    """What lines of a card may say, and everything that is wrong with what was said.

    `name`: the field's; `asked`: the field; `card` and `base`: the card and the figures it stands on now; `claimed`: the lines
    this field is limited to (what an appeal disputes). `wrong`: sentences by `FIELD.KEY[.part]`.
    """

    name: str
    asked: Field
    card: Scorecard
    base: Filled
    claimed: Lines = field(default_factory=dict)
    wrong: dict[str, list[Text]] = field(default_factory=dict)

    def check(self, said: Lines) -> dict[str, list[Text]]:
        """All that is wrong with these lines."""
        for key, line in said.items():
            if key not in self.card.indicators:
                self._no(key, no_such_line(self.card, key))
                continue
            self._figures(key, line)
            if "verdict" in self.asked.give:
                self._ruling(key, line)
            elif "figures" in self.asked.give and not line.get("reason"):
                self._no(f"{key}.reason", _REASON)
        self._unruled(said)
        self._impossible(said)
        return self.wrong

    def possible(self, said: Lines) -> dict[str, list[Text]]:
        """What is impossible in the figures given, whatever else may still be missing: for a form that is being filled in."""
        for key, line in said.items():
            if key in self.card.indicators:
                self._figures(key, line)
        self._impossible(said)
        return self.wrong

    def _figures(self, key: str, line: Line) -> None:
        used = figures_of(self.card.indicators[key])
        for name, value in line.get("figures", {}).items():
            if name not in used:
                self._no(f"{key}.figures.{name}", no_such_figure(self.card, key, name, used))
            elif (misfit := self.card.figures[name].misfit(Decimal(value))) is not None:
                self._no(f"{key}.figures.{name}", misfit)

    def _ruling(self, key: str, line: Line) -> None:
        verdict = line.get("verdict")
        if verdict is None:
            self._no(f"{key}.verdict", Text("请选维持或更正。", "Please choose: keep or correct."))
        if not line.get("reason"):
            self._no(f"{key}.reason", _REASON)
        if verdict == "keep" and line.keys() & {"score", "waive", "figures"}:
            self._no(
                f"{key}.verdict", Text("维持的项不要填数或分。", "A line that is kept gets no figures and no score.")
            )
        if verdict == "correct":
            self._correction(key, line)

    def _correction(self, key: str, line: Line) -> None:
        claimed = self.claimed.get(key, {}).get("figures", {})
        marks = marked_by_persons(self.card, key)
        if marks:
            self._unmarked(key, line, claimed, marks)
        if line.keys() & {"score", "waive", "figures"} or (marks and claimed):
            return
        self._no(
            f"{key}.verdict",
            Text(
                "更正成多少？请填你查到的数，或给分。",
                "Corrected to what? Give the figures you found, or a score.",
            ),
        )

    def _unmarked(self, key: str, line: Line, claimed: Mapping[str, Any], marks: Collection[str]) -> None:
        """What persons marked is kept, or taken as it was claimed; nobody marks it anew."""
        invented = [
            name for name, value in line.get("figures", {}).items()
            if name in marks and Decimal(value) not in self._known(name, claimed)
        ]  # fmt: skip
        if "score" in line or invented:
            self._no(
                f"{key}.verdict",
                Text(
                    "这一项由人打分：只能维持，或按本人说的更正（打分人确认后），不能代打。",
                    "Persons marked this line: keep it, or correct it as claimed once they confirm; nobody marks it for them.",
                ),
            )

    def _known(self, name: str, claimed: Mapping[str, Any]) -> list[Decimal]:
        values = [claimed.get(name), self.base.figures.get(name, {}).get("value")]
        return [Decimal(value) for value in values if value is not None]

    def _unruled(self, said: Lines) -> None:
        if "verdict" in self.asked.give:
            for key in self.claimed:
                if key not in said:
                    self._no(key, Text("这一项还没有裁定。", "This line has no ruling yet."))

    def _impossible(self, said: Lines) -> None:
        """Figures that cannot be true together with the others of the card, or that two lines give differently."""
        given: dict[str, tuple[str, str]] = {}
        for key, line in said.items():
            for name, value in line.get("figures", {}).items():
                before = given.setdefault(name, (key, value))
                if Decimal(before[1]) != Decimal(value):
                    self._no(f"{key}.figures.{name}", differently(self.card, before[0], before[1]))
        if self.wrong or not given:
            return
        marks = {name: Decimal(value) for key in said for name, value in self._claimed_marks(key, said[key]).items()}
        numbers = self.base.numbers | marks | {name: Decimal(value) for name, (_, value) in given.items()}
        for name, sentence in Catalogue(self.card.figures).contradictions(numbers).items():
            owner = given.get(name) or next(
                (one for part, one in given.items() if _related(self.card, name, part)), None
            )
            if owner is not None:
                self._no(f"{owner[0]}.figures.{name}", sentence)

    def _claimed_marks(self, key: str, line: Line) -> dict[str, str]:
        """The marks that a corrected line takes as they were claimed."""
        if line.get("verdict") != "correct" or key not in self.card.indicators:
            return {}
        return _as_claimed(self.card, key, self.claimed.get(key, {}).get("figures", {}), line.get("figures") or {})

    def _no(self, place: str, sentence: Text) -> None:
        self.wrong.setdefault(f"{self.name}.{place}", []).append(sentence)


def applied(card: Scorecard, base: Filled, said: Lines, claimed: Lines, now: datetime) -> Filled:
    """The card as these lines would have it. `claimed`: the lines a ruling is limited to; where persons marked a line, a correction
    takes their marks as they were claimed, beside what else was found.

    A line that is kept stays. Figures replace what somebody judged of that line before.
    """
    figures, entries = dict(base.figures), dict(base.entries)
    for key, line in said.items():
        if line.get("verdict") == "keep":
            continue
        judged = {part: line[part] for part in ("score", "waive") if part in line}
        found = line.get("figures") or {}
        if key in claimed and not judged:
            found = _as_claimed(card, key, claimed[key].get("figures", {}), found) | found
        figures |= {name: found_figure(value, now) for name, value in found.items()}
        if judged:
            entries[key] = {**judged, "reason": line.get("reason", "")}
        elif found:
            entries.pop(key, None)
    return replace(base, figures=figures, entries=entries)


def _as_claimed(card: Scorecard, key: str, claims: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """What a correction takes of what was claimed: everything where nothing else was found, else the marks alone."""
    marks = marked_by_persons(card, key)
    return {name: value for name, value in claims.items() if not found or name in marks}


def marked_by_persons(card: Scorecard, key: str) -> frozenset[str]:
    """The figures of a line that are somebody's marks: nobody else marks for them."""
    return frozenset(name for name in figures_of(card.indicators[key]) if is_mark(card.figures[name]))


def is_mark(figure: FigureName) -> bool:
    """Whether persons give this figure as marks, or it is the sum of such."""
    return figure.unit == "mark" or figure.sum_over is not None


def no_such_line(card: Scorecard, key: str) -> Text:
    """An unknown line, with the nearest there is."""
    return _unknown(key, card.indicators, Text("评分表没有这一项", "The scorecard has no line"))


def no_such_figure(card: Scorecard, key: str, name: str, used: Collection[str]) -> Text:
    """A figure that a line does not use, with the nearest it does."""
    title = card.indicators[key].title
    return _unknown(name, used, Text(f"“{title.zh}”不用这个数", f"`{key}` does not use the figure"))


def differently(card: Scorecard, key: str, value: str) -> Text:
    """One figure with two values."""
    title = card.indicators[key].title
    return Text(f"与“{title.zh}”里填的 {value} 不一致。", f"It is {value} at `{key}`: one figure has one value.")


def _unknown(name: str, known: Collection[str], what: Text) -> Text:
    near = nearest(name, known)
    zh, en = (f"；最接近的是“{near}”", f"; the nearest is `{near}`") if near is not None else ("", "")
    return Text(f"{what.zh}：“{name}”{zh}。", f"{what.en} `{name}`{en}.")


def _related(card: Scorecard, name: str, other: str) -> bool:
    """Whether a contradiction at `name` can come from `other`: its whole, or the number of its marks."""
    figure = card.figures.get(name)
    return figure is not None and other in (figure.part_of, figure.sum_over)
