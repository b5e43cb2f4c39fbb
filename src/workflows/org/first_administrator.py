"""The first administrator: there is no default account (reliability.md S19). Whoever starts the service reads a one-time token
and makes an account with it in the browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from workflows.errors import InvalidInput, NotFound, WrongState
from workflows.org.accounts import normal_login, set_password
from workflows.org.accounts_tables import SetupToken
from workflows.org.organisation import PersonId
from workflows.org.people import create_person
from workflows.org.rules import RULES, AccountRules
from workflows.org.sessions import hash_token, new_token
from workflows.org.tables import Person
from workflows.org.versions import ORGANISATION, bump


def administrator_missing(session: Session) -> bool:
    """Whether nobody who could sign in is an administrator."""
    able = Person.administrator & Person.active & Person.password_hash.is_not(None)
    return session.scalar(select(Person.id).where(able).limit(1)) is None


def issue_setup_token(session: Session, now: datetime) -> str | None:
    """The token to print at start, or None where there is an administrator. Tokens given before no longer hold."""
    if not administrator_missing(session):
        return None
    session.execute(delete(SetupToken).where(SetupToken.used_at.is_(None)))
    token = new_token()
    session.add(SetupToken(token_hash=hash_token(token), created_at=now))
    session.flush()
    return token


def create_first_administrator(
    session: Session, token: str, login: str, name: str, password: str, now: datetime, rules: AccountRules = RULES
) -> PersonId:
    """Make the first administrator: a person who is known already gets the role, an unknown one is added.

    Raises `NotFound` for a token that does not hold, `WrongState` when somebody was faster, `InvalidInput` with the fields
    `login` and `password`.
    """
    taken = session.execute(
        update(SetupToken)
        .where(
            SetupToken.token_hash == hash_token(token),
            SetupToken.used_at.is_(None),
            SetupToken.created_at > now - rules.setup,
        )
        .values(used_at=now)
        .returning(SetupToken.token_hash)
    ).one_or_none()
    if taken is None:
        raise NotFound(
            zh="这个一次性口令无效。重新启动服务，会显示一个新的。",
            en="This one-time token does not hold. Restart the service: it shows a new one.",
        )
    if not administrator_missing(session):
        raise WrongState(zh="已经有管理员了。", en="There is an administrator already.")
    person = session.scalar(select(Person).where(Person.login == normal_login(login)))
    if person is None:
        person, _ = create_person(session, login, now, name=name, administrator=True)
    if not person.active:
        raise InvalidInput(zh="这个人已离职。", en="This person has left.")
    person.administrator = True
    session.flush()
    set_password(session, person.id, password, now, rules=rules)
    bump(session, ORGANISATION)
    return person.id
