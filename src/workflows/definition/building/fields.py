"""Fields and rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast, get_args

from workflows.definition.building.cards import check_cards
from workflows.definition.building.context import Context
from workflows.definition.building.people import people_of
from workflows.definition.kinds import kind_of_type
from workflows.definition.model import TODAY, Choice, Field, FieldType, Give, Rule
from workflows.definition.values.scalars import UnreadableValue, read_scalar
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression
from workflows.expression.kinds import NUMBER

RESERVED = frozenset(
    [
        "starter",
        "holder",
        "each",
        "now",
        "true",
        "false",
        "and",
        "or",
        "not",
        "if",
        "else",
        "in",
        "entered",
        "due",
        "number",
        "next",
        "previous",
        "start",
    ]
)
"""Words that mean something in expressions, moments or people and therefore cannot name a field."""

_NUMBERS = ("integer", "decimal", "money", "percent", "rating")
_WITH_PLACES = ("decimal", "money", "percent")
_TEXTS = ("text", "long_text", "url")


def text_of(node: Node | None) -> Text | None:
    """`{zh, en}` as a Text."""
    if node is None:
        return None
    zh, en = node.get("zh"), node.get("en")
    return Text(zh.text if zh else "", en.text if en else "")


def title_of(node: Node) -> Text:
    """The `zh` and `en` that stand among the other keys of a mapping."""
    return text_of(node) or Text("", "")


def fields_of(node: Node | None, context: Context) -> Mapping[str, Field]:
    """All fields of a process, by name, in the order written."""
    fields = {name: field_of(name, entry, context) for name, entry in node.items()} if node else {}
    for name in fields:
        if name in RESERVED and node is not None:
            context.problems.at_key(
                node,
                name,
                f"“{name}”有别的含义，不能作字段名。",
                f"`{name}` means something else and cannot name a field.",
            )
    if node is not None:
        check_cards(fields, node, context)
    return MappingProxyType(fields)


def field_of(name: str, node: Node, context: Context) -> Field:
    """One field or column."""
    kind = node.get("type")
    type_ = cast(FieldType, kind.text if kind else "text")
    _check_belongings(type_, node, context)
    built = Field(
        name=name,
        type=type_,
        title=title_of(node),
        required=_flag(node, "required"),
        help=text_of(node.get("help")),
        unit=_unit(node.get("unit")),
        min=_text(node, "min"),
        max=_text(node, "max"),
        max_length=_whole(node, "max_length"),
        places=_whole(node, "places"),
        choices=_choices(node.get("choices")),
        columns=_columns(node.get("columns"), context),
        people=people_of(node.get("people"), context) or None,
        see=people_of(node.get("see"), context, since=True) or None,
        formula=_formula(node, type_, context),
        default=_text(node, "default"),
        filled=node.get("filled") is not None,
        base=_named(node, "from", "scorecard", context),
        entries=_named(node, "with", "lines", context),
        of=_named(node, "of", "scorecard", context),
        only=_named(node, "only", "lines", context),
        give=tuple(cast(Give, word.text) for word in _elements(node, "give")),
    )
    _check_values(built, node, context)
    return built


def _columns(node: Node | None, context: Context) -> tuple[Field, ...]:
    return tuple(field_of(name, column, context) for name, column in node.items()) if node else ()


def _choices(node: Node | None) -> tuple[Choice, ...]:
    return tuple(Choice(key, title_of(entry)) for key, entry in node.items()) if node else ()


def _unit(node: Node | None) -> Text | None:
    if node is None or node.kind == "mapping":
        return text_of(node)
    return Text(node.text, node.text)


def _formula(node: Node, type_: FieldType, context: Context) -> Expression | None:
    formula = node.get("formula")
    if formula is None:
        return None
    if _flag(node, "required") or node.get("default") or node.get("filled"):
        context.problems.at(
            formula,
            "公式字段不用填，不能写 required、default 或 filled。",
            "A computed field takes none of `required`, `default`, `filled`.",
        )
    expected = NUMBER if type_ in _NUMBERS else kind_of_type(type_, None, {})
    return context.expression(formula, expected)


_ONLY: Mapping[str, tuple[str, ...]] = {
    "choices": ("choice", "choices"),
    "columns": ("table",),
    "places": _WITH_PLACES,
    "max_length": _TEXTS,
    "people": ("person", "people"),
    "min": (*_NUMBERS, "date", "table", "files", "people", "choices"),
    "max": (*_NUMBERS, "date", "table", "files", "people", "choices"),
    "default": (
        *_NUMBERS,
        *_TEXTS,
        "date",
        "boolean",
        "choice",
        "week",
        "month",
        "quarter",
        "year",
        "person",
        "datetime",
    ),
    "formula": (*_NUMBERS, "boolean", "date", "datetime", "text"),
    "filled": tuple(type_ for type_ in get_args(FieldType) if type_ not in ("lines", "files")),
    "from": ("scorecard",),
    "with": ("scorecard",),
    "of": ("lines",),
    "only": ("lines",),
    "give": ("lines",),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "choices": ("choice", "choices"),
    "columns": ("table",),
    "of": ("lines",),
    "give": ("lines",),
}


def _check_belongings(type_: str, node: Node, context: Context) -> None:
    """Keys that make sense for some types only, and those that a type cannot do without."""
    for key, types in _ONLY.items():
        if node.get(key) is not None and type_ not in types:
            context.problems.at_key(
                node,
                key,
                f"{type_} 字段没有 {key}；它属于 {'、'.join(types)}。",
                f"A {type_} field has no `{key}`; it belongs to {', '.join(types)}.",
            )
    if node.get("filled") is not None and "columns" in node.path and type_ != "person":
        context.problems.at_key(
            node,
            "filled",
            "表格里由程序填入的只有作答的人（person）。",
            "In a table the program fills in nothing but who answers (`person`).",
        )
    for key, types in _NEEDED.items():
        if type_ in types and node.get(key) is None:
            context.problems.at(node, f"{type_} 字段要写 {key}。", f"A {type_} field needs `{key}`.")


def _check_values(field: Field, node: Node, context: Context) -> None:
    """`min`, `max` and `default` are values of the field's type (or counts), and in order."""
    counts = field.type in ("table", "files", "people", "choices")
    read: dict[str, object] = {}
    for key in ("min", "max", "default"):
        value = node.get(key)
        if value is None:
            continue
        if field.type == "person":
            _check_starter(value, context)
            continue
        if value.text == TODAY and field.type == "date":
            continue
        if key == "default" and field.by_clock:
            continue
        if key == "default" and field.type == "datetime":
            context.problems.at(
                value, "时间点预填的只能是 now。", "A point in time is filled in beforehand with `now` alone."
            )
            continue
        try:
            read[key] = read_scalar(
                "integer" if counts else field.type, value.text, field.places, [c.key for c in field.choices]
            )
        except UnreadableValue as error:
            context.problems.at(value, f"{key}：{error.message.zh}", f"{key}: {error.message.en}")
    if "min" in read and "max" in read and read["min"] > read["max"]:  # type: ignore[operator]
        context.problems.at_key(node, "max", "max 小于 min。", "`max` is less than `min`.")


def _check_starter(default: Node, context: Context) -> None:
    """The only person known before a case begins; a row of a table begins later."""
    if default.text != "starter" or "columns" in default.path:
        context.problems.at(
            default,
            "人员字段预填的只能是 starter（发起人），表格的列不预填。",
            "A person field is filled in beforehand with `starter` alone, a column of a table not at all.",
        )


def rules_of(node: Node | None, context: Context) -> tuple[Rule, ...]:
    """The sentences that must hold over the data."""
    return tuple(
        Rule(context.guard(must), title_of(entry), entry.path)
        for entry in (node.elements() if node else ())
        if (must := entry.get("must")) is not None
    )


def _flag(node: Node, key: str) -> bool:
    found = node.get(key)
    return found is not None and found.value is True


def _named(node: Node, key: str, type_: str, context: Context) -> str | None:
    """The field of `type_` that a key of a field names."""
    found = node.get(key)
    return None if found is None else context.field(found, (type_,))


def _elements(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.elements() if found is not None else []


def _text(node: Node, key: str) -> str | None:
    found = node.get(key)
    return None if found is None else found.text


def _whole(node: Node, key: str) -> int | None:
    found = node.get(key)
    return int(found.text) if found is not None else None
