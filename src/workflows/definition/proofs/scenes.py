"""Every case that could be: for each process all starters, subjects and parents."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition.model import People, Process
from workflows.definition.proofs.family import Family, Spawning
from workflows.definition.proofs.graph import graph_of
from workflows.definition.proofs.staff import Candidates, Person, Scene, only_name
from workflows.definition.proofs.words import all_people, innermost
from workflows.expression import Expression

MOST_SCENES = 20_000


class Scenes:
    """The scenes of all processes of a family, each found once."""

    def __init__(self, family: Family, candidates: Candidates) -> None:
        self._family = family
        self._candidates = candidates
        self._found: dict[str, tuple[Scene, ...]] = {}

    def of(self, process: Process) -> tuple[Scene, ...]:
        """All scenes of a process."""
        if process.key not in self._found:
            self._found[process.key] = ()  # a process that starts itself adds nothing here
            unique: dict[object, Scene] = {}
            for scene in self._all(process):
                unique.setdefault((scene.starter, scene.fields, scene.parent), scene)
                if len(unique) >= MOST_SCENES:
                    break
            self._found[process.key] = tuple(unique.values())
        return self._found[process.key]

    def _all(self, process: Process) -> Iterator[Scene]:
        yield from self._by_person(process)
        yield from self._by_schedule(process)
        yield from self._by_figures(process)
        for spawning in self._family.started_by(process):
            for parent in self.of(spawning.parent):
                yield from self._by_spawn(process, spawning, parent)

    def _by_person(self, process: Process) -> Iterator[Scene]:
        for starter in sorted(self._candidates.anyone(process.start.by, Scene(process)), key=str):
            yield Scene(process, starter)

    def _by_schedule(self, process: Process) -> Iterator[Scene]:
        for schedule in process.schedules:
            people = self._sorted(schedule.each, Scene(process))
            for person in people:
                named = tuple(
                    (name, person) for name, value in schedule.assign.items() if value == "each" and person is not None
                )
                yield Scene(process, None, named)

    def _by_figures(self, process: Process) -> Iterator[Scene]:
        """Whose figures they may be: everybody with a scorecard, and the leads of units."""
        staff = self._candidates.staff
        leads = {lead for unit in staff.units if (lead := staff.lead_of(unit)) is not None}
        for start in process.start.figures:
            named = [name for name, value in start.assign.items() if value == "each"]
            for person in sorted({*staff.appraised(), *leads}, key=str):
                yield Scene(process, person, tuple((name, person) for name in named))

    def _by_spawn(self, process: Process, spawning: Spawning, parent: Scene) -> Iterator[Scene]:
        each = self._sorted(spawning.spawn.each, parent)
        starters = sorted(self._starters(process, spawning, parent), key=str)
        for person in each:
            fields = tuple(
                (name, value)
                for name, expression in spawning.spawn.assign.items()
                if process.fields.get(name) and process.fields[name].type == "person"
                if (value := _value(expression, person, parent)) is not None
            )
            for starter in starters:
                yield Scene(process, starter, fields, parent)

    def _sorted(self, each: People, scene: Scene) -> list[Person | None]:
        """The people of an `each`, in an order that stays; one nobody where there is no `each`."""
        return sorted(self._candidates.anyone(each, scene), key=str) if each else [None]

    def _starters(self, process: Process, spawning: Spawning, parent: Scene) -> set[Person | None]:
        """A spawned case is its parent's starter's, or that of whoever took the step that started it."""
        starters: set[Person | None] = {parent.starter}
        if any(word.kind == "starter" for _, people in all_people(process) for word in innermost(people)):
            for edge in graph_of(spawning.parent).all():
                if (
                    edge.target == spawning.state.key
                    and edge.source in spawning.parent.states
                    and edge.kind == "action"
                ):
                    for task in spawning.parent.states[edge.source].tasks:
                        starters |= self._candidates.doers(parent, edge.source, task.part)
        return starters


def _value(expression: Expression, each: Person | None, parent: Scene) -> Person | None:
    """The person an expression gives, where it is a plain name."""
    name = only_name(expression)
    if name == "each":
        return each
    if name == "starter":
        return parent.starter
    return parent.field(name) if name is not None else None
