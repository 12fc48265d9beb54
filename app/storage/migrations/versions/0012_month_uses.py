"""What users used in each month as columns, for counting users and for who is behind a figure."""

from __future__ import annotations

from alembic import op

from app.storage.schema import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables; they are filled when somebody first asks for users."""
    run_script(revision)


def downgrade() -> None:
    """Take the tables away; they are derived."""
    for table in ("month_use_mark", "month_mix", "month_use"):
        op.execute(f"DROP TABLE {table}")
