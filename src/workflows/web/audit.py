"""审计室: read everything, change nothing. Why somebody looks is asked once per sign-in; every look is written down with it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import insert, select, tuple_

from workflows.appraisal.results.access import RESULT
from workflows.appraisal.results.views.check import Checked
from workflows.engine.tables import AccessLog, Case
from workflows.engine.verify import verify as check_chain
from workflows.engine.views.pages import CaseList, CasePage, PageKey
from workflows.errors import InvalidInput, NotFound
from workflows.http import AUDITOR, allow, visit
from workflows.web import case_view, search, story
from workflows.web.appraised import appraisal
from workflows.web.case import note_read
from workflows.web.casework import COMMENT, engine, page_key
from workflows.web.components import Attachment, Paging
from workflows.web.diagrams import drawing
from workflows.web.language import _
from workflows.web.numbers import size
from workflows.web.reader import own_path, words
from workflows.web.reasons import LONGEST_REASON, entry, keep_reason, note, reason_given
from workflows.web.shown import Shower

PAGE: Final = 50
SHORTEST_REASON: Final = 2
SEARCHED: Final = "search"
VERIFIED: Final = "verify"

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@allow(AUDITOR)
def index() -> ResponseReturnValue:
    """The search over everything; before the first one of a sign-in, the question why."""
    here = visit()
    reason = reason_given()
    filters = search.read_filters()
    found = CaseList((), None)
    if reason and not filters.wrong:
        found = engine().search(here.session, here.me.id, filters.query, here.now, after=page_key(), limit=PAGE)
        if filters.any:
            note(SEARCHED)
    return render_template(
        "audit/index.html",
        reason=reason,
        asked=filters.asked,
        wrong=filters.wrong,
        any=filters.any,
        rows=tuple(search.row_in_words(row, words(), "audit.case") for row in found.rows),
        paging=search.paging("audit.index", filters, found),
        next=request.full_path.rstrip("?"),
        error="",
        typed="",
        **search.choices(),
    )


@blueprint.post("/reason")
@allow(AUDITOR)
def give_reason() -> ResponseReturnValue:
    """Keep why this auditor looks, for this sign-in."""
    reason = " ".join(request.form.get(COMMENT, "").split())[:LONGEST_REASON]
    back = own_path(request.form.get("_next")) or url_for("audit.index")
    if len(reason) < SHORTEST_REASON:
        return _reason_page(back, _("写明为什么查阅，会和每一次查阅记在一起。"), reason), 422
    keep_reason(reason)
    return redirect(back, 303)


@blueprint.get("/cases/<uuid:case_id>")
@allow(AUDITOR)
def case(case_id: uuid.UUID) -> ResponseReturnValue:
    """The dossier of a case: everything, with seconds, hashes and fingerprints."""
    reason = reason_given()
    if not reason:
        return _reason_page(url_for("audit.case", case_id=case_id), "", "")
    page = _page(case_id)
    note_read(page)
    return _dossier(page, reason, None)


@blueprint.post("/cases/<uuid:case_id>/verify")
@allow(AUDITOR)
def verify(case_id: uuid.UUID) -> ResponseReturnValue:
    """Recompute the chain of this case now."""
    here = visit()
    reason = reason_given()
    if not reason:
        return _reason_page(url_for("audit.case", case_id=case_id), "", "")
    page = _page(case_id)
    here.session.execute(insert(AccessLog), entry(VERIFIED, case_id))
    return _dossier(page, reason, _verdict(case_id))


@blueprint.get("/cases/<uuid:case_id>/verify")
@allow(AUDITOR)
def verified(case_id: uuid.UUID) -> ResponseReturnValue:
    """The address of a check, opened again: the dossier."""
    return redirect(url_for("audit.case", case_id=case_id))


@blueprint.get("/result")
@allow(AUDITOR)
def result() -> ResponseReturnValue:
    """核对码: which version of which result a printed sheet is, and whether it is still as it was published."""
    if not reason_given():
        return _reason_page(request.full_path.rstrip("?"), "", "")
    code = request.args.get("code", "")
    here = visit()
    try:
        found = appraisal().by_check_code(here.session, here.me.id, code) if code else None
    except (InvalidInput, NotFound) as error:
        return _check_page(code, None, _refusal(error)), error.status
    if found is not None:
        note(RESULT, found.case)
    return _check_page(code, found, "")


@blueprint.get("/log")
@allow(AUDITOR)
def log() -> ResponseReturnValue:
    """What this auditor has looked at, newest first."""
    here = visit()
    after = page_key()
    columns = (AccessLog.id, AccessLog.at, AccessLog.what, AccessLog.reason, AccessLog.case_id, Case.title, Case.number)
    mine = (
        select(*columns).join(Case, Case.id == AccessLog.case_id, isouter=True).where(AccessLog.person_id == here.me.id)
    )
    if after is not None:
        mine = mine.where(tuple_(AccessLog.at, AccessLog.id) < (after.at, after.id))
    rows = here.session.execute(mine.order_by(AccessLog.at.desc(), AccessLog.id.desc()).limit(PAGE + 1)).all()
    following = PageKey(rows[PAGE - 1].at, rows[PAGE - 1].id) if len(rows) > PAGE else None
    return render_template(
        "audit/log.html",
        rows=rows[:PAGE],
        kinds={
            "case": _("查看事项"),
            SEARCHED: _("查找"),
            VERIFIED: _("核对"),
            "file": _("下载文件"),
            RESULT: _("查看考核结果"),
            "cycle": _("查看考核周期"),
            "bonus": _("下载奖金名单"),
            "figures": _("查看考核数据"),
            "report": _("查看报表"),
        },
        paging=Paging(
            next_href=url_for("audit.log", after=str(following)) if following else "",
            next_text=_("后面 %(n)s 条", n=PAGE),
            first_href=url_for("audit.log") if after else "",
        ),
    )


# ---- pieces ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """One record of the chain: its number, who did what, when to the second, and its hash."""

    seq: int
    who: str
    said: str
    at: str
    iso: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; `wrong`: sentences, none when all is well."""

    records: int
    at: str
    wrong: tuple[str, ...]


def _check_page(code: str, found: Checked | None, error: str) -> str:
    href = url_for("result.of_person", period=found.period, person_id=found.subject) if found else ""
    faults = tuple(what.text(words().language) for what in found.faults) if found else ()
    return render_template("audit/result.html", code=code, found=found, error=error, faults=faults, href=href)


def _refusal(error: InvalidInput | NotFound) -> str:
    texts = [text for found in error.fields.values() for text in found] if isinstance(error, InvalidInput) else []
    return texts[0].text(words().language) if texts else error.text(words().language)


def _dossier(page: CasePage, reason: str, verdict: Verdict | None) -> str:
    here = visit()
    shower = case_view.shower_of(page, Shower(words(), here.organisation))
    entries = story.story(page, shower, seconds=True)
    return render_template(
        "audit/case.html",
        page=page,
        reason=reason,
        verdict=verdict,
        chip=case_view.head_chip(page, shower),
        track=case_view.track(page, shower),
        everything=case_view.givens(page.data, page, shower),
        waits=case_view.waiting_for(page, shower),
        entries=entries,
        chain=_chain(page, shower),
        attached=_fingerprints(page),
        diagram=drawing(page),
    )


def _verdict(case_id: uuid.UUID) -> Verdict:
    """The chain of one case recomputed: every link, every digest, and that what is stored is what the records tell."""
    report = check_chain(visit().session, case_id)
    wrong = tuple(_fault(fault.seq, fault.what.text(words().language)) for fault in report.faults)
    return Verdict(report.events, words().exact(visit().now), wrong)


def _fault(seq: int, what: str) -> str:
    return _("第 %(n)s 条：%(what)s", n=seq, what=what) if seq else what


def _chain(page: CasePage, shower: Shower) -> tuple[Link, ...]:
    said = words()
    return tuple(
        Link(
            event.seq,
            _both(event.actor_name, event.on_behalf_of_name),
            story.said(event, shower),
            said.exact(event.at),
            said.iso(event.at),
            event.hash,
        )
        for event in page.events
    )


def _both(name: str, absent: str) -> str:
    if not name:
        return _("系统")
    return _("%(who)s 代 %(absent)s", who=name, absent=absent) if absent else name


def _fingerprints(page: CasePage) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(f.name, url_for("files.download", file_id=f.id), size(f.size), fingerprint=f.digest)
        for f in page.files
    )


def _page(case_id: uuid.UUID) -> CasePage:
    here = visit()
    before = request.args.get("before", type=int)
    return engine().case_page(here.session, here.me.id, case_id, here.now, events_before=before)


def _reason_page(back: str, error: str, typed: str) -> str:
    return render_template("audit/reason.html", next=back, error=error, typed=typed)
