"""What a card would come to with what somebody is typing: the same composition as the source's, without storing anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflows.appraisal.cards.lines import Lines, Meaning, applied
from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.cards.value import Stored, read
from workflows.definition.model import Field
from workflows.errors import InvalidInput
from workflows.scoring.grades import Grades
from workflows.scoring.score import CardScore


def recount(
    session: Session,
    store: ScorecardStore,
    asked: Field,
    value: Stored,
    said: Lines,
    claimed: Lines,
    now: datetime,
    grades: Grades | None = None,
) -> CardScore:
    """The score of a stored card with these lines of the field `asked` applied to it.

    A judgement takes the place of one that was made before; own and found figures come on top of what is there. `claimed`: the lines
    a ruling is limited to. Raises `InvalidInput` at `FIELD.KEY.figures.NAME` for what cannot be, as handing it in would.
    """
    base = read(value)
    if "figures" not in asked.give:
        base = replace(base, entries={})
    card = store.get(session, base.key, base.version).card
    if wrong := Meaning(asked.name, asked, card, base, claimed).possible(said):
        raise InvalidInput(fields=wrong)
    return applied(card, base, said, claimed, now).score(card, grades)
