"""Parameters: the values that a company can set otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from workflows.definition.building.context import Context
from workflows.definition.building.fields import RESERVED, title_of
from workflows.definition.model import Field, Parameter, ParameterType
from workflows.definition.values.scalars import UnreadableValue, read_scalar
from workflows.document.problems import nearest
from workflows.document.reading import Node
from workflows.errors import Text

LONGEST_NAME = 64
"""Characters under which a value that the company sets is kept."""


def parameters_of(node: Node | None, fields: Mapping[str, Field], context: Context) -> Mapping[str, Parameter]:
    """The values a company can override; of a duration by choice one for each."""
    found: dict[str, Parameter] = {}
    for name, entry in node.items() if node else ():
        kind, value = entry.get("type"), entry.get("value")
        type_ = cast(ParameterType, kind.text if kind else "text")
        if name in context.field_types or name in RESERVED:
            context.problems.at(entry, f"“{name}”已是字段或别的词。", f"`{name}` is already a field or another word.")
        if entry.get("values") is not None:
            found |= _by_choice(name, type_, entry, fields, context)
        elif value is not None and _readable(type_, value, context):
            found[name] = Parameter(name, type_, value.text, title_of(entry))
    return MappingProxyType(found)


def _readable(type_: str, value: Node, context: Context) -> bool:
    try:
        read_scalar(type_, value.text, None, [])
    except UnreadableValue as error:
        context.problems.at(value, error.message.zh, error.message.en)
        return False
    return True


def _by_choice(
    name: str, type_: ParameterType, entry: Node, fields: Mapping[str, Field], context: Context
) -> dict[str, Parameter]:
    """`fix_within: {type: duration, by: severity, values: {critical: 4h, minor: 5wd}}`: a duration for every choice of the field."""
    by, listed = entry.get("by"), entry.get("values")
    if by is None or listed is None:
        return {}
    field = fields.get(context.field(by, ("choice",), Text("单选字段", "a choice")))
    titles = {choice.key: choice.title for choice in field.choices} if field is not None else {}
    _check_choices(type_, listed, titles, context)
    said = title_of(entry)
    found = {}
    for key, value in listed.items():
        title = titles.get(key, Text(key, key))
        one = Parameter(f"{name}.{key}", type_, value.text, Text(f"{said.zh}：{title.zh}", f"{said.en}: {title.en}"))
        found[one.name] = one
        if len(one.name) > LONGEST_NAME:
            sentence = (
                f"“{one.name}”太长，最多 {LONGEST_NAME} 个字符。",
                f"`{one.name}` has more than {LONGEST_NAME} characters.",
            )
            context.problems.at(value, *sentence)
    return found


def _check_choices(type_: str, listed: Node, titles: Mapping[str, Text], context: Context) -> None:
    """Durations alone, one for every choice and none for anything else."""
    if type_ != "duration":
        sentence = "只有时长（duration）可以按选项各写一个值。", "Only a duration can have a value for each choice."
        context.problems.at(listed, *sentence)
        return
    for key, value in listed.items():
        if titles and key not in titles:
            sentence = f"“{key}”不是选项。", f"`{key}` is not one of the choices."
            context.problems.at(value, *sentence, nearest=nearest(key, titles))
        else:
            _readable(type_, value, context)
    for key in (key for key in titles if listed.get(key) is None):
        sentence = f"选项“{key}”没有写值。", f"There is no value for the choice `{key}`."
        context.problems.at(listed, *sentence)
