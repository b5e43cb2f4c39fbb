"""`Engine`: the one object through which doors start, move and read cases. Assembled once per process; short-lived things go in the call.

Every call takes a `session` first and `now` (aware, UTC) last; nothing here commits. Writing calls want a session of
`Database.write()`, reading ones of `Database.read()`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.definition.prove import require_proved
from workflows.engine import (
    definitions,
    delivering,
    files,
    fire,
    handling,
    keeping,
    leavers,
    parameters,
    recomputing,
    ringing,
    schedules,
    starting,
)
from workflows.engine.company import Company
from workflows.engine.definitions import Publication
from workflows.engine.files import Download
from workflows.engine.parameters import CompanyParameter
from workflows.engine.requests import Cancellation, Outcome, Remark, StartRequest, Submission, TaskOrder
from workflows.engine.scene import Recorder, Scene, Scorecards, Source
from workflows.engine.schedules import BATCH, DueRun, Progress
from workflows.engine.views import admin, cases, lists, starts, work
from workflows.engine.views.pages import (
    CaseList,
    CasePage,
    IncidentRow,
    Listed,
    MessageRow,
    PageKey,
    ScheduleRow,
    SearchQuery,
    Standing,
    StartForm,
    StartPage,
    Tab,
    TimerRow,
    VersionRow,
    WorkCounts,
    WorkPage,
)
from workflows.errors import NotFound
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation
from workflows.org.versions import CALENDAR, bump
from workflows.settings import Settings

PersonId = uuid.UUID


class Engine:
    """Long-lived: settings, caches of organisation, calendar and definitions, sources. Safe to share between threads.

    `sources`: what fills forms (`fill: NAME`), by name; `scorecards`: positions that have one (None: every appraised position),
    or who knows them; `recorders`: what keeps results (`record: NAME`), by name; `figures`: who knows which figures are measured, with
    their units.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Mapping[str, Source] | None = None,
        scorecards: Scorecards = None,
        recorders: Mapping[str, Recorder] | None = None,
        figures: Callable[[Session], Mapping[str, str]] | None = None,
    ) -> None:
        self.company = Company(settings, sources, scorecards, recorders)
        self._figures = figures

    # -- people act ---------------------------------------------------------------------------------------------------

    def start(self, session: Session, request: StartRequest, now: datetime) -> Outcome:
        """Start a case. Raises `NotFound`, `NotAllowed`, `InvalidInput`, `Conflict` (its key exists), `Replayed`."""
        return starting.start(self.company, session, request, now)

    def fire(self, session: Session, submission: Submission, now: datetime) -> Outcome:
        """Take an action. Raises `NotFound`, `NotAllowed`, `Conflict`, `WrongState`, `Stale`, `InvalidInput`, `Replayed`."""
        return fire.fire(self.company, session, submission, now)

    def ask_anytime(self, session: Session, person: PersonId, case: uuid.UUID, action: str, now: datetime) -> None:
        """Whether an action of no task can be taken; changes nothing. Raises `NotFound`, `NotAllowed`, `WrongState` saying why not."""
        fire.ask_anytime(self.company, session, person, case, action, now)

    def claim(self, session: Session, order: TaskOrder, now: datetime) -> Outcome:
        """Take a task of one's group. Raises `Conflict` where somebody has it, `NotAllowed`."""
        return handling.claim(self.company, session, order, now)

    def release(self, session: Session, order: TaskOrder, now: datetime) -> Outcome:
        """Give a task back to its group. Raises `NotAllowed`."""
        return handling.release(self.company, session, order, now)

    def comment(self, session: Session, remark: Remark, now: datetime) -> Outcome:
        """Comment on a case, or attach files. Raises `NotFound`, `InvalidInput`."""
        return handling.comment(self.company, session, remark, now)

    def cancel(self, session: Session, cancellation: Cancellation, now: datetime) -> Outcome:
        """End a case without reaching one of its ends. Raises `NotAllowed`, `WrongState`, `InvalidInput`."""
        return handling.cancel(self.company, session, cancellation, now)

    def upload(
        self, session: Session, actor: PersonId, name: str, media_type: str, content: bytes, now: datetime
    ) -> uuid.UUID:
        """Keep a file (at most 10 MiB) until a form names its id. Raises `InvalidInput`."""
        return files.upload(session, actor, name, media_type, content, now)

    def download(self, session: Session, person: PersonId, file: uuid.UUID, now: datetime) -> Download:
        """A file for somebody who may see it. Raises `NotFound`."""
        return files.download(self.company, session, person, file, now)

    def save_draft(
        self, session: Session, person: PersonId, place: str, typed: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep what was typed at `task:<hex>` or `start:<process>`."""
        keeping.save_draft(session, person, place, typed, now)

    def drop_draft(self, session: Session, person: PersonId, place: str) -> None:
        """Forget a draft."""
        keeping.drop_draft(session, person, place)

    def mark_read(
        self, session: Session, person: PersonId, page: CasePage, now: datetime, reason: str | None = None
    ) -> None:
        """Remember that the person has read the case up to here, and opened the task that is theirs on it.

        Noted in the access log where they took no part in the case.
        """
        logged = not page.took_part
        keeping.mark_read(session, person, page.id, page.event_count, now, logged=logged, reason=reason)
        if page.task is not None:
            keeping.mark_opened(session, person, page.task.id, now)

    def mark_opened(self, session: Session, person: PersonId, task: uuid.UUID, at: datetime) -> None:
        """Remember when the person first had a task open: until then it waited, from then on they worked on it."""
        keeping.mark_opened(session, person, task, at)

    # -- people read --------------------------------------------------------------------------------------------------

    def work_list(
        self, session: Session, person: PersonId, now: datetime, tab: Tab = "mine", process: str | None = None,
        after: PageKey | None = None, limit: int = 50,
    ) -> WorkPage:  # fmt: skip
        """One page of a person's work list."""
        return work.work_list(self.company, session, person, now, tab, process, after, limit)

    def work_counts(self, session: Session, person: PersonId, now: datetime) -> WorkCounts:
        """What waits for a person."""
        return work.work_counts(self.company.scene(session, now), session, person)

    def case_page(
        self, session: Session, person: PersonId, case: uuid.UUID, now: datetime, task: uuid.UUID | None = None,
        events_before: int | None = None,
    ) -> CasePage:  # fmt: skip
        """Everything the page of a case shows. Raises `NotFound` where the person may not see it."""
        return cases.case_page(self.company, session, person, case, now, task, events_before)

    def case_of_task(self, session: Session, task: uuid.UUID) -> uuid.UUID:
        """The case a task belongs to, for links from mails. Raises `NotFound`."""
        return cases.case_of_task(session, task)

    def children(
        self,
        session: Session,
        person: PersonId,
        case: uuid.UUID,
        now: datetime,
        after: PageKey | None = None,
        limit: int = 50,
    ) -> CaseList:
        """The cases a case has spawned, as far as the person may see them."""
        return lists.children(self.company, session, person, case, now, after, limit)

    def children_standing(
        self, session: Session, person: PersonId, case: uuid.UUID, now: datetime
    ) -> tuple[Standing, ...]:
        """Where the cases a case has spawned stand, as far as the person may see them."""
        return lists.children_standing(self.company, session, person, case, now)

    def search(
        self,
        session: Session,
        person: PersonId,
        query: SearchQuery,
        now: datetime,
        after: PageKey | None = None,
        limit: int = 50,
    ) -> CaseList:
        """Cases the person may see, newest first."""
        return lists.search(self.company, session, person, query, now, after, limit)

    def start_page(self, session: Session, person: PersonId, now: datetime) -> StartPage:
        """What the person may start, and what starts by itself."""
        return starts.start_page(self.company, session, person, now)

    def start_form(self, session: Session, person: PersonId, process: str, now: datetime) -> StartForm:
        """The form that starts a case. Raises `NotFound`, `NotAllowed`."""
        return starts.start_form(self.company, session, person, process, now)

    # -- administration -----------------------------------------------------------------------------------------------

    def timers(
        self, session: Session, after: PageKey | None = None, limit: int = 50, status: str | None = "due"
    ) -> Listed[TimerRow]:
        """Timers by when they are tried next."""
        return admin.timers(session, after, limit, status)

    def messages(self, session: Session, after: PageKey | None = None, limit: int = 50) -> Listed[MessageRow]:
        """Messages, newest first."""
        return admin.messages(session, after, limit)

    def incidents(
        self, session: Session, after: PageKey | None = None, limit: int = 50, open_only: bool = True
    ) -> Listed[IncidentRow]:
        """What failed for good, newest first."""
        return admin.incidents(session, after, limit, open_only)

    def solve_incident(
        self, session: Session, incident: uuid.UUID, actor: PersonId, now: datetime, retry: bool = True
    ) -> None:
        """Close an incident; with `retry` its timer or signal is tried again at once. Raises `NotFound`."""
        admin.solve_incident(session, incident, actor, now, retry)

    def schedules(self, session: Session, now: datetime, count: int = 3) -> tuple[ScheduleRow, ...]:
        """Recurring starts with their next times."""
        return admin.schedules(self.company.scene(session, now), session, now, count)

    def processes(self, session: Session) -> Mapping[str, Process]:
        """The newest version of every process, by key."""
        return {key: published.process for key, published in self.company.store.newest(session).items()}

    def definition(self, session: Session, definition: uuid.UUID) -> Process:
        """One published version. Raises `NotFound`."""
        return self.company.store.get(session, definition).process

    def versions(self, session: Session) -> tuple[VersionRow, ...]:
        """Every published version with the number of cases that run on it."""
        return admin.versions(session)

    def publish(
        self, session: Session, processes: Iterable[Process], actor: PersonId | None, now: datetime
    ) -> list[Publication]:
        """Publish processes; a new version only where something changed.

        Raises `DefinitionErrors` where a proof of `workflows check` fails, asked together with what is published already.
        """
        given = {process.key: process for process in processes}
        known = self._figures(session) if self._figures is not None else None
        require_proved({**self.processes(session), **given}.values(), figures=known)
        return definitions.publish(session, given.values(), actor, now)

    def parameters(self, session: Session, process: str) -> tuple[CompanyParameter, ...]:
        """The parameters of a process's newest version: what holds, and who set what when. Raises `NotFound`."""
        newest, organisation = self._newest(session, process), self.organisation(session)
        values = self.company.store.overrides(session).get(process, {})
        return parameters.company_parameters(session, newest, values, organisation)

    def set_parameter(
        self, session: Session, process: str, name: str, raw: str | None, actor: PersonId, now: datetime
    ) -> bool:
        """Set a parameter of a process for the company, in all its cases from now on; False where it stands so already.

        `raw` None: the definition's own value holds again. Administrators only. Raises `NotAllowed`, `NotFound`,
        `InvalidInput`.
        """
        newest, organisation = self._newest(session, process), self.organisation(session)
        current = self.company.store.overrides(session).get(process, {}).get(name)
        changed = parameters.set_parameter(session, newest, name, raw, current, actor, organisation, now)
        if changed:
            bump(session, definitions.DEFINITIONS)
        if changed and newest.parameters[name].type == "duration":
            bump(session, CALENDAR)  # what is open is reckoned anew, as after a change of the calendar
        return changed

    def _newest(self, session: Session, process: str) -> Process:
        found = self.processes(session).get(process)
        if found is None:
            raise NotFound("没有这个流程。", "There is no such process.")
        return found

    def scene(self, session: Session, now: datetime) -> Scene:
        """The company at this moment: organisation, calendar, definitions."""
        return self.company.scene(session, now)

    def organisation(self, session: Session) -> Organisation:
        """The organisation, cached until it changes."""
        return self.company.organisations.get(session)

    def calendar(self, session: Session) -> Calendar:
        """The calendar, cached until it changes."""
        return self.company.calendars.get(session)

    # -- the clock acts -----------------------------------------------------------------------------------------------

    def due_timers(self, session: Session, now: datetime, limit: int = 50) -> list[uuid.UUID]:
        """Timers to ring, oldest first."""
        return ringing.due_timers(session, now, limit)

    def ring(self, session: Session, timer: uuid.UUID, now: datetime) -> bool:
        """Ring one timer; False where it was rung, moved or cancelled meanwhile."""
        return ringing.ring(self.company, session, timer, now)

    def waiting_signals(self, session: Session, now: datetime, limit: int = 50) -> list[uuid.UUID]:
        """Signals to deliver, oldest first."""
        return delivering.waiting_signals(session, now, limit)

    def deliver(self, session: Session, signal: uuid.UUID, now: datetime) -> int:
        """Deliver a signal and those that go the same way; how many."""
        return delivering.deliver(self.company, session, signal, now)

    def failed(self, session: Session, kind: str, job: uuid.UUID, error: Exception, now: datetime) -> bool:
        """After a roll-back: a `timer` or `signal` is tried later; True where it became an incident."""
        return ringing.failed(session, kind, job, error, now)

    def due_schedules(self, session: Session, now: datetime) -> list[DueRun]:
        """Periods that should have begun, oldest first."""
        return schedules.due_schedules(self.company, session, now)

    def start_by_itself(
        self,
        session: Session,
        process: str,
        given: Mapping[str, Any],
        starter: PersonId | None,
        why: str,
        now: datetime,
    ) -> uuid.UUID | None:
        """Start a case without a form, with `given` values as JSON; None where its key exists. Raises `NotFound`."""
        return starting.start_by_itself(self.company, session, process, given, starter, why, now)

    def begin_run(self, session: Session, due: DueRun, now: datetime) -> uuid.UUID | None:
        """Begin a period; None where it was begun already."""
        return schedules.begin_run(self.company, session, due, now)

    def unfinished_runs(self, session: Session) -> list[uuid.UUID]:
        """Begun periods with cases still to be started."""
        return schedules.unfinished_runs(session)

    def continue_run(self, session: Session, run: uuid.UUID, now: datetime, batch: int = BATCH) -> Progress:
        """Start the next cases of a period; repeat until finished."""
        return schedules.continue_run(self.company, session, run, now, batch)

    def orphaned_tasks(self, session: Session) -> list[uuid.UUID]:
        """Open tasks of people who left; `reassign` each in its own transaction."""
        return leavers.orphaned(session)

    def reassign(self, session: Session, task: uuid.UUID, now: datetime) -> bool:
        """Open the task of somebody who left anew for somebody who is there."""
        return leavers.reassign(self.company, session, task, now)

    def reassign_leavers(self, session: Session, now: datetime) -> int:
        """All orphaned tasks in one transaction; how many."""
        return leavers.reassign_leavers(self.company, session, now)

    def recompute(
        self, session: Session, now: datetime, after: uuid.UUID | None = None, limit: int = 100
    ) -> uuid.UUID | None:
        """After a change of the calendar: timers and due times of the next open cases; repeat with the answer until None."""
        return recomputing.recompute(self.company, session, now, after, limit)
