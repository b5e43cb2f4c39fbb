"""The reader of this request: how times are said to them, and where the page leads them back to."""

from __future__ import annotations

import re
from typing import Final

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from workflows.http import now, visit
from workflows.org.calendar import Calendar
from workflows.web.language import language
from workflows.web.words import Words

_OWN_PATH: Final = re.compile(r"^/(?![/\\])[\x21-\x5b\x5d-\x7e]*\Z")


def words() -> Words:
    """Says times and periods in the reader's language, at this request's time and the company's calendar."""
    calendar = visit().calendar if "visit" in g else Calendar()
    return Words(language(), now(), calendar)


def own_path(address: str | None) -> str | None:
    """`address` if it is the path of one of our pages, else None: a sign-in never leads to somebody else's site."""
    if not address or not _OWN_PATH.match(address):
        return None
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        adapter.match(address.partition("?")[0].partition("#")[0], method="GET")
    except RequestRedirect:
        return address
    except HTTPException:
        return None
    return address
