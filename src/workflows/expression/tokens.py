"""The words and signs of an expression, before Python's parser sees them: an allow-list of its own.

What never reaches that parser cannot slow it down or surprise us: f-strings and their code, bytes, triple quotes, statements,
null bytes, letters that look like others, brackets by the hundred. Durations (`24h`, `7d`) are no Python: each is turned
into a name of the same length that begins with a letter an author cannot write, so that columns in error messages stay right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from keyword import iskeyword

from workflows.expression import limits
from workflows.expression.errors import ExpressionError

_TOKENS = re.compile(
    r"""(?P<text>'[^'\\\n]*'|"[^"\\\n]*")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<word>[0-9][0-9A-Za-z_.]*)|(?P<other>.)""",
    re.DOTALL,
)
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_DURATION = re.compile(r"([0-9]{1,6})([hd])")
_UNREADABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_MARKS = {"h": "ħ", "d": "đ"}
_HOURS = {"ħ": 1, "đ": 24}
_ALLOWED = frozenset(" +-*/<>=!()[],.")
_WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
_EXPLAINED = frozenset({"True", "False", "None"})
"""Refused by the reader of nodes, which knows what to write instead."""


def as_python(source: str) -> str:
    """The source with durations marked; refuses words, characters and numbers that have no meaning here, and deep brackets."""
    pieces, before, depth = [], "", 0
    for kind, text, column in _tokens(source):
        match kind:
            case "word":
                pieces.append(_number_or_duration(text, column))
            case "name":
                pieces.append(_word(text, column))
            case "text":
                pieces.append(_text(text, before, column))
            case _:
                pieces.append(text)
                depth = _depth(text, depth, column)
        before = text if text != " " else before
    return "".join(pieces)


def duration_of(name: str) -> timedelta | None:
    """The duration that stands behind a name of `as_python`; None for the names of an author."""
    hours = _HOURS.get(name[0])
    return None if hours is None else timedelta(hours=hours * int(name[1:]))


def _tokens(source: str) -> Iterator[tuple[str, str, int]]:
    for token in _TOKENS.finditer(source):
        yield token.lastgroup or "", token.group(), token.start() + 1


def _depth(sign: str, depth: int, column: int) -> int:
    if sign not in _ALLOWED:
        raise ExpressionError(f"第 {column} 列：不能用“{sign}”。", f"`{sign}` cannot be used.", column=column)
    depth += (sign in "([") - (sign in ")]")
    if depth > limits.DEEPEST:
        raise ExpressionError("括号嵌套太深。", "Brackets are nested too deeply.", column=column)
    return depth


def _word(word: str, column: int) -> str:
    if iskeyword(word) and word not in _WORDS | _EXPLAINED:
        raise ExpressionError(
            f"第 {column} 列：“{word}”是保留字，不能这样用。",
            f"`{word}` is a reserved word and not allowed here.",
            column=column,
        )
    return word


def _text(text: str, before: str, column: int) -> str:
    """A text stands by itself: after a letter Python would read bytes or code in it, after a text a longer one."""
    if _UNREADABLE.search(text):
        raise ExpressionError(
            f"第 {column} 列：文本里有不能显示的字符。",
            "This text contains characters that cannot be shown.",
            column=column,
        )
    if before[-1:] in ("'", '"') or (before[-1:].isalnum() and before not in _WORDS) or before[-1:] == "_":
        raise ExpressionError(
            f"第 {column} 列：文本前面缺少运算符。",
            "A text is not allowed directly after this: an operator is missing.",
            column=column,
        )
    return text


def _number_or_duration(text: str, column: int) -> str:
    if _NUMBER.fullmatch(text) and len(text) <= limits.LONGEST_NUMBER:
        return text
    if duration := _DURATION.fullmatch(text):
        return _MARKS[duration[2]] + duration[1]
    if re.fullmatch(r"[0-9]+wd", text):
        raise ExpressionError(
            f"第 {column} 列：工作日（{text}）只能用在时刻里，例如 due、after。",
            f"Working days ({text}) can only be used in moments such as `due` and `after`.",
            column=column,
        )
    raise ExpressionError(f"第 {column} 列：“{text}”不是数字。", f"`{text}` is not a number.", column=column)
