"""What is always there without a line of YAML: claim and release, comment, attach, cancel. A definition can forbid each."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine import chain, refusals, steps
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.fire import LONGEST_REASON
from workflows.engine.loading import no_such_case, open_case
from workflows.engine.outcomes import outcome, replay_outcome
from workflows.engine.people import Situation, is_offered
from workflows.engine.requests import Cancellation, Outcome, Remark, TaskOrder
from workflows.engine.rights import represented, right_to_act
from workflows.engine.running import Running, Step
from workflows.engine.scene import Scene
from workflows.engine.tables import File
from workflows.engine.visibility import may_see
from workflows.errors import InvalidInput, Text

PersonId = uuid.UUID
CANCEL = Text("作废", "Cancel")


def claim(company: Company, session: Session, order: TaskOrder, now: datetime) -> Outcome:
    """Take a task of one's group into one's own hands. Raises `Conflict` where somebody has it already."""
    run, event = open_case(company, session, now, task=order.task, submission=order.key)
    digest = chain.submission_digest("claim", order.actor, order.task)
    if event is not None:
        return replay_outcome(session, run.scene, event, digest, order.actor)
    row = next(task for task in run.tasks if task.id == order.task)
    task = part_of(run.published.machine.state(row.state), row.part)
    right = right_to_act(run.scene, run.situation(), run.process, task, row, order.actor)
    if not row.open:
        raise refusals.task_is_gone(run, row)
    if row.holder_id is not None and row.queue and is_offered(row.queue, order.actor, run.situation()):
        raise refusals.held_by(run, row)
    if right is None and (absent := represented(run.scene, run.situation(), row, order.actor)):
        raise refusals.not_for_deputies(run.scene.organisation.name_of(person) for person in absent)
    if right is None or not right.group:
        raise refusals.not_yours()
    _refuse_forbidden(run.process, "claim")
    row.holder_id, row.claimed_at, row.touched = order.actor, now, True
    step = Step("claimed", order.actor, task=row.id, submission=order.key, submission_digest=digest)
    step.said = {"holder": order.actor.hex}
    return one_event(session, run, step)


def release(company: Company, session: Session, order: TaskOrder, now: datetime) -> Outcome:
    """Give a task back to the group it was offered to. Raises `NotAllowed` where one does not hold it or there is no group."""
    run, event = open_case(company, session, now, task=order.task, submission=order.key)
    digest = chain.submission_digest("release", order.actor, order.task)
    if event is not None:
        return replay_outcome(session, run.scene, event, digest, order.actor)
    row = next(task for task in run.tasks if task.id == order.task)
    if not row.open:
        raise refusals.task_is_gone(run, row)
    if row.holder_id != order.actor or row.queue is None:
        raise refusals.claim_first(run.scene.organisation.name_of(row.holder_id))
    _refuse_forbidden(run.process, "claim")
    row.holder_id, row.claimed_at, row.touched = None, None, True
    step = Step("released", order.actor, task=row.id, submission=order.key, submission_digest=digest)
    step.said = {"holder": None}
    return one_event(session, run, step)


def comment(company: Company, session: Session, remark: Remark, now: datetime) -> Outcome:
    """Say something about a case, or attach files to it: anyone who may see it, ended cases too."""
    run, event = open_case(company, session, now, case=remark.case, submission=remark.key)
    digest = chain.submission_digest("comment", remark.actor, remark.case, remark.text, remark.files)
    if event is not None:
        return replay_outcome(session, run.scene, event, digest, remark.actor)
    if not may_see(run.scene, run.situation(), run.process, remark.actor):
        raise no_such_case()
    text = remark.text.strip()
    if not text and not remark.files:
        raise InvalidInput(fields={"text": [Text("请写点什么，或选择文件。", "Write something, or choose a file.")]})
    if len(text) > LONGEST_REASON:
        raise refusals.too_long("text", LONGEST_REASON)
    kind = "attached" if remark.files and not text else "commented"
    _refuse_forbidden(run.process, "attach" if remark.files else "comment")
    step = Step(kind, remark.actor, submission=remark.key, submission_digest=digest)
    step.said = {**({"comment": text} if text else {}), **({"files": _attach(session, remark)} if remark.files else {})}
    return one_event(session, run, step)


def cancel(company: Company, session: Session, cancellation: Cancellation, now: datetime) -> Outcome:
    """End a case without reaching one of its ends. Its starter may, and administrators."""
    run, event = open_case(company, session, now, case=cancellation.case, submission=cancellation.key)
    digest = chain.submission_digest("cancel", cancellation.actor, cancellation.case, cancellation.reason)
    if event is not None:
        return replay_outcome(session, run.scene, event, digest, cancellation.actor)
    if not may_cancel(run.scene, run.situation(), cancellation.actor):
        if may_see(run.scene, run.situation(), run.process, cancellation.actor):
            raise refusals.not_for_you(CANCEL)
        raise no_such_case()
    if run.row.ended:
        raise refusals.over()
    _refuse_forbidden(run.process, "cancel")
    reason = cancellation.reason.strip()
    if not reason:
        raise refusals.reason_missing()
    if len(reason) > LONGEST_REASON:
        raise refusals.too_long("reason", LONGEST_REASON)
    step = Step("cancelled", cancellation.actor, submission=cancellation.key, submission_digest=digest)
    step.said = {"reason": reason}
    steps.cancel(run, step)
    run.write()
    run.record.flush(session)
    return outcome(run, cancellation.actor)


def may_cancel(scene: Scene, situation: Situation, person: PersonId) -> bool:
    """Whether a person may end the case: its starter (who is not merely the one it is about), or an administrator."""
    member = scene.organisation.people.get(person)
    if member is None or not member.active:
        return False
    return person in scene.organisation.administrators() or (
        person == situation.starter and person != situation.subject
    )


def one_event(session: Session, run: Running, step: Step) -> Outcome:
    """Close and write a step that leaves the case where it stands."""
    step.from_state = run.row.state
    run.finish(step)
    run.write()
    run.record.flush(session)
    return outcome(run, step.actor)


def _attach(session: Session, remark: Remark) -> list[str]:
    mine = select(File.id).where(File.id.in_(remark.files), File.uploaded_by == remark.actor, File.case_id.is_(None))
    found = session.scalars(mine).all()
    if len(set(remark.files)) != len(found):
        sentence = Text("文件没有上传成功，请重新选择。", "A file did not arrive: choose it again.")
        raise InvalidInput(fields={"files": [sentence]})
    session.execute(update(File).where(File.id.in_(found)).values(case_id=remark.case))
    return [str(file) for file in remark.files]


def _refuse_forbidden(process: Process, operation: str) -> None:
    if operation in process.forbids:
        raise refusals.forbidden(process.title)
