"""What a process definition is once it has been read: frozen values, nothing that runs.

The loader (`definition.load`) builds these from YAML, the proofs (`definition.prove`) and the machine
(`definition.machine`) read them. Nothing here knows a database, a web request or the clock.
Words are those of the language: a *process* has *fields* and *states*; a state has *tasks* whose *actions*
lead to other states; *moments* say when. A `path` is the way through the YAML document, e.g.
``("states", "building", "task", "due")``; `Process.place` turns it into line and column for error messages.
"""

from workflows.definition.model.data import (
    TODAY,
    WHOLE,
    Check,
    Choice,
    Field,
    FieldType,
    Give,
    Parameter,
    ParameterType,
    Rule,
)
from workflows.definition.model.process import Figure, FigureStart, Process, Schedule, Start
from workflows.definition.model.steps import (
    START,
    Action,
    After,
    Alert,
    Anytime,
    Condition,
    Effects,
    Escalation,
    Join,
    Reaction,
    Reminder,
    Spawn,
    State,
    Task,
    Way,
)
from workflows.definition.model.words import NOBODY, Anchor, Duration, Fallback, Moment, People, Unit, Word
from workflows.document.problems import Path

__all__ = [
    "NOBODY",
    "START",
    "TODAY",
    "WHOLE",
    "Action",
    "After",
    "Alert",
    "Anchor",
    "Anytime",
    "Check",
    "Choice",
    "Condition",
    "Duration",
    "Effects",
    "Escalation",
    "Fallback",
    "Field",
    "FieldType",
    "Figure",
    "FigureStart",
    "Give",
    "Join",
    "Moment",
    "Parameter",
    "ParameterType",
    "Path",
    "People",
    "Process",
    "Reaction",
    "Reminder",
    "Rule",
    "Schedule",
    "Spawn",
    "Start",
    "State",
    "Task",
    "Unit",
    "Way",
    "Word",
]
