"""Which column of a file means which of ours: guessed by its name, put right by a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from app.domain.imports import Columns

_APART = re.compile(r"[^a-z0-9]+")
_ALSO: Mapping[str, tuple[str, ...]] = {
    "user_id": ("uid", "user", "who", "userid", "customer_id", "account_id", "id"),
    "email": ("e_mail", "mail", "mail_address", "email_address", "e_mail_address"),
    "name": ("full_name", "display_name", "user_name", "username"),
    "registered_at": ("registered", "created_at", "created", "signup_at", "joined_at", "date"),
    "referral_code": ("code", "own_code", "ref_code"),
    "referred_by": ("referrer", "invited_by", "referrer_code", "used_code"),
    "plan": ("new_plan", "plan_name", "subscription", "tier"),
    "at": ("changed_at", "when", "date", "time", "timestamp", "since", "effective_at"),
    "feature": ("feature_key", "action", "tool", "what"),
    "occurred_at": ("at", "when", "time", "timestamp", "used_at", "created_at", "date"),
    "key": ("idempotency_key", "event_id", "event", "job_key", "id"),
    "quantity": ("count", "amount", "number", "qty", "images"),
    "outcome": ("result", "status", "state"),
    "job": ("job_id", "batch", "batch_id"),
    "ticket": ("ticket_id", "id", "number", "case", "case_number", "reference"),
    "user": ("user_id", "email", "requester", "requester_email", "customer", "from", "sender"),
    "opened_at": ("created_at", "created", "opened", "date", "time", "received_at"),
    "message": ("description", "text", "body", "comment", "question", "subject"),
    "category": ("kind", "type", "topic", "tag"),
    "credits": ("wanted_credits", "requested_credits", "amount"),
}


def guessed(wanted: Columns, header: Iterable[str]) -> dict[str, str]:
    """The file's name of each of our columns, as far as names tell; each is used once.

    A name that is ours counts before one that only resembles it.
    """
    left = list(dict.fromkeys(header))
    found: dict[str, str] = {}
    for names in (lambda ours: (ours,), lambda ours: _ALSO.get(ours, ())):
        for ours in wanted.every:
            theirs = None if ours in found else _first(names(ours), left)
            if theirs is not None:
                found[ours] = theirs
                left.remove(theirs)
    return {ours: found[ours] for ours in wanted.every if ours in found}


def unknown(header: Iterable[str], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of a file that nothing of ours is read from: they are passed over."""
    return tuple(name for name in dict.fromkeys(header) if name not in chosen.values())


def missing(wanted: Columns, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that a file must have and nothing is chosen for."""
    return tuple(ours for ours in wanted.required if ours not in chosen)


def twice(chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The file's columns that are chosen for more than one of ours."""
    theirs = list(chosen.values())
    return tuple(dict.fromkeys(name for name in theirs if theirs.count(name) > 1))


def fitting(wanted: Columns, header: Sequence[str], kept: object) -> dict[str, str] | None:
    """A mapping kept for this header, if it still is one; ``None`` otherwise."""
    if not isinstance(kept, dict):
        return None
    chosen = {str(ours): str(theirs) for ours, theirs in kept.items()}
    fits = set(chosen) <= set(wanted.every) and set(chosen.values()) <= set(header)
    return chosen if fits else None


def _first(names: Iterable[str], header: Iterable[str]) -> str | None:
    by_name = {_plain(theirs): theirs for theirs in header}
    return next((by_name[name] for name in names if name in by_name), None)


def _plain(name: str) -> str:
    return _APART.sub("_", name.casefold()).strip("_")
