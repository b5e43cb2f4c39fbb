"""The machine decides over a snapshot and touches nothing: same question, same answer, whoever asks at the same time."""

from __future__ import annotations

import gc
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from transitions import Machine

from definition.shipped import in_folder
from engine.office import DEFINITIONS
from workflows.definition.machine import PartTask, ProcessMachine, Snapshot, parts_on_entry
from workflows.errors import WrongState

PROCESSES = {process.key: process for process in in_folder(DEFINITIONS)}
ME, YOU = uuid.UUID(int=1), uuid.UUID(int=2)


def task(
    number: int, part: str = "", done: bool = False, action: str | None = None, by: uuid.UUID | None = None
) -> PartTask:
    return PartTask(uuid.UUID(int=100 + number), part, done, by, action)


def machine(key: str) -> ProcessMachine:
    return ProcessMachine(PROCESSES[key])


def test_nothing_can_jump_past_an_approval() -> None:
    inner: Machine = machine("build")._machine
    assert not [name for name in inner.events if name.startswith("to_")]
    assert inner.models == []
    with pytest.raises(WrongState):
        machine("build").act(Snapshot("building", tasks=(task(1),)), uuid.UUID(int=101), ME, "approve")


def test_a_question_leaves_nothing_behind() -> None:
    asked, snapshot = machine("build"), Snapshot("building", tasks=(task(1),))
    with ThreadPoolExecutor(8) as pool:
        moves = list(pool.map(lambda _: asked.act(snapshot, uuid.UUID(int=101), ME, "submit"), range(200)))
    assert {move.to for move in moves} == {"reviewing"}
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one).__name__ == "_Asked"]


@pytest.mark.parametrize(("agreed", "to"), [(1, None), (2, None), (3, "releasing"), (5, "releasing")])
def test_a_share_counts_those_who_took_the_action(agreed: int, to: str | None) -> None:
    tasks = tuple(task(n, done=n < agreed, action="approve") for n in range(1, 6))
    move = machine("vote").act(Snapshot("voting", tasks=tasks), uuid.UUID(int=100 + agreed), ME, "approve")
    assert move.to == to


def test_a_vote_that_can_no_longer_be_won_says_that_it_is_stuck() -> None:
    tasks = (task(1), task(2, done=True, action="other"), task(3, done=True, action="other"))
    move = machine("vote").act(Snapshot("voting", tasks=tasks), uuid.UUID(int=101), ME, "approve")
    assert (move.to, move.stuck) == (None, True)


def test_two_have_to_be_different_people() -> None:
    first = task(1, done=True, action="approve", by=ME)
    again = machine("vote").act(Snapshot("releasing", tasks=(first, task(2))), uuid.UUID(int=102), ME, "approve")
    assert (again.to, again.again) == (None, True)
    other = machine("vote").act(Snapshot("releasing", tasks=(first, task(2))), uuid.UUID(int=102), YOU, "approve")
    assert other.to == "stepping"


def test_an_order_leaves_out_what_does_not_apply() -> None:
    asked, state = machine("vote"), PROCESSES["vote"].states["stepping"]
    assert [one.part for one in parts_on_entry(state, {"subject_line": "x"})] == ["first"]
    second = Snapshot("stepping", {"subject_line": "x"}, (task(1, "first", True, "done"), task(2, "second")))
    assert asked.act(second, uuid.UUID(int=102), ME, "done").to == "skipping"
    everything = Snapshot("stepping", {"subject_line": "全部"}, second.tasks)
    assert asked.act(everything, uuid.UUID(int=102), ME, "done").next_part == "third"


def test_a_condition_on_descendants_waits_for_them() -> None:
    asked = machine("cycle")
    assert asked.awaited("published") == {"complaint"}
    assert asked.ring(Snapshot("published", running={"complaint": 1}), 0) is None
    move = asked.ring(Snapshot("published", running={"complaint": 0}), 0)
    assert move is not None
    assert move.to == "closed"


def test_a_signal_is_heard_only_where_somebody_listens() -> None:
    assert machine("appraisal").hear(Snapshot("scoring"), "publish") is None
    heard = machine("appraisal").hear(Snapshot("awaiting"), "publish")
    assert heard is not None
    assert heard.to == "published"
