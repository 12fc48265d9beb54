"""Credits that were bought, where the policy offers them (rules, section 2)."""

from __future__ import annotations

from datetime import datetime

from app.domain.calendar import to_ms
from app.domain.errors import IdempotencyConflict, InvalidAmount, TopUpUnavailable
from app.domain.grants import Grant, GrantKind
from app.domain.sentences import said
from app.services.office import Work
from app.storage import grants, users

MOST_TOP_UP = 1_000_000


def record(
    work: Work, user_id: str, credits: int, moment: datetime, *, key: str, stored_key: str
) -> Grant:
    """Put bought credits on record as of ``moment``, once for each ``key``.

    Raises ``TopUpUnavailable`` while the policy does not offer it, or not to the user's plan.
    """
    row = users.row_of(work.session, user_id)
    policy = work.book.policy_at(moment).top_up
    first = grants.by_key(work.session, stored_key)
    if first is not None:
        _refuse_other(first, user_id, credits, key)
        return first
    if not policy.enabled:
        message = said("Credits cannot be bought yet; nothing was changed.")
        raise TopUpUnavailable(message, user_id=user_id, credits=credits)
    plan = users.plan_held(work.session, row.id, to_ms(moment))
    if plan not in policy.plans:
        message = said(
            "Top-ups are for {plans}; “{user_id}” holds {plan}.",
            plans=", ".join(policy.plans),
            user_id=user_id,
            plan=plan,
        )
        raise TopUpUnavailable(message, user_id=user_id, plan=plan)
    work.settle(row, moment)
    new = grants.NewGrant(
        kind=GrantKind.TOP_UP,
        credits=credits,
        effective_at=to_ms(moment),
        expires_at=to_ms(work.calendar.expiry(moment, policy.valid)),
        recorded_at=work.now_ms,
        staff=work.member.id,
        key=stored_key,
    )
    number = grants.add(work.session, row.id, new, work.calendar)
    work.record("top up", ("user", user_id), after={"grant": number, "credits": credits})
    return grants.by_id(work.session, number)


def checked_amount(credits: int) -> int:
    """``credits`` as what can be bought at once; ``InvalidAmount`` that names it otherwise."""
    whole = isinstance(credits, int) and not isinstance(credits, bool)
    if not whole or not 1 <= credits <= MOST_TOP_UP:
        message = said(
            "The credits {credits} is not a whole number from 1 to {most}.",
            credits=credits,
            most=f"{MOST_TOP_UP:,}",
        )
        raise InvalidAmount(message, field="credits", value=credits)
    return credits


def _refuse_other(first: Grant, user_id: str, credits: int, key: str) -> None:
    if (first.user_id, first.credits) != (user_id, credits):
        what = said(
            "{credits} credits for {user_id}",
            credits=f"{first.credits:,}",
            user_id=first.user_id,
        )
        raise IdempotencyConflict(key, what)
