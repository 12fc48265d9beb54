"""The order of names, for the list of users."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Index the names."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
