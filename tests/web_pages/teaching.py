"""A year of training as the company lives it: a plan with two trainings, one held and judged, one for users, one that fell through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from infrastructure.ticking import tick
from web_pages.conftest import NOW
from web_pages.things import Work
from workflows.db import Database, new_id
from workflows.engine.requests import Outcome, Submission
from workflows.engine.tables import Task
from workflows.http import services

DAY = timedelta(days=1)


class Teaching:
    """Lets people plan, hold and judge trainings in the weeks before `NOW`."""

    def __init__(self, site: Flask, store: Database) -> None:
        self.work = Work(store, services(site).engine, NOW)

    def until(self, days_ago: int) -> None:
        """Timers ring and signals arrive, as far as they are due then; no schedule begins anything."""
        tick(self.work.store, self.work.engine, NOW - days_ago * DAY)

    def begin(self, topic: str, planned_on: str, ago: int, **more: Any) -> Outcome:
        values = {
            "method": "internal",
            "organiser": self.id("guqing"),
            "planned_on": planned_on,
            "audience": "employees",
        } | more
        return self.work.start("shenyi", "training_session", ago * DAY, topic=topic, **values)

    def announce(
        self, training: Outcome, held_at: str, judge_on: str, ago: int, people: tuple[str, ...] = (), **more: Any
    ) -> None:
        values = {
            "held_at": held_at,
            "hours": "2",
            "place": "三楼会议室",
            "passing": "独立做成一次",
            "judge_on": judge_on,
        } | more
        if people:
            values["participants"] = self.ids(people)
        self.work.act("guqing", training, "submit", ago * DAY, **values)

    def year(self) -> dict[str, Outcome]:
        """Everything, by what it is."""
        judged = self.begin("千川投流实操", "2026-10-30", 28)
        users = self.begin("商家后台对账", "2026-11-04", 27, method="online", audience="users")
        fallen = self.begin("跨部门沟通", "2026-11-06", 26, method="external")
        came = ("linan", "xieting", "zhaozimo")
        self.announce(judged, "2026-10-30 14:00", "2026-11-16", 26, (*came, "caoyifan"), lecturer=self.id("zhangyuwei"))
        self.announce(users, "2026-11-04 15:00", "2026-12-04", 25, for_users="商家", guest_lecturer="平台小二")
        self.until(20)
        self.work.act("guqing", judged, "submit", 20 * DAY, attended=self.ids(came))
        for login in came:
            self.own(login, judged, 19, useful="5", clear="4")
        self.until(15)
        self.work.act("guqing", users, "submit", 15 * DAY, users_attended="46")
        self.work.act("guqing", fallen, "drop", 14 * DAY, reason="外训太贵")
        self.until(3)
        self.work.act("guqing", judged, "submit", 3 * DAY, passed=self.ids(came[:2]), effect="过审率 60% → 85%")
        plan = self.plan()
        ahead = self.begin("年货节页面", "2026-12-10", 1, method="practice")
        return {"judged": judged, "users": users, "fallen": fallen, "plan": plan, "ahead": ahead}

    def plan(self) -> Outcome:
        """A team's plan of the year, approved: its one training waits for its day."""
        plan = self.work.start(
            "wulihua", "training_plan", 20 * DAY, year="2026", scope="team", planner=self.id("wulihua")
        )
        for login in ("xujing", "huangjunjie", "lijiayi", "dengkai", "jiangxue"):
            self.own(login, plan, 19)
        row = {
            "topic": "差评回复",
            "content": "communication",
            "method": "internal",
            "planned_on": "2026-12-23",
            "audience": "employees",
        }
        sessions = [{**row, "for_whom": "客服组", "organiser": self.id("xujing"), "cost": ""}]
        self.work.act("wulihua", plan, "submit", 18 * DAY, goals="差评回复满意", sessions=sessions)
        self.work.act("chenglijun", plan, "approve", 17 * DAY)
        self.until(2)
        return plan

    def own(self, login: str, case: Outcome, ago: int, **values: str) -> None:
        """Everybody asked has a task of their own."""
        with self.work.store.write() as session:
            mine = select(Task.id).where(Task.case_id == case.case, Task.holder_id == self.work.person(login))
            task = session.scalars(mine.where(Task.status == "open")).one()
            submission = Submission(new_id(), self.work.person(login), "submit", task=task, values=values)
            self.work.engine.fire(session, submission, NOW - ago * DAY)

    def id(self, login: str) -> str:
        return str(self.work.person(login))

    def ids(self, logins: tuple[str, ...]) -> list[str]:
        return [self.id(login) for login in logins]
