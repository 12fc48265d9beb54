"""The audit record by who, what, which kind of thing and when."""

from __future__ import annotations

from alembic import op

from app.storage.schema import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Index the audit record."""
    run_script(revision)


def downgrade() -> None:
    """Take the indexes away; they are derived."""
    for name in ("staff", "act", "kind", "at"):
        op.execute(f"DROP INDEX audit_{name}")
