"""What registering, changing plans and the turn of a month put on record (rules, section 2).

Each function works inside a transaction that a service opened; imports use them row by row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.calendar import from_ms, to_ms
from app.domain.errors import AlreadyRegistered, InvalidInstant
from app.domain.grants import DueAllowance, GrantKind, PlanChange, due_allowances, plan_at
from app.domain.policy import Bonus
from app.domain.sentences import said
from app.domain.users import OWN_CODE, User, owner_came_later, without_owner
from app.services.office import Work
from app.storage import allowances, grants, search_index, users


def register(work: Work, new: User, *, run: int | None = None) -> int:
    """Put a registration on record with its bonus and reward; the number of the user.

    ``run`` is the import it comes with, which makes all of its users findable together, afterwards.
    """
    _refuse_taken_code(work, new)
    referrer, refused = _referrer(work, new)
    new = replace(new, referral_refused=refused)
    starts = work.calendar.start_ms(work.calendar.month_of(max(work.now, new.registered_at)).next)
    number = users.add(
        work.session,
        new,
        referrer=None if referrer is None else referrer.id,
        recorded_at=work.now_ms,
        next_release_at=starts if work.pays("free") else None,
        run=run,
    )
    if work.pays("free"):
        first = work.calendar.month_of(new.registered_at)
        work.settle_since(number, "free", first, max(work.now, new.registered_at))
    if run is None:
        search_index.index_user(work.session, number)
    policy = work.book.policy_at(new.registered_at)
    if policy.signup.credits:
        _bonus(work, number, GrantKind.SIGNUP_BONUS, policy.signup, new.registered_at)
    if referrer is not None and policy.referral.credits:
        work.settle(referrer, new.registered_at)
        _bonus(
            work,
            referrer.id,
            GrantKind.REFERRAL_REWARD,
            policy.referral,
            new.registered_at,
            friend=number,
        )
    return number


def _refuse_taken_code(work: Work, new: User) -> None:
    if new.referral_code is None:
        return
    owner = users.by_code(work.session, new.referral_code)
    if owner is not None:
        message = said(
            "The referral code “{referral_code}” belongs to {user_id} already; "
            "{user_id2} was not registered.",
            referral_code=new.referral_code,
            user_id=owner.user_id,
            user_id2=new.user_id,
        )
        raise AlreadyRegistered(message, user_id=new.user_id, referral_code=new.referral_code)


def _referrer(work: Work, new: User) -> tuple[users.UserRow | None, str]:
    """Who is rewarded for a registration, or else why nobody is (rules, section 2)."""
    code = new.referred_by
    if code is None:
        return None, ""
    row = users.by_code(work.session, code)
    refused = why_unpaid(new, None if row is None else row.registered_at)
    return (None if refused else row), refused


def why_unpaid(new: User, owner_since: int | None) -> str:
    """Why a registration rewards nobody, or nothing (rules, section 2).

    ``owner_since`` is when the owner of the code registered (ms), where it has one on record.
    """
    code = new.referred_by
    if code is None:
        return ""
    if code == new.referral_code:
        return OWN_CODE
    if owner_since is None:
        return without_owner(code)
    if owner_since > to_ms(new.registered_at):
        return owner_came_later(code)
    return ""


def _bonus(
    work: Work,
    user: int,
    kind: GrantKind,
    bonus: Bonus,
    at: datetime,
    *,
    friend: int | None = None,
) -> None:
    grants.add(
        work.session,
        user,
        grants.NewGrant(
            kind=kind,
            credits=bonus.credits,
            effective_at=to_ms(at),
            expires_at=to_ms(work.calendar.expiry(at, bonus.valid)),
            recorded_at=max(work.now_ms, to_ms(at)),
            friend=friend,
        ),
        work.calendar,
    )


def released_by(work: Work, row: users.UserRow, change: PlanChange) -> tuple[DueAllowance, ...]:
    """The allowances that a plan change would release at once; nothing is changed."""
    first = work.calendar.month_of(change.at)
    until = max(work.now, change.at)
    known = allowances.released(work.session, row.id, first)
    released, given = known.credits, set(known.given)
    history = users.plan_history(work.session, row.id)
    for due in due_allowances(history, released, work.rule, first, until, given=given):
        released[due.month] = released.get(due.month, 0) + due.credits
        given.add((due.month, due.plan))
    changed = sorted([*history, change], key=lambda one: one.at)
    return tuple(due_allowances(changed, released, work.rule, first, until, given=given))


def change_plan(work: Work, row: users.UserRow, change: PlanChange, key: str | None) -> bool:
    """Put a plan change on record and release what it adds; whether it had an effect."""
    if not put_change(work, row, change, key):
        return False
    release_added(work, row.id, change.at, change.at)
    return True


def put_change(
    work: Work,
    row: users.UserRow,
    change: PlanChange,
    key: str | None = None,
    run: int | None = None,
) -> bool:
    """Put a plan change on record, without what it adds; whether it has an effect.

    ``run`` is the import it comes with.
    """
    if to_ms(change.at) < row.registered_at:
        message = said(
            "“{user_id}” registered at {registered_at}, after the plan change at {changed_at}.",
            user_id=row.user_id,
            registered_at=from_ms(row.registered_at).isoformat(),
            changed_at=change.at.isoformat(),
        )
        raise InvalidInstant(message, field="at", value=change.at)
    history = users.plan_history(work.session, row.id)
    before = plan_at(history, change.at)
    if before == change.plan:
        return False
    # Only what is due by now: at the first instant of a month to come the new plan counts.
    work.settle(row)
    users.add_plan_change(
        work.session,
        row.id,
        change,
        recorded_at=work.now_ms,
        staff=work.member.id,
        key=key,
        run=run,
    )
    work.record(
        "change plan",
        ("user", row.user_id),
        before={"plan": before},
        after={"plan": change.plan, "at": change.at.isoformat()},
    )
    return True


def release_added(work: Work, user: int, first: datetime, last: datetime) -> None:
    """Release what the plan changes of a user from ``first`` to ``last`` add by now."""
    now_held = users.row_by_id(work.session, user).plan
    month, until = work.calendar.month_of(first), max(work.now, last)
    work.settle_since(user, now_held, month, until, not_before=work.now_ms)
