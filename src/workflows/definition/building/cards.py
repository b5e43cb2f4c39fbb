"""Scorecards among the fields: what each rests on, and that the figures have somebody and some time they are of."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition.building.context import PERIOD_TYPES, Context
from workflows.definition.model import Field
from workflows.document.reading import Node


def check_cards(fields: Mapping[str, Field], node: Node, context: Context) -> None:
    """Refuse circles, and a scorecard of measured figures where the process has no `subject` or `period`."""
    for name, field in fields.items():
        for key, links in (("from", _bases(fields)), ("only", _limits(fields))):
            if _circle(name, links):
                context.problems.at_key(
                    _entry(node, name), key, f"“{name}”绕一圈又以自己为准。", f"`{name}` rests on itself in a circle."
                )
        if field.type == "scorecard" and field.base is None and not _measurable(context):
            context.problems.at(
                _entry(node, name),
                "评分表要知道是谁、哪一期：需要 subject（person）和 period（month 等）两个字段。",
                "A scorecard is somebody's for some time: it needs the fields `subject` (person) and `period` (month …).",
            )


def _measurable(context: Context) -> bool:
    types = context.field_types
    return types.get("subject") == "person" and types.get("period") in PERIOD_TYPES


def _bases(fields: Mapping[str, Field]) -> dict[str, str]:
    return {name: field.base for name, field in fields.items() if field.base is not None}


def _limits(fields: Mapping[str, Field]) -> dict[str, str]:
    return {name: field.only for name, field in fields.items() if field.only is not None}


def _circle(name: str, links: Mapping[str, str]) -> bool:
    """Whether the way from `name` over the links comes back to it."""
    at = links.get(name)
    for _ in links:
        if at is None or at == name:
            break
        at = links.get(at)
    return at == name


def _entry(node: Node, name: str) -> Node:
    return dict(node.items())[name]
