"""Files of cases: downloaded as attachments, never shown by the browser as a page of ours."""

from __future__ import annotations

import uuid
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.engine.tables import File
from workflows.http import EMPLOYEE, SIGNED_IN, allow, visit
from workflows.web.casework import engine
from workflows.web.reasons import is_auditor, note, reason_given

CLOSED: Final = "default-src 'none'; sandbox"
"""Whatever a file contains, it can load, run and submit nothing, even where a browser opens it."""
PLAIN: Final = "application/octet-stream"
KNOWN: Final = frozenset(
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/csv", "application/zip",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)  # fmt: skip
"""Types said as they are; everything else, HTML and SVG first of all, goes out as unnamed bytes."""

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<uuid:file_id>")
@allow(SIGNED_IN)
def download(file_id: uuid.UUID) -> ResponseReturnValue:
    """The file, for whoever may see its case (or uploaded it into a form not handed in yet)."""
    here = visit()
    found = engine().download(here.session, here.me.id, file_id, here.now)
    if is_auditor():
        case_id = here.session.scalar(select(File.case_id).where(File.id == file_id))
        if case_id is not None and EMPLOYEE not in here.me.roles and not reason_given():
            return redirect(url_for("audit.case", case_id=case_id))
        note("file", case_id)
    response = Response(found.content, mimetype=found.media_type if found.media_type in KNOWN else PLAIN)
    response.headers["Content-Disposition"] = disposition(found.name)
    response.headers["Content-Security-Policy"] = CLOSED
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name: str) -> str:
    """`attachment` with the name twice: plain ASCII for old readers, UTF-8 for the others (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\/' else "_" for c in name) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
