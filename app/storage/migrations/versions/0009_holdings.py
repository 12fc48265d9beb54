"""Who holds what, kept beside the grants for filters and orders of the list of users."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns, their guards and their indexes."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
