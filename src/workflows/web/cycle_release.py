"""What a publication shows to whom: drawn before two people release it, and told on the board while it may not be."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from flask import url_for

from workflows.appraisal.results.views.cycle import Board
from workflows.appraisal.results.views.processes import running
from workflows.definition.model import Action
from workflows.engine.views.pages import CasePage
from workflows.http import HR, visit
from workflows.web.appraised import appraisal
from workflows.web.language import _, language
from workflows.web.numbers import number

SAMPLE: Final = 12
"""Rows of the public list shown before it is one."""


@dataclass(frozen=True, slots=True)
class Releasing:
    """Whether a month can be released. `href`: the task that does; `blocked`: why not yet; `published`: it has been;
    `on_view`: and the cycle still runs, so that the public list may be there to look at.

    `rows`: name, position, total, as the department will see them; `rest`: how many more.
    """

    href: str
    blocked: str
    published: bool
    on_view: bool
    rows: tuple[tuple[str, str, str], ...]
    rest: int


def release_of(page: CasePage, action: Action) -> Releasing | None:
    """What an action of a cycle that several people release will show to whom; None for every other action."""
    here = visit()
    newest = {key: published.process for key, published in here.scene.newest.items()}
    if action.people < 2 or page.process.key not in running(newest):
        return None
    period = next((str(shown.value) for shown in page.data if shown.field.type == "month"), "")
    return releasing(appraisal().cycle_board(here.session, here.me.id, period, here.now), None)


def releasing(board: Board, task: uuid.UUID | None) -> Releasing:
    """`task`: the cycle's own open task."""
    without = sum(1 for row in board.rows if row.total is None)
    unreviewed = len(board.rows) - len(board.reviewed)
    blocked = ""
    if without:
        blocked = _("%(n)s 人还没有分数，不能公示", n=without)
    elif unreviewed:
        blocked = _("%(n)s 人还没有复核，不能公示", n=unreviewed)
    shown = [
        (row.name, row.position.text(language()), number(row.total, 2)) for row in board.rows if row.total is not None
    ]
    href = url_for("tasks.show", task_id=task) if task is not None and not blocked and HR in visit().me.roles else ""
    on_view = board.published and board.cycle.ended_at is None
    return Releasing(href, blocked, board.published, on_view, tuple(shown[:SAMPLE]), max(0, len(shown) - SAMPLE))
