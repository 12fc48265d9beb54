"""What a person (or the product) can put right: each error has a code, its values and a sentence.

Every class here is raised before anything was changed, or after everything that had to be kept
was committed (a refused use). Screens may word an error anew by its ``code`` and ``values``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from app.domain.sentences import said

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.prices import PriceList


MOST_SENTENCE = 600
_UNSAYABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class CreditsError(Exception):
    """The base of all errors whose text may be shown to a person as it is.

    ``code`` is stable and short; ``values`` holds what the sentence names, by name. ``said`` is the
    sentence as it was put together, for screens in another language; ``sentence`` is it too,
    unless something in it had to be spelled out.
    """

    code: ClassVar[str] = "credits_error"

    def __init__(self, sentence: str, **values: object) -> None:
        self.said = sentence
        self.sentence = sayable(sentence)
        super().__init__(self.sentence)
        self.values = values

    def __str__(self) -> str:
        return self.sentence


def sayable(sentence: str) -> str:
    """The sentence, fit for any screen, terminal and file whatever value it names.

    Half characters and what would move a terminal's cursor or turn its text around are spelled
    out; of a very long value the middle is left out. What is fit stays the same sentence.
    """
    if len(sentence) <= MOST_SENTENCE and not _UNSAYABLE.search(sentence):
        return sentence
    if len(sentence) > MOST_SENTENCE:
        half = MOST_SENTENCE // 2
        sentence = f"{sentence[:half]}…{sentence[-half:]}"
    return _UNSAYABLE.sub(lambda found: repr(found[0])[1:-1], sentence)


class InvalidValue(CreditsError):
    """A value that no rule allows: empty, too long, of the wrong shape.

    ``values['field']`` names it.
    """

    code = "invalid_value"

    def __init__(self, sentence: str, *, field: str = "", **values: object) -> None:
        super().__init__(sentence, field=field, **values)
        self.field = field


class InsufficientCredits(CreditsError):
    """A use that needs more credits than there are (rules, section 3). Nothing was taken."""

    code = "insufficient_credits"

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(
            said(
                "This needs {needed} credits and {available} are available; nothing was taken.",
                needed=f"{needed:,}",
                available=f"{available:,}",
            ),
            needed=needed,
            available=available,
        )
        self.needed = needed
        self.available = available


class UnknownUser(CreditsError):
    """No user of that id is on record."""

    code = "unknown_user"

    def __init__(self, user_id: str) -> None:
        super().__init__(
            said("There is no user “{user_id}” on record.", user_id=user_id), user_id=user_id
        )


class UnknownFeature(CreditsError):
    """No feature or free action of that key was ever in a price list."""

    code = "unknown_feature"

    def __init__(self, feature: str) -> None:
        super().__init__(
            said("There is no feature “{feature}” in the price list.", feature=feature),
            feature=feature,
        )


class RetiredFeature(CreditsError):
    """The feature is on record but not in the price list in force at that instant."""

    code = "retired_feature"

    def __init__(self, feature: str, version: int) -> None:
        super().__init__(
            said(
                "The feature “{feature}” is not offered in price list {version}, in "
                "force at that time.",
                feature=feature,
                version=version,
            ),
            feature=feature,
            version=version,
        )


class UnknownRecord(CreditsError):
    """No charge, grant, request, approval or import of that number is on record."""

    code = "unknown_record"

    def __init__(self, kind: str, number: object) -> None:
        super().__init__(
            said("There is no {kind} {number} on record.", kind=kind, number=number),
            kind=kind,
            number=number,
        )


class InvalidAmount(InvalidValue):
    """A number of credits, photos or days outside what the rules allow."""

    code = "invalid_amount"


class InvalidInstant(InvalidValue):
    """An instant without offset, out of range or too far ahead of the clock (rules, section 1)."""

    code = "invalid_instant"


class IdempotencyConflict(CreditsError):
    """The same idempotency key with other content (rules, section 3). Nothing was taken."""

    code = "idempotency_conflict"

    def __init__(self, key: str, what: str) -> None:
        super().__init__(
            said(
                "The key “{key}” is already on record with {what}; nothing was changed.",
                key=key,
                what=what,
            ),
            key=key,
            what=what,
        )
        self.key = key


class AlreadyRefunded(CreditsError):
    """A charge is refunded once (rules, section 4)."""

    code = "already_refunded"


class NothingToRefund(CreditsError):
    """The charge took nothing: a free action or a refused use (rules, section 4)."""

    code = "nothing_to_refund"


class NothingToVoid(CreditsError):
    """Nothing of the grant is left to take back, or it has expired (rules, section 4)."""

    code = "nothing_to_void"


class AlreadyResolved(CreditsError):
    """Somebody else decided first: a request or an approval is resolved once (rules, section 4)."""

    code = "already_resolved"


class AlreadyClaimed(CreditsError):
    """Somebody else has the request in hand, or it waits for an approval (rules, section 4)."""

    code = "already_claimed"


class ChangedMeanwhile(CreditsError):
    """Somebody else was quicker: what the person saw is no longer so. Nothing was changed.

    ``by`` and ``at`` say who did it and when, where the record tells.
    """

    code = "changed_meanwhile"

    def __init__(
        self, sentence: str, *, by: str = "", at: datetime | None = None, **values: object
    ) -> None:
        super().__init__(sentence, by=by, at=at, **values)
        self.by = by
        self.at = at


class NotPermitted(CreditsError):
    """The role of the person does not include the act (rules, section 5)."""

    code = "not_permitted"


class ApprovalRequired(CreditsError):
    """Over the limit: the grant waits for a lead (rules, section 4). ``approval_id`` names it."""

    code = "approval_required"

    def __init__(self, sentence: str, *, approval_id: int, **values: object) -> None:
        super().__init__(sentence, approval_id=approval_id, **values)
        self.approval_id = approval_id


class TopUpUnavailable(CreditsError):
    """Credits cannot be bought while the policy says so (rules, section 2)."""

    code = "top_up_unavailable"


class ReferralRefused(CreditsError):
    """Why a referral code does not qualify (rules, section 2). Kept beside the registration."""

    code = "referral_refused"


class AlreadyRegistered(CreditsError):
    """The id (or referral code) is on record with other content."""

    code = "already_registered"


class PriceListInvalid(CreditsError):
    """A price list that breaks a rule; the sentence names the place and the value."""

    code = "price_list_invalid"

    def __init__(self, sentence: str, *, place: str = "", **values: object) -> None:
        super().__init__(sentence, place=place, **values)
        self.place = place


class PriceListConflict(CreditsError):
    """Another version was published since the one this was edited from (rules, section 6).

    ``base``, ``mine`` and ``theirs`` are the three lists: the one both began with, the one that
    was refused, and the latest.
    """

    code = "price_list_conflict"

    def __init__(
        self, based_on: int, latest: int, *, base: PriceList, mine: PriceList, theirs: PriceList
    ) -> None:
        super().__init__(
            said(
                "Price list {latest} was published after the one this was edited from "
                "({based_on}); nothing was published.",
                latest=latest,
                based_on=based_on,
            ),
            based_on=based_on,
            latest=latest,
        )
        self.based_on = based_on
        self.latest = latest
        self.base = base
        self.mine = mine
        self.theirs = theirs


class NotScheduled(CreditsError):
    """Only a price list that is scheduled, and not withdrawn yet, can be withdrawn (section 6)."""

    code = "not_scheduled"


class BadFile(CreditsError):
    """A file that cannot be read as what it should be; the sentence names it and says why."""

    code = "bad_file"


class Cancelled(CreditsError):
    """The person stopped it; nothing of it was kept."""

    code = "cancelled"


class DatabaseUnsuitable(CreditsError):
    """The database cannot be opened as one of ours; it was left untouched."""

    code = "database_unsuitable"


class DatabaseFailed(CreditsError):
    """The machine failed: disk full, locked, gone. The sentence says what was and was not saved."""

    code = "database_failed"
