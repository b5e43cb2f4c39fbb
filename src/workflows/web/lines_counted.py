"""What is typed about lines of a card, counted while it is typed: the card without it, with it, and as the employee claims it.

The same functions count here that count when it is handed in (`appraisal.cards.lines`). A number that cannot be read, or cannot be, is left
out of the count and named; nothing is refused before it is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflows.appraisal.cards.lines import Meaning, applied, marked_by_persons
from workflows.appraisal.cards.value import Filled, read
from workflows.definition.model import Field
from workflows.definition.values.readers import read_value
from workflows.definition.values.scalars import UnreadableValue
from workflows.errors import InvalidInput, Text
from workflows.scoring.grades import Grades
from workflows.scoring.model import Scorecard
from workflows.scoring.score import CardScore, figures_of
from workflows.web.lines_typed import FIGURES, LINES

_NUMBER: Final = Field("number", "decimal", Text("数", "Number"))
_UNSAID: Final = "…"
"""Stands for a reason that is still to be written."""

Said = dict[str, dict[str, Any]]
Wrong = dict[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A card three times. `base`: what it rests on; `claimed`: None where nothing was claimed; `wrong`: by `KEY.part`."""

    card: Scorecard
    base: Filled
    before: CardScore
    after: CardScore
    claimed: CardScore | None
    wrong: Wrong


def count(
    asked: Field,
    card: Scorecard,
    base: Filled,
    typed: Mapping[str, Any],
    claims: Mapping[str, Any],
    grades: Grades,
    now: datetime,
) -> Counted:
    """The card with what is typed into the field `asked`. `claims`: stored lines that these are limited to (of an appeal)."""
    said, wrong = readable(card, typed.get(LINES) or {}, now)
    claimed = dict(claims.get(LINES) or {})
    said = _possible(Meaning(asked.name, asked, card, base, claimed), said, wrong)
    before = base.score(card, grades)
    after = _after(card, base, said, claimed, grades, now, wrong)
    as_claimed = applied(card, base, claimed, {}, now).score(card, grades) if claimed else None
    return Counted(card, base, before, after, as_claimed, wrong)


def resting_on(value: Mapping[str, Any], asked: Field) -> Filled:
    """The card of a stored value: a judgement takes the place of one made before, figures come on top of what is there."""
    filled = read(value)
    return filled if FIGURES in asked.give else replace(filled, entries={})


def readable(card: Scorecard, lines: Mapping[str, Mapping[str, Any]], now: datetime) -> tuple[Said, Wrong]:
    """Of typed lines what can be counted, as stored values, and what cannot, by `KEY.part`."""
    said: Said = {}
    wrong: Wrong = {}
    for key, line in lines.items():
        if key not in card.indicators or not line.get("on", True):
            continue
        found: dict[str, Any] = {}
        if score := _number(str(line.get("score") or ""), f"{key}.score", wrong, now):
            found["score"] = score
        elif line.get("waive"):
            found["waive"] = True
        if figures := _figures(card, key, line.get(FIGURES) or {}, wrong, now):
            found[FIGURES] = figures
        if found or line.get("verdict"):
            said[key] = {**found, "verdict": line.get("verdict"), "reason": line.get("reason") or _UNSAID}
    return said, wrong


def _figures(card: Scorecard, key: str, typed: Mapping[str, str], wrong: Wrong, now: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    used = figures_of(card.indicators[key])
    for name, text in typed.items():
        place = f"{key}.{FIGURES}.{name}"
        value = _number(text, place, wrong, now) if name in used else ""
        if value:
            found[name] = value
    return found


def _possible(meaning: Meaning, said: Said, wrong: Wrong) -> Said:
    """The lines without figures that cannot be (these are named), and without corrections that do not say yet to what."""
    for place, texts in meaning.possible(said).items():
        _field, key, _figures, name = place.split(".")
        wrong.setdefault(f"{key}.{FIGURES}.{name}", []).extend(texts)
        said[key][FIGURES] = {other: value for other, value in said[key][FIGURES].items() if other != name}
    return {key: line for key, line in said.items() if not says_nothing_yet(meaning.card, key, line)}


def says_nothing_yet(card: Scorecard, key: str, line: Mapping[str, Any]) -> bool:
    """Whether a line is to be corrected and nothing says to what; what persons marked is corrected as it was claimed."""
    given = any((line.get(FIGURES) or {}).values()) or line.get("score") or line.get("waive")
    return line.get("verdict") == "correct" and not given and not marked_by_persons(card, key)


def _number(text: str, place: str, wrong: Wrong, now: datetime) -> str:
    """A typed number as stored; "" where there is none or none can be read."""
    if not text.strip():
        return ""
    try:
        return str(read_value(_NUMBER, text, now.tzinfo or ZoneInfo("UTC")))
    except UnreadableValue as error:
        wrong.setdefault(place, []).append(error.message)
        return ""


def _after(
    card: Scorecard, base: Filled, said: Said, claimed: Mapping[str, Any], grades: Grades, now: datetime, wrong: Wrong
) -> CardScore:
    """The card with these lines; one whose score cannot be given is left out and named."""
    try:
        return applied(card, base, said, claimed, now).score(card, grades)
    except InvalidInput as error:
        left = {key: line for key, line in said.items() if key not in error.fields}
        if len(left) == len(said):
            raise
        for key, texts in error.fields.items():
            wrong.setdefault(f"{key}.score", []).extend(texts)
        return _after(card, base, left, claimed, grades, now, wrong)
