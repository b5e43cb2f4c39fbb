"""What a case says is kept for good by a recorder (`record: result`), in the transaction of the step."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from workflows.engine.running import Running, Step
from workflows.engine.scene import Recorder, RecordRequest


def keep(run: Running, name: str, step: Step) -> None:
    """Ask the recorder to keep the case as it is now, once the step's own rows are written."""
    row = run.row
    request = RecordRequest(
        row.id, row.process, row.state, row.subject_id, dict(row.data), run.process.fields, run.now, _until(run),
        step.said.get("reason"),
    )  # fmt: skip
    run.record.afterwards.append(partial(_write, run.scene.recorder(name), request))


def _write(recorder: Recorder, request: RecordRequest, session: Session) -> None:
    recorder(session, request)


def _until(run: Running) -> datetime | None:
    """The first moment at which the clock leads out of the state, as far as it is known."""
    moments = (run.moment(after.when, "after") for after in run.state.after)
    return min((at for at in moments if at is not None), default=None)
