"""Random walks over made-up definitions: whatever happens, the events tell the case, and every step is one the definition allows."""

from __future__ import annotations

from random import Random

import pytest

from engine.generated import definition
from engine.office import Office
from workflows.db import Database
from workflows.definition.load import load_text
from workflows.definition.model import Process
from workflows.engine.tables import Case, Task
from workflows.engine.verify import verify
from workflows.errors import Conflict, NotAllowed, NotFound, WorkflowsError, WrongState

DEFINITIONS = 5
WALKS = 4
STEPS = 12


def form(random: Random) -> dict[str, str]:
    return {
        "name": f"事项{random.randint(1, 99)}",
        "amount": str(random.randint(0, 1000)),
        "day": f"2026-11-{random.randint(10, 30)}",
    }


class Walk:
    """One case under random hands."""

    def __init__(self, office: Office, process: Process, random: Random) -> None:
        self.office, self.process, self.random = office, process, random
        self.logins = [login for login in office.people if login not in {"audit", "admin"}]
        self.case = office.start(random.choice(self.logins), process.key, **form(random)).case

    def step(self) -> None:
        random = self.random
        if self.office.case(self.case).ended_at is not None or random.random() < 0.15:
            self.office.later(days=random.randint(0, 3), hours=random.randint(0, 9))
            self.office.tick()
            return
        if random.random() < 0.1:
            self.try_anytime()
            return
        open_tasks = self.office.tasks(self.case)
        if open_tasks:
            self.try_task(random.choice(open_tasks))

    def try_anytime(self) -> None:
        login = self.random.choice(self.logins)
        try:
            if self.random.random() < 0.8:
                self.office.anytime(login, self.case, "move", {"day": f"2026-12-{self.random.randint(10, 30)}"})
            else:
                self.office.anytime(login, self.case, "stop", reason="不做了")
        except (NotAllowed, NotFound):
            pass  # a stranger tried: that nothing happened is what `verify` looks at

    def try_task(self, task: Task) -> None:
        random = self.random
        state = self.process.states[task.state]
        action = state.actions[random.choice(list(state.actions))]
        parts: tuple[str, ...] = ()
        if action.choose_parts:
            offered = [part.part for part in self.process.states[action.ways[0].to].tasks]
            parts = tuple(sorted(random.sample(offered, random.randint(1, len(offered)))))
        values = {"what": "一行"} if action.append else {"note": f"备注{random.randint(1, 9)}"}
        for login in random.sample(self.logins, len(self.logins)):
            try:
                self.office.act(login, task.id, action.name, values, reason="因为", parts=parts)
            except (NotAllowed, NotFound, Conflict):
                continue  # not theirs: ask the next
            return


def edges(process: Process) -> set[tuple[str, str]]:
    """Every way from state to state that the definition has."""
    found = set()
    for key, state in process.states.items():
        ways = [way for action in state.actions.values() for way in action.ways] + [
            way for after in state.after for way in after.ways
        ]
        found |= {(key, way.to) for way in ways}
        found |= {(key, way.to) for anytime in process.anytime.values() for way in anytime.action.ways}
    return found


def check(office: Office, process: Process, case: Case) -> None:
    allowed = edges(process)
    for event, _ in office.events(case.id):
        if event.from_state is not None and event.to_state is not None:
            assert (event.from_state, event.to_state) in allowed
    for task in office.tasks(case.id):
        assert (task.state, task.visit) == (case.state, case.visit)
        assert case.ended_at is None
    for timer in office.timers(case.id):
        assert timer.visit == case.visit
    assert (process.states[case.state].end is not None) == (case.ended_at is not None)


@pytest.mark.parametrize("seed", [20261120, 20261121])
def test_any_walk_is_told_by_its_events(database: Database, seed: int) -> None:
    random = Random(seed)
    processes = [load_text(definition(random, f"g{number}"), f"g{number}.yaml")[0] for number in range(DEFINITIONS)]
    office = Office(database).found(*(process.text for process in processes))
    stood = office.now
    for process in processes:
        for _ in range(WALKS):
            office.now = stood
            walk = Walk(office, process, random)
            for _ in range(STEPS):
                try:
                    walk.step()
                except WrongState as error:  # pragma: no cover  a definition that runs in a circle would be one
                    raise AssertionError(process.text) from error
                except WorkflowsError as error:
                    raise AssertionError(f"{error}\n{process.text}") from error
    with office.database.read() as session:
        report = verify(session)
    assert report.faults == [], seed
    assert report.cases == DEFINITIONS * WALKS
    assert report.events > report.cases * 3
    for process in processes:
        for case in office.cases(process.key):
            check(office, process, case)
