"""What the panel of what-if shows, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.calendar import Month
from app.domain.errors import Cancelled, DatabaseFailed
from app.domain.prices import PriceVersion
from app.domain.whatif import DayOut, ScheduledList, Side, Touch, Trial, WhatIf, touch_bins
from app.ui.prices.what_if_state import (
    Bar,
    WhatIfState,
    begun,
    day_bars,
    figures,
    touch_bars,
)
from app.ui.prices.what_if_words import compared, for_note, standing, strip_words
from tests.ui.prices.conftest import NOW

OCTOBER = Month(2026, 10)
RESULT = WhatIf(
    first=OCTOBER,
    last=OCTOBER,
    users=1_200,
    one_in=50,
    then=Side(100, 2_000, 10, 4),
    now=Side(90, 2_200, 20, 5),
    expired_then=300,
    expired_now=300,
    newly_out=2,
    spared=1,
    touched=40,
    unlisted=0,
    features=(),
    plans=(),
    days=(),
    touches=(),
    hardest=(),
    at=NOW,
)


@pytest.fixture
def state(base: PriceVersion) -> WhatIfState:
    return begun(Month(2026, 11)).with_draft(base.prices, edited=True)


def test_the_last_full_month_is_chosen_first(state: WhatIfState) -> None:
    assert (state.first, state.last) == (OCTOBER, OCTOBER)
    assert standing(state, UTC, NOW) == "Nothing tried yet."


def test_an_edit_wants_an_estimate_and_a_result_of_the_same_draft_does_not(
    state: WhatIfState,
) -> None:
    assert state.wants_estimate
    assert state.draft is not None
    tried = state.started(sampling=True).arrived(state.draft, RESULT)
    assert not tried.wants_estimate
    assert not tried.stale
    other = replace(state.draft, version_note="other")
    assert tried.with_draft(other, edited=True).wants_estimate
    assert "changed since" in standing(tried.with_draft(other, edited=True), UTC, NOW)
    assert not tried.with_draft(other, edited=False).wants_estimate


def test_an_estimate_says_so_and_is_told_for_everybody(state: WhatIfState) -> None:
    assert state.draft is not None
    tried = state.arrived(state.draft, RESULT)
    assert standing(tried, UTC, NOW) == (
        "Estimate from 1 in 50 users (1,200 users), October 2026, tried 22 Nov 14:00."
    )
    credits = figures(tried.result)[0]
    assert (credits.now, credits.note) == ("≈ 110,000", "was 100,000 (+10 %)")
    assert figures(tried.result)[3].note == "was 15,000, unchanged"
    assert "refused uses 500 → 1,000" in strip_words(tried)
    assert "estimate from 1 in 50 users" in strip_words(tried)


def test_the_strip_says_nothing_of_another_draft(state: WhatIfState) -> None:
    assert state.draft is not None
    tried = state.arrived(state.draft, RESULT)
    assert not strip_words(tried.with_draft(None, edited=False))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (Month(2026, 8), OCTOBER, (Month(2026, 8), OCTOBER)),
        (Month(2025, 1), OCTOBER, (Month(2025, 1), Month(2025, 12))),
        (OCTOBER, Month(2026, 9), (Month(2026, 9), Month(2026, 9))),
    ],
)
def test_at_most_twelve_months_in_order(
    state: WhatIfState, first: Month, last: Month, expected: tuple[Month, Month]
) -> None:
    chosen = state.with_months(first, last)
    assert (chosen.first, chosen.last) == expected


def test_what_was_stopped_leaves_what_was_found(state: WhatIfState) -> None:
    assert state.draft is not None
    tried = state.arrived(state.draft, RESULT).started(sampling=False)
    assert tried.broken(Cancelled("stopped")).phase == "ready"
    assert state.started(sampling=True).stopped().phase == "empty"
    failed = tried.broken(DatabaseFailed("The disk is full."))
    assert failed.phase == "failed"
    assert "disk is full" in failed.failed


def test_every_bin_has_a_word_of_its_own() -> None:
    touches = [Touch(above, most, 1) for above, most in touch_bins()]
    labels = [bar.label for bar in touch_bars(touches)]
    assert len(set(labels)) == len(labels)
    assert labels[4] == "same"


def test_days_of_one_month_stand_apart_and_those_of_several_by_month() -> None:
    days = [DayOut(date(2026, 9, 30), 1, 2), DayOut(date(2026, 10, 1), 3, 4)]
    assert day_bars(days) == [Bar("Sep", 2, 1), Bar("Oct", 4, 3)]
    assert day_bars(days[1:]) == [Bar("1", 4, 3)]


def test_what_was_kept_with_the_draft_is_shown_with_its_months(state: WhatIfState) -> None:
    assert state.draft is not None
    july = replace(RESULT, first=Month(2026, 7), last=Month(2026, 8), one_in=1)
    shown = state.kept(Trial(state.draft, july, outdated=False))
    assert (shown.phase, shown.first, shown.last) == ("ready", Month(2026, 7), Month(2026, 8))
    assert not shown.stale
    assert standing(shown, UTC, NOW) == (
        "Every use of 1,200 users, Jul 2026 to Aug 2026, tried 22 Nov 14:00."
    )
    outdated = state.kept(Trial(state.draft, july, outdated=True))
    assert standing(outdated, UTC, NOW).endswith("More was recorded about these months since.")
    other = replace(state.draft, version_note="other")
    assert state.kept(Trial(other, july, outdated=False)).stale


def test_what_was_kept_of_months_no_longer_offered_is_left_out(state: WhatIfState) -> None:
    assert state.draft is not None
    old = replace(RESULT, first=Month(2020, 1), last=Month(2020, 1))
    assert state.kept(Trial(state.draft, old, outdated=False)) == state


def test_the_lists_compared_are_named_and_what_is_scheduled_among_the_changes() -> None:
    assert compared(None, UTC, NOW) == ""
    assert compared(replace(RESULT, against=(3,)), UTC, NOW) == (
        "Against what was in force: price list 3."
    )
    december = datetime(2026, 12, 1, tzinfo=UTC)
    whole = replace(RESULT, against=(1, 2, 4), scheduled=(ScheduledList(5, december, 2, 2),))
    assert compared(whole, UTC, NOW) == (
        "Against what was in force: price lists 1, 2 and 4."
        " Price list 5, scheduled from 1 Dec 00:00, is included in the draft."
    )
    part = replace(RESULT, against=(4,), scheduled=(ScheduledList(5, december, 1, 3),))
    assert "includes 1 of 3 changes of price list 5, scheduled" in compared(part, UTC, NOW)


def test_a_note_gets_figures_of_the_draft_as_it_is_and_of_no_other(state: WhatIfState) -> None:
    assert "Nothing was tried" in for_note(state).why_not
    assert state.draft is not None
    tried = state.arrived(state.draft, RESULT)
    assert for_note(tried).words == RESULT.summary
    assert "refused uses 500 → 1,000" in RESULT.summary
    other = tried.with_draft(replace(state.draft, version_note="other"), edited=True)
    assert (for_note(other).words, "changed since" in for_note(other).why_not) == ("", True)
