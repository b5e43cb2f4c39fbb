"""The small safe language of guards and formulas: `budget > limit and kind == "external"`.

Imports nothing but `errors`. `Expression` parses and evaluates; `kinds` and `reads` ask about an expression without
evaluating it (is this a comparison of like with like, which names must have a value).
"""

from workflows.expression.errors import ExpressionError, UnsetName
from workflows.expression.expression import Expression, walk
from workflows.expression.functions import FUNCTIONS
from workflows.expression.numbers import exact, half_up, to_decimal
from workflows.expression.values import Value, value_of

__all__ = [
    "FUNCTIONS",
    "Expression",
    "ExpressionError",
    "UnsetName",
    "Value",
    "exact",
    "half_up",
    "to_decimal",
    "value_of",
    "walk",
]
