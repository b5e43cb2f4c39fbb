"""Administration of people: who is here, what they hold, how they come in, and when they leave."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.errors import InvalidInput
from workflows.http import ADMINISTRATOR, HR, allow, visit
from workflows.org import accounts, people
from workflows.org.organisation import ADMINISTRATOR as ADMINISTRATOR_ROLE
from workflows.org.organisation import AUDITOR as AUDITOR_ROLE
from workflows.org.organisation import Member, Organisation, PersonId
from workflows.org.sessions import end_sessions, sessions_of
from workflows.org.tables import Absence
from workflows.web.components import Option, Paging, Select, Tab
from workflows.web.language import _, language
from workflows.web.me import absence_rows, read_day
from workflows.web.reader import words
from workflows.web.shell import say
from workflows.web.signin import sentences

PAGE: Final = 100

blueprint = Blueprint("admin_people", __name__, url_prefix="/admin")


def people_tabs() -> tuple[Tab, ...]:
    """The lists about people."""
    here = request.endpoint or ""
    named = (
        ("admin_people.index", _("人员")), ("admin_positions.index", _("岗位")),
        ("admin_absences.index", _("休假")), ("admin_import.index", _("导入")),
    )  # fmt: skip
    return tuple(Tab(title, url_for(endpoint), current=endpoint == here) for endpoint, title in named)


# ---- people ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list."""

    member: Member
    unit: str
    positions: str
    manager: str


@blueprint.get("/people")
@allow(ADMINISTRATOR, HR)
def index() -> ResponseReturnValue:
    """Everybody, by login; filters by unit and by who left."""
    organisation = visit().organisation
    found = _found(organisation)
    after = request.args.get("after", "")
    rest = [m for m in found if m.login > after]
    page = rest[:PAGE]
    more = len(rest) > PAGE
    kept: dict[str, Any] = {name: request.args[name] for name in ("unit", "state", "q") if request.args.get(name)}
    return render_template(
        "admin/people.html",
        tabs=people_tabs(),
        rows=[person_row(member, organisation) for member in page],
        selects=_selects(organisation),
        q=request.args.get("q", ""),
        count=len(found),
        clear=url_for("admin_people.index") if kept else "",
        paging=Paging(
            next_href=url_for("admin_people.index", after=page[-1].login, **kept) if more else "",
            next_text=_("后面 %(n)s 人", n=min(PAGE, len(rest) - PAGE)),
            first_href=url_for("admin_people.index", **kept) if after else "",
        ),
    )


@blueprint.get("/people/<uuid:person_id>")
@allow(ADMINISTRATOR, HR)
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    """One person: what they hold, who is above, when they are away, where they are signed in."""
    return _person_page(person_id)


@blueprint.post("/people")
@allow(ADMINISTRATOR)
def add() -> ResponseReturnValue:
    """Add somebody by hand; unit and positions come with an import. The temporary password is shown once."""
    form = request.form
    try:
        person, password = people.create_person(
            visit().session, form.get("login", ""), visit().now,
            name=form.get("name", "").strip() or None, email=form.get("email", "").strip() or None,
        )  # fmt: skip
    except InvalidInput as error:
        visit().undo()
        return render_template("admin/person_new.html", tabs=people_tabs(), typed=form, errors=sentences(error)), 422
    return render_template(
        "admin/person_secret.html", name=person.name, person_id=person.id, password=password, link=""
    )


@blueprint.get("/people/new")
@allow(ADMINISTRATOR)
def new() -> ResponseReturnValue:
    """The form for somebody new."""
    return render_template("admin/person_new.html", tabs=people_tabs(), typed={}, errors={})


@blueprint.post("/people/<uuid:person_id>/roles")
@allow(ADMINISTRATOR)
def set_roles(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make somebody auditor or administrator, or take it back."""
    member = visit().organisation.person(person_id)
    try:
        people.set_roles(
            visit().session, member.id, auditor="auditor" in request.form, administrator="administrator" in request.form
        )
    except InvalidInput as error:
        visit().undo()
        return _person_page(person_id, error), error.status
    say(_("已保存。"))
    return redirect(url_for("admin_people.show", person_id=person_id))


@blueprint.post("/people/<uuid:person_id>/left")
@allow(ADMINISTRATOR, HR)
def set_left(person_id: uuid.UUID) -> ResponseReturnValue:
    """Say from which day on somebody no longer works here; an empty day takes it back."""
    member = visit().organisation.person(person_id)
    try:
        day = read_day("left_on") if request.form.get("left_on") else None
    except InvalidInput as error:
        return _person_page(person_id, error), error.status
    people.mark_left(visit().session, member.id, day, words().today, visit().now)
    say(_("%(name)s 从 %(day)s 起不在职。", name=member.name, day=words().day(day)) if day else _("已改回在职。"))
    return redirect(url_for("admin_people.show", person_id=person_id))


@blueprint.post("/people/<uuid:person_id>/reset")
@allow(ADMINISTRATOR)
def reset(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link by which the person sets a new password; shown once, to be handed over."""
    member = visit().organisation.person(person_id)
    token = accounts.issue_reset(visit().session, member.id, visit().now, visit().services.account_rules)
    link = visit().services.settings.base_url + url_for("signin.reset", token=token)
    return render_template("admin/person_secret.html", name=member.name, person_id=member.id, password="", link=link)


@blueprint.post("/people/<uuid:person_id>/sign-out")
@allow(ADMINISTRATOR)
def sign_out(person_id: uuid.UUID) -> ResponseReturnValue:
    """End every sign-in of a person."""
    member = visit().organisation.person(person_id)
    number = end_sessions(visit().session, member.id, visit().now)
    say(_("%(name)s 的 %(n)s 个登录已结束。", name=member.name, n=number))
    return redirect(url_for("admin_people.show", person_id=person_id))


# ---- pieces ------------------------------------------------------------------------------------------------------


def person_row(member: Member, organisation: Organisation) -> PersonRow:
    """A person as the list shows them."""
    unit = organisation.units.get(member.unit or "")
    return PersonRow(
        member,
        unit.title(language()) if unit else "",
        _("、").join(organisation.positions[key].title(language()) for key in member.positions),
        organisation.name_of(member.manager),
    )


def _found(organisation: Organisation) -> list[Member]:
    unit, state, wanted = (request.args.get(name, "") for name in ("unit", "state", "q"))
    inside = set(organisation.members_of(unit)) if unit else None
    text = wanted.strip().casefold()
    return [
        member
        for member in sorted(organisation.people.values(), key=lambda m: m.login)
        if member.active == (state != "left")
        and (inside is None or member.id in inside or member.unit == unit)
        and (not text or text in f"{member.name} {member.login} {member.email or ''}".casefold())
    ]


def _selects(organisation: Organisation) -> tuple[Select, ...]:
    units = tuple(Option(unit.key, unit.title(language())) for unit in organisation.units.values())
    states = (Option("", _("在职")), Option("left", _("已离职")))
    return (
        Select("unit", _("部门"), (Option("", _("全部部门")), *units), request.args.get("unit", "")),
        Select("state", _("在职与否"), states, request.args.get("state", "")),
    )


def _person_page(person_id: PersonId, error: InvalidInput | None = None) -> str:
    organisation, said = visit().organisation, words()
    member = organisation.person(person_id)
    mine = select(Absence).where(Absence.person_id == member.id).order_by(Absence.first_day.desc()).limit(20)
    return render_template(
        "admin/person.html",
        member=member,
        row=person_row(member, organisation),
        chain=[organisation.name_of(person) for person in organisation.managers_of(member.id)],
        reports=[organisation.people[person] for person in organisation.reports_of(member.id)],
        units=[organisation.units[key].title(language()) for key in member.units if key in organisation.units],
        appraised=organisation.positions[member.appraised_position].title(language())
        if member.appraised_position
        else "",
        absences=absence_rows(list(visit().session.scalars(mine))),
        sessions=[said.moment(s.last_seen_at) for s in sessions_of(visit().session, member.id, visit().now)],
        left=said.day(member.left_on) if member.left_on else "",
        joined=said.day(member.joined_on) if member.joined_on else "",
        is_auditor=AUDITOR_ROLE in member.roles,
        is_administrator=ADMINISTRATOR_ROLE in member.roles,
        errors=sentences(error) if error else {},
        problem=error.text(language()) if error else "",
    )
