"""Which names an expression reads without having asked whether they are set.

`is_set(reply) and reply == "yes"` needs nothing; `reply == "yes"` needs `reply`. The proof that no guard can meet an
unset field rests on this.
"""

from __future__ import annotations

from workflows.expression.expression import Expression
from workflows.expression.nodes import Call, Choose, Logic, Name, Node, Not, children

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
