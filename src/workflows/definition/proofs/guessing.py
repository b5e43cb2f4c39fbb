"""Who a task is for and who it is not for, in every case that could be, without trying everybody for everything.

Who did an earlier state, or whom a form names, is not known beforehand. Of all who could stand there only those differ that bring other
people in or take other people out; one of each such kind is tried. Likewise cases differ for a task only in the people that its words
ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from workflows.definition.model import People, Task, Word
from workflows.definition.proofs.staff import Candidates, Guess, Person, Scene, Unknown, field_of

MOST_GUESSES = 5_000
"""Combinations of unknown persons tried for one task and scene."""

_None: frozenset[Person] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is meant in a scene, with these people in the place of the unknown ones. `instead`: of `if_nobody`."""

    guess: Guess
    wanted: frozenset[Person]
    excluded: frozenset[Person]
    instead: frozenset[Person]

    @property
    def left(self) -> frozenset[Person]:
        """Whoever may do the task."""
        return self.wanted - self.excluded


def outcomes(task: Task, scene: Scene, candidates: Candidates, enough: int) -> Iterator[Outcome]:
    """Every outcome that differs; none at all where at least `enough` people are left whoever the unknown ones are."""
    instead = task.if_nobody.people if task.if_nobody is not None else People()
    sides = (People(task.who.words + task.each.words), task.exclude, instead)
    fixed = [candidates.resolve(_fixed(side, scene, candidates), scene, {}) for side in sides]
    unknowns = sorted({one for side in sides for one in candidates.unknowns(side, scene)}, key=_order)
    kinds = _kinds(sides, scene, candidates, unknowns, fixed)
    if _plenty(kinds, fixed, enough):
        return
    for chosen in islice(product(*kinds), MOST_GUESSES):
        guess = {unknown: one.person for unknown, one in zip(unknowns, chosen, strict=True) if one.person is not None}
        wanted, excluded, others = (
            frozenset(known).union(*(one.brings[side] for one in chosen)) for side, known in enumerate(fixed)
        )
        yield Outcome(guess, wanted, excluded, others)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of all people who make the same difference: whom they bring to `for`, `not` and `if_nobody`."""

    person: Person | None
    brings: tuple[frozenset[Person], ...]


def _kinds(
    sides: Sequence[People],
    scene: Scene,
    candidates: Candidates,
    unknowns: Sequence[Unknown],
    fixed: Sequence[set[Person]],
) -> list[list[_Kind]]:
    all_of = [_brings(sides, scene, candidates, unknown) for unknown in unknowns]
    asked = frozenset(fixed[0] | fixed[2]).union(
        *(brings[side] for each in all_of for brings in each.values() for side in (0, 2))
    )
    found = []
    for each in all_of:
        differing: dict[tuple[frozenset[Person], ...], _Kind] = {}
        for person, brings in each.items():
            differing.setdefault((brings[0], brings[1] & asked, brings[2]), _Kind(person, brings))
        found.append(list(differing.values()) or [_Kind(None, (_None,) * len(sides))])
    return found


def _brings(
    sides: Sequence[People], scene: Scene, candidates: Candidates, unknown: Unknown
) -> dict[Person, tuple[frozenset[Person], ...]]:
    """For everybody who could be the unknown person whom they bring to each side."""
    chains = [candidates.chains(side, scene, unknown) for side in sides]
    return {
        person: tuple(candidates.along(of_side, person) if of_side else _None for of_side in chains)
        for person in sorted(candidates.domain(unknown), key=str)
    }


def _plenty(kinds: Sequence[Sequence[_Kind]], fixed: Sequence[set[Person]], enough: int) -> bool:
    """More people than could ever be excluded."""
    sure = fixed[0] - fixed[1]
    return len(sure) - sum(max(len(one.brings[1] & sure) for one in each) for each in kinds) >= enough


def _fixed(people: People, scene: Scene, candidates: Candidates) -> People:
    return People(tuple(word for word in people.words if not candidates.unknowns(People((word,)), scene)))


def _order(unknown: Unknown) -> tuple[str, str, str]:
    return (unknown.kind, unknown.name, unknown.part)


def alike(task: Task, scenes: Iterable[Scene]) -> list[tuple[Scene, int]]:
    """One scene of all that look the same to the task, with how many they are."""
    first: dict[object, Scene] = {}
    count: dict[object, int] = {}
    words = (*task.who.words, *task.each.words, *task.exclude.words)
    words += task.if_nobody.people.words if task.if_nobody is not None else ()
    words += tuple(word for escalation in task.escalate for word in escalation.to.words)
    for scene in scenes:
        key = _asked(words, scene, frozenset())
        first.setdefault(key, scene)
        count[key] = count.get(key, 0) + 1
    return [(scene, count[key]) for key, scene in first.items()]


def _asked(words: Iterable[Word], scene: Scene | None, passed: frozenset[tuple[str, str]]) -> tuple[object, ...]:
    """What the words ask of a scene; of who did a state, what the tasks of that state ask."""
    found: list[object] = []
    for word in words:
        of = scene.parent if word.parent and scene is not None else scene
        if of is None:
            found.append(None)
        elif isinstance(word.arg, People):
            found.append(_asked(word.arg.words, of, passed))
        elif word.kind in ("starter", "participants"):
            found.append(of.starter)
        elif word.kind == "did":
            found.append(_of_state(str(word.arg), of, passed))
        elif (name := field_of(word)) is not None:
            person = of.field(name)
            field = of.process.fields.get(name)
            found.append(person if person is not None or field is None or field.people is None
                         else _asked(field.people.words, of, passed))  # fmt: skip
    return tuple(found)


def _of_state(key: str, scene: Scene, passed: frozenset[tuple[str, str]]) -> tuple[object, ...]:
    place = (scene.process.key, key)
    if place in passed or key not in scene.process.states:
        return ()
    tasks = scene.process.states[key].tasks
    words = [word for task in tasks for word in (*task.who.words, *task.each.words, *task.exclude.words)]
    return _asked(words, scene, passed | {place})
