"""Which processes are about results, told by what they hold and record, never by their keys."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition.model import Anytime, Process, State

Processes = Mapping[str, Process]


def recording(processes: Processes, kind: str) -> list[str]:
    """Processes that publish results of a `month` or a `year`: they record one, and their field `period` is of this type."""
    return [
        key for key, process in processes.items()
        if "period" in process.fields and process.fields["period"].type == kind
        and any(_records(state) for state in process.states.values())
    ]  # fmt: skip


def publishing(process: Process) -> frozenset[str]:
    """The states of an appraisal in which its result is recorded."""
    return frozenset(key for key, state in process.states.items() if _records(state))


def waiving(process: Process) -> Anytime | None:
    """The action of no task by which an appraisal ends without a result: all its ways lead to ends that record none."""
    return next((one for one in process.anytime.values() if _only_ends(process, one)), None)


def correcting(processes: Processes) -> list[str]:
    """Processes in which a frozen scorecard is corrected: one of their scorecards rests on another."""
    return [
        key for key, process in processes.items()
        if any(field.type == "scorecard" and field.base is not None for field in process.fields.values())
    ]  # fmt: skip


def running(processes: Processes) -> list[str]:
    """Processes that open an appraisal for each of many people and wait for them: cycles of a month."""
    appraisals = set(recording(processes, "month"))
    return [
        key for key, process in processes.items()
        if any(spawn.process in appraisals and spawn.each for state in process.states.values() for spawn in state.spawns)
    ]  # fmt: skip


def _only_ends(process: Process, anytime: Anytime) -> bool:
    led_to = [process.states[way.to] for way in anytime.action.ways]
    return bool(led_to) and all(state.end is not None and not _records(state) for state in led_to)


def _records(state: State) -> bool:
    return "result" in state.enter.records
