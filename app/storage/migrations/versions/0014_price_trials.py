"""What a what-if came to, beside the draft; packed months that know what a policy granted."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables; packed months are derived, and made anew when they are asked for."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
