"""What the HTTP doors share: one transaction per request, who is asking, what time it is, and who may call what.

A view declares who may call it with `@allow(...)`; without a declaration it is never called (`refuse_undeclared`). The
declaration also opens the transaction: GET reads one snapshot, an unsafe method runs in a write transaction that is
tried again where the database asks for it. Returning commits, raising rolls back, and so does an answer of 400 and above
(unless the view `keep`s it: failed sign-ins are counted).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, Final, ParamSpec

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.engine.scene import Scene
from workflows.errors import NotAllowed, WorkflowsError
from workflows.org.calendar import Calendar
from workflows.org.organisation import ADMINISTRATOR as ORG_ADMINISTRATOR
from workflows.org.organisation import AUDITOR as ORG_AUDITOR
from workflows.org.organisation import Member, Organisation, PersonId
from workflows.org.rules import AccountRules
from workflows.org.sessions import SignedIn, session_of, touch
from workflows.settings import Settings

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

ANYONE: Final = "anyone"
"""No sign-in needed."""
SIGNED_IN: Final = "signed_in"
EMPLOYEE: Final = "employee"
"""Everyone who works in cases: all but those who only audit."""
MANAGER: Final = "manager"
HR: Final = "hr"
AUDITOR: Final = ORG_AUDITOR
ADMINISTRATOR: Final = ORG_ADMINISTRATOR
HR_UNIT: Final = "human_resources"

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
EXTENSION: Final = "workflows"


class NotSignedIn(WorkflowsError):
    """Nobody is signed in, or the sign-in is over."""

    status = 401
    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("登录已过期，请重新登录。", "You are not signed in, or your sign-in is over.")


class PasswordDue(WorkflowsError):
    """The password was given by somebody else and must be changed before anything else."""

    status = 403
    code = "password_due"

    def __init__(self) -> None:
        super().__init__("请先换成你自己的密码。", "Please choose a password of your own first.")


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the process, handed to the doors in one place (`app.create_app`).

    `clock` gives the present aware UTC time; doors read it once per request. `rooms` holds what doors ask for by name:
    the engine as well.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    engine: Engine
    account_rules: AccountRules
    rooms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. `roles` are the words of `allow`; `signed_in` is the session with the person's own settings."""

    signed_in: SignedIn
    member: Member
    roles: frozenset[str]

    @property
    def id(self) -> PersonId:
        """The person's id."""
        return self.member.id

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The session's id, never the person's: ending the session ends it everywhere."""
        return str(self.signed_in.session_id)


class Visit:
    """One try to answer one request: its time, its transaction, and what was read in it."""

    def __init__(self, services: Services, session: Session, now: datetime) -> None:
        self.services = services
        self.session = session
        self.now = now

    @cached_property
    def scene(self) -> Scene:
        """Who works here, the calendar and what is published, as of this transaction."""
        return self.services.engine.scene(self.session, self.now)

    @property
    def organisation(self) -> Organisation:
        """The organisation as of this transaction."""
        return self.scene.organisation

    @property
    def calendar(self) -> Calendar:
        """The company's calendar as of this transaction."""
        return self.scene.calendar

    @cached_property
    def actor(self) -> Actor | None:
        """Who holds the cookie's session, with the rights of this moment."""
        signed_in = session_of(self.session, session_token(), self.now, self.services.account_rules)
        return actor_of(signed_in, self.organisation) if signed_in else None

    @property
    def me(self) -> Actor:
        """The actor of a view that needs one. Raises `NotSignedIn`."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor

    def undo(self) -> None:
        """Take back what this transaction wrote, to show the form again on what is stored."""
        self.session.rollback()


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a view (any of `roles`).

    `keep`: its writes stay when it answers with an error. `always`: open even to somebody who must change their password first.
    """

    roles: frozenset[str]
    keep: bool = False
    always: bool = False


# ---- for views ---------------------------------------------------------------------------------------------------


def services(app: Flask | None = None) -> Services:
    """The long-lived parts of this application."""
    found: Services = (app or current_app).extensions[EXTENSION]
    return found


def visit() -> Visit:
    """This request's visit; only inside a view declared with `allow` (or an error page)."""
    current: Visit = g.visit
    return current


def now() -> datetime:
    """The time of this request, read from the clock once."""
    if "now" not in g:
        g.now = services().clock()
    moment: datetime = g.now
    return moment


def allow(*roles: str, keep: bool = False, always: bool = False) -> Callable[[View[P]], View[P]]:
    """Declare who may call a view: any of these roles. Put it directly above the function, below the route.

    `keep` and `always` as in `Rule`.
    """

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return in_transaction(lambda: _permitted(rule, view, *args, **kwargs), rule.keep)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    rule = Rule(frozenset(roles), keep, always)
    return declare


def declare(app: Flask, endpoint: str, *roles: str) -> None:
    """Declare the rule of a view that is not ours (static files of a library); it opens no transaction."""
    view = app.view_functions[endpoint]

    @wraps(view)
    def declared(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    declared.rule = Rule(frozenset(roles))  # type: ignore[attr-defined]
    app.view_functions[endpoint] = declared


def rule_of(app: Flask, endpoint: str, method: str = "GET") -> Rule | None:
    """The rule of an endpoint, of a method view's method where it is one; None when nothing was declared."""
    view = app.view_functions.get(endpoint)
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        view = getattr(view_class, method.lower(), None)
    return getattr(view, "rule", None)


def refuse_undeclared() -> None:
    """Before every request: an endpoint that declares nothing is closed."""
    if request.endpoint and rule_of(current_app, request.endpoint, request.method) is None:
        raise NotAllowed("这个地址没有开放。", "This address is not open to anybody.")


# ---- transactions ------------------------------------------------------------------------------------------------


def in_transaction(answer: Callable[[], ResponseReturnValue], keep: bool = False, safe: bool | None = None) -> Response:
    """Answer inside a transaction of its own; the visit stands in `g` while it lasts.

    `safe` True reads, False writes, None goes by the request's method.
    """
    held = services()

    def reading(session: Session) -> Response:
        g.visit = Visit(held, session, now())
        return make_response(answer())

    def writing(session: Session) -> Response:
        response = reading(session)
        if response.status_code >= 400 and not keep:
            session.rollback()
        return response

    try:
        if safe if safe is not None else request.method in SAFE:
            with held.database.read() as session:
                response = reading(session)
        else:
            response = held.database.transact(writing)
        _touch_session()
        return response
    finally:
        g.pop("visit", None)
        # Flask-Login remembers whom it found; the next transaction asks again.
        g.pop("_login_user", None)


def _permitted(rule: Rule, view: View[P], *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
    if ANYONE not in rule.roles:
        if rule.roles.isdisjoint(visit().me.roles):
            raise NotAllowed(*_who_may(rule.roles))
        if visit().me.signed_in.must_change_password and not rule.always:
            raise PasswordDue
    return view(*args, **kwargs)


def _who_may(roles: frozenset[str]) -> tuple[str, str]:
    zh = {HR: "人力资源部", AUDITOR: "审计", ADMINISTRATOR: "系统管理员", MANAGER: "主管", EMPLOYEE: "办事的员工"}
    en = {HR: "human resources", AUDITOR: "auditors", ADMINISTRATOR: "administrators", MANAGER: "managers"}
    named = [role for role in zh if role in roles]
    return (
        f"这里只对{'、'.join(zh[role] for role in named)}开放。",
        f"Only {' and '.join(en.get(role, 'employees') for role in named)} may do this.",
    )


def _touch_session() -> None:
    """A used session stays alive: written at most once a minute, in a transaction of its own, so that a GET stays a read."""
    current: Visit = g.visit
    actor = current.__dict__.get("actor")
    if actor is None or not actor.signed_in.touch_due:
        return
    with current.services.database.write() as session:
        touch(session, actor.signed_in.session_id, current.now)


# ---- who ---------------------------------------------------------------------------------------------------------


def session_token() -> str | None:
    """The sign-in ticket this request carries."""
    return request.cookies.get(current_app.config["WORKFLOWS_TICKET"])


def actor_of(signed_in: SignedIn, organisation: Organisation) -> Actor:
    """The person with every role they have at this moment."""
    member = organisation.person(signed_in.person_id)
    roles = {SIGNED_IN, *member.roles}
    if HR_UNIT in organisation.units_of(member.id):
        roles.add(HR)
    if organisation.reports_of(member.id):
        roles.add(MANAGER)
    if member.positions or AUDITOR not in roles:
        roles.add(EMPLOYEE)
    return Actor(signed_in, member, frozenset(roles))
