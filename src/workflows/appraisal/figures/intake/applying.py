"""Take an upload: what it would change is shown first, then all of it is written or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflows.appraisal.figures.intake.checking import Checked, check, counted_sentence
from workflows.appraisal.figures.intake.given import Fault, rejected
from workflows.appraisal.figures.intake.reading import read_figures
from workflows.appraisal.figures.intake.standards import Standards
from workflows.appraisal.figures.lookup import measured, parameters
from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.store import (
    FigureInput,
    Key,
    Progress,
    Recorded,
    Standing,
    Value,
    add_batch,
    record,
    standing_values,
)
from workflows.appraisal.figures.tables import Source
from workflows.errors import InvalidInput

Files = Sequence[tuple[str, bytes]]
"""(name, content) of each."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that an upload would write. `before`: what holds now, from an earlier month or a unit too; None where nothing does.
    `source`: of the person's own value in the month, empty where there is none yet."""

    key: Key
    before: Value
    after: Value
    source: str


@dataclass(frozen=True, slots=True)
class FigurePreview:
    """What an upload would do. With any `faults` it does nothing at all.

    `rows`: of the files; `unchanged`: figures that are as they should be already.
    """

    new: tuple[FigureChange, ...] = ()
    changed: tuple[FigureChange, ...] = ()
    unchanged: int = 0
    rows: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.new or self.changed)


def preview_figures(
    session: Session, files: Files, standards: Standards, checking: Progress | None = None
) -> FigurePreview:
    """What importing these files would change, or everything that is wrong with them; nothing is written. `checking`: told how many
    figures are checked."""
    return _prepare(session, files, standards, checking)[0]


def import_figures(
    session: Session,
    files: Files,
    standards: Standards,
    *,
    actor: PersonId | None,
    now: datetime,
    reason: str | None = None,
    checking: Progress | None = None,
    progress: Progress | None = None,
) -> Recorded:
    """Import all of it or nothing. `reason`: why figures that were there already change; needed where any does. `checking` is told
    how many are checked, `progress` how many are written.

    A second time changes nothing more. Raises `RejectedImport` with every fault by file, row and column, and `InvalidInput` (field
    `reason`) where figures change without one.
    """
    preview, checked = _prepare(session, files, standards, checking)
    if preview.faults:
        raise rejected(preview.faults)
    if preview.changed and not (reason or "").strip():
        raise reason_needed(len(preview.changed))
    if preview.empty:
        return Recorded(0, 0, preview.unchanged)
    batch = add_batch(session, "; ".join(name for name, _ in files), _digest(files), preview.rows, actor, now)
    written = {change.key: None for change in preview.new} | {change.key: reason for change in preview.changed}
    inputs = [replace(one, reason=written[one.key]) for _, one in checked.inputs if one.key in written]
    record(session, inputs, source=Source.UPLOAD, actor=actor, now=now, batch=batch, progress=progress)
    # Told as it was shown: what takes the place of a value that held is a change, though it is the month's first row.
    return Recorded(len(preview.new), len(preview.changed), preview.unchanged, batch)


def _digest(files: Files) -> str:
    """SHA-256 of the file; of several the digest of their digests."""
    each = [hashlib.sha256(data) for _, data in files]
    return each[0].hexdigest() if len(each) == 1 else hashlib.sha256(b"".join(d.digest() for d in each)).hexdigest()


def reason_needed(count: int) -> InvalidInput:
    """That figures which are there already change only with a reason."""
    zh = f"有 {count} 项数据与已有的不同，请写明更改的理由。"
    figures = "figure differs" if count == 1 else "figures differ"
    return InvalidInput(zh, f"{count} {figures} from what is there already: say why they change.")


def _prepare(
    session: Session, files: Files, standards: Standards, checking: Progress | None
) -> tuple[FigurePreview, Checked]:
    read = read_figures(files, standards.catalogue, standards.catalogue.parameters)
    checked = check(session, read.figures, standards, checking)
    faults = tuple(read.faults + checked.faults)
    if faults:
        return FigurePreview(rows=read.rows, faults=faults), checked
    inputs = [one for _, one in checked.inputs]
    standing = standing_values(session, [one.key for one in inputs])
    if overruling := tuple(overruled(checked, standing, standards)):
        return FigurePreview(rows=read.rows, faults=overruling), checked
    holding = holding_values(session, standards, [one.key for one in inputs if one.key not in standing])
    return _compare(inputs, standing, holding, read.rows), checked


def overruled(checked: Checked, standing: Mapping[Key, Standing], standards: Standards) -> Iterator[Fault]:
    """What would take the place of a value that this system took over from its cases (an agreed target, a mark): no file and no
    program does that."""
    for given, one in checked.inputs:
        known = standing.get(one.key)
        if known is not None and known.source == Source.SYSTEM and known.value not in (None, one.value):
            text = counted_sentence(standards.catalogue[one.key.name])
            yield given.fault(text.zh, text.en)


def holding_values(session: Session, standards: Standards, keys: Sequence[Key]) -> dict[Key, Value]:
    """What holds for people without a value of their own in the month: their unit's, an earlier month's, what is derived.

    A template shows it; handed back as it was it is nothing new.
    """
    months: dict[str, dict[PersonId, list[Key]]] = {}
    for key in keys:
        if key.person is not None:
            months.setdefault(key.month, {}).setdefault(key.person, []).append(key)
    found: dict[Key, Value] = {}
    for month, people in months.items():
        names = {key.name for own in people.values() for key in own}
        known = measured(session, standards.organisation, people, month, names, standards.catalogue)
        texts = parameters(session, standards.organisation, people, month, names)
        for person, own in people.items():
            for key in own:
                figure = known[person].get(key.name)
                found[key] = figure.value if figure is not None else texts[person].get(key.name)
    return found


def _compare(
    inputs: Sequence[FigureInput], standing: Mapping[Key, Standing], holding: Mapping[Key, Value], rows: int
) -> FigurePreview:
    new: list[FigureChange] = []
    changed: list[FigureChange] = []
    unchanged = 0
    for one in inputs:
        known = standing.get(one.key)
        before = known.value if known is not None else holding.get(one.key)
        change = FigureChange(one.key, before, one.value, known.source if known is not None else "")
        if one.value == before:
            unchanged += 1
        elif known is None and before is None:
            new.append(change)
        else:
            # Also what takes the place of a value that holds from an earlier month, of a unit, or derived.
            changed.append(change)
    return FigurePreview(tuple(new), tuple(changed), unchanged, rows)
