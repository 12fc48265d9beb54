"""What the table of prices shows of a draft, and the table of versions of each version. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from app.domain.price_changes import Change, ChangeKind
from app.domain.prices import (
    Feature,
    FeatureUse,
    FreeAction,
    MonthOfUse,
    PriceList,
    PriceVersion,
    VersionState,
)
from app.ui import format as write
from app.ui.columns import Column, instant_column
from app.ui.language import of, tr, trn
from app.ui.prices.editing import Editing

UseFigure = Callable[[FeatureUse], int]
FREE_FAMILY: Final = tr("Free actions")


@dataclass(frozen=True)
class PriceRow:
    """A feature of the draft beside what it was; or one that the draft retires; or a free action.

    ``old`` is ``None`` for a feature that is new; ``feature.credits`` is 0 for a free action.
    ``now`` is the price in force where that is another than the one edited from, which is then
    scheduled; 0 while the feature is not offered yet.
    """

    feature: Feature
    old: Feature | None
    use: FeatureUse
    retired: bool = False
    free: bool = False
    now: int | None = None

    @property
    def key(self) -> str:
        """The key of the feature."""
        return self.feature.key

    @property
    def changed(self) -> bool:
        """Whether the draft says anything else of it than the version it was edited from."""
        return self.retired or self.feature != self.old

    @property
    def editable(self) -> bool:
        """Whether it has a price to edit."""
        return not (self.retired or self.free)

    @property
    def price_change(self) -> float | None:
        """By what share the draft changes the price; ``None`` where it does not."""
        if self.old is None or self.retired or self.old.credits == self.feature.credits:
            return None
        return (self.feature.credits - self.old.credits) / self.old.credits


def price_rows(
    editing: Editing, month: MonthOfUse, in_force: PriceList | None = None
) -> list[PriceRow]:
    """A row for each feature of the draft and of its base, then one for each free action.

    ``in_force`` is the list that holds now, where the draft is edited from a scheduled one.
    """
    before = {feature.key: feature for feature in editing.base.prices.features}
    after = {feature.key: feature for feature in editing.prices.features}
    held = {feature.key: feature.credits for feature in (in_force or editing.base.prices).features}

    def row(feature: Feature, *, retired: bool = False) -> PriceRow:
        old = before.get(feature.key)
        now = held.get(feature.key, 0)
        differs = old is not None and now != old.credits
        use = month.of(feature.key)
        return PriceRow(feature, old, use, retired=retired, now=now if differs else None)

    rows = [row(feature) for feature in after.values()]
    for at, (key, feature) in enumerate(before.items()):
        if key not in after:
            rows.insert(at, row(feature, retired=True))
    return rows + [_free_row(a, month) for a in editing.prices.free_actions]


def _free_row(action: FreeAction, month: MonthOfUse) -> PriceRow:
    feature = Feature(action.key, action.name, "", FREE_FAMILY, 0)
    return PriceRow(feature, feature, month.of(action.key), free=True)


def price_columns(month: str, month_before: str) -> tuple[Column[PriceRow], ...]:
    """The columns of the price table; ``month`` is the last full one, like ``Oct``."""
    return (
        Column("name", tr("Feature"), _name, stretch=True, voice="name", tip=_name_tip, ink=_ink),
        Column("description", tr("Description"), _description, width=236, ink=_ink),
        Column("family", tr("Family"), lambda row: row.feature.family, width=120, shown=False),
        Column("key", tr("Key"), lambda row: row.key, width=150, voice="code", shown=False),
        Column(
            "credits",
            tr("Credits"),
            _credits,
            value=lambda row: row.feature.credits,
            align="end",
            width=92,
            voice="amount",
            ink=_price_ink,
            tip=_price_tip,
        ),
        Column(
            "change",
            tr("Change"),
            lambda row: write.percent(row.price_change, sign=True),
            value=lambda row: row.price_change,
            align="end",
            width=84,
            chip=_chip,
        ),
        _use_column("uses", tr("Uses, {month}", month=month), lambda use: use.uses, 88),
        _use_column("used", tr("Credits, {month}", month=month), lambda use: use.credits, 100),
        _use_column("refused", tr("Refused, {month}", month=month), lambda use: use.refused, 104),
        Column(
            "trend",
            tr("vs {month}", month=month_before),
            lambda row: write.percent(row.use.change, sign=True),
            value=lambda row: row.use.change,
            align="end",
            width=88,
            ink="text2",
            tip=lambda row: _trend_tip(row, month, month_before),
        ),
    )


def _use_column(key: str, title: str, amount: UseFigure, width: int) -> Column[PriceRow]:
    return Column(
        key,
        title,
        lambda row: write.credits(amount(row.use)),
        value=lambda row: amount(row.use),
        align="end",
        width=width,
    )


def _name(row: PriceRow) -> str:
    return write.text(row.feature.name)


def _description(row: PriceRow) -> str:
    return (
        tr("Costs nothing, with no credits left too")
        if row.free
        else write.text(row.feature.description)
    )


def _ink(row: PriceRow) -> str:
    return "text3" if row.retired else "text"


def _name_tip(row: PriceRow) -> str:
    lines = [row.feature.name, row.key]
    if row.old is not None and row.old.name != row.feature.name:
        lines.append(tr("was called {name}", name=row.old.name))
    return "\n".join(lines)


def _credits(row: PriceRow) -> str:
    now = write.credits(row.feature.credits)
    if row.old is None or not _price_differs(row):
        return now
    # Isolated from left to right: in a window from right to left it would read the other way.
    return f"\u2066{write.credits(row.old.credits)} → {now}\u2069"


def _price_differs(row: PriceRow) -> bool:
    return row.price_change is not None


def _price_ink(row: PriceRow) -> str:
    if _price_differs(row) or row.old is None:
        return "accent_text"
    return "text3" if row.retired or row.free else "text"


def _price_tip(row: PriceRow) -> str:
    if row.free:
        return tr("A free action costs nothing; it has no price to edit.")
    if row.retired:
        return tr("The draft retires this feature.")
    if row.now is not None:
        return _scheduled_tip(row.feature.credits, row.now)
    if row.old is not None and _price_differs(row):
        return trn(
            "{count} credit instead of {before}",
            "{count} credits instead of {before}",
            row.feature.credits,
            before=write.credits(row.old.credits),
        )
    return trn(
        "{count} credit a use; F2 or Enter edits it",
        "{count} credits a use; F2 or Enter edits it",
        row.feature.credits,
    )


def _scheduled_tip(scheduled: int, now: int) -> str:
    if not now:
        return trn(
            "{count} credit as scheduled; not offered now",
            "{count} credits as scheduled; not offered now",
            scheduled,
        )
    return trn(
        "{count} credit as scheduled; {held} now",
        "{count} credits as scheduled; {held} now",
        scheduled,
        held=trn("{count} credit", "{count} credits", now),
    )


def _chip(row: PriceRow) -> tuple[str, str] | None:
    if row.retired:
        return (tr("retired"), "warning")
    if row.old is None:
        return (tr("new"), "success")
    if row.changed:
        return None if _price_differs(row) else (tr("edited"), "info")
    if row.now is None:
        return None
    now = tr("now {credits}", credits=write.credits(row.now)) if row.now else tr("not yet")
    return (now, "info")


def _trend_tip(row: PriceRow, month: str, before: str) -> str:
    used, old = write.credits(row.use.credits), write.credits(row.use.credits_before)
    return tr(
        "{used} credits in {month}, {old} in {before}",
        used=used,
        month=month,
        old=old,
        before=before,
    )


@dataclass(frozen=True)
class VersionRow:
    """A version, and what it changes of the one before it."""

    version: PriceVersion
    changes: tuple[Change, ...]

    @property
    def number(self) -> int:
        """The number of the version."""
        return self.version.number

    @property
    def scheduled(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.version.state is VersionState.SCHEDULED


STATES: Final = {
    VersionState.IN_FORCE: (tr("in force"), "success"),
    VersionState.SCHEDULED: (tr("scheduled"), "info"),
    VersionState.PAST: (tr("past"), "neutral"),
    VersionState.WITHDRAWN: (tr("withdrawn"), "warning"),
}


def version_columns(zone: tzinfo, now: datetime) -> tuple[Column[VersionRow], ...]:
    """The columns of the table of versions; instants are shown in ``zone``."""
    return (
        Column(
            "number",
            tr("Version"),
            lambda row: str(row.number),
            value=lambda row: row.number,
            align="end",
            width=68,
            voice="amount",
        ),
        Column(
            "state",
            tr("State"),
            lambda row: STATES[row.version.state][0],
            width=96,
            chip=lambda row: STATES[row.version.state],
        ),
        Column(
            "from",
            tr("From"),
            lambda row: _start_seen(row.version, zone, now),
            value=lambda row: row.version.effective_at,
            width=152,
            tip=lambda row: write.instant_tip(row.version.effective_at, zone, now),
            widest=write.widest_seen,
        ),
        Column(
            "changes",
            tr("Difference"),
            lambda row: summary(row.changes),
            width=176,
            link=True,
            tip=lambda row: "\n".join(of(change.sentence) for change in row.changes[:12]),
        ),
        Column("note", tr("Note"), lambda row: write.text(row.version.note), stretch=True),
        Column(
            "author", tr("By"), lambda row: write.text(row.version.author), width=196, ink="text2"
        ),
        instant_column(
            "published",
            tr("Published"),
            lambda row: row.version.published_at,
            zone,
            lambda: now,
            width=164,
            ink="text2",
        ),
    )


def start_words(version: PriceVersion, zone: tzinfo, now: datetime) -> str:
    """From when a version holds: an instant in ``zone``, or *always*."""
    if version.effective_at is None:
        return tr("always")
    return write.instant(version.effective_at, zone, now)


def _start_seen(version: PriceVersion, zone: tzinfo, now: datetime) -> str:
    """The same in a list, as people chose to see instants there."""
    if version.effective_at is None:
        return start_words(version, zone, now)
    return write.seen(version.effective_at, zone, now)


_COUNTED: Final = {
    ChangeKind.PRICE: "price",
    ChangeKind.ADDED: "new",
    ChangeKind.RETIRED: "retired",
    ChangeKind.POLICY: "policy",
}


def summary(changes: Sequence[Change]) -> str:
    """How much differs, in a few words: 2 prices, 1 new, 1 more."""
    if not changes:
        return write.EMPTY
    kinds = Counter(_COUNTED.get(change.kind, "other") for change in changes)
    words = {
        "price": trn("{count} price", "{count} prices", kinds["price"]),
        "new": trn("{count} new", "{count} new", kinds["new"]),
        "retired": trn("{count} retired", "{count} retired", kinds["retired"]),
        "policy": trn("{count} policy", "{count} policy", kinds["policy"]),
        "other": trn("{count} other", "{count} other", kinds["other"]),
    }
    return ", ".join(said for kind, said in words.items() if kinds[kind])
