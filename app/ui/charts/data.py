"""What a chart of months shows, as frozen data and pure functions: no Qt."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from app.domain.calendar import Month
from app.ui import format as write
from app.ui.columns import Column, credits_column, csv_lines
from app.ui.language import tr, trn

OTHER = "other"
TOP = 7
_WIDEST = 280
"""However long its name is, a column leaves room for others."""


@dataclass(frozen=True)
class Series:
    """One thing counted in each month: a feature, a family, a plan."""

    key: str
    name: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """Over all months."""
        return sum(self.values)


@dataclass(frozen=True)
class Mark:
    """Something on the time axis: `at` is 0 where the first month begins, 1 where it ends."""

    at: float
    text: str
    note: str = ""

    @property
    def said(self) -> str:
        """What it is, and what was noted of it."""
        return f"{self.text}: {write.text(self.note)}" if self.note else self.text


@dataclass(frozen=True)
class Style:
    """How months are drawn: numbers or `share` of each month, stacked or as `lines`.

    `patterned` tells series apart without colour: each piece has a pattern and its figure. Lines
    have a mark of their own in any case.
    """

    share: bool = False
    lines: bool = False
    patterned: bool = False


_PLAIN = Style()


def _credits(count: int) -> str:
    return trn("{count} credit", "{count} credits", count)


@dataclass(frozen=True)
class MonthSeries:
    """Months with their series, from the bottom of the stack.

    `totals` are counted apart where series overlap (users of several features); without them a
    month's total is the sum, or unknown where only some of the overlapping series are shown.
    `unfinished` says that the last month still runs; `pace` times what it has so far is what it may
    come to. `counted` says a number of what is counted in words.
    """

    months: tuple[Month, ...]
    series: tuple[Series, ...]
    counted: Callable[[int], str] = _credits
    totals: tuple[int, ...] | None = None
    overlapping: bool = False
    unfinished: bool = False
    pace: float | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def projection(self) -> int | None:
        """What the month that runs may come to, by what is shown of it; None where nobody knows."""
        so_far = self.total(len(self.months) - 1) if self.unfinished and self.months else None
        return None if so_far is None or self.pace is None else round(so_far * self.pace)

    def total(self, month: int) -> int | None:
        """The whole of the month at that place; None where nobody counted it, or all are off."""
        if self.totals is not None:
            return self.totals[month]
        if not self.series or (self.overlapping and len(self.series) != 1):
            return None
        return sum(series.values[month] for series in self.series)

    def only(self, keys: Collection[str]) -> "MonthSeries":
        """The same with these series alone; totals counted apart hold for all series only."""
        kept = tuple(series for series in self.series if series.key in keys)
        whole = len(kept) == len(self.series)
        return replace(
            self,
            series=kept,
            totals=self.totals if whole else None,
            overlapping=self.overlapping or self.totals is not None,
        )


def top(data: MonthSeries, count: int = TOP) -> MonthSeries:
    """The largest series in their own order, and the rest together as *Other* on top."""
    if len(data.series) <= count + 1:
        return data
    ranked = sorted(data.series, key=lambda series: -series.total)
    kept = {series.key for series in ranked[:count]}
    rest = [series for series in data.series if series.key not in kept]
    other = tuple(sum(column) for column in zip(*(series.values for series in rest), strict=True))
    shown = tuple(series for series in data.series if series.key in kept)
    return replace(data, series=(*shown, Series(OTHER, tr("Other"), other)))


def stacked(data: MonthSeries, *, share: bool = False) -> list[list[tuple[float, float]]]:
    """For each series, for each month, the (bottom, height) of its piece; shares are of 1."""
    bottoms = [0.0] * len(data.months)
    sums = [sum(series.values[at] for series in data.series) for at in range(len(data.months))]
    pieces = []
    for series in data.series:
        heights = [
            (value / sums[at] if sums[at] else 0.0) if share else float(value)
            for at, value in enumerate(series.values)
        ]
        pieces.append(list(zip(bottoms, heights, strict=True)))
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]
    return pieces


def ceiling(data: MonthSeries, style: Style = _PLAIN) -> float:
    """Where the vertical axis ends: a little above the tallest column, on a round number."""
    if style.share:
        return 1.0
    if style.lines:
        tallest = max([1, *(value for series in data.series for value in series.values)])
    else:
        places = range(len(data.months))
        sums = [sum(series.values[at] for series in data.series) for at in places]
        tallest = max([*sums, data.projection or 0, 1])
    step = round_step(tallest)
    return step * -(-tallest // step)


def round_step(tallest: float, steps: int = 4) -> int:
    """A round distance between ticks (1, 2, 2.5 or 5 times a power of ten) giving about `steps`."""
    rough = max(1.0, tallest / steps)
    power = 1
    while power * 10 <= rough:
        power *= 10
    for factor in (1, 2, 2.5, 5, 10):
        step = factor * power
        if step >= rough and step == int(step):
            return int(step)
    return 10 * power


def month_labels(months: Sequence[Month], room: int, width: int = 34) -> list[tuple[int, str]]:
    """(place, words) under the columns, as many as fit; years under January and the first."""
    if not months:
        return []
    every = max(1, -(-len(months) * width // max(1, room)))
    labels = []
    year = 0
    for at in range(0, len(months), every):
        month = months[at]
        word = write.short_month(month.month)
        labels.append((at, f"{word}\n{month.year}" if month.year != year else word))
        year = month.year
    return labels


def described(data: MonthSeries, month: int, key: str = "") -> str:
    """The month in full, as plain text: what a tooltip says and a screen reader reads."""
    which = data.months[month]
    unfinished = data.unfinished and month == len(data.months) - 1
    name = write.full_month(which.year, which.month)
    lines = [tr("{month}, so far", month=name) if unfinished else name]
    total = data.total(month)
    if total is not None:
        lines.append(data.counted(total))
    if unfinished and data.projection is not None:
        number = write.credits(data.projection)
        lines.append(tr("about {number} by its end at this pace", number=number))
    whole = sum(series.values[month] for series in data.series) or 1
    for series in reversed(data.series):
        value = series.values[month]
        if value or series.key == key:
            line = _share_of(series.name, value, whole)
            lines.append(f"▸ {line}" if series.key == key else line)
    lines += [mark.said for mark in data.marks if month <= mark.at < month + 1]
    return "\n".join(lines)


def spoken(data: MonthSeries, month: int, key: str = "") -> str:
    """What is said of a piece when the keyboard comes to it: itself first, then its month."""
    chosen = next((series for series in data.series if series.key == key), None)
    whole = sum(series.values[month] for series in data.series) or 1
    text = described(data, month)
    if chosen is None:
        return text
    return f"{_share_of(chosen.name, chosen.values[month], whole)}.\n{text}"


def _share_of(name: str, value: int, whole: int) -> str:
    return tr(
        "{name}: {value} ({share})",
        name=write.text(name),
        value=write.credits(value),
        share=write.percent(value / whole),
    )


@dataclass(frozen=True)
class MonthRow:
    """A row of the table beneath a chart: the same figures."""

    month: Month
    values: tuple[int, ...]
    total: int | None
    unfinished: bool


def twin_rows(data: MonthSeries) -> list[MonthRow]:
    """The chart as rows, newest month first."""
    last = len(data.months) - 1
    rows = [
        MonthRow(
            month,
            tuple(series.values[at] for series in data.series),
            data.total(at),
            data.unfinished and at == last,
        )
        for at, month in enumerate(data.months)
    ]
    return rows[::-1]


def twin_columns(data: MonthSeries) -> list[Column[MonthRow]]:
    """The columns of those rows: month, total, then a column for each series."""

    def value(at: int) -> Column[MonthRow]:
        series = data.series[at]
        width = min(_WIDEST, max(80, 7 * len(series.name) + 24))
        return credits_column(
            series.key, write.text(series.name), lambda row: row.values[at], width=width
        )

    return [
        Column("month", tr("Month"), month_words, value=lambda row: str(row.month), width=130),
        replace(
            credits_column("total", tr("Total"), lambda row: row.total),
            tip=lambda row: OVERLAPPING if row.total is None else "",
        ),
        *(value(at) for at in range(len(data.series))),
    ]


OVERLAPPING = tr("Users of several of these overlap: they were counted once for all together only.")


def month_words(row: MonthRow) -> str:
    """Nov 2026 so far."""
    name = write.month(row.month.year, row.month.month)
    return tr("{month} so far", month=name) if row.unfinished else name


def csv_text(data: MonthSeries) -> str:
    """The chart's figures as CSV, oldest month first."""
    return "".join(csv_lines(twin_columns(data), reversed(twin_rows(data))))
