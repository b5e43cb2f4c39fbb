"""Units, positions, people, sign-in and the company's calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import JSONValue, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    # Person and unit name each other. SQLite takes the reference with the table and cannot add it later; PostgreSQL the other way round.
    unit_lead = [sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name="fk_unit_lead_id_person")] if sqlite else []

    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kind IN ('workday', 'holiday')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("blocked_until", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('account', 'address')", name=op.f("ck_login_attempt_kind")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_last_at", "login_attempt", ["last_at"], unique=False)
    op.create_table(
        "position",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("zh", sa.String(length=120), nullable=False),
        sa.Column("en", sa.String(length=120), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_position")),
    )
    op.create_table(
        "setup_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_setup_token")),
    )
    op.create_table(
        "unit",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("zh", sa.String(length=120), nullable=False),
        sa.Column("en", sa.String(length=120), nullable=False),
        sa.Column("parent_key", sa.String(length=64), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("sort", sa.Integer(), nullable=False),
        *unit_lead,
        sa.ForeignKeyConstraint(["parent_key"], ["unit.key"], name=op.f("fk_unit_parent_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unit")),
    )
    op.create_table(
        "version",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_version")),
    )
    op.create_table(
        "duty_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position_key", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["position_key"], ["position.key"], name=op.f("fk_duty_version_position_key_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_version")),
        sa.UniqueConstraint("position_key", "valid_from", name=op.f("uq_duty_version_position_key_valid_from")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("staff_number", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("unit_key", sa.String(length=64), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("auditor", sa.Boolean(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("password_changed_at", UTCDateTime(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("density", sa.String(length=11), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name=op.f("ck_person_density")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_person_language")),
        sa.CheckConstraint("theme IN ('light', 'dark', 'auto')", name=op.f("ck_person_theme")),
        sa.CheckConstraint("manager_id <> id", name=op.f("ck_person_own_manager")),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_person_manager_id_person")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_person_unit_key_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_person_staff_number")),
    )
    op.create_index("ix_person_left_on", "person", ["left_on"], unique=False)
    op.create_index(op.f("ix_person_manager_id"), "person", ["manager_id"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("scope", JSONValue, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("deputy_id <> person_id", name=op.f("ck_absence_own_deputy")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_deputy_id", "absence", ["deputy_id"], unique=False)
    op.create_index("ix_absence_last_day", "absence", ["last_day"], unique=False)
    op.create_index("ix_absence_person_id", "absence", ["person_id", "first_day"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_reset")),
    )
    op.create_index("ix_password_reset_person_id", "password_reset", ["person_id"], unique=False)
    op.create_table(
        "person_position",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position_key", sa.String(length=64), nullable=False),
        sa.Column("unit_key", sa.String(length=64), nullable=False),
        sa.Column("appraised", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_position_person_id_person")),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_person_position_position_key_position")
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_person_position_unit_key_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_position")),
        sa.UniqueConstraint(
            "person_id", "position_key", "unit_key", name=op.f("uq_person_position_person_id_position_key_unit_key")
        ),
    )
    op.create_index("ix_person_position_position_key", "person_position", ["position_key"], unique=False)
    op.create_index(
        "uq_person_position_appraised",
        "person_position",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("appraised"),
        postgresql_where=sa.text("appraised"),
    )
    op.create_table(
        "work_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("proved_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_work_session_token_hash")),
    )
    op.create_index("ix_work_session_person_id", "work_session", ["person_id", "created_at"], unique=False)

    if not sqlite:
        op.create_foreign_key("fk_unit_lead_id_person", "unit", "person", ["lead_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_unit_lead_id_person", "unit", type_="foreignkey")
    op.drop_index("ix_work_session_person_id", table_name="work_session")
    op.drop_table("work_session")
    op.drop_index(
        "uq_person_position_appraised",
        table_name="person_position",
        sqlite_where=sa.text("appraised"),
        postgresql_where=sa.text("appraised"),
    )
    op.drop_index("ix_person_position_position_key", table_name="person_position")
    op.drop_table("person_position")
    op.drop_index("ix_password_reset_person_id", table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_index("ix_absence_person_id", table_name="absence")
    op.drop_index("ix_absence_last_day", table_name="absence")
    op.drop_index("ix_absence_deputy_id", table_name="absence")
    op.drop_table("absence")
    op.drop_index(op.f("ix_person_manager_id"), table_name="person")
    op.drop_index("ix_person_left_on", table_name="person")
    op.drop_table("person")
    op.drop_table("duty_version")
    op.drop_table("version")
    op.drop_table("unit")
    op.drop_table("setup_token")
    op.drop_table("position")
    op.drop_index("ix_login_attempt_last_at", table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_table("calendar_day")
