"""Who could be meant: words for people over an organisation, for every case that could be started."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from workflows.definition.model import People, Process, State, Task, Word
from workflows.expression import Expression
from workflows.expression.nodes import Name

Person: TypeAlias = Hashable


class Staff(Protocol):
    """What the proof asks of an organisation (`org.organisation.Organisation` has all of it)."""

    @property
    def active(self) -> Sequence[Person]:
        """Everybody who works here."""

    @property
    def positions(self) -> Mapping[str, object]:
        """Keys of all positions."""

    @property
    def units(self) -> Mapping[str, object]:
        """Keys of all units."""

    def holders_of(self, position: str) -> Sequence[Person]:
        """Whoever holds a position."""

    def members_of(self, unit: str) -> Sequence[Person]:
        """Whoever belongs to a unit or one below it."""

    def lead_of(self, unit: str) -> Person | None:
        """Who leads a unit."""

    def manager_of(self, person: Person) -> Person | None:
        """Somebody's direct manager."""

    def managers_of(self, person: Person) -> Sequence[Person]:
        """The chain of managers, nearest first."""

    def deputies_of(self, person: Person, process: str) -> Sequence[Person]:
        """Who acts for somebody in cases of a process, in absences that run or are to come."""

    def auditors(self) -> Sequence[Person]:
        """All auditors."""

    def administrators(self) -> Sequence[Person]:
        """All administrators."""

    def appraised(self) -> Sequence[Person]:
        """Everybody whose work is appraised by a scorecard."""

    def by_login(self, login: str) -> Person | None:
        """Whoever signs in by this name."""

    def name_of(self, person: Person) -> str:
        """What people call them."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A case that could be: who started it, who stands in its person fields (as far as known), and its parent case.

    Compared by identity: each is made once.
    """

    process: Process
    starter: Person | None = None
    fields: tuple[tuple[str, Person], ...] = ()
    parent: Scene | None = None

    def field(self, name: str) -> Person | None:
        """Who stands in a field; None where only the form will say."""
        return dict(self.fields).get(name)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody of whom only the candidates are known: who did a task, or whom a form names."""

    scene: Scene
    kind: str
    name: str
    part: str = ""


Guess = Mapping[Unknown, Person]


@dataclass
class Candidates:
    """Resolves words in a scene; `cached` holds who could do each state's tasks."""

    staff: Staff
    cached: dict[tuple[Scene, str, str], frozenset[Person]] = field(default_factory=dict)
    relations: dict[tuple[str, Person], frozenset[Person]] = field(default_factory=dict)

    def unknowns(self, people: People, scene: Scene) -> set[Unknown]:
        """The unknown persons that the words speak of."""
        found: set[Unknown] = set()
        for word in people.words:
            of = scene.parent if word.parent else scene
            if of is None:
                continue
            if isinstance(word.arg, People):
                found |= self.unknowns(word.arg, of)
            elif word.kind == "did":
                state = of.process.states.get(str(word.arg))
                found |= {Unknown(of, "did", state.key, task.part) for task in state.tasks} if state else set()
            elif (name := field_of(word)) is not None and of.field(name) is None:
                found.add(Unknown(of, "field", name))
        return found

    def domain(self, unknown: Unknown) -> frozenset[Person]:
        """Who it could be."""
        if unknown.kind == "did":
            return self.doers(unknown.scene, unknown.name, unknown.part)
        allowed = (
            unknown.scene.process.fields[unknown.name].people if unknown.name in unknown.scene.process.fields else None
        )
        return self.anyone(allowed, unknown.scene) if allowed is not None else frozenset(self.staff.active)

    def doers(self, scene: Scene, state: str, part: str) -> frozenset[Person]:
        """Whoever could complete a task of a state, whatever happened before."""
        key = (scene, state, part)
        if key not in self.cached:
            self.cached[key] = frozenset()  # a state that is for whoever did it before adds nobody new
            task = next(task for task in scene.process.states[state].tasks if task.part == part)
            wanted = self.anyone(task.who, scene) | self.anyone(task.each, scene)
            known = People(tuple(word for word in task.exclude.words if not self.unknowns(People((word,)), scene)))
            self.cached[key] = wanted - frozenset(self.resolve(known, scene, {}))
        return self.cached[key]

    def anyone(self, people: People, scene: Scene) -> frozenset[Person]:
        """Everybody whom the words could mean, whoever the unknown persons are."""
        found: set[Person] = set()
        for word in people.words:
            of = scene.parent if word.parent else scene
            if of is None:
                continue
            if isinstance(word.arg, People):
                found |= {p for one in self.anyone(word.arg, of) for p in self.related(word.kind, one)}
            elif guessed := self.unknowns(People((word,)), scene):
                found |= {p for unknown in guessed for p in self.domain(unknown)}
            else:
                found |= set(self._plain(word, of))
        return frozenset(found)

    def resolve(self, people: People, scene: Scene, guess: Guess) -> set[Person]:
        """Whom the words mean when the unknown persons are those of `guess`."""
        found: set[Person] = set()
        for word in people.words:
            of = scene.parent if word.parent else scene
            if of is None:
                continue
            if isinstance(word.arg, People):
                found |= {p for one in self.resolve(word.arg, of, guess) for p in self.related(word.kind, one)}
            elif guessed := self.unknowns(People((word,)), scene):
                found |= {guess[unknown] for unknown in guessed if unknown in guess}
            else:
                found |= set(self._plain(word, of))
        return found

    def chains(self, people: People, scene: Scene, unknown: Unknown) -> tuple[tuple[str, ...], ...]:
        """How the words speak of an unknown person: `manager_of: {field: owner}` by one relation, `{field: owner}` by none."""
        found: list[tuple[str, ...]] = []
        for word in people.words:
            of = scene.parent if word.parent else scene
            if of is not None and isinstance(word.arg, People):
                found += [(*inner, word.kind) for inner in self.chains(word.arg, of, unknown)]
            elif unknown in self.unknowns(People((word,)), scene):
                found.append(())
        return tuple(found)

    def along(self, chains: Iterable[tuple[str, ...]], person: Person) -> frozenset[Person]:
        """Whom the words mean where the unknown one is `person`."""
        found: set[Person] = set()
        for chain in chains:
            people = {person}
            for kind in chain:
                people = {other for one in people for other in self.related(kind, one)}
            found |= people
        return frozenset(found)

    def related(self, kind: str, person: Person) -> frozenset[Person]:
        """Whom `manager_of`, `managers_of` and `team_of` mean of one person."""
        if (kind, person) not in self.relations:
            self.relations[kind, person] = frozenset(self._related(kind, person))
        return self.relations[kind, person]

    def _related(self, kind: str, person: Person) -> Iterable[Person]:
        if kind == "managers_of":
            return self.staff.managers_of(person)
        if kind == "team_of":
            return [one for one in self.staff.active if self.staff.manager_of(one) == person]
        manager = self.staff.manager_of(person)
        return () if manager is None else (manager,)

    def _plain(self, word: Word, scene: Scene) -> Iterable[Person]:
        arg = str(word.arg)
        match word.kind:
            case "position":
                return self.staff.holders_of(arg) if arg in self.staff.positions else ()
            case "unit":
                return self.staff.members_of(arg) if arg in self.staff.units else ()
            case "lead_of":
                return _one(self.staff.lead_of(arg) if arg in self.staff.units else None)
            case "person":
                return _one(self.staff.by_login(arg))
            case "starter" | "participants":
                return _one(scene.starter)
            case "subject" | "field":
                return _one(scene.field(field_of(word) or ""))
        return self._group(word.kind)

    def _group(self, kind: str) -> Iterable[Person]:
        match kind:
            case "employees":
                return self.staff.appraised()
            case "auditors":
                return self.staff.auditors()
            case "administrators":
                return self.staff.administrators()
            case "everyone":
                return self.staff.active
        return ()


def field_of(word: Word) -> str | None:
    """The field that a word asks for: `{field: owner}`, and `subject`, which is the field of that name."""
    return "subject" if word.kind == "subject" else str(word.arg) if word.kind == "field" else None


def _one(person: Person | None) -> tuple[Person, ...]:
    return () if person is None else (person,)


def tasks_in(process: Process, reached: Iterable[str]) -> Iterator[tuple[State, Task]]:
    """The tasks of the states that can be reached."""
    for key in reached:
        if key in process.states:
            for task in process.states[key].tasks:
                yield process.states[key], task


def only_name(expression: Expression) -> str | None:
    """The name, where the expression is nothing but a name."""
    return expression.root.name if isinstance(expression.root, Name) else None
