"""Finding users: words sorted in an index of their own, every three letters in a row known."""

from __future__ import annotations

from alembic import op

from app.storage import search_index
from app.storage.engine import Session
from app.storage.schema import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables and fill them anew."""
    run_script(revision)
    search_index.rebuild(Session(op.get_bind().connection.driver_connection))


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
