"""One person's figures of a month: what is known and from where, what it was before, and corrections by human resources."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.figures.closing import closed_months
from workflows.appraisal.figures.completeness import owed
from workflows.appraisal.figures.counted_cases import CountedCase, counted_cases
from workflows.appraisal.figures.intake.entering import Typed, enter_figures, shown_value
from workflows.appraisal.figures.intake.standards import standards_of
from workflows.appraisal.figures.ledger import Ledger, ledgers
from workflows.appraisal.figures.meaning import UNITS
from workflows.appraisal.figures.measured import MeasuredFigure
from workflows.appraisal.figures.past import PastValue, past_values
from workflows.appraisal.figures.rights import may_enter, require_reader
from workflows.errors import InvalidInput
from workflows.http import AUDITOR, HR, MANAGER, allow, visit
from workflows.org.organisation import Member
from workflows.web.appraised import appraisal
from workflows.web.casework import engine
from workflows.web.components import Crumb, Option, Problem
from workflows.web.figures_month import chosen_month, month_tabs, note_reading, plain
from workflows.web.figures_upload import shown
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first
from workflows.web.scores_sources import way_said
from workflows.web.shell import say
from workflows.web.signin import sentences

blueprint = Blueprint("figures_person", __name__, url_prefix="/figures/people")


@dataclass(frozen=True, slots=True)
class OldValue:
    """A value that a figure had: who gave it, when and how, and why the next one came."""

    value: str
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure (or parameter, then with `options`). `typed`: what stands in the input; `before`: what stood there when the page was
    drawn; `value` as people read it; `owed`: who owes it while it is missing; `cases`: those it was counted from."""

    name: str
    title: str
    unit: str
    value: str
    source: str
    owed: str
    typed: str
    before: str
    options: tuple[Option, ...]
    errors: tuple[str, ...]
    cases: tuple[CountedCase, ...]
    past: tuple[OldValue, ...]

    @property
    def id(self) -> str:
        """The input's id in the page."""
        return f"f-{self.name}"


@blueprint.get("/<uuid:person_id>")
@allow(HR, MANAGER, AUDITOR)
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    """The figures of the month with their sources and their past. That they were read is noted, auditors say why first."""
    month = chosen_month()
    if (why := asked_first()) is not None:
        return why
    page = _page(person_id, month)
    note_reading(f"{visit().organisation.person(person_id).login} {month}")
    return page


@blueprint.post("/<uuid:person_id>")
@allow(HR)
def correct(person_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what is missing and correct what is wrong, all of it or nothing."""
    here, month = visit(), chosen_month(request.form.get("month"))
    require_reader(here.organisation, here.me.id, person_id)
    member = here.organisation.person(person_id)
    typed, reason = _typed(), request.form.get("reason", "").strip()
    standards = standards_of(here.session, here.scene, appraisal().store, here.me.id, by_hand=True)
    try:
        done = enter_figures(
            here.session, standards, member, month, typed, actor=here.me.id, now=here.now, reason=reason
        )
    except InvalidInput as error:
        here.undo()
        return _page(person_id, month, typed, reason, error), error.status
    changed = done.new + done.changed
    if changed:
        say(_("%(name)s：已保存 %(n)s 项数据。", name=member.name, n=changed))
    else:
        say(_("没有变化。"))
    return redirect(url_for("figures_person.show", person_id=person_id, month=month))


def _typed() -> dict[str, Typed]:
    """What was typed by figure name, with what stood there when the page was drawn."""
    form = request.form
    names = [name.removeprefix("value.") for name in form if name.startswith("value.")]
    return {name: Typed(form.get(f"value.{name}", ""), form.get(f"before.{name}", "")) for name in names}


def _page(
    person_id: uuid.UUID,
    month: str,
    typed: Mapping[str, Typed] | None = None,
    reason: str = "",
    error: InvalidInput | None = None,
) -> str:
    here = visit()
    require_reader(here.organisation, here.me.id, person_id)
    member = here.organisation.person(person_id)
    ledger = ledgers(here.session, appraisal().store, here.organisation, [person_id], month)[person_id]
    closed = bool(closed_months(here.session, [person_id], [month]))
    wrong = sentences(error) if error is not None else {}
    rows = tuple(_rows(ledger, month, typed or {}, wrong))
    return render_template(
        "figures/person.html",
        crumbs_shown=_crumbs(member, month),
        member=member,
        month=month,
        said=words().period("month", month),
        tabs=month_tabs(month, lambda one: url_for("figures_person.show", person_id=person_id, month=one)),
        missing=[row for row in rows if row.name in ledger.missing],
        known=[row for row in rows if row.before and row.name not in ledger.missing],
        others=[row for row in rows if not row.before and row.name not in ledger.missing],
        has_card=ledger.card is not None,
        may_enter=may_enter(here.organisation, here.me.id, person_id) and not closed,
        closed=closed,
        reason=reason,
        problems=_problems(rows, wrong),
        reason_errors=wrong.get("reason", []),
    )


def _crumbs(member: Member, month: str) -> tuple[Crumb, ...]:
    organisation = visit().organisation
    position = organisation.positions.get(member.appraised_position or "")
    found = [Crumb(_("考核数据"), url_for("figures.index", month=month))]
    if position is not None:
        found.append(Crumb(position.title(language()), url_for("figures.position", key=position.key, month=month)))
    return (*found, Crumb(member.name))


# ---- rows --------------------------------------------------------------------------------------------------------


def _rows(
    ledger: Ledger, month: str, typed: Mapping[str, Typed], wrong: Mapping[str, list[str]]
) -> Iterator[FigureRow]:
    """Parameters first, then figures in the card's order; those that set a target of their own only where one was given or is
    needed."""
    here = visit()
    past = past_values(here.session, ledger.member.id, month)
    cases = counted_cases(here.session, here.scene, here.me.id, ledger.figures.values())
    drawn = _Drawn(ledger, past, cases, typed, wrong)
    for key, parameter in (ledger.card.parameters if ledger.card is not None else {}).items():
        options = tuple(Option(choice, title.text(language())) for choice, title in parameter.choices.items())
        yield drawn.row(key, "", ledger.parameters.get(key), None, options)
    for one in ledger.asked:
        figure = ledger.figures.get(one.name)
        if figure is None and one.name not in ledger.missing and one.target_of is not None:
            continue
        yield drawn.row(one.name, UNITS[one.unit].text(language()), None, figure, ())


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws rows of one ledger."""

    ledger: Ledger
    past: Mapping[str, Sequence[PastValue]]
    cases: Mapping[str, tuple[CountedCase, ...]]
    typed: Mapping[str, Typed]
    wrong: Mapping[str, list[str]]

    def row(
        self, name: str, unit: str, text: str | None, figure: MeasuredFigure | None, options: tuple[Option, ...]
    ) -> FigureRow:
        value = figure.value if figure is not None else text
        stands = "" if value is None else shown_value(value)
        typed = self.typed.get(name, Typed(stands, stands))
        card = self.ledger.card
        lacking = name in self.ledger.missing and card is not None
        return FigureRow(
            name,
            self.ledger.title_of(name).text(language()),
            unit,
            next((option.title for option in options if option.value == value), shown(value)),
            _source(figure) if figure is not None else "",
            plain(owed(card, name, engine().processes(visit().session))) if lacking and card else "",
            typed.value,
            typed.before,
            options,
            tuple(self.wrong.get(name, ())),
            self.cases.get(name, ()),
            tuple(_old(self.past.get(name, ()))),
        )


def _source(figure: MeasuredFigure) -> str:
    """Where a figure comes from, in words."""
    kept = {
        "source": figure.source,
        "by": str(figure.entered_by) if figure.entered_by else "",
        "at": figure.entered_at.isoformat() if figure.id is not None else "",
        "level": figure.level,
    }
    return way_said(kept, words(), lambda person: visit().organisation.name_of(uuid.UUID(person)))


def _old(values: Sequence[PastValue]) -> Iterator[OldValue]:
    """What was there before the present value, newest first, each with why the next one came."""
    for before, after in reversed(list(pairwise(values))):
        who = visit().organisation.name_of(before.by)
        parts = [part for part in (before.file or "", who, words().moment(before.at)) if part]
        yield OldValue(shown(before.value) or _("空"), _("，").join(parts), after.reason or "")


def _problems(rows: Sequence[FigureRow], wrong: Mapping[str, list[str]]) -> tuple[Problem, ...]:
    found = [Problem(row.title, error, row.id) for row in rows for error in row.errors]
    found += [Problem(_("更改的理由"), error, "f-reason") for error in wrong.get("reason", ())]
    names = {row.name for row in rows} | {"reason"}
    found += [Problem("", error) for name, errors in wrong.items() if name not in names for error in errors]
    return tuple(found)
