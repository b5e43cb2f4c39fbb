"""团队: who is late with what. The people below the reader, their open tasks, and who is away."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case, func, select, tuple_

from workflows.engine.tables import Case, Task, TaskStatus
from workflows.engine.views.pages import PageKey
from workflows.engine.visibility import visible_cases
from workflows.http import MANAGER, allow, visit
from workflows.org.organisation import PersonId
from workflows.web.casework import due_chip, engine, page_key, who
from workflows.web.components import Chip, Paging, Who
from workflows.web.language import _, language
from workflows.web.reader import words

PAGE: Final = 50
AHEAD: Final = timedelta(days=30)

blueprint = Blueprint("team", __name__)


@dataclass(frozen=True, slots=True)
class TeamTask:
    """An open task of somebody in the team. `href` is "" where the reader may not see the case."""

    title: str
    href: str
    who: Who
    step: str
    process: str
    due: Chip | None


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand: how many, of these late; `wide` is the bar's width of 120."""

    name: str
    total: int
    late: int
    late_wide: int
    rest_wide: int


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody away now or soon, and who acts for them."""

    who: Who
    days: str
    deputy: str
    missing: bool


@blueprint.get("/team")
@allow(MANAGER)
def index() -> ResponseReturnValue:
    """Late first, then by deadline; the load of each; absences."""
    here = visit()
    team = here.organisation.team_of(here.me.id)
    loads = _loads(team)
    tasks, following = _tasks(team, page_key())
    return render_template(
        "team/index.html",
        people=len(team),
        late=sum(load.late for load in loads),
        total=sum(load.total for load in loads),
        tasks=tasks,
        loads=loads,
        away=_away(team),
        paging=Paging(
            next_href=url_for("team.index", after=str(following)) if following else "",
            next_text=_("后面 %(n)s 件", n=PAGE),
            first_href=url_for("team.index") if request.args.get("after") else "",
        ),
    )


def _tasks(team: tuple[PersonId, ...], after: PageKey | None) -> tuple[tuple[TeamTask, ...], PageKey | None]:
    """One page of the team's open tasks in the order of their deadlines, late ones first.

    That somebody has a task in hand is their manager's business; what it is about only where the reader may see the case.
    """
    if not team:
        return (), None
    here = visit()
    visible = visible_cases(here.session, engine().scene(here.session, here.now), here.me.id)
    title = Case.title if visible is None else case((visible, Case.title), else_=None)
    columns = (
        Task.id,
        Task.case_id,
        Task.process,
        Task.state,
        Task.holder_id,
        Task.due_at,
        Task.rank_at,
        title.label("title"),
    )
    wanted = (
        select(*columns)
        .join(Case, Case.id == Task.case_id)
        .where(Task.holder_id.in_(team), Task.status == TaskStatus.OPEN)
    )
    if after is not None:
        wanted = wanted.where(tuple_(Task.rank_at, Task.id) > (after.at, after.id))
    rows = here.session.execute(wanted.order_by(Task.rank_at, Task.id).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    following = PageKey(shown[-1].rank_at, shown[-1].id) if len(rows) > PAGE else None
    return tuple(
        _task(row.case_id, row.title, row.process, row.state, row.holder_id, row.due_at) for row in shown
    ), following


def _task(
    case_id: uuid.UUID, title: str | None, process: str, state: str, holder: PersonId, due: datetime | None
) -> TeamTask:
    definition = engine().processes(visit().session).get(process)
    step = definition.states[state].title.text(language()) if definition and state in definition.states else ""
    return TeamTask(
        title or _("（你看不到的事项）"),
        url_for("case.show", case_id=case_id) if title else "",
        who(holder, visit().organisation.name_of(holder)),
        step,
        definition.title.text(language()) if definition else process,
        due_chip(words(), due),
    )


def _loads(team: tuple[PersonId, ...]) -> tuple[Load, ...]:
    """How much everybody of the team has in hand, most first; one statement."""
    if not team:
        return ()
    late = func.sum(case((Task.due_at < visit().now, 1), else_=0))
    counted = select(Task.holder_id, func.count(), late).where(Task.holder_id.in_(team), Task.status == TaskStatus.OPEN)
    totals: Counter[PersonId] = Counter()
    lates: Counter[PersonId] = Counter()
    for holder, total, late_ones in visit().session.execute(counted.group_by(Task.holder_id)):
        totals[holder], lates[holder] = total, int(late_ones)
    most = max(totals.values(), default=0) or 1
    people = sorted(team, key=lambda p: (-lates[p], -totals[p], visit().organisation.name_of(p)))
    return tuple(_load(p, totals[p], lates[p], most) for p in people)


def _load(person: PersonId, total: int, late: int, most: int) -> Load:
    late_wide = late * 120 // most
    return Load(visit().organisation.name_of(person), total, late, late_wide, total * 120 // most - late_wide)


def _away(team: tuple[PersonId, ...]) -> tuple[Away, ...]:
    said = words()
    organisation = visit().organisation
    periods = [
        period
        for person in team
        for period in organisation.absences.get(person, ())
        if period.last_day >= said.today and period.first_day <= said.today + AHEAD
    ]
    return tuple(
        Away(
            who(period.person, organisation.name_of(period.person)),
            said.days(period.first_day, period.last_day),
            organisation.name_of(period.deputy) if period.deputy else "",
            period.deputy is None,
        )
        for period in sorted(periods, key=lambda p: p.first_day)
    )
