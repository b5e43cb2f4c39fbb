"""Waiting messages become mails: one per person and time, without what is no longer true (peers.md, problem 23)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine.tables import Message, MessageStatus
from workflows.notify.etiquette import OPEN_HOUSE, Etiquette
from workflows.notify.facts import ONCE_A_DAY, Fact, load_facts
from workflows.notify.tables import Mail
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation
from workflows.settings import Settings

PEOPLE_AT_ONCE = 200
_Told: TypeAlias = frozenset[tuple[uuid.UUID, str, uuid.UUID | None]]


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Makes mails of messages. `keeps`: mails are kept and shown, so nobody needs an address."""

    etiquette: Etiquette
    host: str
    keeps: bool

    @classmethod
    def from_settings(cls, settings: Settings) -> Gatherer:
        """Kept at once in demo mode and without a mail server; elsewhere spaced out and not at night."""
        keeps = settings.demo or not settings.smtp_url
        host = urlsplit(settings.base_url).hostname or "localhost"
        return cls(OPEN_HOUSE if settings.demo else Etiquette(), host, keeps)

    def gather(self, session: Session, organisation: Organisation, calendar: Calendar, now: datetime) -> int:
        """Make the mails that may go out now; what may not yet is put off. How many messages were dealt with; 0: none is due."""
        people = _who_waits(session, now)
        if not people:
            return 0
        by_person = _lock_messages(session, people, now)
        told = _told_today(session, by_person, calendar.start_of(calendar.day_of(now)))
        last = _last_mails(session, people, now - self.etiquette.spacing)
        for person, facts in by_person.items():
            worth = [f for f in facts if self._worth(f, organisation, told)]
            _drop(session, [f for f in facts if f not in worth])
            if worth:
                kinds = {fact.kind for fact in worth}
                earliest = self.etiquette.earliest(kinds, last.get(person), now, calendar)
                self._mail(session, person, worth, now) if earliest <= now else _put_off(session, worth, earliest)
        return sum(len(facts) for facts in by_person.values())

    def _worth(self, fact: Fact, organisation: Organisation, told: _Told) -> bool:
        member = organisation.people.get(fact.person_id)
        reachable = member is not None and member.active and (self.keeps or bool(member.email))
        return reachable and fact.still_true and (fact.person_id, fact.kind, fact.task_id) not in told

    def _mail(self, session: Session, person: uuid.UUID, facts: Iterable[Fact], now: datetime) -> None:
        mail = new_id()
        session.add(
            Mail(
                id=mail,
                person_id=person,
                message_id=f"<{mail}@{self.host}>",
                created_at=now,
                patience_from=now,
                next_at=now,
            )
        )
        session.flush()
        ids = [fact.id for fact in facts]
        session.execute(update(Message).where(Message.id.in_(ids)).values(status=MessageStatus.TAKEN, mail_id=mail))


def next_due(session: Session) -> datetime | None:
    """When the next waiting message may be told; None when none waits."""
    waiting = select(Message.next_at).where(Message.status == MessageStatus.WAITING)
    return session.scalar(waiting.order_by(Message.next_at).limit(1))


def _who_waits(session: Session, now: datetime) -> list[uuid.UUID]:
    due = (Message.status == MessageStatus.WAITING) & (Message.next_at <= now)
    first = func.min(Message.next_at)
    people = select(Message.person_id).where(due).group_by(Message.person_id).order_by(first, Message.person_id)
    return list(session.scalars(people.limit(PEOPLE_AT_ONCE)))


def _lock_messages(session: Session, people: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, list[Fact]]:
    due = Message.person_id.in_(people) & (Message.status == MessageStatus.WAITING) & (Message.next_at <= now)
    ours = list(session.scalars(select(Message.id).where(due).with_for_update(skip_locked=True)))
    by_person: defaultdict[uuid.UUID, list[Fact]] = defaultdict(list)
    for fact in load_facts(session, Message.id.in_(ours)):
        by_person[fact.person_id].append(fact)
    return by_person


def _told_today(session: Session, by_person: dict[uuid.UUID, list[Fact]], midnight: datetime) -> _Told:
    """Who was told today about which task, of the kinds of which one a day is enough."""
    tasks = {f.task_id for facts in by_person.values() for f in facts if f.kind in ONCE_A_DAY and f.task_id}
    if not tasks:
        return frozenset()
    rows = session.execute(
        select(Message.person_id, Message.kind, Message.task_id)
        .join(Mail, Mail.id == Message.mail_id)
        .where(Message.task_id.in_(tasks), Message.kind.in_(ONCE_A_DAY), Mail.created_at >= midnight)
    )
    return frozenset((person, kind, task) for person, kind, task in rows)


def _last_mails(session: Session, people: Collection[uuid.UUID], since: datetime) -> dict[uuid.UUID, datetime]:
    last = select(Mail.person_id, func.max(Mail.created_at, type_=Mail.created_at.type))
    recent = last.where(Mail.person_id.in_(people), Mail.created_at > since).group_by(Mail.person_id)
    return dict(session.execute(recent).all())


def _drop(session: Session, facts: Collection[Fact]) -> None:
    if facts:
        ids = [fact.id for fact in facts]
        session.execute(update(Message).where(Message.id.in_(ids)).values(status=MessageStatus.DROPPED))


def _put_off(session: Session, facts: Iterable[Fact], until: datetime) -> None:
    ids = [fact.id for fact in facts]
    session.execute(update(Message).where(Message.id.in_(ids)).values(next_at=until))
