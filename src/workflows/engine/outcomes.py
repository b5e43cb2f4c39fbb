"""The answer to a submission, made from the events it wrote: the same when it is asked for again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine import refusals
from workflows.engine.people import Situation, is_offered
from workflows.engine.requests import OpenedTask, Outcome
from workflows.engine.rows import CASE_COLUMNS, case_row
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event

FOLLOWING = frozenset({"skipped", "timer", "signal"})
"""Kinds of events that a step may bring along."""


def outcome(run: Running, actor: uuid.UUID | None) -> Outcome:
    """What the steps taken with this case in hand have done."""
    events = [event for event in run.record.events if event["case_id"] == run.row.id]
    return _outcome(run.scene, run.row.id, run.row.title, run.row.number, events, run.row.ended, actor)


def replay_outcome(
    session: Session, scene: Scene, event: Mapping[str, Any], digest: str, actor: uuid.UUID | None, also: str = ""
) -> Outcome:
    """The answer of then to a submission that is handed in again. Raises `Replayed` where it says something else now."""
    if event["submission_digest"] not in {digest, also}:
        raise refusals.replayed()
    case = case_row(session.execute(select(*CASE_COLUMNS).where(Case.id == event["case_id"])).mappings().one())
    later = select(Event.__table__).where(Event.case_id == case.id, Event.seq >= event["seq"]).order_by(Event.seq)
    events = list(_of_one_step(session.execute(later).mappings(), event))
    ended = case.ended and case.event_count == events[-1]["seq"]
    found = _outcome(scene, case.id, case.title, case.number, events, ended, actor)
    return Outcome(**{**{name: getattr(found, name) for name in Outcome.__slots__}, "replayed": True})


def _of_one_step(events: Iterable[Any], first: Mapping[str, Any]) -> Iterable[Any]:
    for event in events:
        follows = event["kind"] in FOLLOWING and event["at"] == first["at"] and event["submission"] is None
        if event["id"] != first["id"] and not follows:
            return
        yield event


def _outcome(
    scene: Scene,
    case: uuid.UUID,
    title: str,
    number: str | None,
    events: Sequence[Mapping[str, Any]],
    ended: bool,
    actor: uuid.UUID | None,
) -> Outcome:
    first, last = events[0], events[-1]
    closed = {task for event in events for task in event["closed"]}
    opened = tuple(_task(task) for event in events for task in event["opened"] if task["id"] not in closed)
    state = next((e["to_state"] for e in reversed(events) if e["to_state"] is not None), last["from_state"] or "")
    return Outcome(
        case=case, title=title, number=number, state=state, ended=ended, event=first["id"], seq=first["seq"], opened=opened,
        next_task=next((task.id for task in opened if _is_for(scene, task, actor)), None),
    )  # fmt: skip


def _task(row: Mapping[str, Any]) -> OpenedTask:
    holder = uuid.UUID(hex=row["holder"]) if row["holder"] else None
    return OpenedTask(uuid.UUID(hex=row["id"]), row["state"], row["part"], holder, row["queue"])


def _is_for(scene: Scene, task: OpenedTask, actor: uuid.UUID | None) -> bool:
    if actor is None or task.holder == actor:
        return task.holder is not None and task.holder == actor
    situation = Situation(scene.organisation, scorecards=scene.scorecards)
    return task.holder is None and task.queue is not None and is_offered(task.queue, actor, situation)
