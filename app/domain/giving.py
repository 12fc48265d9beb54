"""Credits for many users at once: what would happen to each, and what did (rules, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.imports import BadRow
from app.domain.recipients import Recipient, Recipients
from app.domain.staff import Allowed

LATELY = timedelta(days=30)
"""For how long what staff gave somebody is worth a warning."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Credits that staff gave before, or (``waits``) asked somebody to approve.

    ``id`` is that of the grant, or of the approval.
    """

    id: int
    user_id: str
    credits: int
    ticket: str
    at: datetime
    staff: str
    waits: bool = False

    @property
    def mark(self) -> tuple[bool, int]:
        """What tells it from all others."""
        return self.waits, self.id

    def sentence(self) -> str:
        """What was given, for which ticket, when and by whom."""
        what = "1 credit" if self.credits == 1 else f"{self.credits:,} credits"
        when = f"at {self.at.isoformat()}"
        if self.waits:
            return f"{self.staff} asked for {what} for ticket {self.ticket} {when}; they wait."
        return f"{self.staff} gave {what} for ticket {self.ticket} {when}."


class Fate(StrEnum):
    """What happens to one of many: before, or after, it was done."""

    GIVE = "give"
    WAIT = "wait for approval"
    SKIP = "skip"
    BAD = "bad row"
    FAILED = "failed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Holder:
    """A user who is to get ``credits``, with what they hold and got before."""

    user_id: str
    name: str
    email: str
    available: int
    credits: int
    line: int = 0
    same_ticket: Earlier | None = None
    lately: Earlier | None = None


@dataclass(frozen=True, slots=True)
class PlannedGrant:
    """A row of a dry run: ``who`` is the user's id, or a bad row as it stands.

    ``problem`` says why somebody gets nothing, or must wait; ``warning`` what is worth a second
    look though the credits are given.
    """

    who: str
    name: str
    email: str
    credits: int
    before: int | None
    after: int | None
    fate: Fate
    problem: str = ""
    warning: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What giving to many would do now, in the order of the list; nothing was changed."""

    rows: tuple[PlannedGrant, ...]
    allowed: Allowed

    def count(self, *fates: Fate) -> int:
        """How many rows have one of these fates."""
        return sum(row.fate in fates for row in self.rows)

    def credits(self, fate: Fate) -> int:
        """How many credits the rows of a fate come to."""
        return sum(row.credits for row in self.rows if row.fate is fate)

    @property
    def needs_amount(self) -> bool:
        """Whether somebody is to get credits, but not yet how many."""
        return any(not row.credits for row in self.rows if row.fate is not Fate.BAD)

    @property
    def recipients(self) -> Recipients:
        """Exactly whom this dry run was for, to give to them and to nobody else."""
        found = tuple(
            Recipient(row.who, row.credits or None, row.line, row.who)
            for row in self.rows
            if row.fate is not Fate.BAD
        )
        bad = tuple(
            BadRow(row.line, row.problem, row.who) for row in self.rows if row.fate is Fate.BAD
        )
        return Recipients(found, bad)


@dataclass(frozen=True, slots=True)
class IssuedGrant:
    """What became of one user of many, in ``sentence`` where it is not simply given."""

    who: str
    credits: int
    fate: Fate
    sentence: str = ""
    grant_id: int | None = None
    approval_id: int | None = None
    expires_at: datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What giving to many did. The same ``key`` again goes on where it was cut short.

    ``trouble`` is what the machine said where it failed in the middle; empty otherwise.
    """

    key: str
    rows: tuple[IssuedGrant, ...]
    stopped: bool = False
    trouble: str = ""

    def count(self, *fates: Fate) -> int:
        """How many rows have one of these fates."""
        return sum(row.fate in fates for row in self.rows)

    def credits(self, fate: Fate) -> int:
        """How many credits the rows of a fate come to."""
        return sum(row.credits for row in self.rows if row.fate is fate)

    @property
    def whole(self) -> bool:
        """Whether everybody on the list was reached."""
        return not self.count(Fate.FAILED, Fate.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What undoing took back whole; ``kept`` are the grants that were left, with why."""

    grants: int
    credits: int
    kept: tuple[tuple[int, str], ...]


def planned(
    holders: Iterable[Holder], allowed: Allowed, *, again: bool = False
) -> Iterator[PlannedGrant]:
    """What would happen to each, in their order.

    Who got credits for the same ticket is left out, unless ``again``. Who does not fit into what is
    left of the limits waits for approval; smaller amounts after them may still fit.
    """
    left = allowed.today
    for holder in holders:
        fate, problem = _fate(holder, allowed.per_grant, left, again=again)
        if fate is Fate.GIVE and left is not None:
            left -= holder.credits
        given = holder.credits if fate is Fate.GIVE else 0
        warned = holder.lately or (holder.same_ticket if again else None)
        yield PlannedGrant(
            who=holder.user_id,
            name=holder.name,
            email=holder.email,
            credits=holder.credits,
            before=holder.available,
            after=holder.available + given,
            fate=fate,
            problem=problem,
            warning="" if problem or warned is None else warned.sentence(),
            line=holder.line,
        )


def _fate(
    holder: Holder, per_grant: int | None, left: int | None, *, again: bool
) -> tuple[Fate, str]:
    if holder.same_ticket is not None and not again:
        return Fate.SKIP, f"Left out: {holder.same_ticket.sentence()}"
    if per_grant is not None and holder.credits > per_grant:
        return Fate.WAIT, f"Waits for approval: over the {per_grant:,} you may give in one grant."
    if left is not None and holder.credits > left:
        return Fate.WAIT, f"Waits for approval: over the {left:,} you have left today."
    return Fate.GIVE, ""


def newest(earlier: Iterable[Earlier]) -> Mapping[str, Earlier]:
    """By user the newest of what they got."""
    found: dict[str, Earlier] = {}
    for one in sorted(earlier, key=lambda one: one.at):
        found[one.user_id] = one
    return found


def unseen(earlier: Sequence[Earlier], seen: Iterable[tuple[bool, int]]) -> Earlier | None:
    """The newest of them that was not seen, if any."""
    marks = set(seen)
    return next((one for one in earlier if one.mark not in marks), None)
