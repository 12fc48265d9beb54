"""Price lists as files: ``pricing.json`` read strictly and written the same way every time.

Reading refuses whatever a rule does not allow with ``PriceListInvalid``, which names the place
(``features[3].credits``) and the value; nothing is guessed or filled in (rules, section 6).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from app.domain.calendar import zone_of
from app.domain.errors import InvalidValue, PriceListInvalid
from app.domain.json_place import Place, read_json, shown
from app.domain.policy import Bonus, Policy, Reason, SupportPolicy, TopUpPolicy
from app.domain.prices import Feature, FreeAction, PriceList
from app.domain.sentences import said
from app.domain.users import PLANS

MOST_BYTES = 1_000_000
MOST_PRICE = 10_000
MOST_CREDITS = 1_000_000
MOST_FEATURES = 500
MOST_FREE_ACTIONS = 100
MOST_REASONS = 50
MOST_NAME = 120
MOST_DESCRIPTION = 300
MOST_FAMILY = 60
MOST_NOTE = 2_000


def parse(content: bytes | str) -> PriceList:
    """The price list that the content of a ``pricing.json`` says, in UTF-8.

    Raises ``PriceListInvalid`` naming the place and the value of the first thing that is wrong.
    """
    top = read_json(content, most_bytes=MOST_BYTES)
    keys = ("version_note", "timezone", "features", "free_actions", "plans", "bonuses")
    parts = top.members(*keys, "support", "top_up")
    prices = PriceList(
        version_note=parts["version_note"].text(most=MOST_NOTE, may_be_empty=True, lines=True),
        features=tuple(map(_feature, parts["features"].items(least=1, most=MOST_FEATURES))),
        free_actions=tuple(map(_free_action, parts["free_actions"].items(most=MOST_FREE_ACTIONS))),
        policy=_policy(parts),
    )
    _refuse_same_keys(prices)
    return prices


def write(prices: PriceList) -> bytes:
    """The list as the content of a ``pricing.json``: the same list gives the same bytes."""
    return _text(document(prices)).encode()


def _text(content: dict[str, object]) -> str:
    return f"{json.dumps(content, indent=2, ensure_ascii=False)}\n"


def checked(prices: PriceList | Mapping[str, object]) -> PriceList:
    """``prices`` if a file could say it; ``PriceListInvalid`` otherwise.

    For lists put together in code or on a screen: they pass the same gate as a file. A dictionary
    in the shape of ``pricing.json`` will do too.
    """
    if not isinstance(prices, PriceList | Mapping):
        message = said("A price list is needed, not {shown}.", shown=shown(repr(prices)))
        raise PriceListInvalid(message, value=shown(repr(prices)))
    try:
        content = document(prices) if isinstance(prices, PriceList) else dict(prices)
        return parse(_text(content).encode())
    except (TypeError, ValueError, RecursionError) as error:
        message = said("The price list holds what a file cannot: {error}.", error=str(error))
        raise PriceListInvalid(message) from error


def document(prices: PriceList) -> dict[str, object]:
    """The list in the shape of ``pricing.json``, as plain dictionaries and lists."""
    policy = prices.policy
    return {
        "version_note": prices.version_note,
        "timezone": policy.timezone,
        "features": [
            {
                "key": feature.key,
                "name": feature.name,
                "description": feature.description,
                "family": feature.family,
                "credits": feature.credits,
            }
            for feature in prices.features
        ],
        "free_actions": [{"key": free.key, "name": free.name} for free in prices.free_actions],
        "plans": {plan: {"monthly_credits": policy.plans[plan]} for plan in in_order(policy.plans)},
        "bonuses": {
            "signup": _bonus_document(policy.signup),
            "referral": _bonus_document(policy.referral),
        },
        "support": {
            "limit_per_grant": policy.support.limit_per_grant,
            "limit_per_day": policy.support.limit_per_day,
            "default_validity": policy.support.default_validity,
            "reasons": [{"key": r.key, "name": r.name} for r in policy.support.reasons],
        },
        "top_up": {
            "enabled": policy.top_up.enabled,
            "plans": list(policy.top_up.plans),
            "valid": policy.top_up.valid,
        },
    }


def in_order(plans: Iterable[str]) -> list[str]:
    """Plans from the smallest to the largest; whatever is none of ours comes last."""
    return sorted(
        plans, key=lambda plan: (PLANS.index(plan) if plan in PLANS else len(PLANS), plan)
    )


def _bonus_document(bonus: Bonus) -> dict[str, object]:
    return {"credits": bonus.credits, "valid": bonus.valid}


def _feature(place: Place) -> Feature:
    parts = place.members("key", "name", "description", "family", "credits")
    return Feature(
        key=parts["key"].key(),
        name=parts["name"].text(most=MOST_NAME),
        description=parts["description"].text(most=MOST_DESCRIPTION, may_be_empty=True),
        family=parts["family"].text(most=MOST_FAMILY),
        credits=parts["credits"].whole(1, MOST_PRICE, said("a price")),
    )


def _free_action(place: Place) -> FreeAction:
    parts = place.members("key", "name")
    return FreeAction(parts["key"].key(), parts["name"].text(most=MOST_NAME))


def _policy(parts: dict[str, Place]) -> Policy:
    plans = parts["plans"].members(*PLANS)
    bonuses = parts["bonuses"].members("signup", "referral")
    return Policy(
        timezone=_zone(parts["timezone"]),
        plans={plan: _monthly_credits(plans[plan]) for plan in PLANS},
        signup=_bonus(bonuses["signup"]),
        referral=_bonus(bonuses["referral"]),
        support=_support(parts["support"]),
        top_up=_top_up(parts["top_up"]),
    )


def _zone(place: Place) -> str:
    name = place.text(most=MOST_NAME)
    try:
        zone_of(name)
    except InvalidValue as error:
        raise place.invalid(said("an IANA time zone like Europe/Berlin")) from error
    return name


def _monthly_credits(place: Place) -> int:
    credits = place.members("monthly_credits")["monthly_credits"]
    return credits.whole(0, MOST_CREDITS, said("an allowance"))


def _bonus(place: Place) -> Bonus:
    parts = place.members("credits", "valid")
    return Bonus(
        parts["credits"].whole(1, MOST_CREDITS, said("a bonus")), parts["valid"].validity()
    )


def _support(place: Place) -> SupportPolicy:
    parts = place.members("limit_per_grant", "limit_per_day", "default_validity", "reasons")
    return SupportPolicy(
        limit_per_grant=parts["limit_per_grant"].whole(0, MOST_CREDITS, said("a limit")),
        limit_per_day=parts["limit_per_day"].whole(0, MOST_CREDITS, said("a limit")),
        # Staff give credits for a year at most (rules, section 2), so this is no longer either.
        default_validity=parts["default_validity"].validity(years=1, days=365),
        reasons=_reasons(parts["reasons"]),
    )


def _reasons(place: Place) -> tuple[Reason, ...]:
    reasons: dict[str, Reason] = {}
    for item in place.items(least=1, most=MOST_REASONS):
        parts = item.members("key", "name")
        reason = Reason(parts["key"].key(), parts["name"].text(most=MOST_NAME))
        if reason.key in reasons:
            raise parts["key"].invalid(said("a key used once"))
        reasons[reason.key] = reason
    return tuple(reasons.values())


def _top_up(place: Place) -> TopUpPolicy:
    parts = place.members("enabled", "plans", "valid")
    plans: list[str] = []
    for item in parts["plans"].items(most=len(PLANS)):
        plan = item.text(most=MOST_NAME)
        if plan not in PLANS or plan in plans:
            raise item.invalid(said("one of {known}, each once", known=", ".join(PLANS)))
        plans.append(plan)
    return TopUpPolicy(parts["enabled"].flag(), tuple(plans), parts["valid"].validity())


def _refuse_same_keys(prices: PriceList) -> None:
    seen: set[str] = set()
    for place, key in _keys(prices):
        if key in seen:
            message = said(
                "{place} is {shown}, which an entry before it has already.",
                place=place,
                shown=shown(key),
            )
            raise PriceListInvalid(message, place=place, value=key)
        seen.add(key)


def _keys(prices: PriceList) -> Iterator[tuple[str, str]]:
    for index, feature in enumerate(prices.features):
        yield f"features[{index}].key", feature.key
    for index, action in enumerate(prices.free_actions):
        yield f"free_actions[{index}].key", action.key
