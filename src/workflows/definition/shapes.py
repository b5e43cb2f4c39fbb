"""The shapes a piece of a definition can have. Each shape checks a node and says itself as JSON Schema.

The loader and the editors' schema are made of the same values, so they cannot disagree: `definition.language` is the table
of all keys, `definition.schema` prints it, `definition.load` checks against it before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from workflows.definition.document import Node
from workflows.definition.problems import Problems, nearest
from workflows.errors import Text

Schema = dict[str, Any]

NAME = r"[a-z][a-z0-9_]{0,59}"
"""Names of processes, states, fields, actions, parts, signals and outcomes."""

_KINDS = {
    "mapping": Text("键值对", "a mapping"),
    "list": Text("列表", "a list"),
    "boolean": Text("true/false", "true or false"),
    "integer": Text("整数", "a whole number"),
    "text": Text("文本", "text"),
    "null": Text("空值", "nothing"),
}


class Shape(Protocol):
    """What all shapes can do."""

    def check(self, node: Node, problems: Problems) -> None:
        """Add every misfit of `node` to `problems`."""

    def schema(self, named: dict[str, Schema]) -> Schema:
        """This shape as JSON Schema; records put themselves into `named` and are referred to."""

    @property
    def accepts(self) -> frozenset[str]:
        """The kinds of node (`Node.kind`) it can take."""


def _expected(node: Node, zh: str, en: str, problems: Problems) -> None:
    found = _KINDS[node.kind]
    problems.at(node, f"这里应是{zh}，写的却是{found.zh}。", f"This should be {en}, not {found.en}.")


@dataclass(frozen=True, slots=True)
class Words:
    """Text by a pattern. `what` names it in messages; numbers and truth values are taken as text where `scalar`."""

    what: Text
    pattern: str | None = None
    longest: int = 500
    scalar: bool = False

    @property
    def accepts(self) -> frozenset[str]:
        return frozenset({"text", "integer", "boolean"} if self.scalar else {"text"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind not in self.accepts:
            _expected(node, self.what.zh, self.what.en, problems)
        elif not node.text.strip():
            problems.at(node, f"{self.what.zh}不能为空。", "This cannot be empty.")
        elif len(node.text) > self.longest:
            problems.at(
                node,
                f"超过 {self.longest} 个字（现有 {len(node.text)}）。",
                f"Longer than {self.longest} characters ({len(node.text)}).",
            )
        elif self.pattern and not re.fullmatch(self.pattern, node.text):
            problems.at(node, f"“{node.text}”不是{self.what.zh}。", f"`{node.text}` is not {self.what.en}.")

    def schema(self, named: dict[str, Schema]) -> Schema:
        text: Schema = {"type": "string", "minLength": 1, "maxLength": self.longest}
        if self.pattern:
            text["pattern"] = f"^(?:{self.pattern})$"
        return {"anyOf": [text, {"type": ["integer", "boolean"]}]} if self.scalar else text


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed list of words."""

    words: tuple[str, ...]
    what: Text

    accepts = frozenset({"text"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind != "text":
            _expected(node, self.what.zh, self.what.en, problems)
        elif node.text not in self.words:
            problems.at(
                node,
                f"“{node.text}”不是{self.what.zh}；可以写：{'、'.join(self.words)}。",
                f"`{node.text}` is not {self.what.en}; known: {', '.join(self.words)}.",
                nearest=nearest(node.text, self.words),
            )

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    accepts = frozenset({"integer"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind != "integer":
            _expected(node, "整数", "a whole number", problems)
        elif not self.least <= int(node.text) <= self.most:
            problems.at(
                node,
                f"应在 {self.least} 到 {self.most} 之间。",
                f"This should be between {self.least} and {self.most}.",
            )

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false; `only` where the other value would say nothing."""

    only: bool | None = None

    accepts = frozenset({"boolean"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind != "boolean" or (self.only is not None and node.value is not self.only):
            word = "true 或 false" if self.only is None else str(self.only).lower()
            problems.at(node, f"这里只能写 {word}。", f"Only {word.replace('或', 'or')} can stand here.")

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {"type": "boolean"} if self.only is None else {"const": self.only}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; with `single` one element may stand alone, without brackets."""

    element: Shape
    most: int = 200
    single: bool = False

    @property
    def accepts(self) -> frozenset[str]:
        return frozenset({"list"}) | (self.element.accepts if self.single else frozenset())

    def check(self, node: Node, problems: Problems) -> None:
        if self.single and node.kind != "list":
            self.element.check(node, problems)
        elif node.kind != "list":
            _expected(node, "列表 […]", "a list […]", problems)
        elif not node.elements():
            problems.at(node, "列表不能为空。", "The list cannot be empty.")
        elif len(node.elements()) > self.most:
            problems.at(node, f"最多 {self.most} 项。", f"At most {self.most} items.")
        else:
            for element in node.elements():
                self.element.check(element, problems)

    def schema(self, named: dict[str, Schema]) -> Schema:
        items = self.element.schema(named)
        many: Schema = {"type": "array", "items": items, "minItems": 1, "maxItems": self.most}
        return {"anyOf": [items, many]} if self.single else many


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys the author chooses (by `pattern`), all values of one shape."""

    value: Shape
    what: Text
    pattern: str = NAME
    most: int = 200

    accepts = frozenset({"mapping"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind != "mapping":
            _expected(node, "键值对", "a mapping", problems)
            return
        if not dict(node.items()):
            problems.at(node, "这里不能为空。", "This cannot be empty.")
        if len(dict(node.items())) > self.most:
            problems.at(node, f"最多 {self.most} 项。", f"At most {self.most} entries.")
        for key, value in node.items():
            if not re.fullmatch(self.pattern, key):
                problems.at_key(node, key, f"“{key}”不能作{self.what.zh}。", f"`{key}` cannot be {self.what.en}.")
            self.value.check(value, problems)

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{self.pattern})$"},
            "additionalProperties": self.value.schema(named),
            "minProperties": 1,
            "maxProperties": self.most,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record and what it is for, as editors show it."""

    shape: Shape
    help: Text
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with the language's own keys.

    `what` names it in messages. `exactly_one`: of each group of keys exactly one is there; `at_most_one` likewise.
    `needs`: a key that makes no sense without one of the others.
    """

    name: str
    what: Text
    keys: Callable[[], Mapping[str, Key]]
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    accepts = frozenset({"mapping"})

    def check(self, node: Node, problems: Problems) -> None:
        if node.kind != "mapping":
            _expected(node, f"{self.what.zh}（键值对）", f"{self.what.en} (a mapping)", problems)
            return
        keys = self.keys()
        for key, value in node.items():
            if key not in keys:
                problems.at_key(
                    node,
                    key,
                    f"{self.what.zh}里没有“{key}”这个键；可以写：{'、'.join(keys)}。",
                    f"`{key}` is no key of {self.what.en}; known: {', '.join(keys)}.",
                    nearest=nearest(key, keys),
                )
            elif value.value is None:
                problems.at_key(node, key, f"“{key}”后面没有内容。", f"Nothing is written for `{key}`.")
            else:
                keys[key].shape.check(value, problems)
        self._check_presence(node, keys, problems)

    def _check_presence(self, node: Node, keys: Mapping[str, Key], problems: Problems) -> None:
        present = {key for key, _ in node.items()}
        for key in keys:
            if keys[key].required and key not in present:
                problems.at(node, f"{self.what.zh}缺少“{key}”。", f"`{key}` is missing from {self.what.en}.")
        for group in self.exactly_one:
            if not present & set(group):
                problems.at(
                    node,
                    f"{self.what.zh}需要其中之一：{'、'.join(group)}。",
                    f"{self.what.en} needs one of {', '.join(group)}.",
                )
        for group in (*self.exactly_one, *self.at_most_one):
            both = [key for key in group if key in present]
            if len(both) > 1:
                problems.at_key(
                    node,
                    both[1],
                    f"“{both[0]}”和“{both[1]}”不能同时写。",
                    f"`{both[0]}` and `{both[1]}` exclude each other.",
                )
        for key, others in self.needs.items():
            if key in present and not present & set(others):
                problems.at_key(
                    node,
                    key,
                    f"“{key}”要和“{'”或“'.join(others)}”一起写。",
                    f"`{key}` needs {' or '.join(f'`{o}`' for o in others)}.",
                )

    def schema(self, named: dict[str, Schema]) -> Schema:
        reference = {"$ref": f"#/$defs/{self.name}"}
        if self.name in named:
            return reference
        named[self.name] = {}  # marks it as being described: records can contain themselves
        keys = self.keys()
        described: Schema = {
            "title": self.what.zh,
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {**key.shape.schema(named), "description": f"{key.help.zh}\n{key.help.en}"}
                for name, key in keys.items()
            },
        }
        if required := [name for name, key in keys.items() if key.required]:
            described["required"] = required
        conditions: list[Schema] = [{"oneOf": [{"required": [key]} for key in group]} for group in self.exactly_one]
        for group in self.at_most_one:
            conditions += [{"not": {"required": [one, two]}} for i, one in enumerate(group) for two in group[i + 1 :]]
        if conditions:
            described["allOf"] = conditions
        if self.needs:
            described["dependentSchemas"] = {
                key: {"anyOf": [{"required": [other]} for other in others]} for key, others in self.needs.items()
            }
        named[self.name] = described
        return reference


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the kind of node that stands there."""

    shapes: tuple[Shape, ...]
    what: Text

    @property
    def accepts(self) -> frozenset[str]:
        return frozenset().union(*(shape.accepts for shape in self.shapes))

    def check(self, node: Node, problems: Problems) -> None:
        for shape in self.shapes:
            if node.kind in shape.accepts:
                shape.check(node, problems)
                return
        _expected(node, self.what.zh, self.what.en, problems)

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {"anyOf": [shape.schema(named) for shape in self.shapes]}


@dataclass(frozen=True, slots=True)
class Later:
    """A shape named before it is made, for those that contain themselves."""

    make: Callable[[], Shape]
    takes: frozenset[str]

    @property
    def accepts(self) -> frozenset[str]:
        return self.takes

    def check(self, node: Node, problems: Problems) -> None:
        self.make().check(node, problems)

    def schema(self, named: dict[str, Schema]) -> Schema:
        return self.make().schema(named)


def sentence(longest_zh: int, longest_en: int, name: str, what: Text) -> Record:
    """`{zh: …, en: …}`, both there, neither longer than the place it is shown in can take."""
    return Record(name, what, lambda: both_languages(longest_zh, longest_en))


def both_languages(longest_zh: int, longest_en: int) -> dict[str, Key]:
    """The keys `zh` and `en` of a text that people read."""
    return {
        "zh": Key(Words(Text("中文", "Chinese text"), longest=longest_zh), Text(f"中文，最多 {longest_zh} 个字", f"Chinese, at most {longest_zh} characters"), True),
        "en": Key(
            Words(Text("英文", "English text"), r"[^一-鿿]*", longest=longest_en),
            Text(f"英文，最多 {longest_en} 个字符", f"English, at most {longest_en} characters"),
            True,
        ),
    }  # fmt: skip
