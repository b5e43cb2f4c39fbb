"""Signals between cases, each delivered as the receiver's own step, once.

Births of one sender and answers to one receiver are delivered together, so that a family of hundreds takes a few transactions.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.orm import Session

from workflows.engine import data, family, starting, steps, timing
from workflows.engine.company import Company
from workflows.engine.loading import open_case
from workflows.engine.record import Record
from workflows.engine.running import Running, Step
from workflows.engine.scene import Scene
from workflows.engine.tables import Signal, SignalStatus

BATCH = 200
"""Births in one transaction."""
ANSWERS = (family.READY, family.ENDED, family.BELOW, family.UNHEARD)
"""What children say to whoever waits for them."""

_SIGNAL: Any = Signal.__table__
_ADDRESS = select(_SIGNAL.c.kind, _SIGNAL.c.from_case_id, _SIGNAL.c.to_case_id).where(
    _SIGNAL.c.id == bindparam("b_id", type_=_SIGNAL.c.id.type)
)

_WAITING = (
    select(_SIGNAL.c.id)
    .where(
        _SIGNAL.c.status == SignalStatus.WAITING, _SIGNAL.c.next_at <= bindparam("b_now", type_=_SIGNAL.c.next_at.type)
    )
    .order_by(_SIGNAL.c.next_at, _SIGNAL.c.id)
    .limit(bindparam("b_limit", type_=Integer))
)
_MARK = (
    update(_SIGNAL)
    .where(
        _SIGNAL.c.id.in_(bindparam("b_ids", type_=_SIGNAL.c.id.type, expanding=True)),
        _SIGNAL.c.status == SignalStatus.WAITING,
    )
    .values(
        status=bindparam("b_status", type_=_SIGNAL.c.status.type),
        delivered_at=bindparam("b_now", type_=_SIGNAL.c.delivered_at.type),
    )
)
"""Made once: see `record`."""


def _taking(*conditions: Any) -> Any:
    """Waiting signals, locked; those that another scheduler has in hand are left to it. Made once as well."""
    waiting = select(*_SIGNAL.c).where(_SIGNAL.c.status == SignalStatus.WAITING, *conditions)
    return waiting.order_by(_SIGNAL.c.id).limit(BATCH).with_for_update(skip_locked=True)


_TO_CASE = _SIGNAL.c.to_case_id == bindparam("b_case", type_=_SIGNAL.c.to_case_id.type)
_TAKE_ONE = _taking(_SIGNAL.c.id == bindparam("b_id", type_=_SIGNAL.c.id.type), _TO_CASE)
_TAKE_ANSWERS = _taking(_SIGNAL.c.kind.in_(ANSWERS), _TO_CASE)
_TAKE_BIRTHS = _taking(
    _SIGNAL.c.from_case_id == bindparam("b_case", type_=_SIGNAL.c.from_case_id.type), _SIGNAL.c.kind == family.SPAWN
)


def waiting_signals(session: Session, now: datetime, limit: int) -> list[uuid.UUID]:
    """Signals to deliver, oldest first."""
    return list(session.connection().scalars(_WAITING, {"b_now": now, "b_limit": limit}))


def deliver(company: Company, session: Session, signal_id: uuid.UUID, now: datetime) -> int:
    """Deliver a signal, and others that go the same way; how many. 0 where somebody else has it in hand or has delivered it."""
    first = session.connection().execute(_ADDRESS, {"b_id": signal_id}).one_or_none()
    if first is None:
        return 0
    if first.kind == family.SPAWN:
        return _spawn(company, session, signal_id, first.from_case_id, now)
    run, _ = open_case(company, session, now, case=first.to_case_id)
    alone = first.kind in (family.TELL, family.CANCEL)
    signals = (
        _take(session, _TAKE_ONE, {"b_id": signal_id, "b_case": first.to_case_id})
        if alone
        else _take(session, _TAKE_ANSWERS, {"b_case": first.to_case_id})
    )
    if signal_id not in {row["id"] for row in signals}:
        return 0
    heard = [row["id"] for row in signals if _hear(run, row)]
    for row in (row for row in signals if row["id"] not in heard):
        family.unheard(run.record, row, run.row.id, "ended" if run.row.ended else "not_listening", now)
    _check_family(run, signals)
    steps.settle(run)
    run.write()
    run.record.flush(session)
    _mark(session, heard, SignalStatus.DELIVERED, now)
    _mark(session, [row["id"] for row in signals if row["id"] not in heard], SignalStatus.DROPPED, now)
    return len(signals)


def _take(session: Session, taking: Any, whose: dict[str, Any]) -> Sequence[Any]:
    return session.connection().execute(taking, whose).mappings().all()


def _mark(session: Session, ids: Sequence[uuid.UUID], status: SignalStatus, now: datetime) -> None:
    if ids:
        session.connection().execute(_MARK, {"b_ids": list(ids), "b_status": status, "b_now": now})


def _hear(run: Running, signal: Any) -> bool:
    """Do what a signal says; False where the case does not listen (any more)."""
    kind, payload = signal["kind"], signal["payload"]
    if kind == family.CANCEL:
        return _cancel(run)
    if kind == family.TELL:
        return _told(run, payload["signal"])
    if kind == family.UNHEARD:
        _unheard(run, payload)
    if kind == family.ENDED and payload.get("returns") and not run.row.ended:
        _returned(run, payload)
    if kind in (family.ENDED, family.BELOW):
        origin = uuid.UUID(hex=payload["origin"]) if kind == family.BELOW else signal["from_case_id"]
        family.forward(run, payload["process"], origin)
    return True


def _cancel(run: Running) -> bool:
    if run.row.ended:
        return False
    steps.cancel(run, Step("cancelled", said={"why": "parent"}))
    return True


def _told(run: Running, signal: str) -> bool:
    if run.row.ended:
        return False
    running = family.still_running(run.session, run.row.id, run.published.machine.awaited(run.row.state))
    move = run.published.machine.hear(run.snapshot(running), signal)
    if move is None:
        return False
    reaction = next(one for one in run.state.signals if one.signal == signal)
    steps.take(run, move, Step("signal", said={"signal": signal}), reaction.effects)
    return True


def _unheard(run: Running, payload: Any) -> None:
    """A signal of this case was dropped: its history says which, whose it was to be and why, ended or not."""
    run.finish(Step("signal", from_state=run.row.state, said={"signal": family.UNHEARD, "dropped": dict(payload)}))


def _returned(run: Running, payload: Any) -> None:
    """What an ended child brings back becomes data of its parent."""
    step = Step(
        "signal",
        from_state=run.row.state,
        said={"signal": "ended", "process": payload["process"], "outcome": payload["outcome"]},
    )
    run.set_fields(data.adopt(run.process, payload["returns"], run.scene.calendar.zone), step)
    if step.changes:
        timing.set_timers(run, step)
        run.finish(step)


def _check_family(run: Running, signals: Sequence[Any]) -> None:
    """After answers: are all children of a spawn ready, or does a timer that has passed hold now?"""
    if run.row.ended or not any(row["kind"] in ANSWERS for row in signals):
        return
    for index, spawn in enumerate(run.state.spawns):
        if spawn.ways and steps.gathered(run, index):
            return
    steps.recheck(run)


# -- births -----------------------------------------------------------------------------------------------------------


def _spawn(company: Company, session: Session, signal_id: uuid.UUID, sender: uuid.UUID, now: datetime) -> int:
    scene = company.scene(session, now)
    signals = _take(session, _TAKE_BIRTHS, {"b_case": sender})
    if signal_id not in {row["id"] for row in signals}:
        return 0
    record = Record(set(scene.queues))
    children = [(row["id"], _unborn(session, scene, record, row)) for row in signals]
    taken = _taken_keys(session, [run for _, run in children])
    born = [(signal, run) for signal, run in children if _is_first(run, taken)]
    for _, run in born:
        steps.begin(run, Step("started", run.row.starter_id, said={"why": "spawned"}, changes=run.first_changes))
        steps.settle(run)
        run.write()
    births = {signal for signal, _ in born}
    for row in (row for row in signals if row["id"] not in births):
        family.unheard(record, row, None, "exists", now)
    record.flush(session)
    _mark(session, [signal for signal, _ in born], SignalStatus.DELIVERED, now)
    # A case with this key exists already: there is one per key, whoever starts it and how often.
    _mark(session, [row["id"] for row in signals if row["id"] not in births], SignalStatus.DROPPED, now)
    return len(signals)


def _is_first(run: Running, taken: set[tuple[str, str | None]]) -> bool:
    """Whether no case has its key yet, none of this batch included."""
    if run.row.business_key is None:
        return True
    key = (run.row.process, run.row.business_key)
    if key in taken:
        return False
    taken.add(key)
    return True


def _unborn(session: Session, scene: Scene, record: Record, signal: Any) -> Running:
    payload = signal["payload"]
    published = starting.newest(scene, payload["process"])
    values = data.adopt(published.process, payload["data"], scene.calendar.zone)
    starter = uuid.UUID(hex=payload["starter"]) if payload["starter"] else None
    run = starting.born(
        session, scene, record, published, values, starter=starter, parent=(signal["from_case_id"], uuid.UUID(hex=payload["root"])),
        spawned=(payload["state"], payload["spawn_key"], payload["awaited"]),
    )  # fmt: skip
    step = Step("started")
    starting.set_first_values(run, values, step)
    run.first_changes = step.changes
    return run


def _taken_keys(session: Session, children: list[Running]) -> set[tuple[str, str | None]]:
    by_process: dict[str, list[str]] = {}
    for run in children:
        if run.row.business_key is not None:
            by_process.setdefault(run.row.process, []).append(run.row.business_key)
    return {
        (process, key) for process, keys in by_process.items() for key in starting.existing_keys(session, process, keys)
    }
