"""Published scorecards and results, both only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.appraisal.results import guards
from workflows.db import ExactDecimal, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scorecard_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.String(length=7), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_scorecard_version_case_id_case")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_scorecard_version_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_version")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_scorecard_version_key_version")),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("card_key", sa.String(length=64), nullable=True),
        sa.Column("card_version", sa.Integer(), nullable=True),
        sa.Column("total", ExactDecimal(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("public_until", UTCDateTime(), nullable=True),
        sa.Column("prev_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('month', 'year')", name=op.f("ck_result_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_result_case_id_case")),
        sa.ForeignKeyConstraint(["subject_id"], ["person.id"], name=op.f("fk_result_subject_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint(
            "kind", "subject_id", "period", "version", name=op.f("uq_result_kind_subject_id_period_version")
        ),
    )
    op.create_index("ix_result_period", "result", ["kind", "period", "subject_id", "version"], unique=False)
    op.create_index("ix_result_public", "result", ["public_until"], unique=False)
    op.create_index("ix_result_digest", "result", ["digest"], unique=False)
    op.create_index("ix_result_case", "result", ["case_id"], unique=False)
    for statement in guards.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.removal(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index("ix_result_case", table_name="result")
    op.drop_index("ix_result_digest", table_name="result")
    op.drop_index("ix_result_public", table_name="result")
    op.drop_index("ix_result_period", table_name="result")
    op.drop_table("result")
    op.drop_table("scorecard_version")
