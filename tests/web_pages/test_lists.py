"""Lists: what is to be done, what was found, what can be started, who is late with what."""

from __future__ import annotations

import re
from datetime import timedelta

from web_pages.conftest import NOW
from web_pages.reader import ReadAs
from web_pages.things import BUILT, Work, open_task
from workflows.engine.tables import Task, TaskEscalation
from workflows.org.people import add_absence

DAY = timedelta(days=1)


def test_the_work_list_groups_by_deadline(read_as: ReadAs, work: Work) -> None:
    work.in_review("超期的店", DAY * 9)
    work.in_review("下周的店")
    page = read_as("linxiaolan").open("/work")
    words = page.words
    assert "1 件已超期" in words
    assert words.index("已超期 1 件") < words.index("超期的店") < words.index("下周 1 件") < words.index("下周的店")
    assert "从第一件开始办" in words
    first = read_as("linxiaolan").open(page.link("从第一件开始办"))
    assert "超期的店" in first.words
    assert "第 1 件，共 2 件" in first.words


def test_the_next_one_opens_itself(read_as: ReadAs, work: Work) -> None:
    work.in_review("先办的店", DAY)
    work.in_review("后办的店")
    reader = read_as("linxiaolan")
    after = reader.press(reader.open("/work/first"), "通过")
    assert "已通过：先办的店" in after.words
    assert "请你决定" in after.words
    assert "后办的店" in after.words
    last = reader.press(after, "通过")
    assert last.path == "/work"
    assert "现在没有要办的" in last.words


def test_a_long_list_goes_on_by_key(read_as: ReadAs, work: Work) -> None:
    for number in range(52):
        work.shop(f"第 {number:02} 家店")
    reader = read_as("linxiaolan")
    first = reader.open("/work?tab=started")
    assert first.html.count('class="task-title"') == 50
    second = reader.open(first.link("后面 50 件"))
    assert second.html.count('class="task-title"') == 2
    assert "回到开头" in second.words
    seen = {f"第 {n:02} 家店" for n in range(52) if f"第 {n:02} 家店" in first.words + second.words}
    assert len(seen) == 52


def test_empty_lists_say_what_to_do_next(read_as: ReadAs) -> None:
    reader = read_as("tiantian")
    for path, said in {
        "/work": "现在没有要办的", "/work?tab=offered": "组里没有可以领的", "/work?tab=started": "你还没有发起过",
        "/work?tab=done": "还没有办过的", "/search?q=没有这样的店": "没有找到",
    }.items():  # fmt: skip
        page = reader.open(path)
        assert said in page.words, path
        assert '<div class="empty">' in page.html


def test_search_finds_two_characters_and_filters(read_as: ReadAs, work: Work) -> None:
    work.shop("晨雾床品旗舰店")
    done = work.in_review("青禾家居专营店")
    work.act("linxiaolan", done, "approve")
    reader = read_as("linxiaolan")
    assert "晨雾床品旗舰店" in reader.open("/search?q=床品").words
    assert "青禾家居专营店" not in reader.open("/search?q=床品").words
    assert "青禾家居专营店" in reader.open("/search?scope=ended").words
    assert "晨雾床品旗舰店" not in reader.open("/search?scope=ended").words
    assert (
        "晨雾床品旗舰店" in reader.open("/search?process=shop_build&who=林晓岚&since=2026-11-20&until=2026-11-20").words
    )
    assert "没有找到" in reader.open("/search?process=shop_build&until=2026-11-01").words
    assert "没有叫这个名字的人" in reader.open("/search?who=没有此人").words
    assert "至少写两个字" in reader.open("/search?q=店").words
    assert "没有找到" in read_as("panyue").open("/search?q=床品").words


def test_everyday_words_find_what_can_be_started(read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    assert "店铺规划与搭建" in reader.open("/start?q=装修").words
    assert "营销活动" in reader.open("/start?q=满减").words
    nothing = reader.open("/start?q=请假")
    assert "没有叫这个的" in nothing.words
    assert "看起来接近的" in nothing.words
    assert "这些会自动发起" in reader.open("/start?q=周报").words
    assert "数据周报 自动发起，下次" in reader.open("/start").words


def test_a_case_of_before_is_copied(read_as: ReadAs, work: Work) -> None:
    work.shop("可以照抄的店")
    reader = read_as("linxiaolan")
    form = reader.open("/start/shop_build")
    copy = reader.open(form.link("照抄上次的内容"))
    assert copy.value("shop") == ["可以照抄的店"]
    assert copy.value("style") == ["暖木、留白"]
    assert "照抄了上次的内容" in copy.words
    assert read_as("tiantian").open(f"/start/shop_build?copy={work.shop('别人的').case}").status in (403, 404)


def test_what_was_passed_up_is_counted_as_it_is_listed(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("转报的店", DAY * 9)
    with work.store.write() as session:
        task = open_task(session, case.case)
        session.add(TaskEscalation(task_id=task, person_id=work.person("chenglijun"), at=NOW))
    page = read_as("chenglijun").open("/work")
    assert page.html.count('class="task-title"') == 1
    assert "1 件已超期" in page.words
    assert "转报给你，原由林晓岚办" in page.words
    assert re.search(r"我的\s*1", page.words)
    rail = re.findall(r'<span class="(n[^"]*)">(\d+)', page.html)
    assert rail[0] == ("n n-late", "1"), "the rail says the same number, and that something is late"
    assert re.search(r"<em>1<span", page.html), "and so does the phone's tab"
    opened = read_as("chenglijun").open(page.link("从第一件开始办"))
    assert "第 1 件，共 1 件" in opened.words


def test_the_rail_counts_what_a_deputy_has_in_hand(read_as: ReadAs, work: Work) -> None:
    work.in_review("代办的店")
    with work.store.write() as session:
        days = (NOW.date(), NOW.date() + timedelta(days=3))
        add_absence(session, work.person("linxiaolan"), *days, NOW, deputy_id=work.person("panyue"))
    page = read_as("panyue").open("/work")
    listed = page.html.count('class="task-title"')
    assert listed == 1
    assert f'<span class="n">{listed}</span>' in page.html.partition('class="page')[0]
    assert f"第 1 件，共 {listed} 件" in read_as("panyue").open(page.link("从第一件开始办")).words


def test_a_manager_sees_who_is_late_with_what(read_as: ReadAs, work: Work) -> None:
    case = work.shop("超期的店", DAY * 20)
    work.act("wangzihan", case, "submit", DAY * 19, **BUILT)
    work.act("linxiaolan", case, "send_back", DAY * 18, reason="改")
    page = read_as("linxiaolan").open("/team")
    assert "超期的店" in page.words
    assert "王梓涵" in page.words
    assert "超期" in page.words
    assert "孙雨桐" in page.words, "who is away stands there too"


def test_a_manager_sees_no_titles_of_cases_that_are_not_theirs(read_as: ReadAs, work: Work) -> None:
    """沈怡 leads human resources; what 顾青 has in hand shows, what it is about only where 沈怡 may see it."""
    case, holder = work.shop("店主的秘密"), work.person("guqing")
    with work.store.write() as session:
        session.get_one(Task, open_task(session, case.case)).holder_id = holder
    page = read_as("shenyi").open("/team")
    assert "顾青" in page.words
    assert "店主的秘密" not in page.words
    assert "（你看不到的事项）" in page.words
