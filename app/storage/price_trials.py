"""What a what-if of somebody's draft came to: one for each member of staff, beside the draft."""

from __future__ import annotations

from app.domain import whatif_file
from app.domain.price_file import parse, write
from app.domain.prices import PriceList
from app.domain.whatif import WhatIf
from app.storage.engine import Session


def of(session: Session, staff: int) -> tuple[PriceList, WhatIf] | None:
    """The list tried, and what came of it, where something is kept."""
    row = session.one("SELECT tried, result FROM price_trial WHERE staff = ?", (staff,))
    return None if row is None else (parse(row[0]), whatif_file.read(row[1]))


def save(session: Session, staff: int, tried: PriceList, result: WhatIf, *, at: int) -> None:
    """Keep a result in place of the one before. ``at`` is in milliseconds."""
    session.run(
        "INSERT OR REPLACE INTO price_trial (staff, tried, result, saved_at) VALUES (?, ?, ?, ?)",
        (staff, write(tried).decode(), whatif_file.write(result), at),
    )


def discard(session: Session, staff: int) -> None:
    """Throw away what is kept of somebody; nothing where there is none."""
    session.run("DELETE FROM price_trial WHERE staff = ?", (staff,))
