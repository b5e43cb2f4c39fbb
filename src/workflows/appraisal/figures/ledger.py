"""What is known of people in a month, held against what their scorecards ask: the figures, and which are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.figures.closing import closed_months
from workflows.appraisal.figures.lookup import measured, parameters
from workflows.appraisal.figures.measured import MeasuredFigure, PersonId
from workflows.errors import InvalidInput, Text
from workflows.org.organisation import Member, Organisation
from workflows.org.versions import Stamp, read_versions
from workflows.scoring.catalogue import FigureName
from workflows.scoring.model import Scorecard
from workflows.scoring.score import score_card


@dataclass(frozen=True, slots=True)
class Ledger:
    """One person's figures of a month. `card`: that of their appraised position, None where it has none.

    `missing`: figures and parameters without which there is no score or no bonus, in the card's order; what does not apply (no case)
    is not among them, and nothing is once the result has been published. `base`: the figure that the bonus is reckoned from, None
    where the catalogue has none.
    """

    member: Member
    card: Scorecard | None
    figures: Mapping[str, MeasuredFigure]
    parameters: Mapping[str, str]
    missing: tuple[str, ...]
    base: FigureName | None

    @property
    def asked(self) -> tuple[FigureName, ...]:
        """The figures of the card and the base of the bonus."""
        figures = tuple(self.card.figures.values()) if self.card is not None else ()
        return figures if self.base is None or self.base in figures else (*figures, self.base)

    def title_of(self, name: str) -> Text:
        """What a figure or parameter is called; the name itself where nobody knows it."""
        if self.base is not None and name == self.base.name:
            return self.base.title
        return self.card.title_of(name) if self.card is not None else Text(name, name)


def ledgers(
    session: Session, store: ScorecardStore, organisation: Organisation, people: Collection[PersonId], month: str
) -> dict[PersonId, Ledger]:
    """The ledgers of `people` in the month `2026-11`: four statements, and one for each card not read before."""
    members = [organisation.people[person] for person in people if person in organisation.people]
    versions = read_versions(session)
    cards = _cards(session, store, {member.appraised_position for member in members}, month, versions)
    catalogue = store.catalogue(session, versions)
    base = catalogue.get(store.grades(session, month, versions).bonus_rule.base)
    names = {name for card in cards.values() for name in card.figures} | ({base.name} if base is not None else set())
    asked = {key for card in cards.values() for key in card.parameters}
    figures = measured(session, organisation, people, month, names, catalogue)
    texts = parameters(session, organisation, people, month, asked) if asked else {}
    lacking, closed = _Lacking(base), closed_months(session, people, [month])
    found = {
        member.id: lacking.ledger(
            member, cards.get(member.appraised_position or ""), figures[member.id], texts.get(member.id, {})
        )
        for member in members
    }
    return {person: replace(one, missing=()) if (person, month) in closed else one for person, one in found.items()}


def appraised(organisation: Organisation, month: str) -> tuple[PersonId, ...]:
    """Everybody active with an appraised position who had joined by the month, in the order of logins."""
    return tuple(person for person in organisation.active if is_appraised(organisation.people[person], month))


def is_appraised(member: Member, month: str) -> bool:
    """Whether somebody has an appraised position, and had joined when the month ended."""
    joined = member.joined_on is None or f"{member.joined_on:%Y-%m}" <= month
    return member.active and member.appraised_position is not None and joined


def _cards(
    session: Session, store: ScorecardStore, positions: Iterable[str | None], month: str, versions: Mapping[str, Stamp]
) -> dict[str, Scorecard]:
    held = {key: store.version_for(session, key, month, versions) for key in positions if key is not None}
    return {key: version.card for key, version in held.items() if version is not None}


class _Lacking:
    """What a score lacks depends on which figures are known and which of them are 0: asked once for each such pattern, so that ten
    thousand people cost as much as a few."""

    def __init__(self, base: FigureName | None) -> None:
        self._base = base
        self._known: dict[tuple[object, ...], tuple[str, ...]] = {}

    def ledger(
        self,
        member: Member,
        card: Scorecard | None,
        figures: Mapping[str, MeasuredFigure],
        texts: Mapping[str, str],
    ) -> Ledger:
        base = self._base.name if self._base is not None else ""
        own = {
            name: one for name, one in figures.items() if card is not None and (name in card.figures or name == base)
        }
        given = {key: text for key, text in texts.items() if card is not None and key in card.parameters}
        missing = self._missing(card, own, given) if card is not None else ()
        return Ledger(member, card, own, given, missing, self._base)

    def _missing(
        self, card: Scorecard, figures: Mapping[str, MeasuredFigure], texts: Mapping[str, str]
    ) -> tuple[str, ...]:
        zeros = frozenset(name for name, figure in figures.items() if figure.value == 0)
        pattern = (card.digest, frozenset(figures), zeros, frozenset(texts.items()))
        if pattern not in self._known:
            values = {name: figure.value for name, figure in figures.items() if name in card.figures}
            bonus = () if self._base is None or self._base.name in figures else (self._base.name,)
            self._known[pattern] = (*_score_lacks(card, values, texts), *bonus)
        return self._known[pattern]


def _score_lacks(card: Scorecard, values: Mapping[str, Decimal], texts: Mapping[str, str]) -> tuple[str, ...]:
    try:
        return score_card(card, values, texts).missing
    except InvalidInput as refused:
        # A choice that this version of the card does not have: it has to be given anew.
        return tuple(refused.fields)
