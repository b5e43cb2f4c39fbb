"""The lines of a form of lines, one by one: what stands there, what is typed, what that would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from workflows.appraisal.cards.lines import marked_by_persons
from workflows.engine.tables import File
from workflows.engine.views.pages import FormField
from workflows.scoring.applying import most_points
from workflows.scoring.explaining.numbers import short
from workflows.scoring.line import BLOCKING, Line
from workflows.scoring.score import figures_of
from workflows.web.components import Attachment
from workflows.web.lines_counted import Counted, says_nothing_yet
from workflows.web.lines_sums import gives_of
from workflows.web.lines_typed import FIGURES, FILES, LINES, is_said
from workflows.web.lines_view import ClaimView, FigureRow, Kind, LineErrors, LineRow, RowGroup
from workflows.web.numbers import size
from workflows.web.scores import Telling, card_view, line_view
from workflows.web.scores_numbers import NOTHING, figure_said
from workflows.web.scores_sources import way_said


@dataclass(frozen=True, slots=True)
class Drawing:
    """One field of lines while it is drawn. `errors`: by `KEY.part`; `known`: files by id text."""

    form: FormField
    kind: Kind
    counted: Counted
    typed: Mapping[str, Any]
    errors: Mapping[str, tuple[str, ...]]
    known: Mapping[str, File]
    telling: Telling

    def line(self, key: str) -> Mapping[str, Any]:
        """What is typed about a line."""
        found: Mapping[str, Any] = (self.typed.get(LINES) or {}).get(key) or {}
        return found

    def claim(self, key: str) -> Mapping[str, Any]:
        """What was claimed of a line."""
        found: Mapping[str, Any] = ((self.form.only or {}).get(LINES) or {}).get(key) or {}
        return found

    def attachments(self, ids: Iterable[str], key: str = "") -> tuple[Attachment, ...]:
        """Files of a line as links; with `key`, each with the button that takes it out."""
        drop = f"drop-file:{self.form.field.name}.{key}.{FILES}:" if key else ""
        return tuple(
            Attachment(
                self.known[file].name,
                url_for("files.download", file_id=file),
                size(self.known[file].size),
                f"{drop}{file}" if drop else "",
            )
            for file in ids
            if file in self.known
        )


# ---- lines -------------------------------------------------------------------------------------------------------


def groups(drawing: Drawing) -> tuple[RowGroup, ...]:
    """The lines of the form under the card's headings; a ruling has one heading, as its lines stand for themselves."""
    after = card_view(drawing.counted.after, drawing.telling).groups
    if drawing.kind == "ruling":
        claimed = (drawing.form.only or {}).get(LINES) or {}
        keys = [key for key in drawing.counted.card.indicators if key in claimed]
        return (RowGroup("", "", "", tuple(_row(drawing, key) for key in keys)),)
    return tuple(
        RowGroup(group.title, group.counted, group.holds, tuple(_row(drawing, line.key) for line in group.lines))
        for group in after
    )


def _row(drawing: Drawing, key: str) -> LineRow:
    counted, typed = drawing.counted, drawing.line(key)
    before, after = counted.before.lines[key], counted.after.lines[key]
    judging = drawing.kind == "judgement"
    return LineRow(
        key=key,
        line=line_view(after if judging else before, drawing.telling),
        after=line_view(after, drawing.telling),
        lost=before.status in BLOCKING or (before.lost or 0) > 0,
        missing=before.status in BLOCKING,
        on=bool(typed.get("on")),
        said=is_said(drawing.form.field, typed),
        score=str(typed.get("score") or ""),
        waive=bool(typed.get("waive")),
        verdict=str(typed.get("verdict") or ""),
        reason=str(typed.get("reason") or ""),
        owing=_owes(drawing, key),
        most=short(most_points(before.indicator)),
        may_score="score" in drawing.form.field.give and not _marks(drawing, key),
        figures=() if judging else _figures(drawing, before),
        files=drawing.attachments(typed.get(FILES) or (), key),
        gives=gives_of(drawing, key) if drawing.kind == "dispute" else "",
        claim=_claim(drawing, key),
        errors=_line_errors(drawing, key),
    )


def _owes(drawing: Drawing, key: str) -> bool:
    """Whether a ruling on the line is not complete: no verdict, no reason, or nothing that says to what it is corrected."""
    typed = drawing.line(key)
    said = typed.get("verdict") and str(typed.get("reason") or "").strip()
    return not said or says_nothing_yet(drawing.counted.card, key, typed)


def _figures(drawing: Drawing, line: Line) -> tuple[FigureRow, ...]:
    """The figures of a line, those first of which somebody claims another value. A target nobody has set is not asked for."""
    claimed = drawing.claim(line.key).get(FIGURES) or {}
    typed = drawing.line(line.key).get(FIGURES) or {}
    there = [name for name in figures_of(line.indicator) if name in {*line.figures, *line.missing, *claimed, *typed}]
    names = sorted(there, key=lambda name: name not in claimed)
    marks = _marks(drawing, line.key)
    return tuple(_figure(drawing, line, name, claimed, name in marks) for name in names)


def _marks(drawing: Drawing, key: str) -> frozenset[str]:
    """The figures of a line that whoever rules may not give: persons marked them."""
    return marked_by_persons(drawing.counted.card, key) if drawing.kind == "ruling" else frozenset()


def _figure(drawing: Drawing, line: Line, name: str, claimed: Mapping[str, Any], marked: bool) -> FigureRow:
    language, card = drawing.telling.language, line.card
    stored = drawing.telling.figures.get(name)
    value = line.figures.get(name)
    asked = drawing.counted.claimed.lines[line.key].figures.get(name) if drawing.counted.claimed else None
    found = drawing.counted.after.lines[line.key].figures.get(name)
    return FigureRow(
        name=name,
        title=card.title_of(name).text(language),
        value=NOTHING if value is None else figure_said(card, name, value, language),
        source=way_said(stored, drawing.telling.words, drawing.telling.name_of) if stored else "",
        typed=str((drawing.line(line.key).get(FIGURES) or {}).get(name) or ""),
        claimed=figure_said(card, name, asked, language) if name in claimed and asked is not None else "",
        found=NOTHING if found is None else figure_said(card, name, found, language),
        errors=drawing.errors.get(f"{line.key}.{FIGURES}.{name}", ()),
        marked=marked,
    )


def _claim(drawing: Drawing, key: str) -> ClaimView | None:
    if drawing.counted.claimed is None or drawing.kind != "ruling":
        return None
    said = drawing.claim(key)
    line = line_view(drawing.counted.claimed.lines[key], drawing.telling)
    return ClaimView(line, str(said.get("reason") or ""), drawing.attachments(said.get(FILES) or ()))


def _line_errors(drawing: Drawing, key: str) -> LineErrors:
    found = {part: drawing.errors.get(f"{key}.{part}", ()) for part in ("score", "waive", "verdict", "reason", FILES)}
    return LineErrors(line=drawing.errors.get(key, ()), **found)
