"""Scorecards, and what was said of their lines, as the pages of a case show them: a total that opens into the card, line by line in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from workflows.appraisal.cards.value import read
from workflows.engine.views.pages import CasePage
from workflows.errors import NotFound
from workflows.http import visit
from workflows.scoring.model import Scorecard
from workflows.web.appraised import appraisal
from workflows.web.components import Attachment
from workflows.web.language import _
from workflows.web.lines_typed import FIGURES, FILES, LINES
from workflows.web.numbers import number
from workflows.web.reader import words
from workflows.web.scores import CardView, Telling, card_view
from workflows.web.scores_numbers import figure_said
from workflows.web.shown import Given

PERIODS: Final = frozenset({"month", "quarter", "year"})


@dataclass(frozen=True, slots=True)
class SaidView:
    """What was said of one line: its title, sentences, the reason, files."""

    title: str
    said: tuple[str, ...]
    reason: str = ""
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenCard(Given):
    """A scorecard; its text is the total."""

    card: CardView | None = None


@dataclass(frozen=True, slots=True)
class GivenLines(Given):
    """What was said of lines; its text is how many."""

    lines: tuple[SaidView, ...] = ()


def card_of(value: Any) -> Scorecard | None:
    """The card of a stored value, as its version says it; None where there is none."""
    if not isinstance(value, Mapping) or "card" not in value:
        return None
    try:
        return appraisal().store.get(visit().session, value["card"], value["version"]).card
    except NotFound:  # published elsewhere: the page still shows everything else
        return None


def period_of(page: CasePage) -> str:
    """The month (or year) that a case is about; "" where it is about none."""
    return next((str(shown.value) for shown in page.data if shown.field.type in PERIODS), "")


def given_card(label: str, text: str, value: Any, period: str) -> GivenCard:
    """A scorecard in full. `text`: its total."""
    card = card_of(value)
    if card is None:
        return GivenCard(label, text)
    grades = appraisal().store.grades(visit().session, period) if period else None
    organisation = visit().organisation
    telling = Telling(words(), value.get("figures") or {}, lambda person: organisation.name_of(uuid.UUID(person)))
    return GivenCard(label, text, card=card_view(read(value).score(card, grades), telling))


def given_lines(
    label: str, text: str, value: Any, card: Scorecard | None, files: Mapping[str, Attachment]
) -> GivenLines:
    """What was said of lines, each with its title. `card`: theirs; None: their keys stand for them."""
    return GivenLines(label, text, lines=said_views(value, card, files))


def said_views(value: Any, card: Scorecard | None, files: Mapping[str, Attachment]) -> tuple[SaidView, ...]:
    """A stored value of lines in words, in the order of the card."""
    lines = value.get(LINES) or {} if isinstance(value, Mapping) else {}
    order = list(card.indicators) if card is not None else []
    keys = sorted(lines, key=lambda key: order.index(key) if key in order else len(order))
    return tuple(_said(key, lines[key], card, files) for key in keys)


def titles_of(page: CasePage) -> dict[str, str]:
    """What lines and figures of the case's scorecards are called, by key: for histories."""
    language = words().language
    cards = [card for shown in page.data if shown.field.type == "scorecard" and (card := card_of(shown.value))]
    return {
        key: title.text(language)
        for card in cards
        for key, title in (
            *((key, one.title) for key, one in card.every.items()),
            *((name, figure.title) for name, figure in card.figures.items()),
        )
    }


def _said(key: str, line: Mapping[str, Any], card: Scorecard | None, files: Mapping[str, Attachment]) -> SaidView:
    title = card.title_of(key).text(words().language) if card is not None else key
    attached = tuple(files[file] for file in line.get(FILES) or () if file in files)
    return SaidView(title, tuple(_sentences(line, card)), str(line.get("reason") or ""), attached)


def _sentences(line: Mapping[str, Any], card: Scorecard | None) -> Iterable[str]:
    if line.get("verdict"):
        yield _("维持") if line["verdict"] == "keep" else _("更正")
    if line.get("score"):
        yield _("得 %(n)s 分", n=line["score"])
    if line.get("waive"):
        yield _("免计")
    for name, value in (line.get(FIGURES) or {}).items():
        yield _figure(name, value, card)


def _figure(name: str, value: Any, card: Scorecard | None) -> str:
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return f"{name} {value}"
    if card is None or name not in card.figures:
        return f"{name} {number(exact)}"
    return f"{card.title_of(name).text(words().language)} {figure_said(card, name, exact, words().language)}"
