"""What a database says of itself: its billing zone, when it was made, whether it is a sandbox."""

from __future__ import annotations

from app.storage.engine import Session


def start(session: Session, zone: str, now: int, *, sandbox: bool) -> None:
    """Put down what never changes; ``now`` in milliseconds."""
    rows = [("zone", zone), ("made_at", str(now)), ("sandbox", str(int(sandbox)))]
    session.run_many("INSERT INTO meta (key, value) VALUES (?, ?)", rows)


def zone(session: Session) -> str:
    """The billing zone, an IANA name."""
    return str(session.value("SELECT value FROM meta WHERE key = 'zone'"))


def is_sandbox(session: Session) -> bool:
    """Whether the clock may be frozen on this database."""
    return bool(session.value("SELECT value FROM meta WHERE key = 'sandbox'") == "1")


def read(session: Session, key: str) -> str | None:
    """A single value, or ``None``."""
    value = session.value("SELECT value FROM meta WHERE key = ?", (key,))
    return None if value is None else str(value)


def write(session: Session, key: str, value: str) -> None:
    """Put down a single value."""
    session.run(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
