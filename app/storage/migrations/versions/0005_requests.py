"""Credit requests: what users ask for, who has it in hand, and what came of it."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table; there are no requests yet."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
