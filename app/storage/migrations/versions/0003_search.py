"""Finding users by any fragment: the derived tables, filled from the users on record."""

from __future__ import annotations

from alembic import op

from app.storage import search
from app.storage.engine import Session
from app.storage.schema import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables and fill them."""
    run_script(revision)
    search.rebuild(Session(op.get_bind().connection.driver_connection))


def downgrade() -> None:
    """Take the tables away; they are derived."""
    for name in ("search_vocabulary", "search_fragment", "search_text", "search_term"):
        op.execute(f"DROP TABLE {name}")
    op.execute("DROP TABLE search_gram")
