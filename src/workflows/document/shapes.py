"""The shapes a piece of a definition can have, as data.

`definition.language` builds the table of all keys out of them. `checking` holds a document against a shape,
`definition.schema` prints a shape as JSON Schema for editors: both read the same values and cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workflows.errors import Text

NAME = r"[a-z][a-z0-9_]{0,59}"
"""Names of processes, states, fields, actions, parts, signals and outcomes."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text by a pattern. `what` names it in messages; numbers and truth values are taken as text where `scalar`."""

    what: Text
    pattern: str | None = None
    longest: int = 500
    scalar: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed list of words."""

    words: tuple[str, ...]
    what: Text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false; `only` where the other value would say nothing."""

    only: bool | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list that is not empty; with `single` one element may stand alone, without brackets."""

    element: Shape
    most: int = 200
    single: bool = False


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys the author chooses (by `pattern`), all values of one shape."""

    value: Shape
    what: Text
    pattern: str = NAME
    most: int = 200


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record and what it is for, as editors show it."""

    shape: Shape
    help: Text
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with the language's own keys.

    `what` names it in messages. `exactly_one`: of each group of keys exactly one is there; `at_least_one`, `at_most_one` likewise.
    `needs`: a key that makes no sense without one of the others.
    """

    name: str
    what: Text
    keys: Callable[[], Mapping[str, Key]]
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the kind of node that stands there."""

    shapes: tuple[Shape, ...]
    what: Text


@dataclass(frozen=True, slots=True)
class Later:
    """A shape named before it is made, for those that contain themselves. `accepts`: see `accepted`."""

    make: Callable[[], Shape]
    accepts: frozenset[str]


Shape = Words | OneOf | Whole | Flag | ListOf | MapOf | Record | Either | Later


def accepted(shape: Shape) -> frozenset[str]:
    """The kinds of node (`Node.kind`) that a shape can take."""
    match shape:
        case Words(scalar=True):
            return frozenset({"text", "integer", "boolean"})
        case Words() | OneOf():
            return frozenset({"text"})
        case Whole():
            return frozenset({"integer"})
        case Flag():
            return frozenset({"boolean"})
        case ListOf(element, _, single):
            return frozenset({"list"}) | (accepted(element) if single else frozenset())
        case Either(shapes):
            return frozenset().union(*(accepted(one) for one in shapes))
        case Later(_, accepts):
            return accepts
    return frozenset({"mapping"})


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
