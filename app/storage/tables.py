"""The tables as typed classes, for rare forms, for Alembic and for reading what there is.

Column types are chosen by hand: STRICT tables know whole numbers and texts, and what a class would
choose for an instant or a choice they refuse. Constraints live in the schema itself
(``migrations/``): a class validates nothing. Nothing that has to be quick imports this; a test
proves that it says what the migrated schema says.
"""

from __future__ import annotations

from sqlmodel import SQLModel

from app.storage.columns import text, whole


class Meta(SQLModel, table=True):
    """What the database says of itself, by key."""

    __tablename__ = "meta"
    key: str = text(key=True)
    value: str = text()


class Staff(SQLModel, table=True):
    """Who uses the desk, and in which role."""

    __tablename__ = "staff"
    id: int = whole(key=True)
    email: str = text(unique=True)
    role: str = text()
    active: int = whole()
    added_at: int = whole()


class Feature(SQLModel, table=True):
    """Every feature and free action that was ever listed."""

    __tablename__ = "feature"
    id: int = whole(key=True)
    key: str = text(unique=True)
    free: int = whole()


class PriceVersion(SQLModel, table=True):
    """A published price list, as the document it was."""

    __tablename__ = "price_version"
    number: int = whole(key=True)
    effective_at: int = whole()
    published_at: int = whole()
    staff: int = whole(to="staff.id")
    note: str = text()
    based_on: int | None = whole(to="price_version.number", empty=True)
    document: str = text()


class Price(SQLModel, table=True):
    """What a feature costs in a version."""

    __tablename__ = "price"
    version: int = whole(to="price_version.number", key=True)
    feature: int = whole(to="feature.id", key=True)
    credits: int = whole()


class PriceWithdrawal(SQLModel, table=True):
    """A scheduled version that was withdrawn before it held."""

    __tablename__ = "price_withdrawal"
    version: int = whole(to="price_version.number", key=True)
    at: int = whole()
    staff: int = whole(to="staff.id")


class PriceDraft(SQLModel, table=True):
    """The price list somebody is editing."""

    __tablename__ = "price_draft"
    staff: int = whole(to="staff.id", key=True)
    based_on: int = whole(to="price_version.number")
    document: str = text()
    saved_at: int = whole()


class PriceTrial(SQLModel, table=True):
    """What the last what-if of somebody's draft came to."""

    __tablename__ = "price_trial"
    staff: int = whole(to="staff.id", key=True)
    tried: str = text()
    result: str = text()
    saved_at: int = whole()


class User(SQLModel, table=True):
    """A user of the product, the plan they hold and when to look for an allowance next."""

    __tablename__ = "user"
    id: int = whole(key=True)
    user_id: str = text(unique=True)
    email: str = text()
    name: str = text()
    referral_code: str | None = text(empty=True, unique=True)
    referred_by: str | None = text(empty=True)
    referrer: int | None = whole(to="user.id", empty=True)
    referral_refused: str | None = text(empty=True)
    registered_at: int = whole()
    recorded_at: int = whole()
    plan: int = whole()
    next_release_at: int | None = whole(empty=True)
    held: int = whole()
    next_expiry: int | None = whole(empty=True)
    import_run: int | None = whole(to="import_run.id", empty=True, name="import")


class PlanChange(SQLModel, table=True):
    """From an instant on, a user holds a plan."""

    __tablename__ = "plan_change"
    id: int = whole(key=True)
    user: int = whole(to="user.id")
    plan: int = whole()
    at: int = whole()
    recorded_at: int = whole()
    staff: int = whole(to="staff.id")
    key: str | None = text(empty=True, unique=True)
    import_run: int | None = whole(to="import_run.id", empty=True, name="import")


class Note(SQLModel, table=True):
    """What a member of staff wrote down about a user."""

    __tablename__ = "note"
    id: int = whole(key=True)
    user: int = whole(to="user.id")
    at: int = whole()
    staff: int = whole(to="staff.id")
    text: str = text()


class ImportRun(SQLModel, table=True):
    """A file that was imported, with how its rows fared."""

    __tablename__ = "import_run"
    id: int = whole(key=True)
    kind: str = text()
    file: str = text()
    at: int = whole()
    staff: int = whole(to="staff.id")
    read: int = whole()
    added: int = whole()
    same: int = whole()
    refused: int = whole()
    bad: int = whole()


class Grant(SQLModel, table=True):
    """Credits given to a user: how many, until when, and what remains of them."""

    __tablename__ = "grant"
    id: int = whole(key=True)
    user: int = whole(to="user.id")
    kind: int = whole()
    credits: int = whole()
    remaining: int = whole()
    effective_at: int = whole()
    expires_at: int = whole()
    recorded_at: int = whole()
    position: int = whole()
    staff: int = whole(to="staff.id")
    month: int | None = whole(empty=True)
    plan: int | None = whole(empty=True)
    friend: int | None = whole(to="user.id", empty=True)
    reason: str | None = text(empty=True)
    note: str | None = text(empty=True)
    ticket: str | None = text(empty=True)
    key: str | None = text(empty=True)


class Charge(SQLModel, table=True):
    """A use of a feature; a refused one has what was available."""

    __tablename__ = "charge"
    id: int = whole(key=True)
    user: int = whole(to="user.id")
    feature: int = whole(to="feature.id")
    quantity: int = whole()
    credits: int = whole()
    price_version: int = whole(to="price_version.number")
    plan: int = whole()
    occurred_at: int = whole()
    recorded_at: int | None = whole(empty=True)
    key: str = text(unique=True)
    available: int | None = whole(empty=True)
    job: str | None = text(empty=True)
    import_run: int | None = whole(to="import_run.id", empty=True, name="import")


class Burn(SQLModel, table=True):
    """What a charge took of a grant."""

    __tablename__ = "burn"
    charge: int = whole(to="charge.id", key=True)
    grant: int = whole(to="grant.id", key=True)
    credits: int = whole()


class Outcome(SQLModel, table=True):
    """How the job of a charge ended."""

    __tablename__ = "outcome"
    id: int = whole(key=True)
    charge: int = whole(to="charge.id")
    outcome: int = whole()
    at: int = whole()
    recorded_at: int = whole()
    staff: int = whole(to="staff.id")


class Refund(SQLModel, table=True):
    """A charge reversed, whole."""

    __tablename__ = "refund"
    id: int = whole(key=True)
    charge: int = whole(to="charge.id", unique=True)
    at: int = whole()
    recorded_at: int = whole()
    position: int = whole()
    regrant: int | None = whole(to="grant.id", empty=True, unique=True)
    staff: int = whole(to="staff.id")
    reason: str = text()
    note: str = text()
    key: str | None = text(empty=True, unique=True)


class Returned(SQLModel, table=True):
    """What a refund gave back to a grant."""

    __tablename__ = "returned"
    refund: int = whole(to="refund.id", key=True)
    grant: int = whole(to="grant.id", key=True)
    credits: int = whole()


class Void(SQLModel, table=True):
    """What was taken back of a grant given in error."""

    __tablename__ = "void"
    id: int = whole(key=True)
    grant: int = whole(to="grant.id", unique=True)
    credits: int = whole()
    at: int = whole()
    recorded_at: int = whole()
    position: int = whole()
    staff: int = whole(to="staff.id")
    reason: str = text()
    note: str = text()
    key: str | None = text(empty=True, unique=True)


class ImportReversal(SQLModel, table=True):
    """An import whose charges were all refunded."""

    __tablename__ = "import_reversal"
    import_run: int = whole(to="import_run.id", key=True, name="import")
    at: int = whole()
    staff: int = whole(to="staff.id")


class Approval(SQLModel, table=True):
    """A grant over somebody's limit, waiting or decided."""

    __tablename__ = "approval"
    id: int = whole(key=True)
    user: int = whole(to="user.id")
    credits: int = whole()
    reason: str = text()
    note: str = text()
    ticket: str = text()
    validity: str = text()
    expires_at: int | None = whole(empty=True)
    key: str | None = text(empty=True, unique=True)
    asked_by: int = whole(to="staff.id")
    asked_at: int = whole()
    decided_by: int | None = whole(to="staff.id", empty=True)
    decided_at: int | None = whole(empty=True)
    approved: int | None = whole(empty=True)
    decision_note: str | None = text(empty=True)
    grant: int | None = whole(to="grant.id", empty=True)


class Request(SQLModel, table=True):
    """What a user asked support for, who has it in hand, and what came of it."""

    __tablename__ = "request"
    id: int = whole(key=True)
    user: int | None = whole(to="user.id", empty=True)
    sender: str = text()
    ticket: str = text()
    category: str | None = text(empty=True)
    credits: int | None = whole(empty=True)
    opened_at: int = whole()
    recorded_at: int = whole()
    opened_by: int = whole(to="staff.id")
    import_run: int | None = whole(to="import_run.id", empty=True, name="import")
    reopened_from: int | None = whole(to="request.id", empty=True)
    key: str | None = text(empty=True)
    state: int = whole()
    first_claimed_at: int | None = whole(empty=True)
    claimed_by: int | None = whole(to="staff.id", empty=True)
    claimed_at: int | None = whole(empty=True)
    resolved_by: int | None = whole(to="staff.id", empty=True)
    resolved_at: int | None = whole(empty=True)
    grant: int | None = whole(to="grant.id", empty=True)
    charge: int | None = whole(to="charge.id", empty=True)
    approval: int | None = whole(to="approval.id", empty=True)
    resolution_key: str | None = text(empty=True)
    note: str = text()
    message: str = text()


class ReplyTemplate(SQLModel, table=True):
    """A text of replies as somebody edited it; the latest version of a code counts."""

    __tablename__ = "reply_template"
    code: str = text(key=True)
    version: int = whole(key=True)
    section: str = text()
    staff: int = whole(to="staff.id")
    at: int = whole()
    text: str = text()


class Audit(SQLModel, table=True):
    """An act of staff, sealed by a hash."""

    __tablename__ = "audit"
    id: int = whole(key=True)
    at: int = whole()
    staff: str = text()
    act: str = text()
    subject_kind: str = text()
    subject: str = text()
    why: str = text()
    before: str = text()
    after: str = text()
    hash: str = text()


class Proving(SQLModel, table=True):
    """That the books were proved, by whom, and which rules were broken (JSON, by name)."""

    __tablename__ = "proving"
    id: int = whole(key=True)
    at: int = whole()
    staff: int = whole(to="staff.id")
    rules: int = whole()
    broken: str = text()
    audit_head: str = text()
