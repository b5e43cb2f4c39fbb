"""Complaints in the small company, worked off by people, and what they count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.office import Office
from workflows.db import Database
from workflows.reports import figures

COMPLAINTS = """
process: complaint
title: {zh: 投诉, en: Complaint}
source: A三(四)3
name: "{what}"
start: {by: everyone, form: [what, budget, due_on, heard_at, urgent]}
parameters:
  limit: {type: integer, value: 24, zh: 时限, en: Limit}
fields:
  what:    {type: text, required: true, zh: 事由, en: What}
  budget:  {type: money, zh: 赔付, en: Compensation}
  due_on:  {type: date, zh: 期限, en: Due}
  heard_at: {type: datetime, zh: 来电时间, en: Called at}
  urgent:  {type: boolean, default: false, zh: 加急, en: Urgent}
  rating:  {type: rating, zh: 评分, en: Rating}
  costs:
    type: table
    zh: 费用
    en: Costs
    columns:
      cost: {type: decimal, required: true, zh: 金额, en: Cost}
      on:   {type: date, required: true, zh: 日期, en: Day}
states:
  handling:
    title: {zh: 处理, en: Handling}
    task: {for: {position: operations_specialist}, edit: [rating, costs], due: 24h}
    actions: {submit: checking}
  checking:
    title: {zh: 复核, en: Checking}
    task: {for: starter, due: 5wd}
    actions:
      approve: resolved
      send_back: {to: handling, reason: required}
  resolved: {title: {zh: 已解决, en: Resolved}, end: completed}
figures:
  complaints_due:        {count: resolved, for: {did: handling}, month: resolved}
  complaints_within_24h: {count: resolved, when: "elapsed(handling, checking) <= 24h", for: {did: handling}, month: resolved}
  complaints_on_time:    {count: resolved, when: on_time(handling), for: {did: handling}, month: resolved}
  complaints_at_once:    {count: resolved, when: sent_back(handling) == 0, for: {did: handling}, month: resolved}
  complaint_hours:       {sum: (done(handling) - first(handling)) / 1h, for: {did: handling}, month: resolved}
  complaints_by_date:    {count: resolved, when: resolved <= end_of(due_on), for: {did: handling}, month: resolved}
  complaints_over_limit: {count: resolved, when: budget > limit, for: {did: handling}, month: resolved}
  money_spent:           {sum: budget, for: starter, month: resolved}
  money_planned:         {sum: budget, for: [starter, {manager_of: starter}], month: due_on}
  complaints_heard:      {count: resolved, for: starter, month: heard_at}
  mean_rating:           {mean: rating, for: {did: handling}, month: resolved}
  urgent_share:          {share: urgent, for: starter, month: resolved}
  costs_noted:           {rows: costs, when: each.cost > 1, for: starter, month: each.on}
  costs_sum:             {rows: costs, sum: each.cost, for: starter, month: resolved}
  costs_mean:            {rows: costs, mean: each.cost, for: starter, month: resolved}
"""


class Complaints:
    """The office, complaints in it, and what they count."""

    def __init__(self, database: Database, *definitions: str) -> None:
        self.office = Office(database).found(*(definitions or (COMPLAINTS,)), in_use=timedelta(days=40))

    def file(self, starter: str = "supervisor", **values: Any) -> Any:
        return self.office.start(starter, "complaint", what="慢", **values).case

    def handle(self, case: Any, login: str = "wang", hours: float = 1, **values: Any) -> None:
        self.office.later(hours=hours)
        self.office.act(login, self.office.task(case), "submit", values)

    def resolve(self, case: Any, starter: str = "supervisor", action: str = "approve", reason: str = "") -> None:
        self.office.act(starter, self.office.task(case), action, reason=reason)

    def complete(self, starter: str = "supervisor", login: str = "wang", hours: float = 1, **values: Any) -> Any:
        first = {name: values.pop(name) for name in ("budget", "due_on", "heard_at", "urgent") if name in values}
        case = self.file(starter, **first)
        self.handle(case, login, hours, **values)
        self.resolve(case, starter)
        return case

    def counted(self, month: str = "2026-11") -> dict[str, dict[str, str]]:
        """Login → figure → value."""
        logins = {person: login for login, person in self.office.people.items()}
        with self.office.database.read() as session:
            scene = self.office.engine.scene(session, self.office.now)
            found = figures.counted(session, scene, month)
        return {logins[person]: {name: str(one.value) for name, one in own.items()} for person, own in found.items()}
