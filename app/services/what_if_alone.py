"""Trying a draft user by user, as ``domain/replaying`` has it: plain, exact and slow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from app.domain.calendar import to_ms
from app.domain.grants import GrantKind
from app.domain.history import NOT_STORED, Given, History
from app.domain.replaying import Opened, Replayed, opened, replay_on
from app.domain.terms import Terms
from app.domain.users import PLANS
from app.services.office import Work
from app.services.what_if_asked import Asked, Tried, terms_of
from app.services.what_if_months import Alone
from app.services.what_if_sums import Uses
from app.storage import allowances, bulk, users
from app.storage import replay as record

USERS_AT_ONCE = 200
"""So few are tried between two looks at who waits that no window is held up."""


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
    known = Alone() if known is None else known
    other = []
    for user in users:
        before = known.opened(user)
        if before is None:
            other.append(user)
        else:
            yield before
    for history in _histories(work, other, known):
        start, expired = opened(history, terms), _expired_then(history, terms)
        known.keep_opened(start, expired)
        yield start, expired


def _histories(work: Work, users: Sequence[int], known: Alone) -> Iterator[History]:
    other = []
    for user in users:
        before = known.history(user)
        if before is None:
            other.append(user)
        else:
            yield before
    for history in record.histories(work.session, other):
        _add_due(work, history)
        known.keep(history)
        yield history


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
