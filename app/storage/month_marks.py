"""Up to where users are counted by month already; asked often, so nothing heavy is loaded here."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage.engine import Session


@dataclass(frozen=True, slots=True)
class Marks:
    """The last numbers of charges and refunds that something was made from."""

    charges: int
    refunds: int


def last(session: Session) -> Marks:
    """The last numbers there are."""
    return Marks(
        *session.one(
            "SELECT (SELECT coalesce(max(id), 0) FROM charge),"
            " (SELECT coalesce(max(id), 0) FROM refund)"
        )
    )


def kept(session: Session) -> Marks:
    """Up to where the tables of ``month_uses`` go."""
    row = session.one("SELECT charges, refunds FROM month_use_mark")
    return Marks(0, 0) if row is None else Marks(*row)


def behind(session: Session) -> int:
    """How many charges and refunds came after that."""
    there, counted = last(session), kept(session)
    return there.charges - counted.charges + there.refunds - counted.refunds
