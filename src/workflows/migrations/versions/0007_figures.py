"""Figures of people, units and the company by month, with the guards that keep every value."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.appraisal.figures import guards
from workflows.db import ExactDecimal, JSONValue, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FIRST = {"person": ["person_id"], "unit": ["unit_key"], "company": []}
"""Whose a chain of values is → the column that says so."""


def upgrade() -> None:
    op.create_table(
        "figure_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_figure_batch_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_batch")),
    )
    op.create_index("ix_figure_batch_at", "figure_batch", ["uploaded_at", "id"])
    op.create_table(
        "figure_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("scope", sa.String(length=7), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_key", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=True),
        sa.Column("text", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", JSONValue, nullable=True),
        sa.CheckConstraint("source IN ('upload', 'form', 'api', 'system')", name=op.f("ck_figure_value_source")),
        sa.CheckConstraint(
            "(scope = 'person' AND person_id IS NOT NULL AND unit_key IS NULL)"
            " OR (scope = 'unit' AND person_id IS NULL AND unit_key IS NOT NULL)"
            " OR (scope = 'company' AND person_id IS NULL AND unit_key IS NULL)",
            name=op.f("ck_figure_value_scope"),
        ),
        sa.CheckConstraint("value IS NULL OR text IS NULL", name=op.f("ck_figure_value_value")),
        sa.ForeignKeyConstraint(["batch_id"], ["figure_batch.id"], name=op.f("fk_figure_value_batch_id_figure_batch")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_figure_value_entered_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_figure_value_person_id_person")),
        sa.ForeignKeyConstraint(["replaces"], ["figure_value.id"], name=op.f("fk_figure_value_replaces_figure_value")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_figure_value_unit_key_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_value")),
    )
    op.create_index("uq_figure_value_replaces", "figure_value", ["replaces"], unique=True)
    for scope, column in FIRST.items():
        where = sa.text(f"scope = '{scope}' AND replaces IS NULL")
        op.create_index(
            f"uq_figure_value_first_{scope}",
            "figure_value",
            [*column, "name", "month"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index("ix_figure_value_person", "figure_value", ["person_id", "name", "month"])
    op.create_index("ix_figure_value_month", "figure_value", ["month", "name"])
    op.create_index("ix_figure_value_scope", "figure_value", ["scope", "name", "month"])
    op.create_index("ix_figure_value_batch", "figure_value", ["batch_id"])
    for statement in guards.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.removal(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("figure_value")
    op.drop_table("figure_batch")
