"""Traces as rows: one for each event, in columns that programs for process mining know by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from workflows.reports.eventlog.traces import LogEvent, Trace
from workflows.reports.eventlog.values import Value
from workflows.sheets.writing import Cell

COLUMNS: Final = (
    "case:concept:name", "concept:name", "time:timestamp", "start_timestamp", "lifecycle:transition", "org:resource", "org:role", "step",
    "action", "to", "late", "case:process", "case:version", "case:started", "case:ended", "case:outcome",
)  # fmt: skip


def rows(traces: Iterable[Trace], zone: ZoneInfo, values: Sequence[str] = ()) -> Iterator[Sequence[Cell]]:
    """The heading, then one row an event; `values`: fields whose values stand in further columns. Times are ISO with the offset of
    `zone`."""
    yield (*COLUMNS, *(f"case:value:{name}" for name in values))
    for trace in traces:
        whole = _case(trace, zone, values)
        for event in trace.events:
            yield (trace.name, *_event(event, zone), *whole)


def _event(event: LogEvent, zone: ZoneInfo) -> tuple[Cell, ...]:
    return (
        event.activity, _time(event.at, zone), _time(event.begun, zone), "complete", event.resource, event.role, event.step,
        event.action, event.to, "true" if event.late else "false",
    )  # fmt: skip


def _case(trace: Trace, zone: ZoneInfo, values: Sequence[str]) -> tuple[Cell, ...]:
    said = (_cell(trace.values.get(name)) for name in values)
    return (
        trace.process, trace.version, _time(trace.started_at, zone), _time(trace.ended_at, zone), trace.outcome, *said,
    )  # fmt: skip


def _cell(value: Value | None) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="milliseconds") if at is not None else ""
