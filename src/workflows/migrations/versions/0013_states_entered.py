"""States entered within a time: what figures of a month are counted from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ENTERED = sa.text("to_state IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_event_entered",
        "event",
        ["to_state", "at", "case_id"],
        postgresql_where=_ENTERED,
        sqlite_where=_ENTERED,
    )


def downgrade() -> None:
    op.drop_index("ix_event_entered", "event", postgresql_where=_ENTERED, sqlite_where=_ENTERED)
