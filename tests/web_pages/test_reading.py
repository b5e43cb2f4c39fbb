"""Reading any page: it changes nothing, and asks little of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.office import counted
from web.contents import contents
from web_pages.reader import ReadAs
from web_pages.things import BUILT, Work, open_task
from workflows.db import Database

DAY = timedelta(days=1)
OURS_TO_CHANGE = {"work_session", "seen", "task_opening", "access_log"}
LIMITS = {"/work": 15, "/work?tab=started": 11, "/cases": 16}
"""Statements of a whole request. In the engine a case page asks at most 12; who is asking, the number in the rail, what was read and what
was opened come on top."""


def paths(work: Work) -> dict[str, list[str]]:
    """Addresses that the reader of each login opens."""
    case = work.in_review("木与日光旗舰店二楼", DAY)
    with work.store.read() as session:
        task = open_task(session, case.case)
    return {
        "linxiaolan": [
            "/work", "/work?tab=offered", "/work?tab=started", "/work?tab=done", "/work?process=shop_build", "/work/first",
            f"/work/next?task={task}", f"/tasks/{task}", f"/tasks/{task}/actions/send_back", f"/cases/{case.case}",
            f"/cases/{case.case}/children", f"/cases/{case.case}/history", f"/cases/{case.case}/history/1",
            f"/cases/{case.case}/cancel", f"/cases/{case.case}/diagram.svg", "/start", "/start?q=装修", "/start?q=xyz",
            "/start/shop_build", f"/start/shop_build?copy={case.case}", "/search", "/search?q=旗舰店", "/search?q=旗", "/team",
        ],
        "hanwenbo": ["/audit/", f"/audit/cases/{case.case}", "/audit/log", "/search?q=旗舰店"],
    }  # fmt: skip


def test_get_changes_nothing_but_sessions_and_what_was_read(read_as: ReadAs, store: Database, work: Work) -> None:
    for login, addresses in paths(work).items():
        reader = read_as(login)
        for path in addresses:
            before = contents(store)
            answer = reader.open(path)
            assert answer.status == 200, path
            after = contents(store)
            changed = {name for name in after if after[name] != before.get(name)}
            assert changed <= OURS_TO_CHANGE, path


@pytest.mark.parametrize("company", ["sqlite", "postgres"], indirect=True)
def test_pages_ask_little_however_long_they_are(read_as: ReadAs, store: Database, work: Work) -> None:
    reader = read_as("linxiaolan")
    case = work.in_review("第一家", DAY)
    for path in ("/work", f"/cases/{case.case}"):
        reader.open(path)
    few: dict[str, int] = {}
    for path in ("/work", "/work?tab=started", f"/cases/{case.case}"):
        with counted(store) as asked:
            reader.open(path)
        few[path] = len(asked)
    for number in range(12):
        work.in_review(f"第 {number} 家", DAY * 2)
    for number in range(20):
        work.act("linxiaolan", case, "send_back", DAY / 2, reason=f"再改 {number}")
        work.act("wangzihan", case, "submit", DAY / 2, **{**BUILT, "load_time": str(number % 3 + 1)})
    for path, before in few.items():
        with counted(store) as asked:
            assert reader.open(path).status == 200
        assert len(asked) <= before + 1, path
        assert len(asked) <= LIMITS[path if path in LIMITS else "/cases"], "\n".join(asked)
