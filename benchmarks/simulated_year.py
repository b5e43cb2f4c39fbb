"""What a rehearsed year costs in companies of different sizes: `python -m benchmarks.simulated_year 100 300 1000`.

Each size is rehearsed in a process of its own, on the program's own definitions and the sample's habits. Prints a line for each: events,
seconds of processor time (rehearsing; verifying the history), milliseconds and bytes for each event, and the most memory it took.
`--from` and `--to` make it shorter; the line then says what a year of the same days would take.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from datetime import date

from sqlalchemy import func, select, text

from workflows.engine.tables import Event
from workflows.operation.rehearsal_report import verified
from workflows.operation.rehearsing import Company, rehearse
from workflows.settings import Settings

SIZES = (100, 300, 1000)


def _seconds() -> float:
    """Processor time of this process and of those it has waited for: a long history is verified by several."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def measured(people: int, first: date, last: date, seed: int) -> dict[str, float]:
    """Rehearse one company in this process."""
    settings = Settings.from_environment({"DATABASE_URL": "sqlite://"})
    began = _seconds()
    with rehearse(settings, Company.sample(), first, last, seed, people) as done:
        rehearsed = _seconds()
        with done.database.read() as session:
            events = session.scalar(select(func.count()).select_from(Event)) or 0
            pages = session.scalar(text("PRAGMA page_count")) * session.scalar(text("PRAGMA page_size"))  # type: ignore[operator]
        history = verified(done.database)
        return {
            "people": people, "events": events, "seconds": rehearsed - began, "verifying": _seconds() - rehearsed,
            "bytes": pages, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "sound": done.result.sound and not history.faults,
        }  # fmt: skip


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date(2026, 1, 1))
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=date(2026, 12, 31))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", action="store_true", help="measure here and print JSON")
    asked = parser.parse_args()
    span = ("--from", str(asked.first), "--to", str(asked.last), "--seed", str(asked.seed))
    if asked.one:
        print(json.dumps(measured(asked.sizes[0], asked.first, asked.last, asked.seed)))  # noqa: T201
        return
    days = (asked.last - asked.first).days + 1
    print(_line("people", "events", "CPU s", "verify s", "ms/event", "B/event", "RSS MB", "CPU min a year", "sound"))  # noqa: T201
    for size in asked.sizes:
        command = [sys.executable, "-m", "benchmarks.simulated_year", "--one", str(size), *span]
        line = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        whole = line["seconds"] + line["verifying"]
        told = _line(
            f"{size:,}", f"{line['events']:,}", f"{line['seconds']:.1f}", f"{line['verifying']:.1f}", f"{1000 * whole / line['events']:.2f}",
            f"{line['bytes'] / line['events']:.0f}", f"{line['memory'] / 1024**2:.0f}", f"{whole / 60 * 365 / days:.1f}",
            "yes" if line["sound"] else "no",
        )  # fmt: skip
        print(told, flush=True)  # noqa: T201


def _line(*cells: str) -> str:
    return "".join(f"{cell:>15}" for cell in cells)


if __name__ == "__main__":
    main()
