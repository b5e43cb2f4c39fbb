"""Published definitions: stored once, never changed, read once per process.

A case keeps the version it began with; a new case takes the newest. Rows are immutable, so what was read once is kept for
good; only which one is newest is asked again when the counter `definitions` moves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.definition.load import load_text
from workflows.definition.machine import ProcessMachine
from workflows.definition.model import Process
from workflows.engine.parameters import Overrides, overrides
from workflows.engine.tables import Definition
from workflows.errors import NotFound
from workflows.org.versions import NEVER_CHANGED, Stamp, bump, read_versions

DEFINITIONS = "definitions"
"""Name of the version counter that moves with every publication and every parameter that the company sets."""


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a process, ready to run."""

    id: uuid.UUID
    version: int
    published_at: datetime
    process: Process
    machine: ProcessMachine

    @property
    def key(self) -> str:
        """The process's key."""
        return self.process.key


@dataclass(frozen=True, slots=True)
class Publication:
    """What `publish` did with one process: `new` is False where the newest version already reads so."""

    key: str
    version: int
    new: bool


class DefinitionStore:
    """The definitions of one process of ours (a web worker, a scheduler). Safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[uuid.UUID, Published] = {}
        self._newest: tuple[Stamp, Mapping[str, Published], Overrides] | None = None
        self._all: tuple[Stamp, tuple[Published, ...]] | None = None

    def get(self, session: Session, definition_id: uuid.UUID) -> Published:
        """The version with this id; one statement the first time, none after. Raises `NotFound`."""
        known = self._known.get(definition_id)
        if known is None:
            self._load(session, [definition_id])
            known = self._known.get(definition_id)
        if known is None:
            raise NotFound("没有这个版本的流程定义。", "There is no such version of a definition.")
        return known

    def newest(self, session: Session, versions: Mapping[str, Stamp] | None = None) -> Mapping[str, Published]:
        """The newest version of every process by its key, in the order of keys."""
        return self._fresh(session, versions)[1]

    def overrides(self, session: Session, versions: Mapping[str, Stamp] | None = None) -> Overrides:
        """The parameters that the company has set, by process."""
        return self._fresh(session, versions)[2]

    def _fresh(
        self, session: Session, versions: Mapping[str, Stamp] | None
    ) -> tuple[Stamp, Mapping[str, Published], Overrides]:
        stamp = (read_versions(session) if versions is None else versions).get(DEFINITIONS, NEVER_CHANGED)
        kept = self._newest
        if kept is None or kept[0] != stamp:
            ids = {row[0]: row[1] for row in session.execute(_newest_ids())}
            self._load(session, [row for row in ids.values() if row not in self._known])
            newest = MappingProxyType({key: self._known[row] for key, row in ids.items()})
            kept = self._newest = (stamp, newest, overrides(session))
        return kept

    def all_versions(self, session: Session, versions: Mapping[str, Stamp] | None = None) -> tuple[Published, ...]:
        """Every version of every process: two small statements where a version is new to this process, else none."""
        stamp, newest, _ = self._fresh(session, versions)
        kept = self._all
        if kept is None or kept[0] != stamp:
            known = list(self._known)
            missing = session.scalars(select(Definition.id).where(Definition.id.not_in(known))).all()
            self._load(session, list(missing))
            kept = self._all = (stamp, tuple(self._known.values()) if newest else ())
        return kept[1]

    def _load(self, session: Session, wanted: list[uuid.UUID]) -> None:
        if not wanted:
            return
        columns = (
            Definition.id,
            Definition.version,
            Definition.published_at,
            Definition.process,
            Definition.text,
            Definition.file,
        )
        for row in session.execute(select(*columns).where(Definition.id.in_(wanted))):
            process, machine = _compiled(row.text, row.file, row.process)
            self._known[row.id] = Published(row.id, row.version, row.published_at, process, machine)


@lru_cache(maxsize=512)
def _compiled(text: str, file: str, key: str) -> tuple[Process, ProcessMachine]:
    """A definition read and compiled once for everybody in this process of ours: both are values, nobody changes them."""
    process = next(one for one in load_text(text, file) if one.key == key)
    return process, ProcessMachine(process)


def publish(
    session: Session, processes: Iterable[Process], actor: uuid.UUID | None, now: datetime
) -> list[Publication]:
    """Store each process as a new version, unless its newest version has the same digest."""
    newest = _newest_rows(session)
    done = []
    for process in processes:
        version, digest = newest.get(process.key, (0, ""))
        new = digest != process.digest
        if new:
            version += 1
            session.execute(insert(Definition), _row(process, version, actor, now))
        done.append(Publication(process.key, version, new))
    if any(publication.new for publication in done):
        bump(session, DEFINITIONS)
    return done


def _row(process: Process, version: int, actor: uuid.UUID | None, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(), "process": process.key, "version": version, "digest": process.digest, "file": process.file,
        "text": process.text, "published_at": now, "published_by": actor,
    }  # fmt: skip


def _newest_ids() -> Select[str, uuid.UUID]:
    latest = (
        select(Definition.process, func.max(Definition.version).label("version"))
        .group_by(Definition.process)
        .subquery()
    )
    joined = (Definition.process == latest.c.process) & (Definition.version == latest.c.version)
    return select(Definition.process, Definition.id).join(latest, joined).order_by(Definition.process)


def _newest_rows(session: Session) -> dict[str, tuple[int, str]]:
    rows = select(Definition.process, Definition.version, Definition.digest).order_by(Definition.version)
    return {process: (version, digest) for process, version, digest in session.execute(rows)}
