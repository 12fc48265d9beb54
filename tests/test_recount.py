"""Every number on the demo's screens is what the raw tables come to, counted another way."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import open_desk
from app.domain.users import UserQuery
from app.services import demo
from tests.recount import KINDS, PLANS, Month, Recount, ms

STAFF = "mira@pixpretty.example"
MEASURES = ("credits", "uses", "users", "refused", "refunded")
pytestmark = pytest.mark.slow


class Clock:
    """Stands at the demo's present until it is moved."""

    def __init__(self) -> None:
        self.now = demo.PRESENT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recount") / "demo.db"
    demo.build(made)
    return made


@pytest.fixture(scope="module")
def desk(path: Path, clock: Clock) -> Iterator[Any]:
    with open_desk(path, staff=STAFF, now=clock) as desk:
        yield desk


@pytest.fixture(scope="module")
def raw(desk: Any, path: Path, tmp_path_factory: pytest.TempPathFactory) -> Recount:
    return Recount(path, tmp_path_factory.mktemp("raw"), demo.PRESENT)


@pytest.fixture(scope="module")
def some(raw: Recount) -> dict[int, str]:
    """Every tenth user, and whoever had a refund or a void: the ones where sums go wrong."""
    busy = {raw.charge[row["charge"]]["user"] for row in raw.rows["refund"]}
    owner = {row["id"]: row["user"] for row in raw.rows["grant"]}
    busy |= {owner[row["grant"]] for row in raw.rows["void"]}
    chosen = [user for user in raw.user_id if user % 10 == 0] + sorted(busy)[:40]
    return {user: raw.user_id[user] for user in chosen}


def everybody(desk: Any, **query: Any) -> list[Any]:
    return list(desk.accounts.page(UserQuery(**query), 0, 10_000))


# --- Users


def test_the_list_of_users_shows_everybody_with_what_they_have(desk: Any, raw: Recount) -> None:
    expected = {
        raw.user_id[row["id"]]: (
            row["email"],
            row["name"],
            PLANS[row["plan"]],
            raw.available(row["id"]),
            min((g["expires_at"] for g, _ in raw.usable(row["id"])), default=None),
        )
        for row in raw.rows["user"]
    }
    shown = {
        user.user_id: (
            user.email,
            user.name,
            user.plan,
            user.available,
            None if user.next_expiry is None else ms(user.next_expiry),
        )
        for user in everybody(desk)
    }
    assert shown == expected
    assert desk.accounts.count() == len(expected) >= 600


def test_the_filters_of_the_list_find_who_the_tables_say(desk: Any, raw: Recount) -> None:
    filters: list[tuple[dict[str, Any], set[str]]] = [
        ({"out_of_credits": True}, raw.out_of_credits()),
        ({"expiring": True}, raw.expiring()),
    ]
    for number, plan in enumerate(PLANS):
        on_plan = {row["user_id"] for row in raw.rows["user"] if row["plan"] == number}
        filters.append(({"plan": plan}, on_plan))
        filters.append(({"plan": plan, "expiring": True}, on_plan & raw.expiring()))
    invited = defaultdict(set)
    for row in raw.rows["user"]:
        if row["referrer"]:
            invited[raw.user_id[row["referrer"]]].add(row["user_id"])
    filters += [({"referred_by": user}, friends) for user, friends in list(invited.items())[:10]]
    for query, expected in filters:
        assert {user.user_id for user in everybody(desk, **query)} == expected, query
        assert desk.accounts.count(UserQuery(**query)) == len(expected), query


def instants(raw: Recount, user: int) -> list[datetime]:
    """Now, and around some of what happened to the user."""
    happened = [g["effective_at"] for g in raw.grants[user]][-3:]
    happened += [g["expires_at"] for g in raw.grants[user]][:2]
    happened += [c["occurred_at"] for c in raw.charges[user]][-4::2]
    past = sorted({at for at in happened if at <= raw.now})
    found = [demo.PRESENT - timedelta(milliseconds=raw.now - at) for at in past]
    return found + [at - timedelta(milliseconds=1) for at in found]


def test_accounts_hold_what_their_grants_come_to_at_any_instant(
    desk: Any, raw: Recount, some: dict[int, str]
) -> None:
    for user, name in some.items():
        for at in (None, *instants(raw, user)):
            account = desk.accounts.account(name, at=at)
            expected = raw.usable(user, None if at is None else ms(at))
            assert account.available == sum(held for _, held in expected), (name, at)
            shown = {g.id: (g.credits, g.remaining) for g in account.grants}
            assert shown == {g["id"]: (g["credits"], held) for g, held in expected}, (name, at)


def test_ledgers_show_every_change_with_the_balance_after_it(
    desk: Any, raw: Recount, some: dict[int, str]
) -> None:
    for user, name in some.items():
        entries = desk.accounts.ledger(name, limit=None)
        shown: dict[tuple[int, str], int] = defaultdict(int)
        expected: dict[tuple[int, str], int] = defaultdict(int)
        for entry in entries:
            shown[ms(entry.at), str(entry.kind)] += entry.credits
        for at, kind, credits in raw.ledger(user):
            expected[at, kind] += credits
        assert shown == expected, name
        balance = 0
        for entry in reversed(entries):
            balance += entry.credits
            assert entry.balance == balance >= 0, (name, entry)
        assert balance == raw.available(user), name


def test_the_proof_of_a_balance_adds_up_to_the_tables(
    desk: Any, raw: Recount, some: dict[int, str]
) -> None:
    for user, name in some.items():
        sums: dict[str, int] = defaultdict(int)
        for _, kind, credits in raw.ledger(user):
            sums[kind] += credits
        proof = desk.accounts.proof(name)
        assert {str(p.kind): p.credits for p in proof.parts} == {k: c for k, c in sums.items() if c}
        assert proof.agrees, name
        assert proof.balance == raw.available(user), name


def test_the_usage_of_a_user_is_counted_by_month_and_feature(
    desk: Any, raw: Recount, some: dict[int, str]
) -> None:
    for user, name in some.items():
        shown = {
            ((m.month.year, m.month.month), m.feature): (m.uses, m.credits, m.refused)
            for m in desk.accounts.usage(name, "2024-01", "2026-12")
        }
        assert shown == raw.usage(user), name


def test_what_a_charge_burned_and_a_grant_paid_for_are_the_same_rows(
    desk: Any, raw: Recount, some: dict[int, str]
) -> None:
    burned: dict[int, dict[int, int]] = defaultdict(dict)
    for row in raw.rows["burn"]:
        burned[row["grant"]][row["charge"]] = row["credits"]
    for user in list(some)[:25]:
        for grant in raw.grants[user][-5:]:
            paid = {charge.id: taken for charge, taken in desk.accounts.paid_by(grant["id"])}
            assert paid == burned[grant["id"]]
            shown = desk.accounts.grant(grant["id"])
            assert (shown.remaining, shown.credits) == (raw.held(grant), grant["credits"])
            for charge in list(paid)[:3]:
                burns = {b.grant_id: b.credits for b in desk.charging.find(charge).burns}
                assert burns[grant["id"]] == paid[charge]


def test_referrals_show_whom_a_user_invited(desk: Any, raw: Recount) -> None:
    invited: dict[int, set[str]] = defaultdict(set)
    for row in raw.rows["user"]:
        if row["referrer"]:
            invited[row["referrer"]].add(row["user_id"])
    rewards = {row["friend"] for row in raw.rows["grant"] if row["kind"] == 2}
    assert rewards == {row["id"] for row in raw.rows["user"] if row["referrer"]}
    for user, friends in list(invited.items())[:30]:
        shown = desk.accounts.referrals(raw.user_id[user])
        assert {u.user_id for u in shown if u.referrer_id == raw.user_id[user]} == friends


# --- Prices


def test_the_table_of_prices_shows_the_list_in_force(desk: Any, raw: Recount) -> None:
    current = desk.pricing.current()
    assert current.number == raw.version_in_force()["number"]
    shown = {f.key: f.credits for f in current.prices.features}
    shown |= {action.key: 0 for action in current.prices.free_actions}
    assert shown == raw.prices()
    assert len(desk.pricing.versions()) == len(raw.rows["price_version"])


def test_beside_each_price_stands_what_the_last_full_month_came_to(desk: Any, raw: Recount) -> None:
    last = desk.pricing.last_month()
    month = (last.month.year, last.month.month)
    assert month == (2026, 10)
    figures = {name: raw.monthly("feature", name) for name in ("uses", "credits", "refused")}
    for feature in raw.prices():
        use = last.of(feature)
        shown = (use.uses, use.credits, use.refused, use.credits_before)
        before = figures["credits"].get(((2026, 9), feature), 0)
        expected = [figures[n].get((month, feature), 0) for n in ("uses", "credits", "refused")]
        assert shown == (*expected, before), feature
        change = None if not before else (expected[1] - before) / before
        assert use.change == pytest.approx(change)


# --- Consumption


def months_of(raw: Recount) -> list[Month]:
    return sorted({month for measure in MEASURES for month, _, _ in raw.facts(measure)})


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", ["feature", "family", "plan"])
def test_every_column_of_the_chart_is_what_the_charges_come_to(
    desk: Any, raw: Recount, by: str, measure: str
) -> None:
    months = months_of(raw)
    first, last = (f"{year}-{month:02d}" for year, month in (months[0], months[-1]))
    monthly = desk.consumption.monthly(first, last, by=by, measure=measure)
    shown = {
        ((month.year, month.month), series.key): value
        for series in monthly.series
        for month, value in zip(monthly.months, series.values, strict=True)
        if value
    }
    expected = raw.monthly(by, measure)
    if by == "family":  # what the free actions are called together is the screen's own word
        free = {key for _, key in shown} - set(raw.families.values())
        assert len(free) <= 1
        expected = {
            (m, next(iter(free)) if k == "free" else k): v for (m, k), v in expected.items()
        }
    assert shown == expected
    totals = {(m.year, m.month): v for m, v in zip(monthly.months, monthly.totals, strict=True)}
    assert {month: v for month, v in totals.items() if v} == {
        month: v for month, v in raw.totals(measure).items() if v
    }


@pytest.mark.parametrize("measure", ["credits", "uses", "refused", "refunded"])
def test_behind_a_month_stand_the_users_who_made_it(desk: Any, raw: Recount, measure: str) -> None:
    for year, month in months_of(raw)[-3:]:
        behind = desk.consumption.drill(f"{year}-{month:02d}", limit=10_000, measure=measure)
        expected = raw.behind((year, month), measure)
        assert {part.user_id: part.value for part in behind.users if part.value} == expected
        assert len(behind.users) == behind.count


def test_the_largest_series_and_other_together_are_the_whole(desk: Any, raw: Recount) -> None:
    monthly = desk.consumption.monthly("2026-01", "2026-11", top=7)
    totals = raw.totals("credits")
    for place, month in enumerate(monthly.months):
        summed = sum(series.values[place] for series in monthly.series)
        assert summed == totals[month.year, month.month]
    assert len(monthly.series) == 8


# --- Overview


def year_until_now() -> list[Month]:
    return [(2025, 12), *((2026, month) for month in range(1, 12))]


def test_the_overview_shows_what_each_month_gave_used_and_let_expire(
    desk: Any, raw: Recount
) -> None:
    shown = desk.overview.now()
    months = year_until_now()
    assert [(m.year, m.month) for m in shown.months] == months
    assert shown.given.months == tuple(sum(raw.given(m).values()) for m in months)
    assert shown.used.months == tuple(raw.totals("credits").get(m, 0) for m in months)
    assert shown.expired.months == tuple(sum(raw.expired(m).values()) for m in months)
    for month, bridge in zip(months, shown.bridges, strict=True):
        following = raw.start(month[0] + month[1] // 12, month[1] % 12 + 1, 1)
        assert (bridge.month.year, bridge.month.month) == month
        assert dict(bridge.given) == raw.given(month)
        assert bridge.returned == sum(raw.moved("return", month).values())
        assert bridge.voided == sum(raw.moved("void", month).values())
        assert bridge.opening == raw.carried_over(raw.start(*month, 1))
        now = sum(raw.available(user) for user in raw.user_id)
        assert bridge.closing == (now if following > raw.now else raw.carried_over(following))


def test_the_overview_compares_the_same_whole_days_of_two_months(desk: Any, raw: Recount) -> None:
    shown = desk.overview.now()
    assert shown.same.days == 21
    spans = [(raw.start(2026, m, 1), raw.start(2026, m, 22)) for m in (11, 10)]
    given = [
        sum(g["credits"] for g in raw.rows["grant"] if start <= g["effective_at"] < end)
        for start, end in spans
    ]
    used = [raw.used_between(start, end) for start, end in spans]
    expired = [
        sum(raw.expired(month, start, end).values())
        for month, (start, end) in zip(((2026, 11), (2026, 10)), spans, strict=True)
    ]
    assert [shown.given.days, shown.given.days_before] == given
    assert [shown.used.days, shown.used.days_before] == [sum(each.values()) for each in used]
    assert [shown.expired.days, shown.expired.days_before] == expired
    assert shown.used.trend == tuple(
        sum(raw.used_between(raw.start(*month, 1), raw.start(*month, 22)).values())
        for month in year_until_now()
    )
    features = {one.key: (one.days, one.days_before) for one in shown.features}
    assert {key: values for key, values in features.items() if any(values)} == {
        key: (used[0].get(key, 0), used[1].get(key, 0)) for key in used[0].keys() | used[1].keys()
    }
    gains = [one.difference for one in shown.features]
    assert gains == sorted(gains, reverse=True)


def test_the_overview_shows_what_is_outstanding_now_and_was_before(desk: Any, raw: Recount) -> None:
    shown = desk.overview.now()
    now = sum(raw.available(user) for user in raw.user_id)
    before = [raw.carried_over(raw.start(y, m, 22)) for y, m in year_until_now()]
    assert shown.outstanding.months == (*before[:-1], now)
    assert (shown.outstanding.days, shown.outstanding.days_before) == (before[-1], before[-2])
    assert shown.owed.total == now


def test_the_overview_shows_what_is_owed_for_each_month(desk: Any, raw: Recount) -> None:
    owed = desk.overview.now().owed
    shown = {(month.year, month.month): credits for month, credits in owed.months}
    assert shown
    for month, credits in shown.items():
        by_user = raw.owed(month)
        assert credits == sum(by_user.values())
        behind = desk.overview.behind("owed", f"{month[0]}-{month[1]:02d}", limit=10_000)
        assert {part.user_id: part.value for part in behind.users} == by_user
        assert behind.count == len(by_user)
    allowances = desk.pricing.current().prices.policy.plans
    plans = [PLANS[row["plan"]] for row in raw.rows["user"]]
    assert owed.expected == sum(allowances[plan] for plan in plans)
    assert owed.expected_users == sum(allowances[plan] > 0 for plan in plans)


def test_behind_what_was_given_and_expired_stand_the_users_it_came_to(
    desk: Any, raw: Recount
) -> None:
    for year, month in ((2026, 11), (2026, 10), (2025, 3)):
        name = f"{year}-{month:02d}"
        for number, kind in enumerate(KINDS):
            expected: dict[str, int] = defaultdict(int)
            for grant in raw.rows["grant"]:
                counts = raw.month(grant["effective_at"]) == (year, month)
                if counts and number in {0, grant["kind"]}:
                    expected[raw.user_id[grant["user"]]] += grant["credits"]
            behind = desk.overview.behind("given", name, kind, limit=10_000)
            assert {part.user_id: part.value for part in behind.users} == expected
        for what, expected in (
            ("expired", raw.expired((year, month))),
            ("returned", raw.moved("return", (year, month))),
            ("voided", raw.moved("void", (year, month))),
        ):
            behind = desk.overview.behind(what, name, limit=10_000)
            assert {part.user_id: part.value for part in behind.users} == expected


def test_behind_all_that_is_outstanding_stand_those_who_can_spend_something(
    desk: Any, raw: Recount
) -> None:
    behind = desk.overview.behind("owed", "", limit=10_000)
    holding = {raw.user_id[user]: raw.available(user) for user in raw.user_id}
    assert {part.user_id: part.value for part in behind.users} == {
        name: credits for name, credits in holding.items() if credits
    }
    assert behind.count == len(behind.users)
    second = desk.overview.behind("owed", "", limit=10, offset=5).users
    assert second == behind.users[5:15]


# --- The turn of the month


def test_what_is_due_but_not_stored_counts_everywhere(
    desk: Any, raw: Recount, clock: Clock
) -> None:
    clock.now = datetime.fromisoformat("2026-12-01T09:00:00+00:00")
    try:
        december = Recount(desk.path, Path(desk.path).parent, clock.now)
        assert december.rows["grant"] == raw.rows["grant"], "nothing was written"
        allowances = {plan: desk.pricing.current().prices.policy.plans[plan] for plan in PLANS}
        plan = {row["id"]: PLANS[row["plan"]] for row in december.rows["user"]}
        due = {user: allowances[held] for user, held in plan.items()}
        expected = {
            name: december.available(user) + due[user] for user, name in december.user_id.items()
        }
        assert {u.user_id: u.available for u in everybody(desk)} == expected
        out = {name for name, available in expected.items() if not available}
        assert {u.user_id for u in everybody(desk, out_of_credits=True)} == out
        shown = desk.overview.now()
        assert shown.outstanding.running == sum(expected.values())
        assert dict(shown.bridges[-1].given) == {"monthly_allowance": sum(due.values())}
        assert shown.expired.last == sum(december.expired((2026, 11)).values())
        assert (shown.same.days, shown.used.days, shown.features) == (0, None, ())
        behind = desk.overview.behind("given", "2026-12", limit=10_000)
        names = {name: due[user] for user, name in december.user_id.items() if due[user]}
        assert {part.user_id: part.value for part in behind.users} == names
        owed = desk.overview.behind("owed", "2026-12", limit=10_000)
        assert sum(part.value for part in owed.users) == dict(shown.owed.months)[shown.running]
        for name in list(expected)[::20]:
            assert desk.accounts.account(name).available == expected[name]
            assert desk.accounts.ledger(name, limit=1)[0].balance == expected[name]
            assert desk.accounts.proof(name).agrees
    finally:
        clock.now = demo.PRESENT
