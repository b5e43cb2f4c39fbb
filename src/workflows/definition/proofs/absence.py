"""Whatever single person is absent, does every task still have somebody? Who is the only one for a task is named, with the way to it.

A task that is somebody's own (the starter's, the subject's, whoever stands in a field, whoever did it before) is left out: it waits for
that person or their deputy, and nobody else could stand in for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.definition.model import People, Process, State, Task
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.graph import Edge, graph_of, way_text
from workflows.definition.proofs.guessing import alike, outcomes
from workflows.definition.proofs.people import case_said
from workflows.definition.proofs.scenes import Scenes
from workflows.definition.proofs.staff import Candidates, Guess, Person, Scene, Staff, tasks_in
from workflows.errors import Text

OWN = frozenset({"starter", "subject", "field", "did", "holder"})
"""Words that name somebody of the case itself."""


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A task that nobody but `person` can do in some case.

    `way`: how a case comes to the task; `when`: of whose cases that holds (an example), and of how many it is one; `relief`: who may act
    once it is late, by escalation (empty: the case stands still until `person` is back, or somebody hands the task over).
    """

    person: Person
    process: Process
    state: State
    task: Task
    way: Sequence[Edge]
    when: Text
    cases: int
    relief: tuple[Person, ...]

    @property
    def title(self) -> Text:
        """What the task is called."""
        return self.task.title or self.state.title

    @property
    def way_said(self) -> Text:
        """The way as people read it."""
        return way_text(self.process, self.way)


def single_points(family: Family, staff: Staff) -> tuple[SinglePoint, ...]:
    """Everybody whose absence alone leaves a task without anybody, with every such task, in the order of the processes.

    Somebody who has named a deputy that may do the task is none. Takes an organisation that passes the proof of people.
    """
    candidates = Candidates(staff)
    scenes = Scenes(family, candidates)
    return tuple(
        point
        for process in family
        for state, task in tasks_in(process, graph_of(process).reached())
        if not _own(task)
        for point in _of_task(process, state, task, scenes.of(process), candidates)
    )


def _own(task: Task) -> bool:
    return all(word.kind in OWN and not isinstance(word.arg, People) for word in task.who.words)


def _of_task(
    process: Process, state: State, task: Task, scenes: Sequence[Scene], candidates: Candidates
) -> Iterator[SinglePoint]:
    found: dict[Person, tuple[Scene, Guess, set[Person]]] = {}
    cases: dict[Person, int] = {}
    needed = max((action.people for action in state.actions.values()), default=1)
    for scene, like in alike(task, scenes):
        for person, (guess, relief) in _alone(task, scene, candidates, needed).items():
            first = found.get(person)
            cases[person] = cases.get(person, 0) + like
            if first is None or (first[2] and not relief):
                found[person] = (scene, guess, relief)
    way = graph_of(process).way_to(state.key)
    for person in sorted(found, key=str):
        scene, guess, relief = found[person]
        when = case_said(scene, guess, candidates.staff)
        yield SinglePoint(person, process, state, task, way, when, cases[person], tuple(sorted(relief, key=str)))


def _alone(task: Task, scene: Scene, candidates: Candidates, needed: int) -> Mapping[Person, tuple[Guess, set[Person]]]:
    """Who is the only one in a scene: with whom else the case is about, and who relieves them. The worst of all guesses counts."""
    found: dict[Person, tuple[Guess, set[Person]]] = {}
    for one in outcomes(task, scene, candidates, needed + 1):
        guess, excluded, left = one.guess, one.excluded, one.left
        if len(left) != needed:
            continue
        for person in left:
            others = excluded | left
            if any(deputy not in others for deputy in candidates.staff.deputies_of(person, scene.process.key)):
                continue
            relief = _relief(task, person, scene, guess, candidates) - others
            if person not in found or (found[person][1] and not relief):
                found[person] = (guess, relief)
    return found


def _relief(task: Task, holder: Person, scene: Scene, guess: Guess, candidates: Candidates) -> set[Person]:
    """Who may act once the holder is late."""
    return {p for escalation in task.escalate for p in _told(escalation.to, holder, scene, guess, candidates)}


def _told(people: People, holder: Person, scene: Scene, guess: Guess, candidates: Candidates) -> set[Person]:
    found: set[Person] = set()
    for word in people.words:
        if word.kind == "holder":
            found.add(holder)
        elif isinstance(word.arg, People) and not word.parent:
            inner = _told(word.arg, holder, scene, guess, candidates)
            found |= {p for one in inner for p in candidates.related(word.kind, one)}
        else:
            found |= candidates.resolve(People((word,)), scene, guess)
    return found
