"""The difference of price lists in words, and what two people changed at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import shipped
from app.domain import price_file
from app.domain.errors import PriceListInvalid
from app.domain.policy import Bonus, Reason
from app.domain.price_changes import (
    ChangeKind,
    conflicts,
    difference,
    merged,
    side_by_side,
    validity_words,
)
from app.domain.prices import Feature, FreeAction, PriceList

BASE = price_file.parse(shipped.path("pricing.json").read_bytes())


def with_feature(prices: PriceList, key: str, **fields: str | int) -> PriceList:
    features = tuple(
        replace(feature, **fields) if feature.key == key else feature  # type: ignore[arg-type]
        for feature in prices.features
    )
    return replace(prices, features=features)


def without(prices: PriceList, key: str) -> PriceList:
    return replace(prices, features=tuple(f for f in prices.features if f.key != key))


def with_new(prices: PriceList, credits: int) -> PriceList:
    upscaler = Feature("upscaler", "AI Upscaler", "Upscale", "Editing", credits)
    return replace(prices, features=(*prices.features, upscaler))


def with_plus(prices: PriceList, credits: int) -> PriceList:
    plans = prices.policy.plans | {"plus": credits}
    return replace(prices, policy=replace(prices.policy, plans=plans))


def turned(prices: PriceList) -> PriceList:
    return replace(prices, features=prices.features[::-1])


def with_signup(prices: PriceList) -> PriceList:
    return replace(prices, policy=replace(prices.policy, signup=Bonus(12, "P30D")))


def with_top_up(prices: PriceList) -> PriceList:
    top_up = replace(prices.policy.top_up, enabled=True, plans=("pro",))
    return replace(prices, policy=replace(prices.policy, top_up=top_up))


def with_reason(prices: PriceList) -> PriceList:
    reasons = (*prices.policy.support.reasons, Reason("outage", "Outage"))
    support = replace(prices.policy.support, reasons=reasons)
    return replace(prices, policy=replace(prices.policy, support=support))


def without_free_actions(prices: PriceList) -> PriceList:
    return replace(prices, free_actions=())


def with_free_action(prices: PriceList) -> PriceList:
    return replace(prices, free_actions=(*prices.free_actions, FreeAction("share", "Share")))


GHOST = "AI Ghostface Generator"


@pytest.mark.parametrize(
    ("change", "kind", "place", "sentence"),
    [
        (
            lambda p: with_feature(p, "ghostface", credits=1_200),
            ChangeKind.PRICE,
            "features.ghostface.credits",
            f"{GHOST} costs 1,200 instead of 4.",
        ),
        (
            lambda p: with_feature(p, "ghostface", name="Ghost"),
            ChangeKind.NAME,
            "features.ghostface.name",
            f"{GHOST} is now called “Ghost”.",
        ),
        (
            lambda p: with_feature(p, "ghostface", description="Boo"),
            ChangeKind.DESCRIPTION,
            "features.ghostface.description",
            f"{GHOST} is described as “Boo” instead of “Ghost Face Generation”.",
        ),
        (
            lambda p: with_feature(p, "ghostface", family="Editing"),
            ChangeKind.FAMILY,
            "features.ghostface.family",
            f"{GHOST} moves from the family “Fun generators” to “Editing”.",
        ),
        (
            lambda p: without(p, "ghostface"),
            ChangeKind.RETIRED,
            "features.ghostface",
            f"{GHOST} (4 credits) is retired.",
        ),
        (
            lambda p: with_new(p, 1),
            ChangeKind.ADDED,
            "features.upscaler",
            "AI Upscaler is new, at 1 credit.",
        ),
        (turned, ChangeKind.ORDER, "features", "The features are in another order."),
        (
            lambda p: with_plus(p, 1_250),
            ChangeKind.POLICY,
            "plans.plus.monthly_credits",
            "Monthly credits of Plus: 1,250 instead of 200.",
        ),
        (
            with_signup,
            ChangeKind.POLICY,
            "bonuses.signup.valid",
            "Validity of the sign-up bonus: 30 days instead of 1 year.",
        ),
        (
            with_reason,
            ChangeKind.POLICY,
            "support.reasons.outage",
            "Reason “Outage” is new.",
        ),
        (
            without_free_actions,
            ChangeKind.FREE_ACTION,
            "free_actions.export_image",
            "Export an image is no longer a free action.",
        ),
        (
            with_free_action,
            ChangeKind.FREE_ACTION,
            "free_actions.share",
            "Share is a free action.",
        ),
    ],
)
def test_a_change_is_named_with_its_place_and_said_in_a_sentence(
    change: Callable[[PriceList], PriceList], kind: ChangeKind, place: str, sentence: str
) -> None:
    (found,) = difference(BASE, change(BASE))
    assert (found.kind, found.place, found.sentence) == (kind, place, sentence)


def test_switching_top_up_on_is_said_in_words() -> None:
    sentences = [change.sentence for change in difference(BASE, with_top_up(BASE))]
    assert sentences == [
        "Buying credits: on instead of off.",
        "Plans that can buy credits: Pro instead of Plus, Pro.",
    ]


def test_a_list_is_no_different_from_itself_whatever_its_note() -> None:
    assert difference(BASE, replace(BASE, version_note="Another note.")) == ()


def test_features_come_before_policy_in_the_difference() -> None:
    kinds = [
        c.kind for c in difference(BASE, with_plus(with_feature(BASE, "ghostface", credits=5), 1))
    ]
    assert kinds == [ChangeKind.PRICE, ChangeKind.POLICY]


def test_every_policy_figure_has_words_of_its_own() -> None:
    other = price_file.parse(
        price_file.write(BASE)
        .replace(b'"UTC"', b'"Europe/Berlin"')
        .replace(b'"P1Y"', b'"P30D"')
        .replace(b'_credits": ', b'_credits": 9')
        .replace(b'"credits": 12,', b'"credits": 13,')
        .replace(b'per_grant": 100', b'per_grant": 1')
        .replace(b'per_day": 500', b'per_day": 5')
    )
    policy = [c for c in difference(BASE, other) if c.kind is ChangeKind.POLICY]
    assert len(policy) == 12
    assert not [c for c in policy if "." in c.subject or "_" in c.subject]


def test_changes_at_different_places_do_not_clash() -> None:
    mine = with_feature(BASE, "ghostface", credits=5)
    theirs = with_feature(BASE, "action_figure", credits=6)
    assert conflicts(BASE, mine, theirs) == ()
    rows = {row.place: (row.base, row.mine, row.theirs) for row in side_by_side(BASE, mine, theirs)}
    assert rows == {
        "features.ghostface.credits": ("4", "5", "4"),
        "features.action_figure.credits": ("4", "4", "6"),
    }
    both = merged(BASE, mine, theirs)
    assert both == with_feature(mine, "action_figure", credits=6)


def test_the_same_change_twice_is_no_clash() -> None:
    changed = with_new(with_feature(BASE, "ghostface", credits=5), 7)
    assert conflicts(BASE, changed, changed) == ()
    assert merged(BASE, changed, changed) == changed


def test_two_prices_for_one_feature_clash_and_theirs_stays_unless_mine_is_kept() -> None:
    mine, theirs = (with_feature(BASE, "ghostface", credits=n) for n in (5, 6))
    (clash,) = conflicts(BASE, mine, theirs)
    assert clash.subject == f"{GHOST}: credits"
    assert (clash.base, clash.mine, clash.theirs) == ("4", "5", "6")
    assert merged(BASE, mine, theirs) == theirs
    assert merged(BASE, mine, theirs, keep=[clash.place]) == mine


def test_a_feature_retired_by_one_and_priced_anew_by_the_other_clashes_as_a_whole() -> None:
    mine, theirs = with_feature(BASE, "ghostface", credits=5), without(BASE, "ghostface")
    (clash,) = conflicts(BASE, mine, theirs)
    assert (clash.place, clash.mine, clash.theirs) == ("features.ghostface", "5 credits", "")
    assert merged(BASE, mine, theirs) == theirs
    kept = merged(BASE, mine, theirs, keep=[clash.place])
    assert {f.key for f in kept.features} == {f.key for f in BASE.features}


def test_a_feature_added_by_both_clashes_only_where_it_differs() -> None:
    (clash,) = conflicts(BASE, with_new(BASE, 3), with_new(BASE, 4))
    assert (clash.place, clash.base) == ("features.upscaler.credits", "")


def test_changes_that_together_break_a_rule_are_refused() -> None:
    mine = replace(BASE, features=BASE.features[:1])
    theirs = replace(BASE, features=BASE.features[1:])
    with pytest.raises(PriceListInvalid, match="features has 0 entries"):
        merged(BASE, mine, theirs)


@pytest.mark.parametrize(
    ("validity", "words"),
    [("P1Y", "1 year"), ("P2Y", "2 years"), ("P1D", "1 day"), ("month_end", "end of the month")],
)
def test_a_validity_is_said_in_words(validity: str, words: str) -> None:
    assert validity_words(validity) == words


CHANGES: list[Callable[[PriceList], PriceList]] = [
    lambda p: with_feature(p, "ghostface", credits=5),
    lambda p: with_feature(p, "ghostface", name="Ghost"),
    lambda p: with_feature(p, "object_remover", credits=2),
    lambda p: without(p, "qwen_image_4k"),
    lambda p: with_new(p, 3),
    lambda p: with_plus(p, 300),
    with_signup,
    with_top_up,
    with_reason,
    without_free_actions,
]


@given(st.sets(st.sampled_from(CHANGES)), st.sets(st.sampled_from(CHANGES)))
def test_what_two_people_changed_alike_or_apart_is_all_in_the_merged_list(
    first: set[Callable[[PriceList], PriceList]], second: set[Callable[[PriceList], PriceList]]
) -> None:
    mine, theirs, both = BASE, BASE, BASE
    for change in CHANGES:
        mine = change(mine) if change in first else mine
        theirs = change(theirs) if change in second else theirs
        both = change(both) if change in first | second else both
    assert conflicts(BASE, mine, theirs) == ()
    assert difference(both, merged(BASE, mine, theirs)) == ()
