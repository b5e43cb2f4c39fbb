"""Scorecards are published: the first version of each holds from the beginning, a changed one from the next month.

Files are known by their names (`figures.yaml`, `grades.yaml`, `POSITION.yaml`). What is handed in is read strictly together with
what holds already, and nothing is written unless all of it can be read.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import FIGURES, FROM_THE_BEGINNING, SHARED
from workflows.appraisal.cards.tables import ScorecardVersion
from workflows.db import new_id
from workflows.definition.load import SCORECARDS
from workflows.definition.periods import containing
from workflows.document.problems import DefinitionErrors
from workflows.errors import DefinitionError
from workflows.org.versions import bump
from workflows.scoring.catalogue import Catalogue
from workflows.scoring.load import load_card, read_scorecards

PersonId = uuid.UUID
Texts = Mapping[str, str]
"""File name → text, as handed in."""

SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class CardPublication:
    """What publishing did with one file. `new` False: the newest version already reads so. `valid_from`: its first month."""

    key: str
    version: int
    new: bool
    valid_from: str


def texts_of(files: Iterable[Path]) -> dict[str, str]:
    """The files by their names. Raises `DefinitionErrors` where one cannot be read."""
    return {file.name: text_of(file.read_bytes(), str(file)) for file in files}


def text_of(content: bytes, file: str) -> str:
    """The text of a file. Raises `DefinitionErrors` where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DefinitionErrors(
            [DefinitionError("文件不是 UTF-8 编码。", "The file is not UTF-8.", file=file)]
        ) from None


def publish_cards(
    session: Session,
    given: Texts,
    folder: str,
    today: date,
    now: datetime,
    *,
    actor: PersonId | None = None,
    holds_from: str | None = None,
    case: uuid.UUID | None = None,
) -> list[CardPublication]:
    """Write every file whose text is new as a further version.

    `folder`: put before the names in errors; `today`: the company's day, a changed card holds from the month after it, or a later one,
    `holds_from`; `case`: the review that decided. Raises `DefinitionErrors` with file, line and nearest name for everything that is wrong.
    """
    check_cards(session, given, folder)
    newest = _newest(session)
    following = max(str(containing(today, "month").next), holds_from or "")
    done = [_publication(key, text, newest.get(key), following) for key, text in _by_key(given).items()]
    rows = [
        {
            "id": new_id(), "key": one.key, "version": one.version, "valid_from": one.valid_from, "file": f"{one.key}{SUFFIX}",
            "digest": _digest(given[f"{one.key}{SUFFIX}"]), "text": given[f"{one.key}{SUFFIX}"], "published_at": now,
            "published_by": actor, "case_id": case,
        }
        for one in done if one.new
    ]  # fmt: skip
    if rows:
        session.execute(insert(ScorecardVersion), rows)
        bump(session, SCORECARDS)
    return done


def check_cards(session: Session, given: Texts, folder: str) -> None:
    """Whether these files and the published ones they do not replace make a whole; nothing is written.

    Raises `DefinitionErrors` over all of them, also where a new catalogue loses a figure that an earlier version of a card rests on.
    """
    _refuse_names(given, folder)
    read = read_scorecards({**_published(session), **given}, folder)
    if f"{FIGURES}{SUFFIX}" in given:
        _refuse_loss(session, read.figures, f"{folder}/{FIGURES}{SUFFIX}")


def _refuse_names(given: Texts, folder: str) -> None:
    wrong = [name for name in given if not name.endswith(SUFFIX)]
    if wrong or not given:
        raise DefinitionErrors(
            [
                DefinitionError(
                    f"评分表文件名应是 岗位键{SUFFIX}、figures{SUFFIX} 或 grades{SUFFIX}。",
                    f"A scorecard's file is called POSITION{SUFFIX}, figures{SUFFIX} or grades{SUFFIX}.",
                    file=f"{folder}/{name}" if name else folder,
                )
                for name in wrong or [""]
            ]
        )


def _published(session: Session) -> dict[str, str]:
    """The newest text of everything published, by file name."""
    latest = (
        select(ScorecardVersion.key, func.max(ScorecardVersion.version).label("version"))
        .group_by(ScorecardVersion.key)
        .subquery()
    )
    joined = (ScorecardVersion.key == latest.c.key) & (ScorecardVersion.version == latest.c.version)
    rows = session.execute(select(ScorecardVersion.key, ScorecardVersion.text).join(latest, joined))
    return {f"{key}{SUFFIX}": text for key, text in rows}


def _refuse_loss(session: Session, catalogue: Catalogue, file: str) -> None:
    """Every version of every card can still be read with the new catalogue: results rest on them."""
    chosen = select(ScorecardVersion.key, ScorecardVersion.version, ScorecardVersion.text)
    errors: list[DefinitionError] = []
    for row in session.execute(chosen.where(ScorecardVersion.key.not_in(sorted(SHARED)))):
        try:
            load_card(row.text, file, catalogue)
        except DefinitionErrors as lost:
            errors += [
                DefinitionError(
                    f"评分表 {row.key} 第 {row.version} 版要用：{one.zh}不再使用的指标值请写 retired: true，不要删。",
                    f"Version {row.version} of the card {row.key} needs it: {one.en} Say `retired: true` of a figure instead of removing it.",
                    file=file,
                    nearest=one.nearest,
                )
                for one in lost.errors
            ]
    if errors:
        raise DefinitionErrors(errors)


def _newest(session: Session) -> dict[str, tuple[int, str, str]]:
    rows = select(
        ScorecardVersion.key, ScorecardVersion.version, ScorecardVersion.digest, ScorecardVersion.valid_from
    ).order_by(ScorecardVersion.version)
    return {key: (version, digest, since) for key, version, digest, since in session.execute(rows)}


def _publication(key: str, text: str, newest: tuple[int, str, str] | None, following: str) -> CardPublication:
    if newest is None:
        return CardPublication(key, 1, True, FROM_THE_BEGINNING)
    version, known, since = newest
    if known == _digest(text):
        return CardPublication(key, version, False, since)
    return CardPublication(key, version + 1, True, following)


def _by_key(given: Texts) -> dict[str, str]:
    return {name.removesuffix(SUFFIX): text for name, text in sorted(given.items())}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
