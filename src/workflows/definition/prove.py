"""All proofs over a family of processes, one verdict each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows.definition.model import Process
from workflows.definition.proofs import (
    alternatives,
    ends,
    loops,
    measured,
    moments,
    people,
    reach,
    spawns,
    texts,
    unset,
    waits,
)
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.staff import Staff
from workflows.document.problems import DefinitionErrors
from workflows.errors import Text


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved, in a sentence, and who finds what contradicts it."""

    key: str
    title: Text
    find: Callable[[Process, Family], Iterator[Finding]]


PROOFS: tuple[Proof, ...] = (
    Proof("reach", Text("每一步都到得了", "every state is reachable"), reach.find),
    Proof("ends", Text("从每一步都能结束", "an end is reachable from everywhere"), ends.find),
    Proof("waits", Text("不等不会来的", "nothing waits for what cannot come"), waits.find),
    Proof("loops", Text("没有自己转的圈", "no loop without a person or time"), loops.find),
    Proof("alternatives", Text("去向齐全", "alternatives are complete"), alternatives.find),
    Proof("unset", Text("不读没填的字段", "nothing reads an unset field"), unset.find),
    Proof("spawns", Text("上下级事项对得上", "cases fit together"), spawns.find),
    Proof("moments", Text("时刻都有意义", "moments are meaningful"), moments.find),
    Proof("texts", Text("中英文齐全、分得清", "texts are complete and distinct"), texts.find),
)
FIGURES = Text("发起它的指标都有", "figures that start it exist")
PEOPLE = Text("每一步都有人办", "somebody is left for every task")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One proof over one process. `findings` empty: it holds."""

    process: Process
    key: str
    title: Text
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts it."""
        return not self.findings


def prove(
    processes: Iterable[Process],
    staff: Staff | None = None,
    *,
    complete: bool = True,
    figures: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """All verdicts, process by process in the order given.

    `staff`: the organisation; with it there is one proof more, that every task has somebody. `figures`: the catalogue's names with
    their units, for one more. `complete`: whether these are all processes there are; else nothing is said about those that are not
    seen.
    """
    family = Family(processes, complete=complete)
    verdicts = [
        Verdict(process, proof.key, proof.title, tuple(proof.find(process, family)))
        for process in family
        for proof in PROOFS
    ]
    if figures is not None:
        wrong = measured.findings(family, figures)
        verdicts += [Verdict(process, "figures", FIGURES, tuple(wrong[process.key])) for process in family]
    if staff is not None:
        found = people.findings(family, staff)
        verdicts += [Verdict(process, "people", PEOPLE, tuple(found[process.key])) for process in family]
    return sorted(verdicts, key=lambda verdict: list(family.processes).index(verdict.process.key))


def errors_of(verdicts: Iterable[Verdict]) -> DefinitionErrors | None:
    """What contradicts, as errors with file and line; None where everything holds."""
    errors = [finding.error() for verdict in verdicts for finding in verdict.findings]
    return DefinitionErrors(errors) if errors else None


def require_proved(processes: Iterable[Process], *, figures: Mapping[str, str] | None = None) -> None:
    """Raises DefinitionErrors unless every proof holds: what publishing asks."""
    errors = errors_of(prove(processes, figures=figures))
    if errors is not None:
        raise errors


__all__ = ["PROOFS", "Proof", "Staff", "Verdict", "errors_of", "prove", "require_proved"]
