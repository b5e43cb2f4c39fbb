"""What a person can start, and the form for it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.definition.model import Field, Way
from workflows.engine import keeping, starting
from workflows.engine.company import Company
from workflows.engine.data import default
from workflows.engine.definitions import Published
from workflows.engine.record import Record
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Draft
from workflows.engine.views.ahead import next_steps
from workflows.engine.views.pages import FormField, StartEntry, StartForm, StartPage

PersonId = uuid.UUID
OFTEN = timedelta(days=90)


def start_page(company: Company, session: Session, person: PersonId, now: datetime) -> StartPage:
    """What the person may start, those often started first; and what starts by itself."""
    scene = company.scene(session, now)
    counted = select(Case.process, func.count()).where(Case.starter_id == person, Case.started_at >= now - OFTEN)
    often = {row[0]: row[1] for row in session.execute(counted.group_by(Case.process))}
    places = select(Draft.place, Draft.saved_at).where(Draft.person_id == person, Draft.place.startswith("start:"))
    drafts = {place.removeprefix("start:"): at for place, at in session.execute(places)}
    mine = [p.process for p in scene.newest.values() if starting.may_start(scene, p.process, person)]
    entries = [StartEntry(process, often.get(process.key, 0), drafts.get(process.key)) for process in mine]
    by_itself = tuple(p.process for p in scene.newest.values() if not p.process.start.by)
    return StartPage(tuple(sorted(entries, key=lambda entry: (-entry.often, entry.process.key))), by_itself)


def start_form(company: Company, session: Session, person: PersonId, process: str, now: datetime) -> StartForm:
    """The form of one process, with the person's draft. Raises `NotFound`, `NotAllowed`."""
    scene = company.scene(session, now)
    published = starting.newest(scene, process)
    starting.permit_start(scene, published.process, person)
    kept = keeping.draft(session, person, f"start:{process}")
    fields = tuple(_field(published.process.fields[name], person, scene) for name in published.process.start.form)
    then = next_steps(_unborn(session, scene, published, person), (Way(published.process.start.to),))
    return StartForm(published.process, fields, kept[0] if kept else None, kept[1] if kept else None, then)


def _unborn(session: Session, scene: Scene, published: Published, person: PersonId) -> Running:
    return starting.unborn(session, scene, Record(), published, {}, starter=person)


def _field(field: Field, person: PersonId, scene: Scene) -> FormField:
    return FormField(field, default(field, scene.calendar, person, scene.now), True, field.required)
