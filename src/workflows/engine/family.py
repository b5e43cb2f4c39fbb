"""What a case says to its parent and its children. Only rows are written; the other case moves when they are delivered.

A transaction locks one case: a child that updated its parent while the parent updated its children would deadlock.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from workflows.db import canonical_json
from workflows.definition.model import Effects, Spawn, State
from workflows.definition.values.typed import row_values
from workflows.engine import data, timing
from workflows.engine.people import resolve
from workflows.engine.record import Record
from workflows.engine.running import FollowUp, Running, Step
from workflows.engine.tables import Case, Signal, SignalStatus

READY = "ready"
ENDED = "ended"
SPAWN = "spawn"
TELL = "tell"
CANCEL = "cancel"
BELOW = "below"
UNHEARD = "unheard"
"""Kinds of signals: `below` says that a case further down has ended (for `all_ended`), `unheard` tells a sender that its
signal was dropped."""


def spawn(run: Running, state: State, step: Step) -> None:
    """Ask for the children of a state. The same child is never asked for twice: its key is unique for the sender."""
    for index, asked in enumerate(state.spawns):
        children = list(_children(run, asked))
        for key, values in children:
            _ask_for(run, asked, f"{state.key}:{index}:{key}", values, step)
        # Nobody to wait for; or the case was here before and its children may be ready already.
        if asked.ways and (not children or state.key in run.visited):
            run.followups.append(FollowUp("gathered", run.row.visit, index=index))


def _ask_for(run: Running, asked: Spawn, key: str, values: Mapping[str, Any], step: Step) -> None:
    payload = {
        "process": asked.process, "data": dict(values), "spawn_key": key, "state": run.row.state, "awaited": asked.wait_in,
        "starter": _hex(step.actor or run.row.starter_id), "root": (run.row.root_id or run.row.id).hex,
    }  # fmt: skip
    run.record.signal(SPAWN, f"{SPAWN}:{key}", run.row.id, None, payload, run.now)


def _children(run: Running, asked: Spawn) -> Iterator[tuple[str, dict[str, Any]]]:
    """(key, stored values) of each child: per person, per row of a table, or one; of those for whom the condition holds."""
    for key, each in _each(run, asked):
        known = {**run.values(), **each}
        if asked.condition is None or asked.condition.holds(known):
            yield key, data.evaluated(run.process, asked.assign, known, run.row.data)


def _each(run: Running, asked: Spawn) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The key of each child and what `each` is for it."""
    if asked.each:
        for person in resolve(asked.each, run.situation()):
            yield person.hex, {"each": str(person)}
    elif asked.rows is not None:
        rows = run.row.data.get(asked.rows) or ()
        first = run.process.fields[asked.rows].columns[0].name
        for key, row in zip(_row_keys(rows, first), rows, strict=True):
            yield key, row_values(run.process, asked.rows, row)
    else:
        yield "", {}


def _row_keys(rows: Sequence[Mapping[str, Any]], first: str) -> Iterator[str]:
    """A row is known by its first column, so that editing another column does not make a second child of it.

    Of rows that say the same there, the second, third … are told apart by their number: a topic held twice is two trainings.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        key = hashlib.sha256(canonical_json(row.get(first)).encode()).hexdigest()[:24]
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}:{seen[key]}"


def tell(run: Running, told: Mapping[str, str]) -> None:
    """Send a signal to all running children, or to the parent."""
    for whom, signal in told.items():
        for receiver in _receivers(run, whom):
            key = f"{TELL}:{run.row.visit}:{signal}:{receiver.hex}"
            run.record.signal(TELL, key, run.row.id, receiver, {"signal": signal}, run.now)


def cancel_children(run: Running) -> None:
    """A send-back across a spawn that takes its children back."""
    for receiver in _receivers(run, "children"):
        run.record.signal(CANCEL, f"{CANCEL}:{run.row.visit}:{receiver.hex}", run.row.id, receiver, {}, run.now)


def _receivers(run: Running, whom: str) -> list[uuid.UUID]:
    if whom == "parent":
        return [run.row.parent_id] if run.row.parent_id is not None else []
    running = select(Case.id).where(Case.parent_id == run.row.id, Case.ended_at.is_(None)).order_by(Case.id)
    return list(run.session.scalars(running))


def reached(run: Running, state: str) -> None:
    """Tell the parent when it waits for this state."""
    row = run.row
    if row.parent_id is not None and row.awaited == state:
        run.record.signal(READY, READY, row.id, row.parent_id, {"spawn_state": row.spawn_state}, run.now)


def end(run: Running, outcome: str, effects: Effects) -> None:
    """Close the case for good and tell the parent, with what comes back to it."""
    row = run.row
    row.ended_at, row.outcome = run.now, outcome
    timing.cancel_all(run)
    if row.parent_id is not None:
        values = data.evaluated(run.process, effects.returns, run.values(), row.data) if effects.returns else {}
        payload = {"outcome": outcome, "process": row.process, "returns": values}
        run.record.signal(ENDED, ENDED, row.id, row.parent_id, payload, run.now)


def unheard(record: Record, signal: Mapping[str, Any], receiver: uuid.UUID | None, why: str, now: datetime) -> None:
    """Tell the sender that a signal was dropped; its history says so when this is delivered. Only one case is locked here."""
    if signal["kind"] == UNHEARD:
        return  # an answer about an answer would never end
    said = signal["payload"].get("signal") or signal["payload"].get("process") or ""
    payload = {"kind": signal["kind"], "about": said, "to": _hex(receiver), "why": why}
    sender = signal["from_case_id"]
    record.signal(UNHEARD, f"{UNHEARD}:{signal['id'].hex}", receiver or sender, sender, payload, now)


def forward(run: Running, process: str, origin: uuid.UUID) -> None:
    """Pass on to the next case above that one below has ended."""
    row = run.row
    if row.parent_id is not None:
        run.record.signal(
            BELOW, f"{BELOW}:{origin.hex}", row.id, row.parent_id, {"process": process, "origin": origin.hex}, run.now
        )


def gathered(session: Session, case_id: uuid.UUID, state: str, index: int) -> bool:
    """Whether all children of a spawn are ready or ended: one statement while one is missing, two in the end, whatever their number.

    The first that is missing is enough to know: counting hundreds of them at each answer would take longer than all the rest.
    """
    prefix, parent = f"{state}:{index}:", {"b_case": case_id}
    store = session.connection()
    return not (store.scalar(_unanswered(prefix), parent) or store.scalar(_unborn(prefix), parent))


@functools.cache
def _unanswered(prefix: str) -> Select[tuple[bool]]:
    """Whether a child whose key begins so has not answered yet."""
    parent = bindparam("b_case", type_=Case.id.type)
    answered = (
        select(Signal.id)
        .where(Signal.from_case_id == Case.id, Signal.to_case_id == parent, Signal.kind.in_([READY, ENDED]))
        .exists()
    )
    of_spawn = select(Case.id).where(Case.parent_id == parent, Case.spawn_key.startswith(prefix, autoescape=True))
    return select(of_spawn.where(~answered).exists())


@functools.cache
def _unborn(prefix: str) -> Select[tuple[bool]]:
    """Whether a child whose key begins so was asked for and is not there yet."""
    asked = select(Signal.id).where(
        Signal.from_case_id == bindparam("b_case", type_=Signal.from_case_id.type), Signal.kind == SPAWN,
        Signal.key.startswith(f"{SPAWN}:{prefix}", autoescape=True),
        Signal.status.in_([SignalStatus.WAITING, SignalStatus.INCIDENT]),
    )  # fmt: skip
    return select(asked.exists())


def still_running(session: Session, case_id: uuid.UUID, processes: frozenset[str]) -> dict[str, int]:
    """How many descendants of each process have not ended, children of children included: one statement."""
    if not processes:
        return {}
    below = select(Case.id).where(Case.parent_id == case_id).cte("below", recursive=True)
    below = below.union_all(select(Case.id).join(below, Case.parent_id == below.c.id))
    counted = (
        select(Case.process, func.count())
        .join(below, below.c.id == Case.id)
        .where(Case.process.in_(sorted(processes)), Case.ended_at.is_(None))
        .group_by(Case.process)
    )
    waiting = _asked_for(session, case_id, processes)
    found = {row[0]: row[1] for row in session.execute(counted)}
    return {p: found.get(p, 0) + waiting.get(p, 0) for p in processes}


def _asked_for(session: Session, case_id: uuid.UUID, processes: frozenset[str]) -> dict[str, int]:
    """Children that were asked for and are not born yet still have to end."""
    waiting = select(Signal.payload).where(
        Signal.from_case_id == case_id, Signal.kind == SPAWN, Signal.status == SignalStatus.WAITING
    )
    counts: dict[str, int] = {}
    for payload in session.scalars(waiting):
        if payload["process"] in processes:
            counts[payload["process"]] = counts.get(payload["process"], 0) + 1
    return counts


def _hex(person: uuid.UUID | None) -> str | None:
    return person.hex if person is not None else None
