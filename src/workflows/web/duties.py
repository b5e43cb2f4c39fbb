"""我的职责: what the reader's positions are there for, today, from a day to come, and before (D三)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from workflows.http import EMPLOYEE, allow, visit
from workflows.org.people import duties_of_all
from workflows.org.tables import DutyVersion
from workflows.web.language import language
from workflows.web.reader import words

blueprint = Blueprint("duties", __name__)


@dataclass(frozen=True, slots=True)
class Version:
    """A text and the day from which it holds."""

    since: str
    text: str


@dataclass(frozen=True, slots=True)
class PositionDuties:
    """A position of the reader: what holds today (None before the first), what is to come, what held before; newest first."""

    title: str
    now: Version | None
    ahead: tuple[Version, ...]
    before: tuple[Version, ...]


@blueprint.get("/duties")
@allow(EMPLOYEE)
def index() -> ResponseReturnValue:
    """Every position the reader holds."""
    here = visit()
    mine = here.me.member.positions
    texts = duties_of_all(here.session, mine)
    return render_template("me/duties.html", positions=[_duties(key, texts[key], words().today) for key in mine])


def _duties(position: str, versions: Sequence[DutyVersion], today: date) -> PositionDuties:
    """`versions`: newest first."""
    held = [_version(one) for one in versions if one.valid_from <= today]
    return PositionDuties(
        visit().organisation.positions[position].title(language()),
        held[0] if held else None,
        tuple(_version(one) for one in versions if one.valid_from > today),
        tuple(held[1:]),
    )


def _version(one: DutyVersion) -> Version:
    return Version(words().day(one.valid_from), one.text)
