"""The source `scorecard`: which card holds, what it comes to now, and what may be said of its lines.

A card rests on measured figures until it is handed in; then it is frozen in the case. A card that another one rests on (`from:`) is
taken as it was frozen: an appeal never measures anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from workflows.appraisal.cards.alarms import alarms_of
from workflows.appraisal.cards.lines import Meaning, applied, lines_of
from workflows.appraisal.cards.owing import blocking
from workflows.appraisal.cards.store import CardVersion
from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.cards.value import Filled, begun, is_frozen, read, shown_figures, titles
from workflows.appraisal.figures.lookup import measured, parameters
from workflows.definition.model import START, Field
from workflows.engine.scene import FillRequest
from workflows.errors import InvalidInput, NotFound, Stale, Text
from workflows.org.versions import Stamp, read_versions
from workflows.scoring.score import CardScore

Versions = Mapping[str, Stamp]


@dataclass(frozen=True)
class Card:
    """A scorecard field at work: its version, what it rests on (`base`), and what was said applied to that (`filled`)."""

    field: Field
    version: CardVersion
    base: Filled
    filled: Filled

    @cached_property
    def score(self) -> CardScore:
        """What it comes to, computed once."""
        return self.filled.score(self.version.card)

    def stored(self) -> dict[str, Any]:
        """The value of the field, `seen` being that of the figures it rests on."""
        return self.filled.stored(self.score, self.base.seen(self.version.card))


def fill_scorecard(around: Surroundings, session: Session, request: FillRequest) -> dict[str, Any]:
    """The values of the process's scorecard fields, `below_target` and `alarms` of the first of them, and `corrections` of a ruling.

    Of a submission raises `InvalidInput` for what was said wrongly and for what is missing, `Stale` where figures have changed since
    the page was drawn.
    """
    reading = _Reading(around, session, request, read_versions(session))
    if request.handed_in is None and request.state == START:
        return reading.begun()
    if request.handed_in is not None:
        reading.check_lines(request.handed_in)
    cards = [card for field in reading.filled_fields() if (card := reading.card(field)) is not None]
    if request.handed_in is not None:
        reading.require_complete(cards)
    return reading.values(cards)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One request with everything it needs."""

    around: Surroundings
    session: Session
    request: FillRequest
    versions: Versions
    _bases: dict[str, tuple[CardVersion, Filled] | None] = field(default_factory=dict)

    # -- which cards --------------------------------------------------------------------------------------------------

    def begun(self) -> dict[str, Any]:
        """At a start: the card's key and version, that of the period's first day; nothing where the position has none."""
        version = self._holding()
        if version is None:
            return {}
        return {
            field.name: Card(field, version, begun(version), begun(version)).stored()
            for field in self._scorecards()
            if field.base is None
        }

    def filled_fields(self) -> list[Field]:
        """The fields to compute: all of them while a form is shown, of a submission those whose lines it brought."""
        handed = self.request.handed_in
        return [
            field for field in self._scorecards()
            if handed is None or field.entries in handed
            or (field.entries is None and not is_frozen(self.request.data.get(field.name)))
        ]  # fmt: skip

    def _scorecards(self) -> list[Field]:
        return [field for field in self.request.fields.values() if field.type == "scorecard" and field.filled]

    def _holding(self) -> CardVersion | None:
        """The card that holds for the subject in the period."""
        position = self._position()
        month = str(self.request.data["period"])
        return self.around.store.version_for(self.session, position, month, self.versions) if position else None

    def _position(self) -> str | None:
        subject = self.request.subject
        people = self.around.organisations.get(self.session, self.versions).people
        return people[subject].appraised_position if subject is not None and subject in people else None

    # -- one card -----------------------------------------------------------------------------------------------------

    def card(self, field: Field) -> Card | None:
        """The card of a field as it stands with what was said. Raises `InvalidInput` of a submission where there is none."""
        base = self.base(field)
        if base is None:
            return None
        version, rests_on = base
        entries = self.request.fields[field.entries] if field.entries is not None else None
        said = lines_of(self.request.data.get(field.entries or ""))
        claimed = lines_of(self.request.data.get(entries.only or "")) if entries is not None else {}
        return Card(field, version, rests_on, applied(version.card, rests_on, said, claimed, self.request.now))

    def base(self, field: Field) -> tuple[CardVersion, Filled] | None:
        """What a card rests on, asked once: measured figures, or those of another card as it was frozen."""
        if field.name not in self._bases:
            self._bases[field.name] = self._base(field)
        return self._bases[field.name]

    def _base(self, field: Field) -> tuple[CardVersion, Filled] | None:
        stored = self.request.data.get(field.base or field.name)
        if stored is None and field.base is None:
            version = self._holding()
            filled = begun(version) if version is not None else None
        else:
            filled = read(stored) if stored is not None else None
            version = self._version(filled) if filled is not None else None
        if filled is None or version is None:
            if self.request.handed_in is not None:
                raise InvalidInput(fields={field.name: [self._no_card()]})
            return None
        return version, filled if field.base is not None else self._measured(version, filled)

    def _version(self, filled: Filled) -> CardVersion:
        return self.around.store.get(self.session, filled.key, filled.version, self.versions)

    def _measured(self, version: CardVersion, filled: Filled) -> Filled:
        """The same card over what is measured now."""
        subject = self.request.subject
        if subject is None:
            raise NotFound("没有写是谁的考核。", "It is not said whose appraisal this is.")
        organisation = self.around.organisations.get(self.session, self.versions)
        month, card = str(self.request.data["period"]), version.card
        catalogue = self.around.store.catalogue(self.session, self.versions)
        figures = measured(self.session, organisation, [subject], month, list(card.figures), catalogue)[subject]
        texts = (
            parameters(self.session, organisation, [subject], month, list(card.parameters))[subject]
            if card.parameters
            else {}
        )
        return replace(filled, parameters=texts, figures=shown_figures(figures), entries={})

    def _no_card(self) -> Text:
        organisation = self.around.organisations.get(self.session, self.versions)
        entry = organisation.positions.get(self._position() or "")
        zh, en = (
            (f"岗位“{entry.zh}”", f"the position “{entry.en}”")
            if entry
            else ("这个人的考核岗位", "the person's position")
        )
        return Text(
            f"{zh}没有评分表，请人力资源部先发布。",
            f"There is no scorecard for {en}: human resources publish one first.",
        )

    # -- what was said ------------------------------------------------------------------------------------------------

    def check_lines(self, handed_in: Mapping[str, Any]) -> None:
        """Raises `InvalidInput` for lines that mean nothing, and `Stale` where the page showed other figures."""
        wrong: dict[str, list[Text]] = {}
        for name, value in handed_in.items():
            field = self.request.fields.get(name)
            if value is None or field is None or field.type != "lines":
                continue
            base = self._card_of(field)
            if base is None:
                wrong[name] = [self._no_card()]
                continue
            version, rests_on = base
            self._refuse_stale(value.get("seen"), version, rests_on)
            claimed = lines_of(self.request.data.get(field.only or ""))
            wrong |= Meaning(name, field, version.card, rests_on, claimed).check(lines_of(value))
        if wrong:
            raise InvalidInput(fields=wrong)

    def _card_of(self, field: Field) -> tuple[CardVersion, Filled] | None:
        """The card that lines are of: as it is measured now where these lines are applied to it, else as it was frozen."""
        of = self.request.fields[field.of or ""]
        if of.entries == field.name and of.filled:
            return self.base(of)
        stored = self.request.data.get(of.name)
        if stored is None:
            return None
        filled = read(stored)
        return self._version(filled), filled

    def _refuse_stale(self, seen: str | None, version: CardVersion, base: Filled) -> None:
        changed = base.changed_since(seen, version.card) if seen else []
        if changed:
            card = version.card
            raise Stale(
                f"你打开页面以后，这些数变了：{titles(card, changed, 'zh')}。请看过新的数再提交。",
                f"Since you opened the page these figures have changed: {titles(card, changed, 'en')}. Look at them, then hand in.",
            )

    def require_complete(self, cards: list[Card]) -> None:
        """Raises `InvalidInput` that names every line and figure that keeps a card from its total."""
        wrong: dict[str, list[Text]] = {}
        for card in cards:
            place = card.field.entries or card.field.name
            score = _scored(card, place)
            if score.total is None:
                blocked = blocking(card.version.card, score, self.around.processes(self.session))
                wrong |= {f"{place}.{key}": said for key, said in blocked.items()} or {place: [_NOTHING_APPLIES]}
        if wrong:
            raise InvalidInput(
                "还算不出总分，请看标出的各项。", "There is no total yet: look at what is marked.", fields=wrong
            )

    # -- what is filled in --------------------------------------------------------------------------------------------

    def values(self, cards: list[Card]) -> dict[str, Any]:
        """The fields' values; `corrections`: how many lines a ruling corrects."""
        found: dict[str, Any] = {card.field.name: card.stored() for card in cards}
        ruled = [
            line for card in cards if card.field.base is not None
            for line in lines_of(self.request.data.get(card.field.entries or "")).values()
        ]  # fmt: skip
        found["corrections"] = sum(line.get("verdict") == "correct" for line in ruled)
        if cards:
            first = cards[0]
            found["below_target"] = first.score.below_target
            found["alarms"] = len(alarms_of(self.session, self.around.store, self.request, first.version, first.filled))
        return found


_NOTHING_APPLIES = Text(
    "没有一项适用，算不出总分：至少一项写明理由判分，或请人力资源部免去这个月的考核。",
    "No line applies, so there is no total: judge one with a reason, or ask human resources to waive the month.",
)


def _scored(card: Card, place: str) -> CardScore:
    """What a card comes to; entries that a line does not take are named at the field that brought them."""
    try:
        return card.score
    except InvalidInput as error:
        lines = card.version.card.indicators
        named = {f"{place}.{key}.score" if key in lines else place: said for key, said in error.fields.items()}
        raise InvalidInput(fields=named) from None
