"""What the page of prices shows, as one frozen value; and how it is read. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from app.domain.price_changes import difference
from app.domain.prices import MonthOfUse, PriceList, PriceVersion, VersionState
from app.domain.staff import Act, StaffMember, may
from app.domain.whatif import Trial
from app.ui import format as write
from app.ui.language import tr, trn
from app.ui.page import Phase
from app.ui.prices.editing import Editing
from app.ui.prices.rows import PriceRow, VersionRow, price_rows, start_words
from app.ui.role_names import role_name


@dataclass(frozen=True)
class PricesState:
    """The draft (or the list as it stands), its month of use, and all versions, newest first.

    ``trial`` is what the last what-if of the draft came to, as it was kept with it.
    ``why_not`` says why the person cannot edit; ``remark`` is the line under the table. ``failed``
    is the sentence of what failed, with ``details`` to copy.
    """

    phase: Phase = "loading"
    editing: Editing | None = None
    month: MonthOfUse | None = None
    versions: tuple[VersionRow, ...] = ()
    trial: Trial | None = None
    why_not: str = ""
    remark: str = ""
    failed: str = ""
    details: str = ""

    @property
    def rows(self) -> list[PriceRow]:
        """The rows of the table of prices."""
        if self.editing is None or self.month is None:
            return []
        return price_rows(self.editing, self.month, self._in_force)

    @property
    def _in_force(self) -> PriceList | None:
        """The list that holds now, where a scheduled one is shown."""
        if self.editing is None or self.editing.base.state is not VersionState.SCHEDULED:
            return None
        held = (row.version for row in self.versions)
        return next((v.prices for v in held if v.state is VersionState.IN_FORCE), None)

    @property
    def edited(self) -> bool:
        """Whether there is anything to publish."""
        return self.editing is not None and bool(self.editing.changes)

    @property
    def latest(self) -> PriceVersion | None:
        """The version published last that was not withdrawn: what a draft must be edited from."""
        return latest([row.version for row in self.versions])

    @property
    def stale(self) -> bool:
        """Whether a version was published since the draft was begun."""
        newest = self.latest
        return (
            self.edited
            and newest is not None
            and self.editing is not None
            and newest.number > self.editing.base.number
        )


def latest(versions: Sequence[PriceVersion]) -> PriceVersion | None:
    """The version with the highest number that was not withdrawn."""
    kept = [version for version in versions if version.state is not VersionState.WITHDRAWN]
    return max(kept, key=lambda version: version.number, default=None)


def load(desk: Any, stop: threading.Event) -> PricesState:
    """Everything the page shows, read from the desk."""
    pricing = desk.pricing
    versions = pricing.versions(stop=stop)
    draft = pricing.draft(stop=stop)
    begun_from = {version.number: version for version in versions}
    hindrance = why_not(desk.staff.me(stop=stop), writable=desk.writable)
    base = begun_from[draft.based_on] if draft is not None else _shown(versions, hindrance)
    return PricesState(
        phase="ready" if base is not None else "empty",
        editing=None if base is None else Editing.begun(base, draft),
        month=pricing.last_month(stop=stop),
        versions=version_rows(versions),
        trial=None if draft is None else pricing.trial(stop=stop),
        why_not=hindrance,
    )


def _shown(versions: Sequence[PriceVersion], hindrance: str) -> PriceVersion | None:
    """Without a draft: what holds now for who only looks, else what a draft is edited from."""
    in_force = [version for version in versions if version.state is VersionState.IN_FORCE]
    return in_force[0] if hindrance and in_force else latest(versions)


def version_rows(versions: Sequence[PriceVersion]) -> tuple[VersionRow, ...]:
    """Each version with its difference to the one numbered before it, newest first."""
    in_order = sorted(versions, key=lambda version: version.number)
    before = [None, *in_order[:-1]]
    rows = [
        VersionRow(new, () if old is None else difference(old.prices, new.prices))
        for old, new in zip(before, in_order, strict=True)
    ]
    return tuple(reversed(rows))


def why_not(member: StaffMember, *, writable: bool) -> str:
    """Why somebody cannot edit prices here; empty where they can (rules, section 5)."""
    if not may(member.role, Act.EDIT_PRICES):
        role = role_name(member.role)
        return tr(
            "Your role, {role}, may look at prices; product managers and admins edit them.",
            role=role,
        )
    return (
        "" if writable else tr("This database can only be read here, so prices cannot be edited.")
    )


def arrived(shown: PricesState, read: PricesState, *, edited_meanwhile: bool) -> PricesState:
    """The state after ``read`` came: steps of the same draft are kept, to be undone still."""
    read = replace(read, remark=shown.remark)
    old, new = shown.editing, read.editing
    if old is None or new is None or old.base.number != new.base.number:
        return read
    if edited_meanwhile or not difference(old.prices, new.prices):
        return replace(read, editing=replace(old, base=new.base))
    return read


def headline(state: PricesState, zone: tzinfo, now: datetime) -> str:
    """The line under the title: which list is shown, and since when it holds."""
    if state.editing is None:
        return ""
    shown = _list_words(state.editing.base, zone, now)
    count = len(state.editing.changes)
    if not count:
        return shown
    return trn(
        "{shown} · draft with {count} change",
        "{shown} · draft with {count} changes",
        count,
        shown=shown,
    )


def _list_words(version: PriceVersion, zone: tzinfo, now: datetime) -> str:
    told = {"number": version.number, "start": start_words(version, zone, now)}
    if version.state is VersionState.SCHEDULED:
        return tr("Price list {number}, scheduled from {start}", **told)
    if version.state is VersionState.PAST:
        return tr("Price list {number}, no longer in force", **told)
    if version.state is VersionState.WITHDRAWN:
        return tr("Price list {number}, withdrawn", **told)
    if version.effective_at is None:
        return tr("Price list {number}, in force since the beginning", **told)
    return tr("Price list {number}, in force since {start}", **told)


def scheduled_words(state: PricesState, zone: tzinfo, now: datetime) -> str:
    """What is scheduled, and whether it is what is shown; empty where nothing is."""
    versions = [row.version for row in state.versions]
    following = taken_over(versions, now)
    if following is None or state.editing is None:
        return ""
    told = {"number": following.number, "start": start_words(following, zone, now)}
    if state.editing.base.state is VersionState.SCHEDULED:
        return tr(
            "Price list {number} is scheduled from {start}. Edits go on top of what was published"
            " last, so that is shown here.",
            **told,
        )
    return tr("Price list {number} is scheduled from {start} and takes over then.", **told)


def notices_of(state: PricesState, zone: tzinfo, now: datetime) -> dict[str, str]:
    """What the page says above the table, by key: read-only, stale, scheduled."""
    newest = state.latest
    said = {"read-only": state.why_not}
    if state.stale and newest is not None:
        author = write.name(newest.author)
        said["stale"] = tr(
            "{author} published price list {number} since this draft was begun.",
            author=author,
            number=newest.number,
        )
    else:
        said["scheduled"] = scheduled_words(state, zone, now)
    return {key: sentence for key, sentence in said.items() if sentence}


def taken_over(versions: Sequence[PriceVersion], start: datetime) -> PriceVersion | None:
    """The scheduled version that takes over from one that holds from ``start``, if any does."""
    later = [
        version
        for version in versions
        if version.state is VersionState.SCHEDULED
        and version.effective_at is not None
        and version.effective_at > start
    ]
    # Of two from the same instant the one published last holds.
    return min(later, key=lambda version: (version.effective_at, -version.number), default=None)
