"""How far something lies from now, in whole phrases: 3 days ago, in 8 days, expired 2 h ago.

Every phrase stands here as a whole, since languages put these words in different orders.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.ui.language import tr, trn

_Phrase = Callable[[int], str]
_AGO: Final[Mapping[str, _Phrase]] = {
    "minutes": lambda n: trn("{count} min ago", "{count} min ago", n),
    "hours": lambda n: trn("{count} h ago", "{count} h ago", n),
    "days": lambda n: trn("{count} day ago", "{count} days ago", n),
    "months": lambda n: trn("{count} month ago", "{count} months ago", n),
    "years": lambda n: trn("{count} year ago", "{count} years ago", n),
}
_AHEAD: Final[Mapping[str, _Phrase]] = {
    "minutes": lambda n: trn("in {count} min", "in {count} min", n),
    "hours": lambda n: trn("in {count} h", "in {count} h", n),
    "days": lambda n: trn("in {count} day", "in {count} days", n),
    "months": lambda n: trn("in {count} month", "in {count} months", n),
    "years": lambda n: trn("in {count} year", "in {count} years", n),
}
_EXPIRED: Final[Mapping[str, _Phrase]] = {
    "minutes": lambda n: trn("expired {count} min ago", "expired {count} min ago", n),
    "hours": lambda n: trn("expired {count} h ago", "expired {count} h ago", n),
    "days": lambda n: trn("expired {count} day ago", "expired {count} days ago", n),
    "months": lambda n: trn("expired {count} month ago", "expired {count} months ago", n),
    "years": lambda n: trn("expired {count} year ago", "expired {count} years ago", n),
}
_OLD: Final[Mapping[str, _Phrase]] = {
    "minutes": lambda n: trn("{count} min", "{count} min", n),
    "hours": lambda n: trn("{count} h", "{count} h", n),
    "days": lambda n: trn("{count} day", "{count} days", n),
    "months": lambda n: trn("{count} month", "{count} months", n),
    "years": lambda n: trn("{count} year", "{count} years", n),
}


def ago(at: datetime, now: datetime) -> str:
    """How far from now: just now, 5 min ago, 3 days ago, in 8 days, in 2 months."""
    return _said(_AGO if at < now else _AHEAD, abs(at - now)) or tr("just now")


def left(expires_at: datetime | None, now: datetime) -> str:
    """What is left of a grant's time: in 8 days, in 2 h, expired 3 days ago; a dash for none."""
    if expires_at is None:
        return "—"
    if expires_at > now:
        return _said(_AHEAD, expires_at - now) or tr("in under a minute")
    return _said(_EXPIRED, now - expires_at) or tr("expired just now")


def age(since: datetime, now: datetime) -> str:
    """How old: 2 h, 3 days; of what has just come, now."""
    return _said(_OLD, now - since) or tr("now")


def _said(phrases: Mapping[str, _Phrase], length: timedelta) -> str:
    """A length in its largest fitting unit; empty under a minute."""
    seconds = int(length.total_seconds())
    days = seconds // 86_400
    if seconds < 60:
        return ""
    if seconds < 3_600:
        return phrases["minutes"](seconds // 60)
    if days < 1:
        return phrases["hours"](seconds // 3_600)
    if days < 61:
        return phrases["days"](days)
    if days < 730:
        return phrases["months"](days * 12 // 365)
    return phrases["years"](days // 365)
