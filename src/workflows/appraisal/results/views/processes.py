"""Which processes are about results, told by what they hold and record, never by their keys."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition.model import Process

Processes = Mapping[str, Process]


def recording(processes: Processes, kind: str) -> list[str]:
    """Processes that publish results of a `month` or a `year`: they record one, and their field `period` is of this type."""
    return [
        key for key, process in processes.items()
        if "period" in process.fields and process.fields["period"].type == kind
        and any("result" in state.enter.records for state in process.states.values())
    ]  # fmt: skip


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
