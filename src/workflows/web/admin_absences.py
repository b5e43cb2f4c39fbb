"""Administration of absences: who is away, who will be, and who acts for them."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.errors import InvalidInput
from workflows.http import ADMINISTRATOR, HR, allow, visit
from workflows.org import people
from workflows.org.tables import Absence
from workflows.web.admin_people import people_tabs
from workflows.web.language import _
from workflows.web.me import absence_rows, people_options, read_person, record_absence
from workflows.web.reader import words
from workflows.web.shell import say
from workflows.web.signin import sentences

blueprint = Blueprint("admin_absences", __name__, url_prefix="/admin/absences")


@blueprint.get("")
@allow(ADMINISTRATOR, HR)
def index() -> ResponseReturnValue:
    """Who is away and will be, and who acts for them."""
    return _absences_page()


@blueprint.post("")
@allow(ADMINISTRATOR, HR)
def add() -> ResponseReturnValue:
    """Record somebody's absence for them."""
    try:
        person = read_person("person")
        record_absence(person or visit().me.id)
    except InvalidInput as error:
        visit().undo()
        return _absences_page(error), error.status
    say(_("已记下。"))
    return redirect(url_for("admin_absences.index"))


@blueprint.post("/<uuid:absence_id>/end")
@allow(ADMINISTRATOR, HR)
def end(absence_id: uuid.UUID) -> ResponseReturnValue:
    """End an absence early."""
    people.end_absence(visit().session, absence_id, words().today)
    say(_("休假已结束。"))
    return redirect(url_for("admin_absences.index"))


def _absences_page(error: InvalidInput | None = None) -> str:
    coming = select(Absence).where(Absence.last_day >= words().today).order_by(Absence.first_day, Absence.id).limit(200)
    return render_template(
        "admin/absences.html",
        tabs=people_tabs(),
        rows=absence_rows(list(visit().session.scalars(coming))),
        options=people_options(visit().organisation),
        typed=request.form,
        errors=sentences(error) if error else {},
    )
