"""Whose a task becomes when it opens: the definition's `for` minus `not`, and its rules for special situations."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from workflows.definition.model import Fallback, People, Task
from workflows.engine.people import Situation, queue_key, resolve, resolve_all, who_left
from workflows.engine.rows import TaskRow

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Assignment:
    """`people`: who may take it now; `queue`: the group it is offered to, None where one person holds it from the beginning.

    `skip`: the action the engine takes itself; `why`: the special situation that decided (nobody, starter, same, left), "" where
    none did; `nobody`: not even a rule found anybody, so that it went up the line and somebody has to look.
    """

    people: tuple[PersonId, ...]
    queue: str | None
    excluded: frozenset[PersonId]
    holder: PersonId | None = None
    skip: str | None = None
    why: str = ""
    nobody: bool = False


def assign(
    task: Task,
    situation: Situation,
    tasks: Collection[TaskRow],
    also_not: Collection[PersonId] = (),
    preferred: PersonId | None = None,
) -> Assignment:
    """Decide who gets a task of `for:`.

    `tasks`: of the case, for the rule about the same person again; `also_not`: who acted already where several different
    people are needed; `preferred`: who did the work before it was sent back, and gets it again.
    """
    excluded = resolve_all(task.exclude, situation) | frozenset(also_not)
    found = _offer(task.who, situation, excluded)
    special = _special(task, situation, tasks, found)
    if special is None:
        return _held(found, preferred)
    why, fallback = special
    if fallback is not None and fallback.skip is not None:
        return Assignment((), None, excluded, skip=fallback.skip, why=why)
    others = _offer(fallback.people, situation, excluded) if fallback is not None else Assignment((), None, excluded)
    if others.people:
        return _held(_with(others, why))
    return (
        _for_who_left(task, situation, excluded)
        or _for_who_did_it(task, situation, excluded)
        or _up_the_line(situation, excluded, why)
    )


def still_excluded(task: Task, row: TaskRow, situation: Situation) -> frozenset[PersonId]:
    """Who must not act, asked again on acting: what was fixed when it opened, and what has happened since."""
    return row.excluded_people | resolve_all(task.exclude, situation)


def _offer(people: People, situation: Situation, excluded: frozenset[PersonId]) -> Assignment:
    found = tuple(p for p in resolve(people, situation) if p not in excluded)
    return Assignment(found, queue_key(people, situation) or None, excluded)


def _with(offer: Assignment, why: str) -> Assignment:
    return Assignment(offer.people, offer.queue, offer.excluded, why=why)


def _held(offer: Assignment, preferred: PersonId | None = None) -> Assignment:
    """One person holds it from the beginning; of several the one who did it before, who may give it back to the group."""
    if len(offer.people) == 1:
        return Assignment(offer.people, None, offer.excluded, holder=offer.people[0], why=offer.why)
    if preferred is not None and preferred in offer.people:
        return Assignment(offer.people, offer.queue, offer.excluded, holder=preferred, why=offer.why)
    return offer


def _special(
    task: Task, situation: Situation, tasks: Collection[TaskRow], found: Assignment
) -> tuple[str, Fallback | None] | None:
    if not found.people:
        left = task.if_left is not None and who_left(task.who, situation)
        return ("left", task.if_left) if left else ("nobody", task.if_nobody)
    if task.if_starter is not None and found.people == (situation.starter,):
        return "starter", task.if_starter
    if task.if_same is not None and len(found.people) == 1 and found.people[0] in _acted(tasks):
        return "same", task.if_same
    return None


def _acted(tasks: Collection[TaskRow]) -> frozenset[PersonId]:
    """Who acted in this case since it was last sent back."""
    done = sorted((t for t in tasks if t.done and t.completed_at is not None), key=lambda t: (t.visit, t.completed_at))
    since = max((t.visit for t in done if t.action == "send_back"), default=-1)
    return frozenset(t.completed_by for t in done if t.completed_by is not None and t.visit > since)


def _for_who_left(task: Task, situation: Situation, excluded: frozenset[PersonId]) -> Assignment | None:
    """Whoever it hangs on left before it opened: their nearest manager has it who may, as if it had been open already.

    Of `{manager_of: starter}` too: the manager may have done the starter's work since, and is excluded then.
    """
    return _one_higher(who_left(task.who, situation), situation, excluded, "left")


def _for_who_did_it(task: Task, situation: Situation, excluded: frozenset[PersonId]) -> Assignment | None:
    """Everybody it is for did the work that they would confirm here (`not: {did: …}`), as when it was late and brought before them:
    the nearest manager of one of them has it who may."""
    did = resolve_all(People(tuple(word for word in task.exclude.words if word.kind == "did")), situation)
    them = resolve(task.who, situation)
    return _one_higher(them, situation, excluded, "same") if did.issuperset(them) else None


def _one_higher(
    people: Collection[PersonId], situation: Situation, excluded: frozenset[PersonId], why: str
) -> Assignment | None:
    line = (manager for person in people for manager in situation.organisation.managers_of(person))
    nearest = next((manager for manager in line if manager not in excluded), None)
    return Assignment((nearest,), None, excluded, holder=nearest, why=why) if nearest is not None else None


def _up_the_line(situation: Situation, excluded: frozenset[PersonId], why: str) -> Assignment:
    """Nobody is left: the nearest manager of the starter (of the subject where nobody started it), else the administrators."""
    organisation = situation.organisation
    whose = situation.starter or situation.subject
    line = organisation.managers_of(whose) if whose is not None else ()
    nearest = next((person for person in line if person not in excluded), None)
    if nearest is not None:
        return Assignment((nearest,), None, excluded, holder=nearest, why=why, nobody=True)
    people = tuple(person for person in organisation.administrators() if person not in excluded)
    one = people[0] if len(people) == 1 else None
    return Assignment(people, None if one else "administrators", excluded, holder=one, why=why, nobody=True)
