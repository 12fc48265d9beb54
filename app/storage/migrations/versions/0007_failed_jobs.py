"""Charges of failed jobs, found at once when a day's are to be refunded."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Index the failed jobs."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
