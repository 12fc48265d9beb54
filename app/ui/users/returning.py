"""Where somebody was on the page of users: to come back, at the next start, after others wrote."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.calendar import Month, instant_of
from app.domain.errors import CreditsError
from app.domain.ledger import checked_kinds
from app.domain.users import UserQuery
from app.ui import format as write
from app.ui.language import tr
from app.ui.users.account_state import AccountState
from app.ui.users.reading import AccountData, LedgerFilter


@dataclass(frozen=True)
class Place:
    """Where somebody is here: whose account, under which filters, whether the table gave way."""

    user_id: str
    filters: UserQuery
    opened: bool
    at: datetime | None = None
    chosen: LedgerFilter = field(default_factory=LedgerFilter)


def leads_out(here: object, place: object) -> bool:
    """Whether going back to a place leaves an account for the table, or stays with the person.

    Esc does no more than that: it must not put another person where somebody was, who may not see
    it. Alt+Left does, and says so by its name.
    """
    if not isinstance(here, Place) or not isinstance(place, Place):
        return False
    return (here.opened and not place.opened) or place.user_id == here.user_id


def to_remember(state: AccountState) -> dict[str, object]:
    """Whose account is shown and how, as JSON has it: to find it again at the next start."""
    chosen = state.chosen
    return {
        "user": state.user_id,
        "at": state.at.isoformat() if state.at else None,
        "kinds": sorted(chosen.kinds),
        "feature": chosen.feature,
        "month": str(chosen.month) if chosen.month else None,
        "free": chosen.free,
    }


def as_remembered(kept: object) -> AccountState:
    """What ``to_remember`` told; as now and unfiltered where it cannot be read."""
    told = kept if isinstance(kept, dict) else {}
    user_id = str(told.get("user") or "")
    try:
        at = told.get("at")
        month = told.get("month")
        chosen = LedgerFilter(
            checked_kinds(told.get("kinds") or ()),
            str(told.get("feature") or ""),
            Month.parse(str(month)) if month else None,
            told.get("free") is True,
        )
        instant = instant_of(datetime.fromisoformat(str(at))) if at else None
    except (ValueError, TypeError, CreditsError):
        return AccountState(user_id)
    return AccountState(user_id, at=instant, chosen=chosen)


def moved_elsewhere(before: AccountData | None, after: AccountData) -> str:
    """What another program did to the account in view, in a sentence; empty if nothing."""
    if before is None or before.user.user_id != after.user.user_id or before.at != after.at:
        return ""
    if before.user != after.user and before.account.available == after.account.available:
        return tr("This user’s data were changed elsewhere just now; what you see is up to date.")
    if _fingerprint(before) == _fingerprint(after):
        return ""
    was, now = write.credits(before.account.available), write.credits(after.account.available)
    balance = (
        tr("the balance was {was} and is {now}", was=was, now=now)
        if was != now
        else tr("the balance is still {now}", now=now)
    )
    return tr("This account was changed elsewhere just now: {balance}.", balance=balance)


def _fingerprint(data: AccountData) -> tuple[object, ...]:
    grants = tuple((g.id, g.remaining, g.voided) for g in data.account.all_grants if not g.expected)
    return grants, data.proof.parts, data.sheet.notes, data.sheet.history
