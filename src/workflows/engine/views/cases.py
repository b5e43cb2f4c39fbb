"""The page of a case, in at most twelve statements however long its history is."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from workflows.definition.model import START, Check, Field, State
from workflows.engine import filling
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.forms import applies
from workflows.engine.handling import may_cancel
from workflows.engine.loading import no_such_case
from workflows.engine.reading import case_for
from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, File, Message, Task, Timer, TimerStatus
from workflows.engine.views import forms, history, track
from workflows.engine.views.pages import (
    CaseFile,
    CasePage,
    CheckResult,
    OpenTimer,
    RelatedCase,
    SentMessage,
    Shown,
    Waiting,
)
from workflows.engine.views.personal import personal
from workflows.engine.views.similar import similar_cases
from workflows.engine.visibility import hidden_fields, may_see, took_part, visible_cases
from workflows.engine.words import may_read
from workflows.expression import ExpressionError

PersonId = uuid.UUID
MOST_RELATED = 20
MOST_MESSAGES = 100
MOST_FILES = 200


def case_page(
    company: Company,
    session: Session,
    person: PersonId,
    case_id: uuid.UUID,
    now: datetime,
    task: uuid.UUID | None,
    before: int | None,
) -> CasePage:
    """Everything the page shows. `task`: which of several tasks of the viewer; `before`: events older than this number."""
    scene = company.scene(session, now)
    seen = case_for(session, scene, case_id)
    run, process = seen.run, seen.published.process
    kept = personal(session, person, seen)
    if not may_see(scene, seen.situation, process, person) and not kept.told:
        raise no_such_case()
    hidden = hidden_fields(process, seen.situation, person)
    mine = forms.my_tasks(seen, person, kept.told)
    chosen = next((one for one in mine if one[0].id == task), mine[0] if mine else None)
    if chosen is not None:
        filling.when_shown(run, part_of(run.state, chosen[0].part), chosen[0])
    events, older = history.events(session, scene, run, hidden, person, kept.seq, before)
    visible = visible_cases(session, scene, person)
    relatives = _relatives(session, scene, run, visible)
    row, name = run.row, scene.organisation.name_of
    state = run.state
    draft = kept.drafts.get(chosen[0].id) if chosen else None
    return CasePage(
        id=row.id, process=process, title=row.title, number=row.number, state=None if row.state == START else state, state_key=row.state,
        state_title=state.title, version=row.version, event_count=row.event_count, starter=row.starter_id,
        starter_name=name(row.starter_id), subject=row.subject_id, subject_name=name(row.subject_id), started_at=row.started_at,
        ended_at=row.ended_at, outcome=row.outcome, suspended_at=row.suspended_at,
        task=forms.task_view(run, chosen[0], chosen[1], person, hidden, draft, events) if chosen else None,
        other_tasks=tuple(one.id for one, _ in mine if chosen is None or one.id != chosen[0].id),
        anytime=forms.anytime_views(run, person, hidden, kept.taken), waiting=tuple(_waiting(run)), track=track.steps(run, events, older),
        data=tuple(_shown(run, hidden)), hidden_fields=tuple(_hidden(run, hidden)), facts=tuple(_facts(run, state, hidden)),
        checks=tuple(_checks(run, state, hidden)), changed=history.changed_since(run, events, hidden, kept.seq), seen_at=kept.at,
        events=events, more_events=older, messages=_messages(session, scene, case_id), files=_files(session, run, person, hidden),
        parent=next((one for one, case in relatives if case == row.parent_id), None),
        children=tuple(one for one, case in relatives if case != row.parent_id),
        children_total=_number_of_children(session, row, relatives, visible),
        timers=_timers(session, run), may_comment="comment" not in process.forbids,
        may_cancel=not row.ended and "cancel" not in process.forbids and may_cancel(scene, seen.situation, person),
        took_part=took_part(scene, seen.situation, process, person),
        names={p: name(p) for p in history.people_of(row, run.tasks, events)},
        similar=similar_cases(session, scene, run, state, person, hidden), same=tuple(process.fields[name] for name in state.similar),
    )  # fmt: skip


def case_of_task(session: Session, task: uuid.UUID) -> uuid.UUID:
    """The case of a task. Raises `NotFound`."""
    found = session.scalar(select(Task.case_id).where(Task.id == task))
    if found is None:
        raise no_such_case()
    return found


def _relatives(
    session: Session, scene: Scene, run: Running, visible: ColumnElement[bool] | None
) -> list[tuple[RelatedCase, uuid.UUID]]:
    """The parent and the newest children: one statement. Only those the viewer may see."""
    near = Case.parent_id == run.row.id
    if run.row.parent_id is not None:
        near = or_(near, Case.id == run.row.parent_id)
    near = near if visible is None else and_(near, visible)
    chosen = select(*CASE_COLUMNS).where(near).order_by(Case.parent_id == run.row.id, Case.id.desc())
    found = []
    for line in session.execute(chosen.limit(MOST_RELATED + 1)).mappings():
        case = case_row(line)
        published = scene.store.get(session, case.definition_id)
        title = published.machine.states[case.state].title
        name = scene.organisation.name_of(case.subject_id)
        one = RelatedCase(
            case.id, case.process, published.process.title, case.title, case.number, case.state, title, case.started_at, case.ended_at,
            case.outcome, case.subject_id, name,
        )  # fmt: skip
        found.append((one, case.id))
    return found


def _number_of_children(
    session: Session, row: CaseRow, relatives: list[tuple[RelatedCase, uuid.UUID]], visible: ColumnElement[bool] | None
) -> int:
    """Those the viewer may see: that there are others can be a secret too. A statement only where not all were read."""
    if len(relatives) <= MOST_RELATED:
        return sum(case != row.parent_id for _, case in relatives)
    counted = select(func.count()).select_from(Case).where(Case.parent_id == row.id)
    return session.scalar(counted if visible is None else counted.where(visible)) or 0


def _waiting(run: Running) -> Any:
    for task in run.open_tasks():
        people, name = forms.offered_to(run, task), run.scene.organisation.name_of
        yield Waiting(
            task.id, task.state, forms.task_title(run, task), task.holder_id, name(task.holder_id), tuple(name(p) for p in people[:5]),
            task.opened_at, task.due_at, task.due_provisional,
        )  # fmt: skip


def _shown(run: Running, hidden: frozenset[str]) -> Any:
    for name, field in run.process.fields.items():
        value = run.row.data.get(name)
        if name not in hidden and value is not None:
            yield Shown(field, value)


def _hidden(run: Running, hidden: frozenset[str]) -> list[Field]:
    """Fields the viewer may not see, as far as they have a value: that there is one is no secret, the page says 2 hidden."""
    return [
        field for name, field in run.process.fields.items() if name in hidden and run.row.data.get(name) is not None
    ]


def _facts(run: Running, state: State, hidden: frozenset[str]) -> Any:
    for name in state.facts:
        field = run.process.fields.get(name)
        if field is not None and name not in hidden:
            yield Shown(field, run.row.data.get(name))


def _checks(run: Running, state: State, hidden: frozenset[str]) -> Any:
    """Failed, warned, then passed; not shown are checks that do not apply, and those over fields that are not for the viewer."""
    values = run.values()
    asked = (check for check in state.checks if not _names(check) & hidden and applies(check, values))
    found = [_check(run, check) for check in asked]
    rank = {(False, "block"): 0, (None, "block"): 0, (False, "warn"): 1, (None, "warn"): 1}
    return sorted(found, key=lambda result: rank.get((result.passed, result.check.otherwise), 2))


def _names(check: Check) -> frozenset[str]:
    return check.that.names | (check.condition.names if check.condition is not None else frozenset())


def _check(run: Running, check: Check) -> CheckResult:
    values = run.values()
    measured = check.measured.evaluate(values) if check.measured is not None and check.measured.known(values) else None
    limit = check.limit.evaluate(values) if check.limit is not None and check.limit.known(values) else None
    try:
        passed = check.that.holds(values)
    except ExpressionError:
        return CheckResult(check, None, measured, limit)
    return CheckResult(check, passed, measured, limit)


def _messages(session: Session, scene: Scene, case: uuid.UUID) -> tuple[SentMessage, ...]:
    chosen = (
        select(Message.__table__)
        .where(Message.case_id == case)
        .order_by(Message.created_at.desc())
        .limit(MOST_MESSAGES)
    )
    name = scene.organisation.name_of
    return tuple(
        SentMessage(m["id"], m["kind"], m["person_id"], name(m["person_id"]), m["created_at"], m["status"], m["mail_id"], m["task_id"], m["facts"])
        for m in session.execute(chosen).mappings()
    )  # fmt: skip


def _files(session: Session, run: Running, person: PersonId, hidden: frozenset[str]) -> tuple[CaseFile, ...]:
    """A field's files for those who may see the field; those attached to words for those who may read the words."""
    case, name, situation = run.row.id, run.scene.organisation.name_of, run.situation()
    chosen = select(File.__table__).where(File.case_id == case).order_by(File.uploaded_at, File.id).limit(MOST_FILES)
    return tuple(
        CaseFile(f["id"], f["name"], f["media_type"], f["size"], f["digest"], f["uploaded_by"], name(f["uploaded_by"]), f["uploaded_at"], f["field"])
        for f in session.execute(chosen).mappings()
        if f["field"] not in hidden
        and (f["field"] or may_read(run.process, situation, person, (f["uploaded_by"],), f["uploaded_at"]))
    )  # fmt: skip


def _timers(session: Session, run: Running) -> tuple[OpenTimer, ...]:
    due = select(Timer.kind, Timer.rule, Timer.due_at, Timer.provisional).where(
        Timer.case_id == run.row.id, Timer.status == TimerStatus.DUE
    )
    return tuple(
        OpenTimer(row.kind, run.row.state, row.due_at, row.provisional, track.timer_targets(run, row.kind, row.rule))
        for row in session.execute(due.order_by(Timer.due_at, Timer.id))
    )
