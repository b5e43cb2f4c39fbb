"""What an import would change: shown before it is done, and worked off when it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workflows.org.importing.cells import Value
from workflows.org.importing.checking import Wanted
from workflows.org.importing.columns import KINDS
from workflows.org.importing.sheets import Fault, Reading
from workflows.org.importing.stored import BLANKS, Key, Stored, Values

# A person's or position's rows are given whole: what the file no longer lists is taken away.
_GIVEN_WHOLE: Final[Mapping[str, int]] = {"assignments": 1}


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after. `before` None: it is new; `after` None: it goes (assignments only)."""

    kind: str
    key: Key
    before: Values | None
    after: Values | None

    @property
    def label(self) -> str:
        """How the row is called in a list: its key, in words."""
        return " · ".join(str(part) for part in self.key if part is not None)

    @property
    def fields(self) -> dict[str, tuple[Value, Value]]:
        """The columns that differ, each with old and new value."""
        before, after = self.before or {}, self.after or {}
        names = dict.fromkeys([*after, *before])
        return {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. With any `faults` it does nothing at all.

    `unchanged`: rows that are as they should be already, by kind; `missing`: logins of people who work here and are not in the
    file: they are left alone.
    """

    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    unchanged: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.added or self.changed or self.removed)

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind, new rows first."""
        return tuple(c for c in (*self.added, *self.changed, *self.removed) if c.kind == kind)


def compare(wanted: Wanted, stored: Stored, reading: Reading) -> Preview:
    """What differs between the files and the database."""
    if wanted.faults:
        return Preview(faults=tuple(wanted.faults))
    added: list[Change] = []
    changed: list[Change] = []
    unchanged: dict[str, int] = {}
    for kind in KINDS:
        unchanged[kind.name] = 0
        for key, row in wanted.rows[kind.name].items():
            values = {name: value for name, value in row.values.items() if name not in kind.key}
            before = stored.rows[kind.name].get(key)
            after = {**BLANKS[kind.name], **(before or {}), **values}
            if before is None:
                added.append(Change(kind.name, key, None, after))
            elif before != after:
                changed.append(Change(kind.name, key, before, after))
            else:
                unchanged[kind.name] += 1
    missing = _missing(wanted, stored) if "people" in reading.sheets else ()
    return Preview(tuple(added), tuple(changed), _removed(wanted, stored), unchanged, missing)


def _missing(wanted: Wanted, stored: Stored) -> tuple[str, ...]:
    return tuple(sorted(login for login in stored.active if (login,) not in wanted.rows["people"]))


def _removed(wanted: Wanted, stored: Stored) -> tuple[Change, ...]:
    gone = []
    for kind, length in _GIVEN_WHOLE.items():
        owners = {key[:length] for key in wanted.rows[kind]}
        for key, values in stored.rows[kind].items():
            if key[:length] in owners and key not in wanted.rows[kind]:
                gone.append(Change(kind, key, values, None))
    return tuple(gone)
