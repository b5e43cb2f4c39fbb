"""How complete a month is: by position what is missing, of how many, and who owes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflows.appraisal.cards.owing import UPLOAD, owed_by
from workflows.appraisal.figures.ledger import Ledger
from workflows.definition.model import Process
from workflows.errors import Text
from workflows.org.organisation import Member
from workflows.scoring.model import Scorecard
from workflows.scoring.score import figures_of


@dataclass(frozen=True, slots=True)
class Lack:
    """A figure (or parameter) that some people lack. `owed`: where it is to come from, as words for a sentence."""

    name: str
    title: Text
    owed: Text
    people: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class PositionState:
    """One position in a month: its people, how many lack nothing, and what is missing, most wanted first."""

    key: str
    people: tuple[Member, ...]
    complete: int
    lacks: tuple[Lack, ...]
    has_card: bool


def completeness(
    ledgers: Iterable[Ledger], processes: Mapping[str, Process], base_title: Text
) -> tuple[PositionState, ...]:
    """By position, in the order in which they come. `processes`: the newest version of each, for who owes; `base_title`: what the
    base of the bonus is called."""
    by_position: dict[str, list[Ledger]] = {}
    for ledger in ledgers:
        by_position.setdefault(ledger.member.appraised_position or "", []).append(ledger)
    return tuple(_state(key, found, processes, base_title) for key, found in by_position.items())


def _state(key: str, ledgers: list[Ledger], processes: Mapping[str, Process], base_title: Text) -> PositionState:
    people: dict[str, list[Member]] = {}
    for ledger in ledgers:
        for name in ledger.missing:
            people.setdefault(name, []).append(ledger.member)
    card = next((ledger.card for ledger in ledgers if ledger.card is not None), None)
    lacks = [
        Lack(name, _title(card, name, base_title), owed(card, name, processes), tuple(found))
        for name, found in people.items()
        if card is not None
    ]
    return PositionState(
        key,
        tuple(ledger.member for ledger in ledgers),
        sum(not ledger.missing for ledger in ledgers) if card is not None else 0,
        tuple(sorted(lacks, key=lambda lack: -len(lack.people))),
        card is not None,
    )


def owed(card: Scorecard, name: str, processes: Mapping[str, Process]) -> Text:
    """Who owes a figure of a card: the process that counts it, the goals that set it, or whoever uploads."""
    indicator = next((one for one in card.indicators.values() if name in figures_of(one)), None)
    return owed_by(name, indicator, processes) if indicator is not None else UPLOAD


def _title(card: Scorecard, name: str, base_title: Text) -> Text:
    known = name in card.figures or name in card.parameters
    return card.title_of(name) if known else base_title
