"""Drafts of price lists: one for each member of staff, kept between starts."""

from __future__ import annotations

from app.domain.calendar import from_ms
from app.domain.price_file import parse, write
from app.domain.prices import PriceDraft, PriceList
from app.storage.engine import Session


def of(session: Session, staff: int) -> PriceDraft | None:
    """The draft of a member of staff, where there is one."""
    row = session.one(
        "SELECT based_on, document, saved_at FROM price_draft WHERE staff = ?", (staff,)
    )
    return None if row is None else PriceDraft(row[0], parse(row[1]), from_ms(row[2]))


def save(session: Session, staff: int, prices: PriceList, *, based_on: int, at: int) -> None:
    """Keep a draft in place of the one before. ``at`` is in milliseconds."""
    session.run(
        "INSERT OR REPLACE INTO price_draft (staff, based_on, document, saved_at)"
        " VALUES (?, ?, ?, ?)",
        (staff, based_on, write(prices).decode(), at),
    )


def discard(session: Session, staff: int) -> None:
    """Throw the draft of a member of staff away; nothing where there is none."""
    session.run("DELETE FROM price_draft WHERE staff = ?", (staff,))
