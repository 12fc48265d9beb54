"""The state of everything on one page, and who is behind its figures (rules, sections 2 to 4)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.calendar import Month
from app.domain.consumption import Behind, By, UserPart, grouping
from app.domain.errors import InvalidValue
from app.domain.flows import (
    Compared,
    DayFlow,
    Moved,
    Overview,
    Owed,
    RequestAges,
    SameDays,
    Waiting,
    bridges,
    compared,
    feature_changes,
    left_after,
    same_days,
)
from app.domain.grants import GrantKind
from app.domain.requests import AGES_IN_HOURS, RequestQuery
from app.domain.sentences import said
from app.domain.users import UserQuery
from app.services import holdings
from app.services.office import Office, Work
from app.storage import (
    allowances,
    approvals,
    consumption,
    flow_sums,
    flow_users,
    listing,
    provings,
    requests,
    users,
)
from app.storage.flow_users import Owing
from app.storage.flows import Flow

MONTHS = 12
OWED = "owed"
"""Beside what moved, what a list of users can be behind: what is left of a month."""
BEHIND = (Moved.GIVEN, Moved.RETURNED, Moved.EXPIRED, Moved.VOIDED, OWED)


class Overviews:
    """Looks at everything at once. Nothing here writes."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def now(self, *, stop: threading.Event | None = None) -> Overview:
        """The state of everything now, from one snapshot; counts allowances that are due.

        It reads derived tables alone: it takes no longer the more uses there are.
        """
        with self._office.reading(stop=stop) as work:
            return _overview(work)

    def behind(
        self,
        what: str,
        month: Month | str,
        kind: str = "",
        limit: int = 100,
        offset: int = 0,
        *,
        stop: threading.Event | None = None,
    ) -> Behind:
        """The users behind a figure of a month, the largest first.

        ``what`` is ``given`` (of one ``kind`` of grant, or of all), ``returned`` by refunds,
        ``expired`` (so far, where the month still runs), ``voided``, or ``owed``: what is left and
        expires in it. Without a month, ``owed`` is all that is left. Raises ``InvalidValue``.
        """
        if what not in BEHIND:
            message = said(
                "“{what}” has no users behind it; {known} have.", what=what, known=", ".join(BEHIND)
            )
            raise InvalidValue(message, field="what", value=what)
        if what == OWED and not month:
            with self._office.reading(stop=stop) as work:
                return _holders(work, limit, offset)
        wanted = Month.of(month)
        if kind and kind not in {str(one) for one in GrantKind}:
            message = said(
                "“{kind}” is no kind of grant; they are {known}.",
                kind=kind,
                known=", ".join(GrantKind),
            )
            raise InvalidValue(message, field="kind", value=kind)
        with self._office.reading(stop=stop) as work:
            return _behind(work, what, wanted, kind, (limit, offset))


@dataclass(frozen=True, slots=True)
class _Due:
    """Allowances of a month that are due but not stored yet."""

    month: Month
    plan: str
    users: int
    each: int

    @property
    def credits(self) -> int:
        return self.users * self.each


def _due(work: Work) -> Iterator[_Due]:
    earliest = allowances.earliest_release(work.session)
    if earliest is None or earliest > work.now_ms:
        return
    running = work.calendar.month_of(work.now)
    for month in work.calendar.month_of_ms(earliest).until(running):
        each = work.book.allowances(month, work.calendar)
        found = allowances.due_by_plan(work.session, work.calendar.start_ms(month))
        for plan, count in found.items():
            if each.get(plan, 0) > 0:
                yield _Due(month, plan, count, each[plan])


def _overview(work: Work) -> Overview:
    calendar, session = work.calendar, work.session
    same = same_days(calendar, work.now)
    running = same.running
    months = tuple(running.plus(1 - MONTHS).until(running))
    due = tuple(_due(work))
    ledger = _Left(work, months[0], due)
    first = months[0].day_number(0)
    given = [*flow_sums.parts_by_day(session, first, Flow.GIVEN), *map(_given, due)]
    moved = [*given, *flow_sums.by_day(session, first), *ledger.expired]
    used = flow_sums.parts_by_day(session, running.previous.day_number(1), Flow.USED)
    return Overview(
        as_of=work.now,
        months=months,
        same=same,
        given=compared(given, months, same),
        used=compared(_only(moved, Moved.USED), months, same),
        expired=compared(_only(moved, Moved.EXPIRED), months, same),
        outstanding=_outstanding(ledger.now, moved, months, same),
        bridges=bridges(ledger.now, moved, months),
        owed=_owed(work, ledger, running.next),
        features=feature_changes(used, _names(work), same),
        requests=_requests(work),
        waiting=_waiting(work),
        proof=provings.latest(session),
        empty=not users.any_registered(session),
    )


class _Left:
    """What is left of grants by the day with which it expires, and what has expired of it."""

    def __init__(self, work: Work, first: Month, due: Iterable[_Due]) -> None:
        calendar, now = work.calendar, work.now_ms
        self.today = calendar.day_number_of_ms(now)
        left = dict(flow_sums.left_by_day(work.session, first.day_number(1)))
        for one in due:
            last = one.month.day_number(len(calendar.day_starts_ms(one.month)))
            left[last] = left.get(last, 0) + one.credits
        start = calendar.day_starts_ms(calendar.month_of_ms(now))[self.today % 100 - 1]
        gone = {day: credits for day, credits in left.items() if day < self.today}
        gone[self.today] = flow_sums.expired_between(work.session, start, now)
        left[self.today] = left.get(self.today, 0) - gone[self.today]
        self.by_day = {day: credits for day, credits in left.items() if day >= self.today}
        self.expired = [DayFlow(day, Moved.EXPIRED, "", credits) for day, credits in gone.items()]

    @property
    def now(self) -> int:
        """What can be spent now."""
        return sum(self.by_day.values())

    def by_month(self) -> tuple[tuple[Month, int], ...]:
        """What is left by the month with which it expires."""
        sums: dict[int, int] = {}
        for day, credits in self.by_day.items():
            sums[day // 100] = sums.get(day // 100, 0) + credits
        return tuple((Month.from_number(m), sums[m]) for m in sorted(sums) if sums[m])


def _given(due: _Due) -> DayFlow:
    kind = GrantKind.MONTHLY_ALLOWANCE.value
    return DayFlow(due.month.day_number(1), Moved.GIVEN, kind, due.credits)


def _only(flows: Iterable[DayFlow], moved: Moved) -> Iterator[DayFlow]:
    return (flow for flow in flows if flow.moved is moved)


def _outstanding(
    now: int, moved: list[DayFlow], months: tuple[Month, ...], same: SameDays
) -> Compared:
    after = [left_after(now, moved, month.day_number(same.days)) for month in months]
    months_ = (*after[:-1], now)
    if not same.days:
        return Compared(months_, months_)
    return Compared(months_, months_, days=after[-1], days_before=after[-2])


def _owed(work: Work, ledger: _Left, following: Month) -> Owed:
    each = work.book.allowances(following, work.calendar)
    held = users.count_by_plan(work.session, [plan for plan, credits in each.items() if credits])
    return Owed(
        months=ledger.by_month(),
        expected_month=following,
        expected=sum(each[plan] * count for plan, count in held.items()),
        expected_users=sum(held.values()),
    )


def _names(work: Work) -> dict[str, str]:
    recorded = consumption.feature_ids(work.session)
    return dict(grouping(By.FEATURE, work.book, recorded).names)


def _requests(work: Work) -> RequestAges:
    asker = requests.Asker(work.member.id, work.now_ms)
    counts = requests.counts(work.session, work.member.id)
    oldest = requests.page(work.session, RequestQuery(), asker, 0, 1)
    return RequestAges(
        open=counts.open,
        older=tuple(
            (hours, requests.count(work.session, RequestQuery(older_than_hours=hours), asker))
            for hours in AGES_IN_HOURS
        ),
        oldest_at=counts.oldest_open_at,
        oldest_id=oldest[0].id if oldest else None,
        mine=counts.mine,
        unmatched=counts.unmatched,
    )


def _waiting(work: Work) -> Waiting:
    found = approvals.waiting(work.session)
    return Waiting(
        count=len(found),
        credits=sum(one.credits for one in found),
        since=found[0].asked_at if found else None,
        own=sum(one.asked_by == work.member.email for one in found),
    )


def _behind(work: Work, what: str, month: Month, kind: str, page: tuple[int, int]) -> Behind:
    calendar = work.calendar
    start, end = calendar.start_ms(month), calendar.start_ms(month.next)
    owing = [
        Owing(calendar.start_ms(one.month), one.plan, one.each)
        for one in _due(work)
        if one.month == month
    ]
    running = start <= work.now_ms < end
    if what in {Moved.RETURNED, Moved.VOIDED}:
        return flow_users.corrected(work.session, Moved(what), (start, end), page)
    if what == Moved.GIVEN:
        place = 1 + list(GrantKind).index(GrantKind(kind)) if kind else 0
        shown = owing if kind in {"", GrantKind.MONTHLY_ALLOWANCE} else []
        return flow_users.given(work.session, (start, end), place, shown, page)
    if what == Moved.EXPIRED:
        span = start, min(end, work.now_ms)
        return flow_users.left(work.session, span, [] if running else owing, page)
    span = max(start, work.now_ms), end
    return flow_users.left(work.session, span, owing if running else [], page)


def _holders(work: Work, limit: int, offset: int) -> Behind:
    """Whoever can spend anything now, in the order of the list of users."""
    query = UserQuery(order="available", descending=True)
    present = holdings.present(work)
    out = listing.count(work.session, UserQuery(out_of_credits=True), present)
    count = listing.count(work.session, UserQuery(), present) - out
    found = listing.page(work.session, query, present, offset, min(limit, count - offset))
    shown = holdings.summaries(work, found) if offset < count else []
    parts = [UserPart(u.user_id, u.email, u.name, u.plan, u.available) for u in shown]
    left = _Left(work, work.calendar.month_of(work.now), tuple(_due(work)))
    return Behind(tuple(parts), count, left.now)
