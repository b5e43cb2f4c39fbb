"""考核数据: how complete a month is, by position and person; what is missing, and who owes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.figures.collecting import collect
from workflows.appraisal.figures.completeness import PositionState, completeness, owed
from workflows.appraisal.figures.intake.download import template_of
from workflows.appraisal.figures.ledger import Ledger, appraised, ledgers
from workflows.appraisal.figures.past import last_uploads, taken_of
from workflows.appraisal.figures.rights import readable
from workflows.errors import NotFound
from workflows.http import AUDITOR, HR, MANAGER, allow, visit
from workflows.web.appraised import appraisal
from workflows.web.casework import engine, who
from workflows.web.components import Paging, Tab, Who
from workflows.web.figures_month import chosen_month, is_hr, month_select, month_tabs, note_auditor, note_reading, plain
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first
from workflows.web.shell import say

NAMED: Final = 3
"""So many people are named beside a figure that they lack."""

PAGE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("figures", __name__, url_prefix="/figures")


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What the month waits for: an upload, a process. `figures`: what is to come from there; `people`: who waits for it."""

    owed: str
    figures: str
    people: str


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position of the page. `lacks`: figures with the people who lack them; `more`: how many others are missing."""

    key: str
    title: str
    people: int
    complete: int
    lacks: tuple[tuple[str, str], ...]
    more: int
    has_card: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a position: what they lack, each with who owes it. `href` is "" for one's own."""

    who: Who
    href: str
    known: int
    missing: tuple[tuple[str, str], ...]


@blueprint.get("")
@allow(HR, MANAGER, AUDITOR)
def index() -> ResponseReturnValue:
    """The month by position. Managers see the people below them; auditors say why first."""
    month = chosen_month()
    if (why := asked_first()) is not None:
        return why
    note_auditor(month)
    states = _states(month)
    appraised_ones = [state for state in states if state.has_card]
    return render_template(
        "figures/index.html",
        tabs=month_tabs(month, lambda one: url_for("figures.index", month=one)),
        month=month,
        said=words().period("month", month),
        months=month_select(month),
        waits=_waits(states),
        rows=tuple(_row(state) for state in states),
        people=sum(len(state.people) for state in appraised_ones),
        complete=sum(state.complete for state in appraised_ones),
        uploads=_uploads() if is_hr() else (),
        taken=_taken() if is_hr() else "",
        is_hr=is_hr(),
    )


@blueprint.get("/positions/<key>")
@allow(HR, MANAGER, AUDITOR)
def position(key: str) -> ResponseReturnValue:
    """The people of a position, those who lack something first; `only=missing` shows these alone."""
    month, after, only = chosen_month(), max(request.args.get("after", 0, type=int), 0), request.args.get("only", "")
    entry = visit().organisation.positions.get(key)
    if entry is None:
        raise NotFound("没有这个岗位。", "There is no such position.")
    if (why := asked_first()) is not None:
        return why
    note_auditor(f"{key} {month}")
    everybody = [one for one in _ledgers(month) if one.member.appraised_position == key]
    lacking = [one for one in everybody if one.missing]
    found = lacking if only else [*lacking, *(one for one in everybody if not one.missing)]
    return render_template(
        "figures/position.html",
        title=entry.title(language()),
        key=key,
        month=month,
        said=words().period("month", month),
        months=month_select(month),
        rows=tuple(_person(one, month) for one in found[after : after + PAGE]),
        people=len(everybody),
        complete=len(everybody) - len(lacking),
        has_card=any(one.card is not None for one in everybody),
        tabs=_scopes(key, month, only, len(everybody), len(lacking)),
        is_hr=is_hr(),
        paging=_paging(key, month, only, after, len(found)),
    )


@blueprint.get("/template/<key>")
@allow(HR)
def template(key: str) -> ResponseReturnValue:
    """A workbook to fill in for a position, without the reader's own row."""
    here, month = visit(), chosen_month()
    made = template_of(here.session, here.scene, appraisal().store, key, month, language(), without=here.me.id)
    answer = Response(made, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-{month}.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    note_reading(f"{key} {month}")
    return answer


@blueprint.post("/collect")
@allow(HR)
def count() -> ResponseReturnValue:
    """Count now what the scheduler counts every night."""
    here, month = visit(), chosen_month(request.form.get("month"))
    done = collect(here.session, engine(), appraisal().store, month, here.now)
    changed = done.new + done.changed
    if changed:
        say(_("已重新统计：%(n)s 项数据有变化。", n=changed))
    else:
        say(_("已重新统计，数据没有变化。"))
    return redirect(url_for("figures.index", month=month))


# ---- pieces ------------------------------------------------------------------------------------------------------


def _ledgers(month: str) -> tuple[Ledger, ...]:
    here = visit()
    seen = readable(here.organisation, here.me.id)
    people = [person for person in appraised(here.organisation, month) if person in seen]
    return tuple(ledgers(here.session, appraisal().store, here.organisation, people, month).values())


def _states(month: str) -> list[PositionState]:
    """In the order of the company's positions."""
    processes = engine().processes(visit().session)
    found = {state.key: state for state in completeness(_ledgers(month), processes)}
    return [found[key] for key in visit().organisation.positions if key in found]


def _scopes(key: str, month: str, only: str, people: int, lacking: int) -> tuple[Tab, ...]:
    """Everybody, or those who lack something."""
    everybody = url_for("figures.position", key=key, month=month)
    missing = url_for("figures.position", key=key, month=month, only="missing")
    return Tab(_("全部"), everybody, people, not only), Tab(_("缺数据"), missing, lacking, bool(only))


def _paging(key: str, month: str, only: str, after: int, count: int) -> Paging:
    following = after + PAGE
    return Paging(
        next_href=url_for("figures.position", key=key, month=month, only=only or None, after=following) if following < count else "",
        next_text=_("后面 %(n)s 人", n=min(PAGE, count - following)),
        first_href=url_for("figures.position", key=key, month=month, only=only or None) if after else "",
    )  # fmt: skip


def _row(state: PositionState) -> PositionRow:
    entry = visit().organisation.positions[state.key]
    lacks = tuple((lack.title.text(language()), _some([m.name for m in lack.people])) for lack in state.lacks[:NAMED])
    more = len(state.lacks) - len(lacks)
    return PositionRow(
        state.key, entry.title(language()), len(state.people), state.complete, lacks, more, state.has_card
    )


def _waits(states: Iterable[PositionState]) -> tuple[WaitRow, ...]:
    """What is owed by whom, over all positions; what most people wait for first."""
    figures: dict[str, dict[str, None]] = {}
    people: dict[str, dict[str, None]] = {}
    for lack in (lack for state in states for lack in state.lacks):
        owes = plain(lack.owed)
        figures.setdefault(owes, {})[lack.title.text(language())] = None
        people.setdefault(owes, {}).update(dict.fromkeys(member.name for member in lack.people))
    order = sorted(figures, key=lambda owes: -len(people[owes]))
    return tuple(
        WaitRow(
            owes[:1].upper() + owes[1:],
            _some(list(figures[owes]), _("%(names)s等 %(n)s 项")),
            _some(list(people[owes])),
        )
        for owes in order
    )


def _some(names: Sequence[str], rest: str = "") -> str:
    """The first few names, and how many there are where these are not all."""
    shown = _("、").join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return (rest or _("%(names)s等 %(n)s 人")) % {"names": shown, "n": len(names)}


def _person(ledger: Ledger, month: str) -> PersonRow:
    processes = engine().processes(visit().session)
    card = ledger.card
    missing = tuple(
        (ledger.title_of(name).text(language()), plain(owed(card, name, processes)))
        for name in ledger.missing
        if card is not None
    )
    href = url_for("figures_person.show", person_id=ledger.member.id, month=month)
    return PersonRow(who(ledger.member.id, ledger.member.name), href, len(ledger.figures), missing)


def _taken() -> str:
    """What the upload that led here brought, in a sentence; "" where none did."""
    if "batch" not in request.args:
        return ""
    batch = request.args.get("batch", type=uuid.UUID)
    found = taken_of(visit().session, batch) if batch is not None else None
    if found is None:
        return _("这些数据系统里都有，没有要改的。")
    return _(
        "已导入 %(file)s：新增 %(new)s 项，更改 %(changed)s 项。", file=found.file, new=found.new, changed=found.changed
    )


def _uploads() -> tuple[tuple[str, str], ...]:
    """The latest uploads: file, and who, when and how much in words."""
    organisation, said = visit().organisation, words()
    return tuple(
        (
            one.file,
            _("，").join(
                part for part in (organisation.name_of(one.by), said.moment(one.at), _("%(n)s 行", n=one.rows)) if part
            ),
        )
        for one in last_uploads(visit().session)
    )
