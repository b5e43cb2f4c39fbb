"""The tables of running cases: what is, what happened, what is due, what is to be told.

One row of `case` is one case; its `event` rows are its whole past. Everything a step changes lies in these tables and is
written in one transaction. Times are UTC. Lists read from the indexes below, in their order.
"""

from workflows.engine.tables.cases import (
    FAR_FUTURE,
    Answer,
    Case,
    Counter,
    Definition,
    ParameterValue,
    Queue,
    Task,
    TaskEscalation,
)
from workflows.engine.tables.clock import Heartbeat, Incident, ScheduleRun, Signal, Timer
from workflows.engine.tables.history import AccessLog, Event, EventValue, Seen, TaskOpening
from workflows.engine.tables.papers import Blob, Draft, File, Message
from workflows.engine.tables.status import MessageStatus, SignalStatus, TaskStatus, TimerStatus

__all__ = [
    "FAR_FUTURE",
    "AccessLog",
    "Answer",
    "Blob",
    "Case",
    "Counter",
    "Definition",
    "Draft",
    "Event",
    "EventValue",
    "File",
    "Heartbeat",
    "Incident",
    "Message",
    "MessageStatus",
    "ParameterValue",
    "Queue",
    "ScheduleRun",
    "Seen",
    "Signal",
    "SignalStatus",
    "Task",
    "TaskEscalation",
    "TaskOpening",
    "TaskStatus",
    "Timer",
    "TimerStatus",
]
