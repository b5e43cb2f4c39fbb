"""The rounds of the clock: each takes what is due now and does it, and answers how much it did.

A round is rung again while it finds work. `now` comes from whoever rings: the clock on the wall, or a rehearsed one.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

import structlog
from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.figures import starts
from workflows.appraisal.figures.collecting import collect, collected_on, mark_collected, months_to_collect
from workflows.appraisal.figures.store import FIGURES
from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.org.people import retire_leavers
from workflows.org.versions import NEVER_CHANGED, Stamp, read_versions
from workflows.schedule import reckoning
from workflows.schedule.jobs import Jobs, Note, transact
from workflows.schedule.setbacks import Setbacks

log = structlog.get_logger("workflows.schedule")
Kind = Literal["timer", "signal"]
BATCH = 50
CASES_AT_ONCE = 200


class Rounds:
    """What the clock does inside the database. `patient`: a failing job is put off and told; otherwise it is raised."""

    def __init__(self, database: Database, engine: Engine, *, patient: bool = True) -> None:
        self._database = database
        self._engine = engine
        self._patient = patient
        self._scorecards = ScorecardStore()
        self._setbacks = Setbacks()
        self._noted: Stamp | None = None
        """The state of the figures up to which everything that they start is noted."""
        self._asked = True
        """Whether anything that is noted may still be waiting."""

    def timers(self, now: datetime) -> int:
        """Ring what is due, each timer as its case's own step."""
        with self._database.read() as session:
            due = self._engine.due_timers(session, now, BATCH)
        ringing = Jobs(
            "timer",
            lambda session, timer: int(self._engine.ring(session, timer, now)),
            self._note("timer", now),
        )
        return ringing.work_off(self._database, due)

    def signals(self, now: datetime) -> int:
        """Deliver what one case tells another, and start what cases ask for."""
        with self._database.read() as session:
            waiting = self._engine.waiting_signals(session, now, BATCH)
        delivering = Jobs(
            "signal",
            lambda session, signal: self._engine.deliver(session, signal, now),
            self._note("signal", now),
        )
        return delivering.work_off(self._database, waiting)

    def schedules(self, now: datetime) -> int:
        """Begin the runs whose time has come, missed ones included, and bring every unfinished one a batch further."""
        with self._database.read() as session:
            due = [run for run in self._engine.due_schedules(session, now) if self._setbacks.allow(run, now)]
        begun = Jobs(
            "schedule", lambda s, run: int(self._engine.begin_run(s, run, now) is not None), self._hold("begin", now)
        )
        started = begun.work_off(self._database, due)
        with self._database.read() as session:
            unfinished = [run for run in self._engine.unfinished_runs(session) if self._setbacks.allow(run, now)]
        going = Jobs("schedule", lambda s, run: self._further(s, run, now), self._hold("continue", now))
        return started + going.work_off(self._database, unfinished)

    def people(self, now: datetime) -> int:
        """Let those go whose day has come; their tasks open anew, each as its case's own step."""

        def retire(session: Session) -> int:
            return len(retire_leavers(session, self._engine.calendar(session).day_of(now), now))

        gone = transact(self._database, retire)
        with self._database.read() as session:
            orphans = [task for task in self._engine.orphaned_tasks(session) if self._setbacks.allow(task, now)]
        opening = Jobs("leaver", lambda s, task: int(self._engine.reassign(s, task, now)), self._hold("reassign", now))
        moved = opening.work_off(self._database, orphans)
        if gone or moved:
            log.info("people left", people=gone, tasks=moved)
        return 0

    def calendar(self, now: datetime) -> int:
        """After a change of the calendar: reckon open timers and due times anew, in batches that a restart begins again."""
        with self._database.read() as session:
            calendar = reckoning.calendar_now(session)
            if reckoning.is_reckoned(session, calendar):
                return 0
        after: object = None
        while True:
            after = self._recompute(after, now)
            if after is None:
                break
        transact(self._database, lambda session: reckoning.mark_reckoned(session, calendar))
        log.info("calendar changed, timers reckoned anew")
        return 0

    def figures(self, now: datetime) -> int:
        """Once a day: count what cases contribute to scorecards, each month in a transaction of its own, missed days included."""
        with self._database.read() as session:
            scene = self._engine.scene(session, now)
            if (collected_on(session) or date.min) >= scene.today:
                return 0
            months = months_to_collect(session, scene)
        changed = sum(self._collect(month, now) for month in months)
        transact(self._database, lambda session: mark_collected(session, scene.today))
        log.info("figures counted", months=months, changed=changed)
        return 0

    def figure_starts(self, now: datetime) -> int:
        """Start what figures ask for: looked at anew when figures have changed, each case in a transaction of its own."""
        with self._database.read() as session:
            stamp = read_versions(session).get(FIGURES, NEVER_CHANGED)
        if stamp != self._noted:
            transact(self._database, lambda s: starts.note(s, self._engine, self._scorecards.catalogue(s), now))
            self._noted, self._asked = stamp, True
        if not self._asked:
            return 0
        with self._database.read() as session:
            waiting = starts.waiting(session)
        self._asked = bool(waiting)
        asked = [one for one in waiting if self._setbacks.allow(one, now)]
        starting = Jobs(
            "figure", lambda s, one: starts.start(s, self._engine, one, now), self._hold("start by figure", now)
        )
        return starting.work_off(self._database, asked)

    def _collect(self, month: str, now: datetime) -> int:
        done = transact(self._database, lambda session: collect(session, self._engine, self._scorecards, month, now))
        return done.new + done.changed

    def _recompute(self, after: Any, now: datetime) -> object:
        return transact(self._database, lambda session: self._engine.recompute(session, now, after, CASES_AT_ONCE))

    def _further(self, session: Session, run: uuid.UUID, now: datetime) -> int:
        progress = self._engine.continue_run(session, run, now, CASES_AT_ONCE)
        log.info("cases started", run=str(run), done=progress.done, total=progress.total, finished=progress.finished)
        return 1

    def _note(self, kind: Kind, now: datetime) -> Note[uuid.UUID] | None:
        if not self._patient:
            return None
        return lambda session, job, error: self._engine.failed(session, kind, job, error, now)

    def _hold(self, what: str, now: datetime) -> Note[Any] | None:
        if not self._patient:
            return None
        return lambda session, job, error: self._setbacks.note(session, job, what, error, now)
