"""What users hold, kept in the row of each for the filters and orders of lists.

Triggers keep it with every grant and without a clock: ``next_expiry`` is the earliest expiry of
what is unused, ``held`` the sum of what is unused and expires then or later. When that instant has
come the user is *behind*: whoever reads works such users out anew, and ``count_out`` brings them up
to date for good. Instants are milliseconds.
"""

from __future__ import annotations

from app.storage import meta
from app.storage.engine import Session

_COUNTED = "expiries_counted_until"
_ANEW = """UPDATE user SET (held, next_expiry) = (SELECT coalesce(sum(remaining), 0),
  min(expires_at) FROM "grant" g WHERE g.user = user.id AND remaining > 0 AND expires_at > ?1)"""
TRIGGERS = ("grant_new_is_held", "grant_change_is_held")


def needs_counting(session: Session, now: int) -> bool:
    """Whether something expired that is still counted, or the clock was set back since."""
    if now < counted_until(session):
        return True
    return session.one("SELECT 1 FROM user WHERE next_expiry <= ? LIMIT 1", (now,)) is not None


def count_out(session: Session, now: int) -> None:
    """Bring up to date what users hold at ``now``."""
    if now < counted_until(session):
        count_anew(session, now)
        return
    # By their numbers, not by their expiry: the grants of neighbours lie beside one another.
    session.run(f"{_ANEW} WHERE id IN (SELECT id FROM user WHERE next_expiry <= ?1)", (now,))
    meta.write(session, _COUNTED, str(now))


def count_anew(session: Session, now: int) -> None:
    """Count everybody anew from the grants."""
    session.run(_ANEW, (now,))
    meta.write(session, _COUNTED, str(now))


def counted_until(session: Session) -> int:
    """Until when expired grants may have been counted out."""
    return int(meta.read(session, _COUNTED) or 0)
