"""Which names an expression reads without having asked whether they are set, and what it divides by.

`is_set(reply) and reply == "yes"` needs nothing; `reply == "yes"` needs `reply`. The proof that no guard can meet an
unset field rests on this.
"""

from __future__ import annotations

from workflows.expression.expression import Expression
from workflows.expression.nodes import Binary, Call, Choose, Compare, Constant, Logic, Name, Node, Not, children

_Names = frozenset[str]
_NONE: _Names = frozenset()


def needed(expression: Expression) -> frozenset[str]:
    """The names that must have a value for `expression` to be evaluated without UnsetName, on every way through it."""
    return _needed(expression.root, _NONE)


def _needed(node: Node, known: _Names) -> _Names:
    match node:
        case Name(name):
            return _NONE if name in known else frozenset({name})
        case Call("is_set"):
            return _NONE
        case Call("if_empty", (_, otherwise)):
            return _needed(otherwise, known)
        case Choose(test, yes, no):
            return (
                _needed(test, known)
                | _needed(yes, known | _set_if(test, True))
                | _needed(no, known | _set_if(test, False))
            )
        case Logic(word, parts):
            return _of_logic(word, parts, known)
    return frozenset().union(*(_needed(child, known) for child in children(node)))


def _of_logic(word: str, parts: tuple[Node, ...], known: _Names) -> _Names:
    found = _NONE
    for part in parts:
        found |= _needed(part, known)
        known |= _set_if(part, word == "and")  # the next part is only looked at when this one came out so
    return found


def _set_if(node: Node, outcome: bool) -> _Names:
    """The names known to be set when `node` came out as `outcome`."""
    match node:
        case Call("is_set", (Name(name),)) if outcome:
            return frozenset({name})
        case Not(operand):
            return _set_if(operand, not outcome)
        case Logic(word, parts) if (word == "and") is outcome:
            return frozenset().union(*(_set_if(part, outcome) for part in parts))
    return _NONE


def set_if_true(expression: Expression) -> frozenset[str]:
    """The names that surely have a value where the expression, asked of a case, is true: those it asks `is_set` of."""
    return _set_if(expression.root, True)


def zero_divisors(expression: Expression, nonzero: frozenset[str] = _NONE) -> frozenset[str]:
    """What the expression divides by although it may be zero, as text; `mean`, `min`, `max` of a table that may be empty too.

    `nonzero`: names that cannot be zero. A test before (`n != 0 and x / n > 2`, `x / n if n > 0 else 0`) counts.
    """
    return _zero(expression.root, nonzero)


def _zero(node: Node, safe: _Names) -> _Names:
    match node:
        case Binary("/", left, right):
            return _zero(left, safe) | _zero(right, safe) | _divisor(right, safe)
        case Choose(test, yes, no):
            return (
                _zero(test, safe)
                | _zero(yes, safe | _nonzero_if(test, True))
                | _zero(no, safe | _nonzero_if(test, False))
            )
        case Logic(word, parts):
            found = _NONE
            for part in parts:
                found |= _zero(part, safe)
                safe |= _nonzero_if(part, word == "and")
            return found
        case Call("mean" | "min" | "max" as function, (Name(name), Constant(str()))):
            return _NONE if f"count({name})" in safe or name in safe else frozenset({f"{function}({name})"})
    return frozenset().union(*(_zero(child, safe) for child in children(node)))


def _divisor(node: Node, safe: _Names) -> _Names:
    match node:
        case Constant(value):
            return _NONE if value else frozenset({"0"})
        case Name(name):
            return _NONE if name in safe else frozenset({name})
        case Call("count", (Name(name),)):
            return _NONE if f"count({name})" in safe or name in safe else frozenset({f"count({name})"})
        case Binary("*", left, right):
            return _divisor(left, safe) | _divisor(right, safe)
    return frozenset({"…"})


def _nonzero_if(node: Node, outcome: bool) -> _Names:
    """What is known not to be zero when `node` came out as `outcome`."""
    match node:
        case Compare(first, ((sign, Constant(value)),)) if not isinstance(value, str | bool):
            above = (sign in (">", "!=") and value == 0) or (
                sign in (">", ">=") and bool(value) and value == abs(value)
            )
            equal = sign == "==" and value == 0
            if (above and outcome) or (equal and not outcome):
                return _counted(first)
        case Not(operand):
            return _nonzero_if(operand, not outcome)
        case Logic(word, parts) if (word == "and") is outcome:
            return frozenset().union(*(_nonzero_if(part, outcome) for part in parts))
    return _NONE


def _counted(node: Node) -> _Names:
    match node:
        case Name(name):
            return frozenset({name})
        case Call("count", (Name(name),)):
            return frozenset({f"count({name})"})
    return _NONE
