"""Answers that take a while and say how far they are: to a script that asks for it a line of JSON for every step, the page at the end.

Without a script the same work gives the same page, only in silence. Lines are `{"what", "done", "all"}`; the last one is
`{"page"}`, or `{"go"}` where the page stands at another address. Whatever goes wrong on the way is a page as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

from flask import Response, copy_current_request_context, current_app, request
from flask.typing import ResponseReturnValue

from workflows.http import in_transaction

LINES: Final = "application/x-ndjson"

Progress = Callable[[int, int], None]
"""Told (done, of how many)."""
Tell = Callable[[str], Progress]
"""Gives, for a kind of work (`check`, `write`), whom to tell how much of it is done."""
Work = Callable[[Tell], ResponseReturnValue]


def telling(work: Work) -> ResponseReturnValue:
    """The answer of `work`; told in lines, and in a transaction of its own, where that is asked for.

    The request's files have to be read before. Who stops listening stops nothing: the work is done, or taken back, as a whole.
    """
    if request.accept_mimetypes.best != LINES:
        return work(lambda _what: _in_silence)
    told: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def tell(what: str) -> Progress:
        return lambda done, of_all: told.put({"what": what, "done": done, "all": of_all})

    @copy_current_request_context
    def at_work() -> None:
        told.put(_end(_answer(lambda: work(tell))))

    # The transaction of the request itself is over before the first line is asked for.
    return Response(_lines(told, Thread(target=at_work)), mimetype=LINES, headers={"X-Accel-Buffering": "no"})


def _in_silence(_done: int, _of_all: int) -> None:
    """Nobody listens."""


def _answer(work: Callable[[], ResponseReturnValue]) -> Response:
    try:
        return in_transaction(work)
    except Exception as error:  # noqa: BLE001  it becomes the page of its kind, as everywhere in the doors
        return current_app.make_response(current_app.handle_user_exception(error))


def _end(answer: Response) -> dict[str, Any]:
    if 300 <= answer.status_code < 400:
        return {"go": answer.headers["Location"]}
    return {"page": answer.get_data(as_text=True)}


def _lines(told: SimpleQueue[dict[str, Any]], worker: Thread) -> Iterator[str]:
    worker.start()
    line: dict[str, Any] = {}
    while not line.keys() & {"page", "go"}:
        line = told.get()
        yield json.dumps(line) + "\n"
    worker.join()
