"""Finding users by any fragment of their address, name, id or referral code."""

from __future__ import annotations

from app.storage.engine import Session

_LIKE = "'%' || replace(replace(replace(?1, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'"
_MATCH = " OR ".join(
    f"{column} LIKE {_LIKE} ESCAPE '\\'" for column in ("email", "name", "user_id", "referral_code")
)


def find(session: Session, text: str, limit: int, offset: int = 0) -> list[int]:
    """The numbers of users that contain ``text``, by name."""
    rows = session.run(
        f"SELECT id FROM user WHERE {_MATCH} ORDER BY name, id LIMIT ?2 OFFSET ?3",
        (text.strip(), limit, offset),
    )
    return [row[0] for row in rows]


def count(session: Session, text: str) -> int:
    """How many users contain ``text``."""
    if not text.strip():
        return int(session.value("SELECT count(*) FROM user"))
    return int(session.value(f"SELECT count(*) FROM user WHERE {_MATCH}", (text.strip(),)))


def index_user(session: Session, user: int) -> None:
    """Make a new or corrected user findable."""
