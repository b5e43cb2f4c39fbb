"""Lives a story and is killed at every point of it: `victim.py URL short|long [careless]`.

Each act is done in a forked child that kills itself at its k-th point (before and after every statement, before and after the
commit), k = 1, 2, … until the act ends without being killed. Every try is a fresh process that finds the database as the dead one
left it. Prints how many died. `careless` commits whatever stands there before it dies, as a program without transactions
would: the checker has to notice that.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from kill.story import LONG, SHORT, Act, reopened


class Points:
    """Counts the points of an act and dies at one of them."""

    def __init__(self, fatal: int, careless: bool) -> None:
        self.fatal = fatal
        self.careless = careless
        self.passed = 0

    def reached(self, connection: Any = None) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            if self.careless and connection is not None:
                connection.connection.cursor().execute("COMMIT")
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: Any) -> None:
        event.listen(engine, "before_cursor_execute", lambda connection, *_: self.reached(connection))
        event.listen(engine, "after_cursor_execute", lambda connection, *_: self.reached(connection))
        event.listen(engine, "commit", self.reached)


def child(url: str, act: Act, points: Points) -> int:
    """One try, in a process of its own; 3: there is more of it to do."""
    office = reopened(url)
    points.watch(office.database.engine)
    more = act(office)
    points.reached()
    office.database.dispose()
    return 3 if more else 0


def one_try(url: str, act: Act, fatal: int, careless: bool) -> int | None:
    """The child's exit code; None where it was killed."""
    process = os.fork()
    if process == 0:
        code = 70
        try:
            code = child(url, act, Points(fatal, careless))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def live(url: str, story: list[Act], careless: bool) -> int:
    deaths = 0
    for act in story:
        more = True
        while more:
            fatal, code = 1, one_try(url, act, 1, careless)
            while code is None:
                deaths += 1
                fatal += 1
                code = one_try(url, act, fatal, careless)
            if code not in (0, 3):
                raise SystemExit(f"a try ended with {code}")
            more = code == 3
    return deaths


if __name__ == "__main__":
    address, which = sys.argv[1:3]
    # What a first use imports is imported before forking, so that a try takes milliseconds.
    reopened(address).database.dispose()
    print(live(address, LONG if which == "long" else SHORT, "careless" in sys.argv))  # noqa: T201
