"""待办: what do I do now; what lies in my groups; what I started; what I did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final, cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.engine.views.pages import Tab as Kind
from workflows.engine.views.pages import WorkPage
from workflows.http import EMPLOYEE, allow, visit
from workflows.web import rows
from workflows.web.ahead import away, coming
from workflows.web.casework import engine, page_key, process_options
from workflows.web.components import Paging, Select, Tab, TaskGroup
from workflows.web.counts import in_hand
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.shown import Shower
from workflows.web.waits import Started, Waits, started_by, waits_of

PAGE: Final = 50
BESIDE: Final = 4
"""How many of the started cases stand beside the list."""
KINDS: Final = frozenset({"mine", "offered", "started", "done"})

blueprint = Blueprint("work", __name__)


@blueprint.get("/work")
@allow(EMPLOYEE)
def index() -> ResponseReturnValue:
    """The work list in one of its four scopes, filtered by process, paged by key."""
    here = visit()
    kind = _kind()
    chosen = request.args.get("process") or None
    page = engine().work_list(
        here.session, here.me.id, here.now, tab=kind, process=chosen, after=page_key(), limit=PAGE
    )
    shower = Shower(words(), here.organisation)
    return render_template(
        "work/index.html",
        page=page,
        counts=in_hand(),
        kind=kind,
        first=_first(page, kind),
        tabs=_tabs(kind, page, chosen),
        selects=_selects(page, chosen),
        chosen=dict(page.processes).get(chosen) if chosen else None,
        keep={} if kind == "mine" else {"tab": kind},
        clear=url_for("work.index", tab=None if kind == "mine" else kind) if chosen else "",
        groups=rows.groups(page, shower) if kind == "mine" else (),
        offers=rows.offers(page, shower) if kind == "offered" else (),
        plain=_plain(kind, page, shower),
        paging=_paging(page, kind, chosen),
        started=_started(shower) if kind == "mine" else (),
        coming=coming(words()) if kind == "mine" else (),
        away=away(words()),
    )


@blueprint.get("/work/first")
@allow(EMPLOYEE)
def first() -> ResponseReturnValue:
    """The most urgent task; the list, when nothing is left."""
    here = visit()
    page = engine().work_list(here.session, here.me.id, here.now, limit=1)
    task = next((row.task for row in page.rows), None)
    return redirect(url_for("tasks.show", task_id=task, n=1) if task else url_for("work.index"))


@blueprint.get("/work/next")
@allow(EMPLOYEE)
def following() -> ResponseReturnValue:
    """The task after the one named by `task`, in the order of the list; the list after the last one."""
    here = visit()
    page = engine().work_list(here.session, here.me.id, here.now, limit=PAGE)
    ids = [row.task for row in page.rows]
    asked = request.args.get("task", "")
    at = next(
        (number for number, task in enumerate(ids, 1) if task is not None and task.hex == asked.replace("-", "")), 0
    )
    if at < len(ids):
        return redirect(url_for("tasks.show", task_id=ids[at], n=at + 1))
    return redirect(url_for("work.index"))


def _plain(kind: Kind, page: WorkPage, shower: Shower) -> tuple[TaskGroup, ...]:
    if kind == "started":
        return rows.started_groups(page, _waits(page), shower)
    return rows.done_groups(page, shower) if kind == "done" else ()


def _waits(page: WorkPage) -> Mapping[uuid.UUID, Waits]:
    return waits_of(visit().session, (row.case for row in page.rows if row.ended_at is None))


def _kind() -> Kind:
    asked = request.args.get("tab", "mine")
    return cast(Kind, asked if asked in KINDS else "mine")


def _first(page: WorkPage, kind: str) -> str:
    if kind != "mine" or not page.rows:
        return ""
    return url_for("tasks.show", task_id=page.rows[0].task, n=1)


def _tabs(kind: str, page: WorkPage, process: str | None) -> tuple[Tab, ...]:
    counts = page.counts
    named = (
        ("mine", _("我的"), in_hand().mine),
        ("offered", _("我组可领"), counts.offered),
        ("started", _("我发起的"), None),
        ("done", _("已办的"), None),
    )
    return tuple(
        Tab(title, url_for("work.index", tab=None if key == "mine" else key, process=process), count, key == kind)
        for key, title, count in named
    )


def _selects(page: WorkPage, chosen: str | None) -> tuple[Select, ...]:
    titles = {key: title.text(language()) for key, title in page.processes}
    if len(titles) < 2 and not chosen:
        return ()
    return (Select("process", _("流程"), process_options(titles), chosen or ""),)


def _paging(page: WorkPage, kind: str, process: str | None) -> Paging:
    scope = None if kind == "mine" else kind
    return Paging(
        next_href=url_for("work.index", tab=scope, process=process, after=str(page.next)) if page.next else "",
        next_text=_("后面 %(n)s 件", n=PAGE),
        first_href=url_for("work.index", tab=scope, process=process) if request.args.get("after") else "",
    )


def _started(shower: Shower) -> tuple[tuple[str, str, str, str, bool], ...]:
    """Title, address, whom it waits for, until when, late or not: what I started and has not ended, on the side."""
    here = visit()
    found = started_by(here.session, here.me.id, BESIDE)
    waits = waits_of(here.session, (one.case for one in found))
    return tuple(_beside(one, waits.get(one.case, Waits()), shower) for one in found)


def _beside(one: Started, waits: Waits, shower: Shower) -> tuple[str, str, str, str, bool]:
    words = shower.words
    due = waits.due_at
    return (
        one.title,
        url_for("case.show", case_id=one.case),
        " · ".join(piece for piece in (rows.waits_for(waits), _state(one, words.language)) if piece),
        words.due_or_late(due) if due else "",
        due is not None and due < words.now,
    )


def _state(one: Started, language: str) -> str:
    process = engine().definition(visit().session, one.definition)
    return process.states[one.state].title.text(language) if one.state in process.states else _("发起")
