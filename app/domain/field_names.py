"""What the values that people give are called, where a sentence says that one is wrong."""

from __future__ import annotations

from app.domain.sentences import said

_NAMED = {
    "age in hours": said("age in hours"),
    "clock": said("clock"),
    "code of who invited them": said("code of who invited them"),
    "expiry": said("expiry"),
    "instant": said("instant"),
    "instant from which it holds": said("instant from which it holds"),
    "instant of the plan change": said("instant of the plan change"),
    "job": said("job"),
    "mail address": said("mail address"),
    "message": said("message"),
    "name": said("name"),
    "note": said("note"),
    "number of an import": said("number of an import"),
    "referral code": said("referral code"),
    "reply": said("reply"),
    "search text": said("search text"),
    "staff address": said("staff address"),
    "subject": said("subject"),
    "text": said("text"),
    "ticket": said("ticket"),
    "user": said("user"),
    "user id": said("user id"),
}


def field_name(field: str) -> str:
    """What a field is called within a sentence; a column of a file as it stands there."""
    return _NAMED.get(field, field)
