"""Uploading figures: choose files, see what would be new and changed or what is wrong where, then take all of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.figures.intake.applying import FigureChange, FigurePreview, import_figures, preview_figures
from workflows.appraisal.figures.intake.checking import MOST_FAULTS
from workflows.appraisal.figures.intake.given import Fault
from workflows.appraisal.figures.intake.standards import Standards, standards_of
from workflows.appraisal.figures.ledger import appraised
from workflows.appraisal.figures.store import Value
from workflows.errors import InvalidInput, NotFound, RejectedImport
from workflows.http import HR, allow, visit
from workflows.web.appraised import appraisal
from workflows.web.casework import engine
from workflows.web.components import Change
from workflows.web.figures_month import chosen_month, month_tabs
from workflows.web.language import _, language
from workflows.web.numbers import number
from workflows.web.reader import words
from workflows.web.telling import Tell, telling

Files = list[tuple[str, bytes]]
MOST_FILES: Final = 10
MOST_NEW: Final = 100
MOST_SHOWN: Final = 200
"""So many changes are shown one by one; of the others there is the count."""

blueprint = Blueprint("figures_upload", __name__, url_prefix="/figures/upload")


@dataclass(frozen=True, slots=True)
class FigureCount:
    """What an upload brings of one figure: how many are new and how many change."""

    title: str
    new: int
    changed: int


@blueprint.get("")
@allow(HR)
def index() -> ResponseReturnValue:
    """Where the files are chosen, and where the templates are."""
    return _page()


@blueprint.post("")
@allow(HR)
def preview() -> ResponseReturnValue:
    """Show what the files would bring, or every fault by row and column. The files are kept for the next step, no figure is written."""
    try:
        files = _chosen()
    except InvalidInput as error:
        return _page(error.text(language())), error.status
    return telling(lambda tell: _look(files, tell))


def _look(files: Files, tell: Tell) -> ResponseReturnValue:
    here = visit()
    try:
        found = preview_figures(here.session, files, _standards(), tell("check"))
        if found.faults:
            return _page(_many_faults(len(found.faults)), found.faults), 422
        kept = [engine().upload(here.session, here.me.id, name, "", data, here.now).hex for name, data in files]
    except (InvalidInput, RejectedImport) as error:
        here.undo()
        return _page(error.text(language())), error.status
    return _preview(found, kept)


def _many_faults(count: int) -> str:
    if count >= MOST_FAULTS:
        return _("有 %(n)s 处以上要改，什么都没有导入", n=MOST_FAULTS)
    return _("有 %(n)s 处要改，什么都没有导入", n=count)


@blueprint.post("/apply")
@allow(HR)
def apply() -> ResponseReturnValue:
    """Import the files of the preview: all of them or nothing."""
    return telling(_take)


def _take(tell: Tell) -> ResponseReturnValue:
    here, reason = visit(), request.form.get("reason", "").strip()
    kept = request.form.getlist("file")
    try:
        files = [_kept(one) for one in kept]
        if not files:
            raise _lost()
        done = import_figures(
            here.session, files, _standards(), actor=here.me.id, now=here.now, reason=reason,
            checking=tell("check"), progress=tell("write"),
        )  # fmt: skip
    except RejectedImport as error:
        here.undo()
        return _page(error.text(language())), error.status
    except InvalidInput as error:
        here.undo()
        return _again(kept, reason, error), error.status
    batch = done.batch.hex if done.batch is not None else ""
    return redirect(url_for("figures.index", month=request.form.get("month") or None, batch=batch))


# ---- pages -------------------------------------------------------------------------------------------------------


def _page(problem: str = "", faults: Sequence[Fault] = ()) -> str:
    month = chosen_month()
    return render_template(
        "figures/upload.html",
        tabs=month_tabs(month, lambda one: url_for("figures_upload.index", month=one)),
        month=month,
        said=words().period("month", month),
        positions=_positions(month),
        problem=problem,
        faults=[(fault.place.text(language()), fault.text.text(language())) for fault in faults[:MOST_SHOWN]],
        more=max(len(faults) - MOST_SHOWN, 0),
    )


def _preview(found: FigurePreview, kept: list[str], reason: str = "", problem: str = "") -> str:
    months = sorted({change.key.month for change in (*found.new, *found.changed)})
    return render_template(
        "figures/preview.html",
        found=found,
        counts=_counts(found),
        changed=[_change(change) for change in found.changed[:MOST_SHOWN]],
        more=max(len(found.changed) - MOST_SHOWN, 0),
        new=[_change(change) for change in found.new[:MOST_NEW]],
        more_new=max(len(found.new) - MOST_NEW, 0),
        months=_("、").join(words().period("month", month) for month in months),
        month=months[-1] if months else "",
        people=len({change.key.person for change in (*found.new, *found.changed)}),
        total=len(found.new) + len(found.changed),
        kept=kept,
        reason=reason,
        problem=problem,
    )


def _again(kept: list[str], reason: str, error: InvalidInput) -> str:
    """The preview once more, with what is wrong about the reason; the choice of files where they are gone."""
    try:
        files = [_kept(one) for one in kept]
        found = preview_figures(visit().session, files, _standards())
    except InvalidInput as lost:
        return _page(lost.text(language()))
    return (
        _page(error.text(language()))
        if found.faults or not files
        else _preview(found, kept, reason, error.text(language()))
    )


def _positions(month: str) -> tuple[tuple[str, str], ...]:
    """Positions whose template somebody could fill in: key and title, in the company's order."""
    organisation = visit().organisation
    held = {organisation.people[person].appraised_position for person in appraised(organisation, month)}
    store = appraisal().store
    return tuple(
        (key, entry.title(language()))
        for key, entry in organisation.positions.items()
        if key in held and store.version_for(visit().session, key, month) is not None
    )


def _counts(found: FigurePreview) -> tuple[FigureCount, ...]:
    new, changed = (Counter(change.key.name for change in changes) for changes in (found.new, found.changed))
    names = sorted(new.keys() | changed.keys(), key=lambda name: (-changed[name], -new[name], name))
    return tuple(FigureCount(_title(name), new[name], changed[name]) for name in names)


def _change(change: FigureChange) -> tuple[str, str, Change]:
    """Whose and when, and what was there and what comes."""
    organisation, key = visit().organisation, change.key
    unit = organisation.units.get(key.unit or "")
    whose = organisation.name_of(key.person) or (unit.title(language()) if unit else _("全公司"))
    return (
        whose,
        words().period("month", key.month),
        Change(_title(key.name), shown(change.before), shown(change.after)),
    )


def shown(value: Value) -> str:
    """A figure as people read it; a parameter by its key; "" where there is none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else number(value)


def _title(name: str) -> str:
    catalogue = appraisal().store.catalogue(visit().session)
    known = catalogue.get(name) or catalogue.parameters.get(name)
    return known.title.text(language()) if known is not None else name


# ---- files -------------------------------------------------------------------------------------------------------


def _standards() -> Standards:
    here = visit()
    return standards_of(here.session, here.scene, appraisal().store, here.me.id)


def _chosen() -> Files:
    files: Files = []
    for upload in request.files.getlist("files"):
        with closing(upload):
            if upload.filename:
                files.append((upload.filename, upload.read()))
    if not files:
        raise InvalidInput("还没有选文件。", "No file was chosen.")
    if len(files) > MOST_FILES:
        raise InvalidInput(f"一次最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files at once.")
    return files


def _kept(file: str) -> tuple[str, bytes]:
    """A file of the preview. Raises `InvalidInput` where it is not there (any more)."""
    here = visit()
    try:
        found = engine().download(here.session, here.me.id, uuid.UUID(hex=file), here.now)
    except (ValueError, NotFound):
        raise _lost() from None
    return found.name, found.content


def _lost() -> InvalidInput:
    return InvalidInput("文件没有带过来，请重新选。", "The files were lost on the way: choose them again.")
