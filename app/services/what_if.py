"""What if: a draft of the price list tried on past months of real use (rules, section 6).

``domain/replaying`` says what exactly is tried. NumPy is loaded with this module: only what runs a
what-if imports it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from app.domain.calendar import Month, to_ms
from app.domain.consumption import By, grouping
from app.domain.errors import Cancelled
from app.domain.grants import GrantKind
from app.domain.history import NOT_STORED, Given, History
from app.domain.prices import PriceList
from app.domain.replaying import Opened, Replayed, opened, replay_on
from app.domain.terms import Terms
from app.domain.users import PLANS
from app.domain.whatif import Hit, WhatIf
from app.services.office import Work
from app.services.what_if_months import Alone, Packs
from app.services.what_if_packs import UNKNOWN, Carried, Tariff, chosen, tried_month
from app.services.what_if_sums import Flags, Ints, Sums, Uses, instant_of
from app.storage import allowances, bulk, month_packs, users
from app.storage import replay as record

Progress = Callable[[float], None]
USERS_AT_ONCE = 200
"""So few are tried between two looks at who waits that no window is held up."""


@dataclass(frozen=True)
class Asked:
    """A what-if as it was asked for; ``prices`` is ``None`` for the record itself."""

    prices: PriceList | None
    months: tuple[Month, ...]
    one_in: int = 1
    progress: Progress | None = None
    stop: threading.Event | None = None

    def part(self, begin: float, end: float) -> Asked:
        """The same, told as a part of the whole from ``begin`` to ``end``."""
        tell = self.progress
        if tell is None:
            return self
        return replace(self, progress=lambda done: tell(begin + (end - begin) * done))

    def look(self) -> None:
        """Stop where that was asked for."""
        if self.stop is not None and self.stop.is_set():
            message = "The what-if was stopped; nothing of it was kept."
            raise Cancelled(message)

    def tell(self, done: float) -> None:
        """Say how far it is, or stop where that was asked for."""
        self.look()
        if self.progress is not None:
            self.progress(done)


@dataclass
class Tried:
    """The users looked at, and their uses, which come in pieces while ``uses`` is run through.

    ``expired`` is filled meanwhile: credits that expired unused then and now.
    """

    users: Ints
    uses: Iterator[Uses]
    expired: list[int]


def what_if(work: Work, asked: Asked, tried: Tried) -> WhatIf:
    """The figures of uses that were tried."""
    features = bulk.features(work.session)
    sums = Sums(len(tried.users), max(features.values(), default=0) + 1)
    for uses in tried.uses:
        sums.add(uses)
    then, now = sums.sides()
    newly_out, spared, touched = sums.changed()
    names = dict(grouping(By.FEATURE, work.book, features).names)
    return WhatIf(
        first=asked.months[0],
        last=asked.months[-1],
        users=sums.active,
        one_in=asked.one_in,
        then=then,
        now=now,
        expired_then=tried.expired[0],
        expired_now=tried.expired[1],
        newly_out=newly_out,
        spared=spared,
        touched=touched,
        unlisted=sums.unlisted,
        features=sums.features({number: key for key, number in features.items()}, names),
        plans=sums.plans(),
        days=sums.days(asked.months, work.calendar),
        touches=sums.touches(),
        hardest=_hardest(work, tried.users, sums),
        at=work.now,
    )


def terms_of(work: Work, asked: Asked) -> Terms:
    """The draft as it is tried in the months."""
    calendar, prices = work.calendar, asked.prices
    start, end = calendar.start_ms(asked.months[0]), calendar.start_ms(asked.months[-1].next)
    if prices is None:
        return Terms(start, end, calendar)
    free = {action.key: 0 for action in prices.free_actions}
    plans = prices.policy.plans
    other = {
        month: plans
        for month in asked.months
        if _given(plans) != _given(work.book.allowances(month, calendar))
    }
    return Terms(
        start,
        end,
        calendar,
        prices=free | {feature.key: feature.credits for feature in prices.features},
        policy=prices.policy,
        allowances=other,
    )


def _given(plans: Mapping[str, int]) -> list[int]:
    return [plans.get(plan, 0) for plan in PLANS]


def _hardest(work: Work, users: Ints, sums: Sums) -> tuple[Hit, ...]:
    places = sums.hardest()
    people = record.people(work.session, [int(number) for number in users[places]])
    hits = []
    for place in places:
        user_id, name, email, plan = people[int(users[place])]
        hits.append(
            Hit(
                user_id,
                name,
                email,
                plan,
                int(sums.then.credits[place]),
                int(sums.now.credits[place]),
                int(sums.then.refused[place]),
                int(sums.now.refused[place]),
                instant_of(int(sums.then.first_refused[place])),
                instant_of(int(sums.now.first_refused[place])),
            )
        )
    return tuple(hits)


def tried(work: Work, asked: Asked, packs: Packs) -> Tried:
    """The uses of the months asked about, each tried under the draft."""
    terms = terms_of(work, asked)
    if changes_policy(work, terms):
        return one_by_one(work, asked)
    return _Together(work, asked, terms, packs).tried()


def changes_policy(work: Work, terms: Terms) -> bool:
    """Whether the draft would have granted other credits than the lists of then."""
    if terms.policy is None:
        return False
    draft = terms.policy.signup, terms.policy.referral, terms.policy.top_up.valid
    book = work.book
    for place in range(book.position_ms(terms.start), book.position_ms(terms.end - 1) + 1):
        policy = book.versions[place].prices.policy
        if (policy.signup, policy.referral, policy.top_up.valid) != draft:
            return True
    return bool(terms.allowances)


class _Together:
    """All users at once, month by month; those who cannot be are tried one by one."""

    def __init__(self, work: Work, asked: Asked, terms: Terms, packs: Packs) -> None:
        self._work, self._asked, self._terms, self._packs = work, asked, terms, packs
        session = work.session
        self._people = users.last_number(session) + 1
        self._carried = Carried.none(month_packs.last_marks(session).grants)
        self._expired = [0, 0]
        self._idle: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]] = []

    def tried(self) -> Tried:
        """What is tried, piece by piece."""
        return Tried(np.arange(self._people), self._uses(), self._expired)

    def _uses(self) -> Iterator[Uses]:
        asked, session = self._asked, self._work.session
        sampled = np.arange(self._people) % asked.one_in == 0
        others = self._others() & sampled
        wanted = sampled & ~others
        active = np.zeros(self._people, bool)
        tariff = self._tariff()
        for done, month in enumerate(asked.months):
            asked.tell(0.8 * done / len(asked.months))
            uses = self._month(month, wanted, tariff)
            active[uses.place] = True
            yield uses
        self._count_idle(active)
        known = self._packs.alone(session, asked.months)
        alone = record.users_among(
            session, np.flatnonzero(others).tolist(), self._terms.start, self._terms.end
        )
        for first in range(0, len(alone), USERS_AT_ONCE):
            asked.tell(0.8 + 0.2 * first / len(alone))
            some = {number: number for number in alone[first : first + USERS_AT_ONCE]}
            yield tried_at(self._work, self._terms, some, self._expired, known)
        asked.tell(1.0)

    def _others(self) -> Flags:
        """Who cannot be replayed by time in some of the months."""
        session, end = self._work.session, self._terms.end
        others = np.zeros(self._people, bool)
        marks = set()
        for month in self._asked.months:
            found, pack_marks = self._packs.others(session, month)
            others[found] = True
            marks.add(pack_marks)
        for since in marks:
            others[list(month_packs.recorded_since(session, since, end))] = True
        others[record.unreleased(session, end)] = True
        return others

    def _tariff(self) -> Tariff:
        prices = self._terms.prices
        if prices is None:
            return Tariff(None)
        features = bulk.features(self._work.session)
        credits = np.full(max(features.values(), default=0) + 1, -1, np.int32)
        for key, number in features.items():
            credits[number] = prices.get(key, -1)
        return Tariff(credits)

    def _month(self, month: Month, wanted: Flags, tariff: Tariff) -> Uses:
        end = self._work.calendar.start_ms(month.next)
        pack = chosen(self._packs.read(self._work.session, month), wanted, end)
        uses, ended = tried_month(pack, self._terms, tariff, self._carried, self._asked.look)
        self._expired[0] += int(pack.ended.sum())
        self._expired[1] += int(self._carried.left[pack.grant[ended]].sum())
        self._idle.append((pack.idle_user, pack.idle_grant, pack.idle_left))
        return uses

    def _count_idle(self, active: Flags) -> None:
        """What expired in months in which its user, active in others, used nothing."""
        for user, grant, left in self._idle:
            some = active[user]
            then = left[some]
            carried = self._carried.left[grant[some]]
            self._expired[0] += int(then.sum())
            self._expired[1] += int(np.where(carried == UNKNOWN, then, carried).sum())


# One user after the other ------------------------------------------------------------------------


def one_by_one(work: Work, asked: Asked) -> Tried:
    """Everybody's uses, tried user by user: plain, exact and slow."""
    terms = terms_of(work, asked)
    people = record.users_of(work.session, terms.start, terms.end, asked.one_in)
    expired = [0, 0]

    def uses() -> Iterator[Uses]:
        for done in range(0, len(people), USERS_AT_ONCE):
            asked.tell(done / len(people))
            some = people[done : done + USERS_AT_ONCE]
            places = {number: done + at for at, number in enumerate(some)}
            yield tried_at(work, terms, places, expired)
        asked.tell(1.0)

    return Tried(np.array(people, np.int64), uses(), expired)


def tried_at(
    work: Work,
    terms: Terms,
    places: Mapping[int, int],
    expired: list[int],
    known: Alone | None = None,
) -> Uses:
    """The uses of users by number, each at its place, tried one user at a time.

    ``known`` are those remembered from a draft before; others are added.
    """
    features = bulk.features(work.session)
    rows: list[tuple[int, ...]] = []
    for start, expired_then in _starts(work, terms, list(places), known):
        found = replay_on(start, terms)
        expired[0] += expired_then
        expired[1] += found.expired
        rows += _rows(found, places[start.user], features)
    return _columns(rows)


def _starts(
    work: Work, terms: Terms, users: Sequence[int], known: Alone | None
) -> Iterator[tuple[Opened, int]]:
    kept = {} if known is None else known.opened
    yield from (kept[user] for user in users if user in kept)
    for history in record.histories(work.session, [u for u in users if u not in kept]):
        _add_due(work, history)
        start, expired = opened(history, terms), _expired_then(history, terms)
        if known is not None:
            known.keep(start, expired)
        yield start, expired


def _add_due(work: Work, history: History) -> None:
    """Add what is due to a user and not stored yet: reads count it (rules, section 2)."""
    row = users.row_by_id(work.session, history.user)
    for number, due in enumerate(allowances.due(work.session, row, work.now, work.rule)):
        given = Given(
            NOT_STORED + number,
            GrantKind.MONTHLY_ALLOWANCE,
            due.credits,
            to_ms(due.effective_at),
            to_ms(due.expires_at),
            0,
            due.month,
            due.plan,
        )
        history.given.append(given)
        history.remaining[given.id] = due.credits


def _expired_then(history: History, terms: Terms) -> int:
    ended = (g for g in history.given if terms.start < g.expires_at <= terms.end)
    return sum(history.remaining[given.id] for given in ended)


def _rows(found: Replayed, place: int, features: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    for outcome in found.outcomes:
        use, cost = outcome.use, outcome.cost
        yield (
            place,
            use.occurred_at,
            features[use.feature],
            PLANS.index(use.plan),
            use.quantity,
            use.credits,
            not use.refused,
            cost or 0,
            outcome.paid,
            cost is not None,
        )


_WIDTH = 10


def _columns(rows: Sequence[tuple[int, ...]]) -> Uses:
    values = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * _WIDTH)
    table = values.reshape(len(rows), _WIDTH).T
    place, at, feature, plan, quantity, cost_then, paid_then, cost_now, paid_now, listed = table
    return Uses(
        place=place,
        at=at,
        feature=feature,
        plan=plan,
        quantity=quantity,
        cost_then=cost_then,
        paid_then=paid_then.astype(bool),
        cost_now=cost_now,
        paid_now=paid_now.astype(bool),
        listed=listed.astype(bool),
    )
