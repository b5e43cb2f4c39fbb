"""Fields of type `lines` in a form: a scorer's judgement, an employee's dispute, an investigator's ruling.

What is typed is counted each time the form is drawn, so that 重算 needs nothing but to draw it again. How each kind looks is in
`components/judgement.html`, `components/dispute.html` and `components/ruling.html`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import and_, or_, select

from workflows.appraisal.figures.lookup import measured
from workflows.definition.model import Field
from workflows.engine.tables import File
from workflows.engine.views.pages import CasePage, FormField
from workflows.errors import Text
from workflows.http import visit
from workflows.scoring.grades import Grades
from workflows.web.appraised import appraisal
from workflows.web.casework import engine
from workflows.web.fields import FieldView
from workflows.web.lines_counted import Counted, count, resting_on
from workflows.web.lines_rows import Drawing, groups
from workflows.web.lines_sums import following_of, missing_of, sums_of
from workflows.web.lines_typed import SEEN, files_in
from workflows.web.lines_view import Kind, LinesView
from workflows.web.numbers import money
from workflows.web.reader import words
from workflows.web.scores import Telling, card_view
from workflows.web.scores_given import period_of

_TEMPLATES: Final[Mapping[Kind, str]] = {
    "judgement": "desk/form.html",
    "dispute": "result/appeal.html",
    "ruling": "result/ruling.html",
}


def kind_of(field: Field) -> Kind:
    """What kind of form a field of lines makes, by what may be given."""
    if "verdict" in field.give:
        return "ruling"
    return "dispute" if "figures" in field.give else "judgement"


def template_of(views: Iterable[FieldView], otherwise: str) -> str:
    """The page that fits a form with lines; `otherwise` for every other form."""
    return next((_TEMPLATES[view.lines.kind] for view in views if view.lines is not None), otherwise)


def with_lines(
    views: Sequence[FieldView],
    fields: Sequence[FormField],
    typed: Mapping[str, Any],
    errors: Mapping[str, Sequence[Text]],
    page: CasePage,
) -> tuple[FieldView, ...]:
    """The views of a form with their lines drawn; fields of other types stay as they are."""
    found = {f.field.name: f for f in fields if f.field.type == "lines" and f.editable and f.card is not None}
    if not found:
        return tuple(views)
    known = _files(
        [file for name in found for file in files_in(typed.get(name))],
        [file for f in found.values() for file in files_in(f.only)],
        page.id,
    )
    return tuple(
        replace(view, lines=_view(found[view.name], typed.get(view.name) or {}, errors, page, known))
        if view.name in found
        else view
        for view in views
    )


def _view(
    f: FormField,
    typed: Mapping[str, Any],
    errors: Mapping[str, Sequence[Text]],
    page: CasePage,
    known: Mapping[str, File],
) -> LinesView:
    here, rooms = visit(), appraisal()
    grades = rooms.store.grades(here.session, period_of(page))
    version = rooms.store.get(here.session, f.card["card"], f.card["version"])
    counted = count(f.field, version.card, resting_on(f.card, f.field), typed, f.only or {}, grades, here.now)
    drawing = Drawing(
        f, kind_of(f.field), counted, typed, _errors(f.field.name, errors, counted), known, _telling(f.card)
    )
    return replace(_drawn(drawing), bonus=_bonus(drawing, grades, page))


def _drawn(drawing: Drawing) -> LinesView:
    counted, f = drawing.counted, drawing.form
    before = card_view(counted.before, drawing.telling)
    return LinesView(
        name=f.field.name,
        kind=drawing.kind,
        title=drawing.telling.say(counted.card.title if drawing.kind == "judgement" else f.field.title),
        seen=str(f.card.get(SEEN) or ""),
        card=card_view(counted.after, drawing.telling),
        groups=groups(drawing),
        before=before.total,
        before_grade=before.grade,
        sums=sums_of(drawing),
        missing=missing_of(drawing, engine().processes(visit().session)),
        following=following_of(drawing),
    )


def _bonus(drawing: Drawing, grades: Grades, page: CasePage) -> tuple[str, str] | None:
    """What the month's bonus was and would be; None but for a ruling, and where its base or a total is not known."""
    here, counted = visit(), drawing.counted
    if drawing.kind != "ruling" or page.subject is None or counted.before.total is None or counted.after.total is None:
        return None
    base = grades.bonus_rule.base
    catalogue = appraisal().store.catalogue(here.session)
    found = measured(here.session, here.organisation, [page.subject], period_of(page), [base], catalogue)
    figure = found[page.subject].get(base)
    if figure is None:
        return None
    return money(grades.bonus(figure.value, counted.before.total)), money(
        grades.bonus(figure.value, counted.after.total)
    )


def _telling(value: Mapping[str, Any]) -> Telling:
    organisation = visit().organisation
    return Telling(words(), value.get("figures") or {}, lambda person: organisation.name_of(uuid.UUID(person)))


def _errors(name: str, errors: Mapping[str, Sequence[Text]], counted: Counted) -> dict[str, tuple[str, ...]]:
    """What is wrong by `KEY.part`: what was refused, and what could not be counted."""
    language = words().language
    found = {
        place.removeprefix(f"{name}."): tuple(text.text(language) for text in texts)
        for place, texts in errors.items()
        if place.startswith(f"{name}.")
    }
    uncounted = {place: tuple(text.text(language) for text in texts) for place, texts in counted.wrong.items()}
    return {**uncounted, **found}


def _files(typed: Iterable[str], claimed: Iterable[str], case: uuid.UUID) -> dict[str, File]:
    """The files that lines name, by id text: one statement, none where they name none.

    What is typed names the reader's own files and the case's, whatever was sent; what was claimed was handed in with this case.
    """
    own, theirs = ([uuid.UUID(file) for file in found] for found in (typed, claimed))
    if not own and not theirs:
        return {}
    mine = and_(File.id.in_(own), or_(File.uploaded_by == visit().me.id, File.case_id == case))
    found = select(File.id, File.name, File.size).where(or_(mine, File.id.in_(theirs)))
    rows: Any = visit().session.execute(found)
    return {str(row.id): row for row in rows}
