"""A mail's words, composed when it is sent: text and HTML, in the reader's language, with nothing that only pages may show.

Links open a task after sign-in; opening changes nothing, so a scanner that follows them does no harm (peers.md, problem 24).
Templates: `templates/mail/<language>.txt` and `.html`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine.tables import Message
from workflows.notify import words
from workflows.notify.facts import Fact, load_facts, strongest
from workflows.notify.words import BRAND, Reader
from workflows.org.calendar import Calendar
from workflows.org.organisation import Member, Organisation
from workflows.settings import Settings, project_folder

MOST_ITEMS = 30
LONGEST_SUBJECT = 120


class Knowledge(Protocol):
    """What a letter needs to know besides its facts; `engine.Engine` knows it."""

    def organisation(self, session: Session) -> Organisation:
        """The people as they are now."""

    def calendar(self, session: Session) -> Calendar:
        """The company's days and hours."""

    def definition(self, session: Session, definition_id: uuid.UUID) -> Process:
        """The version a case is pinned to."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a letter. `call`, `due` and `note` may be empty."""

    call: str
    headline: str
    process: str
    due: str
    note: str
    late: bool
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter to one person. `address` is empty for somebody without mail."""

    name: str
    address: str
    language: str
    subject: str
    text: str
    html: str


class LetterWriter:
    """Composes letters; one per process, because templates are compiled once."""

    def __init__(self, settings: Settings, knowledge: Knowledge) -> None:
        self._base_url = settings.base_url
        self._language = settings.language
        self._knowledge = knowledge
        self._templates = Environment(
            loader=FileSystemLoader(project_folder("templates") / "mail"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def write(self, session: Session, mail: uuid.UUID, person: uuid.UUID, now: datetime) -> Letter | None:
        """The letter of a mail as of now; None when nothing in it is true any more or its person has left."""
        organisation = self._knowledge.organisation(session)
        member = organisation.people.get(person)
        facts = strongest([f for f in load_facts(session, Message.mail_id == mail) if f.still_true])
        if member is None or not member.active or not facts:
            return None
        reader = Reader(member.language or self._language, now, self._knowledge.calendar(session), organisation)
        items = [self._item(session, fact, reader) for fact in _latest_first(facts, now)]
        return self._letter(member, items, reader)

    def _item(self, session: Session, fact: Fact, reader: Reader) -> Item:
        process = self._process(session, fact)
        if process is None:
            return Item("", BRAND.text(reader.language), "", "", "", False, self._link(fact))
        return Item(
            call=words.call(fact, reader),
            headline=words.headline(fact, process, reader),
            process=process.title.text(reader.language),
            due=words.due(fact, reader),
            note=words.note(fact, process, reader),
            late=words.is_late(fact, reader.now),
            link=self._link(fact),
        )

    def _process(self, session: Session, fact: Fact) -> Process | None:
        return None if fact.case is None else self._knowledge.definition(session, fact.case.definition_id)

    def _link(self, fact: Fact) -> str:
        if fact.task_id is not None:
            return f"{self._base_url}/tasks/{fact.task_id}"
        return f"{self._base_url}/cases/{fact.case.id}" if fact.case is not None else f"{self._base_url}/"

    def _letter(self, member: Member, items: list[Item], reader: Reader) -> Letter:
        language = "en" if reader.language.startswith("en") else "zh"
        values = {
            "name": member.name,
            "items": items[:MOST_ITEMS],
            "more": len(items) - MOST_ITEMS,
            "count": len(items),
            "late": sum(item.late for item in items),
            "subject": _subject(items, reader),
            "brand": BRAND.text(language),
            "work_link": f"{self._base_url}/",
        }
        text, html = (self._templates.get_template(f"{language}.{kind}").render(values) for kind in ("txt", "html"))
        return Letter(member.name, member.email or "", language, str(values["subject"]), text, html)


def as_bytes(letter: Letter, sender: str, message_id: str, now: datetime) -> bytes:
    """The letter as it travels: ASCII only, lines ending in CRLF, headers made by the library so that nothing slips in."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(BRAND.text(letter.language), addr_spec=sender)
    message["To"] = Address(_one_line(letter.name), addr_spec=letter.address)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "en" if letter.language == "en" else "zh-CN"
    message.set_content(letter.text, charset="utf-8", cte="base64")
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="base64")
    return message.as_bytes()


def _subject(items: list[Item], reader: Reader) -> str:
    late = sum(item.late for item in items)
    if len(items) > 1:
        among = reader.say(f"，其中 {late} 件超期", f", {late} of them late") if late else ""
        return reader.say(f"{len(items)} 件事等你看{among}", f"{len(items)} things for you{among}")
    only = items[0]
    said = f"{only.call}{only.headline}{reader.say('：', ': ') if only.due else ''}{only.due}"
    return said if len(said) <= LONGEST_SUBJECT else f"{said[: LONGEST_SUBJECT - 1]}…"


def _latest_first(facts: list[Fact], now: datetime) -> list[Fact]:
    """Late ones first, then by due time; news without a deadline last, in the order they happened."""

    def rank(fact: Fact) -> tuple[bool, bool, datetime]:
        due_at = fact.task.due_at if fact.task is not None else None
        return not words.is_late(fact, now), due_at is None, due_at or fact.created_at

    return sorted(facts, key=rank)


def _one_line(written: str) -> str:
    return " ".join(written.split())
