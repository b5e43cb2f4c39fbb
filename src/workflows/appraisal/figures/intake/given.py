"""What somebody hands in, before anything of it is understood, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.errors import RejectedImport, Text
from workflows.org.importing.sheets import Fault

__all__ = ["Fault", "Given", "GivenFigures", "rejected"]


@dataclass(frozen=True, slots=True)
class Given:
    """One figure as it was written. `place`: file (and sheet); `row` as a spreadsheet counts it; `column`: its heading.

    `person` names a person, `unit` a unit in their place; `alias`: a name that must be the person's, where one was written beside.
    """

    place: str
    row: int
    column: str
    person: str
    unit: str
    month: str
    name: str
    value: str
    alias: str = ""
    columns: tuple[str, str] = ("", "")
    """The headings under which person (or unit) and month stand."""

    def fault(self, zh: str, en: str, column: str | None = None) -> Fault:
        """A fault in it; without `column` in the value itself."""
        return Fault(self.place, self.row, self.column if column is None else column, Text(zh, en))


@dataclass(slots=True)
class GivenFigures:
    """All figures of some files. `rows`: how many rows held any."""

    figures: list[Given] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0

    def __iter__(self) -> Iterator[Given]:
        return iter(self.figures)


def rejected(faults: Sequence[Fault]) -> RejectedImport:
    """The refusal of figures with faults, all of them in `rows`."""
    count, first = len(faults), faults[0].sentence
    return RejectedImport(
        zh=f"没有导入任何数据：有 {count} 处错误。第一处：{first.zh}",
        en=f"Nothing was imported: {count} {'fault' if count == 1 else 'faults'}. The first: {first.en}",
        rows=[(fault.row, fault.column, _in_file(fault)) for fault in faults],
    )


def _in_file(fault: Fault) -> Text:
    return Text(f"{fault.file}：{fault.text.zh}", f"{fault.file}: {fault.text.en}") if fault.file else fault.text
