"""The ledger: prices, users, grants, charges, refunds, the audit record and what is derived."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    run_script(revision)


def downgrade() -> None:
    """There is nothing before the first revision: a backup is the way back."""
    message = "The first revision cannot be undone; open a backup instead."
    raise NotImplementedError(message)
