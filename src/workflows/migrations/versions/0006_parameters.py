"""Values the company sets for parameters, the newest ended cases of a process, and the part of an anonymous answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_parameter_value_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_value")),
    )
    op.create_index("ix_parameter_value", "parameter_value", ["process", "name", "id"], unique=False)
    op.create_index(
        "ix_case_process_ended",
        "case",
        ["process", "ended_at", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NOT NULL"),
        sqlite_where=sa.text("ended_at IS NOT NULL"),
    )
    op.add_column("answer", sa.Column("part", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("answer", "part")
    op.drop_index(
        "ix_case_process_ended",
        table_name="case",
        postgresql_where=sa.text("ended_at IS NOT NULL"),
        sqlite_where=sa.text("ended_at IS NOT NULL"),
    )
    op.drop_index("ix_parameter_value", table_name="parameter_value")
    op.drop_table("parameter_value")
