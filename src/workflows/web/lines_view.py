"""What the macros draw of a field of type `lines`: frozen values, already in the reader's words (built by `web.lines`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workflows.web.components import Attachment, Problem
from workflows.web.scores import CardView, LineView, SumView

Kind = Literal["judgement", "dispute", "ruling"]
"""judgement: scores and waivers. dispute: lines to tick, with figures of one's own. ruling: a verdict on each disputed line."""


@dataclass(frozen=True, slots=True)
class LineErrors:
    """What is wrong with what was typed about a line, by input; `line`: with all of it."""

    line: tuple[str, ...] = ()
    score: tuple[str, ...] = ()
    waive: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.line, self.score, self.waive, self.verdict, self.reason, self.files))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of a line: what the card has, where that comes from, what was claimed, what is typed, what then holds (`found`).

    `marked`: persons gave it as a mark; whoever rules does not mark anew.
    """

    name: str
    title: str
    value: str
    source: str
    typed: str = ""
    claimed: str = ""
    found: str = ""
    errors: tuple[str, ...] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What the employee said about a line: the line as it would be, the words, the files."""

    line: LineView
    reason: str
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the form.

    `line`: as it stands (of a judgement: with what is typed); `after`: with what is typed. `said`: something was typed; `gives`: what
    that would give, in a sentence; `owing`: its ruling is not complete; `most`: the highest score it can be given; `may_score`: whether a score may be given at all;
    `missing`: its figures are not all there.
    """

    key: str
    line: LineView
    after: LineView
    lost: bool = False
    missing: bool = False
    on: bool = False
    said: bool = False
    score: str = ""
    waive: bool = False
    verdict: str = ""
    reason: str = ""
    owing: bool = False
    most: str = "100"
    may_score: bool = False
    figures: tuple[FigureRow, ...] = ()
    files: tuple[Attachment, ...] = ()
    gives: str = ""
    claim: ClaimView | None = None
    errors: LineErrors = field(default_factory=LineErrors)

    @property
    def wrong(self) -> bool:
        """Whether something is wrong with it."""
        return bool(self.errors) or any(figure.errors for figure in self.figures)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Lines under one heading of the card, with what they count as typed."""

    title: str
    counted: str
    holds: str
    rows: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class MissingView:
    """A line without its figures: where it is, what is missing, whom or what it waits for."""

    title: str
    anchor: str
    waits: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FollowView:
    """A line nobody disputed that changes with a corrected figure: what it counted and counts, and why."""

    title: str
    old: str
    new: str
    said: str

    @property
    def same(self) -> bool:
        """Its figures changed, what it counts did not."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class LinesView:
    """A field of lines as it is drawn.

    `card`: with what is typed applied; `before`, `before_grade`: total and grade without it; `sums`: what makes the difference; `said`:
    how many lines something is said about; `following`: lines of a ruling that change along; `bonus`: before and after.
    """

    name: str
    kind: Kind
    title: str
    seen: str
    card: CardView
    groups: tuple[RowGroup, ...]
    before: str = ""
    before_grade: str = ""
    sums: tuple[SumView, ...] = ()
    missing: tuple[MissingView, ...] = ()
    following: tuple[FollowView, ...] = ()
    bonus: tuple[str, str] | None = None

    @property
    def computed(self) -> str:
        """The total without what is typed."""
        return self.before

    @property
    def rows(self) -> tuple[LineRow, ...]:
        """Every line of the form, in the card's order."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def losing(self) -> tuple[LineRow, ...]:
        """Lines that lost points, or have something wrong or said about them."""
        return tuple(row for row in self.rows if row.lost or row.said or row.wrong)

    @property
    def unhurt(self) -> tuple[LineRow, ...]:
        """The others."""
        return tuple(row for row in self.rows if not (row.lost or row.said or row.wrong))

    @property
    def said(self) -> int:
        """How many lines something is said about."""
        return sum(1 for row in self.rows if row.said)

    @property
    def corrected(self) -> int:
        """How many lines are ruled to be corrected."""
        return sum(1 for row in self.rows if row.verdict == "correct")

    @property
    def kept(self) -> int:
        """How many lines are ruled to be kept."""
        return sum(1 for row in self.rows if row.verdict == "keep")

    @property
    def owing(self) -> int:
        """How many lines still lack a verdict, its reason, or to what they are corrected."""
        return sum(1 for row in self.rows if row.owing)

    def problems(self) -> tuple[Problem, ...]:
        """The error summary's part of this field."""
        found: list[Problem] = []
        for row in self.rows:
            start = f"f-{self.name}-{row.key}"
            for part in ("line", "score", "waive", "verdict", "reason", "files"):
                texts: tuple[str, ...] = getattr(row.errors, part)
                anchor = start if part == "line" else f"{start}-{part}"
                found += [Problem(row.line.title, text, anchor) for text in texts]
            for figure in row.figures:
                label = f"{row.line.title} · {figure.title}"
                found += [Problem(label, text, f"{start}-figures-{figure.name}") for text in figure.errors]
        return tuple(found)
