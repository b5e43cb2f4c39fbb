"""Sessions live on the server: what ends them, and that an ended one stays ended."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from workflows.db import Database
from workflows.errors import NotFound
from workflows.org import sessions
from workflows.org.people import create_person
from workflows.org.rules import AccountRules
from workflows.org.tables import Person
from workflows.settings import Settings

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ann(database: Database) -> uuid.UUID:
    with database.write() as session:
        return create_person(session, "ann", NOW)[0].id


def opened(database: Database, person: uuid.UUID, *, keep: bool = False, now: datetime = NOW) -> str:
    with database.write() as session:
        return sessions.open_session(session, person, now, "10.0.0.1", "Firefox", keep=keep)


def seen(database: Database, token: str | None, now: datetime) -> sessions.SignedIn | None:
    with database.read() as session:
        return sessions.session_of(session, token, now)


def used(database: Database, token: str, now: datetime) -> None:
    signed_in = seen(database, token, now)
    assert signed_in is not None
    with database.write() as session:
        sessions.touch(session, signed_in.session_id, now)


def test_unused_for_half_an_hour_it_ends(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    assert seen(database, token, NOW + 29 * MINUTE) is not None
    assert seen(database, token, NOW + 30 * MINUTE) is None


def test_used_all_the_time_it_ends_after_half_a_day(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    for quarter in range(1, 48):
        used(database, token, NOW + quarter * 15 * MINUTE)
    assert seen(database, token, NOW + 12 * HOUR - MINUTE) is not None
    assert seen(database, token, NOW + 12 * HOUR) is None


def test_on_a_device_of_their_own_it_holds_a_week(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann, keep=True)
    assert seen(database, token, NOW + timedelta(days=6)) is not None
    assert seen(database, token, NOW + timedelta(days=7)) is None


def test_the_limits_come_from_the_settings(database: Database, ann: uuid.UUID) -> None:
    rules = AccountRules.from_settings(
        Settings("sqlite://", session_idle=MINUTE, session_limit=HOUR, zone="Europe/Berlin")
    )
    with database.write() as session:
        token = sessions.open_session(session, ann, NOW, "::1", "", rules=rules)
    assert seen(database, token, NOW + MINUTE) is None
    assert str(rules.zone) == "Europe/Berlin"


def test_looking_is_a_read_and_says_when_to_write(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    first, later = seen(database, token, NOW + MINUTE / 2), seen(database, token, NOW + MINUTE)
    assert first is not None
    assert later is not None
    assert (first.touch_due, later.touch_due) == (False, True)


def test_sign_out_ends_it_for_every_copy_of_the_cookie(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    with database.write() as session:
        sessions.sign_out(session, token, NOW)
    assert seen(database, token, NOW) is None
    with database.write() as session:
        row = sessions.sessions_of(session, ann, NOW)
        sessions.sign_out(session, token, NOW)
        sessions.sign_out(session, None, NOW)
    assert row == []


@pytest.mark.parametrize("token", [None, "", "x", "0" * 64])
def test_a_made_up_token_opens_nothing(database: Database, ann: uuid.UUID, token: str | None) -> None:
    opened(database, ann)
    assert seen(database, token, NOW) is None


def test_an_account_put_out_of_use_is_out_at_once(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    with database.write() as session:
        session.execute(update(Person).values(active=False))
    assert seen(database, token, NOW) is None


def test_an_ended_session_is_not_revived_by_use(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    signed_in = seen(database, token, NOW)
    assert signed_in is not None
    with database.write() as session:
        sessions.sign_out(session, token, NOW)
        sessions.touch(session, signed_in.session_id, NOW + MINUTE)
    assert seen(database, token, NOW + MINUTE) is None


def test_a_person_sees_and_ends_their_own_sessions_only(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        bo = create_person(session, "bo", NOW)[0].id
    mine, old = opened(database, ann), opened(database, ann, now=NOW - 2 * HOUR)
    theirs = opened(database, bo)
    with database.read() as session:
        listed = sessions.sessions_of(session, ann, NOW)
    assert [s.user_agent for s in listed] == ["Firefox"]
    foreign = seen(database, theirs, NOW)
    assert foreign is not None
    with pytest.raises(NotFound), database.write() as session:
        sessions.end_session(session, foreign.session_id, NOW, owner=ann)
    assert seen(database, theirs, NOW) is not None
    with database.write() as session:
        sessions.end_session(session, listed[0].id, NOW, owner=ann)
    assert seen(database, mine, NOW) is None
    assert seen(database, old, NOW) is None
    with database.write() as session:  # an administrator ends any
        sessions.end_session(session, foreign.session_id, NOW)
    assert seen(database, theirs, NOW) is None


def test_ending_all_but_one(database: Database, ann: uuid.UUID) -> None:
    tokens = [opened(database, ann) for _ in range(3)]
    kept = seen(database, tokens[1], NOW)
    assert kept is not None
    with database.write() as session:
        assert sessions.end_sessions(session, ann, NOW, keep=kept.session_id) == 2
    assert [seen(database, t, NOW) is not None for t in tokens] == [False, True, False]


def test_a_fresh_proof_is_remembered(database: Database, ann: uuid.UUID) -> None:
    token = opened(database, ann)
    signed_in = seen(database, token, NOW)
    assert signed_in is not None
    assert signed_in.proved_at == NOW
    with database.write() as session:
        sessions.note_proof(session, signed_in.session_id, NOW + MINUTE)
    again = seen(database, token, NOW + MINUTE)
    assert again is not None
    assert again.proved_at == NOW + MINUTE


def test_what_ended_long_ago_is_removed(database: Database, ann: uuid.UUID) -> None:
    old, new = opened(database, ann), opened(database, ann, now=NOW + timedelta(days=30))
    with database.write() as session:
        sessions.forget_sessions(session, NOW + timedelta(days=20))
    assert seen(database, old, NOW) is None
    assert seen(database, new, NOW + timedelta(days=30)) is not None
