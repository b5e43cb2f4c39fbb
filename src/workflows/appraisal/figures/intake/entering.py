"""One person's figures, typed by human resources: what was missing, and corrections with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.appraisal.figures.intake.applying import holding_values, reason_needed
from workflows.appraisal.figures.intake.checking import check
from workflows.appraisal.figures.intake.given import Given
from workflows.appraisal.figures.intake.standards import Standards
from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.store import FigureInput, Key, Recorded, Standing, record, standing_values
from workflows.appraisal.figures.tables import Source
from workflows.errors import InvalidInput, NotAllowed, Text
from workflows.org.organisation import Member


@dataclass(frozen=True, slots=True)
class Typed:
    """What a field of the form says, and what it said when the page was drawn. Empty where a value was: it is taken back."""

    value: str
    before: str

    @property
    def touched(self) -> bool:
        """Whether somebody changed it."""
        return self.value.strip() != self.before.strip()


def enter_figures(
    session: Session,
    standards: Standards,
    member: Member,
    month: str,
    typed: Mapping[str, Typed],
    *,
    actor: PersonId,
    now: datetime,
    reason: str,
) -> Recorded:
    """Write down what was changed in the form, by figure name.

    Raises `InvalidInput` (`fields` by figure, `reason`, or "" for the month) for everything that is wrong, also where somebody else
    changed a figure since the page was drawn; `NotAllowed` for figures of one's own.
    """
    if member.id == actor:
        raise NotAllowed("自己的数据由别人录入。", "Nobody enters figures of their own: a colleague does.")
    touched = {name: one for name, one in typed.items() if one.touched}
    given = [_given(member, month, name, one.value) for name, one in touched.items() if one.value.strip()]
    checked = check(session, given, standards)
    wrong: dict[str, list[Text]] = {}
    for fault in checked.faults:
        wrong.setdefault(fault.column, []).append(fault.text)
    back = [
        FigureInput(Key(member.id, None, month, name), None) for name, one in touched.items() if not one.value.strip()
    ]
    inputs = [*(one for _, one in checked.inputs), *back]
    standing = standing_values(session, [one.key for one in inputs])
    for name, text in _overtaken(session, standards, touched, inputs, standing):
        wrong.setdefault(name, []).append(text)
    if wrong:
        raise InvalidInput(fields=wrong)
    changed = [one for one in inputs if one.key in standing or touched[one.key.name].before.strip()]
    if changed and not reason.strip():
        raise InvalidInput(fields={"reason": [reason_needed(len(changed)).message]})
    kept = [FigureInput(one.key, one.value, reason) for one in inputs]
    return record(session, kept, source=Source.FORM, actor=actor, now=now)


def _given(member: Member, month: str, name: str, value: str) -> Given:
    return Given("", 0, name, member.login, "", month, name, value, columns=("", ""))


def _overtaken(
    session: Session,
    standards: Standards,
    touched: Mapping[str, Typed],
    inputs: list[FigureInput],
    standing: Mapping[Key, Standing],
) -> Iterator[tuple[str, Text]]:
    """Figures that are no longer what the page showed: whoever types over them should know."""
    holding = holding_values(session, standards, [one.key for one in inputs if one.key not in standing])
    for one in inputs:
        known = standing.get(one.key)
        value = known.value if known is not None else holding.get(one.key)
        shown = "" if value is None else shown_value(value)
        if shown != touched[one.key.name].before.strip():
            yield (
                one.key.name,
                Text(
                    f"这一项刚被改成“{shown}”，请看过再改。",
                    f'This has just been changed to "{shown}": look at it first.',
                ),
            )


def shown_value(value: Decimal | str) -> str:
    """A figure as its field shows it: digit by digit; a parameter by its key."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
