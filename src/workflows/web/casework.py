"""What the pages of cases share: the engine, keys of submissions, and where an action leads to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflows.definition.model import Process
from workflows.engine.engine import Engine
from workflows.engine.requests import Outcome
from workflows.engine.views.pages import PageKey
from workflows.errors import InvalidInput, NotFound
from workflows.http import services, visit
from workflows.org.organisation import PersonId
from workflows.web.components import Chip, Option, Who
from workflows.web.language import _, language
from workflows.web.shell import say
from workflows.web.words import Words

KEY: Final = "_key"
"""Hidden input: the submission's own id. Sent twice, it has one effect."""
SEEN: Final = "_seen"
"""Hidden input: how many events the case had when the form was drawn."""
ACTION: Final = "_action"
COMMENT: Final = "_comment"
ROW: Final = "_row"
"""A button of the form itself: rows of tables, files taken out, keeping a draft."""
STEP: Final = "_step"
"""`confirm` on the short page that asks for a reason."""
PART: Final = "_part"
THEN: Final = "_then"
"""Hidden input: the list whose next task opens afterwards (`desk`: scorings, in the order of that page)."""
PLACE: Final = "_place"
DRAWN: Final = "_fields"
"""Hidden input: the names of the fields the form drew. Unticked boxes and removed rows leave nothing else behind."""


def engine() -> Engine:
    """The engine of this process."""
    found: Engine = services().rooms["engine"]
    return found


def submission_key() -> uuid.UUID:
    """The key the form carried. Raises `InvalidInput` where it carried none: pressed twice, it would have two effects."""
    key = _uuid(request.form.get(KEY))
    if key is None:
        raise InvalidInput(
            "这个表单不完整，没有提交。请看一遍再提交。",
            "This form was not whole and nothing was handed in. Look it over and submit it again.",
        )
    return key


def seen_events() -> int | None:
    """How many events the case had when the form was drawn, as the form says."""
    written = request.form.get(SEEN, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def drawn_fields() -> frozenset[str]:
    """The fields that the form drew, as it says; those it carries, where it says nothing (a program)."""
    said = request.form.get(DRAWN)
    if said is not None:
        return frozenset(said.split())
    return frozenset(name.partition(".")[0] for name in (*request.form, *request.files))


def page_key() -> PageKey | None:
    """Where the list goes on, from the address."""
    written = request.args.get("after")
    return PageKey.parse(written) if written else None


def task_place(task: uuid.UUID) -> str:
    """The name of a task's draft."""
    return f"task:{task.hex}"


def start_place(process: str) -> str:
    """The name of the draft of a case not started yet."""
    return f"start:{process}"


def newest_process(key: str) -> Process:
    """The newest published version of a process. Raises `NotFound`."""
    process = engine().processes(visit().session).get(key)
    if process is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    return process


def go_on(outcome: Outcome, said: str) -> ResponseReturnValue:
    """After an action the next task opens itself; `said` stands on top of it."""
    say(said, href=url_for("case.show", case_id=outcome.case), link=_("看这件"))
    if outcome.next_task is not None:
        return redirect(url_for("tasks.show", task_id=outcome.next_task), 303)
    return redirect(url_for("desk.first" if request.form.get(THEN) == "desk" else "work.first"), 303)


# ---- people and times --------------------------------------------------------------------------------------------


def name(person: PersonId | None, named: str) -> str:
    """你 for the reader, else the name."""
    return _("你") if person is not None and person == visit().me.id else named


def who(person: PersonId | None, named: str, stands_for: str = "") -> Who:
    """A person as the macros draw them."""
    member = visit().organisation.people.get(person) if person else None
    return Who(name(person, named), stands_for=stands_for, left=member is not None and not member.active)


def names(people: Iterable[str]) -> str:
    """Several names in one line."""
    mine = visit().me.member.name
    return (_("、")).join(_("你") if one == mine else one for one in people)


def due_chip(words: Words, due: datetime | None, unit: str = "wd") -> Chip | None:
    """The chip of a deadline: filled when late, soft on its day, grey before."""
    if due is None:
        return None
    return Chip(words.due_or_late(due, unit), words.tone(due), words.iso(due))


def outcome_title(outcome: str | None, state_title: str) -> str:
    """How a case ended, in the reader's words: its last state's title, or 已作废."""
    return _("已作废") if outcome == "cancelled" else state_title


def process_options(titles: Mapping[str, str]) -> tuple[Option, ...]:
    """The filter of processes, all of them first."""
    return (Option("", _("全部流程")), *(Option(key, title) for key, title in titles.items()))


def process_titles() -> dict[str, str]:
    """The titles of all published processes in the reader's language, by key."""
    found = engine().processes(visit().session)
    return {key: process.title.text(language()) for key, process in found.items()}


def _uuid(written: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(written or "")
    except ValueError:
        return None
