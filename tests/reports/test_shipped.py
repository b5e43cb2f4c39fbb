"""The figures that the project's own definitions count are figures that its scorecards know."""

from __future__ import annotations

import pytest

from definition.shipped import shipped
from workflows.appraisal.figures.derived import rolling
from workflows.reports.contribution import way_of
from workflows.scoring.load import load_scorecards
from workflows.settings import project_folder

SCORECARDS = load_scorecards(project_folder("definitions") / "scorecards")
USED = {name for card in SCORECARDS.cards.values() for name in card.figures}
BASES = {way.base for name in USED if (way := rolling(name, "2026-10")) is not None}
COUNTED = [(process.key, figure) for process in shipped().values() for figure in process.figures]


@pytest.mark.parametrize(("process", "figure"), COUNTED, ids=[f"{key}-{figure.name}" for key, figure in COUNTED])
def test_what_a_process_counts_some_scorecard_uses(process: str, figure: object) -> None:
    """Also as a part of three or six months. A misspelt name would be counted for nobody."""
    assert figure.name in USED | BASES, process  # type: ignore[attr-defined]


def test_a_target_is_never_0_where_nobody_agreed_on_one() -> None:
    """`sum` and `count` give 0 without a case: what an agreement sets is written with `mean`."""
    goals = [figure for key, figure in COUNTED if key == "goal_setting" and figure.name.endswith("_target")]
    assert goals
    assert {way_of(figure) for figure in goals} == {"mean"}
