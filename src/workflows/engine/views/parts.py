"""Scorecards, and what is said of them, in a history: a few words for each, and the parts in which two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.definition.model import WHOLE, Field
from workflows.engine.views.pages.case import Part, PartChange, Whole


def in_history(field: Field, stored: Any) -> Any:
    """A stored value as the history tells it: scorecards and lines as `Whole`, all others as they are."""
    if stored is None or field.type not in WHOLE:
        return stored
    if field.type == "scorecard":
        return Whole(stored.get("total") or "—", dict(_of_card(stored)))
    return Whole(str(len(stored["lines"])), dict(_of_lines(stored["lines"])))


def differences(old: Whole | None, new: Whole | None) -> tuple[PartChange, ...]:
    """The parts that are not the same in both, in the order of their names."""
    before, after = (one.parts if one is not None else {} for one in (old, new))
    changes = (PartChange(part, before.get(part), after.get(part)) for part in sorted({*before, *after}))
    return tuple(change for change in changes if change.old != change.new)


def _of_card(card: Mapping[str, Any]) -> Iterator[tuple[Part, str]]:
    """Card, version, total, the figures by name, the parameters."""
    for name in ("card", "version", "total"):
        if card.get(name) is not None:
            yield (name,), str(card[name])
    for name, figure in card.get("figures", {}).items():
        yield ("figures", name), str(figure["value"] if isinstance(figure, Mapping) else figure)
    for name, value in card.get("parameters", {}).items():
        yield ("parameters", name), str(value)


def _of_lines(lines: Mapping[str, Any]) -> Iterator[tuple[Part, str]]:
    """What was said of each line: score, waiver, verdict, reason, figures by name, ids of files."""
    for key, line in lines.items():
        for name, given in line.items():
            if name == "figures":
                yield from (((key, name, figure), str(value)) for figure, value in given.items())
            elif name == "files":
                yield (key, name), " ".join(given)
            else:
                yield (key, name), "true" if given is True else str(given)
