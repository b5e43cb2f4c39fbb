"""Ended cases that were like this one, with how they were decided (`similar:` of a state): one statement, bounded."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from workflows.definition.model import Field, State
from workflows.definition.values.typed import typed
from workflows.engine.people import Situation
from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.engine.views.pages import RelatedCase, Shown, SimilarCase
from workflows.engine.visibility import may_see_field, visible_cases

PersonId = uuid.UUID

LOOKED_THROUGH = 200
"""Newest ended cases of the process that are compared: what was decided long ago is no precedent."""

MOST = 3
CANCELLED = "cancelled"


def similar_cases(
    session: Session, scene: Scene, run: Running, state: State, person: PersonId, hidden: frozenset[str]
) -> tuple[SimilarCase, ...]:
    """Up to three, newest first, that the reader may see.

    None where a field that makes them similar is hidden from the reader (that they are equal would tell it), or unset.
    """
    names = state.similar
    if not names or hidden & set(names) or any(run.row.data.get(name) is None for name in names):
        return ()
    found: list[SimilarCase] = []
    for line in session.execute(_newest_ended(session, scene, run, state, person)).mappings():
        case = case_row(line)
        if not line["visible"] or case.outcome == CANCELLED:
            continue
        if _alike(session, scene, run, case, names) and _open_to(scene, run, case, names, person):
            found.append(_shown(session, scene, run, state, person, case, line))
        if len(found) == MOST:
            break
    return tuple(found)


def _newest_ended(session: Session, scene: Scene, run: Running, state: State, person: PersonId) -> Select[Any]:
    """The window, read by its index. Whether the reader may see a case is a column and no condition: however few they may
    see, no more than the window is read."""
    visible = visible_cases(session, scene, person)
    chosen: Any = select(
        *CASE_COLUMNS, _last(state, Task.completed_by), _last(state, Task.action),
        (true() if visible is None else visible).label("visible"),
    )  # fmt: skip
    chosen = chosen.where(Case.process == run.row.process, Case.ended_at.is_not(None))
    return chosen.order_by(Case.ended_at.desc(), Case.id.desc()).limit(LOOKED_THROUGH)  # type: ignore[no-any-return]


def _last(state: State, column: Any) -> Any:
    """What the last decision of a case in this state says."""
    done = select(column).where(
        Task.case_id == Case.id, Task.state == state.key, Task.status == TaskStatus.DONE,
        Task.completed_by.is_not(None), Task.anonymous.is_(False),
    )  # fmt: skip
    newest = done.order_by(Task.visit.desc(), Task.completed_at.desc(), Task.id.desc()).limit(1)
    return newest.correlate(Case).scalar_subquery().label(f"decided_{column.key}")


def _alike(session: Session, scene: Scene, run: Running, case: CaseRow, names: tuple[str, ...]) -> bool:
    """Equal by value (12.50 is 12.5); a field that had another type in the version of that case is not compared."""
    process, theirs = run.process, scene.store.get(session, case.definition_id).process
    if any(name not in theirs.fields or theirs.fields[name].type != process.fields[name].type for name in names):
        return False
    mine, other = run.values(), typed(theirs, {name: case.data.get(name) for name in names})
    return all(mine[name] == other[name] for name in names)


def _open_to(scene: Scene, run: Running, case: CaseRow, names: tuple[str, ...], person: PersonId) -> bool:
    return all(may_see_field(run.process.fields[name], _situation(scene, case), person) for name in names)


def _shown(
    session: Session, scene: Scene, run: Running, state: State, person: PersonId, case: CaseRow, line: Any
) -> SimilarCase:
    published = scene.store.get(session, case.definition_id)
    name = scene.organisation.name_of
    related = RelatedCase(
        case.id, case.process, published.process.title, case.title, case.number, case.state,
        published.machine.states[case.state].title, case.started_at, case.ended_at, case.outcome, case.subject_id,
        name(case.subject_id),
    )  # fmt: skip
    there = published.machine.states.get(state.key)
    action = there.actions.get(line["decided_action"] or "") if there is not None else None
    decider = line["decided_completed_by"]
    return SimilarCase(
        related,
        tuple(_facts(scene, state, run, case, person)),
        decider,
        name(decider),
        action.title if action else None,
    )


def _facts(scene: Scene, state: State, run: Running, case: CaseRow, person: PersonId) -> Iterator[Shown]:
    """The facts that this state shows, of the other case. Its tasks are not read: who sees a field by one sees it there."""
    situation = _situation(scene, case)
    for name in state.facts:
        field: Field | None = run.process.fields.get(name)
        value = case.data.get(name)
        if field is not None and value is not None and may_see_field(field, situation, person):
            yield Shown(field, value)


def _situation(scene: Scene, case: CaseRow) -> Situation:
    return Situation(
        scene.organisation, case.starter_id, case.subject_id, case.data, case.entries, [], (), scene.scorecards
    )
