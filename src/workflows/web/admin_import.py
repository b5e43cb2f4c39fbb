"""Bringing people in from CSV and XLSX: upload, see what would change or what is wrong where, then do all of it."""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import closing
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.errors import InvalidInput, RejectedImport, Text
from workflows.http import ADMINISTRATOR, allow, visit
from workflows.org.importing.applying import import_organisation, preview_import
from workflows.org.importing.columns import KINDS
from workflows.org.importing.preview import Preview
from workflows.web.admin_people import people_tabs
from workflows.web.components import Change
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.shell import say

Files = list[tuple[str, bytes]]
MOST_FILES: Final = 10
LARGEST: Final = 1_200_000
"""Of all files together: they travel through the preview page. Larger ones go by `workflows org import`."""

blueprint = Blueprint("admin_import", __name__, url_prefix="/admin/import")


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Where the files are chosen, and which columns they may have."""
    return _page()


@blueprint.post("")
@allow(ADMINISTRATOR)
def preview() -> ResponseReturnValue:
    """Show what the uploaded files would change, or every fault by file, row and column. Nothing is changed."""
    try:
        files = _uploaded()
        found = preview_import(visit().session, files, words().today)
    except (InvalidInput, RejectedImport) as error:
        return _page(error.text(language())), error.status
    if found.faults:
        faults = [(fault.place.text(language()), fault.text.text(language())) for fault in found.faults]
        return _page(_("有 %(n)s 处要改，什么都没有导入", n=len(faults)), faults), 422
    return render_template(
        "admin/import_preview.html", tabs=people_tabs(), found=found, groups=_groups(found), packed=_packed(files),
        names=[name for name, _data in files],
    )  # fmt: skip


@blueprint.post("/apply")
@allow(ADMINISTRATOR)
def apply() -> ResponseReturnValue:
    """Import the files of the preview: all of them or nothing."""
    try:
        done = import_organisation(visit().session, _unpacked(), words().today, visit().now)
    except (InvalidInput, RejectedImport) as error:
        visit().undo()
        return _page(error.text(language())), error.status
    say(
        _(
            "已导入：新增 %(added)s 行，改动 %(changed)s 行。",
            added=len(done.added),
            changed=len(done.changed) + len(done.removed),
        )
    )
    return redirect(url_for("admin_people.index"))


def _page(problem: str = "", faults: list[tuple[str, str]] | None = None) -> str:
    return render_template("admin/import.html", tabs=people_tabs(), kinds=KINDS, problem=problem, faults=faults or [])


def _uploaded() -> Files:
    files: Files = []
    for upload in request.files.getlist("files"):
        with closing(upload):
            if upload.filename:
                files.append((upload.filename, upload.read()))
    if not files:
        raise InvalidInput("还没有选文件。", "No file was chosen.")
    if len(files) > MOST_FILES or sum(len(data) for _name, data in files) > LARGEST:
        raise _too_large()
    return files


def _packed(files: Files) -> str:
    return json.dumps([[name, base64.b64encode(data).decode()] for name, data in files])


def _unpacked() -> Files:
    try:
        packed = json.loads(request.form.get("files", ""))
        files = [(str(name), base64.b64decode(data, validate=True)) for name, data in packed]
    except (ValueError, TypeError, binascii.Error):
        raise InvalidInput("文件没有带过来，请重新选。", "The files were lost on the way: choose them again.") from None
    if sum(len(data) for _name, data in files) > LARGEST:
        raise _too_large()
    return files


def _too_large() -> InvalidInput:
    told = Text(
        "文件太多或太大（合起来超过 1.2 MB）。请用命令 workflows org import 导入。",
        "Too many or too large files (more than 1.2 MB together). Use the command: workflows org import",
    )
    return InvalidInput(told.zh, told.en)


def _groups(found: Preview) -> list[tuple[str, list[tuple[str, str, tuple[Change, ...]]]]]:
    """By kind of sheet: each row's label, what happens to it (new, changed, gone), and its changes in words."""
    groups = []
    for kind in KINDS:
        rows = []
        for change in found.of(kind.name):
            state = "new" if change.before is None else "gone" if change.after is None else "changed"
            changes = tuple(
                Change(_heading(kind.name, name), _cell(old), _cell(new)) for name, (old, new) in change.fields.items()
            )
            rows.append((change.label, state, changes))
        if rows:
            groups.append((kind.zh if language() == "zh" else kind.name.capitalize(), rows))
    return groups


def _heading(kind: str, column: str) -> str:
    sheet = next(k for k in KINDS if k.name == kind)
    found = next((c for c in sheet.columns if c.name == column), None)
    if found is None:
        return column
    return found.zh if language() == "zh" else found.en


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _("、").join(map(str, value)) if isinstance(value, tuple) else str(value)
