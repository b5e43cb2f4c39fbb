"""What one cell may say, and what it means. Every function takes the text of a filled cell and raises `BadCell`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from workflows.errors import Text
from workflows.org.accounts import normal_login, normal_staff_number
from workflows.org.organisation import ADMINISTRATOR, AUDITOR
from workflows.org.people import email_faults, login_faults

Value = str | date | bool | tuple[str, ...] | None

_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_YES: Final = frozenset({"是", "yes", "y", "true", "1", "√", "✓"})
_NO: Final = frozenset({"否", "no", "n", "false", "0", "×", "-"})
_ROLES: Final = {
    "审计": AUDITOR,
    "审计员": AUDITOR,
    AUDITOR: AUDITOR,
    "管理员": ADMINISTRATOR,
    ADMINISTRATOR: ADMINISTRATOR,
}
_LANGUAGES: Final = {"zh": "zh", "中文": "zh", "en": "en", "english": "en", "英文": "en"}


class BadCell(Exception):
    """The cell says nothing that could be meant here."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def parse(kind: str, column: str, cell: str) -> Value:
    """The value of a filled cell."""
    return _PARSERS[kind][column](cell)


def _key(cell: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", cell):
        raise BadCell(
            f"“{cell[:40]}”不能作代码：请用小写字母、数字和下划线，以字母开头。",
            f'"{cell[:40]}" cannot be a key: use small letters, digits and underscores, beginning with a letter.',
        )
    return cell


def _title(cell: str) -> str:
    return _short(cell, 120)


def _reason(cell: str) -> str:
    return _short(cell, 200)


def _text(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).replace("\r\n", "\n")


def _short(cell: str, most: int) -> str:
    if len(cell) > most or "\n" in cell:
        raise BadCell(f"最多 {most} 个字，不换行。", f"At most {most} characters, on one line.")
    return unicodedata.normalize("NFC", cell)


def _login(cell: str) -> str:
    login = normal_login(cell)
    for fault in login_faults(login):
        raise BadCell(fault.zh, fault.en)
    return login


def _staff_number(cell: str) -> str:
    number = normal_staff_number(cell)
    if not re.fullmatch(r"[A-Z0-9-]{1,32}", number):
        raise BadCell(
            "工号只用字母、数字和横线，最多 32 个字符。", "A staff number has letters, digits and hyphens, 32 at most."
        )
    return number


def _email(cell: str) -> str:
    email = cell.lower()
    for fault in email_faults(email):
        raise BadCell(fault.zh, fault.en)
    return email


def _date(cell: str) -> date:
    found = _DATE.fullmatch(cell)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise BadCell(f"没有“{cell[:40]}”这一天。", f'There is no day "{cell[:40]}".') from None
    raise BadCell(
        f"“{cell[:40]}”不是日期，请写成 2026-01-31。", f'"{cell[:40]}" is not a date: write it like 2026-01-31.'
    )


def _yes(cell: str) -> bool:
    word = cell.casefold()
    if word in _YES | _NO:
        return word in _YES
    raise BadCell(f"请填“是”或“否”，不是“{cell[:40]}”。", f'Write yes or no, not "{cell[:40]}".')


def _roles(cell: str) -> tuple[str, ...]:
    words = [word for word in re.split(r"[;；,，、\s]+", cell.casefold()) if word]
    unknown = [word for word in words if word not in _ROLES]
    if unknown:
        raise BadCell(
            f"没有角色“{unknown[0][:40]}”，只有：审计、管理员。",
            f'There is no role "{unknown[0][:40]}", only auditor and administrator.',
        )
    return tuple(sorted({_ROLES[word] for word in words}))


def _language(cell: str) -> str:
    if cell.casefold() not in _LANGUAGES:
        raise BadCell("语言请填 zh 或 en。", "Write zh or en.")
    return _LANGUAGES[cell.casefold()]


def _scope(cell: str) -> tuple[str, ...]:
    return tuple(sorted({_key(word) for word in re.split(r"[;；,，、\s]+", cell) if word}))


_PARSERS: Final[Mapping[str, Mapping[str, Callable[[str], Value]]]] = {
    "units": {"key": _key, "zh": _title, "en": _title, "parent": _key, "lead": _login},
    "positions": {"key": _key, "zh": _title, "en": _title},
    "people": {
        "login": _login,
        "name": _title,
        "staff_number": _staff_number,
        "email": _email,
        "unit": _key,
        "manager": _login,
        "joined_on": _date,
        "left_on": _date,
        "roles": _roles,
        "language": _language,
    },
    "assignments": {"login": _login, "position": _key, "unit": _key, "appraised": _yes},
    "duties": {"position": _key, "valid_from": _date, "text": _text},
    "absences": {
        "login": _login,
        "first_day": _date,
        "last_day": _date,
        "deputy": _login,
        "scope": _scope,
        "reason": _reason,
    },
}
