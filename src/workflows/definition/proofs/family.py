"""Processes that know each other: who starts whom, who tells whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workflows.definition.model import Effects, Path, Process, Spawn, State
from workflows.definition.proofs.graph import graph_of


@dataclass(frozen=True, eq=False)
class Spawning:
    """That a state of `parent` starts cases of another process."""

    parent: Process
    state: State
    spawn: Spawn


@dataclass(frozen=True)
class Telling:
    """A signal that a process sends: from the state it stands in or goes to."""

    process: Process
    whom: str
    signal: str
    state: str
    path: Path


class Family:
    """All processes that are checked together.

    `complete`: whether these are all there are; a file checked alone cannot be blamed for a process it does not see.
    """

    def __init__(self, processes: Iterable[Process], *, complete: bool = True) -> None:
        self.processes: Mapping[str, Process] = {process.key: process for process in processes}
        self.complete = complete

    def __iter__(self) -> Iterator[Process]:
        return iter(self.processes.values())

    @cached_property
    def spawnings(self) -> tuple[Spawning, ...]:
        """Every place where a process starts another."""
        return tuple(
            Spawning(process, state, spawn)
            for process in self
            for state in process.states.values()
            for spawn in state.spawns
        )

    def started_by(self, process: Process) -> tuple[Spawning, ...]:
        """Where cases of `process` are started by others."""
        return tuple(spawning for spawning in self.spawnings if spawning.spawn.process == process.key)

    def parents(self, process: Process) -> tuple[Process, ...]:
        """The processes that start `process`, each once."""
        return tuple({spawning.parent.key: spawning.parent for spawning in self.started_by(process)}.values())

    def children(self, process: Process) -> tuple[Process, ...]:
        """The processes that `process` starts, as far as they are known."""
        keys = {spawning.spawn.process: None for spawning in self.spawnings if spawning.parent.key == process.key}
        return tuple(self.processes[key] for key in keys if key in self.processes)

    def below(self, process: Process) -> set[str]:
        """The keys of all processes that `process` starts, directly or through others."""
        found: set[str] = set()
        waiting = [spawning.spawn.process for spawning in self.spawnings if spawning.parent.key == process.key]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [s.spawn.process for s in self.spawnings if s.parent.key == key]
        return found


def tellings(process: Process) -> Iterator[Telling]:
    """Every signal a process sends, on entering a state or on a step."""
    for state in process.states.values():
        yield from _told(process, state.enter, state.key, (*state.path, "enter"))
    for edge in graph_of(process).all():
        yield from _told(process, edge.effects, edge.source, edge.path)


def _told(process: Process, effects: Effects, state: str, path: Path) -> Iterator[Telling]:
    for whom, signal in effects.tell.items():
        yield Telling(process, whom, signal, state, path)
