"""Who registered with which referral code, found without looking at everybody."""

from __future__ import annotations

from app.storage.schema import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index the codes given at registration."""
    run_script(revision)


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
