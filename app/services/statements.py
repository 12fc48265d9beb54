"""Statements: what a user's own account page shows (rules, sections 1 and 3)."""

from __future__ import annotations

import threading
from datetime import datetime

from app.domain import statements
from app.domain.calendar import MILLISECOND, Month, instant_of
from app.domain.errors import InvalidInstant, InvalidValue
from app.domain.sentences import said
from app.domain.statements import Statement
from app.services import holdings, ledgers
from app.services.office import Office, Work
from app.storage import users

_EVERYTHING = ledgers.Shown(free=True)


class Statements:
    """Accounts as their users see them. Nothing here writes."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(
        self,
        user_id: str,
        *,
        at: datetime | None = None,
        month: Month | str | None = None,
        stop: threading.Event | None = None,
    ) -> Statement:
        """A user's whole account now, as of ``at``, or over one ``month``.

        A month that runs goes as far as now; one that has not begun is refused. Raises
        ``UnknownUser``, ``InvalidInstant``, ``InvalidValue``.
        """
        if at is not None and month is not None:
            message = said(
                "A statement is as of an instant or over a month ({month}), not both.", month=month
            )
            raise InvalidValue(message, field="month", value=str(month))
        only = Month.parse(month) if isinstance(month, str) else month
        with self._office.reading(stop=stop) as work:
            row = users.row_of(work.session, user_id)
            until = _end(work, only) if at is None else instant_of(at)
            return _statement(work, row, until, only)


def _end(work: Work, month: Month | None) -> datetime | None:
    """The last millisecond of a month; ``None`` (now) for the running one."""
    running = work.calendar.month_of(work.now)
    if month is None or month == running:
        return None
    if month > running:
        message = said("The month {month} has not begun.", month=month)
        raise InvalidInstant(message, field="month", value=str(month))
    return work.calendar.end(month) - MILLISECOND


def _statement(
    work: Work, row: users.UserRow, at: datetime | None, month: Month | None
) -> Statement:
    held = holdings.held_by(work, row, at)
    account = holdings.account(work, row, held, at)
    known = ledgers.told(work, row, at, held)
    entries = ledgers.ledger(work, row, known, None, limit=None, shown=_EVERYTHING)
    if month is not None:
        entries = [entry for entry in entries if work.calendar.month_of(entry.at) == month]
    months = [work.calendar.month_of(entry.at) for entry in entries]
    return Statement(
        user=account.user,
        plan=account.plan,
        at=account.at,
        first=month or min(months, default=None),
        last=month or work.calendar.month_of(account.at),
        opening=statements.opening(entries, account.available),
        movements=statements.movements(entries),
        available=account.available,
        expiring=statements.expiring(account.grants),
        usage=statements.usage(entries, work.calendar, work.book.names()),
    )
