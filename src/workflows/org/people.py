"""Change the organisation: people, absences, duties, the company's calendar. Each change moves its version in the same
transaction, so that every process reads it anew. Who may do this is asked at the door and by the caller's rights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.errors import InvalidInput, NotFound, Text
from workflows.org import passwords
from workflows.org.accounts import normal_login
from workflows.org.organisation import PersonId
from workflows.org.sessions import end_sessions
from workflows.org.tables import Absence, CalendarDay, DayKind, DutyVersion, Person
from workflows.org.versions import CALENDAR, ORGANISATION, bump

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def login_faults(login: str) -> list[Text]:
    """What is wrong with a login in its stored form."""
    if LOGIN.fullmatch(login):
        return []
    return [
        Text(
            "账号只能用小写字母、数字、点、横线和下划线，最多 64 个字符。",
            "A login has small letters, digits, dots, hyphens and underscores, 64 characters at most.",
        )
    ]


def email_faults(email: str) -> list[Text]:
    """What is wrong with an e-mail address in its stored form (lower case)."""
    if EMAIL.fullmatch(email) and len(email) <= 254:
        return []
    return [Text(f"“{email}”不是邮箱地址。", f'"{email}" is not an e-mail address.')]


def create_person(
    session: Session,
    login: str,
    now: datetime,
    *,
    name: str | None = None,
    email: str | None = None,
    administrator: bool = False,
    auditor: bool = False,
) -> tuple[Person, str]:
    """A new person without unit and position, and the temporary password that opens the door once.

    Raises `InvalidInput` with the fields `login`, `name`, `email`.
    """
    login, email = normal_login(login), email.strip().lower() if email else None
    faults = {"login": login_faults(login), "email": email_faults(email) if email else []}
    taken = session.execute(select(Person.login, Person.email)).all() if not any(faults.values()) else []
    if any(row.login == login for row in taken):
        faults["login"].append(Text(f"账号 {login} 已经有了。", f"There is an account {login} already."))
    if email and any(row.email == email for row in taken):
        faults["email"].append(Text(f"邮箱 {email} 已经有人用了。", f"The address {email} is taken."))
    if any(faults.values()):
        raise InvalidInput(fields={field: found for field, found in faults.items() if found})
    password = passwords.temporary_password()
    person = Person(
        id=new_id(),
        login=login,
        name=(name or login).strip(),
        email=email,
        administrator=administrator,
        auditor=auditor,
        password_hash=passwords.hash_password(password),
        password_changed_at=now,
        must_change_password=True,
        created_at=now,
    )
    session.add(person)
    session.flush()
    bump(session, ORGANISATION)
    return person, password


def set_roles(session: Session, person_id: PersonId, *, auditor: bool, administrator: bool) -> None:
    """Make a person auditor or administrator, or take it back. The last active administrator stays: `InvalidInput`."""
    person = session.get_one(Person, person_id)
    others = select(Person.id).where(Person.administrator, Person.active, Person.id != person_id).limit(1)
    if person.administrator and not administrator and session.scalar(others) is None:
        raise InvalidInput(
            zh="至少要有一位在职的管理员，请先指定另一位。",
            en="There must be one administrator at least: name another one first.",
        )
    person.auditor, person.administrator = auditor, administrator
    session.flush()
    bump(session, ORGANISATION)


def set_personal(
    session: Session,
    person_id: PersonId,
    *,
    language: Literal["zh", "en"] | None = None,
    theme: Literal["light", "dark", "auto"] | None = None,
    density: Literal["comfortable", "compact"] | None = None,
    shortcuts: bool | None = None,
) -> None:
    """What a person chose for their own screens; None leaves a choice as it is."""
    chosen = {"language": language, "theme": theme, "density": density, "shortcuts": shortcuts}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:
        session.execute(update(Person).where(Person.id == person_id).values(values))
    if language is not None:
        bump(session, ORGANISATION)  # mails are written in it


def mark_left(session: Session, person_id: PersonId, on: date | None, today: date, now: datetime) -> None:
    """Say from which day on a person no longer works here; None takes it back.

    A day that has come ends their sessions at once; one to come is kept until `retire_leavers` of that day.
    """
    person = session.get_one(Person, person_id)
    person.left_on = on
    person.active = on is None or on > today
    session.flush()
    if not person.active:
        end_sessions(session, person_id, now)
    bump(session, ORGANISATION)


def retire_leavers(session: Session, today: date, now: datetime) -> Sequence[PersonId]:
    """Let those go whose day has come; who they were. For the scheduler, once a day or more often."""
    gone = session.scalars(
        update(Person)
        .where(Person.active, Person.left_on <= today)
        .values(active=False)
        .returning(Person.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    for person_id in gone:
        end_sessions(session, person_id, now)
    if gone:
        bump(session, ORGANISATION)
    return gone


def add_absence(
    session: Session,
    person_id: PersonId,
    first_day: date,
    last_day: date,
    now: datetime,
    *,
    deputy_id: PersonId | None = None,
    scope: Sequence[str] = (),
    reason: str | None = None,
) -> uuid.UUID:
    """Record that a person is away, both days included, and who acts. `scope`: process keys, empty for all.

    Raises `InvalidInput` with the fields `last_day` and `deputy`.
    """
    fields: dict[str, list[Text]] = {}
    if last_day < first_day:
        fields["last_day"] = [Text("结束日期早于开始日期。", "It ends before it begins.")]
    deputy = session.get(Person, deputy_id) if deputy_id else None
    if deputy_id and (deputy is None or not deputy.active):
        fields["deputy"] = [Text("代办人不在职。", "The deputy does not work here.")]
    if deputy_id == person_id:
        fields["deputy"] = [Text("代办人不能是本人。", "Nobody stands in for themselves.")]
    if fields:
        raise InvalidInput(fields=fields)
    absence = Absence(
        id=new_id(),
        person_id=person_id,
        deputy_id=deputy_id,
        first_day=first_day,
        last_day=last_day,
        scope=sorted(set(scope)),
        reason=reason,
        created_at=now,
    )
    session.add(absence)
    session.flush()
    bump(session, ORGANISATION)
    return absence.id


def end_absence(session: Session, absence_id: uuid.UUID, today: date) -> None:
    """Back earlier: an absence that runs ends yesterday, one to come is removed. Raises `NotFound`."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.last_day < today:
        raise NotFound(zh="没有这个休假，或它已经结束。", en="There is no such absence, or it is over.")
    if absence.first_day >= today:
        session.delete(absence)
    else:
        absence.last_day = date.fromordinal(today.toordinal() - 1)
    session.flush()
    bump(session, ORGANISATION)


def set_duties(session: Session, position: str, valid_from: date, text: str, now: datetime) -> None:
    """The position's duties from a day on; a text of the same day is replaced, earlier ones stay readable (D三)."""
    session.execute(
        delete(DutyVersion).where(DutyVersion.position_key == position, DutyVersion.valid_from == valid_from)
    )
    session.add(DutyVersion(position_key=position, valid_from=valid_from, text=text, created_at=now))
    session.flush()
    bump(session, ORGANISATION)


def duties_of(session: Session, position: str) -> Sequence[DutyVersion]:
    """All versions of a position's duties, the newest first."""
    return session.scalars(
        select(DutyVersion).where(DutyVersion.position_key == position).order_by(DutyVersion.valid_from.desc())
    ).all()


def duties_of_all(session: Session, positions: Collection[str]) -> Mapping[str, Sequence[DutyVersion]]:
    """The same of several positions, by key; one statement."""
    chosen = select(DutyVersion).where(DutyVersion.position_key.in_(positions))
    found: dict[str, list[DutyVersion]] = {position: [] for position in positions}
    for version in session.scalars(chosen.order_by(DutyVersion.valid_from.desc())):
        found[version.position_key].append(version)
    return found


def duties_at(session: Session, position: str, day: date) -> DutyVersion | None:
    """The duties that hold on a day; None before the first."""
    return next((version for version in duties_of(session, position) if version.valid_from <= day), None)


def set_day(session: Session, day: date, kind: DayKind, note: str | None = None) -> None:
    """The company works, or is closed, on this day, whatever the official arrangement says."""
    session.merge(CalendarDay(day=day, kind=kind.value, note=note))
    session.flush()
    bump(session, CALENDAR)


def clear_day(session: Session, day: date) -> None:
    """The official arrangement holds again on this day."""
    session.execute(delete(CalendarDay).where(CalendarDay.day == day))
    bump(session, CALENDAR)
