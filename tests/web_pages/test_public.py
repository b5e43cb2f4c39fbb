"""公示: name, position, total, for the department, within the window, in no order of merit, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from engine.office import counted
from web_pages.cards import put_on_view
from web_pages.conftest import NOW, Clock
from web_pages.reader import ReadAs
from web_pages.things import Work
from workflows.db import Database
from workflows.http import services

UNTIL = NOW + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def results(site: Flask, store: Database) -> None:
    Work(store, services(site).engine, NOW).shop("木与日光旗舰店二楼")
    put_on_view(store, {"wangzihan": "89.12", "machen": "91.50", "linxiaolan": "77.00"}, UNTIL, NOW)


def test_the_department_reads_names_positions_and_totals(read_as: ReadAs) -> None:
    page = read_as("zhangyuwei").open("/results")
    assert page.status == 200
    assert "公示到 11月20日 周五 10:44。" in page.words
    for said in ("王梓涵 运营专员 89.12", "马晨 运营专员 91.50", "林晓岚 运营专员 77.00"):
        assert said in page.words
    assert "良好" not in page.words
    assert "只公示姓名、岗位和总分" in page.words


def test_the_list_is_no_ranking(read_as: ReadAs) -> None:
    words = read_as("zhangyuwei").open("/results").words
    assert words.index("77.00") < words.index("91.50") < words.index("89.12")  # by login


def test_nothing_is_left_after_the_window(read_as: ReadAs, clock: Clock) -> None:
    reader = read_as("zhangyuwei")
    clock.now = UNTIL
    assert "89.12" in reader.open("/results").words
    clock.forward(seconds=1)
    page = reader.open("/results")
    assert "89.12" not in page.html
    assert "王梓涵" not in page.words
    assert "公示期已过，或者还没有开始" in page.words


def test_other_departments_read_nothing(read_as: ReadAs) -> None:
    page = read_as("panyue").open("/results")
    assert "89.12" not in page.html
    assert "现在没有公示中的结果。" in page.words


def test_somebody_is_found_by_name(read_as: ReadAs) -> None:
    page = read_as("zhangyuwei").open("/results?q=王梓")
    assert "王梓涵" in page.words
    assert "马晨" not in page.words
    assert "没有叫“李四”的人。" in read_as("zhangyuwei").open("/results?q=李四").words


def test_as_few_statements_for_many_as_for_one(read_as: ReadAs, store: Database) -> None:
    reader = read_as("zhangyuwei")
    reader.open("/results")
    with counted(store) as few:
        reader.open("/results")
    put_on_view(store, {"sunyutong": "80.00", "zhangyuwei": "81.00"}, UNTIL, NOW)
    with counted(store) as many:
        assert "81.00" in reader.open("/results").words
    assert len(many) == len(few) <= 10
