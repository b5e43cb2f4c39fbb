"""What the pages show, as frozen values. `definition.model` values (Field, Action, State, Process) are handed on as they are.

A `PageKey` continues a list after its last row; lists are never counted in full and never skipped by number.
All times are aware and UTC. People are ids; names come with them (`names`), "" for nobody.
"""

from workflows.engine.views.pages.case import (
    CaseFile,
    CasePage,
    CheckResult,
    FieldChange,
    OpenTimer,
    Part,
    PartChange,
    RelatedCase,
    SentMessage,
    SimilarCase,
    TimelineEvent,
    TrackStep,
    Waiting,
    Whole,
)
from workflows.engine.views.pages.form import (
    ActionView,
    AnytimeView,
    FormField,
    NextStep,
    StartEntry,
    StartForm,
    StartPage,
    TaskView,
)
from workflows.engine.views.pages.keys import Listed, PageKey, Shown, Tab
from workflows.engine.views.pages.lists import (
    CaseList,
    CaseRow,
    IncidentRow,
    MessageRow,
    ScheduleRow,
    SearchQuery,
    Standing,
    TimerRow,
    VersionRow,
)
from workflows.engine.views.pages.work import WorkCounts, WorkPage, WorkRow

__all__ = [
    "ActionView",
    "AnytimeView",
    "CaseFile",
    "CaseList",
    "CasePage",
    "CaseRow",
    "CheckResult",
    "FieldChange",
    "FormField",
    "IncidentRow",
    "Listed",
    "MessageRow",
    "NextStep",
    "OpenTimer",
    "PageKey",
    "Part",
    "PartChange",
    "RelatedCase",
    "ScheduleRow",
    "SearchQuery",
    "SentMessage",
    "Shown",
    "SimilarCase",
    "Standing",
    "StartEntry",
    "StartForm",
    "StartPage",
    "Tab",
    "TaskView",
    "TimelineEvent",
    "TimerRow",
    "TrackStep",
    "VersionRow",
    "Waiting",
    "Whole",
    "WorkCounts",
    "WorkPage",
    "WorkRow",
]
