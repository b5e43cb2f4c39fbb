"""What the builders share: the names of the process at hand and the reading of names, expressions and moments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from workflows.definition.kinds import assignable, kind_of_parameter, kind_of_type
from workflows.definition.model import START, WHOLE, Anchor, Duration, Moment
from workflows.definition.moment_text import MomentError, parse_duration, parse_moment
from workflows.document.problems import Problems, nearest
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import BOOLEAN, PERSON, Kind, kind_of

_TRUE = Expression("true")
_NOW = Moment(Anchor("entered"), (), "entered")

PERIOD_TYPES = ("week", "month", "quarter", "year")
DATE_TYPES = ("date", "datetime")
PERSON_TYPES = ("person", "people")


@dataclass
class Context:
    """One document while it is being built: its problems, and the names it declares (from its own keys)."""

    problems: Problems
    states: Mapping[str, Node]
    field_types: Mapping[str, str]
    kinds: Mapping[str, Kind]
    """Fields, parameters and `starter`, as expressions see them."""
    columns: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()
    """Fields with a formula: nobody fills them in or sets them."""
    filled: frozenset[str] = frozenset()
    """Fields that a source fills in: nobody types them."""
    answerers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Tables whose rows say who answers, with the columns that do."""
    durations: Mapping[str, Duration] = field(default_factory=dict)
    """Parameters that can stand in moments."""
    people: Mapping[str, Node] = field(default_factory=dict)
    """Lists of people by their names."""
    spoken_of: set[str] = field(default_factory=set)
    """Those of them that are used."""
    every_task: Mapping[str, Node] = field(default_factory=dict)
    """`remind` and `escalate` for the tasks that say nothing of their own."""
    inherited: set[str] = field(default_factory=set)
    """Those of them that some task has taken over."""

    def state(self, node: Node, *, start: bool = False) -> str:
        """The state named by a node; `start` allows the form at the beginning."""
        if node.text in self.states or (start and node.text == START):
            return node.text
        near = nearest(node.text, [*self.states, START] if start else self.states)
        self.problems.at(node, f"没有“{node.text}”这一步。", f"There is no state `{node.text}`.", nearest=near)
        return node.text

    def field(self, node: Node, types: Collection[str] = (), what: Text | None = None) -> str:
        """The field named by a node, of one of `types` where given."""
        self.field_named(node.text, node, types, what)
        return node.text

    def field_named(self, name: str, node: Node, types: Collection[str] = (), what: Text | None = None) -> None:
        """Whether `name`, written somewhere in `node`, is a field of one of `types`."""
        if name not in self.field_types:
            fitting = [known for known, kind in self.field_types.items() if not types or kind in types]
            self.problems.at(
                node, f"没有“{name}”这个字段。", f"There is no field `{name}`.", nearest=nearest(name, fitting)
            )
        elif types and self.field_types[name] not in types:
            kinds = Text("、".join(types), " or ".join(types)) if what is None else what
            self.problems.at(
                node,
                f"“{name}”是 {self.field_types[name]} 字段，这里需要{kinds.zh}。",
                f"`{name}` is a {self.field_types[name]} field; this takes {kinds.en}.",
            )

    def fields(self, node: Node | None, *, typed: bool = False, plain: bool = False) -> tuple[str, ...]:
        """The fields of a list, each once; `typed`: that people fill in; `plain`: that can be said in a few words."""
        names: list[str] = []
        for element in node.elements() if node else ():
            if element.text in names:
                self.problems.at(element, f"“{element.text}”写了两次。", f"`{element.text}` is written twice.")
            else:
                names.append(self.field(element))
            if typed:
                self.refuse_typed(element.text, element)
            if plain:
                self.refuse_whole(element.text, element)
        return tuple(names)

    def fill(self, node: Node | None) -> str | None:
        """The name of a source, which needs something to fill in."""
        if node is not None and not self.filled:
            self.problems.at(
                node,
                "没有字段写明 filled: true，不知道填什么。",
                "No field says `filled: true`: there is nothing to fill in.",
            )
        return None if node is None else node.text

    def refuse_typed(self, name: str, node: Node) -> None:
        """Nobody types what is computed or filled in by the program."""
        self._refuse_computed(name, node)
        if name in self.filled or self.field_types.get(name) == "scorecard":
            self.problems.at(
                node, f"“{name}”由程序填入，不能手工填写。", f"`{name}` is filled in by the program: nobody types it."
            )
        if name in self.answerers:
            self.problems.at(
                node,
                f"“{name}”的每一行写着是谁答的，只能用 into 或 append 一行一行加。",
                f"Each row of `{name}` says who answered: rows come by `into` or `append` alone.",
            )

    def refuse_set(self, name: str, node: Node) -> None:
        """No expression sets what has a formula of its own, or comes whole from a source or a form."""
        self._refuse_computed(name, node)
        if self.field_types.get(name) in WHOLE:
            self.problems.at(
                node,
                f"“{name}”是 {self.field_types[name]} 字段，不能用表达式赋值。",
                f"`{name}` is a {self.field_types[name]} field: no expression sets it.",
            )

    def _refuse_computed(self, name: str, node: Node) -> None:
        if name in self.computed:
            self.problems.at(
                node, f"“{name}”由公式算出，不能填写或赋值。", f"`{name}` is computed: nothing else sets it."
            )

    def refuse_whole(self, name: str, node: Node) -> None:
        """A scorecard and what is said of it cannot stand in a name, a key, a list or a comparison of cases."""
        if self.field_types.get(name) in WHOLE:
            self.problems.at(
                node,
                f"“{name}”是 {self.field_types[name]} 字段，不能写在这里；可用公式为它的小数字段。",
                f"`{name}` is a {self.field_types[name]} field and cannot stand here; a decimal field with it as its formula can.",
            )

    def expression(
        self, node: Node, expected: Kind | None = None, extra: Mapping[str, Kind] | None = None
    ) -> Expression:
        """The expression of a node, whose names exist and whose value fits `expected`."""
        try:
            expression = Expression(node.text)
            kind = kind_of(expression, {**self.kinds, **(extra or {})})
        except ExpressionError as error:
            column = node.column + (error.column or 1) - 1
            self.problems.add(error.zh, error.en, path=node.path, line=node.line, column=column)
            return _TRUE
        if expected is not None and not assignable(kind, expected):
            self.problems.at(
                node,
                f"“{node.text}”的结果与这里不符。",
                f"`{node.text}` gives {kind.name}, this takes {expected.name}.",
            )
        return expression

    def guard(self, node: Node, extra: Mapping[str, Kind] | None = None) -> Expression:
        """An expression that is true or false."""
        return self.expression(node, BOOLEAN, extra)

    def moment(self, node: Node, *, due: bool = False, scheduled: bool = False) -> Moment:
        """The moment of a node; `due` says whether there is a task whose due date it may count from."""
        return self.moment_of(node.text, node, due=due, scheduled=scheduled)

    def moment_of(self, source: str, node: Node, *, due: bool = False, scheduled: bool = False) -> Moment:
        """The moment written as `source`, complained about at `node`."""
        try:
            moment = parse_moment(source, scheduled=scheduled, durations={} if scheduled else self.durations)
        except MomentError as error:
            self.problems.at(node, error.message.zh, error.message.en, nearest=error.nearest)
            return _NOW
        self._check_anchor(moment.anchor, node, due=due, scheduled=scheduled)
        return moment

    def _check_anchor(self, anchor: Anchor, node: Node, *, due: bool, scheduled: bool) -> None:
        kind, args = anchor.kind, anchor.args
        if scheduled and kind not in ("last_workday", "workday", "deadline"):
            self.problems.at(
                node,
                "定期发起的日子只能写号数、mon…sun、last_workday 或 workday(n)，可加减天数。",
                "The day of a schedule is a number, mon…sun, last_workday or workday(n), with days added or taken away.",
            )
        elif kind == "due" and not due:
            self.problems.at(node, "这里没有期限（due）可依。", "There is no `due` here to count from.")
        elif kind == "entered" and args:
            self.state(Node(str(args[0]), node.line, node.column, node.path))
        elif kind == "field":
            self._field_anchor(str(args[0]), node)
        elif kind == "end_of":
            self.field_named(str(args[0]), node, (*DATE_TYPES, *PERIOD_TYPES), Text("日期或期间", "a date or period"))
        elif kind in ("last_workday", "workday", "deadline") and not scheduled:
            self._check_period(args[-1], node)

    def _field_anchor(self, name: str, node: Node) -> None:
        if name in self.field_types:
            self.field_named(name, node, DATE_TYPES, Text("日期", "a date"))
            return
        known = [*(f for f, kind in self.field_types.items() if kind in DATE_TYPES), "entered", "due"]
        self.problems.at(
            node,
            f"“{name}”不是时刻：可以写 entered、due 或日期字段。",
            f"`{name}` is no moment: write `entered`, `due` or a date field.",
            nearest=nearest(name, known),
        )

    def _check_period(self, expression: object, node: Node) -> None:
        while isinstance(expression, tuple):
            word, expression = expression
            if word == "field":
                self.field_named(str(expression), node, PERIOD_TYPES, Text("期间", "a period"))
                return

    def each_kinds(self, rows: str | None) -> dict[str, Kind]:
        """What `each` means: a person, or the columns of a row of the table `rows`."""
        if rows is None or self.field_types.get(rows) == "people":
            return {"each": PERSON}
        return {f"each.{name}": kind for name, kind in self.columns.get(rows, {}).items()}


def context_of(root: Node, problems: Problems) -> Context:
    """States, fields, their kinds and columns, as the document declares them."""
    fields = _entries(root, "fields")
    columns = {
        name: {key: _declared(column) for key, column in _entries(node, "columns").items()}
        for name, node in fields.items()
    }
    kinds = {name: _declared(node, columns[name]) for name, node in fields.items()}
    declared = _entries(root, "parameters")
    written = {name: _written(node) for name, node in declared.items() if node.get("values") is None}
    parameters = {name: kind_of_parameter(*one) for name, one in written.items()}
    return Context(
        problems,
        states=_entries(root, "states"),
        field_types={name: kind.text if (kind := node.get("type")) else "text" for name, node in fields.items()},
        kinds={"starter": PERSON, **kinds, **parameters},
        columns=columns,
        computed=frozenset(name for name, node in fields.items() if node.get("formula") is not None),
        filled=frozenset(name for name, node in fields.items() if node.get("filled") is not None),
        answerers=_answerers(fields),
        people=_entries(root, "people"),
        every_task=_entries(root, "every_task"),
        durations=_durations(written) | _by_choice(declared),
    )


def _written(parameter: Node) -> tuple[str, str]:
    """Type and value of a parameter."""
    type_, value = parameter.get("type"), parameter.get("value")
    return type_.text if type_ is not None else "text", value.text if value is not None else ""


def _durations(written: Mapping[str, tuple[str, str]]) -> dict[str, Duration]:
    """Those parameters that are durations and can be read; what cannot is complained about where it stands."""
    found = {}
    for name, (type_, value) in written.items():
        if type_ == "duration":
            with suppress(MomentError):
                found[name] = parse_duration(value)
    return found


def _answerers(fields: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    found = {
        name: frozenset(key for key, column in _entries(node, "columns").items() if column.get("filled") is not None)
        for name, node in fields.items()
    }
    return {name: columns for name, columns in found.items() if columns}


def _by_choice(declared: Mapping[str, Node]) -> dict[str, Duration]:
    """Parameters that a choice decides, so far as they can be read; each begins as its first duration."""
    found = {}
    for name, node in declared.items():
        by, values = node.get("by"), _entries(node, "values")
        if by is not None and values:
            with suppress(MomentError):
                choices = tuple((key, parse_duration(value.text)) for key, value in values.items())
                found[name] = replace(choices[0][1], by=by.text, choices=choices)
    return found


def _entries(node: Node, key: str) -> dict[str, Node]:
    found = node.get(key)
    return dict(found.items()) if found is not None else {}


def _declared(node: Node, columns: Mapping[str, Kind] | None = None) -> Kind:
    kind, choices = node.get("type"), node.get("choices")
    options = frozenset(key for key, _ in choices.items()) if choices else None
    return kind_of_type(kind.text if kind else "text", options, columns or {})
