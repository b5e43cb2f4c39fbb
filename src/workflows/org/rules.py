"""How long sign-ins last and how passwords are to be: from the settings, handed to the functions that need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.org.passwords import SHORTEST
from workflows.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class AccountRules:
    """`idle`: a session without use ends after this; `limit`: it ends after this in any case (reliability.md S12).

    `kept`: both, for a device its owner called their own; `link`: how long a reset link holds (S19); `setup`: the same for the
    first administrator's token; `temporary`: how long a password given by an administrator opens the door; `zone`: where a
    person's last day ends.
    """

    idle: timedelta = timedelta(minutes=30)
    limit: timedelta = timedelta(hours=12)
    kept: timedelta = timedelta(days=7)
    link: timedelta = timedelta(minutes=30)
    setup: timedelta = timedelta(hours=24)
    temporary: timedelta = timedelta(days=14)
    shortest_password: int = SHORTEST
    zone: ZoneInfo = SHANGHAI

    @classmethod
    def from_settings(cls, settings: Settings) -> AccountRules:
        """The rules of this installation."""
        return cls(idle=settings.session_idle, limit=settings.session_limit, zone=ZoneInfo(settings.zone))

    def today(self, now: datetime) -> date:
        """The company's day at an aware instant."""
        return now.astimezone(self.zone).date()


RULES = AccountRules()
"""What holds where the settings say nothing."""
