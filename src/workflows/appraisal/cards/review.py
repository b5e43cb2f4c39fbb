"""Scorecards that a review of indicators changes: files are checked when they are handed in, and published when it is decided."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.publishing import check_cards, publish_cards, text_of
from workflows.appraisal.cards.surroundings import Surroundings
from workflows.definition.model import Field
from workflows.definition.periods import containing
from workflows.document.problems import DefinitionErrors
from workflows.engine.scene import FillRequest, RecordRequest
from workflows.engine.tables import Blob, File
from workflows.errors import InvalidInput, Text


def check_scorecards(around: Surroundings, session: Session, request: FillRequest) -> dict[str, Any]:
    """The source `scorecards`: looks at the attached files and the month they are to hold from, and fills nothing in.

    Raises `InvalidInput` with file, line and nearest name of everything that is wrong in them.
    """
    handed_in = request.handed_in or {}
    wrong: dict[str, list[Text]] = {}
    today = around.calendars.get(session).day_of(request.now)
    for name in _named("files", request.fields):
        if handed_in.get(name):
            wrong |= _wrong_files(session, name, handed_in[name])
    for name in _named("month", request.fields):
        if handed_in.get(name):
            wrong |= _too_early(name, str(handed_in[name]), today)
    if wrong:
        raise InvalidInput(fields=wrong)
    return {}


def publish_scorecards(around: Surroundings, session: Session, request: RecordRequest) -> None:
    """The recorder `scorecards`: the attached files become versions that hold from the month the review names, at the earliest the next.

    Raises `DefinitionErrors` where they no longer fit what has been published meanwhile; the step is taken back then.
    """
    texts = {
        name: text
        for field in _named("files", request.fields)
        for name, text in _texts(session, request.data.get(field) or ()).items()
    }
    months = [str(request.data[name]) for name in _named("month", request.fields) if request.data.get(name)]
    today = around.calendars.get(session).day_of(request.now)
    publish_cards(
        session, texts, request.process, today, request.now, holds_from=max(months, default=None), case=request.case
    )


def _wrong_files(session: Session, name: str, ids: Sequence[str]) -> dict[str, list[Text]]:
    try:
        texts = _texts(session, ids)
        if len(texts) < len(set(ids)):
            return {
                name: [Text("两个文件同名，每个评分表只能交一份。", "Two files have one name: one file for each card.")]
            }
        check_cards(session, texts, "")
    except DefinitionErrors as errors:
        return {
            name: [
                Text(f"{one.place.lstrip('/')}：{one.zh}", f"{one.place.lstrip('/')}: {one.en}")
                for one in errors.errors
            ]
        }
    return {}


def _too_early(name: str, month: str, today: date) -> dict[str, list[Text]]:
    following = str(containing(today, "month").next)
    if month >= following:
        return {}
    sentence = Text(
        f"最早从 {following} 起生效：已经开始的月份不能改评分表。",
        f"From {following} at the earliest: a month that has begun keeps its scorecards.",
    )
    return {name: [sentence]}


def _texts(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The texts of uploaded files by their names. Raises `DefinitionErrors` where one is no text."""
    chosen = select(File.name, Blob.content).join(Blob, Blob.digest == File.digest)
    rows = session.execute(chosen.where(File.id.in_([uuid.UUID(one) for one in ids])))
    return {name: text_of(content, name) for name, content in rows}


def _named(kind: str, fields: Mapping[str, Field]) -> list[str]:
    return [name for name, field in fields.items() if field.type == kind]
