"""A month's cycle in the reader's words: what the board's template draws. Counting and judging is the views' part."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from workflows.appraisal.results.views.appraisals import Appraisal
from workflows.appraisal.results.views.asking import Asked
from workflows.appraisal.results.views.cycle import Band, Board, GroupState, Odd, Owing
from workflows.appraisal.results.views.waived import Waiver
from workflows.definition.periods import parse
from workflows.engine.views.pages import TrackStep
from workflows.http import HR, visit
from workflows.web.case_view import Track
from workflows.web.casework import names, who
from workflows.web.components import Chip, Step, Who
from workflows.web.cycle_drawn import Bar, Piece, bars, pieces
from workflows.web.cycle_words import by_whom, few, figures_of, grade_said, soft_chip
from workflows.web.language import _, language
from workflows.web.numbers import MINUS, number
from workflows.web.reader import words

MOST_ROWS = 100
MOST_ODD = 8

Tasks = Mapping[Asked, tuple[uuid.UUID, ...]]
Asking = Mapping[uuid.UUID, frozenset[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the proportional bar. `tone`: done act hold late."""

    title: str
    count: int
    tone: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Waited:
    """Somebody whose scorings are awaited. `person`: the id to urge by; `urged`: asked today about all of them."""

    who: Who
    person: str
    number: int
    people: str
    notes: tuple[str, ...]
    due: Chip | None
    urged: bool


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody whose score waits for its review."""

    who: Who
    position: str
    total: str
    grade: str
    due: Chip | None
    href: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What somebody's score lacks: a line for whomever it waits for. `case`: to ask by, "" where nobody has it in hand."""

    who: Who
    position: str
    lines: tuple[tuple[str, str], ...]
    note: str
    case: str
    urged: bool
    fill_href: str
    waive_href: str
    exempt_href: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """Somebody who is not appraised this month: who said so and when, and why."""

    who: Who
    position: str
    href: str
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One unit of the progress table."""

    title: str
    people: int
    self_reviews: int
    scored: int
    late: bool
    reviewed: int
    mean: str
    change: str


@dataclass(frozen=True, slots=True)
class OddLine:
    """Somebody to read before the others, and why."""

    who: Who
    href: str
    total: str
    grade: str
    why: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything the page draws. `late`: somebody's scoring is; `urge_all`: how many people can be urged now;
    `all_reviewed`: whoever has a total is reviewed."""

    period: str
    month: str
    before: str
    compared: bool
    title: str
    people: int
    without: int
    late: bool
    track: Track
    shares: tuple[Share, ...]
    bar_said: str
    waited: tuple[Waited, ...]
    waited_title: str
    waited_note: str
    reviews: tuple[Review, ...]
    missing: tuple[Gap, ...]
    missing_total: int
    groups: tuple[GroupLine, ...]
    scored: int
    bars: tuple[Bar, ...]
    bands_said: str
    odd: tuple[OddLine, ...]
    case_href: str
    all_reviewed: bool
    exempt: tuple[Exempt, ...] = ()

    @property
    def urge_all(self) -> int:
        """How many people owe a scoring and have not been urged today."""
        return sum(1 for row in self.waited if row.person and not row.urged)


def board_view(board: Board, owing: Tasks, asked: Asking) -> BoardView:
    """`owing`: open tasks that would give what is missing; `asked`: who has been urged today, by task."""
    period, said = board.cycle.period, words()
    unscored = [row for row in board.rows if row.total is None]
    compared = any(band.before for band in board.bands)
    return BoardView(
        period=period,
        month=said.period("month", period),
        before=said.period("month", str(parse(period, "month").previous)),
        compared=compared,
        title=_("%(month)s月度考核", month=said.period("month", period)),
        people=len(board.rows),
        without=len(unscored),
        late=any(row.late for row in unscored),
        track=_track(board),
        shares=(shares := _shares(board)),
        bar_said=_("，").join(
            _("%(n)s 人%(what)s", n=share.count, what=share.title) for share in shares if share.count
        ),
        waited=tuple(_waited(one, asked) for one in board.waiting),
        waited_title=_waited_title(board),
        waited_note=_waited_note(board),
        reviews=tuple(_review(row) for row in board.scored if row.task is not None and not row.reviewed)[:MOST_ROWS],
        missing=tuple(_gap(row, period, owing, asked) for row in board.lacking[:MOST_ROWS]),
        missing_total=sum(len(row.lacks) for row in board.lacking),
        groups=tuple(_group(one, board) for one in board.groups),
        scored=len(board.scored),
        bars=bars([(_band_said(band), band.now, band.before if compared else None) for band in board.bands]),
        bands_said=_bands_said(board),
        odd=tuple(_odd(one) for one in board.odd[:MOST_ODD]),
        case_href=url_for("case.show", case_id=board.cycle.case),
        all_reviewed=len(board.reviewed) == len(board.scored),
        exempt=tuple(_exempt(*one) for one in board.waived),
    )


# ---- steps and the bar -------------------------------------------------------------------------------------------


def _track(board: Board) -> Track:
    """The cycle's own steps; the one that opens everybody's appraisal says how far they are."""
    steps = tuple(_step(step, board) for step in board.steps)
    at = next((n for n, step in enumerate(steps, 1) if step.status in ("now", "late")), len(steps))
    label = _("进度：第 %(n)s 步，共 %(total)s 步", n=at, total=len(steps))
    now = steps[at - 1] if steps else None
    return Track(steps, label, f"{label}{_('，')}{now.name}" if now else "")


def _step(step: TrackStep, board: Board) -> Step:
    late = step.status == "now" and any(row.late and not row.reviewed for row in board.rows)
    detail = ""
    if step.status == "done" and step.at:
        detail = words().moment(step.at)
    elif step.status in ("now", "late") and not board.complete:
        detail = " · ".join(
            piece
            for piece in (names(step.people[:2]), _("%(done)s / %(all)s", done=len(board.scored), all=len(board.rows)))
            if piece
        )
    return Step(step.title.text(language()), "late" if late else step.status, detail)


def _shares(board: Board) -> tuple[Share, ...]:
    """Reviewed, waiting for review, held up by figures, not scored: everybody once."""
    reviewed = len(board.reviewed)
    lacking = len(board.lacking)
    waiting = len(board.scored) - sum(1 for row in board.reviewed if row.total is not None)
    rest = len(board.rows) - reviewed - waiting - lacking
    counts = (reviewed, waiting, lacking, rest)
    tones = ("done", "act", "hold", "late" if any(row.late for row in board.rows if row.total is None) else "mid")
    titles = (_("已复核"), _("待复核"), _("缺数据"), _("未评分"))
    return tuple(Share(*one) for one in zip(titles, counts, tones, pieces(counts), strict=True))


# ---- whom everybody waits for ------------------------------------------------------------------------------------


def _waited_title(board: Board) -> str:
    rows = sum(len(one.rows) for one in board.waiting)
    return _("还没评分 %(n)s 份，等 %(people)s 人", n=rows, people=len(board.waiting))


def _waited_note(board: Board) -> str:
    due = min((one.due_at for one in board.waiting if one.due_at), default=None)
    return _("限 %(when)s", when=words().day_and_weekday(words().local(due).date())) if due else ""


def _waited(one: Owing, asked: Asking) -> Waited:
    tasks = [row.task for row in one.rows if row.task is not None]
    alone = [row.name for row in one.rows if row.self_review is False]
    notes = []
    if one.deputy_name:
        notes.append(_("%(who)s不在，由%(deputy)s代办", who=one.name, deputy=one.deputy_name))
    if alone:
        notes.append(_("%(who)s没交自评，已注明，照常评分", who=few(alone)))
    people = few([row.name for row in one.rows])
    drawn = who(one.person, one.name)
    urged = bool(tasks) and all(asked.get(task) for task in tasks)
    mine = one.person == visit().me.id
    return Waited(
        drawn, "" if mine else one.person.hex, len(one.rows), people, tuple(notes), soft_chip(one.due_at), urged
    )


def _review(row: Appraisal) -> Review:
    return Review(
        who(row.subject, row.name),
        row.position.text(language()),
        number(row.total, 2) if row.total is not None else "",
        grade_said(row.grade),
        soft_chip(row.due_at),
        url_for("tasks.show", task_id=row.task),
    )


def _gap(row: Appraisal, period: str, owing: Tasks, asked: Asking) -> Gap:
    tasks = [task for lack in row.lacks for task in owing.get((row.subject, lack.name), ())]
    lines = list(dict.fromkeys(lack.line.text(language()) for lack in row.lacks))
    return Gap(
        who(row.subject, row.name),
        row.position.text(language()),
        by_whom(row.lacks),
        _("影响：%(what)s", what=few(lines)),
        row.case.hex if tasks else "",
        bool(tasks) and all(asked.get(task) for task in tasks),
        figures_of(row.subject, period),
        url_for("tasks.show", task_id=row.task) if row.task and row.holder == visit().me.id else "",
        url_for("cycle_waive.ask", period=period, case=row.case.hex)
        if row.waive and HR in visit().me.roles and row.subject != visit().me.id
        else "",
    )


def _exempt(row: Appraisal, why: Waiver | None) -> Exempt:
    said = f"{why.by} {words().moment(why.at)}" if why is not None else ""
    href = url_for("case.show", case_id=row.case)
    return Exempt(who(row.subject, row.name), row.position.text(language()), href, said, why.reason if why else "")


# ---- groups, bands, odd ones -------------------------------------------------------------------------------------


def _group(one: GroupState, board: Board) -> GroupLine:
    late = any(row.late and row.total is None for row in board.rows if row.unit == one.unit)
    return GroupLine(
        one.title.text(language()) or _("没有部门"),
        one.people,
        one.self_reviews,
        one.scored,
        late,
        one.reviewed,
        number(one.mean, 2) if one.mean is not None else "",
        _signed(one),
    )


def _signed(one: GroupState) -> str:
    if one.difference is None:
        return ""
    return f"{'+' if one.difference > 0 else MINUS if one.difference < 0 else ''}{number(abs(one.difference), 2)}"


def _band_said(band: Band) -> str:
    if band.least is None:
        return f"<{band.most}"
    return f"{band.least}+" if band.most is None else f"{band.least}"


def _bands_said(board: Board) -> str:
    listed = _("，").join(_("%(band)s 段 %(n)s 人", band=_band_said(band), n=band.now) for band in board.bands)
    return _("%(month)s分布：%(listed)s。", month=words().period("month", board.cycle.period), listed=listed)


def _odd(one: Odd) -> OddLine:
    row = one.row
    grade = grade_said(row.grade)
    why = [text.text(language()) for text in one.why if text.text(language()) != grade]
    if row.before is not None:
        why.append(_("上月 %(total)s", total=number(row.before, 2)))
    total = number(row.total, 2) if row.total is not None else ""
    href = url_for("case.show", case_id=row.case)
    return OddLine(who(row.subject, row.name), href, total, grade, _("；").join(why) or _("最低一档"))
