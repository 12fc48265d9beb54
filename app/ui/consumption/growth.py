"""What grew and what fell since prices changed: as many full months before and after, compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.calendar import Month
from app.ui import format as write
from app.ui.charts.data import Mark, MonthSeries
from app.ui.columns import Column
from app.ui.consumption import words
from app.ui.language import tr

MIDDLE: Final = "middle"


@dataclass(frozen=True)
class Grown:
    """What a series came to in a month on average, before and after; ``key`` is empty for all."""

    key: str
    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """By how much a month came to more."""
        return self.after - self.before

    @property
    def ratio(self) -> float | None:
        """That as a part of what it was; None from nothing."""
        return self.change / self.before if self.before else None


@dataclass(frozen=True)
class Growth:
    """The months compared, and each series: the one that grew most first, all together on top."""

    before: tuple[Month, ...] = ()
    after: tuple[Month, ...] = ()
    rows: tuple[Grown, ...] = ()


def starts(data: MonthSeries) -> dict[str, float]:
    """Since when can be compared, and where that is on the axis: price lists, newest first."""
    found = {mark_key(mark): mark.at for mark in reversed(data.marks)}
    return found | {MIDDLE: float(_full(data) // 2)}


def mark_key(mark: Mark) -> str:
    """What a price change is called in a choice that is kept."""
    return mark.text


def named(data: MonthSeries) -> dict[str, str]:
    """The same with the words for it."""
    names = {
        mark_key(mark): tr("Growth: {start}", start=mark.text) for mark in reversed(data.marks)
    }
    return names | {MIDDLE: tr("Growth: first half to second half")}


def _full(data: MonthSeries) -> int:
    """How many months are over."""
    return len(data.months) - (1 if data.unfinished else 0)


def growth(data: MonthSeries, since: float, *, whole: bool = True) -> Growth:
    """Full months before and after a place on the axis, as many as there are of both.

    A month in which prices changed is in neither, but for a change at its first instant. Where
    some series are switched off it is not the ``whole``: the sum is only of those shown.
    """
    start, end = math.floor(since), math.ceil(since)
    count = min(start, _full(data) - end)
    if count < 1:
        return Growth()
    before, after = range(start - count, start), range(end, end + count)
    rows = [
        Grown(one.key, one.name, _mean(one.values, before), _mean(one.values, after))
        for one in data.series
    ]
    rows.sort(key=lambda row: -row.change)
    totals = [data.total(at) for at in range(len(data.months))]
    known = [total for total in totals if total is not None]
    if len(known) == len(totals) and len(rows) > 1:
        name = tr("All") if whole else tr("All shown")
        rows.insert(0, Grown("", name, _mean(known, before), _mean(known, after)))
    months = data.months
    return Growth(
        tuple(months[at] for at in before), tuple(months[at] for at in after), tuple(rows)
    )


def _mean(values: Sequence[int], places: range) -> float:
    return sum(values[at] for at in places) / len(places)


def ratio_words(row: Grown) -> str:
    """+18 %; new, where there was nothing before."""
    if row.ratio is not None:
        return write.percent(row.ratio, sign=True)
    return tr("new") if row.change else write.EMPTY


def columns(shown: Growth, name: str) -> list[Column[Grown]]:
    """The columns of the table of growth; ``name`` is what is compared: features, say."""

    def mean(key: str, months: Sequence[Month]) -> Column[Grown]:
        title = tr("{months}, a month", months=words.span(months)) if months else key
        return Column(
            key,
            title,
            lambda row: write.credits(round(getattr(row, key))),
            value=lambda row: round(getattr(row, key), 2),
            align="end",
            width=212,
        )

    return [
        Column("name", name, lambda row: write.text(row.name), width=180, stretch=True),
        Column(
            "change",
            tr("Change"),
            lambda row: write.signed(round(row.change)),
            value=lambda row: round(row.change, 2),
            align="end",
            width=80,
            voice="amount",
        ),
        Column(
            "ratio",
            tr("Change in %"),
            ratio_words,
            value=lambda row: None if row.ratio is None else round(row.ratio, 4),
            align="end",
            width=96,
        ),
        mean("before", shown.before),
        mean("after", shown.after),
    ]
