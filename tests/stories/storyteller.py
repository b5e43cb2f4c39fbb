"""Plays a story on the real engine: the sample company, the shipped definitions, a clock that jumps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from definition.shipped import shipped
from stories.past import Past
from stories.reading import Act, Story
from stories.scoring import CARDS, measured, said_of_lines
from workflows.appraisal.cards.publishing import texts_of
from workflows.appraisal.figures.store import record
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database, new_id
from workflows.definition.load import files_of
from workflows.definition.model import Action, Field, Process
from workflows.definition.model import Task as Rule
from workflows.engine.engine import Engine
from workflows.engine.requests import Cancellation, StartRequest, Submission, TaskOrder
from workflows.engine.tables import Case, Event, Task, TaskStatus
from workflows.engine.views.pages import SearchQuery, WorkRow
from workflows.errors import InvalidInput, NotFound, Text, WorkflowsError
from workflows.operation.publishing import Chosen, publish
from workflows.org.importing.applying import import_organisation
from workflows.reports.figures import counted
from workflows.schedule.drive import Drive
from workflows.settings import Settings, project_folder

CARD_TEXTS = texts_of(files_of(project_folder("definitions") / "scorecards"))
PROCESSES = shipped()


@dataclass
class Teller:
    """One company while a story is told."""

    database: Database
    appraisal: Appraisal
    drive: Drive
    processes: Mapping[str, Process]
    people: Mapping[str, uuid.UUID]
    now: datetime
    past: Past = field(init=False)

    def __post_init__(self) -> None:
        self.past = Past(self.database, self.processes, self.people)

    @property
    def engine(self) -> Engine:
        """The engine, with what fills and records."""
        return self.appraisal.engine

    @classmethod
    def begin(cls, database: Database, story: Story) -> Teller:
        """The sample company on the morning of the story's first day, with the definitions that it is about."""
        appraisal = Appraisal(Settings(database_url="sqlite://"))
        engine = appraisal.engine
        first = story.acts[0].at
        morning = first.replace(hour=0, minute=0).astimezone(UTC)
        files = [(file.name, file.read_bytes()) for file in sorted((project_folder("sample") / "company").iterdir())]
        told = {key: PROCESSES[key] for key in story.processes}
        with database.write() as session:
            import_organisation(session, files, first.date(), morning)
            publish(session, appraisal, Chosen(tuple(told.values()), CARD_TEXTS, "scorecards"), morning)
        with database.read() as session:
            people = {member.name: member.id for member in engine.organisation(session).people.values()}
        return cls(database, appraisal, Drive(database, engine), told, people, morning)

    # ---- what happens --------------------------------------------------------------------------------------------

    def tell(self, story: Story) -> None:
        """Act after act; between two of them the clock rings whatever is due."""
        for act in story.acts:
            self.wait_until(act.at.astimezone(UTC))
            if act.who == "时钟":
                continue
            if act.who == "数据":
                self._measure(act)
            elif act.who == "每人":
                self._everyone(act)
            else:
                self._do(self.people[act.who], act)
            self.drive.settle(self.now)

    def wait_until(self, moment: datetime) -> None:
        """Let everything ring that is due up to `moment`, each at its own time."""
        for _ in self.drive.until(self.now, moment):
            pass
        self.now = moment

    def _measure(self, act: Act) -> None:
        """The month's figures come in from a file."""
        with self.database.write() as session:
            inputs = measured(session, self.appraisal, act, self.people)
            record(session, inputs, source=Source.UPLOAD, actor=None, now=self.now)

    def _do(self, who: uuid.UUID, act: Act) -> None:
        before = self._events()
        refusal = self._refusal(who, act)
        said = f"{refusal.zh} {_details(refusal)}" if refusal else ""
        assert bool(refusal) == bool(act.refused), f"{act}: {said or 'was not refused'}"
        if refusal:
            assert act.refused in said, f"{act}: {said}"
            assert self._events() == before, "a refusal changed something"

    def _refusal(self, who: uuid.UUID, act: Act) -> WorkflowsError | None:
        try:
            with self.database.write() as session:
                self._send(session, who, act)
        except WorkflowsError as refusal:
            return refusal
        return None

    def _send(self, session: Any, who: uuid.UUID, act: Act) -> None:
        engine, key = self.engine, new_id()
        if act.action == "发起" and not act.case:
            process = self._started_by_hand(act)
            values = self._typed(session, who, process, act.values)
            engine.start(session, StartRequest(key, who, process.key, values), self.now)
            return
        if act.action == "作废":
            engine.cancel(session, Cancellation(key, who, self._case(act), act.reason), self.now)
            return
        if act.action == "查看":
            self._look(session, who, act)
            return
        if act.action in ("领取", "放回"):
            order = TaskOrder(key, who, _task(self._row(who, act)))
            (engine.claim if act.action == "领取" else engine.release)(session, order, self.now)
            return
        self._submit(session, who, act, key)

    def _look(self, session: Any, who: uuid.UUID, act: Act) -> None:
        """Open the page of the case, where what has a value is either shown or hidden; a search finds nothing more."""
        case = self._case(act)
        found = session.get(Case, case)
        query = SearchQuery(text=found.title, process=found.process)
        listed = any(row.id == case for row in self.engine.search(session, who, query, self.now).rows)
        try:
            page = self.engine.case_page(session, who, case, self.now)
        except NotFound:
            assert not listed, f"{act}: a search finds it"
            raise
        children = self.engine.children(session, who, case, self.now).rows
        standing = self.engine.children_standing(session, who, case, self.now)
        assert page.children_total == len(children) == sum(one.number for one in standing), (
            f"{act}: hidden cases are counted"
        )
        shown = {one.field.title.zh for one in page.data}
        hidden = {field.title.zh for field in page.hidden_fields}
        assert set(act.shown) <= shown, f"{act}: shown are {shown}"
        assert set(act.hidden) <= hidden - shown, f"{act}: hidden are {hidden}"

    def _submit(self, session: Any, who: uuid.UUID, act: Act, key: uuid.UUID) -> None:
        for process in self.processes.values():
            for anytime in process.anytime.values():
                if anytime.action.title.zh == act.action and self._has(act, process):
                    case = self._case(act, process.key)
                    values = self._typed(session, who, process, act.values, anytime.action, case=case)
                    submission = Submission(key, who, anytime.action.name, case=case, values=values, reason=act.reason)
                    self.engine.fire(session, submission, self.now)
                    return
        self._fire(session, who, act, self._row(who, act), key)

    def _fire(self, session: Any, who: uuid.UUID, act: Act, row: WorkRow, key: uuid.UUID) -> None:
        action, process = self._action(row, act.action), self.processes[row.process]
        assert action is not None
        parts = tuple(
            task.part for task in self._tasks_of_target(process, action) if task.title and task.title.zh in act.parts
        )
        typed = self._typed(session, who, process, act.values, action, self._rule(session, row), row.case)
        values = {**self._drawn(session, row), **typed}
        submission = Submission(key, who, action.name, task=_task(row), values=values, reason=act.reason, parts=parts)
        self.engine.fire(session, submission, self.now)

    def _drawn(self, session: Any, row: WorkRow) -> dict[str, Any]:
        """What the form shows when it is drawn: what the case already has."""
        rule = self._rule(session, row)
        names = rule.edit if rule else self.processes[row.process].start.form
        data = session.get(Case, row.case).data
        return {name: data[name] for name in names if name in data}

    def _rule(self, session: Any, row: WorkRow) -> Rule | None:
        """The definition of a task; None for a start form that came back."""
        state, part = self.processes[row.process].states.get(row.state), session.get(Task, row.task).part
        return next((rule for rule in state.tasks if rule.part == part), None) if state else None

    # ---- who and what is meant -----------------------------------------------------------------------------------

    def _row(self, who: uuid.UUID, act: Act) -> WorkRow:
        """The task that the act means; raises NotFound where there is none on the person's own work list."""
        rows = self._rows(who, act)
        if not rows:
            raise NotFound("待办里没有这一件。", "There is nothing like this on the work list.")
        assert len(rows) == 1, f"{act}: several are meant: {[(row.title, row.state) for row in rows]}"
        return rows[0]

    def _is_part(self, row: WorkRow, part: str) -> bool:
        return not part or (row.part_title is not None and row.part_title.zh == part)

    def _action(self, row: WorkRow, title: str) -> Action | None:
        return self._titled(row.process, row.state, title)

    def _titled(self, process: str, key: str, title: str) -> Action | None:
        """The action of a state by its title; a start form that came back is handed in."""
        state = self.processes[process].states.get(key)
        actions = state.actions.values() if state else [Action("submit", Text("提交", "Submit"), "submit")]
        return next((action for action in actions if action.title.zh == title), None)

    def _tasks_of_target(self, process: Process, action: Action | None) -> Iterator[Any]:
        for way in action.ways if action else ():
            if way.to in process.states:
                yield from process.states[way.to].tasks

    def _started_by_hand(self, act: Act) -> Process:
        named = [p for p in self.processes.values() if act.process in p.title.zh]
        fitting = [p for p in named if p.start.by and set(act.values) <= set(p.fields)]
        fitting = [p for p in fitting if set(act.values) <= set(p.start.form)] or fitting
        fitting = [p for p in fitting if set(act.values) == set(p.start.form)] or fitting
        assert len(fitting) == 1, f"{act}: which process? {[p.key for p in fitting]}"
        return fitting[0]

    def _has(self, act: Act, process: Process) -> bool:
        return any(found.process == process.key for found in self.past.cases() if act.case in self.past.called(found))

    def _case(self, act: Act, process: str = "") -> uuid.UUID:
        found = [c for c in self.past.cases() if act.case in self.past.called(c) and process in ("", c.process)]
        assert len(found) == 1, f"{act}: which case? {[self.past.called(case) for case in found]}"
        return found[0].id

    def _everyone(self, act: Act) -> None:
        """Every task with this action, done by the first of those on whose work list it stands."""
        for who in self.people.values():
            if not self._anything_left(act):
                return
            for row in self._rows(who, act):
                with self.database.write() as session:
                    self._fire(session, who, act, row, new_id())

    def _anything_left(self, act: Act) -> bool:
        with self.database.read() as session:
            places = session.execute(select(Task.process, Task.state).where(Task.status == TaskStatus.OPEN).distinct())
            return any(self._titled(process, state, act.action) for process, state in places)

    def _rows(self, who: uuid.UUID, act: Act) -> list[WorkRow]:
        """What stands on somebody's work list, has this action and fits what the act says of case and part."""
        with self.database.read() as session:
            rows = [
                row
                for tab in ("mine", "offered")
                for row in self.engine.work_list(session, who, self.now, tab=tab).rows  # type: ignore[arg-type]
            ]
        fitting = {
            row.task: row
            for row in rows
            if act.case in f"{row.process_title.zh} {row.title}" and self._is_part(row, act.part)
        }
        return [row for row in fitting.values() if act.action in ("领取", "放回") or self._action(row, act.action)]

    def _typed(
        self,
        session: Any,
        who: uuid.UUID,
        process: Process,
        values: Mapping[str, Any],
        action: Action | None = None,
        rule: Rule | None = None,
        case: uuid.UUID | None = None,
    ) -> dict[str, Any]:
        """What a form would send: ids for names of people and files, text for everything else."""
        tables = (action.append if action else None, rule.into if rule else None)
        columns = {column.name: column for name in tables if name for column in process.fields[name].columns}
        data = session.get(Case, case).data if case else {}
        return {
            n: self._raw(session, who, columns.get(n) or process.fields[n], value, data) for n, value in values.items()
        }

    def _raw(self, session: Any, who: uuid.UUID, wanted: Field, value: Any, data: Mapping[str, Any]) -> Any:
        if wanted.type == "person":
            return str(self.people[value])
        if wanted.type == "people":
            return [str(self.people[name]) for name in value]
        if wanted.type == "files":
            return self._attach(session, who, value)
        if wanted.type == "lines":
            card = CARDS.cards[data[wanted.of]["card"]]
            return said_of_lines(card, value, lambda names: self._attach(session, who, names))
        if wanted.type == "table":
            columns = {column.name: column for column in wanted.columns}
            return [{k: self._raw(session, who, columns[k], v, data) for k, v in row.items()} for row in value]
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, list) else str(value)

    def _attach(self, session: Any, who: uuid.UUID, names: list[str]) -> list[str]:
        """Files: a scorecard's holds a new version of it, all others their own name."""
        contents = {n: (f"{CARD_TEXTS[n]}# 新版\n" if n in CARD_TEXTS else n).encode() for n in names}
        return [str(self.engine.upload(session, who, n, "image/png", c, self.now)) for n, c in contents.items()]

    # ---- what has happened ---------------------------------------------------------------------------------------

    def figures(self, month: str) -> dict[str, dict[str, Decimal]]:
        """What the cases contribute to scorecards in a month, by person and figure."""
        with self.database.read() as session:
            found = counted(session, self.engine.scene(session, self.now), month)
        return {self.past.names[who]: {name: one.value for name, one in by.items()} for who, by in found.items()}

    def _events(self) -> int:
        with self.database.read() as session:
            return len(list(session.scalars(select(Event.id))))


def _task(row: WorkRow) -> uuid.UUID:
    assert row.task is not None
    return row.task


def _details(refusal: WorkflowsError) -> str:
    if not isinstance(refusal, InvalidInput):
        return ""
    return " ".join(f"{name}: {text.zh}" for name, texts in refusal.fields.items() for text in texts)
