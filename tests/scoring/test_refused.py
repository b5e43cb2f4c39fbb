"""Cards, catalogues and grades that are refused: file, line, what is wrong, the nearest valid name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.randoms import shipped
from workflows.document.problems import DefinitionErrors
from workflows.scoring.load import key_of, load_card, load_catalogue, load_grades, load_scorecards, read_scorecards

CARD = """\
scorecard: shop
title: {zh: 店铺, en: Shop}
source: ours
readings: {least: 0, most: 120, steps: whole, points_of: hundred, rates: exact, zero: undefined}
groups:
  one:
    title: {zh: 一, en: One}
    weight: 60
    indicators:
      growth:
        title: {zh: 增长, en: Growth}
        weight: 60
        formula: (uv - uv_prev) / uv_prev * 100
        unit: percent
        target: 20
        score: {steps: {every: 5, costs: 3, in: points}}
  two:
    title: {zh: 二, en: Two}
    indicators:
      depth:
        title: {zh: 深度, en: Depth}
        weight: 40
        where: {pages: {zh: 页, en: Pages, unit: ratio, formula: pv / uv}}
        formula: pages
        unit: ratio
        target: 3
        score: attainment
"""


def refusals(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(DefinitionErrors) as refused:
        load_card(text, "shop.yaml", shipped().figures)
    assert all(error.file == "shop.yaml" and error.zh for error in refused.value.errors)
    return [(error.line, error.en) for error in refused.value.errors]


def test_the_card_itself_is_fine() -> None:
    card = load_card(CARD, "shop.yaml", shipped().figures)
    assert list(card.indicators) == ["growth", "depth"]


@pytest.mark.parametrize(
    ("said", "instead", "line", "sentence"),
    [
        # weights
        ("weight: 40", "weight: 39", 6, "The weights should add up to 100, not 99."),
        ("weight: 60\n    ind", "weight: 50\n    ind", 8, "This group's weight is 50, its parts add up to 60; `scaled: true` shares it out."),
        ("weight: 40", "weight: 0", 22, "`0` is not a positive number."),
        ("weight: 40", "weight: -40", 22, "`-40` is not a positive number."),
        ("        weight: 40\n", "", 21, "`weight` is missing."),
        # names
        ("uv - uv_prev", "uvv - uv_prev", 13, "The formula's `uvv` is not defined. Did you mean `uv`?"),
        ("formula: pages", "formula: page", 24, "The formula's `page` is not defined. Did you mean `pages`?"),
        ("where: {pages:", "where: {pv:", 23, "`pv` is the name of a figure."),
        ("formula: pages\n", "formula: pv / uv\n", 23, "`pages` is not used."),
        ("target: 3", "target: {figure: industry_men, plus: 5, in: points}", 26, "There is no figure `industry_men` (see figures.yaml). Did you mean `industry_mean`?"),
        ("target: 3", "target: {by: categry, values: {apparel: 4}}", 26, "There is no parameter `categry` (see figures.yaml). Did you mean `category`?"),
        ("target: 3", "target: {by: category, values: {aparel: 4}}", 26, "`aparel` is no choice of `category`. Did you mean `apparel`?"),
        ("score: attainment", "cases: ratins\n        score: attainment", 27, "There is no figure `ratins` (see figures.yaml). Did you mean `ratings`?"),
        ("score: attainment", "score: {deductions: {violatons: 10}}", 27, "There is no figure `violatons` (see figures.yaml). Did you mean `violations`?"),
        ("      depth:", "      growth:", 20, "`growth` is there twice, first in line 10."),
        ("  two:", "  one:", 17, "`one` is written twice, first in line 6."),
        # formulas
        ("* 100\n        unit", "** 100\n        unit", 13, "This kind of expression is not allowed."),
        ("formula: pages", "formula: pages > 3", 24, "This formula should give a number."),
        ("formula: pages", "formula: if_empty(pv, 0) + pages", 24, "`if_empty` cannot be used in scores: what is missing is shown as missing, never replaced."),
        ("formula: pages", "formula: pages / 0", 24, "The formula divides by 0."),
        ("rates: exact, zero: undefined", "rates: exact", 13, "The divisor may be 0 (uv_prev): state `cases` (0 means no case), or `zero` in the readings."),
        ("        formula: pages\n", "", 21, "`formula` is missing."),
        # rules and readings
        ("steps: whole, ", "", 16, "The card's `readings` do not state `steps`, which this needs."),
        ("points_of: hundred, ", "", 16, "The card's `readings` do not state `points_of`, which this needs."),
        ("most: 120, ", "", 27, "The card's `readings` do not state `most`, which this needs."),
        ("rates: exact, ", "", 16, "The card's `readings` do not state `rates`, which this needs."),
        ("score: attainment", "better: lower\n        score: attainment", 28, "The card's `readings` do not state `lower`, which this needs."),
        ("score: attainment", "score: {deductions: {violations: {each: 1, every: 3, costs: 5}}}", 27, "The card's `readings` do not state `bundles`, which this needs."),
        ("steps: whole", "steps: hole", 4, "`hole` is not a reading; known: whole, begun, linear. Did you mean `whole`?"),
        ("score: attainment", "score: attainmet", 27, "`attainmet` is not a rule; known: attainment. Did you mean `attainment`?"),
        ("score: attainment", "score: {step: {every: 5, costs: 3, in: points}}", 27, "`step` is no key of a rule; known: attainment, steps, bands, met, deductions. Did you mean `steps`?"),
        ("in: points", "in: point", 16, "`point` is not a way to count a gap; known: points, relative. Did you mean `points`?"),
        ("every: 5", "every: 0", 16, "`0` is not a positive number."),
        ("target: 3\n", "target: 0\n", 26, "This rule scores a share of the target, which must be more than 0."),
        ("        target: 3\n", "", 21, "`target` is missing."),
        ("score: attainment", "score: {bands: [{when: actual >= 3, points: 100}]}", 27, "Only the last band has no `when`: it takes all other values."),
        ("score: attainment", "score: {bands: [{points: 100}, {points: 0}]}", 27, "Only the last band has no `when`: it takes all other values."),
        ("score: attainment", "score: {bands: [{when: uv > 3, points: 100}, {points: 0}]}", 27, "The formula's `uv` is not defined."),
        ("score: attainment", "score: {bands: [{when: actual > 3, points: 100 / target}, {points: 0}]}", 27, "Only a number other than 0 can divide here."),
        ("score: attainment", "score: attainment\n        parts: {more: {title: {zh: 多, en: More}, unit: ratio, formula: pv, target: 1, score: attainment}}", 28, "A part can only deduct: use `steps` or `deductions`."),
        ("zero: undefined}", "zero: undefined, parts: sum}", 4, "Nothing here rests on the reading `parts`."),
        ("score: attainment", "score: attainment\n        readings: {steps: begun}", 28, "Nothing here rests on the reading `steps`."),
        # the document
        ("scorecard: shop", "scorecard: &a shop", 1, "Anchors and aliases (&a) are not allowed: write it out."),
        ("scorecard: shop", "scorecard: !x shop", 1, "Tags (!x) are not allowed."),
        ("source: ours", "sourc: ours", 3, "`sourc` is no key of a scorecard; known: scorecard, title, source, readings, each, groups, indicators. Did you mean `source`?"),
        ("unit: percent", "unit: percnt", 14, "`percnt` is not a unit; known: CNY, number, count, persons, percent, mark, ratio, hours, minutes, seconds. Did you mean `percent`?"),
        ("{zh: 增长, en: Growth}", "{zh: 增长}", 11, "`en` is missing from TITLE"),
    ],
)  # fmt: skip
def test_a_refused_card(said: str, instead: str, line: int, sentence: str) -> None:
    assert CARD.count(said) == 1, said
    found = refusals(CARD.replace(said, instead))
    if sentence.endswith("TITLE"):
        assert any(where == line and text.startswith("`en` is missing") for where, text in found), found
    else:
        assert (line, sentence) in found, found


def test_a_scaled_group_shares_its_weight_out() -> None:
    card = load_card(CARD.replace("    weight: 60\n    ind", "    weight: 60\n    scaled: true\n    ind").replace("weight: 60\n        f", "weight: 7\n        f"), "shop.yaml", shipped().figures)  # fmt: skip
    assert (card.indicators["growth"].weight, card.indicators["growth"].holds) == (7, 60)


def test_a_target_that_cannot_be_set() -> None:
    text = shipped().cards["operations_supervisor"].text
    with pytest.raises(DefinitionErrors) as refused:
        load_card(text.replace("/ profit_target * 100\n        target: 100", "/ profit_target * 100\n        target: set"), "x.yaml", shipped().figures)  # fmt: skip
    assert refused.value.errors[0].en == "`profit_target` is a figure of its own: this target cannot be `set`."


# -- folders -------------------------------------------------------------------------------------------------------------

FIGURES = """\
figures:
  uv: {zh: 访客, en: Visitors, unit: persons}
  uv_prev: {zh: 上月访客, en: Visitors before, unit: persons}
  pv: {zh: 浏览, en: Views, unit: count}
  base_bonus: {zh: 基数, en: Base, unit: CNY, holds: until_changed}
"""
GRADES = """\
grades:
  good: {zh: 好, en: Good, from: 60}
  bad: {zh: 差, en: Bad}
bonus: {base: base_bonus, from: 60, most: 1.2}
"""


def folder(**texts: str) -> list[str]:
    files = {"figures.yaml": FIGURES, "grades.yaml": GRADES, "shop.yaml": CARD} | {
        f"{k}.yaml": v for k, v in texts.items()
    }
    with pytest.raises(DefinitionErrors) as refused:
        read_scorecards({name: text for name, text in files.items() if text}, "cards")
    return [f"{error.place}: {error.en}" for error in refused.value.errors]


def test_a_folder() -> None:
    cards = read_scorecards({"figures.yaml": FIGURES, "grades.yaml": GRADES, "shop.yaml": CARD}, "cards")
    assert list(cards.cards) == ["shop"]
    assert {"growth_target", "depth_target"} <= cards.figures.keys()
    assert cards.figures["growth_target"].holds


def test_what_a_folder_is_refused_for() -> None:
    unused = "cards/figures.yaml:5: No card uses the figure `spare`; if it is kept for earlier months only, say `retired: true`, if processes start by it, `watched: true`."
    spare = FIGURES.replace("  base", "  spare: {zh: 余, en: Spare, unit: count}\n  base")
    assert folder(figures=spare) == [unused]
    for kept in ("watched: true", "retired: true"):  # each says why nobody asks for it
        read_scorecards({"figures.yaml": spare.replace("Spare, unit: count", f"Spare, unit: count, {kept}"), "grades.yaml": GRADES, "shop.yaml": CARD}, "cards")  # fmt: skip
    assert folder(figures=FIGURES.replace("Views, unit: count", "Views, unit: count, retired: true")) == [
        "cards/figures.yaml:4: `pv` is retired, but a card uses it."
    ]
    assert folder(figures="") == ["cards/figures.yaml: The file figures.yaml is missing."]
    assert folder(shop="", stall=CARD) == ["cards/stall.yaml:1: The file should be called shop.yaml, as the position."]
    other = CARD.replace("scorecard: shop", "scorecard: stall").replace("unit: percent", "unit: ratio")
    assert folder(stall=other) == ["cards/stall.yaml: The indicator `growth` has two units in two cards."]


def test_figures_that_are_refused() -> None:
    def said(old: str, new: str) -> list[str]:
        assert old in FIGURES
        with pytest.raises(DefinitionErrors) as refused:
            load_catalogue(FIGURES.replace(old, new), "figures.yaml")
        return [f"{error.line}: {error.en}" for error in refused.value.errors]

    assert said("pv: {zh: 浏览, en: Views, unit: count}", "pv: {zh: 浏览, en: Views, unit: count, part_of: pvv}") == ["4: There is no figure `pvv`. Did you mean `pv`?"]  # fmt: skip
    assert said("unit: count}", "unit: count, part_of: uv}") == ["4: Its unit differs from that of `uv`."]
    assert said("unit: count}", "unit: count, least: 3, most: 2}") == ["4: `least` is more than `most`."]
    assert said("unit: count}", "unit: count, sum_over: uv}") == ["4: `sum_over` cannot stand without each."]
    assert said("unit: count}", "unit: count, sum_over: uv, each: [5, 1]}") == ["4: This should be [lowest, highest]."]
    assert said("uv_prev:", "uv:") == ["3: `uv` is written twice, first in line 2."]


def test_grades_that_are_refused() -> None:
    catalogue = load_catalogue(FIGURES, "figures.yaml")

    def said(old: str, new: str) -> list[str]:
        assert old in GRADES
        with pytest.raises(DefinitionErrors) as refused:
            load_grades(GRADES.replace(old, new), "grades.yaml", catalogue)
        return [f"{error.line}: {error.en}" for error in refused.value.errors]

    assert said("base: base_bonus", "base: base_bonis") == ["4: There is no figure `base_bonis` (see figures.yaml). Did you mean `base_bonus`?"]  # fmt: skip
    assert said("en: Bad}", "en: Bad, from: 10}") == [
        "3: Only the last grade has no `from`: it takes all other totals."
    ]
    assert said("{zh: 差", "{zh: 中, en: Fair, from: 70}\n  worst: {zh: 差") == ["3: Grades are written best first."]


def test_what_a_file_is() -> None:
    assert [key_of(text, "x") for text in (CARD, FIGURES, GRADES)] == ["shop", "figures", "grades"]
    for text in ("process: x", "[1]", "", "scorecard: a\n---\nscorecard: b"):
        with pytest.raises(DefinitionErrors):
            key_of(text, "x")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "figures.yaml").write_bytes(b"figures: \xff")
    with pytest.raises(DefinitionErrors, match="not UTF-8"):
        load_scorecards(tmp_path)
