"""The price list: what holds, versions, drafts, publishing, withdrawing (rules, section 6)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.domain import price_file
from app.domain.calendar import Month, instant_of, to_ms
from app.domain.errors import (
    BadFile,
    InvalidInstant,
    NotScheduled,
    PriceListConflict,
    PriceListInvalid,
    UnknownRecord,
)
from app.domain.price_changes import Change, difference
from app.domain.prices import MonthOfUse, PriceDraft, PriceList, PriceVersion, VersionState
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import checked_text
from app.domain.whatif import ESTIMATED_FROM, SAMPLE, Trial, WhatIf, checked_months
from app.services.office import Office, Work
from app.storage import price_drafts, price_trials, users
from app.storage import prices as stored

if TYPE_CHECKING:
    from app.services.what_if_months import Packs

Listed: TypeAlias = int | PriceList | Mapping[str, object] | None
"""A price list by the number of its version, itself, or ``None`` for the one in force now."""


class Pricing:
    """Prices and policy as everybody reads them, and as those with the role edit them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._packs: Packs | None = None

    def current(
        self, at: datetime | None = None, *, stop: threading.Event | None = None
    ) -> PriceVersion:
        """The version in force at ``at`` (now, when it is left out), past or future.

        Its ``state`` says where it stands now. Raises ``InvalidInstant``.
        """
        with self._office.reading(stop=stop) as work:
            instant = work.now if at is None else instant_of(at)
            number = work.book.in_force(instant).number
            return _version(work, number)

    def versions(self, *, stop: threading.Event | None = None) -> list[PriceVersion]:
        """Every version, newest first, withdrawn ones included."""
        with self._office.reading(stop=stop) as work:
            return stored.versions(work.session, work.now)[::-1]

    def version(self, number: int, *, stop: threading.Event | None = None) -> PriceVersion:
        """One version; ``UnknownRecord`` where there is none of that number."""
        with self._office.reading(stop=stop) as work:
            return _version(work, number)

    def names(self, *, stop: threading.Event | None = None) -> dict[str, str]:
        """What every feature and free action that ever was on a list is called, by its key."""
        with self._office.reading(stop=stop) as work:
            return dict(work.book.names())

    def difference(self, old: Listed, new: Listed) -> tuple[Change, ...]:
        """What ``new`` changes of ``old``: a number, a list, or ``None`` for what holds now."""
        with self._office.reading() as work:
            return difference(_list(work, old), _list(work, new))

    def export(self, number: int | None = None) -> bytes:
        """A version (the one in force, when left out) as the content of a ``pricing.json``."""
        with self._office.reading() as work:
            return price_file.write(_list(work, number))

    def read(self, path: str | Path) -> PriceList:
        """The price list of a file, which has to keep the billing zone; nothing is published.

        Raises ``BadFile`` where the file cannot be read, and ``PriceListInvalid``.
        """
        found = price_file.parse(_content(Path(path)))
        self._refuse_other_zone(found)
        return found

    def last_month(self, *, stop: threading.Event | None = None) -> MonthOfUse:
        """How each feature was used in the last full month of the billing zone."""
        with self._office.reading(stop=stop) as work:
            month = work.calendar.month_of(work.now).previous
            return stored.use_in(work.session, month)

    def publish(
        self,
        prices: PriceList | Mapping[str, object],
        *,
        based_on: int,
        note: str,
        effective_at: datetime | None = None,
    ) -> PriceVersion:
        """Publish a list as a new version, which holds from ``effective_at`` (now) on.

        ``prices`` is a ``PriceList``, or a dictionary in the shape of ``pricing.json``.

        ``based_on`` is the number of the version it was edited from: if another was published
        since, ``PriceListConflict`` carries the three lists. Also raises ``PriceListInvalid``,
        ``InvalidValue`` without a note, and ``InvalidInstant`` for an instant in the past. A draft
        of the same content is done with.
        """
        note = checked_text(note, "note", most=price_file.MOST_NOTE).replace("\r\n", "\n")
        new = price_file.checked(replace(price_file.checked(prices), version_note=note))
        self._refuse_other_zone(new)
        with self._office.writing(Act.EDIT_PRICES) as work:
            history = {v.number: v for v in stored.versions(work.session, work.now)}
            _refuse_conflict(history, based_on, new)
            start = _start(work, effective_at)
            replaced = work.book.in_force(start)
            number = stored.add_version(
                work.session,
                new,
                effective_at=to_ms(start),
                published_at=work.now_ms,
                staff=work.member.id,
                note=note,
                based_on=based_on,
            )
            _expect_releases(work, new)
            _finish_draft(work, new)
            work.record(
                "publish prices",
                ("price list", number),
                why=note,
                before={"price list": replaced.number},
                after={
                    "price list": number,
                    "based on": based_on,
                    "from": start.isoformat(),
                    "changes": [change.sentence for change in difference(replaced.prices, new)],
                },
            )
            return _version(work, number)

    def withdraw(self, number: int) -> PriceVersion:
        """Withdraw a version that does not hold yet: it never will.

        Raises ``UnknownRecord``, and ``NotScheduled`` for one that holds, held or is withdrawn.
        """
        with self._office.writing(Act.EDIT_PRICES) as work:
            _refuse_unless_scheduled(_version(work, number))
            stored.withdraw(work.session, number, at=work.now_ms, staff=work.member.id)
            work.record("withdraw prices", ("price list", number))
            return _version(work, number)

    def draft(self, *, stop: threading.Event | None = None) -> PriceDraft | None:
        """The person's own draft, where there is one."""
        with self._office.reading(stop=stop) as work:
            return price_drafts.of(work.session, work.member.id)

    def save_draft(self, prices: PriceList | Mapping[str, object], *, based_on: int) -> PriceDraft:
        """Keep the person's draft, instead of the one before; nobody else sees it.

        Raises ``PriceListInvalid`` and ``UnknownRecord`` (no such version to be edited from).
        """
        draft = price_file.checked(prices)
        self._refuse_other_zone(draft)
        with self._office.writing(Act.EDIT_PRICES) as work:
            _version(work, based_on)
            who, at = work.member.id, work.now_ms
            price_drafts.save(work.session, who, draft, based_on=based_on, at=at)
            return PriceDraft(based_on, draft, work.now)

    def discard_draft(self) -> None:
        """Throw the person's draft away; nothing happens where there is none."""
        with self._office.writing(Act.EDIT_PRICES) as work:
            price_drafts.discard(work.session, work.member.id)
            price_trials.discard(work.session, work.member.id)

    def what_if(
        self,
        prices: PriceList | Mapping[str, object] | None,
        first_month: Month | str,
        last_month: Month | str | None = None,
        *,
        one_in: int = 1,
        progress: Callable[[float], None] | None = None,
        stop: threading.Event | None = None,
    ) -> WhatIf:
        """Try a draft on the real use of past months, each use in the order it was recorded.

        ``prices`` is a ``PriceList``, a dictionary in the shape of ``pricing.json``, or ``None``
        for the lists that were in force: then what comes out is what happened. The months are 1 to
        12, all of them over. ``one_in`` looks at one user in so many only. ``progress`` is told
        the fraction done. What a draft changes, and what it leaves, is told in
        ``domain/replaying``. Nothing is written. Raises ``PriceListInvalid``, ``InvalidValue``,
        ``NotPermitted``, ``Cancelled``. (rules, section 6)
        """
        from app.services import what_if, what_if_alone, what_if_asked, what_if_together
        from app.services.what_if_months import Packs

        draft = None if prices is None else price_file.checked(prices)
        if draft is not None:
            self._refuse_other_zone(draft)
        office, last = self._office, first_month if last_month is None else last_month
        months = checked_months(first_month, last, office.calendar, office.now())
        asked = what_if_asked.Asked(draft, months, max(one_in, 1), progress, stop)
        if self._packs is None:
            self._packs = Packs()
        # A quick look at a few does not wait until whole months are packed.
        sampled = one_in > 1 and not self._packs.ready(office, months)
        if not sampled and self._packs.prepare(office, months, asked.part(0.0, 0.7).tell, stop):
            asked = asked.part(0.7, 1.0)
        with office.reading(Act.WHAT_IF, stop) as work:
            found = (
                what_if_alone.one_by_one(work, asked)
                if sampled
                else what_if_together.tried(work, asked, self._packs)
            )
            return what_if.what_if(work, asked, found)

    def keep_trial(self, prices: PriceList, result: WhatIf) -> bool:
        """Keep what a what-if of ``prices`` came to beside the person's draft, until it is gone.

        Says whether there is a draft to keep it with. (rules, section 6)
        """
        with self._office.writing(Act.EDIT_PRICES) as work:
            if price_drafts.of(work.session, work.member.id) is None:
                return False
            who, at = work.member.id, work.now_ms
            price_trials.save(work.session, who, price_file.checked(prices), result, at=at)
            return True

    def trial(self, *, stop: threading.Event | None = None) -> Trial | None:
        """What the last what-if of the person's draft came to, and whether it is still so."""
        with self._office.reading(stop=stop) as work:
            kept = price_trials.of(work.session, work.member.id)
            if kept is None:
                return None
            from app.services.what_if_months import recorded_since

            tried, result = kept
            return Trial(tried, result, recorded_since(work, result))

    def sample(self, *, stop: threading.Event | None = None) -> int:
        """Of how many users a quick estimate looks at one: 1 where there are few anyway."""
        with self._office.reading(Act.WHAT_IF, stop) as work:
            return SAMPLE if users.last_number(work.session) >= ESTIMATED_FROM else 1

    def _refuse_other_zone(self, prices: PriceList) -> None:
        zone, fixed = prices.policy.timezone, self._office.calendar.zone
        if zone != fixed:
            message = said(
                "timezone is “{zone}”, but the billing zone of this database is "
                "“{fixed}”; it is fixed when a database is made.",
                zone=zone,
                fixed=fixed,
            )
            raise PriceListInvalid(message, place="timezone", value=zone)


def _version(work: Work, number: int) -> PriceVersion:
    for version in stored.versions(work.session, work.now):
        if version.number == number:
            return version
    raise UnknownRecord(said("price list"), number)


def _list(work: Work, which: Listed) -> PriceList:
    if which is None:
        return work.book.in_force(work.now).prices
    if isinstance(which, PriceList | Mapping):
        return price_file.checked(which)
    return _version(work, which).prices


def _content(path: Path) -> bytes:
    """The file's bytes, or of too large a file just enough to be refused for its size."""
    try:
        with path.open("rb") as file:
            return file.read(price_file.MOST_BYTES + 1)
    except OSError as error:
        message = said(
            "“{path}” cannot be read: {problem}.", path=path, problem=error.strerror or str(error)
        )
        raise BadFile(message, path=str(path)) from error


def _start(work: Work, effective_at: datetime | None) -> datetime:
    if effective_at is None:
        return work.now
    start = instant_of(effective_at, "instant from which it holds")
    if start < work.now:
        message = said(
            "A price list cannot hold from “{instant}”, which is past; it is {other}.",
            instant=start.isoformat(),
            other=work.now.isoformat(),
        )
        raise InvalidInstant(message, field="effective_at", value=effective_at)
    return start


def _refuse_conflict(history: dict[int, PriceVersion], based_on: int, mine: PriceList) -> None:
    if based_on not in list(history):
        raise UnknownRecord(said("price list"), based_on)
    latest = max(n for n, v in history.items() if v.state is not VersionState.WITHDRAWN)
    if latest > based_on:
        raise PriceListConflict(
            based_on,
            latest,
            base=history[based_on].prices,
            mine=mine,
            theirs=history[latest].prices,
        )


def _refuse_unless_scheduled(version: PriceVersion) -> None:
    if version.state is VersionState.SCHEDULED:
        return
    if version.state is VersionState.WITHDRAWN:
        message = said(
            "Price list {number} was withdrawn already by “{staff}”. Only a scheduled one can be"
            " withdrawn.",
            number=version.number,
            staff=version.withdrawn_by,
        )
    else:
        message = said(
            "Price list {number} has been in force; what was priced by it stays. Only a scheduled"
            " one can be withdrawn.",
            number=version.number,
        )
    raise NotScheduled(message, number=version.number, state=str(version.state))


def _expect_releases(work: Work, new: PriceList) -> None:
    """Where a plan gets its first allowance ever, its users have releases to look forward to."""
    month = work.calendar.start_ms(work.calendar.month_of(work.now))
    for plan, credits in new.policy.plans.items():
        if credits > 0 and not work.pays(plan):
            users.expect_releases(work.session, plan, month)


def _finish_draft(work: Work, published: PriceList) -> None:
    draft = price_drafts.of(work.session, work.member.id)
    if draft is not None and not difference(draft.prices, published):
        price_drafts.discard(work.session, work.member.id)
        price_trials.discard(work.session, work.member.id)
