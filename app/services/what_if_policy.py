"""What a draft's policy would have granted in packed months, to everybody at once.

``domain/terms`` says what a policy draft changes, for one user: the allowances of months in which
the draft's differ from those of then, and the bonuses and purchases that became usable in the
months asked about. Here the same is worked out in columns, and put into the packs in the place of
what is on record. Left out are those to whom it cannot be done by time (``Pack.odd``, and whoever
``alone`` names besides); they are replayed one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.calendar import MONTH_END, Month, from_ms
from app.domain.policy import Policy
from app.domain.sentences import said
from app.domain.terms import Terms
from app.domain.users import PLANS
from app.services.what_if_sums import Column, Flags, Ints
from app.storage.month_packs import ALLOWANCE, REFERRAL, SIGNUP, TOP_UP, VOIDED, Pack, whose_ended
from app.storage.packing import MOST_SLOTS

_DAY = 86_400_000
_EXPIRY_BITS = 40
"""So many bits hold how long after a month's start something expires: some 35 years."""


def expiries(terms: Terms, at: Ints, valid: str) -> Ints:
    """When what is usable from each instant (ms) expires.

    Within a day everything lasts as long, but where a clock is changed on it, or on the day on
    which it expires.
    """
    if valid == MONTH_END:
        return _by_value(terms, at, valid) if len(at) < _FEW else _month_ends(terms, at)
    days, place = np.unique(at // _DAY, return_inverse=True)
    starts = [int(day) * _DAY for day in days]
    first = np.array([terms.expiry(start, valid) for start in starts], np.int64)
    last = np.array([terms.expiry(start + _DAY - 1, valid) for start in starts], np.int64)
    found: Ints = first[place] + at - days[place] * _DAY
    changing = (last - first != _DAY - 1) | np.array([_clock_changes(terms, s) for s in starts])
    changing = changing[place]
    found[changing] = _by_value(terms, at[changing], valid)
    return found


def _clock_changes(terms: Terms, start: int) -> bool:
    """Whether the clocks of the billing zone are changed within 24 hours."""
    before, after = (terms.calendar.local(from_ms(ms)) for ms in (start, start + _DAY - 1))
    return before.utcoffset() != after.utcoffset()


_FEW = 100


def _by_value(terms: Terms, at: Ints, valid: str) -> Ints:
    return np.array([terms.expiry(int(instant), valid) for instant in at], np.int64)


def _month_ends(terms: Terms, at: Ints) -> Ints:
    calendar = terms.calendar
    first, last = calendar.month_of_ms(int(at.min())), calendar.month_of_ms(int(at.max()))
    ends = np.array([calendar.start_ms(month.next) for month in first.until(last)], np.int64)
    found: Ints = ends[np.searchsorted(ends, at, side="right")]
    return found


@dataclass(frozen=True)
class Bonuses:
    """The bonuses and purchases of the months under the draft: whose, and which grants they are.

    They stand by user. ``recorded`` are the numbers on record, whether or not the draft grants
    anything for them.
    """

    user: Column
    grant: Ints
    credits: NDArray[np.int32]
    since: Ints
    until: Ints
    recorded: Ints

    def some(self, which: Flags) -> Bonuses:
        """Some of them."""
        columns: list[Any] = [self.user, self.grant, self.credits, self.since, self.until]
        user, grant, credits, since, until = (column[which] for column in columns)
        return Bonuses(user, grant, credits, since, until, self.recorded)

    def within(self, start: int, end: int) -> Bonuses:
        """Those that are usable at some time from ``start`` until before ``end``."""
        return self.some((self.since < end) & (self.until > start))


def _bonuses(pack: Pack, start: int, terms: Terms, policy: Policy) -> Iterator[list[Column]]:
    """The bonuses that begin in a month: user, number, credits, since and until."""
    for kind, bonus in ((SIGNUP, policy.signup), (REFERRAL, policy.referral), (TOP_UP, None)):
        which = pack.began_kind == kind
        since = pack.began_at[which].astype(np.int64) + start
        valid = policy.top_up.valid if bonus is None else bonus.valid
        given = pack.began_given[which]
        credits = given if bonus is None else np.full(len(given), bonus.credits, np.int32)
        until = expiries(terms, since, valid) if len(since) else since
        yield [pack.began_user[which], pack.began_grant[which], credits, since, until]


@dataclass(frozen=True)
class _Seen:
    """What decides whether the users of a month can be tried at once."""

    month: Month
    users: Column
    slots: Column
    turning: Column
    refunding: tuple[Column, Ints, Ints]


class Granting:
    """What the draft grants, month by month, where the packs have what was granted then.

    First every pack is shown to ``learn``; then the months are asked for in order.
    """

    def __init__(self, terms: Terms, last_grant: int, *, bonuses: bool) -> None:
        if terms.policy is None:
            message = said("There is no policy to try.")
            raise ValueError(message)
        self._terms, self._policy, self._change_bonuses = terms, terms.policy, bonuses
        self._parts: list[list[Column]] = []
        self._recorded: list[Ints] = []
        self._next = last_grant + 1
        self._spare = 0
        self._alone: list[Column] = []
        self._seen: list[_Seen] = []
        self._idle: Ints = np.zeros(0, np.int64)
        self._bonuses: Bonuses | None = None

    # First

    def learn(self, pack: Pack) -> None:
        """Take in what began in a month."""
        start, _ = self._span(pack.month)
        self._spare = max(self._spare, len(pack.users) + len(pack.turn_user))
        if self._change_bonuses:
            self._recorded.append(pack.began_grant.copy())
            for columns in _bonuses(pack, start, self._terms, self._policy):
                some = columns[2] > 0
                self._parts.append([column[some] for column in columns])
        # Copies: what looks into a pack would hold all of it.
        self._alone.append(pack.odd.copy())
        refunding = np.searchsorted(np.cumsum(pack.counts), pack.refunds, side="right")
        since, until = (
            pack.at[places].astype(np.int64) + start for places in (pack.refund_of, pack.refunds)
        )
        spells = pack.users[refunding], since, until
        users, slots, turning = (
            column.copy() for column in (pack.users, pack.slots, pack.turn_user)
        )
        self._seen.append(_Seen(pack.month, users, slots, turning, spells))

    def _not_at_once(self, seen: _Seen) -> Iterator[Column]:
        """Whose uses of a month cannot be tried at once because of what the draft grants."""
        start, end = self._span(seen.month)
        live = self.bonuses.within(start, end)
        # Where a grant ends between a use and its refund there is a new one.
        ending = live.until < end
        yield whose_ended((live.user[ending], live.until[ending]), seen.refunding)
        slots = seen.slots.astype(np.int64) + 1
        for users in (live.user, seen.turning):
            place, known = _places(seen.users, users)
            slots += np.bincount(place[known], minlength=len(slots))
        yield seen.users[slots > MOST_SLOTS]

    @property
    def bonuses(self) -> Bonuses:
        """All bonuses of the months, when every pack was shown."""
        if self._bonuses is None:
            none: list[Any] = [np.zeros(0, kind) for kind in ("i4", "i8", "i4", "i8", "i8")]
            columns = [np.concatenate(column) for column in zip(none, *self._parts, strict=True)]
            order = np.argsort(columns[0], kind="stable")
            user, grant, credits, since, until = (column[order] for column in columns)
            recorded = np.sort(np.concatenate([np.zeros(0, np.int64), *self._recorded]))
            self._bonuses = Bonuses(user, grant, credits, since, until, recorded)
            self._parts.clear()
        return self._bonuses

    def alone(self) -> Ints:
        """Who has to be replayed one by one; when every pack was shown."""
        found = [*self._alone]
        for seen in self._seen:
            found += self._not_at_once(seen)
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))

    @property
    def last_grant(self) -> int:
        """The highest number a grant has here."""
        return self._next + self._spare

    # Then, month by month

    def month(self, pack: Pack, wanted: Flags) -> Pack:
        """A month as the draft would have had it, for the users in the pack.

        ``wanted`` says, by number, who is tried at all.
        """
        start, end = self._span(pack.month)
        kept, idle = self._unchanged(pack)
        parts = [_Slots.of(pack, kept)]
        idle_parts = [[pack.idle_user[idle], pack.idle_grant[idle], pack.idle_left[idle]]]
        if self._terms.allowances.get(pack.month) is not None:
            parts.append(self._allowances(pack, wanted, start, end))
        if self._change_bonuses:
            live = self.bonuses.within(start, end)
            place, known = _places(pack.users, live.user)
            parts.append(_Slots.bonuses(live.some(known), place[known]))
            ending = live.some(~known & wanted[live.user] & (live.until <= end))
            idle_parts.append([ending.user, ending.grant, ending.credits])
        slots = _Slots.joined(parts).in_order(start)
        idle_user, idle_grant, idle_left = (
            np.concatenate(column) for column in zip(*idle_parts, strict=True)
        )
        return replace(
            pack,
            slots=np.bincount(slots.place, minlength=len(pack.users)).astype(np.uint8),
            grant=slots.grant,
            kind=slots.kind,
            given=slots.held,
            held=slots.held,
            effective_at=slots.since,
            expires_at=slots.until,
            idle_user=idle_user,
            idle_grant=idle_grant,
            idle_left=idle_left,
        )

    def temporary(self) -> slice:
        """The numbers of grants that are not on record and do not outlive their month."""
        return slice(self._next, self._next + self._spare)

    def expired(self, active: Flags) -> int:
        """Allowances of months in which their users, active in others, used nothing."""
        return int(self._idle[active[: len(self._idle)]].sum())

    def _span(self, month: Month) -> tuple[int, int]:
        calendar = self._terms.calendar
        return calendar.start_ms(month), calendar.start_ms(month.next)

    def _unchanged(self, pack: Pack) -> tuple[Flags, Flags]:
        """Which grants of a month, and of those idle in it, the draft leaves as they were."""
        kept, idle = np.ones(len(pack.grant), bool), np.ones(len(pack.idle_grant), bool)
        if self._terms.allowances.get(pack.month) is not None:
            kept &= pack.kind != ALLOWANCE
            idle &= pack.idle_kind != ALLOWANCE
        if self._change_bonuses:
            recorded = self.bonuses.recorded
            kept &= ~_among(recorded, pack.grant)
            idle &= ~_among(recorded, pack.idle_grant)
        return kept, idle

    def _allowances(self, pack: Pack, wanted: Flags, start: int, end: int) -> _Slots:
        """What the month releases to its users; to others it is counted as expired unused."""
        plans = self._terms.allowances[pack.month]
        credits = np.zeros(256, np.int32)
        credits[: len(PLANS)] = [plans.get(plan, 0) for plan in PLANS]
        released = credits[pack.plan]
        user, since, amount = released_to(pack, credits, released)
        place, known = _places(pack.users, user)
        numbers = np.arange(self._next, self._next + int(known.sum()))
        idle = released.astype(np.int64)
        idle[pack.users] = 0
        idle[~wanted[: len(idle)]] = 0
        if len(self._idle) < len(idle):
            self._idle = np.concatenate(
                [self._idle, np.zeros(len(idle) - len(self._idle), np.int64)]
            )
        self._idle[: len(idle)] += idle
        return _Slots(
            place[known],
            numbers,
            np.full(len(numbers), ALLOWANCE, np.uint8),
            amount[known],
            since[known] + start,
            *(np.full(len(numbers), end, np.int64),) * 2,
        )


def released_to(
    pack: Pack, credits: NDArray[np.int32], released: NDArray[np.int32]
) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """What a month releases: to whom, how long after its start (ms), and how much.

    ``credits`` are those of each plan. ``released`` is what each user has at the month's first
    instant, and is brought up to what they have got by its end: a change to a larger allowance
    releases the difference to all that the month has released already (rules, section 2).
    """
    users = [np.flatnonzero(released)]
    since, amounts = [np.zeros(len(users[0]), np.int64)], [released[users[0]]]
    turns = np.arange(len(pack.turn_user))
    begins = np.ones(len(turns), bool)
    begins[1:] = pack.turn_user[1:] != pack.turn_user[:-1]
    nth = turns - np.maximum.accumulate(np.where(begins, turns, 0))
    for k in range(int(nth.max(initial=-1)) + 1):
        some = np.flatnonzero(nth == k)
        user, now = pack.turn_user[some], credits[pack.turn_plan[some]]
        more = now > released[user]
        some, user, now = some[more], user[more], now[more]
        users.append(user)
        since.append(pack.turn_at[some].astype(np.int64))
        amounts.append(now - released[user])
        released[user] = now
    return np.concatenate(users), np.concatenate(since), np.concatenate(amounts)


@dataclass(frozen=True)
class _Slots:
    """Grants that can pay in a month; ``place`` is that of their user in the pack.

    ``expiry`` gives their place in burn-down order: a voided grant keeps that it had.
    """

    place: Ints
    grant: Ints
    kind: Column
    held: NDArray[np.int32]
    since: Ints
    until: Ints
    expiry: Ints

    @classmethod
    def of(cls, pack: Pack, kept: Flags) -> _Slots:
        """Those on record that stay as they were."""
        place = np.repeat(np.arange(len(pack.users)), pack.slots)
        expiry = pack.expires_at.copy()
        expiry[(pack.kind & VOIDED) != 0] = pack.void_expiry
        return cls(
            place[kept],
            pack.grant[kept],
            pack.kind[kept],
            pack.held[kept],
            pack.effective_at[kept],
            pack.expires_at[kept],
            expiry[kept],
        )

    @classmethod
    def bonuses(cls, live: Bonuses, place: Ints) -> _Slots:
        """Bonuses under the draft; sign-up bonuses burn as other kinds than allowances do."""
        kind = np.full(len(place), SIGNUP, np.uint8)
        return cls(place, live.grant, kind, live.credits, live.since, live.until, live.until)

    @classmethod
    def joined(cls, parts: list[_Slots]) -> _Slots:
        """All of some."""
        return cls(*(np.concatenate(column) for column in zip(*map(_columns, parts), strict=True)))

    def in_order(self, start: int) -> _Slots:
        """By user in burn-down order: the few that expire together are looked at closely."""
        key = (self.place << _EXPIRY_BITS) + np.minimum(
            self.expiry - start, (1 << _EXPIRY_BITS) - 1
        )
        order = np.argsort(key, kind="stable")
        same = np.diff(key[order]) == 0
        together = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        some = order[together]
        closely = (self.grant[some], self.kind[some] != ALLOWANCE, self.since[some])
        order[together] = some[np.lexsort((*closely, self.expiry[some], self.place[some]))]
        return _Slots(*(column[order] for column in _columns(self)))


def _columns(slots: _Slots) -> tuple[Any, ...]:
    held = slots.place, slots.grant, slots.kind, slots.held
    return *held, slots.since, slots.until, slots.expiry


def _places(users: Column, wanted: Column) -> tuple[Ints, Flags]:
    """Where some users stand among ``users`` (in order), and which of them are there."""
    place = np.searchsorted(users, wanted)
    known = place < len(users)
    known[known] = users[place[known]] == wanted[known]
    return place, known


def _among(numbers: Ints, wanted: Ints) -> Flags:
    """Which of some numbers are among ``numbers`` (in order)."""
    _, known = _places(numbers, wanted)
    return known
