"""Findings about referrals: who registered, with which code, and what it paid (section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.diagnosis_case import Case, Found, counted
from app.domain.diagnosis_words import REFERRAL, SIGNUP
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.grants import Grant, GrantKind
from app.domain.sentences import said
from app.domain.users import User

DECLINE = Suggestion(Advice.DECLINE)
MOST = 4


@dataclass(frozen=True, slots=True)
class _Told:
    """What is to be said of one friend."""

    code: str
    sentence: str
    weight: int
    values: dict[str, Value]
    reward: Grant | None = None


def findings(case: Case) -> Iterator[Found]:
    """What the friends that a message names did, else those who used the user's code."""
    record = case.record
    if not case.asks(REFERRAL) and not record.friends and record.user.referred_by is None:
        return
    named = [mention for mention in case.record.mentions if mention.user != record.user]
    for mention in named:
        if mention.user is not None:
            yield _friend(case, mention.user, named=True)
        elif "@" in mention.text and mention.text.casefold() != record.user.email.casefold():
            yield _not_registered(case, mention.text)
    shown = {mention.user.user_id for mention in named if mention.user is not None}
    others = [friend for friend in record.friends if friend.user_id not in shown]
    others.sort(key=lambda f: (case.fits_day(f.registered_at), f.registered_at), reverse=True)
    for friend in others[:MOST]:
        yield _friend(case, friend, named=False)
    if not record.friends:
        yield _nobody(case)
    own = {None, record.user.referral_code}
    if record.user.referred_by not in own:
        yield _was_invited(case)


def _friend(case: Case, friend: User, *, named: bool) -> Found:
    told = _tell(case, friend)
    row = Evidence(
        EvidenceKind.FRIEND,
        friend.registered_at,
        _registered(friend),
    )
    rows = (row,) if told.reward is None else (row, case.grant_row(told.reward))
    values: dict[str, Value] = {
        "friend": friend.user_id,
        "registered_at": friend.registered_at,
        "friend_code": friend.referred_by or "",
        "own_code": case.record.user.referral_code or "",
    }
    values |= told.values
    finding = Finding(told.code, REFERRAL, told.sentence, values, rows, DECLINE)
    weight = told.weight + (5 if named else 0) + max(case.fits_day(friend.registered_at), 0)
    return Found(finding, weight + (1 if case.is_recent(friend.registered_at) else 0))


def _registered(friend: User) -> str:
    if not friend.referred_by:
        return said("{friend} registered without a code", friend=friend.user_id)
    return said(
        "{friend} registered with the code {code}",
        friend=friend.user_id,
        code=friend.referred_by,
    )


def _tell(case: Case, friend: User) -> _Told:
    user = case.record.user
    who = {"friend": friend.user_id, "moment": case.moment(friend.registered_at)}
    rewards = case.record.of_kind(GrantKind.REFERRAL_REWARD)
    reward = next((grant for grant in rewards if grant.friend == friend.user_id), None)
    if reward is not None:
        return _paid(case, friend, reward)
    if friend.referred_by is None:
        sentence = said(
            "{friend} registered on {moment} without a referral code; a referral is set at the"
            " registration and never later.",
            **who,
        )
        return _Told("friend_without_code", sentence, 2, {})
    if friend.referred_by != user.referral_code:
        sentence = said(
            "{friend} registered on {moment} with the code {code}, which is not this user's.",
            code=friend.referred_by,
            **who,
        )
        return _Told("friend_other_code", sentence, 2, {"referrer": friend.referrer_id or ""})
    return _not_counted(case, friend, who)


def _not_counted(case: Case, friend: User, who: dict[str, str]) -> _Told:
    """Why a registration with the user's own code paid nothing."""
    user = case.record.user
    if friend.user_id == user.user_id:
        sentence = said(
            "The user registered with their own code: {why}.",
            why=friend.referral_refused,
        )
        return _Told("referral_self", sentence, 2, {"refused": friend.referral_refused})
    if friend.registered_at < user.registered_at:
        sentence = said(
            "{friend} registered on {moment}, before this user registered on {own_moment}: the code"
            " did not count.",
            own_moment=case.moment(user.registered_at),
            **who,
        )
        values: dict[str, Value] = {"user_registered_at": user.registered_at}
        return _Told("friend_registered_before", sentence, 3, values)
    why = friend.referral_refused
    sentence = said(
        "{friend} registered on {moment} with this user's code, which did not count: {why}.",
        why=why,
        **who,
    )
    return _Told("referral_refused", sentence, 3, {"refused": why})


def _paid(case: Case, friend: User, reward: Grant) -> _Told:
    """A reward that was given: how much of it is left, or what became of it."""
    usable = reward.expires_at > case.record.now
    left = reward.remaining if usable else 0
    told = {
        "friend": friend.user_id,
        "credits": counted(reward.credits),
        "moment": case.moment(reward.effective_at),
        "end": case.end(reward.expires_at),
    }
    if usable:
        sentence = said(
            "The reward for {friend} is on record: {credits} from {moment}; {left:,} of them are"
            " left, valid until {end}.",
            left=left,
            **told,
        )
    else:
        sentence = said(
            "The reward for {friend} is on record: {credits} from {moment}; they were valid until"
            " {end}.",
            **told,
        )
    values: dict[str, Value] = {
        "reward": reward.credits,
        "paid_at": reward.effective_at,
        "left": left,
        "expires_at": reward.expires_at,
    }
    return _Told("referral_paid", sentence, 2, values, reward)


def _not_registered(case: Case, name: str) -> Found:
    finding = Finding(
        "friend_not_registered",
        REFERRAL,
        said(
            "Nobody of the address {address} is registered, so there is nothing to reward.",
            address=name,
        ),
        {"friend": name, "own_code": case.record.user.referral_code or ""},
        suggestion=DECLINE,
    )
    return Found(finding, 6)


def _nobody(case: Case) -> Found:
    code = case.record.user.referral_code
    if code is None:
        finding = Finding(
            "no_referral_code",
            REFERRAL,
            said(
                "This user has no referral code on record, so nobody can have registered with it."
            ),
            suggestion=DECLINE,
        )
        return Found(finding, 1)
    finding = Finding(
        "nobody_registered",
        REFERRAL,
        said("Nobody has registered with this user's code, {code}.", code=code),
        {"own_code": code},
        suggestion=DECLINE,
    )
    weight = 0 if case.record.user.referred_by else 2
    return Found(finding, weight if case.asks(REFERRAL) else 0)


def _was_invited(case: Case) -> Found:
    """The user came by somebody's code: the reward is for who invited them."""
    user = case.record.user
    told = {"moment": case.moment(user.registered_at), "code": user.referred_by}
    if user.referrer_id:
        sentence = said(
            "This user registered on {moment} with the code {code}: it rewarded {referrer}. A"
            " referral rewards who invited, not who came.",
            referrer=user.referrer_id,
            **told,
        )
    else:
        sentence = said(
            "This user registered on {moment} with the code {code}: it rewarded nobody: {why}. A"
            " referral rewards who invited, not who came.",
            why=user.referral_refused,
            **told,
        )
    finding = Finding(
        "reward_is_the_inviters",
        REFERRAL,
        sentence,
        {
            "friend_code": user.referred_by or "",
            "registered_at": user.registered_at,
            "referrer": user.referrer_id or "",
        },
        suggestion=DECLINE,
    )
    weight = 1 + max(case.fits_day(user.registered_at), 0) if case.asks(REFERRAL) else 0
    return Found(finding, weight, (SIGNUP,))
