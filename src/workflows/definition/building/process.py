"""The whole process out of a document whose shape is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType

from workflows.definition.building.context import Context, context_of
from workflows.definition.building.fields import fields_of, rules_of, text_of, title_of
from workflows.definition.building.figures import figures_of
from workflows.definition.building.parameters import parameters_of
from workflows.definition.building.people import people_of, refuse_unused_people
from workflows.definition.building.schedules import schedules_of
from workflows.definition.building.starts import start_of
from workflows.definition.building.states import states_of
from workflows.definition.building.tasks import anytime_of, refuse_unused
from workflows.definition.model import Alert, Path, Process
from workflows.document.problems import Problems, nearest
from workflows.document.reading import Document, Node
from workflows.errors import Text

NAME_WORDS = ("starter", "number")
"""What a case's name may say besides fields."""

_PIECE = re.compile(r"\{([^{}]*)\}")


def build_process(document: Document, problems: Problems) -> Process:
    """The process of one document; whatever is wrong is in `problems` then, and the value must not be used."""
    root = document.root
    context = context_of(root, problems)
    states = states_of(_required(root, "states"), context)
    refuse_unused(context)
    open_states = tuple(key for key, state in states.items() if state.end is None)
    lines, columns = _places(root)
    schedules = schedules_of(root.get("schedule"), context)
    fields = fields_of(root.get("fields"), context)
    process = Process(
        key=_text(root, "process"),
        title=text_of(root.get("title")) or Text("", ""),
        source=_text(root, "source"),
        name=_name(_required(root, "name"), context),
        start=start_of(root, context, next(iter(states)), bool(schedules)),
        states=states,
        fields=fields,
        parameters=parameters_of(root.get("parameters"), fields, context),
        rules=rules_of(root.get("rules"), context),
        anytime=anytime_of(root.get("anytime"), context, open_states),
        alerts=tuple(_alert(entry, context) for entry in _elements(root, "alerts")),
        schedules=schedules,
        key_fields=context.fields(root.get("key"), plain=True),
        see=people_of(root.get("see"), context, since=True),
        figures=figures_of(root.get("figures"), context),
        purpose=text_of(root.get("purpose")),
        family=_text(root, "family"),
        also=tuple(entry.text for entry in _elements(root, "also")),
        number=_text(root, "number") or None,
        forbids=frozenset(entry.text for entry in _elements(root, "forbids")),
        file=problems.file,
        text=document.text,
        digest=sha256(document.text.encode()).hexdigest(),
        lines=lines,
        columns=columns,
    )
    refuse_unused_people(context)
    return process


def _required(root: Node, key: str) -> Node:
    """A key that the shape asks for, and that therefore is there."""
    return dict(root.items())[key]


def _text(root: Node, key: str) -> str:
    node = root.get(key)
    return node.text if node is not None else ""


def _elements(root: Node, key: str) -> list[Node]:
    node = root.get(key)
    return node.elements() if node is not None else []


def _places(root: Node) -> tuple[Mapping[Path, int], Mapping[Path, int]]:
    """Where everything stands: an entry of a mapping at its key, an element of a list at itself."""
    lines: dict[Path, int] = {(): root.line}
    columns: dict[Path, int] = {(): root.column}
    for node in root.walk():
        for key, (line, column) in node.keys.items():
            lines[(*node.path, key)], columns[(*node.path, key)] = line, column
        for element in node.value if isinstance(node.value, list) else ():
            lines[element.path], columns[element.path] = element.line, element.column
    return MappingProxyType(lines), MappingProxyType(columns)


def _name(node: Node, context: Context) -> tuple[str, ...]:
    """`"{shop} {week}"` → ("{shop}", " ", "{week}")."""
    pieces: list[str] = []
    for index, piece in enumerate(_PIECE.split(node.text)):
        if index % 2 == 0:
            if "{" in piece or "}" in piece:
                context.problems.at(node, "花括号不成对。", "The braces do not match.")
            if piece:
                pieces.append(piece)
            continue
        if piece not in context.field_types and piece not in NAME_WORDS:
            near = nearest(piece, [*context.field_types, *NAME_WORDS])
            context.problems.at(node, f"没有“{piece}”这个字段。", f"There is no field `{piece}`.", nearest=near)
        context.refuse_whole(piece, node)
        pieces.append(f"{{{piece}}}")
    return tuple(pieces)


def _alert(node: Node, context: Context) -> Alert:
    when, unless = node.get("when"), node.get("unless")
    return Alert(
        when=context.moment(when or node),
        unless=context.state(unless) if unless is not None else None,
        to=people_of(node.get("to"), context, holder=True),
        message=title_of(node),
        path=node.path,
    )
