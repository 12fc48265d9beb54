"""What each day moved and until when the rest is good, and when the books were proved."""

from __future__ import annotations

from alembic import op

from app.domain.calendar import BillingCalendar
from app.storage import derived, meta
from app.storage.engine import Session
from app.storage.schema import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables, and count into them what is on record."""
    run_script(revision)
    session = Session(op.get_bind().connection.driver_connection)
    zone = meta.read(session, "zone")
    if zone is None:  # nothing is on record yet
        return
    calendar = BillingCalendar(zone)
    made = int(meta.read(session, "made_at") or 0)
    derived.count_days(session, calendar, derived.months_of(session, calendar, made))


def downgrade() -> None:
    """A backup is made before every migration; that is the way back."""
    message = "This revision cannot be undone; open the backup made before it instead."
    raise NotImplementedError(message)
