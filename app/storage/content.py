"""What a database holds: how much, since when, and how it stands to another state of itself."""

from __future__ import annotations

from app.domain.backups import Tally
from app.storage.engine import Session


def tally(session: Session) -> Tally:
    """How many rows there are of what people count."""
    tables = ("user", '"grant"', "charge", "refund", "request", "audit")
    return Tally(*(int(session.value(f"SELECT count(*) FROM {table}")) for table in tables))


def revision(session: Session) -> str:
    """Which revision of the schema the database has."""
    return str(session.value("SELECT version_num FROM alembic_version"))


def has_act(session: Session, number: int, seal: str) -> bool:
    """Whether the audit record of that number is sealed by that hash: the same history so far."""
    return bool(session.value("SELECT hash FROM audit WHERE id = ?", (number,)) == seal)


def acts_after(session: Session, number: int) -> int:
    """How many acts were recorded after the one of that number."""
    return int(session.value("SELECT count(*) FROM audit WHERE id > ?", (number,)))


def tag(session: Session) -> str:
    """Eight letters that tell this database from others: the same wherever it is moved."""
    return str(session.value("SELECT hash FROM audit ORDER BY id LIMIT 1") or "0" * 8)[:8]
