"""Finding users by any fragment: the derived tables; the revision that changes them fills them."""

from __future__ import annotations

from alembic import op

from app.storage.schema import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    run_script(revision)


def downgrade() -> None:
    """Take the tables away; they are derived."""
    for name in ("search_vocabulary", "search_fragment", "search_text", "search_term"):
        op.execute(f"DROP TABLE {name}")
    op.execute("DROP TABLE search_gram")
