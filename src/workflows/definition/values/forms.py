"""Forms as marshmallow schemas: one validator for pages and for programs.

Every field of a case becomes a `CaseField`, which leaves all reading to `readers` (marshmallow's own fields take 3.9 for an
integer and "1e99999999" for a decimal). What marshmallow adds: unknown fields are refused, required ones asked for, and the API
can describe a form from the same schema.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from workflows.definition.model import Field, Process
from workflows.definition.values.readers import read_cell
from workflows.definition.values.scalars import PartErrors, UnreadableValue
from workflows.errors import InvalidInput, Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
_UNKNOWN = Text("这里没有这一项。", "There is no such field here.")


class CaseField(fields.Field[object]):
    """A field of a definition as marshmallow sees it; None and blank text mean that it is empty."""

    def __init__(self, field: Field, zone: tzinfo, *, required: bool) -> None:
        super().__init__(allow_none=True, metadata={"title": field.title.zh, "description": field.title.en})
        self.case_field = field
        self.zone = zone
        self.must_be_given = required

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The stored value; absence is emptiness, so that a browser's unchecked box is not an error of its own."""
        raw = None if value is missing else value
        try:
            return read_cell(self.case_field, raw, self.zone, required=self.must_be_given)
        except UnreadableValue as error:
            raise ValidationError([error.message]) from None
        except PartErrors as error:
            raise ValidationError(_by_part(error)) from None


def _by_part(error: PartErrors) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for part, reason in error.found:
        found.setdefault(part, []).append(reason.message)
    return found


def schema_of(found: Mapping[str, Field], *, partial: bool = False, zone: tzinfo = SHANGHAI) -> Schema:
    """A marshmallow schema for these fields; `partial` asks for nothing that is missing."""
    made: dict[str, Any] = {
        name: CaseField(field, zone, required=field.required and not partial) for name, field in found.items()
    }
    schema = Schema.from_dict(made, name="CaseForm")(unknown=RAISE)
    schema.error_messages["unknown"] = _UNKNOWN  # type: ignore[assignment]
    return schema


def form_fields(process: Process, names: Iterable[str], append: str | None = None) -> dict[str, Field]:
    """The fields of a form by name; with `append` the names of that table's columns mean the columns."""
    columns = {column.name: column for column in process.fields[append].columns} if append else {}
    return {name: columns.get(name) or process.fields[name] for name in names}


def clean(
    process: Process,
    names: Iterable[str],
    raw: Mapping[str, object],
    *,
    partial: bool = False,
    append: str | None = None,
    zone: tzinfo = SHANGHAI,
) -> dict[str, Any]:
    """What was typed into the form with the fields `names`, as stored values (see `readers`).

    In: texts and lists of a web form, or JSON values. Out: every name of the form, None where nothing was given; with
    `partial` (drafts, API patches) only the names that were given, and nothing is required. `append`: the form's names may
    be columns of this table. `zone`: of points in time typed without an offset.
    Raises InvalidInput with the reasons per field; those of table cells under `field.row.column`, rows from 0,
    of lines under `field.INDICATOR.reason` or `field.INDICATOR.figures.NAME`.
    """
    form = _Form(process, tuple(names), append)
    asked = form.fields
    unknown = {str(name): [_UNKNOWN] for name in raw if name not in asked}
    try:
        found = _schema(form, partial, zone).load({name: raw[name] for name in raw if name in asked})
    except ValidationError as error:
        raise InvalidInput(fields={**_flat(error.messages_dict), **unknown}) from None
    if unknown:
        raise InvalidInput(fields=unknown)
    return {name: found[name] for name in asked if not partial or name in raw}


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """A form of a process, known again by the process itself: comparing what it holds would take longer than reading a form."""

    process: Process
    names: tuple[str, ...]
    append: str | None

    @property
    def fields(self) -> dict[str, Field]:
        return form_fields(self.process, self.names, self.append)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Form) or self.process is not other.process:
            return False
        return (self.names, self.append) == (other.names, other.append)

    def __hash__(self) -> int:
        return hash((id(self.process), self.names, self.append))


@functools.lru_cache(maxsize=1024)
def _schema(form: _Form, partial: bool, zone: tzinfo) -> Schema:
    """A form's schema, made once: making it takes several times as long as reading what was typed."""
    return schema_of(form.fields, partial=partial, zone=zone)


def _flat(messages: Mapping[str, Any]) -> dict[str, list[Text]]:
    """`{"rows": {"0.amount": […]}}` as `{"rows.0.amount": […]}`."""
    flat: dict[str, list[Text]] = {}
    for name, found in messages.items():
        if isinstance(found, Mapping):
            flat |= {f"{name}.{inner}": list(reasons) for inner, reasons in found.items()}
        else:
            flat[name] = list(found)
    return flat
