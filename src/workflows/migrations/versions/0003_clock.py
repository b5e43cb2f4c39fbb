"""Timers, signals, runs of schedules, messages, incidents, heartbeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import JSONValue, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "schedule_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("schedule", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("scheduled_for", UTCDateTime(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("people", JSONValue, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_schedule_run_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_run")),
        sa.UniqueConstraint("process", "schedule", "period", name=op.f("uq_schedule_run_process_schedule_period")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("solved_at", UTCDateTime(), nullable=True),
        sa.Column("solved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incident_case_id_case")),
        sa.ForeignKeyConstraint(["solved_by"], ["person.id"], name=op.f("fk_incident_solved_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_open", "incident", ["solved_at", "at", "id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedup_key", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("facts", JSONValue, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_message_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_message_dedup_key")),
    )
    op.create_index("ix_message_case", "message", ["case_id", "created_at"], unique=False)
    op.create_index("ix_message_mail", "message", ["mail_id"], unique=False)
    op.create_index(
        "ix_message_waiting",
        "message",
        ["next_at", "person_id", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
        sqlite_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("from_case_id", sa.Uuid(), nullable=False),
        sa.Column("to_case_id", sa.Uuid(), nullable=True),
        sa.Column("payload", JSONValue, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("delivered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["from_case_id"], ["case.id"], name=op.f("fk_signal_from_case_id_case")),
        sa.ForeignKeyConstraint(["to_case_id"], ["case.id"], name=op.f("fk_signal_to_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("from_case_id", "key", name=op.f("uq_signal_from_case_id_key")),
    )
    op.create_index("ix_signal_receiver", "signal", ["to_case_id"], unique=False)
    op.create_index(
        "ix_signal_waiting",
        "signal",
        ["next_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
        sqlite_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fired_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_timer_case_id_case")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_timer_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("case_id", "visit", "kind", "rule", name=op.f("uq_timer_case_id_visit_kind_rule")),
    )
    op.create_index(
        "ix_timer_due",
        "timer",
        ["next_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'due'"),
        sqlite_where=sa.text("status = 'due'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_timer_due",
        table_name="timer",
        postgresql_where=sa.text("status = 'due'"),
        sqlite_where=sa.text("status = 'due'"),
    )
    op.drop_table("timer")
    op.drop_index(
        "ix_signal_waiting",
        table_name="signal",
        postgresql_where=sa.text("status = 'waiting'"),
        sqlite_where=sa.text("status = 'waiting'"),
    )
    op.drop_index("ix_signal_receiver", table_name="signal")
    op.drop_table("signal")
    op.drop_index(
        "ix_message_waiting",
        table_name="message",
        postgresql_where=sa.text("status = 'waiting'"),
        sqlite_where=sa.text("status = 'waiting'"),
    )
    op.drop_index("ix_message_mail", table_name="message")
    op.drop_index("ix_message_case", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_incident_open", table_name="incident")
    op.drop_table("incident")
    op.drop_table("schedule_run")
    op.drop_table("heartbeat")
