"""A scored card as people read it: numbers with their units, each line's reason in a sentence, where points went.

`CardScore` and the figures stored with it come in, texts in the reader's language come out; `components/score.html` draws them. Scores, weights and what counts always have two places; what was measured has as many as it needs to look different from its
target. Nothing is computed here but what is said twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from workflows.errors import Text
from workflows.scoring.differences import LineChange
from workflows.scoring.explaining.adding_up import adding_up
from workflows.scoring.explaining.numbers import in_unit
from workflows.scoring.line import ASIDE, Line
from workflows.scoring.score import CardScore
from workflows.web.components import Chip
from workflows.web.language import _, mark
from workflows.web.scores_balance import BalanceView, balance_view
from workflows.web.scores_numbers import PLACES, actual_said, difference, points, target_said, weight, whole_weight
from workflows.web.scores_sources import Link, SourceView, source_views, titles
from workflows.web.words import Words

_CHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": (mark("缺数据"), "hold"),
    "undefined": (mark("算不出"), "hold"),
    "waived": (mark("免计"), "plain"),
    "not_applicable": (mark("不适用"), "plain"),
    "judged": (mark("评定"), "act"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence; `cut`: it says what was deducted."""

    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a card. `notes`: more sentences; `beside`: numbers without points; `ruled`: what became of it in an appeal, and why;
    `old_…`: what was there before a correction, "" where that is the same; `old`: the whole line as it was, where it was computed
    otherwise."""

    key: str
    title: str
    actual: str
    target: str
    how: tuple[Piece, ...]
    score: str
    holds: str
    counted: str
    status: str
    chip: Chip | None = None
    notes: tuple[str, ...] = ()
    beside: str = ""
    sources: tuple[SourceView, ...] = ()
    old_score: str = ""
    old_counted: str = ""
    old_actual: str = ""
    old: LineView | None = None
    ruled: str = ""

    @property
    def anchor(self) -> str:
        """Its id in the page."""
        return f"l-{self.key}"

    @property
    def said(self) -> str:
        """The sentence without marks."""
        return "".join(piece.text for piece in self.how)


@dataclass(frozen=True, slots=True)
class GroupView:
    """Lines under one heading, with what they count of what they weigh; "" where the card has no groups."""

    title: str
    counted: str
    holds: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """A whole card. `total` "" where there is none, `no_total` says why; `missing`: titles of what is; `unhurt`: how many lines lost
    nothing; `nothing`: no line applies (there was no case in the month, or all are waived), so nothing is missing either."""

    groups: tuple[GroupView, ...]
    total: str
    grade: str
    balance: BalanceView
    unhurt: int = 0
    missing: tuple[str, ...] = ()
    nothing: bool = False
    no_total: str = ""

    @property
    def lines(self) -> tuple[LineView, ...]:
        """Every line, in the card's order."""
        return tuple(line for group in self.groups for line in group.lines)


@dataclass(frozen=True, slots=True)
class SumView:
    """What a line adds to the difference: its title, a remark, the points with their sign ("" for none)."""

    title: str
    note: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a card needs to be told to one reader.

    `figures`: as the case stored them with the card; `name_of`: a person's name by id text; `judged`: who judged or waived lines and
    when, as words; `links`: cases behind a figure, by its name; `before`: the score that this one stands beside, `old_figures` as
    stored with that; `ruled`: by line what became of it in an appeal, and why, as words.
    """

    words: Words
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name_of: Callable[[str], str] = str
    judged: str = ""
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    before: CardScore | None = None
    old_figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ruled: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.words.language

    def say(self, text: Text) -> str:
        """A text in the reader's language."""
        return text.text(self.words.language)


# ---- the card ----------------------------------------------------------------------------------------------------


def card_view(score: CardScore, telling: Telling) -> CardView:
    """The card in the reader's words."""
    lines = {key: line_view(line, telling) for key, line in score.lines.items()}
    nothing = all(line.status in ASIDE for line in score.lines.values())
    return CardView(
        groups=_groups(score, lines, telling),
        total="" if score.total is None else points(score.total),
        grade="" if score.grade is None else telling.say(score.grade.title),
        balance=balance_view(score, telling.language),
        unhurt=sum(1 for line in score.lines.values() if line.lost is not None and line.lost <= 0),
        missing=tuple(telling.say(score.card.title_of(name)) for name in score.missing),
        nothing=nothing,
        no_total="" if score.total is not None else _no_total(nothing),
    )


def line_view(line: Line, telling: Telling) -> LineView:
    """One line in the reader's words."""
    language = telling.language
    view = LineView(
        key=line.key,
        title=telling.say(line.indicator.title),
        actual=actual_said(line, language),
        target=target_said(line, language),
        how=_how(line, language),
        score=points(line.score),
        holds=weight(line.holds),
        counted=points(line.counted),
        status=line.status,
        chip=_chip(line),
        notes=(_("%(who)s。", who=telling.judged),) if line.entry and telling.judged else (),
        beside=_beside(line, telling),
        sources=source_views(line, telling.figures, telling.links, telling.words, telling.name_of),
        ruled=telling.ruled.get(line.key, ""),
    )
    return _beside_old(view, line, telling)


def judged_of(score: CardScore) -> tuple[Line, ...]:
    """Lines on which a person had a say."""
    return tuple(line for line in score.lines.values() if line.status in ("judged", "waived"))


def sums(
    changes: Sequence[LineChange], notes: Mapping[str, str], telling: Telling, between: tuple[CardScore, CardScore]
) -> tuple[SumView, ...]:
    """What makes the difference `between` two scores of one card, line by line; what is shown adds up to the difference of the totals
    that are shown. `notes`: remarks by line; a line that only follows says so, and is left out where it counts the same."""
    found = []
    for change, counted in zip(changes, _counted_apart(changes, *between), strict=True):
        note = notes.get(change.key, "") or (_followed(change, telling) if change.follows else "")
        said = difference(counted) if counted is not None else ""
        if said or not change.follows:
            found.append(SumView(telling.say(change.after.indicator.title), note, said))
    return tuple(found)


def _counted_apart(changes: Sequence[LineChange], before: CardScore, after: CardScore) -> tuple[Fraction | None, ...]:
    """What each change counts, rounded so that all together are the difference of the rounded totals; as it is without these."""
    counted = [change.counted for change in changes]
    known = [one for one in counted if one is not None]
    if before.total is None or after.total is None or len(known) < len(counted):
        return tuple(counted)
    return adding_up(known, Fraction(after.total) - Fraction(before.total), PLACES)


# ---- pieces ------------------------------------------------------------------------------------------------------


def _no_total(nothing: bool) -> str:
    """Why a card has no total, in a few words. `nothing`: no line of it applies."""
    return _("没有一项适用，没有总分") if nothing else _("缺数据，还没有总分")


def _followed(change: LineChange, telling: Telling) -> str:
    """也用到销售额，跟着变: why a line changed that nobody corrected."""
    if not change.figures:
        return _("权重跟着变")
    return _("也用到%(what)s，跟着变", what=titles(change.after, change.figures, telling.language))


def _groups(score: CardScore, lines: Mapping[str, LineView], telling: Telling) -> tuple[GroupView, ...]:
    outer = [group for group in score.groups.values() if group.group.parent is None]
    if not outer:
        return (GroupView("", "", "", tuple(lines.values())),)
    return tuple(
        GroupView(
            telling.say(group.group.title),
            points(group.counted),
            whole_weight(group.holds),
            tuple(lines[key] for key in group.lines),
        )
        for group in outer
    )


def _how(line: Line, language: str) -> tuple[Piece, ...]:
    formula = line.formula.text(language) if line.formula is not None else ""
    start = [Piece(_("%(formula)s。", formula=formula))] if "=" in formula and line.status != "waived" else []
    return (*start, *_cut_out(line.how.text(language), [cut.text(language) for cut in line.cuts]))


def _cut_out(said: str, cuts: Iterable[str]) -> list[Piece]:
    """The sentence in pieces, what was deducted set off; each cut is looked for after the one before it.

    “每低满 5 个点扣 3 分，扣 3”: the rule says 扣 3 分, the cut is the other one.
    """
    found: list[Piece] = []
    for cut in cuts:
        place = re.search(rf"{re.escape(cut)}(?!\s|\.?\d)", said)
        if place is None:
            break
        found += [Piece(said[: place.start()]), Piece(cut, cut=True)]
        said = said[place.end() :]
    return [*found, Piece(said)]


def _chip(line: Line) -> Chip | None:
    if line.status not in _CHIPS:
        return None
    title, tone = _CHIPS[line.status]
    return Chip(_(title), tone)  # type: ignore[arg-type]


def _beside(line: Line, telling: Telling) -> str:
    """Numbers that give no points, in one sentence; "" where there are none."""
    said = [f"{telling.say(one.title)} {in_unit(value, one.unit).text(telling.language)}" for one, value in line.beside]
    listed = ("、" if telling.language == "zh" else ", ").join(said)
    return _("另看（不计分）：%(what)s。", what=listed) if listed else ""


def _beside_old(view: LineView, line: Line, telling: Telling) -> LineView:
    """The line beside what it was: numbers that differ, and the whole old line wherever it was computed otherwise."""
    was = telling.before.lines.get(line.key) if telling.before is not None else None
    if was is None:
        return view
    old = line_view(was, replace(telling, figures=telling.old_figures, links={}, before=None, ruled={}))
    return replace(
        view,
        old_score=_if_other(old.score, view.score),
        old_counted=_if_other(old.counted, view.counted),
        old_actual=_if_other(old.actual, view.actual),
        old=old if old.said != view.said else None,
    )


def _if_other(was: str, now: str) -> str:
    return was if was != now else ""
