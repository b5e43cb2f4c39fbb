"""A card from its document: groups, what each indicator holds of the 100, and which figures the card uses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from workflows.document.reading import Node
from workflows.scoring.building.context import Context, fraction, text
from workflows.scoring.building.indicators import Shared, indicator
from workflows.scoring.building.rules import readings, refuse_unused
from workflows.scoring.catalogue import FigureName
from workflows.scoring.model import Group, Indicator, Scorecard, in_order
from workflows.scoring.rules import Readings

_WHOLE = Fraction(100)


@dataclass(slots=True)
class _Found:
    """What has been read so far, with where each key stands."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def build_card(root: Node, source: str, context: Context) -> Scorecard:
    """The card of a checked document; what is wrong goes to the context's problems, and the card is of no use then."""
    parts = dict(root.items())
    each = root.get("each")
    shared = Shared(readings(root.get("readings"), Readings()), dict(each.items()) if each else {})
    found = _Found()
    whole = _groups(root, None, shared, found, context)
    if not context.problems.found and whole != _WHOLE:
        place = root.get("groups") or root.get("indicators") or root
        context.problems.at(
            place,
            f"权重合计应为 100，现在是 {shown(whole)}。",
            f"The weights should add up to 100, not {shown(whole)}.",
        )
    if not context.problems.found:
        refuse_unused(root.get("readings"), context)
    figures = _figures_used(found.indicators, context)
    asked = {one.target.by for line in found.indicators.values() for one in line.whole if one.target.by is not None}
    return Scorecard(
        key=parts["scorecard"].text,
        title=text(parts["title"]),
        source=parts["source"].text,
        groups=MappingProxyType(found.groups),
        indicators=MappingProxyType(found.indicators),
        parameters=MappingProxyType({key: context.figures.parameters[key] for key in sorted(asked)}),
        figures=MappingProxyType(figures),
        text=source,
        digest=hashlib.sha256(source.encode()).hexdigest(),
        file=context.problems.file,
    )


def _groups(node: Node, parent: str | None, shared: Shared, found: _Found, context: Context) -> Fraction:
    """Reads the indicators and groups directly below `node`; the weight they have together."""
    total = Fraction(0)
    indicators, groups = node.get("indicators"), node.get("groups")
    for key, one in indicators.items() if indicators is not None else ():
        line = indicator(key, one, parent, shared, context)
        if _is_new(key, one, indicators or one, found, context) and line is not None:
            for name, place in (part for written in [one.get("parts")] if written for part in written.items()):
                _is_new(name, place, one.get("parts") or one, found, context)
            found.indicators[key] = line
            total += line.weight
    for key, one in groups.items() if groups is not None else ():
        if key in found.groups:
            context.problems.at_key(groups or one, key, f"组“{key}”写了两次。", f"The group `{key}` is there twice.")
        total += _group(key, one, parent, shared, found, context)
    return total


def _is_new(key: str, node: Node, around: Node, found: _Found, context: Context) -> bool:
    """Whether no other indicator or part has this key."""
    if key in found.places:
        line = found.places[key]
        context.problems.at_key(
            around,
            key,
            f"指标“{key}”写了两次，第一次在第 {line} 行。",
            f"`{key}` is there twice, first in line {line}.",
        )
        return False
    found.places[key] = around.keys.get(key, (node.line, 0))[0]
    return True


def _group(key: str, node: Node, parent: str | None, shared: Shared, found: _Found, context: Context) -> Fraction:
    """Reads a group; the weight it has in the group around it."""
    before = set(found.indicators)
    title = text(dict(node.items())["title"])
    found.groups[key] = Group(key, title, Fraction(0), False, parent, ())  # keeps its place in the order
    written = fraction(node.get("weight"))
    scaled = node.get("scaled") is not None
    total = _groups(node, key, shared, found, context)
    if total == 0:
        if not context.problems.found:
            context.problems.at(node, "这一组里没有指标。", "There are no indicators in this group.")
        return Fraction(0)
    if scaled and node.get("groups") is not None:
        context.problems.at(node, "按比例折算的组里不能再有组。", "A scaled group cannot have groups within.")
    weight = written if written is not None else total
    if not scaled and weight != total and not context.problems.found:
        context.problems.at(
            node.get("weight") or node,
            f"这一组的权重写 {shown(weight)}，各项加起来是 {shown(total)}；要按比例折算请写 scaled: true。",
            f"This group's weight is {shown(weight)}, its parts add up to {shown(total)}; `scaled: true` shares it out.",
        )
    direct = tuple(name for name, line in found.indicators.items() if name not in before and line.group == key)
    for name in direct if scaled else ():
        line = found.indicators[name]
        found.indicators[name] = replace(line, holds=line.weight * weight / total)
    found.groups[key] = Group(key, title, weight, scaled, parent, direct)
    return weight


def _figures_used(indicators: Mapping[str, Indicator], context: Context) -> dict[str, FigureName]:
    """The catalogue's entries of all figures the card reads, and entries for its targets."""
    found: dict[str, FigureName] = {}
    for line in indicators.values():
        for one in line.whole:
            names = [
                *one.reads,
                str(one.target.base),
                *(name for extra in one.beside for name in in_order(extra.formula)),
            ]
            found.update({name: context.figures[name] for name in names if name in context.figures})
            if one.target.name is not None:
                found[one.target.name] = _target_figure(one)
    return found


def _target_figure(one: Indicator) -> FigureName:
    """The figure that sets the target of an indicator: in its unit, until changed. Growth may be asked to be negative."""
    title = one.title
    return FigureName(
        str(one.target.name),
        type(title)(f"{title.zh}的目标", f"Target of: {title.en}"),
        "number" if one.unit in ("count", "persons") else one.unit,
        least=None if one.unit == "percent" else Decimal(0),
        holds=True,
        target_of=one.key,
    )


def shown(weight: Fraction) -> str:
    """A weight for a sentence: as a decimal where it is one, else as a fraction."""
    for places in range(7):
        if weight * 10**places == (scaled := int(weight * 10**places)):
            digits = str(abs(scaled)).rjust(places + 1, "0")
            return digits if not places else f"{digits[:-places]}.{digits[-places:]}"
    return str(weight)
