"""From which import a user and a plan change came."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns; what was imported before keeps them empty."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
