"""What belongs to the reader: language and look, password, sign-ins on other devices, absences and who acts meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.errors import InvalidInput, NotFound, Text
from workflows.http import SIGNED_IN, allow, visit
from workflows.org import accounts, people
from workflows.org.organisation import Organisation, PersonId
from workflows.org.sessions import end_session, end_sessions, sessions_of
from workflows.org.tables import Absence
from workflows.web.components import Option
from workflows.web.devices import device_of
from workflows.web.language import _, language, mark
from workflows.web.reader import own_path, words
from workflows.web.shell import say
from workflows.web.signin import same_twice, sentences

LANGUAGES: Final[Mapping[str, Literal["zh", "en"]]] = {"zh": "zh", "en": "en"}
THEMES: Final[Mapping[str, Literal["light", "dark", "auto"]]] = {"auto": "auto", "light": "light", "dark": "dark"}
DENSITIES: Final[Mapping[str, Literal["comfortable", "compact"]]] = {"comfortable": "comfortable", "compact": "compact"}

blueprint = Blueprint("me", __name__, url_prefix="/me")


# ---- settings ----------------------------------------------------------------------------------------------------


@blueprint.get("/settings")
@allow(SIGNED_IN)
def settings() -> ResponseReturnValue:
    """Language, light or dark, density, shortcuts."""
    return render_template("me/settings.html", mine=visit().me.signed_in)


@blueprint.post("/settings")
@allow(SIGNED_IN)
def save_settings() -> ResponseReturnValue:
    """Keep the choices; anything that is no choice is left as it was."""
    form = request.form
    people.set_personal(
        visit().session,
        visit().me.id,
        language=LANGUAGES.get(form.get("language", "")),
        theme=THEMES.get(form.get("theme", "")),
        density=DENSITIES.get(form.get("density", "")),
        shortcuts="shortcuts" in form,
    )
    say(mark("已保存。"))
    return redirect(url_for("me.settings"))


@blueprint.post("/language")
@allow(SIGNED_IN, always=True)
def change_language() -> ResponseReturnValue:
    """The link in the rail: the other language, and back to the page."""
    people.set_personal(visit().session, visit().me.id, language=LANGUAGES.get(request.form.get("language", "")))
    return redirect(own_path(request.form.get("next")) or url_for("shell.home"))


# ---- password ----------------------------------------------------------------------------------------------------


@blueprint.get("/password")
@allow(SIGNED_IN, always=True)
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return render_template("me/password.html", errors={}, due=visit().me.signed_in.must_change_password)


@blueprint.post("/password")
@allow(SIGNED_IN, always=True, keep=True)
def change_password() -> ResponseReturnValue:
    """Change it: the present one is asked first, every other sign-in ends. Wrong tries count, so they are committed."""
    here, form = visit(), request.form
    proof = accounts.prove(here.session, here.me.id, form.get("present", ""), here.now, request.remote_addr or "")
    if proof.refusal:
        return _password_page({"present": [proof.refusal.text(language())]}), 429 if proof.retry_at else 422
    try:
        same_twice()
        accounts.set_password(
            here.session, here.me.id, form.get("password", ""), here.now,
            keep_session=here.me.signed_in.session_id, rules=here.services.account_rules,
        )  # fmt: skip
    except InvalidInput as error:
        return _password_page(sentences(error)), error.status
    say(_("密码已改，其他设备上的登录都已结束。"))
    return redirect(url_for("shell.more"))


def _password_page(errors: dict[str, list[str]]) -> str:
    return render_template("me/password.html", errors=errors, due=visit().me.signed_in.must_change_password)


# ---- sign-ins ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One sign-in as its owner recognises it."""

    id: uuid.UUID
    device: str
    address: str
    since: str
    used: str
    this: bool


@blueprint.get("/sessions")
@allow(SIGNED_IN)
def sessions() -> ResponseReturnValue:
    """Where I am signed in."""
    here, said = visit(), words()
    rows = [
        SessionRow(s.id, device_of(s.user_agent), s.address, said.moment(s.created_at), said.moment(s.last_seen_at),
                   s.id == here.me.signed_in.session_id)
        for s in sessions_of(here.session, here.me.id, here.now)
    ]  # fmt: skip
    return render_template("me/sessions.html", rows=rows)


@blueprint.post("/sessions/<uuid:session_id>/end")
@allow(SIGNED_IN)
def end_one(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of my sign-ins."""
    end_session(visit().session, session_id, visit().now, owner=visit().me.id)
    say(_("已退出那台设备。"))
    return redirect(url_for("me.sessions"))


@blueprint.post("/sessions/end-others")
@allow(SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """End all my sign-ins but this one."""
    end_sessions(visit().session, visit().me.id, visit().now, keep=visit().me.signed_in.session_id)
    say(_("其他设备都已退出。"))
    return redirect(url_for("me.sessions"))


# ---- absences ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence in words. `over`: it lies in the past and can no longer be changed."""

    id: uuid.UUID
    person: str
    days: str
    deputy: str
    reason: str
    over: bool


@blueprint.get("/absences")
@allow(SIGNED_IN)
def absences() -> ResponseReturnValue:
    """When I am away, and who acts for me."""
    return _absences_page()


@blueprint.post("/absences")
@allow(SIGNED_IN)
def add_absence() -> ResponseReturnValue:
    """Say when I am away."""
    try:
        record_absence(visit().me.id)
    except InvalidInput as error:
        visit().undo()
        return _absences_page(error), error.status
    say(_("已记下。"))
    return redirect(url_for("me.absences"))


@blueprint.post("/absences/<uuid:absence_id>/end")
@allow(SIGNED_IN)
def end_absence(absence_id: uuid.UUID) -> ResponseReturnValue:
    """I am back, or not going."""
    absence = visit().session.get(Absence, absence_id)
    if absence is None or absence.person_id != visit().me.id:
        raise NotFound("没有这个休假。", "There is no such absence.")
    people.end_absence(visit().session, absence_id, words().today)
    say(_("休假已结束，待办从现在起都到你这里。"))
    return redirect(url_for("me.absences"))


def record_absence(person: PersonId) -> None:
    """Record the absence that the form describes. Raises `InvalidInput`."""
    form = request.form
    first, last = read_day("first_day"), read_day("last_day")
    deputy = read_person("deputy", required=False)
    people.add_absence(
        visit().session,
        person,
        first,
        last,
        visit().now,
        deputy_id=deputy,
        reason=form.get("reason", "").strip()[:200] or None,
    )


def read_day(name: str) -> date:
    """A date from the form. Raises `InvalidInput` naming the field."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        raise InvalidInput(fields={name: [Text("请选一个日期。", "Please choose a date.")]}) from None


def read_person(name: str, required: bool = True) -> PersonId | None:
    """An active person from the form, or None where none was chosen and none is needed. Raises `InvalidInput`."""
    chosen = request.form.get(name, "").strip()
    if not chosen and not required:
        return None
    try:
        person = visit().organisation.people.get(uuid.UUID(chosen))
    except ValueError:
        person = None
    if person is None or not person.active:
        raise InvalidInput(fields={name: [Text("请选一个在职的人。", "Please choose somebody who works here.")]})
    return person.id


def people_options(organisation: Organisation, without: PersonId | None = None) -> tuple[Option, ...]:
    """Everybody who works here, grouped by unit, to choose from."""
    members = [organisation.people[person] for person in organisation.active if person != without]
    named = {unit.key: unit.title(language()) for unit in organisation.units.values()}
    options = [Option(str(m.id), m.name, named.get(m.unit or "", "")) for m in members]
    return tuple(sorted(options, key=lambda option: (option.group, option.title)))


def absence_rows(absences_found: list[Absence]) -> list[AbsenceRow]:
    """Absences as the pages list them."""
    said, organisation = words(), visit().organisation
    return [
        AbsenceRow(
            a.id, organisation.name_of(a.person_id), said.days(a.first_day, a.last_day), organisation.name_of(a.deputy_id),
            a.reason or "", a.last_day < said.today,
        )
        for a in absences_found
    ]  # fmt: skip


def _absences_page(error: InvalidInput | None = None) -> str:
    mine = select(Absence).where(Absence.person_id == visit().me.id).order_by(Absence.first_day.desc()).limit(50)
    return render_template(
        "me/absences.html",
        rows=absence_rows(list(visit().session.scalars(mine))),
        options=(Option("", _("没有代办人")), *people_options(visit().organisation, visit().me.id)),
        typed=request.form,
        errors=sentences(error) if error else {},
    )
