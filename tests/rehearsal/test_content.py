"""What rehearsed people write: samples as the habits say them, in rows and seldom too."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from workflows.definition.model import Field, People, Word
from workflows.errors import Text
from workflows.rehearsal.content import Writer
from workflows.rehearsal.habits import ProcessHabits

TITLE = Text("数", "Number")
LEAD, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
LEADS = People((Word("position", "lead"),))


def named(people: People) -> Sequence[uuid.UUID]:
    return [LEAD] if people == LEADS else [LEAD, OTHER]


def writer(seed: int = 1, **values: tuple[object, ...]) -> Writer:
    habits = ProcessHabits(values={name.replace("__", "."): samples for name, samples in values.items()})
    return Writer(habits, random.Random(seed), date(2026, 3, 2), [LEAD, OTHER], lambda _: uuid.UUID(int=9), named=named)


def test_what_is_seldom_is_written_now_and_then() -> None:
    field = Field("orders", "integer", TITLE, required=True)
    one = writer(orders=(82, 90, {"seldom": 31}))
    written = [one.fill([field])["orders"] for _ in range(2000)]
    assert set(written) == {"82", "90", "31"}
    assert 5 <= written.count("31") <= 45


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_table_has_so_many_rows_as_its_sample_says(rows: int) -> None:
    table = Field("ideas", "table", TITLE, columns=(Field("idea", "text", TITLE, required=True),))
    filled = writer(ideas=({"rows": rows},), ideas__idea=("尺寸表放首屏",)).fill([table])
    assert filled == {"ideas": [{"idea": "尺寸表放首屏"}] * rows}


def test_a_person_is_found_by_their_position() -> None:
    field = Field("author", "person", TITLE, required=True)
    assert {writer(seed, author=({"position": "lead"},)).fill([field])["author"] for seed in range(8)} == {str(LEAD)}


def test_a_number_follows_another_of_the_form() -> None:
    reads, likes = (Field(name, "integer", TITLE, required=True) for name in ("reads", "likes"))
    filled = writer(reads=(8600,), likes=({"of": "reads", "percent": "2.3"},)).fill([reads, likes])
    assert filled == {"reads": "8600", "likes": "198"}
    assert writer(likes=({"of": "reads", "percent": "2.3"},)).fill([likes]) == {}, "there is nothing to follow"


def test_nothing_is_chosen_only_where_that_may_be() -> None:
    asked = writer(parts=([], [], ["design"]))
    field = Field("parts", "choices", TITLE)
    chosen = [asked.fill([field])["parts"] for _ in range(40)]
    assert (chosen.count([]) > 0, chosen.count(["design"]) > 0) == (True, True)
    assert chosen.count([]) + chosen.count(["design"]) == 40
    needed = replace(field, required=True)
    assert [asked.fill([needed])["parts"] for _ in range(40)] == [["design"]] * 40


def test_whoever_signs_second_signs_what_stands() -> None:
    fields = [Field(name, "integer", TITLE, required=True) for name in ("price", "pieces")]
    second = replace(writer(price=(80,), pieces=(5,)), agrees=True, known={"price": "79.90"})
    assert second.fill(fields) == {"price": "79.90", "pieces": "5"}


def test_nothing_is_left_out_of_a_form_that_was_refused_again_and_again() -> None:
    fields = [Field("parts", "choices", TITLE), Field("pieces", "integer", TITLE)]
    asked = replace(writer(parts=([], [], ["design"])), whole=True)
    written = [asked.fill(fields) for _ in range(40)]
    assert all(one["parts"] == ["design"] and one["pieces"] for one in written)
    assert writer(parts=([],)).fill(fields[:1]) == replace(writer(parts=([],)), whole=True).fill(fields[:1])
