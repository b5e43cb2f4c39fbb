"""The language as JSON Schema (2020-12), for editors: completion, hints and red underlines while typing.

Printed from the tables that the loader checks against. What no schema can say (whether a state exists, whether an expression can
be read, whether people are left) is the loader's and the proofs' own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.definition.language import PROCESS
from workflows.document.shapes import Either, Flag, Later, ListOf, MapOf, OneOf, Record, Shape, Whole, Words

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema of one process document."""
    named: dict[str, Schema] = {}
    reference = _schema(PROCESS, named)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "workflows process definition",
        **reference,
        "$defs": dict(sorted(named.items())),
    }


def _schema(shape: Shape, named: dict[str, Schema]) -> Schema:
    return _SCHEMAS[type(shape)](shape, named)


def _words(shape: Words, _named: dict[str, Schema]) -> Schema:
    text: Schema = {"type": "string", "pattern": r"\S", "maxLength": shape.longest}
    if shape.pattern:
        text["pattern"] = f"^(?:{shape.pattern})$"
        text["minLength"] = 1
    return {"anyOf": [text, {"type": ["integer", "boolean"]}]} if shape.scalar else text


def _one_of(shape: OneOf, _named: dict[str, Schema]) -> Schema:
    return {"enum": list(shape.words)}


def _whole(shape: Whole, _named: dict[str, Schema]) -> Schema:
    return {"type": "integer", "minimum": shape.least, "maximum": shape.most}


def _flag(shape: Flag, _named: dict[str, Schema]) -> Schema:
    return {"type": "boolean"} if shape.only is None else {"const": shape.only}


def _list_of(shape: ListOf, named: dict[str, Schema]) -> Schema:
    items = _schema(shape.element, named)
    many: Schema = {"type": "array", "items": items, "minItems": 1, "maxItems": shape.most}
    return {"anyOf": [items, many]} if shape.single else many


def _map_of(shape: MapOf, named: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^(?:{shape.pattern})$"},
        "additionalProperties": _schema(shape.value, named),
        "minProperties": 1,
        "maxProperties": shape.most,
    }


def _record(shape: Record, named: dict[str, Schema]) -> Schema:
    reference = {"$ref": f"#/$defs/{shape.name}"}
    if shape.name in named:
        return reference
    named[shape.name] = {}  # marks it as being described: records can contain themselves
    keys = shape.keys()
    described: Schema = {
        "title": shape.what.zh,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {**_schema(key.shape, named), "description": f"{key.help.zh}\n{key.help.en}"}
            for name, key in keys.items()
        },
    }
    if required := [name for name, key in keys.items() if key.required]:
        described["required"] = required
    if conditions := _conditions(shape):
        described["allOf"] = conditions
    if shape.needs:
        described["dependentSchemas"] = {
            key: {"anyOf": [{"required": [other]} for other in others]} for key, others in shape.needs.items()
        }
    named[shape.name] = described
    return reference


def _conditions(shape: Record) -> list[Schema]:
    one: list[Schema] = [{"oneOf": [{"required": [key]} for key in group]} for group in shape.exactly_one]
    some: list[Schema] = [{"anyOf": [{"required": [key]} for key in group]} for group in shape.at_least_one]
    not_both: list[Schema] = [
        {"not": {"required": [key, other]}}
        for group in shape.at_most_one
        for place, key in enumerate(group)
        for other in group[place + 1 :]
    ]
    return one + some + not_both


def _either(shape: Either, named: dict[str, Schema]) -> Schema:
    return {"anyOf": [_schema(one, named) for one in shape.shapes]}


def _later(shape: Later, named: dict[str, Schema]) -> Schema:
    return _schema(shape.make(), named)


_SCHEMAS: Mapping[type, Callable[[Any, dict[str, Schema]], Schema]] = {
    Words: _words, OneOf: _one_of, Whole: _whole, Flag: _flag, ListOf: _list_of, MapOf: _map_of,
    Record: _record, Either: _either, Later: _later,
}  # fmt: skip
