"""The budget of one evaluation: every step is paid for, and an empty purse ends it with a sentence."""

from __future__ import annotations

from workflows.expression import limits
from workflows.expression.errors import ExpressionError


class Work:
    """What one evaluation may still do, in the units of `limits`."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = limits.MOST_WORK

    def spend(self, units: int) -> None:
        """Pay for a step; raises ExpressionError when there is not enough left."""
        self.left -= units
        if self.left < 0:
            raise ExpressionError(
                "这个表达式计算量太大，请简化，或缩小它所用的表格。",
                "This expression takes too much work: make it simpler, or the tables it reads smaller.",
            )
