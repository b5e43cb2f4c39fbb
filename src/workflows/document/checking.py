"""A document held against a shape: every misfit becomes a problem with its place and the nearest valid word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from workflows.document.problems import Problems, nearest
from workflows.document.reading import Node
from workflows.document.shapes import (
    Either,
    Flag,
    Key,
    Later,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Whole,
    Words,
    accepted,
)
from workflows.errors import Text

_KINDS = {
    "mapping": Text("键值对", "a mapping"),
    "list": Text("列表", "a list"),
    "boolean": Text("true/false", "true or false"),
    "integer": Text("整数", "a whole number"),
    "text": Text("文本", "text"),
    "null": Text("空值", "nothing"),
}


def check(shape: Shape, node: Node, problems: Problems) -> None:
    """Add to `problems` everything in which `node` differs from `shape`."""
    _CHECKS[type(shape)](shape, node, problems)


def _expected(node: Node, what: Text, problems: Problems) -> None:
    found = _KINDS[node.kind]
    problems.at(node, f"这里应是{what.zh}，写的却是{found.zh}。", f"This should be {what.en}, not {found.en}.")


def _words(shape: Words, node: Node, problems: Problems) -> None:
    if node.kind not in accepted(shape):
        _expected(node, shape.what, problems)
    elif not node.text.strip():
        problems.at(node, f"{shape.what.zh}不能为空。", "This cannot be empty.")
    elif len(node.text) > shape.longest:
        count, most = len(node.text), shape.longest
        problems.at(node, f"超过 {most} 个字（现有 {count}）。", f"Longer than {most} characters ({count}).")
    elif shape.pattern and not re.fullmatch(shape.pattern, node.text):
        problems.at(node, f"“{node.text}”不是{shape.what.zh}。", f"`{node.text}` is not {shape.what.en}.")


def _one_of(shape: OneOf, node: Node, problems: Problems) -> None:
    if node.kind != "text":
        _expected(node, shape.what, problems)
    elif node.text not in shape.words:
        problems.at(
            node,
            f"“{node.text}”不是{shape.what.zh}；可以写：{'、'.join(shape.words)}。",
            f"`{node.text}` is not {shape.what.en}; known: {', '.join(shape.words)}.",
            nearest=nearest(node.text, shape.words),
        )


def _whole(shape: Whole, node: Node, problems: Problems) -> None:
    if node.kind != "integer":
        _expected(node, Text("整数", "a whole number"), problems)
    elif not shape.least <= int(node.text) <= shape.most:
        low, high = shape.least, shape.most
        problems.at(node, f"应在 {low} 到 {high} 之间。", f"This should be between {low} and {high}.")


def _flag(shape: Flag, node: Node, problems: Problems) -> None:
    if node.kind != "boolean" or (shape.only is not None and node.value is not shape.only):
        words = ("true", "false") if shape.only is None else (str(shape.only).lower(),)
        problems.at(node, f"这里只能写 {' 或 '.join(words)}。", f"Only {' or '.join(words)} can stand here.")


def _list_of(shape: ListOf, node: Node, problems: Problems) -> None:
    if shape.single and node.kind != "list":
        check(shape.element, node, problems)
    elif node.kind != "list":
        _expected(node, Text("列表 […]", "a list […]"), problems)
    elif not node.elements():
        problems.at(node, "列表不能为空。", "The list cannot be empty.")
    elif len(node.elements()) > shape.most:
        problems.at(node, f"最多 {shape.most} 项。", f"At most {shape.most} items.")
    else:
        for element in node.elements():
            check(shape.element, element, problems)


def _map_of(shape: MapOf, node: Node, problems: Problems) -> None:
    if node.kind != "mapping":
        _expected(node, _KINDS["mapping"], problems)
        return
    count = len(node.keys)
    if not 1 <= count <= shape.most:
        problems.at(node, f"应有 1 到 {shape.most} 项。", f"There should be 1 to {shape.most} entries.")
    for key, value in node.items():
        if not re.fullmatch(shape.pattern, key):
            problems.at_key(node, key, f"“{key}”不能作{shape.what.zh}。", f"`{key}` cannot be {shape.what.en}.")
        check(shape.value, value, problems)


def _record(shape: Record, node: Node, problems: Problems) -> None:
    if node.kind != "mapping":
        _expected(node, Text(f"{shape.what.zh}（键值对）", f"{shape.what.en} (a mapping)"), problems)
        return
    keys = shape.keys()
    for key, value in node.items():
        if key not in keys:
            _unknown_key(shape, key, keys, node, problems)
        elif value.value is None:
            problems.at_key(node, key, f"“{key}”后面没有内容。", f"Nothing is written for `{key}`.")
        else:
            check(keys[key].shape, value, problems)
    _required_keys(shape, keys, node, problems)
    _groups(shape, node, problems)


def _unknown_key(shape: Record, key: str, keys: Mapping[str, Key], node: Node, problems: Problems) -> None:
    problems.at_key(
        node,
        key,
        f"{shape.what.zh}里没有“{key}”这个键；可以写：{'、'.join(keys)}。",
        f"`{key}` is no key of {shape.what.en}; known: {', '.join(keys)}.",
        nearest=nearest(key, keys),
    )


def _required_keys(shape: Record, keys: Mapping[str, Key], node: Node, problems: Problems) -> None:
    for key, entry in keys.items():
        if entry.required and key not in node.keys:
            problems.at(node, f"{shape.what.zh}缺少“{key}”。", f"`{key}` is missing from {shape.what.en}.")


def _groups(shape: Record, node: Node, problems: Problems) -> None:
    """Keys of which one is needed, keys that exclude each other, keys that need company."""
    for group in (*shape.exactly_one, *shape.at_least_one):
        if not node.keys.keys() & set(group):
            zh, en = (
                f"{shape.what.zh}需要其中之一：{'、'.join(group)}。",
                f"{shape.what.en} needs one of {', '.join(group)}.",
            )
            problems.at(node, zh, en[0].upper() + en[1:])
    for group in (*shape.exactly_one, *shape.at_most_one):
        both = [key for key in group if key in node.keys]
        if len(both) > 1:
            one, other = both[:2]
            problems.at_key(
                node, other, f"“{one}”和“{other}”不能同时写。", f"`{one}` and `{other}` exclude each other."
            )
    for key, others in shape.needs.items():
        if key in node.keys and not node.keys.keys() & set(others):
            wanted = " / ".join(others)
            problems.at_key(node, key, f"“{key}”要和 {wanted} 一起写。", f"`{key}` cannot stand without {wanted}.")


def _either(shape: Either, node: Node, problems: Problems) -> None:
    for one in shape.shapes:
        if node.kind in accepted(one):
            check(one, node, problems)
            return
    _expected(node, shape.what, problems)


def _later(shape: Later, node: Node, problems: Problems) -> None:
    check(shape.make(), node, problems)


_CHECKS: Mapping[type, Callable[[Any, Node, Problems], None]] = {
    Words: _words, OneOf: _one_of, Whole: _whole, Flag: _flag, ListOf: _list_of, MapOf: _map_of,
    Record: _record, Either: _either, Later: _later,
}  # fmt: skip
