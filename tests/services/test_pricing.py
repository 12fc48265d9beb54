"""Price lists: what holds, publishing, conflicts, withdrawing, drafts and who may do it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import open_desk, shipped
from app.desk import Desk
from app.domain.calendar import Month
from app.domain.errors import (
    BadFile,
    CreditsError,
    InvalidInstant,
    InvalidValue,
    NotPermitted,
    NotScheduled,
    PriceListConflict,
    PriceListInvalid,
    RetiredFeature,
    UnknownRecord,
)
from app.domain.prices import PriceList, VersionState
from app.storage import audit

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
ADMIN = "ada@pixpretty.example"
MANAGER = "pia@pixpretty.example"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "credits.db"


@pytest.fixture
def open_as(path: Path, clock: Clock) -> Iterator[Callable[[str], Desk]]:
    """Opens the desk for a person; everybody but the admin is put on the list first."""
    opened = [open_desk(path, staff=ADMIN, now=clock)]
    opened[0].staff.add(MANAGER, "product_manager")
    opened[0].staff.add("sam@pixpretty.example", "support")

    def open_for(person: str) -> Desk:
        opened.append(open_desk(path, staff=person, now=clock))
        return opened[-1]

    yield open_for
    for one in opened:
        one.close()


@pytest.fixture
def desk(open_as: Callable[[str], Desk]) -> Desk:
    return open_as(MANAGER)


def priced(prices: PriceList, key: str, credits: int) -> PriceList:
    features = [replace(f, credits=credits) if f.key == key else f for f in prices.features]
    return replace(prices, features=tuple(features))


def without(prices: PriceList, key: str) -> PriceList:
    return replace(prices, features=tuple(f for f in prices.features if f.key != key))


def dearer(desk: Desk, credits: int = 5) -> PriceList:
    return priced(desk.pricing.current().prices, "ghostface", credits)


def price_at(desk: Desk, at: datetime) -> int:
    prices = desk.pricing.current(at).prices
    return next(f.credits for f in prices.features if f.key == "ghostface")


def test_a_new_database_holds_the_shipped_list_from_the_beginning_of_time(desk: Desk) -> None:
    version = desk.pricing.current(datetime(2001, 1, 1, tzinfo=UTC))
    assert (version.number, version.state, version.effective_at) == (1, VersionState.IN_FORCE, None)
    assert len(version.prices.features) == 17
    assert desk.pricing.export() == shipped.path("pricing.json").read_bytes()


def test_a_published_list_holds_from_now_and_not_before(desk: Desk) -> None:
    version = desk.pricing.publish(dearer(desk), based_on=1, note="Dearer to make")
    assert (version.number, version.state) == (2, VersionState.IN_FORCE)
    assert (version.author, version.note) == (MANAGER, "Dearer to make")
    assert version.effective_at == START
    assert price_at(desk, START) == 5
    assert price_at(desk, START - timedelta(milliseconds=1)) == 4
    assert [v.number for v in desk.pricing.versions()] == [2, 1]
    assert desk.pricing.version(1).state is VersionState.PAST


def test_the_note_of_a_version_is_the_note_of_its_file(desk: Desk) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Dearer\r\nto make")
    assert b'"version_note": "Dearer\\nto make"' in desk.pricing.export(2)


def test_a_scheduled_list_holds_from_its_instant(desk: Desk, clock: Clock) -> None:
    version = desk.pricing.publish(dearer(desk), based_on=1, note="New year", effective_at=NEW_YEAR)
    assert version.state is VersionState.SCHEDULED
    assert price_at(desk, START) == 4
    assert price_at(desk, NEW_YEAR) == 5
    clock.at = NEW_YEAR
    assert desk.pricing.current().number == 2
    assert desk.pricing.version(1).state is VersionState.PAST


def test_a_charge_takes_the_price_at_its_instant_whenever_it_is_reported(
    open_as: Callable[[str], Desk], desk: Desk, clock: Clock
) -> None:
    admin = open_as(ADMIN)
    admin.accounts.register("usr_1", email="amira@example.com", name="Amira")
    clock.forward(hours=1)
    desk.pricing.publish(dearer(desk), based_on=1, note="Dearer")
    clock.forward(hours=1)
    late = admin.charging.charge("usr_1", "ghostface", key="late", at=START + timedelta(minutes=5))
    now = admin.charging.charge("usr_1", "ghostface", key="now")
    assert (late.credits, late.price_version) == (4, 1)
    assert (now.credits, now.price_version) == (5, 2)


def test_a_retired_feature_is_refused_from_then_on_and_can_come_back(
    open_as: Callable[[str], Desk], desk: Desk, clock: Clock
) -> None:
    admin = open_as(ADMIN)
    admin.accounts.register("usr_1", email="amira@example.com", name="Amira")
    first = desk.pricing.current().prices
    desk.pricing.publish(without(first, "ghostface"), based_on=1, note="Halloween is over")
    with pytest.raises(RetiredFeature, match="“ghostface” is not offered in price list 2"):
        admin.charging.charge("usr_1", "ghostface", key="one")
    clock.forward(hours=1)
    desk.pricing.publish(first, based_on=2, note="Back again")
    assert admin.charging.charge("usr_1", "ghostface", key="two").price_version == 3


def test_an_allowance_follows_the_list_in_force_when_its_month_began(
    open_as: Callable[[str], Desk], desk: Desk, clock: Clock
) -> None:
    admin = open_as(ADMIN)
    admin.accounts.register("usr_1", email="amira@example.com", name="Amira")
    admin.accounts.change_plan("usr_1", "plus")
    prices = desk.pricing.current().prices
    plans = prices.policy.plans | {"plus": 250}
    generous = replace(prices, policy=replace(prices.policy, plans=plans))
    desk.pricing.publish(generous, based_on=1, note="More for Plus")
    assert admin.accounts.account("usr_1").available == 212
    clock.at = datetime(2026, 12, 5, tzinfo=UTC)
    assert admin.accounts.account("usr_1").available == 262


def test_a_plan_that_never_had_an_allowance_gets_its_first_by_a_new_list(
    open_as: Callable[[str], Desk], desk: Desk, clock: Clock
) -> None:
    admin = open_as(ADMIN)
    admin.accounts.register("usr_1", email="amira@example.com", name="Amira")
    prices = desk.pricing.current().prices
    plans = prices.policy.plans | {"free": 3}
    free = replace(prices, policy=replace(prices.policy, plans=plans))
    desk.pricing.publish(free, based_on=1, note="Three for everyone")
    assert admin.accounts.account("usr_1").available == 12
    clock.at = datetime(2026, 12, 5, tzinfo=UTC)
    assert admin.accounts.account("usr_1").available == 15
    admin.charging.charge("usr_1", "action_figure", key="one")
    assert admin.accounts.account("usr_1").available == 11


@pytest.mark.parametrize("note", ["", "   ", "x" * 2_001, "a\x00b", "\ud800"])
def test_a_list_without_a_fit_note_is_not_published(desk: Desk, note: str) -> None:
    with pytest.raises(CreditsError):
        desk.pricing.publish(dearer(desk), based_on=1, note=note)
    assert len(desk.pricing.versions()) == 1


def test_an_invalid_list_is_not_published_and_the_old_one_stays(desk: Desk) -> None:
    with pytest.raises(PriceListInvalid, match=r"features\[5\].credits is 0"):
        desk.pricing.publish(dearer(desk, 0), based_on=1, note="Free for all")
    assert desk.pricing.current().number == 1


def test_the_billing_zone_of_a_database_stays(desk: Desk, tmp_path: Path) -> None:
    prices = desk.pricing.current().prices
    moved = replace(prices, policy=replace(prices.policy, timezone="Europe/Berlin"))
    with pytest.raises(PriceListInvalid, match=r"“Europe/Berlin”.*“UTC”") as caught:
        desk.pricing.publish(moved, based_on=1, note="Moving")
    assert caught.value.place == "timezone"
    file = tmp_path / "moved.json"
    file.write_bytes(shipped.path("pricing.json").read_bytes().replace(b'"UTC"', b'"Asia/Tokyo"'))
    with pytest.raises(PriceListInvalid, match="“Asia/Tokyo”"):
        desk.pricing.read(file)


def test_a_list_cannot_hold_from_the_past(desk: Desk) -> None:
    with pytest.raises(InvalidInstant, match="which is past"):
        desk.pricing.publish(
            dearer(desk), based_on=1, note="x", effective_at=START - timedelta(milliseconds=1)
        )
    with pytest.raises(InvalidInstant, match="no offset"):
        desk.pricing.publish(
            dearer(desk), based_on=1, note="x", effective_at=NEW_YEAR.replace(tzinfo=None)
        )
    assert desk.pricing.publish(dearer(desk), based_on=1, note="x", effective_at=START).number == 2


def test_publishing_over_somebody_elses_version_is_refused_with_the_three_lists(
    open_as: Callable[[str], Desk], desk: Desk
) -> None:
    admin = open_as(ADMIN)
    base = desk.pricing.current().prices
    mine, theirs = dearer(desk, 5), dearer(desk, 6)
    admin.pricing.publish(theirs, based_on=1, note="First")
    with pytest.raises(PriceListConflict, match="Price list 2 was published after") as caught:
        desk.pricing.publish(mine, based_on=1, note="Second")
    conflict = caught.value
    assert (conflict.based_on, conflict.latest, conflict.base) == (1, 2, base)
    assert conflict.mine.features == mine.features
    assert conflict.theirs.features == theirs.features
    assert len(desk.pricing.versions()) == 2


def test_of_two_who_publish_at_once_exactly_one_succeeds(
    open_as: Callable[[str], Desk],
) -> None:
    desks = [open_as(ADMIN if n % 2 else MANAGER) for n in range(6)]
    lists = [dearer(desk, 10 + n) for n, desk in enumerate(desks)]
    together = threading.Barrier(len(desks))
    results: list[object] = []

    def publish(desk: Desk, prices: PriceList) -> None:
        together.wait()
        try:
            results.append(desk.pricing.publish(prices, based_on=1, note="Me first").number)
        except CreditsError as error:
            results.append(type(error))

    threads = [
        threading.Thread(target=publish, args=pair) for pair in zip(desks, lists, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(map(str, [2] + [PriceListConflict] * 5))


def test_a_version_that_was_withdrawn_stands_in_nobodys_way(desk: Desk) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Soon", effective_at=NEW_YEAR)
    desk.pricing.withdraw(2)
    assert desk.pricing.publish(dearer(desk, 6), based_on=1, note="Again").number == 3


def test_a_scheduled_version_that_is_withdrawn_never_holds(desk: Desk, clock: Clock) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Soon", effective_at=NEW_YEAR)
    clock.forward(days=1)
    version = desk.pricing.withdraw(2)
    assert (version.state, version.withdrawn_by) == (VersionState.WITHDRAWN, MANAGER)
    assert version.withdrawn_at == START + timedelta(days=1)
    assert price_at(desk, NEW_YEAR) == 4


def test_only_a_scheduled_version_can_be_withdrawn(desk: Desk) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Now")
    desk.pricing.publish(dearer(desk, 6), based_on=2, note="Soon", effective_at=NEW_YEAR)
    desk.pricing.withdraw(3)
    for number in (1, 2, 3):
        with pytest.raises(NotScheduled, match=f"Price list {number} "):
            desk.pricing.withdraw(number)
    with pytest.raises(UnknownRecord, match="no price list 9 "):
        desk.pricing.withdraw(9)


def test_a_draft_is_kept_between_starts_and_for_its_owner_alone(
    open_as: Callable[[str], Desk], desk: Desk
) -> None:
    assert desk.pricing.draft() is None
    desk.pricing.save_draft(dearer(desk, 5), based_on=1)
    saved = desk.pricing.save_draft(dearer(desk, 6), based_on=1)
    again = open_as(MANAGER)
    assert again.pricing.draft() == saved
    assert saved.saved_at == START
    assert open_as(ADMIN).pricing.draft() is None
    again.pricing.discard_draft()
    again.pricing.discard_draft()
    assert desk.pricing.draft() is None


def test_a_draft_is_valid_too(desk: Desk) -> None:
    with pytest.raises(PriceListInvalid):
        desk.pricing.save_draft(dearer(desk, 0), based_on=1)
    with pytest.raises(UnknownRecord, match="no price list 7 "):
        desk.pricing.save_draft(dearer(desk), based_on=7)
    assert desk.pricing.draft() is None


def test_publishing_a_draft_is_the_end_of_it(desk: Desk) -> None:
    desk.pricing.save_draft(dearer(desk), based_on=1)
    desk.pricing.publish(dearer(desk, 9), based_on=1, note="Something else")
    assert desk.pricing.draft() is not None
    desk.pricing.publish(dearer(desk, 5), based_on=2, note="The draft")
    assert desk.pricing.draft() is None


@pytest.mark.parametrize("person", ["sam@pixpretty.example", "system", "nobody@pixpretty.example"])
def test_who_may_not_edit_prices_changes_nothing(
    open_as: Callable[[str], Desk], desk: Desk, person: str
) -> None:
    other = open_as(person)
    prices = desk.pricing.current().prices
    desk.pricing.publish(dearer(desk), based_on=1, note="Soon", effective_at=NEW_YEAR)
    for act in (
        lambda: other.pricing.publish(prices, based_on=2, note="x"),
        lambda: other.pricing.withdraw(2),
        lambda: other.pricing.save_draft(prices, based_on=1),
        other.pricing.discard_draft,
    ):
        with pytest.raises(NotPermitted):
            act()
    assert [v.state for v in desk.pricing.versions()] == [
        VersionState.SCHEDULED,
        VersionState.IN_FORCE,
    ]


def test_every_act_leaves_an_audit_record(desk: Desk) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Soon", effective_at=NEW_YEAR)
    desk.pricing.withdraw(2)
    with desk.office.database.reading() as session:
        withdrawn, published, *_ = audit.records(session)
    assert (published.act, published.subject, published.why) == ("publish prices", "2", "Soon")
    assert published.staff == MANAGER
    assert published.before == {"price list": 1}
    assert published.after["changes"] == ["AI Ghostface Generator costs 5 instead of 4."]
    assert published.after["from"] == "2027-01-01T00:00:00+00:00"
    assert (withdrawn.act, withdrawn.subject) == ("withdraw prices", "2")


def test_the_difference_is_that_of_versions_or_lists(desk: Desk) -> None:
    desk.pricing.publish(dearer(desk), based_on=1, note="Dearer")
    (change,) = desk.pricing.difference(1, 2)
    assert change.sentence == "AI Ghostface Generator costs 5 instead of 4."
    assert desk.pricing.difference(2, None) == ()
    (change,) = desk.pricing.difference(None, dearer(desk, 6))
    assert (change.old, change.new) == ("5", "6")


def test_an_exported_list_is_read_back_the_same(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "pricing.json"
    file.write_bytes(desk.pricing.export(1))
    assert desk.pricing.read(file) == desk.pricing.version(1).prices


def test_a_file_that_cannot_be_read_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"gone.json.*cannot be read"):
        desk.pricing.read(tmp_path / "gone.json")
    with pytest.raises(BadFile, match="cannot be read"):
        desk.pricing.read(tmp_path)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 50_000_000)
    with pytest.raises(PriceListInvalid, match="more than 1,000,000 bytes"):
        desk.pricing.read(large)


def test_the_last_full_month_counts_uses_credits_and_refusals(
    open_as: Callable[[str], Desk], desk: Desk, clock: Clock
) -> None:
    admin = open_as(ADMIN)
    admin.accounts.register("usr_1", email="amira@example.com", name="Amira")
    admin.charging.charge("usr_1", "ghostface", key="one", quantity=2)
    admin.charging.charge("usr_1", "export_image", key="two")
    with pytest.raises(CreditsError):
        admin.charging.charge("usr_1", "image_extender", key="three")
    assert desk.pricing.last_month().features == {}
    clock.at = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    month = desk.pricing.last_month()
    assert month.month == Month(2026, 11)
    assert (month.of("ghostface").uses, month.of("ghostface").credits) == (2, 8)
    assert month.of("export_image").uses == 1
    assert month.of("image_extender").refused == 1
    assert month.of("ghostface").change is None
    admin.charging.charge("usr_1", "ghostface", key="four")
    clock.at = NEW_YEAR
    assert desk.pricing.last_month().of("ghostface").change == -0.5


def test_an_unknown_version_is_named(desk: Desk) -> None:
    for ask in (desk.pricing.version, desk.pricing.export):
        with pytest.raises(UnknownRecord, match="no price list 7 "):
            ask(7)


def test_an_instant_without_an_offset_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidValue, match="no offset"):
        desk.pricing.current(datetime(2026, 1, 1))  # noqa: DTZ001 - the offset that lacks


def test_a_dictionary_in_the_shape_of_a_file_is_published_too(desk: Desk) -> None:
    content = json.loads(desk.pricing.export())
    content["features"][5]["credits"] = 5
    assert len(desk.pricing.difference(1, content)) == 1
    assert desk.pricing.publish(content, based_on=1, note="Dearer").number == 2
    assert price_at(desk, START) == 5
