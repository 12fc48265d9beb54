"""What if: a draft of the price list tried on past months of real use (rules, section 6).

``domain/replaying`` says what exactly is tried. NumPy is loaded with this module: only what runs a
what-if imports it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.calendar import Month, to_ms
from app.domain.consumption import By, grouping
from app.domain.errors import Cancelled
from app.domain.grants import GrantKind
from app.domain.history import NOT_STORED, Given, History
from app.domain.prices import PriceList
from app.domain.replaying import Replayed, replay
from app.domain.terms import Terms
from app.domain.users import PLANS
from app.domain.whatif import Hit, WhatIf
from app.services.office import Work
from app.services.what_if_sums import Ints, Sums, Uses, instant_of
from app.storage import allowances, bulk, users
from app.storage import replay as record

Progress = Callable[[float], None]
USERS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Asked:
    """A what-if as it was asked for; ``prices`` is ``None`` for the record itself."""

    prices: PriceList | None
    months: tuple[Month, ...]
    one_in: int = 1
    progress: Progress | None = None
    stop: threading.Event | None = None

    def tell(self, done: float) -> None:
        """Say how far it is, or stop where that was asked for."""
        if self.stop is not None and self.stop.is_set():
            message = "The what-if was stopped; nothing of it was kept."
            raise Cancelled(message)
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
        users=len(tried.users),
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


def tried(work: Work, asked: Asked) -> Tried:
    """The uses of the months asked about, each tried under the draft."""
    return one_by_one(work, asked)


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
            yield tried_alone(work, terms, some, done, expired)
        asked.tell(1.0)

    return Tried(np.array(people, np.int64), uses(), expired)


def tried_alone(
    work: Work, terms: Terms, users: Sequence[int], first_place: int, expired: list[int]
) -> Uses:
    """The uses of some users whose places begin at ``first_place``, tried one user at a time."""
    places = {number: first_place + at for at, number in enumerate(users)}
    return tried_at(work, terms, places, expired)


def tried_at(work: Work, terms: Terms, places: Mapping[int, int], expired: list[int]) -> Uses:
    """The uses of users by number, each at its place, tried one user at a time."""
    features = bulk.features(work.session)
    rows: list[tuple[int, ...]] = []
    for history in record.histories(work.session, list(places)):
        _add_due(work, history)
        found = replay(history, terms)
        expired[0] += _expired_then(history, terms)
        expired[1] += found.expired
        rows += _rows(found, places[history.user], features)
    return _columns(rows)


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


def _columns(rows: Sequence[tuple[int, ...]]) -> Uses:
    table = np.array(rows, np.int64).reshape(len(rows), 10).T
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
