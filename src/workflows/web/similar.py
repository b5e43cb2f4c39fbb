"""Similar cases with how they ended, beside a decision: in words, for `case/similar.html`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, url_for

from workflows.engine.views.pages import CasePage, SimilarCase
from workflows.http import visit
from workflows.web.case_view import shower_of
from workflows.web.reader import words
from workflows.web.shown import Given, Shower

blueprint = Blueprint("similar", __name__)


@dataclass(frozen=True, slots=True)
class Precedent:
    """One ended case: what it was, what it said, how it was decided and by whom, how it ended."""

    title: str
    href: str
    facts: tuple[Given, ...]
    decision: str
    by: str
    outcome: str
    ended: str


@blueprint.app_template_global()
def precedents(page: CasePage) -> tuple[Precedent, ...]:
    """The similar cases of a page, newest first."""
    shower = shower_of(page, Shower(words(), visit().organisation))
    return tuple(_precedent(one, shower) for one in page.similar)


@blueprint.app_template_global()
def alike_in(page: CasePage) -> tuple[str, ...]:
    """The names of the fields in which they are like this one."""
    return tuple(field.title.text(words().language) for field in page.same)


def _precedent(one: SimilarCase, shower: Shower) -> Precedent:
    language = shower.words.language
    return Precedent(
        title=one.case.title,
        href=url_for("case.show", case_id=one.case.id),
        facts=tuple(Given(shower.label(fact.field), shower.text(fact.field, fact.value)) for fact in one.facts),
        decision=one.decision.text(language) if one.decision else "",
        by=one.decided_by_name,
        outcome=one.case.state_title.text(language),
        ended=shower.words.moment(one.case.ended_at) if one.case.ended_at else "",
    )
