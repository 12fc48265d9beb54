"""Credits for many users: whom a list means, what would happen, and giving them one by one.

Each user is a transaction of their own with a key of their own, made from one key for all: whatever
cuts it short, going on with the same key gives nobody twice (rules, section 4).
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain import giving as plans
from app.domain import recipients as lists
from app.domain.approvals import Approval
from app.domain.calendar import instant_of, to_ms
from app.domain.errors import CreditsError, DatabaseFailed, InvalidValue, NotPermitted
from app.domain.giving import BatchPlan, BatchReport, Fate, Holder, IssuedGrant, PlannedGrant
from app.domain.imports import BadRow
from app.domain.recipients import Recipient, Recipients
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import UserQuery
from app.services import giving, holdings
from app.services.giving import Gift
from app.services.office import Office, Work
from app.storage import listing, recipients, users

Wanted = str | UserQuery | Recipients | Sequence[str]
"""A text to read, a query of which everybody found is meant, a list read before, or ids."""
Progress = Callable[[int, int], None]

MOST_AT_ONCE = 10_000
MOST_BATCH_KEY = 90
"""A key for all is this long at most: each user's own key has their id behind it."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """What is given to everybody; ``gift`` names no user, and its key is the key for all.

    With ``again``, who got credits for the same ticket gets more.
    """

    gift: Gift
    again: bool = False

    def for_one(self, one: Recipient) -> Gift:
        """What one of them is given."""
        key = f"{self.gift.key}:{one.user_id}"
        credits = one.credits or self.gift.credits
        return replace(self.gift, user_id=one.user_id, credits=credits, key=key)


def key_for_all(key: str | None) -> str:
    """``key``, or a new one; ``InvalidValue`` where it is too long."""
    if key is None:
        return uuid.uuid4().hex
    if not key.strip() or len(key) > MOST_BATCH_KEY:
        message = said(
            "The key {key} is not a text of 1 to {most} characters.",
            key=f"{key!r:.60}",
            most=MOST_BATCH_KEY,
        )
        raise InvalidValue(message, field="key", value=key)
    return key


def validity(valid: str | datetime | None) -> tuple[str, datetime | None]:
    """A validity, and the instant that overrules it where one is named."""
    if isinstance(valid, datetime):
        return "", instant_of(valid, "expires_at")
    return valid or "", None


def meant(work: Work, wanted: Wanted) -> Recipients:
    """The users that are meant. Raises ``InvalidValue`` where they are too many for once."""
    if isinstance(wanted, Recipients):
        _refuse_crowd(len(wanted.found))
        return wanted
    if isinstance(wanted, UserQuery):
        found = listing.page(work.session, wanted, holdings.present(work), 0, MOST_AT_ONCE + 1)
        _refuse_crowd(len(found))
        lines = holdings.summaries(work, found)
        return Recipients(tuple(Recipient(line.user_id, who=line.user_id) for line in lines))
    if isinstance(wanted, str):
        pasted = lists.parse(wanted)
        _refuse_crowd(len(pasted.written))
        names = [row.who for row in pasted.written]
        return lists.matched(pasted, recipients.candidates(work.session, names))
    return _by_id(work, wanted)


def _by_id(work: Work, wanted: Sequence[str]) -> Recipients:
    ids = list(dict.fromkeys(wanted))
    _refuse_crowd(len(ids))
    known = recipients.numbers(work.session, ids)
    bad = [
        BadRow(0, said("There is no user “{user_id}” on record.", user_id=user_id), user_id)
        for user_id in ids
        if user_id not in known
    ]
    found = [Recipient(user_id, who=user_id) for user_id in ids if user_id in known]
    return Recipients(tuple(found), tuple(bad))


def _refuse_crowd(count: int) -> None:
    if count > MOST_AT_ONCE:
        message = said(
            "At most {most} users can get credits at once, and here are "
            "more: narrow the list, or give to a part of it first.",
            most=f"{MOST_AT_ONCE:,}",
        )
        raise InvalidValue(message, field="recipients", value=count)


# The dry run --------------------------------------------------------------------------------------


def plan(work: Work, wanted: Wanted, credits: int, ticket: str, *, again: bool) -> BatchPlan:
    """What giving would do now; nothing is changed."""
    found = meant(work, wanted)
    holders = _holders(work, found.found, credits, ticket)
    allowed = giving.allowed(work)
    rows = [*map(_bad_row, found.bad), *plans.planned(holders, allowed, again=again)]
    return BatchPlan(tuple(sorted(rows, key=lambda row: row.line)), allowed)


def _holders(work: Work, found: Sequence[Recipient], credits: int, ticket: str) -> Iterator[Holder]:
    same = plans.newest(recipients.for_ticket(work.session, ticket)) if ticket else {}
    recent = to_ms(work.now - plans.LATELY)
    for start in range(0, len(found), _CHUNK):
        some = found[start : start + _CHUNK]
        known = recipients.numbers(work.session, [one.user_id for one in some])
        lately = plans.newest(recipients.since(work.session, list(known.values()), recent))
        lines = holdings.summaries(work, [known[one.user_id] for one in some])
        for one, line in zip(some, lines, strict=True):
            yield Holder(
                user_id=one.user_id,
                name=line.name,
                email=line.email,
                available=line.available,
                credits=one.credits or credits,
                line=one.line,
                same_ticket=same.get(one.user_id),
                lately=lately.get(one.user_id),
            )


def _bad_row(row: BadRow) -> PlannedGrant:
    return PlannedGrant(
        who=row.text,
        name="",
        email="",
        credits=0,
        before=None,
        after=None,
        fate=Fate.BAD,
        problem=row.sentence,
        line=row.line,
    )


# Giving -------------------------------------------------------------------------------------------


def issue(
    office: Office,
    wanted: Wanted,
    batch: Batch,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> BatchReport:
    """Give to each in turn, in the order of the list; ``stop`` ends it between two users."""
    with office.reading(Act.GRANT) as work:
        giving.completed(work, batch.gift)
        found = meant(work, wanted)
    for one in found.found:
        giving.checked_credits(one.credits or batch.gift.credits)
    rows = [_left_out(row) for row in found.bad]
    stopped, trouble = False, ""
    for number, one in enumerate(found.found):
        if progress is not None:
            progress(number, len(found.found))
        stopped = stopped or (stop is not None and stop.is_set())
        if stopped or trouble:
            rows.append(_row(one, batch, Fate.NOT_REACHED, "It was stopped before."))
            continue
        try:
            rows.append(_issue_one(office, one, batch))
        except DatabaseFailed as error:
            # The machine's trouble would be the next one's too: whoever goes on tries this again.
            trouble = str(error)
            rows.append(_row(one, batch, Fate.FAILED, trouble))
    if progress is not None:
        progress(len(found.found), len(found.found))
    return BatchReport(
        str(batch.gift.key), tuple(sorted(rows, key=lambda row: row.line)), stopped, trouble
    )


def _issue_one(office: Office, one: Recipient, batch: Batch) -> IssuedGrant:
    gift = batch.for_one(one)
    try:
        with office.writing(Act.GRANT) as work:
            before = None if batch.again else _before(work, gift)
            if before is not None:
                return _row(one, batch, Fate.SKIP, f"Left out: {before.sentence()}")
            done = giving.given_or_asked(work, gift)
    except (DatabaseFailed, NotPermitted):
        raise
    except CreditsError as error:
        return _row(one, batch, Fate.SKIP, str(error))
    if isinstance(done, Approval):
        row = _row(one, batch, Fate.WAIT, f"Waits for approval {done.id}: over the limit.")
        return replace(row, approval_id=done.id)
    return replace(_row(one, batch, Fate.GIVE, ""), grant_id=done.id, expires_at=done.expires_at)


def _before(work: Work, gift: Gift) -> plans.Earlier | None:
    """What the ticket got the user otherwise than by this very gift, if anything."""
    if giving.on_record(work, gift):
        return None
    row = users.row_of(work.session, gift.user_id)
    return next(iter(recipients.for_ticket(work.session, gift.ticket, row.id)), None)


def _row(one: Recipient, batch: Batch, fate: Fate, sentence: str) -> IssuedGrant:
    credits = one.credits or batch.gift.credits
    return IssuedGrant(one.user_id, credits, fate, sentence, line=one.line)


def _left_out(row: BadRow) -> IssuedGrant:
    return IssuedGrant(row.text, 0, Fate.BAD, row.sentence, line=row.line)
