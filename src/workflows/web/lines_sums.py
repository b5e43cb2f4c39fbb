"""What a form of lines would give: the difference line by line, what follows from a figure, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from workflows.appraisal.cards.owing import owed_by
from workflows.definition.model import Process
from workflows.scoring.differences import LineChange, changed_lines
from workflows.scoring.line import ASIDE, BLOCKING, Line
from workflows.web.language import _
from workflows.web.lines_typed import FIGURES, is_said
from workflows.web.lines_view import FollowView, MissingView
from workflows.web.scores import SumView, Telling, line_view, sums
from workflows.web.scores_numbers import actual_said, difference, points

if TYPE_CHECKING:
    from workflows.web.lines_rows import Drawing


def sums_of(drawing: Drawing) -> tuple[SumView, ...]:
    """What makes the difference between the card without and with what is typed."""
    notes = {key: note for key in drawing.counted.card.indicators if (note := _verdict_note(drawing, key))}
    between = (drawing.counted.before, drawing.counted.after)
    found = sums(_changes(drawing), notes, drawing.telling, between)
    changed = {change.key for change in _changes(drawing)}
    kept = (key for key in notes if key not in changed)
    titles = {key: drawing.telling.say(drawing.counted.card.indicators[key].title) for key in notes}
    return (*found, *(SumView(titles[key], notes[key]) for key in kept))


def _changes(drawing: Drawing) -> tuple[LineChange, ...]:
    corrected = [key for key in drawing.counted.card.indicators if is_said(drawing.form.field, drawing.line(key))]
    return changed_lines(drawing.counted.before, drawing.counted.after, corrected)


def _verdict_note(drawing: Drawing, key: str) -> str:
    """更正，比本人说的少 0.02."""
    verdict = drawing.line(key).get("verdict")
    if verdict == "keep":
        return _("维持")
    if verdict != "correct" or drawing.counted.claimed is None:
        return ""
    claimed, found = (card.lines[key].counted for card in (drawing.counted.claimed, drawing.counted.after))
    less = (claimed or Fraction(0)) - (found or Fraction(0))
    if not difference(less):
        return _("更正")
    said = difference(less)[1:]
    return _("更正，比本人说的少 %(n)s", n=said) if less > 0 else _("更正，比本人说的多 %(n)s", n=said)


def gives_of(drawing: Drawing, key: str) -> str:
    """What one's own figures would give: the line itself, and others that use them."""
    unread = any(place.startswith(f"{key}.{FIGURES}.") for place in drawing.errors)
    if unread or not drawing.line(key).get("on") or not any((drawing.line(key).get(FIGURES) or {}).values()):
        return ""
    changes = {change.key: change for change in _changes(drawing)}
    own = changes.pop(key, None)
    if own is None:
        return _("得分不变。")
    following = [
        _follower(change, drawing.telling)
        for change in changes.values()
        if change.follows and set(change.figures) & set(own.figures) and difference(change.counted or Fraction(0))
    ]
    return "".join([_own_line(own, drawing.telling), *following])


def _own_line(change: LineChange, telling: Telling) -> str:
    after = change.after
    if after.status in ASIDE:
        return line_view(after, telling).said
    values = {
        "actual": actual_said(after, telling.language),
        "score": points(after.score),
        "counted": points(after.counted),
    }
    return _("%(actual)s，得 %(score)s，计入 %(counted)s", **values) + _more(change)


def _follower(change: LineChange, telling: Telling) -> str:
    values = {
        "title": telling.say(change.after.indicator.title),
        "old": actual_said(change.before, telling.language),
        "new": actual_said(change.after, telling.language),
    }
    return _("%(title)s也用这个数：%(old)s 变 %(new)s", **values) + _more(change)


def _more(change: LineChange) -> str:
    said = difference(change.counted or Fraction(0))
    if not said:
        return _("，不多不少。")
    return _("，多 %(n)s。", n=said[1:]) if said.startswith("+") else _("，少 %(n)s。", n=said[1:])


def following_of(drawing: Drawing) -> tuple[FollowView, ...]:
    """Lines of a ruling that nobody disputed and that use a corrected figure."""
    if drawing.kind != "ruling":
        return ()
    return tuple(
        FollowView(
            drawing.telling.say(change.after.indicator.title),
            points(change.before.counted),
            points(change.after.counted),
            line_view(change.after, drawing.telling).said,
        )
        for change in _changes(drawing)
        if change.follows
    )


# ---- what is missing ---------------------------------------------------------------------------------------------


def missing_of(drawing: Drawing, processes: Mapping[str, Process]) -> tuple[MissingView, ...]:
    """Lines without their figures, and what each waits for."""
    return tuple(
        _missing(line, drawing.telling, processes)
        for line in drawing.counted.after.lines.values()
        if line.status in BLOCKING
    )


def _missing(line: Line, telling: Telling, processes: Mapping[str, Process]) -> MissingView:
    listed = _("、").join(telling.say(line.card.title_of(name)) for name in line.missing)
    waits = ""
    if line.status == "missing":
        owing = dict.fromkeys(telling.say(owed_by(name, line.indicator, processes)) for name in line.missing)
        waits = _("等%(what)s", what=_("、").join(owing))
    return MissingView(telling.say(line.indicator.title), f"l-{line.key}", waits, listed)
