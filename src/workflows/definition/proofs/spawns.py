"""Cases that start, answer and are started by one another: processes, fields, returned values, parents' words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.definition.kinds import assignable, kinds_of
from workflows.definition.model import WHOLE, Field, Path, Process, Word
from workflows.definition.proofs.facts import filled_somewhere, given_by_figures, name_fields, surely_given
from workflows.definition.proofs.family import Family, Spawning, tellings
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import graph_of
from workflows.definition.proofs.words import all_people, innermost
from workflows.document.problems import nearest
from workflows.errors import Text
from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import PERSON, Kind, kind_of


def find(process: Process, family: Family) -> Iterator[Finding]:
    """What a process starts, gives, tells and returns, and whether anything starts it."""
    yield from _started(process, family)
    yield from _started_by_figures(process)
    for spawning in family.spawnings:
        if spawning.parent is process:
            yield from _child(spawning, family)
    yield from _told(process, family)
    yield from _returned(process, family)
    yield from _parent_words(process, family)


def _started(process: Process, family: Family) -> Iterator[Finding]:
    if process.start.kinds == {"spawn"} and family.complete and not family.started_by(process):
        text = Text("没有任何流程会发起它，也没有别的发起方式。", "No process starts it, and nothing else does.")
        yield Finding(process, ("start",), text)


def _child(spawning: Spawning, family: Family) -> Iterator[Finding]:
    parent, spawn = spawning.parent, spawning.spawn
    child = family.processes.get(spawn.process)
    if child is None:
        if family.complete:
            text = Text(f"没有流程“{spawn.process}”。", f"There is no process `{spawn.process}`.")
            yield Finding(parent, (*spawn.path, "process"), text, nearest=nearest(spawn.process, family.processes))
        return
    if "spawn" not in child.start.kinds:
        text = Text(
            f"“{child.key}”的 start.by 里没有 spawn，不能这样发起。",
            f"`{child.key}` does not say `start: {{by: spawn}}`.",
        )
        yield Finding(parent, (*spawn.path, "process"), text)
    yield from _given_fields(spawning, child)
    yield from _required(spawning, child, family)


def _given_fields(spawning: Spawning, child: Process) -> Iterator[Finding]:
    parent, spawn = spawning.parent, spawning.spawn
    kinds = {**kinds_of(parent), **_each(spawning)}
    for name, value in spawn.assign.items():
        yield from _assignment(parent, (*spawn.path, "set", name), name, value, kinds, child)


def _each(spawning: Spawning) -> Mapping[str, Kind]:
    rows = spawning.spawn.rows
    if rows is None:
        return {"each": PERSON}
    columns = kinds_of(spawning.parent)[rows].columns
    return {f"each.{name}": kind for name, kind in columns.items()}


def _assignment(
    process: Process, path: Path, name: str, value: Expression, kinds: Mapping[str, Kind], receiver: Process
) -> Iterator[Finding]:
    """A value for a field of another process: the field exists, may be set, and takes this kind of value."""
    field = receiver.fields.get(name)
    if field is None:
        text = Text(f"“{receiver.key}”没有字段“{name}”。", f"`{receiver.key}` has no field `{name}`.")
        yield Finding(process, path, text, nearest=nearest(name, receiver.fields))
        return
    if field.formula is not None:
        yield Finding(process, path, Text(f"“{name}”由公式算出。", f"`{name}` is computed there."))
        return
    try:
        found, wanted = kind_of(value, kinds), kinds_of(receiver)[name]
    except ExpressionError as error:
        yield Finding(process, path, Text(error.zh, error.en))
        return
    if not (_whole(process, value, field) if field.type in WHOLE else assignable(found, wanted)):
        text = Text(
            f"“{value.source}”不能作“{receiver.key}”的“{name}”（{field.type}）。",
            f"`{value.source}` cannot be the {field.type} field `{name}` of `{receiver.key}`.",
        )
        yield Finding(process, path, text)


def _whole(process: Process, value: Expression, receiver: Field) -> bool:
    """A scorecard or lines are handed over whole, by the bare name of a field of the same type."""
    sender = process.fields.get(value.source.strip())
    return sender is not None and sender.type == receiver.type


def _required(spawning: Spawning, child: Process, family: Family) -> Iterator[Finding]:
    parent, spawn = spawning.parent, spawning.spawn
    for name in sorted(_needed_of_starter(child) - surely_given(spawning, family)):
        said = name in spawn.assign
        zh = "可能没有值" if said else "没有给出"
        en = "may be unset" if said else "is not given"
        text = Text(
            f"发起“{child.key}”时，必需的“{name}”{zh}。",
            f"`{child.key}` is started, but its required field `{name}` {en}.",
        )
        path = (*spawn.path, "set", name) if said else (*spawn.path, "set")
        yield Finding(parent, path, text, graph_of(parent).way_to(spawning.state.key))


def _started_by_figures(process: Process) -> Iterator[Finding]:
    """Nobody fills in the form of a case that figures start: `set` gives what it requires."""
    for start in process.start.figures:
        for name in sorted(_needed_of_starter(process) - given_by_figures(start)):
            text = Text(
                f"由指标发起时，必需的“{name}”没有给出（set）。",
                f"When figures start it, its required field `{name}` is not given (`set`).",
            )
            yield Finding(process, start.path, text)


def _needed_of_starter(child: Process) -> set[str]:
    """The fields that whatever starts a case without its form has to give."""
    needed = {name for name in child.start.form if child.fields[name].required}
    needed |= {name for name in child.key_fields if child.fields[name].required or len(child.key_fields) == 1}
    needed |= name_fields(child) | _only_from_outside(child)
    fields = {name: child.fields[name] for name in needed}
    return {name for name, one in fields.items() if (one.default is None or one.by_starter) and one.formula is None}


def _only_from_outside(child: Process) -> set[str]:
    """Required fields that no form of the child asks for: whoever starts it must give them."""
    asked = {name for state in child.states.values() for task in state.tasks for name in task.edit}
    asked |= filled_somewhere(child)
    for edge in graph_of(child).all():
        asked |= {*(edge.action.form if edge.action else ()), *edge.effects.assign}
    for state in child.states.values():
        asked |= {name for action in state.actions.values() for name in action.form} | set(state.enter.assign)
    for anytime in child.anytime.values():
        asked |= set(anytime.action.form)
    return {name for name, field in child.fields.items() if field.required and name not in asked}


def _told(process: Process, family: Family) -> Iterator[Finding]:
    """Signals that nobody listens to."""
    for told in tellings(process):
        listeners = family.children(process) if told.whom == "children" else family.parents(process)
        if not listeners and not family.complete:
            continue
        heard = {
            reaction.signal for other in listeners for state in other.states.values() for reaction in state.signals
        }
        if told.signal not in heard:
            text = Text(f"没有谁听信号“{told.signal}”。", f"Nobody listens to the signal `{told.signal}`.")
            yield Finding(process, told.path, text, nearest=nearest(told.signal, heard))


def _returned(process: Process, family: Family) -> Iterator[Finding]:
    """What an end gives back fits the parents."""
    for state in process.states.values():
        if not state.enter.returns:
            continue
        parents = family.parents(process)
        if not parents and family.complete:
            text = Text("没有上级事项可以交回。", "There is no parent case to return anything to.")
            yield Finding(process, (*state.path, "return"), text)
        for parent in parents:
            for name, value in state.enter.returns.items():
                yield from _assignment(process, (*state.path, "return", name), name, value, kinds_of(process), parent)


def _parent_words(process: Process, family: Family) -> Iterator[Finding]:
    """`{parent: {did: scoring}}`: the parent has such a state."""
    parents = family.parents(process)
    for path, people in all_people(process):
        for word in innermost(people):
            if not word.parent:
                continue
            if not parents and family.complete:
                text = Text(
                    "没有流程会发起它，也就没有上级事项可问。", "Nothing starts it, so there is no parent to ask."
                )
                yield Finding(process, path, text)
            for parent in parents:
                yield from _parent_word(process, path, word, parent)


def _parent_word(process: Process, path: Path, word: Word, parent: Process) -> Iterator[Finding]:
    known = parent.states if word.kind == "did" else parent.fields if word.kind == "field" else None
    if known is not None and word.arg not in known:
        text = Text(f"“{parent.key}”里没有“{word.arg}”。", f"`{parent.key}` has no `{word.arg}`.")
        yield Finding(process, path, text, nearest=nearest(str(word.arg), known))
