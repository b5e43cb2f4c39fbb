"""The words of the language that stand for times and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["h", "d", "wd"]


@dataclass(frozen=True, slots=True)
class Duration:
    """`24h` clock hours, `7d` calendar days, `5wd` working days; `amount` may be negative.

    `parameter`: the name by which it is written; the company may have set another value than this one, of the definition.
    `by`: the choice field that says which of `choices` (its key → duration) it is; until then it is the first of them.
    """

    amount: int
    unit: Unit
    parameter: str | None = None
    by: str | None = None
    choices: tuple[tuple[str, Duration], ...] = ()

    def chosen(self, choice: str) -> Duration | None:
        """What it is for one of its choices, added or taken away as this one is."""
        found = dict(self.choices).get(choice)
        return found if found is None or self.amount > 0 else Duration(-found.amount, found.unit)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a moment counts from.

    kind: `entered` (args: () for this state, or (state,)), `due` (this task's), `field` (args: (name,)),
    `last_workday` (args: (period expression,)), `workday` (args: (n, period expression)), `end_of` (args: (field,)),
    `deadline` (args: (name of a company deadline, period expression)). A period expression is `("field", name)`
    wrapped by any number of `("next", inner)` or `("previous", inner)`.
    """

    kind: Literal["entered", "due", "field", "last_workday", "workday", "end_of", "deadline"]
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An anchor and any number of ± durations: `goes_live_on - 5wd`. A bare duration has the anchor `entered`."""

    anchor: Anchor
    offsets: tuple[Duration, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word for people, see language.md §4.

    kind: starter subject holder employees auditors administrators participants everyone | position unit lead_of
    manager_of managers_of team_of field did person. `arg` is a key (position, unit, field name, state), or a nested
    `People` for manager_of, managers_of and team_of. `parent` says that the word is asked of the parent case. `since` (only in `see`): the
    word counts from the first time that the case entered this state.
    """

    kind: str
    arg: str | People | None = None
    parent: bool = False
    since: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """A union of words; falsy when it names nobody at all."""

    words: tuple[Word, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


NOBODY = People()


@dataclass(frozen=True, slots=True)
class Fallback:
    """What happens to a task in a special situation: other `people`, or the step `skip`s by this action's name."""

    people: People = NOBODY
    skip: str | None = None
