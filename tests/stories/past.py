"""What has happened in a company, in the words of stories: cases, their histories line by line, and who was told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from stories.reading import ZONE
from workflows.db import Database
from workflows.definition.model import Process
from workflows.engine.tables import Case, Event, EventValue, Message

MAILS = {
    "task": "待办", "reminder": "提醒", "escalation": "转报", "alert": "警示", "sent_back": "退回", "notice": "通知", "urge": "催办",
}  # fmt: skip


@dataclass
class Past:
    """One company, looked back upon. `people`: by name, in the order of the organisation."""

    database: Database
    processes: Mapping[str, Process]
    people: Mapping[str, uuid.UUID]
    names: Mapping[uuid.UUID, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {person: name for name, person in self.people.items()}

    def cases(self) -> list[Case]:
        """All cases, oldest first."""
        with self.database.read() as session:
            return list(session.scalars(select(Case).order_by(Case.started_at, Case.id)))

    def called(self, case: Case) -> str:
        """Process and case as people call them."""
        return f"{self.processes[case.process].title.zh} {case.title}"

    def state(self, case: Case) -> str:
        """Where a case stands, in words."""
        state = self.processes[case.process].states.get(case.state)
        return "作废" if case.outcome == "cancelled" else state.title.zh if state else "发起"

    def history(self, case: Case) -> list[str]:
        """A case's events as lines."""
        with self.database.read() as session:
            rows = session.execute(
                select(Event, EventValue.values)
                .join(EventValue, EventValue.event_id == Event.id)
                .where(Event.case_id == case.id)
                .order_by(Event.seq)
            )
            return [self._line(self.processes[case.process], event, said) for event, said in rows]

    def _line(self, process: Process, event: Event, said: Mapping[str, Any]) -> str:
        fields = [process.fields[name].title.zh for name in process.fields if name in said.get("changes", {})]
        text = f"{event.at.astimezone(ZONE):%Y-%m-%d %H:%M} {self._who(event)} {self._what(process, event, said)}"
        if event.to_state:
            state = process.states.get(event.to_state)
            text += f" → {state.title.zh if state else '发起'}"
        text += f" · {'、'.join(fields)}" if fields else ""
        text += f"（{said['reason']}）" if said.get("reason") else ""
        return text + (" 迟" if event.late else "")

    def _who(self, event: Event) -> str:
        if event.actor_id is None:
            return "时钟" if event.kind in ("timer", "escalated", "alerted") else "系统"
        name = self.names[event.actor_id]
        return f"{name}代{self.names[event.on_behalf_of]}" if event.on_behalf_of else name

    def _what(self, process: Process, event: Event, said: Mapping[str, Any]) -> str:
        plain = {
            "started": "发起", "timer": "到时", "signal": "收到通知", "claimed": "领取", "released": "放回", "cancelled": "作废",
            "alerted": "警示", "commented": "评论", "spawned": "发起下级",
        }  # fmt: skip
        if event.kind == "escalated":
            return "转报" + self._named(said.get("to", []))
        if event.kind in plain:
            return plain[event.kind]
        state = process.states.get(event.from_state or "")
        actions = {**(state.actions if state else {}), **{n: a.action for n, a in process.anytime.items()}}
        known = actions.get(event.action or "")
        return known.title.zh if known else "提交"

    def _named(self, people: Iterable[str]) -> str:
        """Names in the order of the organisation."""
        order = list(self.people)
        return "、".join(sorted({self.names[uuid.UUID(hex=person)] for person in people}, key=order.index))

    def mails(self) -> list[str]:
        """All messages: when, why, to whom, about which case."""
        titles = {case.id: self.called(case) for case in self.cases()}
        groups: dict[tuple[datetime, str, str], list[str]] = {}
        with self.database.read() as session:
            for message in session.scalars(select(Message).order_by(Message.created_at, Message.id)):
                place = (message.created_at, MAILS[message.kind], titles.get(message.case_id or uuid.UUID(int=0), ""))
                groups.setdefault(place, []).append(self.names[message.person_id])
        order = list(self.people)
        return [
            f"{at.astimezone(ZONE):%Y-%m-%d %H:%M} {kind} {'、'.join(sorted(set(names), key=order.index))}：{title}"
            for (at, kind, title), names in groups.items()
        ]
