"""Accounts: signing in, changing and resetting passwords, and the first administrator.

What must be remembered even when it fails (a wrong try) is answered with a value, because raising rolls back; everything else
that is refused raises.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from workflows.errors import InvalidInput, NotFound, Text
from workflows.org import passwords, throttle
from workflows.org.accounts_tables import PasswordReset
from workflows.org.organisation import PersonId
from workflows.org.rules import RULES, AccountRules
from workflows.org.sessions import end_sessions, hash_token, new_token, open_session
from workflows.org.tables import Person
from workflows.org.throttle import Standing


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """What came of a try. Either `token` (for the cookie) and `person_id`, or `refusal`, the sentence for the page.

    `left`: tries before the next wait; `retry_at`: no try before, aware UTC; `must_change_password`: nothing else until then.
    Commit in either case: the count of failures is part of the answer.
    """

    token: str | None = None
    person_id: PersonId | None = None
    must_change_password: bool = False
    refusal: Text | None = None
    left: int | None = None
    retry_at: datetime | None = None


def sign_in(
    session: Session,
    login: str,
    password: str,
    now: datetime,
    address: str,
    user_agent: str,
    *,
    keep: bool = False,
    rules: AccountRules = RULES,
) -> SignInAnswer:
    """Try to sign in with a login, staff number or e-mail address. `address`: where the request came from.

    Which of the two was wrong, or whether there is such an account, shows neither in the answer nor in the time it takes.
    """
    typed = normal_login(login)
    person = _person(session, typed)
    # One counter for a person, whichever of their names is typed.
    account = person.login if person else typed
    before = throttle.standing(session, account, address, now)
    if before.blocked_until:
        return _wait(before.blocked_until, now)
    # The hash is compared first and always: whether someone left must not show in the time either.
    right = passwords.matches(person.password_hash if person else None, password)
    if person is None or not right or not _may_enter(person, now, rules):
        return _wrong(throttle.count_failure(session, account, address, now), now)
    throttle.forget(session, account)
    _renew_hash(person, password)
    token = open_session(session, person.id, now, address, user_agent, keep=keep, rules=rules)
    return SignInAnswer(token=token, person_id=person.id, must_change_password=person.must_change_password)


def prove(session: Session, person_id: PersonId, password: str, now: datetime, address: str) -> SignInAnswer:
    """Ask somebody signed in for the password again, with the same counting. No `refusal` means yes; commit either way."""
    person = session.get_one(Person, person_id)
    before = throttle.standing(session, person.login, address, now)
    if before.blocked_until:
        return _wait(before.blocked_until, now)
    if not passwords.matches(person.password_hash, password):
        return _wrong(throttle.count_failure(session, person.login, address, now), now)
    throttle.forget(session, person.login)
    return SignInAnswer(person_id=person_id)


def set_password(
    session: Session,
    person_id: PersonId,
    password: str,
    now: datetime,
    *,
    keep_session: uuid.UUID | None = None,
    temporary: bool = False,
    rules: AccountRules = RULES,
) -> None:
    """Give a person a new password: every session but `keep_session` (a session id) ends, open reset links end too.

    `temporary`: it must be changed at the first sign-in. Ask `prove` first where the owner changes it themselves.
    Raises `InvalidInput` with the field `password`.
    """
    person = session.get_one(Person, person_id)
    faults = passwords.faults_of(
        password, person.login, person.name, person.email or "", shortest=rules.shortest_password
    )
    if faults:
        raise InvalidInput(fields={"password": faults})
    person.password_hash = passwords.hash_password(password)
    person.password_changed_at = now
    person.must_change_password = temporary
    session.flush()
    throttle.forget(session, person.login)
    session.execute(delete(PasswordReset).where(PasswordReset.person_id == person_id, PasswordReset.used_at.is_(None)))
    end_sessions(session, person_id, now, keep=keep_session)


def issue_reset(session: Session, person_id: PersonId, now: datetime, rules: AccountRules = RULES) -> str:
    """A token for a link by which this person sets a new password, once and soon. The link before it ends."""
    person = session.get(Person, person_id)
    if person is None or not _may_enter(person, now, rules, temporary=False):
        raise NotFound(zh="没有这个在职的人。", en="No such person works here.")
    session.execute(delete(PasswordReset).where(PasswordReset.person_id == person_id, PasswordReset.used_at.is_(None)))
    token = new_token()
    session.add(
        PasswordReset(token_hash=hash_token(token), person_id=person_id, created_at=now, expires_at=now + rules.link)
    )
    session.flush()
    return token


def reset_owner(session: Session, token: str, now: datetime) -> Person | None:
    """Whose password the link sets, or None when it is unknown, used, too old, or its owner has left. Changes nothing."""
    found: Person | None = session.scalar(
        select(Person)
        .join(PasswordReset, PasswordReset.person_id == Person.id)
        .where(
            PasswordReset.token_hash == hash_token(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            Person.active,
        )
    )
    return found


def reset_password(session: Session, token: str, password: str, now: datetime, rules: AccountRules = RULES) -> PersonId:
    """Set a new password by a link; all sessions end. Raises `NotFound` for a link that does not hold, `InvalidInput` for a
    password that will not do (the link then still holds, because raising rolls back)."""
    taken = session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.token_hash == hash_token(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasswordReset.person_id)
    ).scalar_one_or_none()
    person = session.get(Person, taken) if taken else None
    if person is None or not _may_enter(person, now, rules, temporary=False):
        raise NotFound(
            zh="这个链接已失效：用过一次，或超过了 30 分钟。请让管理员再发一个。",
            en="This link no longer holds: it was used, or is older than 30 minutes. Ask an administrator for another.",
        )
    set_password(session, person.id, password, now, rules=rules)
    return person.id


def forget_resets(session: Session, before: datetime) -> None:
    """Remove links that ran out before this instant; for the daily clean-up."""
    session.execute(delete(PasswordReset).where(PasswordReset.expires_at < before))


def normal_login(typed: str) -> str:
    """A login as it is stored: lower case, one form for characters that look the same, no blanks around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def normal_staff_number(typed: str) -> str:
    """A staff number as it is stored: capitals, as payroll writes them, one form for characters that look the same, no blanks around."""
    return unicodedata.normalize("NFKC", typed).strip().upper()


def _person(session: Session, account: str) -> Person | None:
    # A staff number may look like somebody's login; the login wins.
    number = normal_staff_number(account)
    names = or_(Person.login == account, Person.staff_number == number, Person.email == account)
    found = session.scalars(select(Person).where(names)).all()
    return min(found, key=lambda p: (p.login != account, p.staff_number != number), default=None)


def _may_enter(person: Person, now: datetime, rules: AccountRules, temporary: bool = True) -> bool:
    works_here = person.active and (person.left_on is None or person.left_on > rules.today(now))
    changed = person.password_changed_at
    forgotten = person.must_change_password and changed is not None and now - changed > rules.temporary
    return works_here and not (temporary and forgotten)


def _renew_hash(person: Person, password: str) -> None:
    if person.password_hash and passwords.outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)


def _wait(until: datetime, now: datetime) -> SignInAnswer:
    return SignInAnswer(refusal=_too_many(until, now), left=0, retry_at=until)


def _wrong(after: Standing, now: datetime) -> SignInAnswer:
    if after.blocked_until:
        wait = _too_many(after.blocked_until, now)
        sentence = Text(f"账号或密码不对。{wait.zh}", f"Name or password is wrong. {wait.en}")
        return SignInAnswer(refusal=sentence, left=0, retry_at=after.blocked_until)
    sentence = Text(
        f"账号或密码不对，还可以试 {after.left} 次。",
        f"Name or password is wrong. {after.left} more {'try' if after.left == 1 else 'tries'}.",
    )
    return SignInAnswer(refusal=sentence, left=after.left)


def _too_many(until: datetime, now: datetime) -> Text:
    minutes = max(ceil((until - now) / timedelta(minutes=1)), 1)
    return Text(
        f"试的次数太多了，请过 {minutes} 分钟再试。",
        f"Too many tries: please wait {minutes} minute{'s' if minutes > 1 else ''}.",
    )
