"""Definitions, cases, tasks and history, with the guards of the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import JSONValue, UTCDateTime
from workflows.engine import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "queue",
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_queue")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_definition_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("process", "version", name=op.f("uq_definition_process_version")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("business_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", JSONValue, nullable=False),
        sa.Column("entries", JSONValue, nullable=False),
        sa.Column("starter_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=True),
        sa.Column("spawn_state", sa.String(length=64), nullable=True),
        sa.Column("spawn_key", sa.String(length=200), nullable=True),
        sa.Column("awaited", sa.String(length=64), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("suspended_at", UTCDateTime(), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_case_definition_id_definition")),
        sa.ForeignKeyConstraint(["parent_id"], ["case.id"], name=op.f("fk_case_parent_id_case")),
        sa.ForeignKeyConstraint(["starter_id"], ["person.id"], name=op.f("fk_case_starter_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["person.id"], name=op.f("fk_case_subject_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("parent_id", "spawn_key", name=op.f("uq_case_parent_id_spawn_key")),
        sa.UniqueConstraint("process", "business_key", name=op.f("uq_case_process_business_key")),
    )
    op.create_index("ix_case_number", "case", ["number"], unique=False)
    op.create_index(
        "ix_case_open_definition",
        "case",
        ["definition_id", "state"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_case_process_started", "case", ["process", "started_at", "id"], unique=False)
    op.create_index(op.f("ix_case_root_id"), "case", ["root_id"], unique=False)
    op.create_index("ix_case_started", "case", ["started_at", "id"], unique=False)
    op.create_index("ix_case_starter", "case", ["starter_id", "started_at", "id"], unique=False)
    op.create_index("ix_case_subject", "case", ["subject_id", "started_at", "id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("values", JSONValue, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_answer_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_case", "answer", ["case_id", "state", "visit"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.String(length=64), nullable=True),
        sa.Column("to_state", sa.String(length=64), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("opened", JSONValue, nullable=False),
        sa.Column("closed", JSONValue, nullable=False),
        sa.Column("values_digest", sa.String(length=64), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=True),
        sa.Column("submission_digest", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_event_actor_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_event_case_id_case")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name=op.f("fk_event_on_behalf_of_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_event_case_id_seq")),
        sa.UniqueConstraint("submission", name=op.f("uq_event_submission")),
    )
    op.create_index("ix_event_actor", "event", ["actor_id", "at", "id"], unique=False)
    op.create_index("ix_event_at", "event", ["at", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=500), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("parent_task", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("rank_at", UTCDateTime(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_task_case_id_case")),
        sa.ForeignKeyConstraint(["completed_by"], ["person.id"], name=op.f("fk_task_completed_by_person")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_task_holder_id_person")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name=op.f("fk_task_on_behalf_of_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_task_owner_id_person")),
        sa.ForeignKeyConstraint(["parent_task"], ["task.id"], name=op.f("fk_task_parent_task_task")),
        sa.ForeignKeyConstraint(["queue"], ["queue.key"], name=op.f("fk_task_queue_queue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_case", "task", ["case_id", "visit"], unique=False)
    op.create_index("ix_task_completed_case", "task", ["completed_by", "case_id"], unique=False)
    op.create_index("ix_task_done", "task", ["completed_by", "completed_at", "id"], unique=False)
    op.create_index("ix_task_holder_case", "task", ["holder_id", "case_id"], unique=False)
    op.create_index(
        "ix_task_inbox",
        "task",
        ["holder_id", "rank_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_task_offers",
        "task",
        ["queue", "rank_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open' AND holder_id IS NULL"),
        sqlite_where=sa.text("status = 'open' AND holder_id IS NULL"),
    )
    op.create_table(
        "event_value",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("values", JSONValue, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_value_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_value")),
    )
    op.create_table(
        "task_escalation",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_escalation_person_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_escalation_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_task_escalation")),
    )
    op.create_index("ix_task_escalation_person", "task_escalation", ["person_id", "task_id"], unique=False)

    for statement in guards.of_history(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.history_removal(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index("ix_task_escalation_person", table_name="task_escalation")
    op.drop_table("task_escalation")
    op.drop_table("event_value")
    op.drop_index(
        "ix_task_offers",
        table_name="task",
        postgresql_where=sa.text("status = 'open' AND holder_id IS NULL"),
        sqlite_where=sa.text("status = 'open' AND holder_id IS NULL"),
    )
    op.drop_index(
        "ix_task_inbox",
        table_name="task",
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.drop_index("ix_task_holder_case", table_name="task")
    op.drop_index("ix_task_done", table_name="task")
    op.drop_index("ix_task_completed_case", table_name="task")
    op.drop_index("ix_task_case", table_name="task")
    op.drop_table("task")
    op.drop_index("ix_event_at", table_name="event")
    op.drop_index("ix_event_actor", table_name="event")
    op.drop_table("event")
    op.drop_index("ix_answer_case", table_name="answer")
    op.drop_table("answer")
    op.drop_index("ix_case_subject", table_name="case")
    op.drop_index("ix_case_starter", table_name="case")
    op.drop_index("ix_case_started", table_name="case")
    op.drop_index(op.f("ix_case_root_id"), table_name="case")
    op.drop_index("ix_case_process_started", table_name="case")
    op.drop_index(
        "ix_case_open_definition",
        table_name="case",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_case_number", table_name="case")
    op.drop_table("case")
    op.drop_table("definition")
    op.drop_table("queue")
    op.drop_table("counter")
