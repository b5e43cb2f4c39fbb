"""The picture of a case's way: its definition with the present step lit, inline, as a file, and as a list."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workflows.definition.diagram import Look, Names, Progress, draw, outline
from workflows.definition.diagram_outline import Step
from workflows.definition.model import START
from workflows.engine.views.pages import CasePage
from workflows.errors import Text
from workflows.http import SIGNED_IN, allow, visit
from workflows.web.casework import engine
from workflows.web.components import Diagram
from workflows.web.language import _, language

blueprint = Blueprint("diagrams", __name__)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture for the page, and the same in words."""

    diagram: Diagram
    steps: tuple[Step, ...]


def drawing(page: CasePage) -> Drawing:
    """The process of this case with what it went through; drawn from what the page has read, no statement of its own."""
    called = names()
    svg = draw(page.process, language=language(), look=None, names=called, progress=_progress(page))
    caption = (_("流程图"), _("深色为现在，绿边为走过"))
    shown = Diagram(
        Markup(svg),  # noqa: S704 - drawn by our own code from a checked definition, every text in it escaped
        caption,
        download_href=url_for("diagrams.case", case_id=page.id),
    )
    return Drawing(shown, outline(page.process, language=language(), names=called))


@blueprint.get("/cases/<uuid:case_id>/diagram.svg")
@allow(SIGNED_IN)
def case(case_id: uuid.UUID) -> ResponseReturnValue:
    """The picture as a file, for whoever may see the case. `?look=light|dark|auto`."""
    here = visit()
    page = engine().case_page(here.session, here.me.id, case_id, here.now)
    asked = request.args.get("look", "auto")
    look: Look = "light" if asked == "light" else "dark" if asked == "dark" else "auto"
    svg = draw(page.process, language=language(), look=look, names=names(), progress=_progress(page))
    response = Response(svg, mimetype="image/svg+xml")
    # The drawing brings its own few rules and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def names() -> Names:
    """What the organisation and other definitions call things."""
    organisation = visit().organisation
    return Names(
        positions={key: Text(entry.zh, entry.en) for key, entry in organisation.positions.items()},
        units={key: Text(entry.zh, entry.en) for key, entry in organisation.units.items()},
        processes={key: process.title for key, process in engine().processes(visit().session).items()},
    )


def _progress(page: CasePage) -> Progress:
    """Where the case stands and which ways it went, as far as the events on the page reach."""
    passed = {step.state for step in page.track if step.status == "done"}
    taken: set[tuple[str, str]] = set()
    returned: dict[tuple[str, str], int] = {}
    for event in page.events:
        source, target = event.from_state, event.to_state
        if target is not None and source != target:
            taken.add((source or START, target))
        if source is not None and target is not None and event.action_kind == "send_back":
            returned[source, target] = returned.get((source, target), 0) + 1
    now = frozenset() if page.ended_at is not None else frozenset({page.state_key})
    return Progress(
        now=now,
        passed=frozenset({START, *passed, *({page.state_key} if page.ended_at is not None else ())}) - now,
        taken=frozenset(taken),
        returned=returned,
    )
