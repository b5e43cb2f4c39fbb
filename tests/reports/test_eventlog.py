"""The event log: what stands in it, what must not, that it is well-formed, and that it goes the ways of the definition."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from engine.office import counted
from reports.complaints import COMPLAINTS
from reports.conforming import strays
from reports.test_process import Bench
from workflows.cli import assemble, workflows
from workflows.db import Database, new_id
from workflows.definition.load import load_text
from workflows.definition.net import net_of
from workflows.engine.requests import Cancellation
from workflows.engine.tables import Event
from workflows.reports.eventlog import traces as reading
from workflows.reports.eventlog.rows import rows
from workflows.reports.eventlog.traces import Asked, Trace, traces
from workflows.reports.eventlog.xes import xes
from workflows.sheets.writing import csv_lines

XES = "{http://www.xes-standard.org/}"
SECRETS = COMPLAINTS.replace(
    "{type: money, zh: 赔付, en: Compensation}",
    "{type: money, see: [{did: handling}], zh: 赔付, en: Compensation}",
)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


def log(bench: Bench, **asked: Any) -> list[Trace]:
    with bench.office.database.read() as session:
        return list(traces(session, bench.office.engine.scene(session, bench.office.now), Asked(**asked)))


def document(bench: Bench, **asked: Any) -> ET.Element:
    zone = bench.report().span.start.tzinfo
    assert zone is UTC
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        return ET.fromstring("".join(xes("complaint", traces(session, scene, Asked(**asked)), scene.calendar.zone)))


def attributes(element: ET.Element) -> dict[str, str]:
    """An element's own attributes by key; each only once."""
    found = [(one.get("key", ""), one.get("value", "")) for one in element if one.get("key") is not None]
    assert len(dict(found)) == len(found)
    return dict(found)


def refused_back_and_done(bench: Bench) -> Any:
    case = bench.file(budget="120.50", due_on="2026-11-20")
    bench.clock(16, 10)
    bench.open(case, "wang")
    bench.handle(case)
    bench.resolve(case, action="send_back", reason="再问问客户")
    bench.handle(case)
    bench.resolve(case)
    return case


def test_a_log_is_well_formed_and_has_what_the_standard_names(bench: Bench) -> None:
    refused_back_and_done(bench)
    bench.file()
    root = document(bench)
    assert root.tag == f"{XES}log"
    assert root.get("xes.version") == "1849-2016"
    prefixes = [extension.get("prefix") for extension in root.findall(f"{XES}extension")]
    assert prefixes == ["concept", "time", "lifecycle", "org"]
    assert {scope.get("scope") for scope in root.findall(f"{XES}global")} == {"trace", "event"}
    order = [element.tag.removeprefix(XES) for element in root]
    ranks = ["extension", "global", "classifier", "string", "trace"]
    assert [ranks.index(tag) for tag in order] == sorted(ranks.index(tag) for tag in order)  # the schema's order
    done, unfinished = root.findall(f"{XES}trace")
    assert attributes(done)["outcome"] == "completed"
    assert "outcome" not in attributes(unfinished)
    for event in root.iter(f"{XES}event"):
        known = attributes(event)
        assert {"concept:name", "time:timestamp", "lifecycle:transition"} <= set(known)
        assert datetime.fromisoformat(known["time:timestamp"]).utcoffset() == timedelta(hours=8)
    kinds = {element.tag for element in root.iter() if element.get("key") is not None}
    assert kinds <= {f"{XES}{kind}" for kind in ("string", "date", "int", "float", "boolean")}


def test_the_trace_tells_the_steps_in_order(bench: Bench) -> None:
    refused_back_and_done(bench)
    (trace,) = log(bench)
    assert [(event.activity, event.action, event.to) for event in trace.events] == [
        ("发起", "", "handling"), ("处理", "submit", "checking"), ("复核", "send_back", "handling"),
        ("处理", "submit", "checking"), ("复核", "approve", "resolved"),
    ]  # fmt: skip
    handled = trace.events[1]
    assert (handled.at - (handled.begun or handled.at)) == timedelta(hours=1)
    english = log(bench, language="en")[0].events
    assert [event.activity for event in english][:2] == ["Start", "Handling"]


def test_what_is_no_step_stays_out(bench: Bench) -> None:
    case = bench.file()
    bench.office.act("wang", bench.office.task(case), "submit", {})
    gone = bench.file()
    with bench.office.database.write() as session:
        wish = Cancellation(new_id(), bench.office.people["supervisor"], gone, "写错了")
        bench.office.engine.cancel(session, wish, bench.office.now)
    assert [event.activity for event in log(bench)[1].events] == ["发起", "作废"]


def test_it_goes_the_ways_of_the_definition(bench: Bench) -> None:
    refused_back_and_done(bench)
    bench.file()
    gone = bench.file()
    with bench.office.database.write() as session:
        wish = Cancellation(new_id(), bench.office.people["supervisor"], gone, "写错了")
        bench.office.engine.cancel(session, wish, bench.office.now)
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        assert strays(session, scene) == []
    net = net_of(load_text(COMPLAINTS, "test.yaml")[0])
    assert net.accepts(["发起", "处理", "复核", "处理", "复核"])
    assert not net.accepts(["发起", "处理"])
    assert not net.allows(["发起", "复核"])


def test_nobody_is_named_unless_asked(bench: Bench) -> None:
    refused_back_and_done(bench)
    plain, named = log(bench)[0].events, log(bench, people=True)[0].events
    assert [event.resource for event in plain] == ["P1", "P2", "P1", "P2", "P1"]
    assert [event.resource for event in named] == ["supervisor", "wang", "supervisor", "wang", "supervisor"]
    assert [event.role for event in plain][:2] == ["operations_supervisor", "operations_specialist"]
    everything = "".join(csv_lines(rows(log(bench), UTC)))
    assert not any(word in everything for word in ("wang", "王梓涵", "林晓岚", "再问问客户"))


def test_what_not_everybody_may_see_is_not_exported_unless_asked(database: Database) -> None:
    bench = Bench(database, SECRETS)
    bench.complete(budget="120.50", due_on="2026-11-20", urgent=True)
    assert dict(log(bench)[0].values) == {"due_on": "2026-11-20", "urgent": True}
    assert set(log(bench, restricted=True)[0].values) == {"title", "what", "budget", "due_on", "urgent"}


def test_a_position_leaves_by_its_key(database: Database) -> None:
    placed = COMPLAINTS.replace("form: [what, ", "form: [position, what, ").replace(
        "fields:\n", "fields:\n  position: {type: position, zh: 岗位, en: Position}\n", 1
    )
    bench = Bench(database, placed)
    bench.file(position="operations_specialist")
    assert dict(log(bench)[0].values)["position"] == "operations_specialist"


def test_of_a_process_about_one_person_no_value_leaves(database: Database) -> None:
    about = COMPLAINTS.replace("form: [what, ", "form: [subject, what, ").replace(
        "fields:\n", "fields:\n  subject: {type: person, required: true, zh: 谁, en: Who}\n", 1
    )
    bench = Bench(database, about)
    bench.file(subject=str(bench.office.people["wang"]), budget="9")
    assert dict(log(bench)[0].values) == {}
    assert log(bench, people=True, restricted=True)[0].values["subject"] == "wang"


def test_days_and_processes_are_chosen(bench: Bench) -> None:
    bench.file()
    bench.clock(17, 9)
    bench.file()
    assert len(log(bench)) == 2
    assert len(log(bench, since=bench.office.now)) == 1
    assert len(log(bench, until=bench.office.now)) == 1
    assert log(bench, process="nothing") == []


def test_memory_does_not_grow_with_the_history(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in portions, each of two statements; no trace is lost or told twice, also where cases began at one moment."""
    monkeypatch.setattr(reading, "AT_ONCE", 3)
    for _ in range(8):
        bench.file()
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        with counted(bench.office.database) as statements:
            found: Iterator[Trace] = traces(session, scene, Asked())
            next(found)
            assert len(statements) == 2
            names = [trace.name for trace in found]
        assert len(statements) == 7  # three portions of cases with their events, and a look whether there are more
    assert len(set(names)) == 7


def test_rows_are_read_by_their_names(bench: Bench) -> None:
    refused_back_and_done(bench)
    lines = list(csv.DictReader(io.StringIO("".join(csv_lines(rows(log(bench), UTC, ["budget"]), bom=False)))))
    assert len(lines) == 5
    assert lines[1]["concept:name"] == "处理"
    assert {line["case:value:budget"] for line in lines} == {"120.50"}
    assert {line["lifecycle:transition"] for line in lines} == {"complete"}


def test_the_command_writes_whole_files_or_none(
    bench: Bench, database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_back_and_done(bench)
    monkeypatch.setenv("DATABASE_URL", database_url)
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "complaint.xes"
    run = CliRunner()
    done = run.invoke(
        assemble(workflows), ["history", "export", "--format", "xes", "--process", "complaint", "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert len(list(ET.parse(out).getroot().iter(f"{XES}event"))) == 5
    wrong = run.invoke(
        assemble(workflows),
        ["history", "export", "--format", "xes", "--process", "complain", "-o", str(folder / "no")],
    )
    assert "complaint" in str(wrong.exception)
    assert [file.name for file in folder.iterdir()] == ["complaint.xes"]
    assert run.invoke(assemble(workflows), ["history", "export"]).exit_code == 2


def test_a_stray_would_be_seen(bench: Bench) -> None:
    """An event that the definition has no way for: somebody wrote it past the engine."""
    case = bench.complete()
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        assert strays(session, scene) == []
    with bench.office.database.write() as session:
        last = session.query(Event).filter(Event.case_id == case).order_by(Event.seq.desc()).first()
        assert last is not None
        copy = {column.name: getattr(last, column.name) for column in Event.__table__.columns}
        copy |= {"id": new_id(), "seq": last.seq + 1, "submission": None}
        session.execute(insert(Event), copy)
    with bench.office.database.read() as session:
        (stray,) = strays(session, scene)
    assert stray.endswith("复核 → 复核")
