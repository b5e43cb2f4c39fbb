"""Lists of mails: the newest first, paged by key, never counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notify.office import NOW, Office, settings
from workflows.db import Database, new_id
from workflows.notify.gather import Gatherer
from workflows.notify.pages import TROUBLED, delivery_of, list_mails, one_mail, troubled
from workflows.notify.tables import Mail, MailStatus


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_pages_follow_each_other_without_gap_or_repetition(office: Office) -> None:
    lin, wang = office.hire("林晓岚"), office.hire("王梓涵")
    with office.database.write() as session:
        for number in range(25):
            at = NOW + timedelta(minutes=number // 3)  # several at one time
            session.add(
                Mail(
                    id=new_id(), person_id=lin if number % 2 else wang, message_id=str(number), created_at=at, patience_from=at,
                    status=MailStatus.FAILED if number == 3 else MailStatus.SENT,
                )
            )  # fmt: skip
    seen: list[str] = []
    after = None
    with office.database.read() as session:
        while True:
            page = list_mails(session, after=after, limit=7)
            seen += [row.message_id for row in page.rows]
            after = page.next
            if after is None:
                break
        assert seen == [str(number) for number in reversed(range(25))]
        assert len(list_mails(session, person=lin).rows) == 12
        assert [row.message_id for row in list_mails(session, statuses=TROUBLED).rows] == ["3"]
        assert troubled(session) == 1


def test_a_kept_mail_shows_what_it_says_and_how_many_messages_it_gathers(office: Office) -> None:
    lin = office.hire("林晓岚")
    messages = [office.tell(lin, "task", office.open_task(lin)) for _ in range(3)]
    with office.database.write() as session:
        gatherer = Gatherer.from_settings(settings(demo=True))
        gatherer.gather(session, office.organisation(session), office.calendar(session), NOW)
    mail_id = office.messages()[messages[0]].mail_id
    assert mail_id is not None
    with office.database.read() as session:
        row = one_mail(session, mail_id)
        assert row is not None
        assert (row.messages, row.status, row.person) == (3, MailStatus.WAITING, lin)
        assert delivery_of(session, [mail_id]) == {mail_id: MailStatus.WAITING}
        assert delivery_of(session, []) == {}
        assert one_mail(session, new_id()) is None
