"""What somebody typed and has not handed in: kept by place (`task:<id>`, `start:<process>`, or a path), one per person.

A draft is what the form carried, by field name: a text, a list of texts, or rows of a table. It is saved by 存草稿, by
`draft.js` three seconds after the last key, and when a sign-in ran out in the middle of a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from workflows.engine import keeping
from workflows.errors import InvalidInput
from workflows.http import SIGNED_IN, allow, visit
from workflows.org.organisation import PersonId
from workflows.web.language import _
from workflows.web.lines_typed import is_of_lines, read_lines
from workflows.web.reader import words

LONGEST_PLACE: Final = 120
MOST_NAMES: Final = 2000
COMMENT: Final = "_comment"
"""The words beside a decision."""

blueprint = Blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What was typed at a place, and when it was saved."""

    typed: Mapping[str, Any]
    saved_at: datetime


def is_of_page(name: str) -> bool:
    """Whether an input belongs to the page and not to the person: `_key`, `_action`, … No field of a process begins so."""
    return name == "csrf_token" or "password" in name or (name.startswith("_") and name != COMMENT)


def typed_of_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """Everything a form carried that a person typed: texts, lists of texts, and `items.0.title` as rows."""
    typed: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for name in list(form)[:MOST_NAMES]:
        if is_of_page(name):
            continue
        table, _dot, rest = name.partition(".")
        number, _dot, column = rest.partition(".")
        if is_of_lines(name):
            typed[table] = typed.get(table) or read_lines(table, form)
        elif column and number.isdecimal():
            rows.setdefault(table, {}).setdefault(int(number), {})[column] = form[name]
        else:
            values = form.getlist(name)
            typed[name] = values[0] if len(values) == 1 else values
    return typed | {table: [lines[at] for at in sorted(lines)] for table, lines in rows.items()}


def save_draft(session: Session, person: PersonId, place: str, typed: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed, in place of what was kept there before. Raises `InvalidInput` for a place that cannot be one."""
    if not place or len(place) > LONGEST_PLACE:
        raise InvalidInput("草稿没有存：这个表单没有名字。", "The draft was not saved: this form has no name.")
    keeping.save_draft(session, person, place, typed, now)


def load_draft(session: Session, person: PersonId, place: str) -> SavedDraft | None:
    """What is kept at a place, or None."""
    found = keeping.draft(session, person, place)
    return SavedDraft(*found) if found else None


def drop_draft(session: Session, person: PersonId, place: str) -> None:
    """Forget what is kept at a place: it was handed in."""
    keeping.drop_draft(session, person, place)


@blueprint.post("/drafts")
@allow(SIGNED_IN)
def save() -> ResponseReturnValue:
    """Save what `draft.js` sends; `_place` says where. Answers {said: 10:21 已自动存草稿}."""
    here = visit()
    save_draft(here.session, here.me.id, request.form.get("_place", ""), typed_of_form(request.form), here.now)
    return jsonify(said=_("%(time)s 已自动存草稿", time=words().clock(here.now)))
