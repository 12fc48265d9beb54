"""Which price list held when, and what a use cost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app import shipped
from app.domain import price_file
from app.domain.calendar import BillingCalendar, Month, to_ms
from app.domain.errors import RetiredFeature, UnknownFeature
from app.domain.price_book import PriceBook
from app.domain.prices import PriceList, PriceVersion, VersionState

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(name="prices", scope="module")
def shipped_prices() -> PriceList:
    return price_file.parse(shipped.path("pricing.json").read_bytes())


def version(
    number: int,
    prices: PriceList,
    effective_at: datetime | None,
    state: VersionState = VersionState.PAST,
) -> PriceVersion:
    return PriceVersion(
        number=number,
        prices=prices,
        author="pia@example.com",
        note="",
        published_at=MARCH,
        effective_at=effective_at,
        based_on=None,
        state=state,
    )


def priced(prices: PriceList, key: str, credits: int) -> PriceList:
    features = tuple(
        replace(feature, credits=credits) if feature.key == key else feature
        for feature in prices.features
    )
    return replace(prices, features=features)


def test_version_1_holds_from_the_beginning_of_time(prices: PriceList) -> None:
    book = PriceBook([version(1, prices, None)])
    assert book.in_force(datetime(2000, 1, 1, tzinfo=UTC)).number == 1
    assert book.price_ms("ghostface", -1) == (4, 1)


def test_a_version_holds_from_its_very_instant(prices: PriceList) -> None:
    book = PriceBook([version(2, priced(prices, "ghostface", 5), APRIL), version(1, prices, None)])
    assert book.price_ms("ghostface", to_ms(APRIL) - 1) == (4, 1)
    assert book.price_ms("ghostface", to_ms(APRIL)) == (5, 2)
    assert book.price("ghostface", APRIL).credits == 5


def test_of_two_at_the_same_instant_the_higher_number_holds(prices: PriceList) -> None:
    book = PriceBook(version(n, priced(prices, "ghostface", n), APRIL) for n in (3, 2))
    assert book.in_force(APRIL).number == 3
    assert book.price_ms("ghostface", to_ms(APRIL)) == (3, 3)


def test_a_scheduled_version_takes_over_from_one_published_after_it(prices: PriceList) -> None:
    book = PriceBook(
        [version(1, prices, None), version(2, prices, APRIL), version(3, prices, MARCH)]
    )
    assert book.in_force(MARCH).number == 3
    assert book.in_force(APRIL).number == 2


def test_a_withdrawn_version_never_holds(prices: PriceList) -> None:
    withdrawn = version(2, priced(prices, "ghostface", 9), MARCH, VersionState.WITHDRAWN)
    book = PriceBook([version(1, prices, None), withdrawn])
    assert book.price_ms("ghostface", to_ms(APRIL)) == (4, 1)


def test_a_free_action_costs_nothing(prices: PriceList) -> None:
    book = PriceBook([version(1, prices, None)])
    assert book.price("export_image", MARCH).credits == 0


def test_a_retired_feature_is_told_from_an_unknown_one(prices: PriceList) -> None:
    without = replace(prices, features=prices.features[1:])
    book = PriceBook([version(1, prices, None), version(2, without, APRIL)])
    assert book.price("remove_bg_single", MARCH).version == 1
    with pytest.raises(RetiredFeature, match="“remove_bg_single” is not offered in price list 2"):
        book.price("remove_bg_single", APRIL)
    with pytest.raises(UnknownFeature, match="“remove_gb”"):
        book.price("remove_gb", APRIL)


def test_an_allowance_follows_the_version_in_force_when_the_month_began(prices: PriceList) -> None:
    generous = replace(prices, policy=replace(prices.policy, plans={"free": 5, "plus": 250}))
    book = PriceBook([version(1, prices, None), version(2, generous, APRIL)])
    berlin, utc = BillingCalendar("Europe/Berlin"), BillingCalendar("UTC")
    assert book.allowances(Month(2026, 3), utc)["plus"] == 200
    assert book.allowances(Month(2026, 4), utc)["plus"] == 250
    # April begins two hours earlier in Berlin, when version 1 still held.
    assert book.allowances(Month(2026, 4), berlin)["plus"] == 200
    assert book.policy_at(APRIL).plans["free"] == 5


def test_names_are_those_of_the_latest_version_and_include_what_is_retired(
    prices: PriceList,
) -> None:
    renamed = replace(prices, features=(replace(prices.features[1], name="Batch"),))
    book = PriceBook([version(2, renamed, APRIL), version(1, prices, None)])
    assert book.names()["remove_bg_batch"] == "Batch"
    assert book.names()["remove_bg_single"] == "Single Photo Background Remover"
    assert book.names()["export_image"] == "Export an image"


def test_a_book_without_a_version_is_refused(prices: PriceList) -> None:
    with pytest.raises(ValueError, match="needs a version"):
        PriceBook([version(1, prices, None, VersionState.WITHDRAWN)])
