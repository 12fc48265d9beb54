"""Users as the desk sees them: who they are, what they hold, what they may still expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.domain.calendar import Month
from app.domain.errors import InvalidValue
from app.domain.field_names import field_name
from app.domain.sentences import Said, said

if TYPE_CHECKING:
    from app.domain.grants import Grant

PLANS = ("free", "plus", "pro")
"""The plans of the product, smallest first; the database keeps their places in this row."""
MOST_ID = 100
MOST_TEXT = 320
MOST_NOTE = 4000


OWN_CODE = said("the code is their own")
"""Why a code given at a registration rewards nobody, where it is the user's."""


def without_owner(code: str) -> Said:
    """Why it rewards nobody where no user had it."""
    return said("nobody on record had the code {code} when they registered", code=code)


def owner_came_later(code: str) -> Said:
    """Why it rewards nobody where its owner was no user yet."""
    return said("the owner of the code {code} registered after them", code=code)


def refusal_on_record(text: str, code: str) -> str:
    """Why a code rewarded nobody, as a sentence that can be translated: the record has English."""
    known = (OWN_CODE, without_owner(code), owner_came_later(code))
    return next((refusal for refusal in known if refusal == text), text)


@dataclass(frozen=True, slots=True)
class User:
    """One user of the product. ``referred_by`` is the code given at registration.

    ``referrer_id`` is who was rewarded for it; ``referral_refused`` says why nobody was.
    """

    user_id: str
    email: str
    name: str
    plan: str
    registered_at: datetime
    referral_code: str | None = None
    referred_by: str | None = None
    referrer_id: str | None = None
    referral_refused: str = ""
    plan_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserSummary:
    """A line of the list of users: ``available`` counts what is due but not stored yet."""

    user_id: str
    email: str
    name: str
    plan: str
    available: int
    registered_at: datetime
    referral_code: str | None = None
    next_expiry: datetime | None = None
    referred_by: str | None = None
    referrer_id: str | None = None


ORDERS = (
    *("name", "email", "user_id", "plan", "available", "next_expiry"),
    *("registered_at", "referral_code", "referred_by"),
)
"""The attributes of a ``UserSummary`` by which a list can be ordered."""


@dataclass(frozen=True, slots=True)
class UserQuery:
    """Which users a list shows: those that contain ``text`` and pass every filter set.

    ``expiring`` are those who hold something that expires within 7 days; ``referred_by`` is the id
    of the user who invited them; ``open_request`` are those with a credit request that is open or
    claimed. ``registered_first`` and ``registered_last`` are days of the billing zone, both
    included. ``order`` is one of ``ORDERS``, with empty values last either way; without it users
    come by name, or the best matches of the text first.
    """

    text: str = ""
    plan: str | None = None
    out_of_credits: bool = False
    expiring: bool = False
    referred_by: str | None = None
    open_request: bool = False
    registered_first: date | None = None
    registered_last: date | None = None
    order: str = ""
    descending: bool = False

    @property
    def filtered(self) -> bool:
        """Whether anything but the text narrows the list."""
        return (
            bool(self.plan or self.out_of_credits or self.expiring or self.open_request)
            or bool(self.referred_by)
            or (self.registered_first, self.registered_last) != (None, None)
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A user's credits at one instant (``at``): ``grants`` are those usable then, in burn order.

    ``available`` is the sum of what they hold. ``expected`` are the allowances the plan will give
    until a future ``at``; those still usable then are among ``grants`` too, marked ``expected``.
    ``all_grants`` are all on record up to ``at``, newest first.
    """

    user: User
    plan: str
    available: int
    grants: tuple[Grant, ...]
    expected: tuple[Grant, ...]
    at: datetime
    all_grants: tuple[Grant, ...] = ()
    next_release_at: datetime | None = None
    next_release_credits: int = 0


@dataclass(frozen=True, slots=True)
class MonthlyUse:
    """What a user did with one feature in one month; ``uses`` and ``refused`` by quantity."""

    month: Month
    feature: str
    uses: int
    credits: int
    refused: int


@dataclass(frozen=True, slots=True)
class Note:
    """What a member of staff wrote down about a user."""

    id: int
    user_id: str
    at: datetime
    staff: str
    text: str


def can_be_kept(text: str) -> bool:
    """Whether a database and a file can hold it: no zero character, no half of a character."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked_text(
    value: str, field: str, *, most: int = MOST_TEXT, may_be_empty: bool = False
) -> str:
    """``value`` stripped, if it is a text of at most ``most`` characters; else ``InvalidValue``."""
    named = field_name(field)
    if not isinstance(value, str) or not can_be_kept(value):
        message = said("The {field} {value} is not a text.", field=named, value=f"{value!r:.60}")
        raise InvalidValue(message, field=field, value=value)
    text = value.strip()
    if not text and not may_be_empty:
        message = said("The {field} is empty.", field=named)
        raise InvalidValue(message, field=field, value=value)
    if len(text) > most:
        message = said(
            "The {field} “{value}…” has {count} characters; {most} at most.",
            field=named,
            value=text[:40],
            count=f"{len(text):,}",
            most=f"{most:,}",
        )
        raise InvalidValue(message, field=field, value=value)
    return text


def checked_count(value: int, field: str, *, most: int = 2**62) -> int:
    """``value`` if it can say how many rows to skip or show; else ``InvalidValue``."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        message = said(
            "The {field} {value} is not a whole number from 0 up.",
            field=field_name(field),
            value=value,
        )
        raise InvalidValue(message, field=field, value=value)
    return value


def checked_email(value: str) -> str:
    """``value`` stripped, if it looks like a mail address; else ``InvalidValue``."""
    text = checked_text(value, "mail address")
    local, at, host = text.rpartition("@")
    if not (local and at and host) or any(c.isspace() for c in text):
        message = said("“{given}” is not a mail address like amira@example.com.", given=text)
        raise InvalidValue(message, field="email", value=value)
    return text


def checked_plan(value: str) -> str:
    """``value`` if it names a plan; else ``InvalidValue``."""
    if value not in PLANS:
        message = said(
            "“{given}” is not a plan; the plans are {known}.", given=value, known=", ".join(PLANS)
        )
        raise InvalidValue(message, field="plan", value=value)
    return value


def checked_order(value: str) -> str:
    """``value`` if a list can be ordered by it (or is empty); else ``InvalidValue``."""
    if value and value not in ORDERS:
        message = said(
            "“{given}” is no order for users; they are {known}.",
            given=value,
            known=", ".join(ORDERS),
        )
        raise InvalidValue(message, field="order", value=value)
    return value
