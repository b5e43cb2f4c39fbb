"""A signal that nobody hears is dropped, and the sender's history says so; whoever waits is not left waiting for it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from engine.office import Office
from workflows.db import Database, new_id
from workflows.engine.requests import Cancellation
from workflows.engine.tables import Case
from workflows.engine.verify import verify

PAIR = """
process: boss
title: {zh: 上级, en: Boss}
family: planning
source: ours
name: "{topic}"
start: {by: everyone, form: [topic]}
fields: {topic: {type: text, required: true, zh: 主题, en: Topic}}
states:
  opening:
    title: {zh: 开出, en: Open}
    spawn: {process: helper, set: {topic: topic}, wait: {in: working}, then: telling}
  telling:
    title: {zh: 告知, en: Tell}
    enter: {tell: {children: go}}
    task: {for: starter}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
---
process: helper
title: {zh: 下级, en: Helper}
family: planning
source: ours
name: "{topic}"
key: [topic]
start: {by: spawn}
fields: {topic: {type: text, required: true, zh: 主题, en: Topic}}
states:
  working:
    title: {zh: 办理, en: Work}
    task: {for: {position: hr_lead}}
    actions: {submit: listening}
  listening:
    title: {zh: 等消息, en: Listen}
    task: {for: {position: hr_lead}}
    actions: {submit: over}
    on_signal: {go: over}
  over: {title: {zh: 完成, en: Over}, end: completed}
"""


@pytest.fixture
def pair(database: Database) -> Office:
    return Office(database).found(PAIR)


def until_told(office: Office) -> tuple[uuid.UUID, Case]:
    """A boss about to tell its helper, nothing delivered yet."""
    boss = office.start("wang", "boss", topic="灯").case
    deliver(office)
    assert office.case(boss).state == "opening"
    deliver(office)
    assert office.case(boss).state == "telling"
    return boss, office.cases("helper")[0]


def deliver(office: Office) -> None:
    """What waits at this moment, not what comes of it."""
    with office.database.read() as session:
        waiting = office.engine.waiting_signals(session, office.now)
    for signal in waiting:
        with office.database.write() as session:
            office.engine.deliver(session, signal, office.now)


def dropped(office: Office, case: uuid.UUID) -> list[dict[str, Any]]:
    return [said["dropped"] for event, said in office.events(case) if event.kind == "signal" and "dropped" in said]


def test_a_receiver_that_does_not_listen(pair: Office) -> None:
    boss, helper = until_told(pair)
    deliver(pair)
    assert dropped(pair, boss) == [], "the receiver's step locks and writes the receiver alone"
    deliver(pair)
    assert dropped(pair, boss) == [{"kind": "tell", "about": "go", "to": helper.id.hex, "why": "not_listening"}]
    assert pair.case(helper.id).state == "working"
    assert pair.signals("dropped") == 1
    assert pair.tick() == 0
    with pair.database.read() as session:
        assert verify(session).faults == []


def test_a_receiver_that_has_ended_and_a_sender_that_has_too(pair: Office) -> None:
    boss, helper = until_told(pair)
    with pair.database.write() as session:
        pair.engine.cancel(session, Cancellation(new_id(), pair.people["admin"], helper.id, "重复"), pair.now)
    pair.act("wang", pair.task(boss), "submit")
    pair.tick()
    assert [one["why"] for one in dropped(pair, boss)] == ["ended"]
    assert pair.case(boss).outcome == "completed"
    assert pair.signals("waiting") == 0


def test_what_is_heard_leaves_nothing_of_the_kind(pair: Office) -> None:
    boss, helper = until_told(pair)
    pair.act("hr", pair.task(helper.id), "submit")
    pair.tick()
    assert pair.case(helper.id).state == "over"
    assert dropped(pair, boss) == []


def test_a_birth_that_is_one_too_many_is_said_and_not_waited_for(pair: Office) -> None:
    until_told(pair)
    pair.tick()
    second = pair.start("zhang", "boss", topic="灯").case
    pair.tick()
    assert len(pair.cases("helper")) == 1
    assert dropped(pair, second) == [{"kind": "spawn", "about": "helper", "to": None, "why": "exists"}]
    assert pair.case(second).state == "telling"
