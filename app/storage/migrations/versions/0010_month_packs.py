"""Past months as columns, for what-if."""

from __future__ import annotations

from alembic import op

from app.storage.schema import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table; a month is packed when a what-if first asks for it."""
    run_script(revision)


def downgrade() -> None:
    """Take the table away; it is derived."""
    op.execute("DROP TABLE month_pack")
