"""No guard, moment, name or form reads a field that may be unset on some way there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from workflows.definition.model import START, Check, Moment, Path, People, Process, State, Task
from workflows.definition.proofs.facts import (
    Certain,
    Facts,
    after_step,
    certain,
    each_surely,
    entering,
    name_fields,
    nonzero,
)
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import Edge, graph_of
from workflows.definition.proofs.words import innermost
from workflows.document.problems import nearest
from workflows.errors import Text
from workflows.expression import Expression
from workflows.expression.nodes import Call, Logic, Name, Node
from workflows.expression.reads import needed, zero_divisors


def find(process: Process, family: Family) -> Iterator[Finding]:
    """Everything that may read an unset field, with a way on which it is unset."""
    reader = _Reader(process, certain(process, family))
    yield from reader.at_the_start()
    for key, state in process.states.items():
        if key in reader.facts.inside:
            yield from reader.in_state(state)
    yield from reader.steps()
    yield from reader.anytime_and_alerts()


class _Reader:
    """One process with its facts, and the sentences about what is read too early."""

    def __init__(self, process: Process, facts: Certain) -> None:
        self.process = process
        self.facts = facts
        self.always = frozenset({"starter", *process.parameters})
        self.nonzero = nonzero(process)

    def at_the_start(self) -> Iterator[Finding]:
        """A case's name and key are made when it begins."""
        for name in sorted(name_fields(self.process) - self.facts.initial):
            yield self._unset(name, ("name",), "事项名", "the case's name", START)
        for index, name in enumerate(self.process.key_fields):
            if name not in self.facts.initial and not self._may_stay_empty(name):
                yield self._unset(name, ("key", index), "key", "the key", START)

    def _may_stay_empty(self, name: str) -> bool:
        """A part of the key that the start can give but need not, beside one that it surely gives."""
        sure = any(other in self.facts.initial for other in self.process.key_fields)
        return sure and not self.process.fields[name].required and name in self.facts.possible[START]

    def in_state(self, state: State) -> Iterator[Finding]:
        """What is read on entering a state, and what its tasks show."""
        inside = self.facts.inside[state.key]
        for task in state.tasks:
            yield from self._task(task, state, inside)
        for after in state.after:
            yield from self._moment(after.when, inside, after.path, state.key)
        for spawn in state.spawns:
            if spawn.condition is not None:
                each = each_surely(self.process, spawn)
                yield from self._expression(spawn.condition, inside | each, (*spawn.path, "if"), state.key)
            yield from self._people(spawn.each, inside, (*spawn.path, "each"), state.key)
        for name, value in state.enter.returns.items():
            yield from self._expression(value, inside, (*state.path, "return", name), state.key)
        for index, check in enumerate(state.checks):
            yield from self._check(check, inside, (*state.path, "checks", index), state)
        yield from self._shown(state.listed, state, (*state.path, "list"))
        yield from self._shown(state.facts, state, (*state.path, "facts"))

    def _check(self, check: Check, inside: Facts, path: Path, state: State) -> Iterator[Finding]:
        """A check is not asked where its condition reads what is not set; what it reads itself must be set then."""
        if check.condition is not None:
            asked = needed(check.condition)
            possible = (
                self.facts.possible[state.key] | {name for task in state.tasks for name in task.edit} | self.always
            )
            for name in sorted(asked - possible):
                text = Text(
                    f"“{check.condition.source}”用到“{name}”，但到这一步还没有谁能填它，永远不会核对。",
                    f"`{check.condition.source}` reads `{name}`, which nobody can have filled in by then: it is never asked.",
                )
                yield Finding(self.process, (*path, "if"), text, self._way(state.key), nearest(name, possible))
            yield from self._expression(check.condition, possible | asked, (*path, "if"), state.key)
            inside = inside | asked | _asked_for(check.condition.root)
        yield from self._expression(check.that, inside, (*path, "that"), state.key, dividing=False)

    def _task(self, task: Task, state: State, inside: Facts) -> Iterator[Finding]:
        if task.condition is not None:
            yield from self._expression(task.condition, inside, (*task.path, "if"), state.key)
        moments = [("due", task.due), *(("remind", reminder.when) for reminder in task.remind)]
        for name, moment in [*moments, *(("escalate", escalation.when) for escalation in task.escalate)]:
            if moment is not None:
                yield from self._moment(moment, inside, (*task.path, name), state.key)
        for key, people in (("for", task.who), ("each", task.each)):
            yield from self._people(people, inside, (*task.path, key), state.key)
        yield from self._shown(task.show, state, (*task.path, "show"))

    def steps(self) -> Iterator[Finding]:
        """Conditions of ways, asked with what the step has just filled in."""
        for edge in graph_of(self.process).all():
            condition = edge.way.condition if edge.way is not None else None
            if edge.source not in self.facts.inside or condition is None or condition.expression is None:
                continue
            known = after_step(self.process, edge, self.facts.inside[edge.source])
            yield from self._expression(condition.expression, known, edge.path, edge.source)

    def anytime_and_alerts(self) -> Iterator[Finding]:
        """`until` of actions of no task, and alerts, which must be known by the state they are about."""
        for anytime in self.process.anytime.values():
            for key in anytime.states:
                if anytime.until is not None and key in self.facts.inside:
                    path = (*anytime.action.path, "until")
                    yield from self._moment(anytime.until, self.facts.inside[key], path, key)
        for alert in self.process.alerts:
            state = alert.unless or self.process.start.to
            if state in self.facts.inside:
                yield from self._moment(alert.when, self.facts.inside[state], (*alert.path, "when"), state)

    # -- sentences ------------------------------------------------------------------------------------------------------

    def _expression(
        self, expression: Expression, known: Facts, path: Path, state: str, *, dividing: bool = True
    ) -> Iterator[Finding]:
        for name in sorted(needed(expression) - known - self.always):
            yield self._unset(name, path, f"“{expression.source}”", f"`{expression.source}`", state)
        for divisor in sorted(zero_divisors(expression, self.nonzero)) if dividing else ():
            text = Text(
                f"“{expression.source}”可能除以零（{divisor}）。",
                f"`{expression.source}` may divide by zero ({divisor}).",
            )
            yield Finding(self.process, path, text, self._way(state))

    def _moment(self, moment: Moment, known: Facts, path: Path, state: str) -> Iterator[Finding]:
        shown = f"“{moment.source}”", f"`{moment.source}`"
        for name in moment_fields(moment):
            if name not in known:
                yield self._unset(name, path, *shown, state)
        if moment.anchor.kind == "entered" and moment.anchor.args:
            wanted = str(moment.anchor.args[0])
            if f"@{wanted}" not in known:
                title = self.process.states[wanted].title if wanted in self.process.states else Text(wanted, wanted)
                text = Text(
                    f"{shown[0]}从“{title.zh}”算起，但事项可能没到过那一步。",
                    f"{shown[1]} counts from the state `{wanted}`, where the case may never have been.",
                )
                yield Finding(self.process, path, text, self._way(state, f"@{wanted}"))

    def _people(self, people: People, known: Facts, path: Path, state: str) -> Iterator[Finding]:
        for word in innermost(people):
            name = "subject" if word.kind == "subject" else str(word.arg) if word.kind == "field" else None
            if name is not None and not word.parent and name in self.process.fields and name not in known:
                yield self._unset(name, path, "办理人", "who is to do it", state)
            if word.kind == "did" and not word.parent and f"@{word.arg}" not in known:
                text = Text(
                    f"由办过“{word.arg}”的人来办，但事项可能没到过那一步。",
                    f"It is for whoever did `{word.arg}`, where the case may never have been.",
                )
                yield Finding(self.process, path, text, self._way(state, f"@{word.arg}"))

    def _shown(self, names: Sequence[str], state: State, path: Path) -> Iterator[Finding]:
        """A form that shows what nobody can have filled in by then was meant otherwise."""
        possible = self.facts.possible[state.key] | {name for task in state.tasks for name in task.edit}
        for index, name in enumerate(names):
            if name not in possible:
                text = Text(
                    f"这里要显示“{name}”，但到这一步还没有谁能填它。",
                    f"`{name}` is shown here, but nobody can have filled it in by then.",
                )
                yield Finding(self.process, (*path, index), text, self._way(state.key), nearest(name, possible))

    def _unset(self, name: str, path: Path, zh: str, en: str, state: str) -> Finding:
        text = Text(
            f"{zh}用到“{name}”，它那时可能还没有值。",
            f"{en[0].upper() + en[1:]} reads `{name}`, which may be unset then.",
        )
        return Finding(self.process, path, text, self._way(state, name))

    def _way(self, state: str, missing: str | None = None) -> tuple[Edge, ...]:
        """A way to the state on which `missing` is not certain; any way where none is asked for or found."""
        if missing is not None and (found := self._way_without(state, missing)) is not None:
            return found
        return graph_of(self.process).way_to(state)

    def _way_without(self, state: str, missing: str) -> tuple[Edge, ...] | None:
        """The shortest way there that leaves the fact unset."""
        graph = graph_of(self.process)
        first = (START, frozenset(self.facts.initial))
        waiting: deque[tuple[tuple[str, Facts], tuple[Edge, ...]]] = deque([(first, ())])
        seen = {(START, missing in self.facts.initial)}
        while waiting:
            (key, facts), way = waiting.popleft()
            if key == state and missing not in facts:
                return way
            for edge in graph.edges.get(key, ()):
                entered = entering(self.process, edge, after_step(self.process, edge, facts))
                mark = (edge.target, missing in entered)
                if mark not in seen and len(way) < len(self.process.states) * 2:
                    seen.add(mark)
                    waiting.append(((edge.target, entered), (*way, edge)))
        return None


def _asked_for(node: Node) -> Facts:
    """The names that a condition asks for with `is_set`, and that are set where it holds."""
    match node:
        case Call("is_set", (Name(name),)):
            return frozenset({name})
        case Logic("and", parts):
            return frozenset().union(*(_asked_for(part) for part in parts))
    return frozenset()


def moment_fields(moment: Moment) -> Iterable[str]:
    """The fields a moment counts from, and those that decide how far."""
    return (*_counted_from(moment), *(offset.by for offset in moment.offsets if offset.by is not None))


def _counted_from(moment: Moment) -> tuple[str, ...]:
    anchor = moment.anchor
    if anchor.kind in ("field", "end_of"):
        return (str(anchor.args[0]),)
    if anchor.kind in ("last_workday", "workday", "deadline"):
        inner = anchor.args[-1]
        while isinstance(inner, tuple) and inner[0] != "field":
            inner = inner[1]
        return (str(inner[1]),) if isinstance(inner, tuple) else ()
    return ()
