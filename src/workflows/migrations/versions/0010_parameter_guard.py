"""The values that the company sets for parameters are only ever added to."""

from __future__ import annotations

from alembic import op

from workflows.engine import guards

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in guards.of_parameters(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.parameters_removal(op.get_bind().dialect.name):
        op.execute(statement)
