"""Mails made of messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.db import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("patience_from", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sending_since", UTCDateTime(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("data_since", UTCDateTime(), nullable=True),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index("ix_mail_created", "mail", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_mail_lease",
        "mail",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status = 'sending'"),
        sqlite_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_mail_next",
        "mail",
        ["next_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'doubt')"),
        sqlite_where=sa.text("status IN ('waiting', 'doubt')"),
    )
    op.create_index("ix_mail_person", "mail", ["person_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_mail_person", table_name="mail")
    op.drop_index(
        "ix_mail_next",
        table_name="mail",
        postgresql_where=sa.text("status IN ('waiting', 'doubt')"),
        sqlite_where=sa.text("status IN ('waiting', 'doubt')"),
    )
    op.drop_index(
        "ix_mail_lease",
        table_name="mail",
        postgresql_where=sa.text("status = 'sending'"),
        sqlite_where=sa.text("status = 'sending'"),
    )
    op.drop_index("ix_mail_created", table_name="mail")
    op.drop_table("mail")
