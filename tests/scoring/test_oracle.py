"""The program against a second reading of the document in plain fractions: no difference to the last decimal.

`SCORES=100000 python -m pytest -n0 -s tests/scoring/test_oracle.py` compares so many inputs, in all processors.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction

from scoring.oracle import CARDS, PARTS, total_of
from scoring.randoms import differences, inputs, shipped
from workflows.scoring.score import figures_of

COUNT = int(os.environ.get("SCORES") or 2000)
CHUNK = 500


def test_no_random_input_is_scored_differently() -> None:
    seeds = range(COUNT // CHUNK)
    if COUNT <= 10_000:
        found = [text for seed in seeds for text in differences(seed, CHUNK)]
    else:
        with ProcessPoolExecutor() as pool:
            found = [text for texts in pool.map(differences, seeds, [CHUNK] * len(seeds)) for text in texts]
    assert found == []


def test_the_inputs_reach_what_matters() -> None:
    """Most have a total; every line scores something fair, and those with cases are left out somewhere."""
    totals, seen = 0, dict[str, set[str]]()
    for one in inputs(-1, 3000):
        exact = {name: Fraction(value) for name, value in one.figures.items()}
        lines, _, total = total_of(one.position, exact, one.category)
        totals += total is not None
        for key, line in lines.items():
            bound = (
                {0: "0", 100: "100", 120: "120"}.get(int(line.score or 0)) if line.score is not None else line.status
            )
            seen.setdefault(key, set()).add(bound or "between")
    assert totals > 1000
    for position, rows in CARDS.items():
        for key, row in rows.items():
            wanted = {
                "100" if key == "knowledge" else "between",
                *(["not applicable"] if row.cases is not None else []),
            }
            assert wanted <= seen[key], (position, key, seen[key])
    assert sum("undefined" in one for one in seen.values()) > 20
    assert sum("missing" in one for one in seen.values()) > 40
    assert {"undefined", "missing", "dropped", "between", "100"} <= seen["uv_growth"]


def test_every_key_of_the_document_is_there() -> None:
    keys = {key for rows in CARDS.values() for key in rows} | PARTS.keys()
    assert len(keys) == 74
    assert {key for card in shipped().cards.values() for key in card.every} == keys
    assert {
        part: one.part_of for card in shipped().cards.values() for part, one in card.every.items() if one.part_of
    } == PARTS


def test_every_line_reads_the_figures_that_the_document_names() -> None:
    for position, rows in CARDS.items():
        for key, row in rows.items():
            indicator = shipped().cards[position].indicators[key]
            ours = {name for name in figures_of(indicator) if not name.endswith("_target") or name in row.names}
            ours -= {name for extra in indicator.beside for name in extra.formula.names} - {"sales"}
            named = {name for name in row.names if name != "dead"} | {str(row.cases)} - {"None"}
            named |= {"industry_mean"} if key == "pay_conversion" else set()
            assert ours == named | ({"organic_uv"} if key == "uv_growth" else set()), key
