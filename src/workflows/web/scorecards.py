"""评分卡: the rules of each position in words, which version holds from when and what it changed, and a place to try them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.cards.store import FROM_THE_BEGINNING, CardVersion, Entry
from workflows.errors import NotFound
from workflows.http import ADMINISTRATOR, HR, SIGNED_IN, allow, visit
from workflows.scoring import words as scoring_words
from workflows.scoring.changes import between
from workflows.scoring.model import Group, Scorecard
from workflows.scoring.words import IndicatorWords
from workflows.web.appraised import appraisal, tabs
from workflows.web.casework import name
from workflows.web.components import Crumb
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.scorecards_tried import Tried, sections, targets, try_card
from workflows.web.scores import Telling, card_view
from workflows.web.scores_numbers import weight, whole_weight

MOST_CHANGES: Final = 60

blueprint = Blueprint("scorecards", __name__)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in the list. `people`: how many are appraised by it; `since`: from when its newest version holds, "" for always."""

    title: str
    position: str
    href: str
    lines: int
    people: int
    version: int
    since: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """An indicator as the page describes it; `width` of 100 draws its weight."""

    title: str
    formula: str
    target: str
    rule: str
    notes: tuple[str, ...]
    holds: str
    width: str
    parts: tuple[LineWords, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupWords:
    """A group with its lines; `note`: what is to be said of its weights; `inner`: it stands within the one before it."""

    title: str
    weight: str
    note: str
    lines: tuple[LineWords, ...]
    inner: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published version and in what it differs from the one before it, in sentences."""

    number: int
    since: str
    published: str
    by: str
    changes: tuple[str, ...]
    more: int
    href: str
    shown: bool


@blueprint.get("/scorecards")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """All cards, that of the reader's own position first."""
    here = visit()
    mine = here.me.member.appraised_position
    found = appraisal().store.newest(here.session)
    rows = {card.key: _row(card) for card in found}
    own = rows.pop(mine or "", None)
    return render_template("scorecards/index.html", own=own, rows=tuple(rows.values()), tabs=tabs("scorecards.index"))


@blueprint.get("/scorecards/<key>")
@allow(SIGNED_IN)
def show(key: str) -> ResponseReturnValue:
    """One card in words: the newest version, or that of `version`."""
    shown = _version(key)
    history = appraisal().store.history(visit().session, key)
    return render_template(
        "scorecards/show.html",
        title=_title(shown),
        own=key == visit().me.member.appraised_position,
        card=shown,
        source=shown.card.source,
        since=_since(shown.entry),
        newest=shown.entry == history[-1],
        groups=_groups(shown.card),
        versions=_versions(key, history, shown.version),
        way=_way(shown),
        position=_position(key),
        count=len(shown.card.indicators),
        try_url=url_for("scorecards.trying", key=key),
        keeps=bool(visit().me.roles & {HR, ADMINISTRATOR}),
    )


@blueprint.get("/scorecards/<key>/try")
@allow(SIGNED_IN)
def trying(key: str) -> ResponseReturnValue:
    """The form for numbers of one's own."""
    return _try_page(_version(key), Tried())


@blueprint.post("/scorecards/<key>/try")
@allow(SIGNED_IN)
def tried(key: str) -> ResponseReturnValue:
    """What these numbers would give. A form, so that nobody's numbers stand in an address or a log; nothing is written."""
    shown = _version(key)
    grades = appraisal().store.grades(visit().session, _month())
    found = try_card(shown.card, grades, request.form)
    return _try_page(shown, found), 422 if found.wrong else 200


# ---- the page of one card ----------------------------------------------------------------------------------------


def _groups(card: Scorecard) -> tuple[GroupWords, ...]:
    """The groups of the card with their own lines, outer ones before those within; one without a title where it has none."""
    described = scoring_words.card_in_words(card)
    heaviest = max((one.holds for one in card.indicators.values()), default=1)

    def line(one: IndicatorWords) -> LineWords:
        share = one.indicator.holds / heaviest * 100
        return LineWords(
            one.title.text(language()),
            one.formula.text(language()) if one.formula else "",
            one.target.text(language()) if one.target else "",
            one.rule.text(language()),
            tuple(_process_named(one, note.text(language())) for note in one.notes),
            weight(one.indicator.holds),
            str(int(share)),
            tuple(line(part) for part in one.parts),
        )

    if not card.groups:
        return (GroupWords("", "", "", tuple(line(one) for one in described.values()), False),)
    return tuple(
        GroupWords(
            group.title.text(language()),
            whole_weight(group.weight),
            _said_of(card, group),
            tuple(line(described[key]) for key in group.indicators),
            group.parent is not None,
        )
        for group in card.groups.values()
    )


def _process_named(one: IndicatorWords, note: str) -> str:
    """A note that names a process by its key, with its title."""
    alarm = one.indicator.alarm
    started = visit().scene.newest.get(alarm.starts) if alarm else None
    if alarm is None or started is None:
        return note
    titled = started.process.title.text(language())
    return note.replace(f"`{alarm.starts}`", f"“{titled}”").replace(alarm.starts, f"“{titled}”")


def _said_of(card: Scorecard, group: Group) -> str:
    said = scoring_words.group_words(card, group)
    return said.text(language()) if said else ""


def _versions(key: str, history: Iterable[Entry], shown: int) -> tuple[VersionRow, ...]:
    """Newest first, each with what it changed."""
    store, session = appraisal().store, visit().session
    found: list[VersionRow] = []
    before: Scorecard | None = None
    for entry in history:
        card = store.get(session, key, entry.version).card
        changes = [change.text.text(language()) for change in between(before, card)] if before else []
        found.append(
            VersionRow(
                entry.version,
                _since(entry),
                words().moment(entry.published_at),
                name(entry.published_by, visit().organisation.name_of(entry.published_by)),
                tuple(changes[:MOST_CHANGES]),
                max(0, len(changes) - MOST_CHANGES),
                url_for("scorecards.show", key=key, version=entry.version),
                entry.version == shown,
            )
        )
        before = card
    return tuple(reversed(found))


# ---- trying it ---------------------------------------------------------------------------------------------------


def _try_page(shown: CardVersion, found: Tried) -> str:
    card = shown.card
    score = found.score
    missing = [(one, card.title_of(one).text(language())) for one in score.missing] if score else []
    return render_template(
        "scorecards/try.html",
        title=_title(shown),
        way=(*_way(shown)[:-1], Crumb(_title(shown), url_for("scorecards.show", key=shown.key)), Crumb(_("试算"))),
        back=url_for("scorecards.show", key=shown.key),
        url=url_for("scorecards.trying", key=shown.key),
        card=card_view(score, Telling(words())) if score else None,
        missing=missing,
        problems=found.problems(card),
        sections=sections(card, found),
        targets=(optional := targets(card, found)),
        targets_said=any(view.value or view.errors for view in optional.views),
    )


# ---- pieces ------------------------------------------------------------------------------------------------------


def _version(key: str) -> CardVersion:
    """The version asked for, else the newest. Raises `NotFound`."""
    here = visit()
    history = appraisal().store.history(here.session, key)
    if not history:
        raise NotFound("这个岗位没有评分卡。", "This position has no scorecard.")
    return appraisal().store.get(here.session, key, request.args.get("version", history[-1].version, type=int))


def _row(card: CardVersion) -> CardRow:
    return CardRow(
        _title(card),
        _position(card.key),
        url_for("scorecards.show", key=card.key),
        len(card.card.indicators),
        sum(one.active and one.appraised_position == card.key for one in visit().organisation.people.values()),
        card.version,
        _since(card.entry),
    )


def _title(card: CardVersion) -> str:
    return card.card.title.text(language())


def _position(key: str) -> str:
    entry = visit().organisation.positions.get(key)
    return entry.title(language()) if entry else key


def _since(entry: Entry) -> str:
    """从 2026 年 11 月起; "" for a first version, which holds for every month."""
    if entry.valid_from == FROM_THE_BEGINNING:
        return ""
    return words().period("month", entry.valid_from)


def _way(card: CardVersion) -> tuple[Crumb, ...]:
    return (Crumb(_("评分卡"), url_for("scorecards.index")), Crumb(_title(card)))


def _month() -> str:
    return f"{words().today:%Y-%m}"
