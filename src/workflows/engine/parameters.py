"""Parameters of definitions as the company sets them (language.md §4): a history of values, the newest of which holds.

A running case reads them as a new one does: they say how the company works today, not how a case began. A value that does not
fit the type in the version at hand (a later version made a number of it) is left out: there the definition's own holds.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.definition.model import Parameter, Process
from workflows.definition.values.scalars import UnreadableValue, read_scalar
from workflows.engine.tables import ParameterValue
from workflows.errors import InvalidInput, NotAllowed, NotFound, Text
from workflows.org.organisation import Organisation

PersonId = uuid.UUID
Overrides = Mapping[str, Mapping[str, str]]
"""Process → parameter → the company's value as text."""

LONGEST = 200
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One entry of a parameter's history; `value` None: back to the definition's own."""

    value: str | None
    since: datetime
    by: PersonId
    by_name: str


@dataclass(frozen=True, slots=True)
class CompanyParameter:
    """A parameter of the newest version: what holds, and its changes, newest first."""

    parameter: Parameter
    value: str
    own: bool
    """The company has set it; else the definition's value holds."""
    history: tuple[ParameterChange, ...]


def overrides(session: Session) -> Overrides:
    """Every value that holds and is not the definition's own: one statement."""
    ranked = select(
        ParameterValue.process, ParameterValue.name, ParameterValue.value,
        func.row_number().over(
            partition_by=(ParameterValue.process, ParameterValue.name), order_by=ParameterValue.id.desc()
        ).label("place"),
    ).subquery()  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for process, name, value in session.execute(
        select(ranked.c.process, ranked.c.name, ranked.c.value).where(ranked.c.place == 1, ranked.c.value.is_not(None))
    ):
        found.setdefault(process, {})[name] = value
    return MappingProxyType(found)


def fitting(process: Process, values: Mapping[str, str]) -> dict[str, str]:
    """Those of the company's values that this version of the process can read."""
    return {
        name: values[name] for name, one in process.parameters.items() if name in values and _fits(one, values[name])
    }


def company_parameters(
    session: Session, process: Process, values: Mapping[str, str], organisation: Organisation
) -> tuple[CompanyParameter, ...]:
    """The parameters of a process in the definition's order, with their history."""
    past: dict[str, list[ParameterChange]] = {}
    chosen = select(ParameterValue).where(ParameterValue.process == process.key).order_by(ParameterValue.id.desc())
    for row in session.scalars(chosen):
        change = ParameterChange(row.value, row.since, row.set_by, organisation.name_of(row.set_by))
        past.setdefault(row.name, []).append(change)
    fit = fitting(process, values)
    return tuple(
        CompanyParameter(one, fit.get(name, one.value), name in fit, tuple(past.get(name, ())))
        for name, one in process.parameters.items()
    )


def set_parameter(
    session: Session,
    process: Process,
    name: str,
    raw: str | None,
    current: str | None,
    actor: PersonId,
    organisation: Organisation,
    now: datetime,
) -> bool:
    """Add a value to the history; False where it holds already. `raw` None: back to the definition's own value.

    `current`: the company's present value. Raises `NotAllowed` (administrators only), `NotFound`, `InvalidInput`.
    """
    if actor not in organisation.administrators():
        raise NotAllowed("只有管理员可以设置参数。", "Only administrators set parameters.")
    parameter = process.parameters.get(name)
    if parameter is None:
        raise NotFound("这个流程没有这个参数。", "The process has no such parameter.")
    value = None if raw is None else _read(parameter, raw)
    if value == current:
        return False
    session.add(ParameterValue(id=new_id(), process=process.key, name=name, value=value, since=now, set_by=actor))
    session.flush()
    return True


def _read(parameter: Parameter, raw: str) -> str:
    """The text of a value of the parameter's type, as a definition would write it."""
    text = raw.strip()
    if not text:
        raise InvalidInput(fields={parameter.name: [Text("请填写。", "This is needed.")]})
    if len(text) > LONGEST:
        sentence = Text(f"最多 {LONGEST} 个字。", f"At most {LONGEST} characters.")
        raise InvalidInput(fields={parameter.name: [sentence]})
    try:
        _check(parameter, text)
    except UnreadableValue as error:
        raise InvalidInput(fields={parameter.name: [error.message]}) from None
    return text


def _fits(parameter: Parameter, text: str) -> bool:
    try:
        _check(parameter, text)
    except UnreadableValue:
        return False
    return True


def _check(parameter: Parameter, text: str) -> None:
    """Raises `UnreadableValue`. Expressions reckon with hours and days, only the calendar with working days: neither becomes the other."""
    read_scalar(parameter.type, text)
    if parameter.type == "duration" and text.endswith("wd") is not parameter.value.endswith("wd"):
        working = parameter.value.endswith("wd")
        zh, en = (
            ("工作日，例如 5wd", "working days such as 5wd")
            if working
            else ("小时或天，例如 24h、7d", "hours or days such as 24h or 7d")
        )
        raise UnreadableValue(f"这里应是{zh}。", f"This should be {en}.")
