"""Traces as XES (IEEE 1849): one event log as XML, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from workflows.reports.eventlog.traces import LogEvent, Trace
from workflows.reports.eventlog.values import Value

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
TAIL: Final = "</log>\n"


def xes(name: str, traces: Iterable[Trace], zone: ZoneInfo) -> Iterator[str]:
    """The log `name` as pieces of text; nothing is gathered. Times are said in `zone`, with their offset."""
    yield HEAD
    yield _string("concept:name", name) + "\n"
    yield _string("lifecycle:model", "standard") + "\n"
    for trace in traces:
        yield _trace(trace, zone)
    yield TAIL


def _trace(trace: Trace, zone: ZoneInfo) -> str:
    lines = [
        "<trace>",
        _string("concept:name", trace.name),
        _string("process", trace.process),
        f'<int key="version" value="{trace.version}"/>',
        _date("started", trace.started_at, zone),
        *([_date("ended", trace.ended_at, zone)] if trace.ended_at is not None else []),
        *([_string("outcome", trace.outcome)] if trace.outcome else []),
        *(_value(f"value:{key}", value, zone) for key, value in trace.values.items()),
        *(_event(event, zone) for event in trace.events),
        "</trace>\n",
    ]
    return "\n".join(lines)


def _event(event: LogEvent, zone: ZoneInfo) -> str:
    parts = [
        _string("concept:name", event.activity),
        _date("time:timestamp", event.at, zone),
        _string("lifecycle:transition", "complete"),
        *([_date("start_timestamp", event.begun, zone)] if event.begun is not None else []),
        *([_string("org:resource", event.resource)] if event.resource else []),
        *([_string("org:role", event.role)] if event.role else []),
        _string("step", event.step),
        *([_string("action", event.action)] if event.action else []),
        *([_string("to", event.to)] if event.to else []),
        *(['<boolean key="late" value="true"/>'] if event.late else []),
    ]
    return f"<event>{''.join(parts)}</event>"


def _value(key: str, value: Value, zone: ZoneInfo) -> str:
    """An attribute of the kind that the value has; exact numbers are written digit by digit."""
    if isinstance(value, bool):
        return f'<boolean key={quoteattr(key)} value="{str(value).lower()}"/>'
    if isinstance(value, int):
        return f'<int key={quoteattr(key)} value="{value}"/>'
    if isinstance(value, Decimal):
        return f'<float key={quoteattr(key)} value="{value:f}"/>'
    if isinstance(value, datetime):
        return _date(key, value, zone)
    return _string(key, value.isoformat() if isinstance(value, date) else value)


def _string(key: str, text: str) -> str:
    return f"<string key={quoteattr(key)} value={_quoted(text)}/>"


def _date(key: str, at: datetime, zone: ZoneInfo) -> str:
    return f'<date key={quoteattr(key)} value="{at.astimezone(zone).isoformat(timespec="milliseconds")}"/>'


def _quoted(text: str) -> str:
    """As an attribute; characters that XML cannot hold are left out, line breaks kept."""
    clean = "".join(
        c for c in text if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    return quoteattr(clean)
