"""What the panel of what-if shows, as one frozen value. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Literal

from app.domain.calendar import Month
from app.domain.errors import Cancelled
from app.domain.prices import PriceList
from app.domain.whatif import MOST_MONTHS, DayOut, Hit, Part, Side, Touch, Trial, WhatIf
from app.ui import format as write
from app.ui.columns import Column, instant_column
from app.ui.errors import trouble_of
from app.ui.language import tr

MONTHS_OFFERED = 36
Figured = Callable[[Side], int]
Paired = Callable[[Hit], tuple[int, int]]
TriedPhase = Literal["empty", "running", "failed", "ready"]


@dataclass(frozen=True)
class WhatIfState:
    """The draft that would be tried, the months, and what came of the last try.

    ``draft`` is ``None`` until the list is read; ``edited`` says whether it differs from what was
    published. ``tried`` is the list (and ``tried_months`` the months) that ``result`` tells of.
    ``outdated`` says that more was recorded about those months since. ``share`` is how much of a
    running try is done; ``sampling`` that it is only an estimate.
    """

    first: Month
    last: Month
    draft: PriceList | None = None
    edited: bool = False
    phase: TriedPhase = "empty"
    tried: PriceList | None = None
    tried_months: tuple[Month, Month] | None = None
    result: WhatIf | None = None
    outdated: bool = False
    share: float = 0.0
    sampling: bool = False
    failed: str = ""
    details: str = ""

    @property
    def stale(self) -> bool:
        """Whether the draft or the months changed since the result."""
        return self.result is not None and (
            self.tried != self.draft or self.tried_months != (self.first, self.last)
        )

    @property
    def running(self) -> bool:
        """Whether a try is under way."""
        return self.phase == "running"

    @property
    def wants_estimate(self) -> bool:
        """Whether an estimate should begin by itself: the draft was edited since the last try."""
        return self.edited and self.draft is not None and (self.result is None or self.stale)

    def with_draft(self, draft: PriceList | None, *, edited: bool) -> WhatIfState:
        """The same with another draft."""
        return replace(self, draft=draft, edited=edited)

    def with_months(self, first: Month, last: Month) -> WhatIfState:
        """Other months: at most twelve, the end that was not moved gives way."""
        if last < first:
            first, last = (first, first) if first != self.first else (last, last)
        if first.plus(MOST_MONTHS - 1) < last:
            moved_first = first != self.first
            first, last = (
                (first, first.plus(MOST_MONTHS - 1))
                if moved_first
                else (last.plus(1 - MOST_MONTHS), last)
            )
        return replace(self, first=first, last=last)

    def started(self, *, sampling: bool) -> WhatIfState:
        """A try begins."""
        return replace(self, phase="running", share=0.0, sampling=sampling, failed="", details="")

    def arrived(self, tried: PriceList, result: WhatIf) -> WhatIfState:
        """The result of a try."""
        return replace(
            self,
            phase="ready",
            tried=tried,
            tried_months=(result.first, result.last),
            result=result,
            outdated=False,
            share=1.0,
        )

    def kept(self, trial: Trial) -> WhatIfState:
        """What was kept with the draft, with its months; nothing where they are too long ago."""
        result = trial.result
        if result.first < self.last.plus(1 - MONTHS_OFFERED):
            return self
        shown = self.arrived(trial.tried, result)
        return replace(shown, first=result.first, last=result.last, outdated=trial.outdated)

    def stopped(self) -> WhatIfState:
        """A try was stopped: what there was before stays."""
        return replace(self, phase="empty" if self.result is None else "ready")

    def broken(self, error: Exception) -> WhatIfState:
        """A try failed."""
        if isinstance(error, Cancelled):
            return self.stopped()
        trouble = trouble_of(error, tr("Trying the draft"))
        return replace(self, phase="failed", failed=trouble.sentence, details=trouble.details)


def begun(now_month: Month) -> WhatIfState:
    """Nothing tried yet, the last full month chosen."""
    return WhatIfState(now_month.previous, now_month.previous)


def months_offered(now_month: Month) -> list[Month]:
    """The months that can be chosen, newest first."""
    return [now_month.plus(-back) for back in range(1, MONTHS_OFFERED + 1)]


def months_words(first: Month, last: Month) -> str:
    """October 2026, or Nov 2025 to Oct 2026."""
    if first == last:
        return write.full_month(first.year, first.month)
    return tr(
        "{first} to {last}",
        first=write.month(first.year, first.month),
        last=write.month(last.year, last.month),
    )


@dataclass(frozen=True)
class Figure:
    """One of the large figures: its name, what it is now, and how it was."""

    name: str
    now: str
    note: str


def figures(result: WhatIf | None) -> list[Figure]:
    """The figures in the cards: credits, refused uses, users who run out, expired credits."""
    names = (
        tr("Credits used"),
        tr("Refused uses"),
        tr("Users who run out"),
        tr("Credits expired unused"),
    )
    if result is None:
        return [Figure(name, write.EMPTY, "") for name in names]
    pairs = (
        (result.then.credits, result.now.credits),
        (result.then.refused, result.now.refused),
        (result.then.out, result.now.out),
        (result.expired_then, result.expired_now),
    )
    return [
        Figure(name, _about(result, now), _against(result, then, now))
        for name, (then, now) in zip(names, pairs, strict=True)
    ]


def _about(result: WhatIf, figure: int) -> str:
    words = write.credits(result.whole(figure))
    return f"≈ {words}" if result.estimated else words


def _against(result: WhatIf, then: int, now: int) -> str:
    before = write.credits(result.whole(then))
    if now == then:
        return tr("was {before}, unchanged", before=before)
    change = write.percent((now - then) / then, sign=True) if then else ""
    return tr(
        "was {before} ({change})",
        before=before,
        change=change or write.signed(result.whole(now - then)),
    )


# The tables ---------------------------------------------------------------------------------------


def part_columns(name: str) -> tuple[Column[Part], ...]:
    """Features or plans: now against then."""
    return (
        Column("name", name, lambda part: write.text(part.name), stretch=True, width=180),
        *_pair("credits", tr("Credits"), lambda side: side.credits),
        *_pair("uses", tr("Uses"), lambda side: side.uses),
        *_pair("refused", tr("Refused"), lambda side: side.refused),
        *_pair("out", tr("Run out"), lambda side: side.out),
        Column(
            "unlisted",
            tr("Not offered"),
            lambda part: write.credits(part.unlisted or None),
            value=lambda part: part.unlisted,
            align="end",
            width=90,
            shown=False,
        ),
    )


def _pair(key: str, title: str, figure: Figured) -> tuple[Column[Part], Column[Part]]:
    def change(part: Part) -> int:
        return figure(part.now) - figure(part.then)

    return (
        Column(
            f"{key}_now",
            title,
            lambda part: write.credits(figure(part.now)),
            value=lambda part: figure(part.now),
            align="end",
            width=84,
            tip=lambda part: tr(
                "{title} then: {credits}", title=title, credits=write.credits(figure(part.then))
            ),
        ),
        Column(
            f"{key}_change",
            "±",
            lambda part: write.signed(change(part)) if change(part) else write.EMPTY,
            value=change,
            align="end",
            width=92 if key == "credits" else 76,
            ink="text2",
            tip=lambda _part: tr("{title}: change against then", title=title),
        ),
    )


def hit_columns(zone: tzinfo, now: datetime) -> tuple[Column[Hit], ...]:
    """The users hit hardest; the id opens the account."""
    return (
        Column("user", tr("User"), lambda hit: hit.user_id, voice="code", link=True, width=130),
        Column("name", tr("Name"), lambda hit: write.name(hit.name), stretch=True, width=120),
        Column("plan", tr("Plan"), lambda hit: hit.plan.capitalize(), width=60),
        _against_then("refused", tr("Refused"), lambda hit: (hit.refused_then, hit.refused_now)),
        _against_then("credits", tr("Credits"), lambda hit: (hit.credits_then, hit.credits_now)),
        instant_column(
            "out_then", tr("Out then"), lambda hit: hit.out_then, zone, lambda: now, width=112
        ),
        instant_column(
            "out_now", tr("Out now"), lambda hit: hit.out_now, zone, lambda: now, width=112
        ),
    )


def _against_then(key: str, title: str, pair: Paired) -> Column[Hit]:
    """Then and now in one column, sorted and copied by what is new."""
    return Column(
        key,
        title,
        lambda hit: " → ".join(write.credits(figure) for figure in pair(hit)),
        value=lambda hit: pair(hit)[1] - pair(hit)[0],
        align="end",
        width=118,
        tip=lambda _hit: tr("{title}: then and now", title=title),
    )


# The charts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A bar of a histogram: its label, its value now, and then where that is compared."""

    label: str
    now: int
    then: int | None = None


def touch_bars(touches: Sequence[Touch]) -> list[Bar]:
    """How many users pay how much less or more."""
    return [Bar(_touch_words(touch), touch.users) for touch in touches]


def _touch_words(touch: Touch) -> str:
    if touch.above == touch.most:
        return tr("same")
    if touch.above is None:
        return f"≤ {write.percent(touch.most, sign=True)}"
    if touch.most is None:
        return f"> {write.percent(touch.above, sign=True)}"
    far = touch.most if touch.above >= 0 else touch.above
    return tr("to {share}", share=write.percent(far, sign=True))


def day_bars(days: Sequence[DayOut]) -> list[Bar]:
    """When users ran out: by day of one month, by month of several."""
    months = sorted({(day.day.year, day.day.month) for day in days})
    if len(months) == 1:
        return [Bar(str(day.day.day), day.now, day.then) for day in days]
    return [
        Bar(
            write.short_month(number),
            sum(day.now for day in days if (day.day.year, day.day.month) == (year, number)),
            sum(day.then for day in days if (day.day.year, day.day.month) == (year, number)),
        )
        for year, number in months
    ]
