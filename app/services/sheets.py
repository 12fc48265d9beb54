"""Account sheets: all that a screen shows of one user, from one snapshot (rules, 1 to 4)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from app.domain.calendar import Month, instant_of
from app.domain.ledger import EntryKind
from app.domain.sheets import Sheet
from app.domain.users import User
from app.services import holdings, ledgers
from app.services.office import Office, Work
from app.storage import users

MONTHS = 12


class Sheets:
    """Whole accounts at a glance. Nothing here writes."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(
        self,
        user_id: str,
        *,
        at: datetime | None = None,
        kinds: Iterable[EntryKind | str] | None = None,
        feature: str | None = None,
        month: Month | None = None,
        free: bool = False,
        limit: int = 50,
        stop: threading.Event | None = None,
    ) -> Sheet:
        """Everything about a user now or at ``at``; the ledger filtered as ``accounts.ledger``.

        Usage is over the 12 months that end with that of ``at``. Raises ``UnknownUser``,
        ``InvalidInstant``.
        """
        at = None if at is None else instant_of(at, "instant")
        chosen = None if kinds is None else frozenset(EntryKind(kind) for kind in kinds)
        shown = ledgers.Shown(chosen, feature, month, free)
        with self._office.reading(stop=stop) as work:
            return _sheet(work, users.row_of(work.session, user_id), at, shown, limit)


def _sheet(
    work: Work, row: users.UserRow, at: datetime | None, shown: ledgers.Shown, limit: int
) -> Sheet:
    held = holdings.held_by(work, row, at)
    account = holdings.account(work, row, held, at)
    last = work.calendar.month_of(held.horizon)
    months = tuple(last.plus(1 - MONTHS).until(last))
    known = ledgers.told(work, row, at, held)
    entries = ledgers.ledger(work, row, known, None, limit=limit, shown=shown)
    return Sheet(
        account=account,
        proof=ledgers.proof(work, known),
        entries=tuple(entries),
        months=months,
        usage=ledgers.usage(work, row, months),
        ledger_months=ledgers.months_spanned(work, known),
        referrals=tuple(referrals(work, row, account.user)),
        notes=tuple(users.notes(work.session, row)),
        history=tuple(users.plan_history(work.session, row.id)),
    )


def referrals(work: Work, row: users.UserRow, user: User) -> list[User]:
    """Who registered with a user's code, whether that counted or not, oldest first."""
    counted = users.invited(work.session, row.id)
    code = user.referral_code
    tried = [] if code is None else users.tried_code(work.session, code, row.id)
    return sorted([*counted, *tried], key=lambda friend: friend.registered_at)
