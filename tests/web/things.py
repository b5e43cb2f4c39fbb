"""One of each thing that pages are about, so that every address of the service can be called."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine.engine import Engine
from workflows.engine.requests import StartRequest
from workflows.engine.tables import Incident
from workflows.notify.tables import Mail, MailStatus
from workflows.org.accounts_tables import WorkSession
from workflows.org.people import add_absence
from workflows.org.tables import Person

SHOP = {
    "shop": "木与日光旗舰店二楼", "platform": "tmall", "positioning": "中高端实木家居，客单价 ¥800 以上",
    "style": "暖木、留白；主色不超过 2 种",
}  # fmt: skip


def add_things(session: Session, engine: Engine, now: datetime) -> dict[str, str]:
    """Add them, and name them as the addresses call them (`case_id`, `mail_id`, …)."""
    ids = dict(session.execute(select(Person.login, Person.id)).all())
    supervisor, specialist = ids["linxiaolan"], ids["wangzihan"]
    request = StartRequest(key=new_id(), actor=supervisor, process="shop_build", values=SHOP)
    started = engine.start(session, request, now - timedelta(days=1))
    file = engine.upload(session, supervisor, "首页.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, now)
    mail = Mail(
        id=new_id(), person_id=supervisor, message_id=f"<{uuid.uuid4()}@tests>", status=MailStatus.FAILED, created_at=now,
        patience_from=now, subject="有 1 件要办", text="审核 木与日光旗舰店二楼",
    )  # fmt: skip
    incident = Incident(id=new_id(), at=now, kind="nobody", case_id=started.case, code="nobody", detail="没有人可办")
    session.add_all([mail, incident])
    session.flush()
    own_session = session.scalars(select(WorkSession.id).where(WorkSession.person_id == specialist)).first()
    absence = add_absence(session, specialist, now.date() + timedelta(days=3), now.date() + timedelta(days=5), now)
    return {
        "case_id": str(started.case), "task_id": str(started.opened[0].id), "file_id": str(file), "mail_id": str(mail.id),
        "incident_id": str(incident.id), "session_id": str(own_session), "absence_id": str(absence), "person_id": str(specialist),
        "key": "shop_build", "process": "shop_build", "action": "submit", "seq": "1", "token": "unknown", "chosen": "en",
        "filename": "app.css",
    }  # fmt: skip
