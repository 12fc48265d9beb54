"""What the acts of the audit record are called, and what they were done to. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.audit import AuditRecord
from app.ui import format as write
from app.ui.language import tr


def acts() -> Mapping[str, str]:
    """What each act that is ever recorded is called; a test looks that none is missing."""
    return {
        "make the database": tr("Made the database"),
        "register": tr("Registered a user"),
        "change plan": tr("Changed the plan"),
        "correct contact data": tr("Corrected contact data"),
        "note": tr("Wrote a note"),
        "top up": tr("Recorded a top-up"),
        "release allowances": tr("Released allowances"),
        "charge": tr("Put a use on record"),
        "report outcome": tr("Reported how a job ended"),
        "issue credits": tr("Issued credits"),
        "ask for approval": tr("Asked for approval"),
        "approve": tr("Approved over the limit"),
        "reject": tr("Turned down over the limit"),
        "void": tr("Voided a grant"),
        "refund": tr("Refunded a charge"),
        "open a request": tr("Opened a request"),
        "reopen a request": tr("Reopened a request"),
        "claim a request": tr("Claimed a request"),
        "release a request": tr("Released a request"),
        "match a request": tr("Matched a request to a user"),
        "sort a request": tr("Sorted a request"),
        "resolve a request": tr("Answered a request"),
        "send a request for approval": tr("Sent an answer for approval"),
        "give a request back": tr("Gave a request back"),
        "edit a reply": tr("Edited a reply"),
        "publish prices": tr("Published prices"),
        "withdraw prices": tr("Withdrew prices"),
        "add staff": tr("Added somebody to the staff"),
        "change staff": tr("Changed a role"),
        "import users": tr("Imported users"),
        "import plans": tr("Imported plans"),
        "import usage": tr("Imported usage"),
        "import requests": tr("Imported requests"),
        "reverse an import": tr("Reversed an import"),
        "back up": tr("Backed up the database"),
        "remove a daily backup": tr("Removed a daily backup"),
        "restore": tr("Restored a backup"),
        "rebuild derived tables": tr("Rebuilt derived tables"),
    }


def kinds() -> Mapping[str, str]:
    """What kinds of thing acts are done to."""
    return {
        "user": tr("User"),
        "request": tr("Request"),
        "charge": tr("Charge"),
        "price list": tr("Price list"),
        "import": tr("Import"),
        "staff": tr("Staff"),
        "reply": tr("Reply"),
        "month": tr("Month"),
        "database": tr("Database"),
    }


def act_name(act: str, named: Mapping[str, str]) -> str:
    """What an act is called; one that is not known says its own name."""
    return named.get(act) or _begun(write.text(act))


def kind_name(kind: str, named: Mapping[str, str]) -> str:
    """What a kind of thing is called."""
    return named.get(kind) or _begun(write.text(kind))


def thing(record: AuditRecord, named: Mapping[str, str]) -> str:
    """What it was done to: usr_8812, or Request 12."""
    if record.subject_kind == "user":
        return write.text(record.subject)
    kind = kind_name(record.subject_kind, named)
    return tr("{kind} {name}", kind=kind, name=write.text(record.subject))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
