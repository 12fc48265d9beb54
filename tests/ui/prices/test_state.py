"""What the page of prices says: which list is shown, what is scheduled, what was read anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.prices import MonthOfUse, PriceDraft, PriceVersion, VersionState
from app.domain.staff import Role, StaffMember
from app.ui.prices.editing import Editing
from app.ui.prices.state import (
    PricesState,
    arrived,
    headline,
    notices_of,
    taken_over,
    version_rows,
    why_not,
)

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def state_of(base: PriceVersion, *others: PriceVersion, editing: Editing) -> PricesState:
    return PricesState("ready", editing, versions=version_rows([base, *others]))


def scheduled(base: PriceVersion, number: int, start: datetime = DECEMBER) -> PriceVersion:
    prices = Editing.begun(base).with_feature("ghostface", credits=number + 10).prices
    return replace(
        base, number=number, prices=prices, effective_at=start, state=VersionState.SCHEDULED
    )


def test_an_edit_made_while_the_page_was_read_is_kept(base: PriceVersion) -> None:
    edited = Editing.begun(base).with_feature("ghostface", credits=5)
    shown = state_of(base, editing=edited)
    read = state_of(base, editing=Editing.begun(base))
    assert arrived(shown, read, edited_meanwhile=True).editing == edited
    assert arrived(shown, read, edited_meanwhile=False).editing == Editing.begun(base)


def test_a_draft_saved_elsewhere_takes_the_place_of_the_one_shown(base: PriceVersion) -> None:
    here = Editing.begun(base).with_feature("ghostface", credits=5)
    there = Editing.begun(base).with_feature("ghostface", credits=6)
    read = Editing.begun(base, PriceDraft(1, there.prices, NOW))
    got = arrived(
        state_of(base, editing=here), state_of(base, editing=read), edited_meanwhile=False
    )
    assert got.editing == read


def test_reading_keeps_what_was_said_last(base: PriceVersion) -> None:
    shown = replace(state_of(base, editing=Editing.begun(base)), remark="Draft saved 14:00:00.")
    read = state_of(base, editing=Editing.begun(base))
    assert arrived(shown, read, edited_meanwhile=False).remark == "Draft saved 14:00:00."


def test_the_headline_names_the_list_its_start_and_the_draft(base: PriceVersion) -> None:
    plain = state_of(base, editing=Editing.begun(base))
    assert headline(plain, UTC, NOW) == "Price list 1, in force since the beginning"
    later = scheduled(base, 2)
    edited = Editing.begun(later).with_feature("ghostface", credits=6)
    shown = headline(state_of(base, later, editing=edited), UTC, NOW)
    assert shown == "Price list 2, scheduled from 1 Dec 00:00 · draft with 1 change"
    assert headline(PricesState(), UTC, NOW) == ""


def test_what_is_scheduled_is_announced_unless_the_draft_is_outdated(base: PriceVersion) -> None:
    later = scheduled(base, 2)
    shown = state_of(base, later, editing=Editing.begun(later))
    assert "so that is shown here" in notices_of(shown, UTC, NOW)["scheduled"]
    looked_at = state_of(base, later, editing=Editing.begun(base))
    assert "takes over then" in notices_of(looked_at, UTC, NOW)["scheduled"]
    edited = Editing.begun(base).with_feature("ghostface", credits=5)
    outdated = notices_of(state_of(base, later, editing=edited), UTC, NOW)
    assert set(outdated) == {"stale"}


def test_a_withdrawn_version_makes_no_draft_outdated(base: PriceVersion) -> None:
    gone = replace(scheduled(base, 2), state=VersionState.WITHDRAWN)
    edited = Editing.begun(base).with_feature("ghostface", credits=5)
    assert notices_of(state_of(base, gone, editing=edited), UTC, NOW) == {}


def test_of_scheduled_versions_the_earliest_takes_over(base: PriceVersion) -> None:
    january = scheduled(base, 2, datetime(2027, 1, 1, tzinfo=UTC))
    december = scheduled(base, 3)
    assert taken_over([base, january, december], NOW) == december
    assert taken_over([base, january, december], DECEMBER) == january
    assert taken_over([base], NOW) is None
    instead = replace(december, number=9)
    assert taken_over([base, december, instead], NOW) == instead


def test_each_version_is_compared_with_the_one_before_it(base: PriceVersion) -> None:
    rows = version_rows([base, scheduled(base, 2)])
    assert [row.number for row in rows] == [2, 1]
    assert [change.new for change in rows[0].changes] == ["12"]
    assert rows[1].changes == ()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SUPPORT, False),
        (Role.SUPPORT_LEAD, False),
        (Role.QA, False),
        (Role.PRODUCT_MANAGER, True),
        (Role.ADMIN, True),
    ],
)
def test_who_may_edit_prices_is_said_by_role(role: Role, may: bool) -> None:
    member = StaffMember(1, "sam@example.com", role)
    assert (why_not(member, writable=True) == "") is may
    assert why_not(member, writable=False) != ""


def test_before_anything_was_read_there_is_nothing_to_show(month: MonthOfUse) -> None:
    state = PricesState(month=month)
    assert (state.rows, state.edited, state.stale, state.latest) == ([], False, False, None)
