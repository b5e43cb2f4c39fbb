"""The house around every page: rail, tabs, notices, who I am and how I like it (screens.md §2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import func, select

from workflows.engine.tables import Incident
from workflows.http import (
    ADMINISTRATOR,
    ANYONE,
    AUDITOR,
    EMPLOYEE,
    HR,
    MANAGER,
    SIGNED_IN,
    Actor,
    allow,
    services,
    visit,
)
from workflows.web.counts import in_hand
from workflows.web.language import _, language, mark
from workflows.web.reader import words

MOST_LINKS: Final = 8
_NOTICES: Final = "notices"
_EVERY: Final = frozenset({SIGNED_IN})

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """One destination of the rail. It is drawn for those of `roles` and not of `but`, once its page exists; `rooms` light it up."""

    endpoint: str
    title: str
    icon: str
    roles: frozenset[str] = _EVERY
    rooms: tuple[str, ...] = ()
    key: str = ""
    short: str = ""
    but: frozenset[str] = frozenset()


WORK: Final = Place("work.index", mark("待办"), "inbox", frozenset({EMPLOYEE}), ("work", "case", "tasks"), "work")
START: Final = Place(
    "start.index", mark("发起"), "plus", frozenset({EMPLOYEE}), ("start", "processes", "process"), "start"
)
AUDIT: Final = Place("audit.index", mark("审计室"), "audit", frozenset({AUDITOR}), ("audit",))
SEARCH: Final = Place("search.index", mark("查找"), "find", _EVERY, ("search",))
TEAM: Final = Place("team.index", mark("团队"), "team", frozenset({MANAGER}), ("team",))
CYCLE: Final = Place("cycle.index", mark("考核周期"), "score", frozenset({HR}), ("cycle",), short=mark("周期"))
TRAINING: Final = Place("training.index", mark("培训"), "me", frozenset({HR}), ("training",))
DESK: Final = Place(
    "desk.index", mark("考核"), "score", frozenset({MANAGER}), ("desk", "result", "public", "scorecards"), "desk"
)
FIGURES: Final = Place(
    "figures.index", mark("考核数据"), "file", frozenset({HR}), ("figures", "figures_upload", "figures_person")
)
RESULT: Final = Place(
    "result.index", mark("我的考核"), "score", frozenset({EMPLOYEE}), ("result", "public", "scorecards"),
    short=mark("考核"), but=frozenset({MANAGER}),
)  # fmt: skip
CARDS: Final = Place("scorecards.index", mark("评分卡"), "score", _EVERY, ("scorecards",), but=frozenset({EMPLOYEE}))
REPORT: Final = Place(
    "report.index", mark("报表"), "report", _EVERY, ("report", "report_load"), but=frozenset({ADMINISTRATOR})
)
REPORT_BELOW: Final = Place(
    "report.index", mark("报表"), "report", frozenset({ADMINISTRATOR}), ("report", "report_load")
)
"""An administrator's rail is full of what only they can do."""
PEOPLE: Final = Place(
    "admin_people.index",
    mark("人员与岗位"),
    "team",
    frozenset({ADMINISTRATOR, HR}),
    ("admin_people", "admin_positions", "admin_absences", "admin_import"),
)
DEFINITIONS: Final = Place(
    "admin_definitions.index",
    mark("流程定义"),
    "admin",
    frozenset({ADMINISTRATOR}),
    ("admin_definitions",),
    short=mark("定义"),
)
INCIDENTS: Final = Place(
    "admin_incidents.index", mark("失败的任务"), "bell", frozenset({ADMINISTRATOR}), ("admin_incidents",)
)
RUNNING: Final = Place(
    "admin_schedules.index", mark("运行"), "clock", frozenset({ADMINISTRATOR}),
    ("admin_schedules", "admin_timers", "admin_messages", "admin_calendar"),
)  # fmt: skip
MORE: Final = Place("shell.more", mark("更多"), "more", _EVERY, ("shell", "me", "duties"))

DAILY: Final = (AUDIT, WORK, START, SEARCH)
MANAGING: Final = (
    TEAM,
    CYCLE,
    TRAINING,
    FIGURES,
    DESK,
    RESULT,
    REPORT,
    PEOPLE,
    DEFINITIONS,
    INCIDENTS,
    RUNNING,
    REPORT_BELOW,
    CARDS,
)
THIRD_TAB: Final = (DEFINITIONS, CYCLE, TEAM, RESULT, REPORT, SEARCH)


@dataclass(frozen=True, slots=True)
class NavLink:
    """A destination as it is drawn. `late` makes the count red."""

    title: str
    href: str
    icon: str
    current: bool
    key: str = ""
    count: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One line on top of the next page."""

    text: str
    tone: str = "done"
    href: str = ""
    link: str = ""


class Shell:
    """What `base.html` asks for. Made once per page; each question is answered when it is asked."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    @property
    def theme(self) -> str:
        """light, dark or auto."""
        return self.actor.signed_in.theme if self.actor else "auto"

    @property
    def compact(self) -> bool:
        """Whether rows stand close together."""
        return self.actor is not None and self.actor.signed_in.density == "compact"

    @property
    def shortcuts(self) -> bool:
        """Whether single keys do something."""
        return self.actor is None or self.actor.signed_in.shortcuts

    @property
    def name(self) -> str:
        """The reader's name."""
        return self.actor.member.name if self.actor else ""

    @property
    def position(self) -> str:
        """The reader's first position, or what else they are here."""
        if self.actor is None:
            return ""
        organisation = visit().organisation
        for key in self.actor.member.positions:
            return organisation.positions[key].title(language())
        roles = {AUDITOR: _("审计"), ADMINISTRATOR: _("系统管理员")}
        return next((title for role, title in roles.items() if role in self.actor.roles), "")

    @property
    def house(self) -> str:
        """The company's own name for itself: its topmost unit."""
        units = visit().organisation.units.values() if "visit" in g else ()
        return next((unit.title(language()) for unit in units if unit.parent is None), "")

    @property
    def home(self) -> str:
        """Where the brand leads to."""
        return url_for("shell.home")

    @property
    def search_url(self) -> str:
        """Where searching is, "" while there is no such page."""
        return url_for(SEARCH.endpoint) if SEARCH.endpoint in current_app.view_functions else ""

    @property
    def other_language(self) -> str:
        """The language the reader can change to."""
        return "zh" if language() == "en" else "en"

    @property
    def here(self) -> str:
        """This page's own address, to come back to."""
        return str(request.full_path).rstrip("?") if request.method == "GET" else self.home

    @cached_property
    def daily(self) -> tuple[NavLink, ...]:
        """The first group of the rail."""
        return tuple(self._links(DAILY))

    @cached_property
    def managing(self) -> tuple[NavLink, ...]:
        """The second group of the rail; the rail holds eight links in all, the rest stands on 更多."""
        return tuple(self._links(MANAGING))

    @property
    def rail_managing(self) -> tuple[NavLink, ...]:
        """As much of the second group as the rail holds."""
        return self.managing[: MOST_LINKS - len(self.daily)]

    @property
    def managing_title(self) -> str:
        """管理 for those who lead or keep something, 我 for the others."""
        leads = self.actor is not None and not self.actor.roles.isdisjoint({MANAGER, HR, ADMINISTRATOR})
        return _("管理") if leads else _("我")

    @property
    def tabs(self) -> tuple[NavLink, ...]:
        """The phone's four tabs."""
        first = list(self._links((AUDIT, WORK, START), short=True))[:2]
        third = list(self._links(THIRD_TAB, short=True))
        return (*first, *third[: 3 - len(first)], *self._links((MORE,), short=True))

    @property
    def notices(self) -> list[Notice]:
        """What was said since the last page; saying it once is enough. Whoever has just changed the language reads it in it."""
        return [Notice(gettext(text), *rest) for text, *rest in session.pop(_NOTICES, [])]

    @property
    def printed(self) -> str:
        """When this page was made, for the foot of a printed one."""
        return words().dated(words().now)

    def _links(self, places: Iterable[Place], short: bool = False) -> Iterable[NavLink]:
        roles = self.actor.roles if self.actor else frozenset()
        for place in places:
            if place.endpoint in current_app.view_functions and roles & place.roles and not roles & place.but:
                count, late = self._count(place)
                title = _(place.short if short and place.short else place.title)
                current = request.blueprint in place.rooms
                yield NavLink(title, url_for(place.endpoint), place.icon, current, place.key, count, late)

    def _count(self, place: Place) -> tuple[int, bool]:
        if place is WORK:
            counted = in_hand()
            return counted.mine, bool(counted.late)
        if place is DESK:
            return in_hand().scorings, bool(in_hand().late_scorings)
        if place is CYCLE:
            return in_hand().awaited, bool(in_hand().late_awaited)
        if place is INCIDENTS:
            return self._incidents, True
        return 0, False

    @cached_property
    def _incidents(self) -> int:
        unsolved = select(func.count()).select_from(Incident).where(Incident.solved_at.is_(None))
        return visit().session.scalar(unsolved) or 0


def say(text: str, tone: str = "done", href: str = "", link: str = "") -> None:
    """Put one line on top of the next page: what was done, or what to know. `tone`: done, soon, late, act or ""."""
    session[_NOTICES] = [*session.get(_NOTICES, []), (text, tone, href, link)]


def shell_context() -> dict[str, Any]:
    """What every template can use besides its own values."""
    actor = visit().actor if "visit" in g else None
    return {"shell": Shell(actor), "language": language(), "words": words(), "demo": services().settings.demo}


def install(app: Flask) -> None:
    """Give every template the shell."""
    app.context_processor(shell_context)


@blueprint.get("/")
@allow(ANYONE)
def home() -> ResponseReturnValue:
    """The landing page: 待办, for auditors 审计室, else 更多."""
    if visit().actor is None:
        return redirect(url_for("signin.show"))
    shell = Shell(visit().actor)
    return redirect(next(iter(shell.daily)).href if shell.daily else url_for("shell.more"))


@blueprint.get("/more")
@allow(SIGNED_IN)
def more() -> ResponseReturnValue:
    """更多: the rest of the rail, settings and the way out."""
    return render_template("me/more.html")
