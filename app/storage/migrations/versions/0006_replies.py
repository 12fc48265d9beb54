"""The texts of replies to users, as leads edit them."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table; until somebody edits a text, those the program came with count."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
