"""Settings: what is wrong is said by the variable's name, what is unsafe does not start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workflows.errors import ConfigurationError
from workflows.settings import Settings, driver_named, project_folder

SECRET = "k3Jq9ZxW7vLmN2pRtY8sBdFgHcQeUaXo5i1T"


def test_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings.database_url == "sqlite:///workflows.db"
    assert (settings.port, settings.zone, settings.opening, settings.closing) == (
        8000,
        "Asia/Shanghai",
        "09:00",
        "18:00",
    )
    assert (settings.language, settings.demo, settings.smtp_url) == ("zh", False, "")


def test_everything_can_be_said() -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgres://me:secret@db/flows",
            "SMTP_URL": "smtps://mail.example.com",
            "PORT": " 9001 ",
            "WORKFLOWS_BASE_URL": "https://flows.example.com/",
            "WORKFLOWS_SECRET_KEY_FALLBACKS": "older oldest",
            "WORKFLOWS_CLOSING": "17:30",
            "WORKFLOWS_LANGUAGE": "en",
            "WORKFLOWS_SESSION_IDLE_MINUTES": "45",
        }
    )
    assert settings.database_url == "postgresql+psycopg://me:secret@db/flows"
    assert settings.base_url == "https://flows.example.com"
    assert settings.port == 9001
    assert settings.secret_key_fallbacks == ("older", "oldest")
    assert settings.session_idle.total_seconds() == 45 * 60


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_environment(
        {"DATABASE_URL": "postgresql://me:hush1@db/x", "SMTP_URL": "smtp://u:hush2@m", "WORKFLOWS_SECRET_KEY": "hush3"}
    )
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("SMTP_URL", "http://mail"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("WORKFLOWS_DEMO", "maybe"),
        ("WORKFLOWS_BASE_URL", "flows.example.com"),
        ("WORKFLOWS_ZONE", "Asia/Atlantis"),
        ("WORKFLOWS_ZONE", "../../etc/passwd"),
        ("WORKFLOWS_CLOSING", "6pm"),
        ("WORKFLOWS_LANGUAGE", "fr"),
        ("WORKFLOWS_MAIL_FROM", "nobody"),
        ("WORKFLOWS_MAIL_FROM", "a@b\nBcc: c@d"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({name: value})
    assert name in refused.value.zh
    assert name in refused.value.en


def test_production_needs_a_secret_and_https() -> None:
    safe = Settings.from_environment(
        {"WORKFLOWS_SECRET_KEY": SECRET, "WORKFLOWS_BASE_URL": "https://flows.example.com"}
    )
    safe.refuse_unsafe()
    for unsafe in (
        replace(safe, secret_key=""),
        replace(safe, secret_key="short"),
        replace(safe, secret_key="a" * 64),
        replace(safe, base_url="http://flows.example.com"),
    ):
        with pytest.raises(ConfigurationError):
            unsafe.refuse_unsafe()


def test_a_demo_stays_on_this_machine() -> None:
    demo = Settings.from_environment({"WORKFLOWS_DEMO": "1"})
    demo.refuse_unsafe()
    assert demo.database_url == "sqlite:///workflows-demo.db"
    assert len(demo.secret_key) >= 32
    with pytest.raises(ConfigurationError):
        replace(demo, host="0.0.0.0").refuse_unsafe()


@pytest.mark.parametrize("address", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_postgresql_means_psycopg_3(address: str) -> None:
    assert driver_named(address) == "postgresql+psycopg://h/d"


def test_folders_come_from_the_checkout() -> None:
    assert project_folder("templates").parent == project_folder("definitions").parent
    assert (project_folder("templates").parent / "pyproject.toml").is_file()
    with pytest.raises(ConfigurationError, match="no_such_folder"):
        project_folder("no_such_folder")
