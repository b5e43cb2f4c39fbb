"""Cases that measured figures ask for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import JSONValue, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_start",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=72), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("starter_id", sa.Uuid(), nullable=True),
        sa.Column("given", JSONValue, nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_figure_start_case_id_case")),
        sa.ForeignKeyConstraint(["starter_id"], ["person.id"], name=op.f("fk_figure_start_starter_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_start")),
        sa.UniqueConstraint("process", "line", "owner", "month", name=op.f("uq_figure_start_process_line_owner_month")),
    )
    where = sa.text("done_at IS NULL")
    op.create_index("ix_figure_start_waiting", "figure_start", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("figure_start")
