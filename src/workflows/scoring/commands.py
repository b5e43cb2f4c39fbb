"""`workflows score`: a scorecard over a file of figures, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.errors import NotFound
from workflows.settings import Settings, project_folder

if TYPE_CHECKING:
    from workflows.scoring.figures_file import PersonFigures
    from workflows.scoring.model import Scorecard, Scorecards


def register(group: click.Group) -> None:
    """Add this room's command to `workflows`."""
    group.add_command(score)


@click.command()
@click.argument("scorecard")
@click.option(
    "--figures",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV 或 XLSX · a CSV or XLSX file",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="给人看的表，或给程序读的 JSON · a table for people, JSON for programs",
)
@click.option("--indicator", "key", help="只算这一项 · only this indicator")
@click.pass_obj
def score(settings: Settings, scorecard: str, file: Path, form: str, key: str | None) -> None:
    """用一份数据算一张评分表 · Compute SCORECARD over a file of figures, without a database.

    SCORECARD: 岗位键或评分表文件 · a position's key, or a scorecard file.

    每人一行（person、period 和各指标值），或每个指标值一行（person、period、figure、value）。
    One row for each person (person, period and the figures), or one for each figure (person, period, figure, value).
    """
    from workflows.scoring.figures_file import read_figures
    from workflows.scoring.score import no_such_indicator

    card, cards = find_card(scorecard)
    if key is not None and key not in card.every:
        raise no_such_indicator(card, key)
    people = read_figures(file.name, file.read_bytes(), card, cards.figures)
    _say_doubts(people, settings.language)
    if form == "json":
        answers = [_as_json(person, card, cards, key) for person in _watched(people)]
        click.echo(json.dumps(answers, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_as_table(person, card, cards, key, settings.language) for person in _watched(people)))


def find_card(scorecard: str) -> tuple[Scorecard, Scorecards]:
    """The card meant by a position's key or by the path of a file, and all cards with the catalogue.

    Beside a file its own `figures.yaml` and `grades.yaml` are read where they are there, else the company's. Raises NotFound with the
    nearest key, DefinitionErrors for cards that cannot be read.
    """
    from workflows.document.problems import nearest
    from workflows.scoring.load import load_card_file, load_scorecards

    folder = project_folder("definitions") / "scorecards"
    path = Path(scorecard)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load_card_file(path, folder)
    cards = load_scorecards(folder)
    if scorecard in cards.cards:
        return cards.cards[scorecard], cards
    near = nearest(scorecard, cards.cards)
    known = ", ".join(cards.cards)
    raise NotFound(
        f"没有“{scorecard}”这张评分表。" + (f"是否指 {near}？" if near else f"可以写：{known}。"),
        f"There is no scorecard `{scorecard}`." + (f" Did you mean `{near}`?" if near else f" Known: {known}."),
    )


def _watched(people: list[PersonFigures]) -> Any:
    """The people, with progress on standard error where there are many."""
    from tqdm import tqdm

    return tqdm(people, unit="", disable=len(people) < 500 or None, delay=1)


def _say_doubts(people: list[PersonFigures], language: str) -> None:
    for person in people:
        for row, column, text in person.doubts:
            click.echo(f"! {row} {column}: {text.text(language)}", err=True)


def _as_json(person: PersonFigures, card: Scorecard, cards: Scorecards, key: str | None) -> dict[str, Any]:
    from workflows.scoring.explaining.plain import line_json
    from workflows.scoring.score import score_card, score_indicator

    whose = {"person": person.person, "period": person.period}
    if key is not None:
        line = score_indicator(card, key, person.figures, person.parameters)
        return {**whose, "scorecard": card.key, "indicator": key, **line_json(line)}
    return {**whose, **score_card(card, person.figures, person.parameters, grades=cards.grades).as_json()}


def _as_table(person: PersonFigures, card: Scorecard, cards: Scorecards, key: str | None, language: str) -> str:
    from workflows.scoring.score import score_card, score_indicator
    from workflows.scoring.table import card_table, line_table

    head = " · ".join(part for part in (person.person, person.period, card.title.text(language)) if part)
    if key is not None:
        return f"{head}\n{line_table(score_indicator(card, key, person.figures, person.parameters), language)}"
    scored = score_card(card, person.figures, person.parameters, grades=cards.grades)
    return f"{head}\n{card_table(scored, language)}"
