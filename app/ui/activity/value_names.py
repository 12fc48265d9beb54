"""What the audit record keeps, in words: a name for each key, and for each value of a list. No Qt.

Files of data keep the keys and the values as they stand on record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.requests import CATEGORIES
from app.domain.staff import Role
from app.ui import format as write
from app.ui.language import of, tr
from app.ui.role_names import role_name

_NAMES: Final[Mapping[str, Callable[[], str]]] = {
    "active": lambda: tr("active"),
    "added": lambda: tr("added"),
    "approval": lambda: tr("approval"),
    "asked_by": lambda: tr("asked by"),
    "at": lambda: tr("at"),
    "backup": lambda: tr("backup"),
    "bad": lambda: tr("bad"),
    "based_on": lambda: tr("based on"),
    "category": lambda: tr("category"),
    "changes": lambda: tr("changes"),
    "charge": lambda: tr("charge"),
    "charges": lambda: tr("charges"),
    "claimed_by": lambda: tr("claimed by"),
    "credits": lambda: tr("credits"),
    "email": lambda: tr("email"),
    "expires_at": lambda: tr("expires at"),
    "file": lambda: tr("file"),
    "from": lambda: tr("from"),
    "grant": lambda: tr("grant"),
    "grants": lambda: tr("grants"),
    "key": lambda: tr("key"),
    "kept": lambda: tr("kept"),
    "months": lambda: tr("months"),
    "name": lambda: tr("name"),
    "note": lambda: tr("note"),
    "outcome": lambda: tr("outcome"),
    "plan": lambda: tr("plan"),
    "price_list": lambda: tr("price list"),
    "price_version": lambda: tr("price version"),
    "read": lambda: tr("read"),
    "referred_by": lambda: tr("referred by"),
    "refund": lambda: tr("refund"),
    "refused": lambda: tr("refused"),
    "regranted": lambda: tr("regranted"),
    "remaining": lambda: tr("remaining"),
    "reopened_from": lambda: tr("reopened from"),
    "resolved_by": lambda: tr("resolved by"),
    "returned": lambda: tr("returned"),
    "role": lambda: tr("role"),
    "same": lambda: tr("same"),
    "section": lambda: tr("section"),
    "state": lambda: tr("state"),
    "text": lambda: tr("text"),
    "ticket": lambda: tr("ticket"),
    "trouble": lambda: tr("trouble"),
    "user": lambda: tr("user"),
    "version": lambda: tr("version"),
}

_VALUES: Final[Mapping[str, Callable[[], Mapping[str, str]]]] = {
    "category": lambda: {key: of(name) for key, name in CATEGORIES.items()},
    "outcome": lambda: {"succeeded": tr("succeeded"), "failed": tr("failed")},
    "role": lambda: {role.value: role_name(role) for role in Role},
    "state": lambda: {
        "open": tr("open"),
        "claimed": tr("claimed"),
        "granted": tr("granted"),
        "refunded": tr("refunded"),
        "declined": tr("declined"),
    },
}
_REASONS: Final[Mapping[str, Callable[[], str]]] = {
    "double_charge": lambda: tr("Double charge"),
    "failed_generation": lambda: tr("Failed generation"),
    "given_in_error": lambda: tr("Given in error"),
    "goodwill": lambda: tr("Goodwill"),
    "missing_credits": lambda: tr("Missing credits"),
    "other": lambda: tr("Other"),
    "poor_result": lambda: tr("Poor result"),
    "referral_not_paid": lambda: tr("Referral not paid"),
    "wrong_price": lambda: tr("Wrong price"),
}


def value_name(key: str) -> str:
    """What a value is called; one that is not known says its own name."""
    named = _NAMES.get(key.replace(" ", "_"))
    return named() if named else write.text(key.replace("_", " "))


def is_named(key: str) -> bool:
    """Whether the key has a name that can be translated."""
    return key.replace(" ", "_") in _NAMES


def named_value(key: str, value: str) -> str:
    """A value in words where it is one of a list; else as it stands."""
    values = _VALUES.get(key)
    return values().get(value, value) if values else value


def reason_name(key: str) -> str:
    """What a reason for giving or taking back is called; one that is not known says its own."""
    named = _REASONS.get(key)
    said = write.text(key.replace("_", " "))
    return named() if named else said[:1].upper() + said[1:]
