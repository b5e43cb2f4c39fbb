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


def completeness(ledgers: Iterable[Ledger], processes: Mapping[str, Process]) -> tuple[PositionState, ...]:
    """By position, in the order in which they come. `processes`: the newest version of each, for who owes."""
    by_position: dict[str, list[Ledger]] = {}
    for ledger in ledgers:
        by_position.setdefault(ledger.member.appraised_position or "", []).append(ledger)
    return tuple(_state(key, found, processes) for key, found in by_position.items())


def _state(key: str, ledgers: list[Ledger], processes: Mapping[str, Process]) -> PositionState:
    lacking: dict[str, list[Ledger]] = {}
    for ledger in ledgers:
        for name in ledger.missing:
            lacking.setdefault(name, []).append(ledger)
    lacks = [
        Lack(name, found[0].title_of(name), owed(found[0].card, name, processes), tuple(one.member for one in found))
        for name, found in lacking.items()
        if found[0].card is not None
    ]
    has_card = any(ledger.card is not None for ledger in ledgers)
    return PositionState(
        key,
        tuple(ledger.member for ledger in ledgers),
        sum(not ledger.missing for ledger in ledgers) if has_card else 0,
        tuple(sorted(lacks, key=lambda lack: -len(lack.people))),
        has_card,
    )


def owed(card: Scorecard, name: str, processes: Mapping[str, Process]) -> Text:
    """Who owes a figure of a card: the process that counts it, the goals that set it, or whoever uploads."""
    indicator = next((one for one in card.indicators.values() if name in figures_of(one)), None)
    return owed_by(name, indicator, processes) if indicator is not None else UPLOAD
