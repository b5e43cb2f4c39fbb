"""培训: the year's plans, what comes, what was held, who came and what it brought; only what the reader may see."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.office import counted
from web_pages.conftest import NOW
from web_pages.looking import Look
from web_pages.reader import ReadAs
from web_pages.teaching import Teaching
from workflows.db import Database
from workflows.http import services
from workflows.reports.training import training_year

both_databases = pytest.mark.parametrize("company", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def teaching(site: Flask, store: Database) -> Teaching:
    found = Teaching(site, store)
    found.year()
    return found


@both_databases
def test_the_year_in_a_sentence_and_line_by_line(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("shenyi").open("/training")
    assert "2026 年办了 2 场，还有 2 场要办；到课 3 人次。评估过的里面，66.7%合格。" in page.words
    assert "千川投流实操 内部培训 · 顾青 过审率 60% → 85%" in page.words
    assert "到课 3 / 4 2 人合格 5.00 已评估" in page.words
    assert "46 位用户" in page.words
    assert "没有办成 培训 时间 人 到哪一步 跨部门沟通" in page.words


def test_the_plan_counts_what_it_asked_for_and_what_was_held(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("shenyi").open("/training")
    assert "团队培训计划 2026 1 场 0 场 执行中" in page.words
    assert "差评回复" in page.words


def test_who_came_and_who_has_not_been_to_any(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("shenyi").open("/training")
    assert all(words in page.words for words in ("黎楠 1 1", "谢婷 1 1", "赵子墨 1 0"))
    missing = page.words.partition("还没参加过的")[2].partition("新人与发展")[0]
    assert "曹亦凡" in missing
    assert "黎楠" not in missing


def test_by_method(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("shenyi").open("/training")
    assert "内部培训 1 3 66.7% 5.00 在线学习 1 46 – –" in page.words


def test_another_year_is_empty_and_says_what_to_do(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("shenyi").open("/training?year=2027")
    assert "2027 年还没有培训。" in page.words
    assert "团队的随时可以发起" in page.words
    assert read_as("shenyi").open("/training?year=soon").answer.status_code == 404


def test_a_manager_sees_their_own_plan_and_nobody_elses_trainings(read_as: ReadAs, teaching: Teaching) -> None:
    page = read_as("wulihua").open("/training")
    assert "团队培训计划 2026" in page.words
    assert "差评回复" in page.words  # one of her team organises it
    assert "千川投流实操" not in page.words
    assert "发起：" not in page.words


def test_the_rail_of_human_resources_leads_there(read_as: ReadAs, teaching: Teaching) -> None:
    assert 'href="/training"' in read_as("shenyi").open("/work").html
    assert 'href="/training"' not in read_as("wangzihan").open("/work").html


def test_few_statements_however_many_trainings(store: Database, site: Flask, teaching: Teaching) -> None:
    engine = services(site).engine
    reader = teaching.work.person("shenyi")
    with store.read() as session:
        scene = engine.scene(session, NOW)
        with counted(store) as sent:
            year = training_year(session, scene, reader, 2026)
    assert len(year.trainings) == 5
    assert len(sent) <= 5  # with the counters of the definitions


def test_it_stands_on_every_screen_in_both_languages(look: Look, teaching: Teaching) -> None:
    pages = {"shenyi": {"the year": "/training", "an empty year": "/training?year=2025"}}
    wrong = look.wrong_on(pages) + look.sideways_in_english(pages)
    assert wrong == [], "\n".join(wrong)
