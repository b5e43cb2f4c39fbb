"""How much the reader has in hand: the same tasks that 待办 lists, also those of people they stand in for and those passed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import g
from sqlalchemy import case, func, or_, select

from workflows.engine.mine import held_by
from workflows.engine.tables import Task, TaskEscalation, TaskStatus
from workflows.http import visit

SOON: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class InHand:
    """Tasks in hand: all, of these late, and those that stand under 今天 (due today or within 24 hours, not late yet)."""

    mine: int
    late: int
    today: int


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


def _count() -> InHand:
    here = visit()
    told = select(TaskEscalation.task_id).where(TaskEscalation.person_id == here.me.id)
    passed_up = Task.id.in_(told) & ~Task.excluded.contains(here.me.id.hex)
    mine = or_(held_by(here.scene, here.me.id), passed_up)
    late = case((Task.due_at < here.now, 1), else_=0)
    today = case(((Task.due_at >= here.now) & (Task.due_at < here.now + SOON), 1), else_=0)
    row = here.session.execute(
        select(func.count(), func.coalesce(func.sum(late), 0), func.coalesce(func.sum(today), 0)).where(
            Task.status == TaskStatus.OPEN, mine
        )
    ).one()
    return InHand(*(int(n) for n in row))
