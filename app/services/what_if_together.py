"""Trying a draft on all users at once, month by month; those who cannot be are tried one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.domain.terms import Terms
from app.services.office import Work
from app.services.what_if_alone import USERS_AT_ONCE, tried_at
from app.services.what_if_asked import Asked, Tried, terms_of
from app.services.what_if_months import Packs
from app.services.what_if_packs import UNKNOWN, Carried, Tariff, chosen, tried_month
from app.services.what_if_policy import Granting
from app.services.what_if_sums import Flags, Uses
from app.storage import bulk, month_packs, users
from app.storage import replay as record
from app.storage.month_packs import Pack


def tried(work: Work, asked: Asked, packs: Packs) -> Tried:
    """The uses of the months asked about, each tried under the draft."""
    return _Together(work, asked, terms_of(work, asked), packs).tried()


def changes_bonuses(work: Work, terms: Terms) -> bool:
    """Whether the draft would have given other bonuses than the lists of then, or for how long."""
    if terms.policy is None:
        return False
    draft = terms.policy.signup, terms.policy.referral, terms.policy.top_up.valid
    book = work.book
    for place in range(book.position_ms(terms.start), book.position_ms(terms.end - 1) + 1):
        policy = book.versions[place].prices.policy
        if (policy.signup, policy.referral, policy.top_up.valid) != draft:
            return True
    return False


def granting(work: Work, terms: Terms, last_grant: int) -> Granting | None:
    """What the draft grants; ``None`` where that is what was granted then."""
    bonuses = changes_bonuses(work, terms)
    if not bonuses and not terms.allowances:
        return None
    return Granting(terms, last_grant, bonuses=bonuses)


class _Together:
    """All users at once, month by month; those who cannot be are tried one by one."""

    def __init__(self, work: Work, asked: Asked, terms: Terms, packs: Packs) -> None:
        self._work, self._asked, self._terms, self._packs = work, asked, terms, packs
        session = work.session
        self._people = users.last_number(session) + 1
        last_grant = month_packs.last_marks(session).grants
        self._granting = granting(work, terms, last_grant)
        self._others = self._who_is_left()
        made = last_grant if self._granting is None else self._granting.last_grant
        self._carried = Carried.none(made)
        self._expired = [0, 0]
        self._idle_then, self._idle_now = (np.zeros(self._people, np.int64) for _ in range(2))
        """What expired, by user, in months in which they used nothing: then and now."""

    def tried(self) -> Tried:
        """What is tried, piece by piece."""
        return Tried(np.arange(self._people), self._uses(), self._expired)

    def _uses(self) -> Iterator[Uses]:
        asked, session = self._asked, self._work.session
        sampled = np.arange(self._people) % asked.one_in == 0
        others = self._others & sampled
        wanted = sampled & ~others
        active = np.zeros(self._people, bool)
        tariff = self._tariff()
        for done, pack in enumerate(self._packs.of(session, asked.months)):
            asked.tell(0.1 + 0.7 * done / len(asked.months))
            uses = self._month(pack, wanted, tariff)
            active[uses.place] = True
            yield uses
        self._count_idle(active)
        known = self._packs.alone(session, asked.months, self._terms.grants_key)
        alone = record.users_among(
            session, np.flatnonzero(others).tolist(), self._terms.start, self._terms.end
        )
        for first in range(0, len(alone), USERS_AT_ONCE):
            asked.tell(0.8 + 0.2 * first / len(alone))
            some = {number: number for number in alone[first : first + USERS_AT_ONCE]}
            yield tried_at(self._work, self._terms, some, self._expired, known)
        asked.tell(1.0)

    def _who_is_left(self) -> Flags:
        """Who cannot be replayed by time in some of the months."""
        asked, session, end = self._asked, self._work.session, self._terms.end
        others = np.zeros(self._people, bool)
        marks = set()
        for done, pack in enumerate(self._packs.of(session, asked.months)):
            asked.tell(0.1 * done / len(asked.months))
            others[pack.others] = True
            marks.add(pack.marks)
            if self._granting is not None:
                self._granting.learn(pack)
        for since in marks:
            others[list(month_packs.recorded_since(session, since, end))] = True
        others[record.unreleased(session, end)] = True
        if self._granting is not None:
            others[self._granting.alone()] = True
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

    def _month(self, recorded: Pack, wanted: Flags, tariff: Tariff) -> Uses:
        pack = chosen(recorded, wanted, self._work.calendar.start_ms(recorded.month.next))
        self._expired[0] += int(pack.ended.sum())
        np.add.at(self._idle_then, pack.idle_user, pack.idle_left)
        if self._granting is not None:
            pack = self._granting.month(pack, wanted)
            self._carried.left[self._granting.temporary()] = UNKNOWN
        uses, ended = tried_month(pack, self._terms, tariff, self._carried, self._asked.look)
        self._expired[1] += int(self._carried.left[pack.grant[ended]].sum())
        carried = self._carried.left[pack.idle_grant]
        left = np.where(carried == UNKNOWN, pack.idle_left, carried)
        np.add.at(self._idle_now, pack.idle_user, left)
        return uses

    def _count_idle(self, active: Flags) -> None:
        """What expired in months in which its user, active in others, used nothing."""
        self._expired[0] += int(self._idle_then[active].sum())
        self._expired[1] += int(self._idle_now[active].sum())
        if self._granting is not None:
            self._expired[1] += self._granting.expired(active)
