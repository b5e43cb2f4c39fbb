"""A case's past, told again: folding its events gives its state, its data and its open tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definition.model import START


@dataclass(slots=True)
class Replayed:
    """What the events say. `tasks`: open tasks by id (hex) → (state, part, holder hex or None, queue)."""

    state: str = START
    visit: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, tuple[str, str, str | None, str | None]] = field(default_factory=dict)
    ended: bool = False
    count: int = 0
    last_hash: str = ""
    erased: bool = False
    """Values of some event were erased: `data` is then no longer promised."""


def replay(events: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]], ends: frozenset[str]) -> Replayed:
    """Fold (event, values) in the order of `seq`; `ends`: the definition's end states. Values None: erased."""
    told = Replayed()
    for event, values in events:
        _fold(told, event, ends)
        if values is None:
            told.erased = True
        else:
            _say(told, event, values)
    return told


def _fold(told: Replayed, event: Mapping[str, Any], ends: frozenset[str]) -> None:
    told.count, told.last_hash, told.visit = event["seq"], event["hash"], event["visit"]
    if event["to_state"] is not None:
        told.state = event["to_state"]
        told.ended = told.state in ends
    if event["kind"] == "cancelled":
        told.ended = True
    for task in event["opened"]:
        told.tasks[task["id"]] = (task["state"], task["part"], task["holder"], task["queue"])
    for task in event["closed"]:
        told.tasks.pop(task, None)


def _say(told: Replayed, event: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    for name, (_, new) in values.get("changes", {}).items():
        if new is None:
            told.data.pop(name, None)
        else:
            told.data[name] = new
    task = event["task_id"].hex if event["task_id"] is not None else None
    if "holder" in values and task in told.tasks:
        state, part, _, queue = told.tasks[task]
        told.tasks[task] = (state, part, values["holder"], values.get("queue", queue))
