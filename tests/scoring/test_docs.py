"""`docs/scoring.md` holds: its examples are computed, its files are loaded, its tables are those of the language."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from document.manual import key_tables, page, records, yaml_of
from scoring.randoms import shipped
from scoring.shop import card_of, points, reread
from scoring.test_readings import OPERATOR, growth
from workflows.scoring.language.cards import CARD
from workflows.scoring.language.catalogue import FIGURES, GRADES
from workflows.scoring.load import load_card, load_catalogue, load_grades

PAGE = page("scoring")
EXAMPLES = re.findall(r"^\| `(\w+)` \| ([\w=. -]+) \| ([\d.]+) \|", PAGE, re.MULTILINE)
FILES = yaml_of(PAGE)
TABLES = key_tables(PAGE)


@pytest.mark.parametrize(("key", "values", "score"), EXAMPLES)
def test_an_example_is_computed(key: str, values: str, score: str) -> None:
    given = dict(pair.split("=") for pair in values.split())
    category = given.pop("category", "")
    figures = {name: Decimal(value) for name, value in given.items()}
    assert set(figures) <= set(shipped().figures)
    assert points(key, figures, category) == Fraction(score)


def test_there_is_an_example_of_every_line_of_the_full_card() -> None:
    assert set(card_of("uv_growth").every) <= {key for key, _, _ in EXAMPLES}
    assert len(EXAMPLES) == 39


def test_the_examples_of_readings() -> None:
    assert [growth("14", reread(OPERATOR, ("steps: whole", f"steps: {word}"))) for word in ("whole", "begun", "linear")] == [
        97, 94, Fraction("96.4"),
    ]  # fmt: skip
    figures = {"promotion_cost": Decimal(16), "sales": Decimal(100)}
    assert points("promotion_share", figures, card=reread(OPERATOR, ("points_of: hundred", "points_of: weight"))) == 60
    agent = card_of("response_time")
    late = {"answer_seconds": Decimal(90), "questions_answered": Decimal(1)}
    ratio = points("response_time", late, card=reread(agent, ("lower: mirror", "lower: ratio")))
    assert (points("response_time", late), ratio) == (50, Fraction(200, 3))


def test_grades_and_bonus() -> None:
    rows = re.findall(r"^\| ([\d.]+) \| (\S+) [^|]*\| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 6
    for total, grade, bonus in rows:
        assert shipped().grades.grade_of(Decimal(total)).title.zh == grade
        assert str(shipped().grades.bonus(Decimal(1000), Decimal(total))) == bonus


def test_the_files_are_loaded() -> None:
    for text in FILES:
        if text.startswith("scorecard:"):
            assert len(load_card(text, "docs.yaml", shipped().figures).indicators) == 3
        elif text.startswith("# grades"):
            assert load_grades(text, "docs.yaml", shipped().figures).grades == shipped().grades.grades
        elif text.startswith("# figures"):
            assert len(load_catalogue(text, "docs.yaml")) == 5
        else:
            assert text.startswith("# score\n")
            bands = text.removeprefix("# score\n").replace("the document", "C")
            lines = [line.strip().split("#")[0].strip() for line in bands.splitlines()[1:]]
            assert all(line in OPERATOR.text for line in lines)
    assert len(FILES) == 4


LANGUAGE = records(CARD, FIGURES, GRADES)
IN_PROSE = {"rule", "attainment", "target", "intermediate", "beside", "card_part", "grade"}
"""Small records that sentences and examples explain; their keys are looked for in the text."""


@pytest.mark.parametrize(
    "name", sorted(name for name, record in LANGUAGE.items() if set(record.keys()) != {"zh", "en"})
)
def test_every_key_is_explained(name: str) -> None:
    keys = {key: (one.help.zh, one.help.en) for key, one in LANGUAGE[name].keys().items() if key not in ("zh", "en")}
    if name in IN_PROSE:
        assert all(re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE) for key in keys)
    else:
        assert keys in TABLES, keys


def test_no_table_explains_what_is_not_there() -> None:
    known = [set(record.keys()) - {"zh", "en"} for record in LANGUAGE.values()]
    assert all(set(table) in known for table in TABLES)
