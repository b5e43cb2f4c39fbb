"""Write figures down: what is new, what has changed and stands in for what was there before; what is as it was stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from workflows.appraisal.figures.closing import closed_months
from workflows.appraisal.figures.lookup import MOST_NAMED, current
from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.tables import FigureBatch, FigureValue, Level, Source
from workflows.db import new_id
from workflows.errors import InvalidInput, Text
from workflows.org.versions import bump

FIGURES: Final = "figures"
"""The counter that moves with every change of a figure."""

AT_ONCE = 2000
"""Rows written in one go; whoever watches is told after each."""

LONGEST_REASON = 300

Progress = Callable[[int, int], None]
"""Called with (figures written, figures to write)."""


Value = Decimal | str | None
"""A number; a text where the name is that of a scorecard's parameter; None where nothing holds."""


class Key(NamedTuple):
    """Which figure: of whom (neither: the company), for which month, by which name."""

    person: PersonId | None
    unit: str | None
    month: str
    name: str


@dataclass(frozen=True, slots=True)
class FigureInput:
    """A value for one figure, or a text for a parameter. `value` None takes it back: the figure is missing again."""

    key: Key
    value: Value
    reason: str | None = None
    evidence: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The value that holds for a figure now."""

    id: uuid.UUID
    value: Value
    source: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many figures were new, changed, and as they were already. `batch`: the file they came with, None where nothing was written
    or it was no file."""

    new: int
    changed: int
    unchanged: int
    batch: uuid.UUID | None = field(default=None, compare=False)


def record(
    session: Session,
    inputs: Sequence[FigureInput],
    *,
    source: Source,
    actor: PersonId | None,
    now: datetime,
    batch: uuid.UUID | None = None,
    progress: Progress | None = None,
) -> Recorded:
    """Write figures down, all of them or (by raising) none.

    `actor` None: this system, or the command line. Raises `InvalidInput` (`fields` by figure name) for a figure named twice, for a
    person's month that is closed, and where a person changes a value without a reason. What a figure may be the caller has checked.
    """
    lock(session)
    standing = standing_values(session, [one.key for one in inputs])
    todo = [one for one in inputs if not _holds(one, standing.get(one.key))]
    _refuse(session, inputs, todo, standing, source)
    rows = [_row(one, standing.get(one.key), source, actor, now, batch) for one in todo]
    for done in range(0, len(rows), AT_ONCE):
        session.execute(insert(FigureValue), rows[done : done + AT_ONCE])
        if progress is not None:
            progress(min(done + AT_ONCE, len(rows)), len(rows))
    changed = sum(one.key in standing for one in todo)
    return Recorded(len(todo) - changed, changed, len(inputs) - len(todo))


def lock(session: Session) -> None:
    """Let those who write figures follow each other until the caller's commit: nobody replaces what another just replaced."""
    bump(session, FIGURES)


def add_batch(session: Session, file: str, digest: str, rows: int, actor: PersonId | None, now: datetime) -> uuid.UUID:
    """Note a file whose figures are about to be written; its id for `record`. `digest`: SHA-256 of its bytes in hexadecimal."""
    batch = FigureBatch(id=new_id(), file=file[:255], digest=digest, rows=rows, uploaded_by=actor, uploaded_at=now)
    session.add(batch)
    session.flush()
    return batch.id


def standing_values(session: Session, keys: Collection[Key]) -> dict[Key, Standing]:
    """What holds for these figures now, taken back ones included; one statement."""
    if not keys:
        return {}
    people = {key.person for key in keys if key.person is not None}
    units = {key.unit for key in keys if key.unit is not None}
    chosen = select(
        FigureValue.id, FigureValue.person_id, FigureValue.unit_key, FigureValue.month, FigureValue.name,
        FigureValue.value, FigureValue.text, FigureValue.source,
    ).where(
        FigureValue.month.in_(sorted({key.month for key in keys})),
        FigureValue.name.in_(sorted({key.name for key in keys})),
        current(),
    )  # fmt: skip
    if len(people) <= MOST_NAMED:
        company = FigureValue.scope == Level.COMPANY
        chosen = chosen.where(or_(FigureValue.person_id.in_(people), FigureValue.unit_key.in_(units), company))
    wanted = frozenset(keys)
    found = {}
    for row in session.execute(chosen):
        key = Key(row.person_id, row.unit_key, row.month, row.name)
        if key in wanted:
            found[key] = Standing(row.id, row.value if row.text is None else row.text, row.source)
    return found


def _holds(one: FigureInput, standing: Standing | None) -> bool:
    """Whether there is nothing to write: the value stands already, or there is none to take back."""
    return one.value == (standing.value if standing is not None else None)


def _refuse(
    session: Session,
    inputs: Sequence[FigureInput],
    todo: Sequence[FigureInput],
    standing: dict[Key, Standing],
    source: Source,
) -> None:
    faults: dict[str, list[Text]] = {}
    for name, text in _faults(session, inputs, todo, standing, source):
        faults.setdefault(name, []).append(text)
    if faults:
        raise InvalidInput(fields=faults)


def _faults(
    session: Session,
    inputs: Sequence[FigureInput],
    todo: Sequence[FigureInput],
    standing: dict[Key, Standing],
    source: Source,
) -> Iterator[tuple[str, Text]]:
    seen: set[Key] = set()
    for one in inputs:
        if one.key in seen:
            yield one.key.name, Text("这一项给了两次。", "This figure is given twice.")
        seen.add(one.key)
    people = {one.key.person for one in todo if one.key.person is not None}
    closed = closed_months(session, people, {one.key.month for one in todo})
    by_hand = source in (Source.FORM, Source.UPLOAD)
    for one in todo:
        if (one.key.person, one.key.month) in closed:
            yield one.key.name, closed_sentence(one.key.month)
        if len(one.reason or "") > LONGEST_REASON:
            yield (
                one.key.name,
                Text(f"理由最多 {LONGEST_REASON} 个字。", f"A reason has at most {LONGEST_REASON} characters."),
            )
        if by_hand and one.key in standing and not (one.reason or "").strip():
            yield (
                one.key.name,
                Text("更改已有的数据请写理由。", "Give a reason for changing a figure that is there already."),
            )


def closed_sentence(month: str) -> Text:
    """Why a figure of a closed month is refused."""
    return Text(
        f"{month} 的考核结果已公示，数据不能再改；有出入请走申诉。",
        f"The result of {month} has been published: its figures stay as they are. What is wrong goes through an appeal.",
    )


def _row(
    one: FigureInput,
    standing: Standing | None,
    source: Source,
    actor: PersonId | None,
    now: datetime,
    batch: uuid.UUID | None,
) -> dict[str, Any]:
    level = Level.PERSON if one.key.person is not None else Level.UNIT if one.key.unit is not None else Level.COMPANY
    return {
        "id": new_id(), "month": one.key.month, "scope": level, "person_id": one.key.person, "unit_key": one.key.unit,
        "name": one.key.name, "value": None if isinstance(one.value, str) else one.value,
        "text": one.value if isinstance(one.value, str) else None, "source": source, "entered_by": actor, "entered_at": now,
        "replaces": standing.id if standing is not None else None, "reason": (one.reason or "").strip() or None,
        "batch_id": batch, "evidence": one.evidence,
    }  # fmt: skip
