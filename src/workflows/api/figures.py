"""Figures from another program: the same checks as a file's, all or nothing, faults by index and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from workflows.api.calls import Call
from workflows.appraisal.figures.intake.applying import overruled
from workflows.appraisal.figures.intake.checking import check, counted_sentence
from workflows.appraisal.figures.intake.given import Fault, Given
from workflows.appraisal.figures.intake.standards import Standards
from workflows.appraisal.figures.store import record, standing_values
from workflows.appraisal.figures.tables import Source
from workflows.errors import Text, WorkflowsError

MOST_FIGURES: Final = 5_000
"""Figures in one call."""

Item = Mapping[str, str]
"""One figure as it was sent: person or unit, period, figure, value, perhaps a reason; all texts."""


@dataclass(frozen=True, slots=True)
class ItemFault:
    """What is wrong with one figure. `index`: counted from 0 in the list that was sent, None: with all of it."""

    index: int | None
    field: str
    text: Text


class RefusedFigures(WorkflowsError):
    """Nothing was written. `faults`: each with its place, in order."""

    status = 422
    code = "refused_figures"

    def __init__(self, faults: Sequence[ItemFault], zh: str = "", en: str = "") -> None:
        count = len(faults)
        super().__init__(
            zh or f"没有写入任何数据：有 {count} 处错误。",
            en or f"Nothing was written: {count} {'fault' if count == 1 else 'faults'}.",
        )
        self.faults = tuple(faults)


class OutOfScope(RefusedFigures):
    """The token may not send these figures."""

    status = 403
    code = "out_of_scope"


def take(session: Session, call: Call, items: Sequence[Item], standards: Standards) -> dict[str, Any]:
    """Write the figures, and say how many were new, changed and as they were.

    Raises `RefusedFigures` with every fault, and then writes nothing.
    """
    _refuse_foreign(call, items)
    checked = check(session, [_given(index, item) for index, item in enumerate(items)], standards)
    standing = standing_values(session, [one.key for _, one in checked.inputs])
    if faults := checked.faults or list(overruled(checked, standing, standards)):
        raise RefusedFigures([_fault(fault, items, standards) for fault in faults])
    inputs = [replace(one, reason=items[given.row - 1].get("reason")) for given, one in checked.inputs]
    done = record(session, inputs, source=Source.API, actor=call.caller.owner, now=call.at)
    return {"received": len(items), "new": done.new, "changed": done.changed, "unchanged": done.unchanged}


def _refuse_foreign(call: Call, items: Sequence[Item]) -> None:
    allowed = call.caller.figures
    foreign = [
        ItemFault(index, "figure", Text("这个令牌不能提交这项数据。", "This token may not send this figure."))
        for index, item in enumerate(items)
        if allowed is not None and item["figure"].strip() not in allowed
    ]
    if foreign:
        raise OutOfScope(foreign)


def _given(index: int, item: Item) -> Given:
    return Given(
        place="",
        row=index + 1,
        column="value",
        person=item.get("person", ""),
        unit=item.get("unit", ""),
        month=item["period"],
        name=item["figure"],
        value=item["value"],
        columns=("unit" if "unit" in item else "person", "period"),
    )


def _fault(fault: Fault, items: Sequence[Item], standards: Standards) -> ItemFault:
    """A fault at its field: an unknown name, or one that this system counts itself, is no fault of the value."""
    name = items[fault.row - 1]["figure"].strip()
    figure = standards.catalogue.get(name)
    known = name in standards.catalogue.parameters or (figure is not None and not figure.retired)
    counted = figure is not None and fault.text == counted_sentence(figure)
    field = "figure" if fault.column == "value" and (counted or not known) else fault.column
    return ItemFault(fault.row - 1, field, fault.text)
