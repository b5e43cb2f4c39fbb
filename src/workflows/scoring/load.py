"""Scorecards from text and folders: strictly read, shapes checked, values built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from workflows.document.problems import DefinitionErrors, Problems
from workflows.document.reading import read_documents
from workflows.errors import DefinitionError
from workflows.scoring.building.cards import build_card
from workflows.scoring.building.catalogue import load_catalogue, load_grades, one_document
from workflows.scoring.building.context import Context
from workflows.scoring.catalogue import ROLLING, Catalogue, FigureName
from workflows.scoring.grades import Grades
from workflows.scoring.language.cards import CARD
from workflows.scoring.model import Scorecard, Scorecards

__all__ = [
    "key_of",
    "load_card",
    "load_card_file",
    "load_catalogue",
    "load_grades",
    "load_scorecards",
]

FIGURES: Final = "figures.yaml"
GRADES: Final = "grades.yaml"

_Read = TypeVar("_Read")


def load_card(text: str, file: str, figures: Catalogue) -> Scorecard:
    """The card written in `text`, over the figures of a catalogue.

    `file` is how errors call it. Raises DefinitionErrors with everything that is wrong, each with its line and column.
    """
    problems = Problems(file)
    root = one_document(CARD, text, problems)
    card = build_card(root, text, Context(problems, figures))
    if problems.found:
        raise DefinitionErrors(problems.found)
    return card


def key_of(text: str, file: str) -> str:
    """What a file is: the position of its card, `figures` or `grades`. Raises DefinitionErrors where it is none of them."""
    documents = read_documents(text, file)
    keys = documents[0].root.keys if documents else {}
    if len(documents) == 1 and "scorecard" in keys:
        return dict(documents[0].root.items())["scorecard"].text
    for key in ("figures", "grades"):
        if len(documents) == 1 and key in keys:
            return key
    zh = "这个文件不是评分表（scorecard），也不是指标值目录（figures）或等级（grades）。"
    en = "This file is no scorecard, nor a catalogue of figures, nor grades."
    raise DefinitionErrors([DefinitionError(zh, en, file=file, line=1)])


def load_card_file(path: Path, otherwise: Path) -> tuple[Scorecard, Scorecards]:
    """The card of one file and all it stands among: the catalogue and grades beside it, or those of the folder `otherwise` for what
    is not there. Raises DefinitionErrors."""
    folders = {name: path.parent if (path.parent / name).is_file() else otherwise for name in (FIGURES, GRADES)}
    figures = load_catalogue(_text(folders[FIGURES] / FIGURES), str(folders[FIGURES] / FIGURES))
    grades = load_grades(_text(folders[GRADES] / GRADES), str(folders[GRADES] / GRADES), figures)
    targets = {
        name: figure for name, figure in load_scorecards(otherwise).figures.items() if figure.target_of is not None
    }
    card = load_card(_text(path), str(path), figures)
    known = figures.with_figures({name: targets[name] for name in targets if name not in figures})
    return card, Scorecards(known, MappingProxyType({card.key: card}), grades)


def load_scorecards(folder: Path) -> Scorecards:
    """All cards of a folder with its `figures.yaml` and `grades.yaml`. Raises DefinitionErrors over all files."""
    texts = {path.name: _text(path) for path in sorted(folder.glob("*.yaml"))}
    return read_scorecards(texts, str(folder))


def read_scorecards(texts: Mapping[str, str], folder: str) -> Scorecards:
    """The same from texts by file name; `folder` is put before the names in errors."""
    errors: list[DefinitionError] = []
    for needed in (FIGURES, GRADES):
        if needed not in texts:
            errors.append(
                DefinitionError(f"缺少文件 {needed}。", f"The file {needed} is missing.", file=f"{folder}/{needed}")
            )
    if errors:
        raise DefinitionErrors(errors)
    figures = load_catalogue(texts[FIGURES], f"{folder}/{FIGURES}")
    grades = _collected(errors, lambda: load_grades(texts[GRADES], f"{folder}/{GRADES}", figures))
    cards: dict[str, Scorecard] = {}
    for name, text in texts.items():
        if name not in (FIGURES, GRADES):
            card = _collected(errors, lambda text=text, name=name: load_card(text, f"{folder}/{name}", figures))  # type: ignore[misc]
            if card is not None:
                _refuse_name(card, name, errors)
                cards[card.key] = card
    if grades is not None and not errors:
        targets = _targets(cards.values(), errors)
        errors += _out_of_use(figures, cards.values(), grades)
        if not errors:
            return Scorecards(figures.with_figures(targets), MappingProxyType(cards), grades)
    raise DefinitionErrors(errors)


def _collected(errors: list[DefinitionError], read: Callable[[], _Read]) -> _Read | None:
    try:
        return read()
    except DefinitionErrors as error:
        errors += error.errors
        return None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror
        refused = DefinitionError(f"文件读不到（{reason}）。", f"The file cannot be read ({reason}).", file=str(path))
    except UnicodeDecodeError:
        refused = DefinitionError("文件不是 UTF-8 编码。", "The file is not UTF-8.", file=str(path))
    raise DefinitionErrors([refused])


def _refuse_name(card: Scorecard, name: str, errors: list[DefinitionError]) -> None:
    if name != f"{card.key}.yaml":
        errors.append(
            DefinitionError(
                f"文件名应是 {card.key}.yaml，与岗位一致。",
                f"The file should be called {card.key}.yaml, as the position.",
                file=card.file,
                line=1,
                nearest=f"{card.key}.yaml",
            )
        )


def _targets(cards: Iterable[Scorecard], errors: list[DefinitionError]) -> dict[str, FigureName]:
    """The figures that set targets, of all cards; one name cannot be measured in two units."""
    found: dict[str, FigureName] = {}
    for card in cards:
        for name, figure in card.figures.items():
            if figure.target_of is None:
                continue
            if name in found and found[name].unit != figure.unit:
                errors.append(
                    DefinitionError(
                        f"指标“{figure.target_of}”在两张评分表里单位不同。",
                        f"The indicator `{figure.target_of}` has two units in two cards.",
                        file=card.file,
                    )
                )
            found.setdefault(name, figure)
    return found


def _out_of_use(figures: Catalogue, cards: Iterable[Scorecard], grades: Grades) -> list[DefinitionError]:
    """A figure that nobody asks for is a slip of the pen, or has had its time; one that had its time is not asked for again."""
    used = {name for card in cards for name in card.figures} | {grades.bonus_rule.base}
    used |= {name.removesuffix(ending) for name in used for ending in ROLLING}
    used |= {str(figure.sum_over) for figure in figures.values()} | {str(figure.part_of) for figure in figures.values()}
    errors = []
    for name, figure in figures.items():
        if name not in used and not (figure.retired or figure.watched):
            zh = f"指标值“{name}”没有评分表用到；若只为以前的月份保留，写 retired: true；若流程看着它开始，写 watched: true。"
            en = f"No card uses the figure `{name}`; if it is kept for earlier months only, say `retired: true`, if processes start by it, `watched: true`."
            errors.append(_at_figure(name, figures, zh, en))
        elif name in used and figure.retired:
            zh, en = f"“{name}”已停用（retired），还有评分表用到它。", f"`{name}` is retired, but a card uses it."
            errors.append(_at_figure(name, figures, zh, en))
    return errors


def _at_figure(name: str, figures: Catalogue, zh: str, en: str) -> DefinitionError:
    lines = enumerate(figures.text.splitlines(), 1)
    line = next((place for place, written in lines if written.strip().startswith(f"{name}:")), None)
    return DefinitionError(zh, en, file=figures.file, line=line, path=f"figures.{name}")
