"""公示: name, position and total of the department's results within the window, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from workflows.appraisal.results.views.public import PublicRow
from workflows.http import SIGNED_IN, allow, visit
from workflows.web.appraised import appraisal, tabs
from workflows.web.language import language
from workflows.web.numbers import number
from workflows.web.reader import words

MOST_ROWS: Final = 300
"""So many people stand on one page; the others are found by name."""

blueprint = Blueprint("public", __name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """One month on public view. `rows`: name, position, total; `rest`: how many more there are; `until`: the last moment in words; `notice`: what
    human resources say to it."""

    month: str
    until: str
    people: int
    rows: tuple[tuple[str, str, str], ...]
    rest: int
    notice: str = ""


@blueprint.get("/results")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """What is on public view now, a section a month; `q` finds people by name."""
    here = visit()
    sought = request.args.get("q", "").strip()
    shown = appraisal().public_list(here.session, here.me.id, here.now)
    months = dict.fromkeys(row.period for row in shown)
    return render_template(
        "public/index.html",
        posted=tuple(_posted([row for row in shown if row.period == month], month, sought) for month in months),
        most=MOST_ROWS,
        q=sought,
        tabs=tabs("public.index"),
    )


def _posted(rows: Sequence[PublicRow], month: str, sought: str) -> Posted:
    found = [row for row in rows if sought.casefold() in row.name.casefold()]
    drawn = tuple((row.name, row.position.text(language()), number(row.total, 2)) for row in found[:MOST_ROWS])
    said, last = words(), max(row.until for row in rows)
    until = f"{said.day_and_weekday(said.local(last).date())} {said.clock(last)}"
    return Posted(said.period("month", month), until, len(rows), drawn, len(found) - len(drawn), rows[0].notice)
