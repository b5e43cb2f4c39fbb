"""What can be wrong with an expression, as sentences for its author."""

from __future__ import annotations

from workflows.errors import WorkflowsError


class ExpressionError(WorkflowsError):
    """The expression cannot be read, or cannot be evaluated over these values.

    `column`: counted from 1 within the expression's source, where it is known.
    """

    status = 422
    code = "expression"

    def __init__(self, zh: str, en: str, *, column: int | None = None) -> None:
        super().__init__(zh, en)
        self.column = column


class UnsetName(ExpressionError):
    """A name was read that has no value yet.

    `name`: which one. Asking `is_set(name)` first is the way round it.
    """

    code = "unset_name"

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”还没有值。", f"`{name}` has no value yet.")
        self.name = name
