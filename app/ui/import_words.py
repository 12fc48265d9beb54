"""What is said of files to import, by what kind of rows they hold. No Qt."""

from __future__ import annotations

from typing import Final

from app.domain.imports import PLANS, REQUESTS, USAGE, USERS, Columns, FileShape, ImportReport
from app.domain.staff import Act
from app.ui import format as write
from app.ui.columns import Column
from app.ui.language import tr, trn

CHANGES: Final = {
    "users": frozenset({"accounts", "activity"}),
    "plans": frozenset({"accounts", "activity"}),
    "usage": frozenset({"accounts", "consumption", "prices", "activity"}),
    "requests": frozenset({"requests", "activity"}),
}
"""What importing a kind of file changes."""
ACTS: Final = {
    "users": Act.IMPORT_USERS,
    "plans": Act.IMPORT_USERS,
    "usage": Act.IMPORT_USAGE,
    "requests": Act.IMPORT_USERS,
}
"""What a person must be allowed to do."""


def kind_name(kind: str) -> str:
    """What a kind of rows is called."""
    return {
        "users": tr("Users"),
        "plans": tr("Plans"),
        "usage": tr("Usage"),
        "requests": tr("Requests"),
    }[kind]


def title(kind: str) -> str:
    """The title of a dialog that imports them."""
    return {
        "users": tr("Import users"),
        "plans": tr("Import plans"),
        "usage": tr("Import usage"),
        "requests": tr("Import requests"),
    }[kind]


def about(kind: str) -> str:
    """What such a file holds, in a sentence."""
    return {
        "users": tr("Who registered when, with which code; each gets what registering gives."),
        "plans": tr("Who changed to which plan when; months are filled in with what they owe."),
        "usage": tr("Who used what when; charged in order of time, at the prices of then."),
        "requests": tr("What users asked the help desk, by ticket; a ticket is opened once."),
    }[kind]


def meaning(ours: str) -> str:
    """What one of our columns holds."""
    return {
        "user_id": tr("the product's id of the user"),
        "email": tr("mail address"),
        "name": tr("name, may be empty"),
        "registered_at": tr("instant of the registration"),
        "referral_code": tr("the user's own code"),
        "referred_by": tr("the code they came with"),
        "plan": tr("free, plus or pro"),
        "at": tr("instant of the change"),
        "feature": tr("key of the feature"),
        "occurred_at": tr("instant of the use"),
        "key": tr("idempotency key"),
        "quantity": tr("how many, default 1"),
        "outcome": tr("succeeded or failed"),
        "job": tr("job it belongs to"),
        "ticket": tr("number in the help desk"),
        "user": tr("id, mail address or code"),
        "opened_at": tr("instant it came in"),
        "message": tr("what the user wrote"),
        "category": tr("kind of complaint"),
        "credits": tr("credits asked for"),
    }.get(ours, "")


def heading(column: str) -> str:
    """What the table of first rows calls one of our columns."""
    return {
        "user_id": tr("User id"),
        "email": tr("E-mail"),
        "name": tr("Name"),
        "registered_at": tr("Registered at"),
        "referral_code": tr("Referral code"),
        "referred_by": tr("Referred by"),
        "plan": tr("Plan"),
        "at": tr("At"),
        "feature": tr("Feature"),
        "occurred_at": tr("Occurred at"),
        "key": tr("Key"),
        "quantity": tr("Quantity"),
        "outcome": tr("Outcome"),
        "job": tr("Job"),
        "ticket": tr("Ticket"),
        "user": tr("User"),
        "opened_at": tr("Opened at"),
        "message": tr("Message"),
        "category": tr("Category"),
        "credits": tr("Credits"),
    }.get(column, column)


def must_have(kind: str) -> str:
    """What is said at a column that such a file cannot be without."""
    return {
        "users": tr("A file of users must have this."),
        "plans": tr("A file of plans must have this."),
        "usage": tr("A file of usage must have this."),
        "requests": tr("A file of requests must have this."),
    }[kind]


def columns_of(kind: str) -> Columns:
    """The columns of a kind of rows."""
    return {"users": USERS, "plans": PLANS, "usage": USAGE, "requests": REQUESTS}[kind]


def to_add(kind: str, count: int) -> str:
    """What importing so many rows would do."""
    return {
        "users": trn("{count} user to register.", "{count} users to register.", count),
        "plans": trn("{count} change of plan to make.", "{count} changes of plan to make.", count),
        "usage": trn("{count} use to charge.", "{count} uses to charge.", count),
        "requests": trn("{count} request to open.", "{count} requests to open.", count),
    }[kind]


def added(kind: str, count: int) -> str:
    """What importing so many rows did."""
    return {
        "users": trn("Registered {count} user.", "Registered {count} users.", count),
        "plans": trn("Made {count} change of plan.", "Made {count} changes of plan.", count),
        "usage": trn("Charged {count} use.", "Charged {count} uses.", count),
        "requests": trn("Opened {count} request.", "Opened {count} requests.", count),
    }[kind]


def act(kind: str, count: int) -> str:
    """What the button says."""
    if not count:
        return tr("Import")
    return {
        "users": trn("Import {count} user", "Import {count} users", count),
        "plans": trn("Import {count} change", "Import {count} changes", count),
        "usage": trn("Import {count} use", "Import {count} uses", count),
        "requests": trn("Import {count} request", "Import {count} requests", count),
    }[kind]


def told(report: ImportReport, *, done: bool) -> str:
    """What a file would do, or did, in sentences."""
    parts = [(added if done else to_add)(report.kind, report.added)]
    if report.refused:
        parts.append(
            trn(
                "{count} refused for want of credits.",
                "{count} refused for want of credits.",
                report.refused,
            )
        )
    if on_record := report.same - report.repeated:
        parts.append(trn("{count} on record already.", "{count} on record already.", on_record))
    if report.repeated:
        parts.append(
            trn(
                "{count} the same as an earlier row of this file.",
                "{count} the same as earlier rows of this file.",
                report.repeated,
            )
        )
    if report.bad:
        parts.append(trn("{count} row left out.", "{count} rows left out.", len(report.bad)))
    return " ".join(parts)


def shape_said(shape: FileShape) -> str:
    """How a file is written."""
    columns = trn("{count} column", "{count} columns", len(shape.header))
    parts = [_format(shape), columns, write.file_size(shape.size)]
    return " · ".join(parts)


def _format(shape: FileShape) -> str:
    if shape.format != "CSV":
        return shape.format
    return {
        ",": tr("CSV, parted by commas"),
        ";": tr("CSV, parted by semicolons"),
        "\t": tr("CSV, parted by tabs"),
        "|": tr("CSV, parted by bars"),
    }.get(shape.delimiter, shape.format)


def preview_column(place: int, name: str) -> Column[tuple[str, ...]]:
    """A column of the table of first rows."""
    wide = name == "message"
    return Column(
        name,
        heading(name),
        lambda row: write.text(row[place]),
        width=240 if wide else 170 if name.endswith("at") else 130,
        stretch=wide,
        tip=lambda row: row[place][:400],
    )
