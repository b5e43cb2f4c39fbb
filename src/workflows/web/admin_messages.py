"""Mails: what went out, what waits, what is in doubt; and in the demo their full text, because nothing is sent there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.engine.tables import Case, Message
from workflows.engine.views.pages import PageKey
from workflows.errors import NotFound
from workflows.http import ADMINISTRATOR, ANYONE, allow, visit
from workflows.notify.outbox import try_again
from workflows.notify.pages import MailRow, list_mails, one_mail
from workflows.notify.tables import MailStatus
from workflows.web.admin_running import paging_after, running_tabs
from workflows.web.components import Chip, Option, Paging, Select, Tone
from workflows.web.language import _, mark
from workflows.web.reader import words
from workflows.web.shell import say

PAGE: Final = 50
STATES: Final[dict[str, tuple[str, Tone]]] = {
    MailStatus.WAITING: (mark("等着寄"), "plain"),
    MailStatus.SENDING: (mark("正在寄"), "act"),
    MailStatus.SENT: (mark("已送出"), "done"),
    MailStatus.DOUBT: (mark("不确定是否送到"), "soon"),
    MailStatus.FAILED: (mark("没寄成"), "late-soft"),
    MailStatus.KEPT: (mark("留在本机"), "plain"),
    MailStatus.DROPPED: (mark("不必寄了"), "plain"),
}
ASLEEP: Final = frozenset({MailStatus.FAILED, MailStatus.DOUBT})

blueprint = Blueprint("admin_messages", __name__, url_prefix="/admin/mails")
demo_blueprint = Blueprint("demo_mails", __name__, url_prefix="/demo/mails")
"""Registered in demo mode only: whoever tries the service out reads what it would have sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mail as the list says it."""

    id: uuid.UUID
    to: str
    subject: str
    state: Chip
    made: str
    sent: str
    error: str


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """All mails, the newest first; filter by state."""
    state = request.args.get("state", "")
    found, paging = _page("admin_messages.index", state)
    options = (Option("", _("全部状态")), *(Option(key, _(title)) for key, (title, _tone) in STATES.items()))
    return render_template(
        "admin/mails.html", tabs=running_tabs(), rows=found, paging=paging, target="admin_messages.show",
        select=Select("state", _("状态"), options, state),
    )  # fmt: skip


@blueprint.get("/<uuid:mail_id>")
@allow(ADMINISTRATOR)
def show(mail_id: uuid.UUID) -> ResponseReturnValue:
    """One mail: its text where it was kept, what it is about, how far it got."""
    mail = _mail(mail_id)
    return render_template(
        "admin/mail.html", mail=mail, row=_row(mail), facts=_facts(mail_id), asleep=mail.status in ASLEEP,
        next=words().moment(mail.next_at) if mail.next_at else "",
    )  # fmt: skip


@blueprint.post("/<uuid:mail_id>/again")
@allow(ADMINISTRATOR)
def again(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Have a failed or doubtful mail sent once more."""
    try_again(visit().session, mail_id, visit().now)
    say(_("会再寄一次，编号不变，重复的会被邮箱合并。"))
    return redirect(url_for("admin_messages.show", mail_id=mail_id))


@demo_blueprint.get("")
@allow(ANYONE)
def demo_index() -> ResponseReturnValue:
    """The mails of the demo."""
    rows, paging = _page("demo_mails.demo_index")
    return render_template("door/mails.html", rows=rows, paging=paging)


@demo_blueprint.get("/<uuid:mail_id>")
@allow(ANYONE)
def demo_show(mail_id: uuid.UUID) -> ResponseReturnValue:
    """One mail of the demo, in full."""
    mail = _mail(mail_id)
    return render_template("door/mail.html", mail=mail, row=_row(mail))


def _page(endpoint: str, state: str = "") -> tuple[list[Row], Paging]:
    after = PageKey.parse(request.args.get("after", ""))
    statuses = (MailStatus(state),) if state in STATES else ()
    page = list_mails(visit().session, statuses=statuses, after=after, limit=PAGE)
    return [_row(mail) for mail in page.rows], paging_after(page.next, endpoint, {"state": state})


def _row(mail: MailRow) -> Row:
    said = words()
    title, tone = STATES[mail.status]
    return Row(
        id=mail.id,
        to=visit().organisation.name_of(mail.person),
        subject=mail.subject or _("（寄出时才写成）"),
        state=Chip(_(title), tone),
        made=said.moment(mail.created_at),
        sent=said.moment(mail.sent_at) if mail.sent_at else "",
        error=mail.error or "",
    )


def _facts(mail_id: uuid.UUID) -> list[tuple[str, str, uuid.UUID | None, str]]:
    """What the mail is about: the kind of news, when it was noted, and the case."""
    about = (
        select(Message.kind, Message.created_at, Case.id, Case.title)
        .join(Case, Case.id == Message.case_id, isouter=True)
        .where(Message.mail_id == mail_id)
        .order_by(Message.created_at)
    )
    said = words()
    return [(kind, said.moment(at), case, title or "") for kind, at, case, title in visit().session.execute(about)]


def _mail(mail_id: uuid.UUID) -> MailRow:
    mail = one_mail(visit().session, mail_id)
    if mail is None:
        raise NotFound("没有这封邮件。", "There is no such mail.")
    return mail
