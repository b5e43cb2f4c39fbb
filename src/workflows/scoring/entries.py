"""What people say about lines, before it counts: is there such a line, is there a reason, can the score be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from workflows.document.problems import nearest
from workflows.errors import InvalidInput, NotFound, Text
from workflows.expression import ExpressionError, exact
from workflows.scoring.applying import most_points
from workflows.scoring.given import Entry
from workflows.scoring.model import Indicator, Scorecard


def refuse_entries(card: Scorecard, entries: Mapping[str, Entry]) -> None:
    """Raises InvalidInput, by line, for what cannot be said."""
    wrong: dict[str, list[Text]] = {}
    for key, entry in entries.items():
        line, part = card.indicators.get(key), card.every.get(key)
        if line is None and part is not None:
            whole = card.indicators[str(part.part_of)]
            wrong[key] = [
                Text(
                    f"“{part.title.zh}”与“{whole.title.zh}”是一项，请写在那里。",
                    f"`{key}` is a part of `{whole.key}`: say it there.",
                )
            ]
        elif line is None:
            wrong[key] = [no_such_indicator(card, key).message]
        elif (text := _wrong_entry(line, entry)) is not None:
            wrong[key] = [text]
    if wrong:
        raise InvalidInput(fields=wrong)


def _wrong_entry(line: Indicator, entry: Entry) -> Text | None:
    if entry.waived is (entry.score is not None):
        return Text("要么评分，要么免计。", "Either give a score or waive the line.")
    if not entry.reason.strip():
        return Text("请写明理由。", "Please give the reason.")
    if entry.score is not None:
        try:
            score = exact(entry.score)
        except ExpressionError as error:
            return error.message
        low, high = line.readings.least or Fraction(0), most_points(line)
        if not low <= score <= high:
            return Text(f"这一项的得分应在 {low} 到 {high} 之间。", f"This line scores {low} to {high}.")
    return None


def no_such_indicator(card: Scorecard, key: str) -> NotFound:
    """What to raise for a key that is none of the card's, with the nearest one."""
    near = nearest(key, card.every)
    return NotFound(
        f"“{card.title.zh}”没有“{key}”这一项。" + (f"是否指 {near}？" if near else ""),
        f"The scorecard `{card.key}` has no indicator `{key}`." + (f" Did you mean `{near}`?" if near else ""),
    )
