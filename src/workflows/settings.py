"""Settings come from the environment, once, at the door; everything else gets the frozen value.

`docs/operation.md` lists the variables. Reading them never fails for a missing secret, so that `workflows check` runs anywhere;
what serves people calls `Settings.refuse_unsafe()` before it starts.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from workflows.errors import ConfigurationError

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"", "0", "false", "no", "off"})
SHORTEST_SECRET = 32
"""Characters; `python -c "import secrets; print(secrets.token_urlsafe(48))"` makes 64."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation is told about its surroundings.

    `database_url`: SQLAlchemy address, driver named; `smtp_url`: `smtp://user:password@host:587` (STARTTLS when offered, always
    with a password) or `smtps://`, empty: no mail leaves; `base_url`: the address people use, without a slash at its end;
    `host`, `port`: where the web process listens; `proxies`: how many trusted proxies stand in front; `zone`: IANA name of the
    company's zone; `opening`, `closing`: wall clock of a working day in that zone, "HH:MM"; `language`: "zh" or "en", for
    readers without a choice of their own; `mail_from`: the sender's address; `session_idle`, `session_limit`: when a sign-in ends
    without use, and in any case; `web_threads`: requests answered at once by one worker; `web_workers`: processes.
    """

    database_url: str = field(repr=False)
    smtp_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    demo: bool = False
    zone: str = "Asia/Shanghai"
    opening: str = "09:00"
    closing: str = "18:00"
    language: str = "zh"
    mail_from: str = "workflows@localhost"
    session_idle: timedelta = timedelta(minutes=30)
    session_limit: timedelta = timedelta(hours=12)
    web_threads: int = 8
    web_workers: int = 1

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `WORKFLOWS_*`, `DATABASE_URL`, `SMTP_URL` and `PORT`; the process's own environment by default.

        Raises `ConfigurationError` for a value that cannot be meant, naming the variable. An unset one has its default.
        In demo mode a missing secret is made up, for this process only.
        """
        reader = _Reader(os.environ if environment is None else environment)
        demo = reader.flag("WORKFLOWS_DEMO")
        port = reader.number("PORT", 8000, 0, 65535)
        default_store = "sqlite:///workflows-demo.db" if demo else "sqlite:///workflows.db"
        return cls(
            database_url=driver_named(reader.text("DATABASE_URL", default_store)),
            smtp_url=reader.checked("SMTP_URL", "", _is_smtp, "smtp://user:password@host:587"),
            secret_key=reader.text("WORKFLOWS_SECRET_KEY", secrets.token_urlsafe(48) if demo else ""),
            secret_key_fallbacks=tuple(reader.text("WORKFLOWS_SECRET_KEY_FALLBACKS", "").split()),
            host=reader.text("WORKFLOWS_HOST", "127.0.0.1"),
            port=port,
            base_url=reader.checked(
                "WORKFLOWS_BASE_URL", f"http://127.0.0.1:{port}", _is_web, "https://workflows.example.com"
            ).rstrip("/"),
            proxies=reader.number("WORKFLOWS_PROXIES", 0, 0, 5),
            demo=demo,
            zone=reader.checked("WORKFLOWS_ZONE", "Asia/Shanghai", _is_zone, "Asia/Shanghai"),
            opening=reader.checked("WORKFLOWS_OPENING", "09:00", _is_time, "09:00"),
            closing=reader.checked("WORKFLOWS_CLOSING", "18:00", _is_time, "18:00"),
            language=reader.checked("WORKFLOWS_LANGUAGE", "zh", {"zh", "en"}.__contains__, "zh / en"),
            mail_from=reader.checked("WORKFLOWS_MAIL_FROM", "workflows@localhost", _is_mail, "workflows@example.com"),
            session_idle=timedelta(minutes=reader.number("WORKFLOWS_SESSION_IDLE_MINUTES", 30, 1, 24 * 60)),
            session_limit=timedelta(hours=reader.number("WORKFLOWS_SESSION_LIMIT_HOURS", 12, 1, 24 * 30)),
            web_threads=reader.number("WORKFLOWS_WEB_THREADS", 8, 1, 64),
            web_workers=reader.number("WORKFLOWS_WEB_WORKERS", 1, 1, 64),
        )

    def refuse_unsafe(self) -> None:
        """Raise `ConfigurationError` where serving people with these settings would be unsafe.

        Demo mode must stay on this machine; anything else needs a secret of its own and https up to the reader's browser.
        """
        if self.demo:
            self._refuse_open_demo()
            return
        if len(self.secret_key) < SHORTEST_SECRET or len(set(self.secret_key)) < 10:
            raise ConfigurationError(
                f"请将环境变量 WORKFLOWS_SECRET_KEY 设为至少 {SHORTEST_SECRET} 个随机字符。可以用此命令生成："
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
                f"Set WORKFLOWS_SECRET_KEY to at least {SHORTEST_SECRET} random characters. This prints some: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
            )
        if urlsplit(self.base_url).scheme != "https":
            raise ConfigurationError(
                "请将 WORKFLOWS_BASE_URL 设为用户访问的 https 地址（由前置代理提供 https 也可以）。只想试用？请运行 workflows run --demo。",
                "Set WORKFLOWS_BASE_URL to the https address people use (a proxy in front may provide the https). "
                "Only trying it out? Run: workflows run --demo",
            )

    def _refuse_open_demo(self) -> None:
        if self.host not in {"127.0.0.1", "::1", "localhost"}:
            raise ConfigurationError(
                f"演示模式的账号和密码是公开的，只能监听本机地址，不能监听 {self.host}。请去掉 WORKFLOWS_HOST。",
                f"Demo mode has public passwords and listens on this machine only, not on {self.host}. Unset WORKFLOWS_HOST.",
            )


def driver_named(url: str) -> str:
    """The database address with its driver spelt out: `postgres://` and `postgresql://` mean psycopg 3.

    Raises `ConfigurationError` for anything but SQLite and PostgreSQL.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if separator and scheme == "sqlite":
        return url
    raise ConfigurationError(
        "DATABASE_URL 无法识别。可用的写法：sqlite:///workflows.db 或 postgresql://用户:密码@主机/数据库",
        "DATABASE_URL is not understood. Write sqlite:///workflows.db or postgresql://user:password@host/database",
    )


def project_folder(name: str) -> Path:
    """The folder `templates`, `definitions` or `sample`: of the checkout when this is one, else the copy inside the package.

    The checkout comes first because people edit there. Raises `ConfigurationError` when neither is there.
    """
    here = Path(__file__).resolve().parent
    checkout = here.parents[1]
    candidates = [checkout / name] if (checkout / "pyproject.toml").is_file() else []
    for folder in [*candidates, here / name]:
        if folder.is_dir():
            return folder
    raise ConfigurationError(
        f"找不到文件夹 {name}：请重新安装 workflows，或在完整的源码目录中运行。",
        f"The folder {name} is missing: install workflows again, or run it from a complete checkout.",
    )


class _Reader:
    """Takes values out of an environment and says which variable is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def text(self, name: str, default: str) -> str:
        """The value without blanks around it; an empty one counts as unset."""
        return self.environment.get(name, "").strip() or default

    def checked(self, name: str, default: str, valid: Callable[[str], bool], example: str) -> str:
        value = self.text(name, default)
        if not valid(value):
            raise _wrong(name, example)
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name, "").lower()
        if value not in TRUE | FALSE:
            raise _wrong(name, "1 / 0")
        return value in TRUE

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise _wrong(name, f"{least}–{most}")
        return int(value)


def _wrong(name: str, example: str) -> ConfigurationError:
    # The value itself is not repeated: it may hold a password.
    return ConfigurationError(
        f"环境变量 {name} 的值无效。正确的写法例如：{example}",
        f"The value of {name} is not valid. It looks like this: {example}",
    )


def _is_smtp(value: str) -> bool:
    return not value or (urlsplit(value).scheme in {"smtp", "smtps"} and bool(urlsplit(value).hostname))


def _is_web(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query and not parts.fragment


def _is_zone(value: str) -> bool:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _is_time(value: str) -> bool:
    try:
        return value == time.fromisoformat(value).strftime("%H:%M")
    except ValueError:
        return False


def _is_mail(value: str) -> bool:
    return re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", value) is not None
