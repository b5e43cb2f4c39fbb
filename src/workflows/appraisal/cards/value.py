"""The stored value of a `scorecard` field: a card, the figures and what people said, frozen; its score is computed from it anew.

`{"card", "version", "digest", "parameters", "figures": {NAME: {"value", "source", "at", "level", "by"}}, "entries": {KEY:
{"score" | "waive", "reason"}}, "total", "missing", "seen"}`: only texts, as canonical JSON wants it. The explanation is never
stored beside it: it follows from the card's version and these figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from workflows.appraisal.cards.store import CardVersion
from workflows.appraisal.figures.measured import MeasuredFigure
from workflows.scoring.grades import Grades
from workflows.scoring.model import Scorecard
from workflows.scoring.score import CardScore, Entry, score_card

Stored = Mapping[str, Any]

MARK = 6
"""Characters of `seen` for one figure: enough to notice that it changed."""

RULING = "ruling"
"""Source of a figure that the investigation of an appeal has found."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A card with figures and what was said, ready to be scored or stored.

    `figures`: as stored, by name; `entries`: as stored, by indicator.
    """

    key: str
    version: int
    digest: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def score(self, card: Scorecard, grades: Grades | None = None) -> CardScore:
        """The score with its explanation. `card`: the version that `version` names; `grades`: for a score that knows its grade."""
        return score_card(card, self.numbers, self.parameters, scored_entries(self.entries), grades=grades)

    @property
    def numbers(self) -> dict[str, Decimal]:
        """The figures' values."""
        return {name: Decimal(figure["value"]) for name, figure in self.figures.items()}

    def stored(self, score: CardScore, seen: str) -> dict[str, Any]:
        """The value as a case keeps it, with the total it comes to and the marks of what it rests on."""
        return {
            "card": self.key, "version": self.version, "digest": self.digest, "parameters": dict(self.parameters),
            "figures": {name: dict(figure) for name, figure in self.figures.items()},
            "entries": {key: dict(entry) for key, entry in self.entries.items()},
            "total": None if score.total is None else str(score.total), "missing": list(score.missing), "seen": seen,
        }  # fmt: skip

    def seen(self, card: Scorecard) -> str:
        """A mark for each figure and parameter that the card asks for, in the order of their names."""
        return "".join(_mark(name, self._value(name)) for name in asked(card))

    def changed_since(self, seen: str, card: Scorecard) -> list[str]:
        """Names of figures and parameters that are not as they were when a page carried away `seen`."""
        names = asked(card)
        marks = [seen[place : place + MARK] for place in range(0, len(seen), MARK)]
        if len(marks) != len(names):
            return names
        return [name for name, mark in zip(names, marks, strict=True) if mark != _mark(name, self._value(name))]

    def _value(self, name: str) -> str:
        figure = self.figures.get(name)
        return str(figure["value"]) if figure is not None else self.parameters.get(name, "")


def begun(version: CardVersion) -> Filled:
    """An empty card: only which one it is."""
    return Filled(version.key, version.version, version.card.digest)


def read(value: Stored) -> Filled:
    """A stored value."""
    return Filled(
        value["card"],
        value["version"],
        value["digest"],
        value.get("parameters", {}),
        value.get("figures", {}),
        value.get("entries", {}),
    )


def is_frozen(value: Stored | None) -> bool:
    """Whether a stored value has a total: it was handed in."""
    return value is not None and value.get("total") is not None


def shown_figures(measured: Mapping[str, MeasuredFigure]) -> dict[str, dict[str, Any]]:
    """Measured figures as a card stores them."""
    return {
        name: {
            "value": format(figure.value, "f"), "source": figure.source, "at": utc_text(figure.entered_at), "level": figure.level,
            **({"by": figure.entered_by.hex} if figure.entered_by is not None else {}),
        }
        for name, figure in measured.items()
    }  # fmt: skip


def found_figure(value: str, now: datetime) -> dict[str, Any]:
    """A figure that an appeal claims or finds."""
    return {"value": value, "source": RULING, "at": utc_text(now), "level": "person"}


def scored_entries(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Entry]:
    """What was said about lines, as the arithmetic takes it."""
    return {
        key: Entry(
            Decimal(entry["score"]) if "score" in entry else None, bool(entry.get("waive")), str(entry.get("reason", ""))
        )
        for key, entry in entries.items()
    }  # fmt: skip


def asked(card: Scorecard) -> list[str]:
    """Every figure and parameter that a card may ask for, by name."""
    return sorted({*card.figures, *card.parameters})


def utc_text(moment: datetime) -> str:
    """An instant as the store writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def titles(card: Scorecard, names: Iterable[str], language: str) -> str:
    """What figures are called, as a list in a sentence."""
    between = "、" if language == "zh" else ", "
    return between.join(card.title_of(name).text(language) for name in names)


def _mark(name: str, value: str) -> str:
    return hashlib.sha256(f"{name}={value}".encode()).hexdigest()[:MARK]
