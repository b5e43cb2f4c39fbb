"""Administration of positions: who holds them, and their duties in every version (D三)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from workflows.errors import NotFound
from workflows.http import ADMINISTRATOR, HR, allow, visit
from workflows.org import people
from workflows.web.admin_people import people_tabs
from workflows.web.reader import words

blueprint = Blueprint("admin_positions", __name__, url_prefix="/admin/positions")


@blueprint.get("")
@allow(ADMINISTRATOR, HR)
def index() -> ResponseReturnValue:
    """Positions with their holders."""
    organisation = visit().organisation
    rows = [
        (position, [organisation.people[person] for person in organisation.holders_of(position.key)])
        for position in organisation.positions.values()
    ]
    return render_template("admin/positions.html", tabs=people_tabs(), rows=rows)


@blueprint.get("/<key>")
@allow(ADMINISTRATOR, HR)
def show(key: str) -> ResponseReturnValue:
    """One position: holders, and its duties in every version."""
    organisation = visit().organisation
    found = organisation.positions.get(key)
    if found is None:
        raise NotFound("没有这个岗位。", "There is no such position.")
    said = words()
    duties = [(said.day(version.valid_from), version.text) for version in people.duties_of(visit().session, key)]
    holders = [organisation.people[person] for person in organisation.holders_of(key)]
    return render_template("admin/position.html", position=found, duties=duties, holders=holders)
