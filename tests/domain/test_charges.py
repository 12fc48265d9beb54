"""What a charge burns, in which order, all or nothing (rules, sections 3 and 4)."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import from_ms
from app.domain.charges import (
    MOST_KEY,
    Burn,
    burn_down,
    checked_key,
    checked_quantity,
    split_refund,
)
from app.domain.errors import InsufficientCredits, InvalidAmount, InvalidValue
from app.domain.grants import Grant, GrantKind


@dataclass(frozen=True)
class Bare:
    """A grant with nothing but what burn-down asks of it; instants are plain numbers."""

    id: int
    credits: int
    remaining: int
    effective_at: int
    expires_at: int


def bare(id: int, remaining: int, expires_at: int, effective_at: int = 0) -> Bare:
    return Bare(id, max(remaining, 1), remaining, effective_at, expires_at)


def grant(id: int, remaining: int, kind: GrantKind, *, start: int = 0, end: int = 100) -> Grant:
    return Grant(id, "usr_1", kind, remaining, remaining, from_ms(start), from_ms(end))


def test_the_soonest_to_expire_pays_first() -> None:
    burns = burn_down([bare(1, 5, 90), bare(2, 5, 50), bare(3, 5, 70)], 12, 10)
    assert burns == [Burn(2, 5), Burn(3, 5), Burn(1, 2)]


def test_of_the_same_expiry_the_earliest_usable_pays_first() -> None:
    assert burn_down([bare(1, 5, 50, 3), bare(2, 5, 50, 2)], 6, 10) == [Burn(2, 5), Burn(1, 1)]


def test_of_the_same_validity_an_allowance_pays_before_other_kinds() -> None:
    others = [kind for kind in GrantKind if kind is not GrantKind.MONTHLY_ALLOWANCE]
    for number, kind in enumerate(others, start=1):
        grants = [grant(number, 5, kind), grant(99, 5, GrantKind.MONTHLY_ALLOWANCE)]
        assert burn_down(grants, 6, from_ms(1)) == [Burn(99, 5), Burn(number, 1)]


def test_an_allowance_that_began_later_does_not_push_ahead() -> None:
    grants = [
        grant(1, 5, GrantKind.REFUND, start=0),
        grant(2, 5, GrantKind.MONTHLY_ALLOWANCE, start=1),
    ]
    assert burn_down(grants, 6, from_ms(2)) == [Burn(1, 5), Burn(2, 1)]


def test_last_of_all_the_lowest_id_decides() -> None:
    assert burn_down([bare(9, 5, 50), bare(4, 5, 50)], 6, 10) == [Burn(4, 5), Burn(9, 1)]


def test_a_grant_is_usable_from_its_first_instant_until_before_its_last() -> None:
    only = [bare(1, 5, 20, 10)]
    assert burn_down(only, 5, 10) == [Burn(1, 5)]
    assert burn_down(only, 5, 19) == [Burn(1, 5)]
    for outside in (9, 20):
        with pytest.raises(InsufficientCredits) as short:
            burn_down(only, 5, outside)
        assert (short.value.needed, short.value.available) == (5, 0)


def test_too_few_credits_says_what_was_needed_and_what_there_was() -> None:
    with pytest.raises(InsufficientCredits, match="48") as short:
        burn_down([bare(1, 20, 50), bare(2, 20, 60), bare(3, 20, 5)], 48, 10)
    assert (short.value.needed, short.value.available) == (48, 40)


def test_a_free_action_works_with_no_credits_left() -> None:
    assert burn_down([], 0, 10) == []
    assert burn_down([bare(1, 0, 50)], 0, 10) == []


def test_a_negative_number_of_credits_is_refused() -> None:
    with pytest.raises(InvalidAmount, match="-1"):
        burn_down([bare(1, 5, 50)], -1, 10)


grants_strategy = st.lists(
    st.builds(
        lambda number, spent, left, start, length: Bare(
            number, spent + left, left, start, start + length
        ),
        st.integers(1, 10**6),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(0, 10),
        st.integers(1, 10),
    ),
    max_size=8,
    unique_by=lambda g: g.id,
)


@given(grants_strategy, st.integers(0, 200), st.integers(0, 20))
def test_a_burn_down_conserves_credits_overdraws_nothing_and_keeps_the_order(
    grants: list[Bare], credits: int, at: int
) -> None:
    usable = [g for g in grants if g.effective_at <= at < g.expires_at]
    held = sum(g.remaining for g in usable)
    if held < credits:
        with pytest.raises(InsufficientCredits) as short:
            burn_down(grants, credits, at)
        assert (short.value.needed, short.value.available) == (credits, held)
        return
    burns = burn_down(grants, credits, at)
    by_id = {g.id: g for g in usable}
    assert sum(b.credits for b in burns) == credits
    assert all(0 < b.credits <= by_id[b.grant_id].remaining for b in burns)
    assert len({b.grant_id for b in burns}) == len(burns)
    paying = [by_id[b.grant_id] for b in burns]
    for one, two in pairwise(paying):
        assert (one.expires_at, one.effective_at, one.id) < (
            two.expires_at,
            two.effective_at,
            two.id,
        )
    # Only the last may keep something, and nobody who should have paid before it was passed over.
    assert all(b.credits == by_id[b.grant_id].remaining for b in burns[:-1])
    if paying:
        last = paying[-1]
        passed_over = [
            g
            for g in usable
            if g.remaining
            and g not in paying
            and (g.expires_at, g.effective_at, g.id) < (last.expires_at, last.effective_at, last.id)
        ]
        assert passed_over == []


@given(grants_strategy, st.integers(0, 100), st.integers(0, 20), st.randoms())
def test_the_order_in_which_grants_are_given_makes_no_difference(
    grants: list[Bare], credits: int, at: int, random: Random
) -> None:
    shuffled = list(grants)
    random.shuffle(shuffled)
    try:
        expected = burn_down(grants, credits, at)
    except InsufficientCredits:
        with pytest.raises(InsufficientCredits):
            burn_down(shuffled, credits, at)
    else:
        assert burn_down(shuffled, credits, at) == expected


@given(grants_strategy, st.lists(st.integers(0, 40), max_size=6), st.integers(0, 20))
def test_a_row_of_charges_never_takes_more_than_there_was(
    grants: list[Bare], wishes: list[int], at: int
) -> None:
    left = {g.id: g.remaining for g in grants}
    taken = 0
    for credits in wishes:
        now = [Bare(g.id, g.credits, left[g.id], g.effective_at, g.expires_at) for g in grants]
        try:
            burns = burn_down(now, credits, at)
        except InsufficientCredits:
            continue
        for burn in burns:
            left[burn.grant_id] -= burn.credits
            taken += burn.credits
    assert min(left.values(), default=0) >= 0
    assert taken == sum(g.remaining for g in grants) - sum(left.values())


@pytest.mark.parametrize("quantity", [0, -1, 10_001, 10**30, True, 1.0, "1", None])
def test_a_quantity_out_of_range_is_refused_and_named(quantity: object) -> None:
    with pytest.raises(InvalidAmount) as refused:
        checked_quantity(quantity)  # type: ignore[arg-type]
    assert str(quantity) in str(refused.value)


def test_a_quantity_from_1_to_10_000_is_taken() -> None:
    assert [checked_quantity(n) for n in (1, 10_000)] == [1, 10_000]


@pytest.mark.parametrize("key", ["", "  ", "k" * (MOST_KEY + 1), None, 7, b"key", "a\ud800b", "\0"])
def test_what_cannot_be_a_key_is_refused(key: object) -> None:
    with pytest.raises(InvalidValue):
        checked_key(key)  # type: ignore[arg-type]


def test_a_key_is_kept_as_it_is() -> None:
    for key in ("job-77", "k" * MOST_KEY, "ключ 🔑", "' OR 1=1 --", " a "):
        assert checked_key(key) == key


def test_a_refund_gives_back_to_living_grants_and_grants_the_rest_anew() -> None:
    living = [grant(1, 3, GrantKind.SIGNUP_BONUS)]
    split = split_refund([Burn(2, 7), Burn(1, 4)], living)
    assert split.returned == (Burn(1, 4),)
    assert split.regranted == 7


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 50)), unique_by=lambda p: p[0]))
def test_a_refund_gives_back_exactly_what_was_burned(pairs: list[tuple[int, int]]) -> None:
    burns = [Burn(number, credits) for number, credits in pairs]
    living = [grant(number, 0, GrantKind.SIGNUP_BONUS) for number in range(1, 5)]
    split = split_refund(burns, living)
    assert sum(b.credits for b in split.returned) + split.regranted == sum(c for _, c in pairs)
