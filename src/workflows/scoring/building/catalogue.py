"""The catalogue of figures and the grades, from their files."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from types import MappingProxyType

from workflows.document.checking import check
from workflows.document.problems import DefinitionErrors, Problems
from workflows.document.reading import Node, read_documents
from workflows.document.shapes import Record
from workflows.scoring.building.context import decimal, text, word
from workflows.scoring.catalogue import UNITS, Catalogue, FigureName, Parameter
from workflows.scoring.grades import BonusRule, Grade, Grades
from workflows.scoring.language.catalogue import FIGURES, GRADES


def load_catalogue(source: str, file: str) -> Catalogue:
    """The catalogue written in `source`; `file` is how errors call it. Raises DefinitionErrors."""
    problems = Problems(file)
    root = one_document(FIGURES, source, problems)
    entries, asked = root.get("figures"), root.get("parameters")
    figures = {name: _figure(name, node) for name, node in entries.items()} if entries else {}
    parameters = {key: _parameter(key, node) for key, node in asked.items()} if asked else {}
    digest = hashlib.sha256(source.encode()).hexdigest()
    catalogue = Catalogue(MappingProxyType(figures), MappingProxyType(parameters), source, digest, file)
    if entries:
        for name, node in entries.items():
            _look_at(name, node, catalogue, problems)
    if problems.found:
        raise DefinitionErrors(problems.found)
    return catalogue


def load_grades(source: str, file: str, figures: Catalogue) -> Grades:
    """The grades and bonus rule written in `source`. Raises DefinitionErrors."""
    problems = Problems(file)
    root = one_document(GRADES, source, problems)
    entries = dict(dict(root.items())["grades"].items())
    grades = tuple(Grade(key, text(node), decimal(node.get("from"))) for key, node in entries.items())
    _look_at_order(grades, list(entries.values()), problems)
    bonus = dict(dict(root.items())["bonus"].items())
    if bonus["base"].text not in figures:
        problems.at(
            bonus["base"],
            f"没有“{bonus['base'].text}”这个指标值（见 figures.yaml）。",
            f"There is no figure `{bonus['base'].text}` (see figures.yaml).",
            nearest=figures.nearest(bonus["base"].text),
        )
    least, most = decimal(bonus["from"]), decimal(bonus["most"])
    if problems.found or least is None or most is None:
        raise DefinitionErrors(problems.found)
    rule = BonusRule(bonus["base"].text, least, most)
    return Grades(grades, rule, source, hashlib.sha256(source.encode()).hexdigest(), file)


def one_document(shape: Record, source: str, problems: Problems) -> Node:
    """The root of the only document of a text, held against its shape. Raises DefinitionErrors where it does not fit."""
    documents = read_documents(source, problems.file)
    if len(documents) != 1:
        problems.add(f"这个文件里应有一份{shape.what.zh}。", f"This file should hold one document: {shape.what.en}.")
        raise DefinitionErrors(problems.found)
    check(shape, documents[0].root, problems)
    if problems.found:
        raise DefinitionErrors(problems.found)
    return documents[0].root


def _figure(name: str, node: Node) -> FigureName:
    entry = dict(node.items())
    bounds = [decimal(one) for one in entry["each"].elements()] if "each" in entry else []
    low, high = (bounds[0], bounds[-1]) if bounds else (None, None)
    return FigureName(
        name,
        text(node),
        next(unit for unit in UNITS if unit == entry["unit"].text),
        least=Decimal(entry["least"].text) if "least" in entry else Decimal(0),
        most=decimal(node.get("most")),
        part_of=word(node.get("part_of")),
        sum_over=word(node.get("sum_over")),
        each=None if low is None or high is None else (low, high),
        holds=node.get("holds") is not None,
        retired=node.get("retired") is not None,
        watched=node.get("watched") is not None,
    )


def _parameter(key: str, node: Node) -> Parameter:
    choices = dict(node.items())["choices"]
    titles = {choice: text(written) for choice, written in choices.items()}
    return Parameter(key, text(node), MappingProxyType(titles), several=node.get("several") is not None)


def _look_at(name: str, node: Node, catalogue: Catalogue, problems: Problems) -> None:
    """Bounds the right way round, parts of something that is there, in the same unit."""
    figure = catalogue[name]
    if figure.least is not None and figure.most is not None and figure.least > figure.most:
        problems.at(node, "最小值大于最大值。", "`least` is more than `most`.")
    each = node.get("each")
    if each is not None and (
        len(each.elements()) != 2 or (figure.each is not None and figure.each[0] > figure.each[1])
    ):
        problems.at(each, "这里应是 [最低, 最高]。", "This should be [lowest, highest].")
    for key, other in (("part_of", figure.part_of), ("sum_over", figure.sum_over)):
        written = node.get(key)
        if written is not None and other is not None and (other not in catalogue or other == name):
            problems.at(
                written,
                f"没有“{other}”这个指标值。",
                f"There is no figure `{other}`.",
                nearest=catalogue.nearest(other),
            )
    whole = catalogue.get(figure.part_of) if figure.part_of is not None else None
    if whole is not None and whole.unit != figure.unit:
        problems.at(node, f"与“{figure.part_of}”的单位不同。", f"Its unit differs from that of `{figure.part_of}`.")


def _look_at_order(grades: tuple[Grade, ...], nodes: list[Node], problems: Problems) -> None:
    """Best first, and only the last without a bound: every total has exactly one grade."""
    for place, (grade, node) in enumerate(zip(grades, nodes, strict=True)):
        last = place == len(grades) - 1
        if (grade.least is None) is not last:
            problems.at(
                node,
                "只有最后一个等级不写 from：它收下其余所有分数。",
                "Only the last grade has no `from`: it takes all other totals.",
            )
        before = grades[place - 1].least if place else None
        if before is not None and grade.least is not None and grade.least >= before:
            problems.at(node, "等级要从高到低写。", "Grades are written best first.")
