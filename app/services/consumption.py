"""What is used, by month, feature, family and plan, and who is behind it (rules, section 3)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from app.domain.calendar import Month, from_ms
from app.domain.consumption import (
    Behind,
    By,
    Grouping,
    Measure,
    MonthlyConsumption,
    PriceStart,
    Series,
    checked_by,
    checked_measure,
    checked_months,
    gathered,
    grouped,
    grouping,
    projected,
    series_of,
    smallest,
    summed,
)
from app.domain.errors import DatabaseFailed, InvalidValue
from app.domain.sentences import said
from app.services import counting_users
from app.services.office import Office, Work
from app.storage import consumption


class Consumption:
    """Counting what was used. Nothing of the record is written, only what is kept to count by."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def monthly(
        self,
        first: Month | str,
        last: Month | str,
        *,
        by: str = "feature",
        measure: str = "credits",
        top: int | None = None,
        stop: threading.Event | None = None,
    ) -> MonthlyConsumption:
        """What each month from ``first`` to ``last`` came to, both included.

        ``by`` is ``feature``, ``family`` or ``plan`` (the one held at the use); ``measure`` is
        ``credits`` (gross), ``uses`` and ``refused`` (by quantity, free actions are uses),
        ``users`` (who used something at least once, counted apart in the totals) or ``refunded``
        (credits, in the month of the refund). ``top`` keeps that many of the largest series and
        gathers the rest under the key ``other``. Raises ``InvalidValue``. (rules, section 3)
        """
        split, counted = checked_by(by), checked_measure(measure)
        months = checked_months(first, last)
        if counted is Measure.USERS:
            self._bring_up(stop)
        with self._office.reading(stop=stop) as work:
            groups = _grouping(work, split)
            count = _counting(work, months, counted, split)
            series, totals = count(groups)
            rest = () if top is None else smallest(series, top)
            if rest and counted is Measure.USERS:
                series, _ = count(groups.gathered(rest))
            elif rest:
                series = gathered(series, rest)
            running = _running(work, months)
            return MonthlyConsumption(
                months=months,
                by=split.value,
                measure=counted.value,
                series=series,
                totals=totals,
                as_of=work.now,
                running=running,
                projection=None if running is None else _projection(work, months, totals, counted),
                gathered=rest,
                group_of=groups.group_of,
            )

    def drill(
        self,
        month: Month | str,
        key: str | Collection[str] = "",
        by: str = "feature",
        limit: int = 100,
        offset: int = 0,
        *,
        until: Month | str | None = None,
        measure: str = "credits",
        stop: threading.Event | None = None,
    ) -> Behind:
        """The users behind a piece of a month, the largest first.

        With ``until`` it is a piece of all months from ``month`` to that one. ``key`` names the
        feature, family or plan, or several of them; empty is all of it. For ``users`` each one's
        uses are given. Raises ``InvalidValue``.
        """
        split, counted = checked_by(by), checked_measure(measure)
        wanted = checked_months(month, until or month)
        keys = [one for one in ([key] if isinstance(key, str) else key) if one]
        self._bring_up(stop)
        with self._office.reading(stop=stop) as work:
            groups = _grouping(work, split)
            _refuse_unknown(groups, keys)
            return consumption.behind(
                work.session,
                wanted,
                work.calendar,
                measure=counted,
                members=consumption.members_of(work.session, groups, keys),
                page=(limit, offset),
            )

    def _bring_up(self, stop: threading.Event | None) -> None:
        """Bring what users are counted by up to date, where much was recorded since.

        Whatever it lacks is added when it is read, so it may stay as it is where nothing can be
        written. It is derived and says nothing new: it needs no more than the permission to look.
        """
        if not self._office.database.writable:
            return
        from app.storage import month_uses  # NumPy comes with it

        while True:
            with self._office.reading(stop=stop) as work:
                session = work.session
                if not counting_users.is_late(session):
                    return
                step = month_uses.next_step(session, work.calendar)
            try:
                with self._office.database.writing() as session:
                    month_uses.add(session, step)
            except DatabaseFailed:
                return

    def price_changes(
        self, first: Month | str, last: Month | str, *, stop: threading.Event | None = None
    ) -> tuple[PriceStart, ...]:
        """From when which price list holds, for those that begin in these months."""
        months = checked_months(first, last)
        with self._office.reading(stop=stop) as work:
            start = work.calendar.start_ms(months[0])
            end = work.calendar.start_ms(months[-1].next)
            return tuple(
                PriceStart(from_ms(moment), version.number, version.note)
                for moment, version in zip(work.book.boundaries, work.book.versions, strict=True)
                if start <= moment < end
            )


def _counting(
    work: Work, months: tuple[Month, ...], measure: Measure, by: By
) -> Callable[[Grouping], tuple[tuple[Series, ...], tuple[int, ...]]]:
    """What counts the months by a grouping: all is read once, for whatever groupings follow."""
    if measure is Measure.USERS:
        users = consumption.users_by_month(work.session, months, work.calendar)
        apart = tuple(users.apart(month) for month in months)
        return lambda groups: (series_of(months, users.by(groups), groups), apart)
    cells = consumption.by_month(work.session, months[0], months[-1], measure, by)

    def count(groups: Grouping) -> tuple[tuple[Series, ...], tuple[int, ...]]:
        series = series_of(months, grouped(cells, groups), groups)
        return series, summed(series, len(months))

    return count


def _running(work: Work, months: tuple[Month, ...]) -> int | None:
    running = work.calendar.month_of(work.now)
    return months.index(running) if running in months else None


def _projection(
    work: Work, months: tuple[Month, ...], totals: tuple[int, ...], measure: Measure
) -> int | None:
    month = work.calendar.month_of(work.now)
    return projected(totals[months.index(month)], month, work.now, work.calendar, measure)


def _grouping(work: Work, by: By) -> Grouping:
    return grouping(by, work.book, consumption.feature_ids(work.session))


def _refuse_unknown(groups: Grouping, keys: Collection[str]) -> None:
    for key in keys:
        if key not in groups.names:
            message = said("There is no {by} “{key}” on record.", by=groups.by, key=key)
            raise InvalidValue(message, field=groups.by.value, value=key)
