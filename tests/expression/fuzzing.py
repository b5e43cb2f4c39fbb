"""Trying expressions by their numbers, and what must be true of each (`make test-fuzz`)."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from expression.generating import SCENES, Trap, source
from workflows.expression import FUNCTIONS, Expression, ExpressionError
from workflows.expression.expression import walk
from workflows.expression.limits import DEEPEST, LONGEST_SOURCE, MOST_NODES
from workflows.expression.nodes import Call, Constant, Name, Node

LONGEST = 0.010
"""Seconds of processor time for reading and evaluating."""
TRIES = 200
VALUES = (bool, str, Fraction, date, datetime, timedelta)
SEEN = frozenset({"compile"})
"""What Python may report while it reads an expression: that `ast.parse` parses."""


@dataclass
class Tried:
    """What came of a row of expressions. `escapes`: what should not have happened; `slowest`: (seconds, number); `slow`: the
    numbers of those that took too long and are to be tried again."""

    given: int = 0
    evaluated: int = 0
    refused: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    slow: list[int] = field(default_factory=list)
    escapes: list[str] = field(default_factory=list)

    def add(self, other: Tried) -> None:
        """Put another row beside this one."""
        self.given += other.given
        self.evaluated += other.evaluated
        self.refused += other.refused
        self.slowest = max(self.slowest, other.slowest)
        self.slow += other.slow
        self.escapes += other.escapes


def try_all(numbers: range) -> Tried:
    """Try the expressions of these numbers, one after another."""
    _settle()
    tried = Tried()
    for number in numbers:
        seconds = _try(number, tried)
        if seconds > LONGEST:
            tried.slow.append(number)
        else:
            tried.slowest = max(tried.slowest, (seconds, number))
    return tried


def try_slow_again(tried: Tried) -> None:
    """A slow expression is slow each time; one that took long because the machine was busy is not, some time or other."""
    for number in tried.slow:
        text, values = source(number), _scene(number)
        seconds = 1.0
        for _ in range(TRIES):
            seconds = min(seconds, _timed(text, values)[0])
            if seconds <= LONGEST:
                break
        else:
            tried.escapes.append(f"{number} {text[:600]!r}: {seconds * 1000:.1f} ms")
        tried.slowest = max(tried.slowest, (seconds, number))


def _try(number: int, tried: Tried) -> float:
    """Judges everything but the time, which it gives."""
    text = source(number)
    with _watched() as reported:
        seconds, result, expression = _timed(text, _scene(number))
    tried.given += 1
    tried.evaluated += expression is not None
    tried.refused += isinstance(result, ExpressionError)
    wrong = [*reported, *_wrong(result), *(_strange(expression) if expression is not None else [])]
    if wrong:
        tried.escapes.append(f"{number} {text[:600]!r}: {'; '.join(wrong)}")
    return seconds


def _scene(number: int) -> Mapping[str, object]:
    return SCENES[number % len(SCENES)]


def _timed(text: str, values: Mapping[str, object]) -> tuple[float, object, Expression | None]:
    """Processor time of this thread, the value or the refusal, and the expression where it could be read."""
    expression = None
    began = time.thread_time()
    try:
        expression = Expression(text)
        result: object = expression.evaluate(values)
    except ExpressionError as refused:
        result = refused
    except Exception as error:  # noqa: BLE001 — whatever it is, it is what we look for
        result = error
    return time.thread_time() - began, result, expression


def _wrong(result: object, depth: int = 1) -> list[str]:
    """What is wrong with a value or refusal: only our own refusals, only values of our kinds all the way down."""
    if isinstance(result, ExpressionError):
        return [] if result.zh and result.en else ["a refusal without a sentence"]
    if isinstance(result, tuple) and depth < DEEPEST:
        return [fault for item in result if item is not None for fault in _wrong(item, depth + 1)]
    if isinstance(result, dict) and depth < DEEPEST:
        return [fault for item in result.values() if item is not None for fault in _wrong(item, depth + 1)]
    return [] if type(result) in VALUES else [f"{type(result).__name__} came out: {result!r:.200}"]


def _strange(expression: Expression) -> list[str]:
    """What stands in the tree that nobody may write."""
    nodes = walk(expression.root)
    found = [f"node {type(node).__name__}" for node in nodes if not isinstance(node, Node)]
    found += [f"name {node.name}" for node in nodes if isinstance(node, Name) and not _is_name(node.name)]
    found += [
        f"function {node.function}" for node in nodes if isinstance(node, Call) and node.function not in FUNCTIONS
    ]
    found += [f"constant {node}" for node in nodes if isinstance(node, Constant) and type(node.value) not in VALUES]
    too_long = len(nodes) > MOST_NODES or len(expression.source) > LONGEST_SOURCE
    return [*found, "too long"] if too_long else found


def _is_name(name: str) -> bool:
    plain = name.removeprefix("each.")
    return plain.isascii() and plain.islower() and plain.isidentifier() and not plain.startswith("_")


_reported: list[str] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _reported is not None and event not in SEEN:
        _reported.append(f"Python reports `{event}` {arguments!r:.100}")


def _settle() -> None:
    """Hear what Python reports (files, imports, code that runs, programs), and take what stands already out of the rubbish
    collector's rounds: they would be counted as an expression's time."""
    if not getattr(sys, "_workflows_heard", False):
        sys.addaudithook(_hear)
        sys._workflows_heard = True  # type: ignore[attr-defined]
    Expression("24h")  # Python's parser looks up the first name that is not ASCII in `unicodedata`, once
    gc.collect()
    gc.freeze()


@contextmanager
def _watched() -> Iterator[list[str]]:
    """Notes what Python reports meanwhile, and whether an object of the outside was touched."""
    global _reported
    Trap.touched.clear()
    _reported = heard = []
    try:
        yield heard
    finally:
        _reported = None
        heard += [f"the outside was asked for {name}" for name in dict.fromkeys(Trap.touched)]
