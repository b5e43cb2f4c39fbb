"""A case in the reader's words: head, steps, question, changes, checks, what happens then, whom it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask import url_for

from workflows.definition.model import WHOLE, Action
from workflows.definition.model import Check as CheckState
from workflows.engine.views.pages import (
    ActionView,
    CasePage,
    CheckResult,
    FieldChange,
    FormField,
    NextStep,
    Shown,
    TaskView,
    TrackStep,
    Waiting,
)
from workflows.org.organisation import PersonId
from workflows.web.casework import due_chip, name, names, outcome_title, who
from workflows.web.components import ActionButton, Attachment, Check, CheckStatus, Chip, Fact, Next, Step, Tone, Who
from workflows.web.language import _
from workflows.web.numbers import number, size
from workflows.web.scores_given import card_of, given_card, given_lines, period_of, titles_of
from workflows.web.shown import Given, Shower

LONG: Final = frozenset({"long_text", "url", "files", "table", "people", *WHOLE})
WINDOW: Final = 5
"""Steps drawn at once; longer ways show the part around now."""
DECIDING: Final = frozenset({"approve", "send_back", "reject"})


@dataclass(frozen=True, slots=True)
class Track:
    """The line of steps with its name and the phone's sentence."""

    steps: tuple[Step, ...]
    label: str
    say: str


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """Somebody a case waits for: who, with what, since when, until when."""

    people: tuple[Who, ...]
    what: str
    since: str
    due: Chip | None


def shower_of(page: CasePage, shower: Shower) -> Shower:
    """The same sayer, knowing the names of the case's files, and of the lines of its scorecards."""
    scored = any(field.type in WHOLE for field in page.process.fields.values())
    files = {str(file.id): file.name for file in page.files}
    return Shower(shower.words, shower.organisation, files, titles_of(page) if scored else {})


def heading(page: CasePage, language: str) -> str:
    """The case's name; with its process before it where the name alone says nothing but a period."""
    if any(c.isalpha() and c != "W" for c in page.title):
        return page.title
    return f"{page.process.title.text(language)} {page.title}"


def head_chip(page: CasePage, shower: Shower) -> Chip | None:
    """The deadline that counts, or how it ended."""
    words = shower.words
    if page.ended_at is not None:
        title = outcome_title(page.outcome, page.state_title.text(words.language))
        tone: Tone = "hold" if page.outcome == "cancelled" else "done" if page.outcome == "completed" else "plain"
        return Chip(f"{title} · {words.moment(page.ended_at)}", tone, words.iso(page.ended_at))
    due = page.task.due_at if page.task else min((w.due_at for w in page.waiting if w.due_at), default=None)
    return due_chip(words, due)


# ---- steps -------------------------------------------------------------------------------------------------------


def track(page: CasePage, shower: Shower) -> Track:
    """The likely way with where it stands, five steps at most."""
    steps = [_step(step, page, shower) for step in page.track]
    at = next((i for i, step in enumerate(steps) if step.status in ("now", "late")), len(steps) - 1)
    first = max(0, min(at - 1, len(steps) - WINDOW))
    number, total = at + 1, len(steps)
    label = _("进度：第 %(n)s 步，共 %(total)s 步", n=number, total=total)
    if page.ended_at is not None or not steps:
        return Track(
            tuple(steps[first : first + WINDOW]), _("进度：已结束"), page.state_title.text(shower.words.language)
        )
    now = steps[at]
    detail = f"{_('，')}{now.detail}" if now.detail else ""
    say = _("第 %(n)s 步，共 %(total)s 步：%(what)s", n=number, total=total, what=now.name) + detail
    return Track(tuple(steps[first : first + WINDOW]), label, say)


def _step(step: TrackStep, page: CasePage, shower: Shower) -> Step:
    words = shower.words
    people = _several(step.people, 2)
    when = ""
    if step.status == "done" and step.at:
        when = words.moment(step.at).split(" ")[0] if words.language == "zh" else words.moment(step.at)
    elif step.status in ("now", "late"):
        due = page.task.due_at if page.task else min((w.due_at for w in page.waiting if w.due_at), default=None)
        when = words.due_or_late(due) if due else ""
    hidden = []
    if step.status == "done":
        hidden.append(_("，已完成"))
    if step.returned:
        hidden.append(_("，退回过 %(n)s 次", n=step.returned))
    return Step(
        step.title.text(words.language),
        step.status,
        " · ".join(piece for piece in (people, when) if piece),
        "".join(hidden),
    )


# ---- what is asked -----------------------------------------------------------------------------------------------


def question(page: CasePage, language: str) -> str:
    """The question of a decision; what is to be done, where the definition asks none."""
    asked = page.state.ask if page.state else None
    if asked is not None:
        return asked.text(language)
    return page.task.title.text(language) if page.task else page.state_title.text(language)


def facts(found: Iterable[Shown], shower: Shower) -> tuple[Fact, ...]:
    """Up to four facts beside the question: what is short enough to be read at a glance; the rest stands in the list below."""
    short = (f for f in found if f.field.type not in LONG)
    return tuple(Fact(shower.label(f.field), shower.text(f.field, f.value) or _("没填")) for f in short)[:4]


def last_words(page: CasePage) -> tuple[str, str]:
    """Who handed it on last, and with which words; empty where nobody said anything."""
    for event in page.events:
        if event.kind == "acted":
            mine = event.actor == page.task.holder if page.task else False
            return (name(event.actor, event.actor_name), event.note) if event.note and not mine else ("", "")
    return "", ""


def changed(page: CasePage, me: PersonId) -> tuple[FieldChange, ...]:
    """What changed since the reader sent it back, however often they have looked since; else what others changed unseen."""
    sent_back = _sent_back(page, me)
    since = [event for event in page.events if (event.new if sent_back is None else event.seq > sent_back)]
    found: dict[str, FieldChange] = {}
    for event in reversed(since):
        for change in event.changes:
            first = found.get(change.field.name)
            found[change.field.name] = FieldChange(change.field, first.old if first else change.old, change.new)
    ordered = (found[name] for name in page.process.fields if name in found)
    return tuple(change for change in ordered if change.old != change.new)


def _sent_back(page: CasePage, me: PersonId) -> int | None:
    """The number of the event by which the reader sent it back, if that is the last thing they did."""
    last = next((event for event in page.events if event.kind == "acted" and event.actor == me), None)
    return last.seq if last is not None and last.action_kind == "send_back" else None


def change_title(page: CasePage, me: PersonId, number: int) -> str:
    """你退回以后改了 4 处, or since the reader last looked."""
    if _sent_back(page, me) is not None:
        return _("你退回以后改了 %(n)s 处", n=number)
    return _("你上次看过以后改了 %(n)s 处", n=number)


def givens(found: Iterable[Shown | FormField], page: CasePage, shower: Shower) -> tuple[Given, ...]:
    """Fields with their values, in full."""
    links = {str(f.id): Attachment(f.name, url_for("files.download", file_id=f.id), size(f.size)) for f in page.files}
    given = (f for f in found if f.value not in (None, "", [], {}))
    return tuple(
        _given_whole(f, page, shower, links) if f.field.type in WHOLE else shower.given(f.field, f.value, links)
        for f in given
    )


def _given_whole(f: Shown | FormField, page: CasePage, shower: Shower, links: Mapping[str, Attachment]) -> Given:
    """A scorecard with every line explained, or what was said of its lines."""
    label, text = shower.label(f.field), shower.text(f.field, f.value)
    if f.field.type == "scorecard":
        return given_card(label, text, f.value, period_of(page))
    value = next((shown.value for shown in page.data if shown.field.name == f.field.of), None)
    return given_lines(label, text, f.value, card_of(value), links)


def checks(found: Sequence[CheckResult], shower: Shower) -> tuple[Check, ...]:
    """The checks of the state with what was measured against what."""
    return tuple(_check(result, shower) for result in found)


def _check(result: CheckResult, shower: Shower) -> Check:
    status: CheckStatus = "ok"
    if not result.passed:
        status = "bad" if result.passed is False and result.check.otherwise == "block" else "warn"
    why = _("要看的数据还没有填。") if result.passed is None else ""
    return Check(status, result.check.title.text(shower.words.language), _measured(result), why)


def _measured(result: CheckResult) -> str:
    measured, limit = _value(result.measured), _value(result.limit)
    if not measured:
        return ""
    return _("%(measured)s，限 %(limit)s", measured=measured, limit=limit) if limit else measured


def _value(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Fraction):
        value = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01")).normalize()
    if isinstance(value, Decimal):
        value = value.to_integral_value() if value == value.to_integral_value() else value
    return number(value) if isinstance(value, int | Decimal) else str(value)


# ---- what can be done, and what then -----------------------------------------------------------------------------


def decides(task: TaskView) -> bool:
    """Whether the task is a decision (nothing to fill in), or a form."""
    return not any(f.editable for f in task.edit)


def leads_on(view: ActionView) -> bool:
    """Whether a short page comes first: a reason to give, fields of its own, parts to choose."""
    return asks_first(view.action)


def asks_first(action: Action) -> bool:
    """The same, known from the definition alone."""
    return (
        action.kind in ("send_back", "reject")
        or action.reason == "required"
        or bool(action.form)
        or action.choose_parts
        or action.people > 1  # what two people release is shown once more, before the first of them does
    )


def buttons(task: TaskView, language: str, checks: Iterable[CheckState] = ()) -> tuple[ActionButton, ...]:
    """The actions as buttons, the main one first.

    `checks` of the state that rest on what this very form fills in hold no button back: they are asked when it is handed in.
    """
    mended = {check.title for check in checks if check.that.names & _filled_here(task)}
    order = {"approve": 0, "submit": 0, "other": 1, "send_back": 2, "reject": 3}
    views = sorted(task.actions, key=lambda view: order[view.action.kind])
    return tuple(
        ActionButton(
            view.action.name,
            view.action.title.text(language),
            view.action.kind,
            " ".join(_sentence(text.text(language)) for text in view.blocked if text not in mended),
            leads_on(view),
        )
        for view in views
    )


def _filled_here(task: TaskView) -> frozenset[str]:
    """The fields that the task's form fills in, and the scorecards that what is said of lines is counted into."""
    lines = [f.field for f in task.edit if f.field.type == "lines"]
    return frozenset([f.field.name for f in task.edit] + [field.of for field in lines if field.of is not None])


def then(view: ActionView | None, shower: Shower) -> tuple[Next, ...]:
    """What happens after an action: who, what, by when."""
    return next_steps(view.then, shower) if view else ()


def next_steps(steps: Iterable[NextStep], shower: Shower) -> tuple[Next, ...]:
    """Coming states as lines."""
    return tuple(_next(step, shower) for step in steps)


def _next(step: NextStep, shower: Shower) -> Next:
    words = shower.words
    title = step.title.text(words.language)
    when = words.due(step.due_at) if step.due_at and not step.end else ""
    if not step.certain:
        title = _("可能：%(what)s", what=title)
    if step.end:
        title = _("%(what)s，结束", what=title)
    if len(step.people) == 1:
        return Next(title, Who(names(step.people)), when)
    if step.people:
        return Next(_("%(what)s（%(who)s）", what=title, who=_several(step.people)), None, when)
    return Next(title, None, when)


def main_action(task: TaskView) -> ActionView | None:
    """The action most people take: approve or submit, else the first."""
    return next((v for v in task.actions if v.action.kind in ("approve", "submit")), next(iter(task.actions), None))


def send_back_action(task: TaskView) -> ActionView | None:
    """The action that returns it, where there is one."""
    return next((v for v in task.actions if v.action.kind == "send_back"), None)


def waiting_for(page: CasePage, shower: Shower) -> tuple[WaitingFor, ...]:
    """Whom the case waits for, as somebody else sees it."""
    return tuple(_waiting(one, shower) for one in page.waiting)


def _waiting(one: Waiting, shower: Shower) -> WaitingFor:
    words = shower.words
    held = (who(one.holder, one.holder_name),) if one.holder else tuple(Who(n) for n in one.people)
    return WaitingFor(
        held,
        one.title.text(words.language),
        _("%(when)s 起", when=words.moment(one.since)),
        due_chip(words, one.due_at),
    )


def _several(people: Sequence[str], most: int = 3) -> str:
    """The first of several names, and how many there are if that is not all."""
    return names(people[:most]) + (_(" 等 %(n)s 人", n=len(people)) if len(people) > most else "")


def _sentence(text: str) -> str:
    return text if text.endswith(("。", ".", "！", "!")) else text + _("。")
