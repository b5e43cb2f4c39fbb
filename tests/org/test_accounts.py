"""Signing in, guessing, new passwords and the first administrator, as a person meets them."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from workflows.db import Database
from workflows.errors import InvalidInput, NotFound, WrongState
from workflows.org import accounts
from workflows.org.accounts import SignInAnswer
from workflows.org.accounts_tables import LoginAttempt, PasswordReset, SetupToken, WorkSession
from workflows.org.first_administrator import create_first_administrator, issue_setup_token
from workflows.org.people import create_person, mark_left, set_roles
from workflows.org.sessions import session_of
from workflows.org.tables import Person

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
GOOD = "榉木-lamp-river-42"
OTHER = "copper kettle of june"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(database: Database) -> uuid.UUID:
    """A person with a password of her own."""
    with database.write() as session:
        person, _ = create_person(session, "Ann", NOW, name="安", email="Ann@Example.com")
        session.execute(update(Person).values(staff_number="M0042"))
        accounts.set_password(session, person.id, GOOD, NOW)
        return person.id


def sign_in(
    database: Database, password: str = GOOD, now: datetime = NOW, login: str = "ann", address: str = "10.0.0.1"
) -> SignInAnswer:
    with database.write() as session:
        return accounts.sign_in(session, login, password, now, address, "Firefox")


def fail(
    database: Database, times: int, login: str = "ann", now: datetime = NOW, address: str = "10.0.0.1"
) -> SignInAnswer:
    answers = [sign_in(database, "wrong", now, login, address) for _ in range(times)]
    return answers[-1]


@pytest.mark.parametrize("login", ["ann", " ANN ", "M0042", "m0042", "ann@example.com", "ａｎｎ"])
def test_one_signs_in_by_login_staff_number_or_address(database: Database, ann: uuid.UUID, login: str) -> None:
    answer = sign_in(database, login=login)
    assert answer.person_id == ann
    assert answer.refusal is None
    with database.read() as session:
        signed_in = session_of(session, answer.token, NOW)
    assert signed_in is not None
    assert (signed_in.person_id, signed_in.login, signed_in.name) == (ann, "ann", "安")


def test_only_hashes_are_kept(database: Database, ann: uuid.UUID) -> None:
    answer = sign_in(database)
    with database.read() as session:
        stored = session.scalar(select(Person.password_hash).where(Person.id == ann))
        row = session.scalar(select(WorkSession))
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert row is not None
    assert answer.token is not None
    assert answer.token not in row.token_hash
    assert len(answer.token) >= 43


def test_a_wrong_try_says_how_many_are_left_and_not_what_was_wrong(database: Database, ann: uuid.UUID) -> None:
    known, unknown = fail(database, 1), fail(database, 1, login="nobody")
    assert known.refusal == unknown.refusal
    assert known.refusal is not None
    assert "还可以试 4 次" in known.refusal.zh
    assert "4 more tries" in known.refusal.en
    assert fail(database, 3).left == 1


def test_waits_double_up_to_a_quarter_of_an_hour(database: Database, ann: uuid.UUID) -> None:
    at = NOW
    waits = []
    answer = fail(database, 5)
    for _ in range(7):
        assert answer.retry_at is not None
        waits.append((answer.retry_at - at) / MINUTE)
        at = answer.retry_at
        answer = fail(database, 1, now=at)
    assert waits == [1, 2, 4, 8, 15, 15, 15]


def test_while_waiting_even_the_right_password_does_not_help_and_nothing_is_counted(
    database: Database, ann: uuid.UUID
) -> None:
    first = fail(database, 5)
    assert first.retry_at == NOW + MINUTE
    early = sign_in(database, now=NOW + MINUTE / 2)
    assert early.token is None
    assert early.refusal is not None
    assert "1 分钟" in early.refusal.zh
    assert early.retry_at == first.retry_at
    assert sign_in(database, now=NOW + MINUTE).token


def test_the_right_password_begins_the_count_anew(database: Database, ann: uuid.UUID) -> None:
    fail(database, 4)
    assert sign_in(database).token
    assert fail(database, 1).left == 4


def test_a_day_later_failures_are_forgotten(database: Database, ann: uuid.UUID) -> None:
    fail(database, 4)
    assert fail(database, 1, now=NOW + timedelta(hours=25)).left == 4


def test_all_names_of_a_person_share_one_count(database: Database, ann: uuid.UUID) -> None:
    fail(database, 2)
    fail(database, 2, login="m0042")
    assert fail(database, 1, login="ann@example.com").retry_at


def test_one_address_cannot_go_through_many_accounts(database: Database, ann: uuid.UUID) -> None:
    for i in range(50):
        answer = fail(database, 1, login=f"guess{i}")
    assert answer.retry_at == NOW + MINUTE
    assert sign_in(database).token is None
    assert sign_in(database, address="10.0.0.2").token


def test_guesses_at_the_same_moment_do_not_slip_by(database: Database, ann: uuid.UUID) -> None:
    answers: list[SignInAnswer] = []
    threads = [threading.Thread(target=lambda: answers.append(sign_in(database, "wrong"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        counted = session.scalar(select(func.max(LoginAttempt.failures)))
    assert counted == 5
    assert sorted(a.left for a in answers if a.left is not None) == [0] * 8 + [1, 2, 3, 4]


def test_what_was_typed_as_a_name_is_not_kept(database: Database, ann: uuid.UUID) -> None:
    fail(database, 1, login="my-secret-password")
    with database.read() as session:
        subjects = set(session.scalars(select(LoginAttempt.subject)))
    assert all(len(subject) == 64 and "secret" not in subject for subject in subjects)


def test_unknown_people_and_those_who_left_take_as_long(database: Database, ann: uuid.UUID) -> None:
    """Work done is compared, not time gone by: comparing clocks on a busy machine would prove nothing."""

    def work(login: str, password: str) -> float:
        before = time.thread_time()
        sign_in(database, password, login=login)
        return time.thread_time() - before

    known = min(work("ann", "wrong") for _ in range(3))
    unknown = min(work(f"nobody{i}", "wrong") for i in range(3))
    with database.write() as session:
        mark_left(session, ann, date(2026, 3, 1), date(2026, 3, 2), NOW)
    gone = work("ann", GOOD)
    assert unknown > known / 2
    assert gone > known / 2


def test_who_left_cannot_sign_in_and_is_out_at_once(database: Database, ann: uuid.UUID) -> None:
    token = sign_in(database).token
    with database.write() as session:
        mark_left(session, ann, date(2026, 3, 2), date(2026, 3, 2), NOW)
    with database.read() as session:
        assert session_of(session, token, NOW) is None
    refused = sign_in(database)
    assert refused.token is None
    assert refused.refusal is not None
    assert "账号或密码不对" in refused.refusal.zh


def test_a_last_day_ends_the_session_even_before_anybody_cleans_up(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        mark_left(session, ann, date(2026, 3, 3), date(2026, 3, 2), NOW)
    midnight = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # in Shanghai
    token = sign_in(database, now=midnight - MINUTE).token
    with database.read() as session:
        assert session_of(session, token, midnight - MINUTE) is not None
        assert session_of(session, token, midnight) is None
    assert sign_in(database, now=midnight).token is None


def test_a_new_password_ends_the_other_sessions(database: Database, ann: uuid.UUID) -> None:
    here, there = sign_in(database).token, sign_in(database).token
    with database.write() as session:
        assert accounts.prove(session, ann, GOOD, NOW, "10.0.0.1").refusal is None
        mine = session_of(session, here, NOW)
        assert mine is not None
        accounts.set_password(session, ann, OTHER, NOW, keep_session=mine.session_id)
    with database.read() as session:
        assert session_of(session, here, NOW) is not None
        assert session_of(session, there, NOW) is None
    assert sign_in(database, GOOD).token is None
    assert sign_in(database, OTHER).token


def test_proving_counts_like_signing_in(database: Database, ann: uuid.UUID) -> None:
    for _ in range(5):
        with database.write() as session:
            answer = accounts.prove(session, ann, "wrong", NOW, "10.0.0.1")
    assert answer.retry_at == NOW + MINUTE
    with database.write() as session:
        assert accounts.prove(session, ann, GOOD, NOW, "10.0.0.1").refusal is not None


@pytest.mark.parametrize(
    "bad", ["short", "password2026", "annannannann", "安安安安安安安安安安安安", "x" * 129, "a\x07bcd efgh ijkl"]
)
def test_a_password_that_will_not_do_changes_nothing(database: Database, ann: uuid.UUID, bad: str) -> None:
    with pytest.raises(InvalidInput) as refused, database.write() as session:
        accounts.set_password(session, ann, bad, NOW)
    assert list(refused.value.fields) == ["password"]
    assert sign_in(database).token


def test_a_temporary_password_asks_for_a_new_one_and_does_not_hold_for_ever(database: Database) -> None:
    with database.write() as session:
        _, password = create_person(session, "new", NOW)
    assert sign_in(database, password, login="new").must_change_password
    assert sign_in(database, password, NOW + timedelta(days=15), login="new").token is None


def test_a_reset_link_works_once_and_ends_all_sessions(database: Database, ann: uuid.UUID) -> None:
    token = sign_in(database).token
    fail(database, 5)
    with database.write() as session:
        link = accounts.issue_reset(session, ann, NOW)
    with database.write() as session:
        owner = accounts.reset_owner(session, link, NOW)
        assert owner is not None
        assert owner.id == ann
        assert accounts.reset_password(session, link, OTHER, NOW) == ann
    with database.read() as session:
        assert session_of(session, token, NOW) is None
        assert accounts.reset_owner(session, link, NOW) is None
        assert all(len(h) == 64 for h in session.scalars(select(PasswordReset.token_hash)))
    assert sign_in(database, OTHER).token  # the wait is over as well
    with pytest.raises(NotFound), database.write() as session:
        accounts.reset_password(session, link, GOOD, NOW)


@pytest.mark.parametrize("later", [timedelta(minutes=30), timedelta(days=1)])
def test_a_reset_link_holds_half_an_hour(database: Database, ann: uuid.UUID, later: timedelta) -> None:
    with database.write() as session:
        link = accounts.issue_reset(session, ann, NOW)
    with pytest.raises(NotFound), database.write() as session:
        accounts.reset_password(session, link, OTHER, NOW + later)


def test_a_weak_password_does_not_use_the_link_up(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        link = accounts.issue_reset(session, ann, NOW)
    with pytest.raises(InvalidInput), database.write() as session:
        accounts.reset_password(session, link, "short", NOW)
    with database.write() as session:
        accounts.reset_password(session, link, OTHER, NOW)


def test_a_newer_link_ends_the_older(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        old = accounts.issue_reset(session, ann, NOW)
        accounts.issue_reset(session, ann, NOW)
    with pytest.raises(NotFound), database.write() as session:
        accounts.reset_password(session, old, OTHER, NOW)


def test_nobody_who_left_gets_or_uses_a_link(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        link = accounts.issue_reset(session, ann, NOW)
        mark_left(session, ann, date(2026, 3, 2), date(2026, 3, 2), NOW)
    with pytest.raises(NotFound), database.write() as session:
        accounts.reset_password(session, link, OTHER, NOW)
    with pytest.raises(NotFound), database.write() as session:
        accounts.issue_reset(session, ann, NOW)


def test_the_first_administrator_comes_by_a_token_that_works_once(database: Database) -> None:
    with database.write() as session:
        lost = issue_setup_token(session, NOW)
        token = issue_setup_token(session, NOW)
        assert lost is not None
        assert token is not None
        assert all(token not in h for h in session.scalars(select(SetupToken.token_hash)))
    with pytest.raises(NotFound), database.write() as session:
        create_first_administrator(session, lost, "root", "根", GOOD, NOW)
    with pytest.raises(NotFound), database.write() as session:
        create_first_administrator(session, token, "root", "根", GOOD, NOW + timedelta(hours=25))
    with database.write() as session:
        create_first_administrator(session, token, "root", "根", GOOD, NOW)
    with database.write() as session:
        assert issue_setup_token(session, NOW) is None
    answer = sign_in(database, login="root")
    assert not answer.must_change_password
    with database.read() as session:
        signed_in = session_of(session, answer.token, NOW)
    assert signed_in is not None
    assert signed_in.roles == {"administrator"}
    with pytest.raises(NotFound), database.write() as session:
        create_first_administrator(session, token, "second", "二", GOOD, NOW)


def test_the_token_is_worth_nothing_once_there_is_an_administrator(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        token = issue_setup_token(session, NOW)
        assert token is not None
        set_roles(session, ann, auditor=False, administrator=True)
    with pytest.raises(WrongState), database.write() as session:
        create_first_administrator(session, token, "root", "根", GOOD, NOW)


def test_a_known_person_can_become_the_first_administrator(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        token = issue_setup_token(session, NOW)
        assert token is not None
        assert create_first_administrator(session, token, "ann", "安", OTHER, NOW) == ann
    assert sign_in(database, OTHER).person_id == ann


def test_the_last_administrator_stays(database: Database, ann: uuid.UUID) -> None:
    with database.write() as session:
        set_roles(session, ann, auditor=True, administrator=True)
    with pytest.raises(InvalidInput), database.write() as session:
        set_roles(session, ann, auditor=True, administrator=False)


@pytest.mark.parametrize("login", ["", "安", "a b", "a" * 65, "../x", "-a"])
def test_a_login_is_plain(database: Database, login: str) -> None:
    with pytest.raises(InvalidInput) as refused, database.write() as session:
        create_person(session, login, NOW)
    assert "login" in refused.value.fields


def test_logins_and_addresses_are_taken_once(database: Database, ann: uuid.UUID) -> None:
    with pytest.raises(InvalidInput) as refused, database.write() as session:
        create_person(session, "ANN", NOW, email="ann@EXAMPLE.com")
    assert set(refused.value.fields) == {"login", "email"}
