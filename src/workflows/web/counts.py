"""How much the reader has in hand: the same tasks that 待办 lists, also those of people they stand in for and those passed up.

Scorings among them are counted by the way: tasks in whose form lines of a scorecard are judged, whatever their process is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import g
from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from workflows.definition.model import Process
from workflows.engine.mine import held_by
from workflows.engine.scene import Scene
from workflows.engine.tables import Task, TaskEscalation, TaskStatus
from workflows.http import HR, visit

SOON: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class InHand:
    """Tasks in hand: all, of these late, and those that stand under 今天 (due today or within 24 hours, not late yet).

    `scorings`, `late_scorings`: those of them that score somebody, not those passed up; `awaited`, `late_awaited`: everybody's
    scorings, for human resources.
    """

    mine: int
    late: int
    today: int
    scorings: int
    late_scorings: int
    awaited: int
    late_awaited: int


def in_hand() -> InHand:
    """Counted once per transaction, in one statement."""
    here = visit()
    kept = g.get("in_hand")
    if kept is not None and kept[0] is here:
        found: InHand = kept[1]
        return found
    counted = _count()
    g.in_hand = (here, counted)
    return counted


def is_scoring(scene: Scene, task: Any = Task) -> ColumnElement[bool]:
    """Tasks in whose form lines of a scorecard are judged; a condition on `Task` or an alias of it."""
    places = {(one.process.key, state) for one in scene.versions for state in scoring_states(one.process)}
    return or_(false(), *(and_(task.process == process, task.state == state) for process, state in sorted(places)))


def scoring_states(process: Process) -> frozenset[str]:
    """The states of a process in which somebody judges lines of a scorecard."""
    judged = {name for name, field in process.fields.items() if "score" in field.give and "verdict" not in field.give}
    return frozenset(
        key for key, state in process.states.items() if any(not judged.isdisjoint(task.edit) for task in state.tasks)
    )


def _count() -> InHand:
    here = visit()
    told = select(TaskEscalation.task_id).where(TaskEscalation.person_id == here.me.id)
    passed_up = Task.id.in_(told) & ~Task.excluded.contains(here.me.id.hex)
    held, scoring = held_by(here.scene, here.me.id), is_scoring(here.scene)
    late = case((Task.due_at < here.now, 1), else_=0)
    mine = case((held & scoring, 1), else_=0)
    today = case(((Task.due_at >= here.now) & (Task.due_at < here.now + SOON), 1), else_=0)
    sums = (func.coalesce(func.sum(n), 0) for n in (late, today, mine, mine * late))
    counted = select(func.count(), *sums, *_awaited()).where(Task.status == TaskStatus.OPEN, or_(held, passed_up))
    return InHand(*(int(n) for n in here.session.execute(counted).one()))


def _awaited() -> tuple[Any, ...]:
    """Everybody's open scorings and the late ones, within the same statement; nothing but for human resources."""
    here = visit()
    if HR not in here.me.roles:
        return (literal(0), literal(0))
    theirs = aliased(Task)
    waiting = is_scoring(here.scene, theirs)
    counted = select(func.count()).select_from(theirs).where(theirs.status == TaskStatus.OPEN, waiting)
    return (counted.scalar_subquery(), counted.where(theirs.due_at < here.now).scalar_subquery())
