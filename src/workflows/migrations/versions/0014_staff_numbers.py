"""Staff numbers in capitals, as payroll writes them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE person SET staff_number = upper(staff_number) WHERE staff_number IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE person SET staff_number = lower(staff_number) WHERE staff_number IS NOT NULL")
