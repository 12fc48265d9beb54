"""Whether a finding is true of the record: each of its figures against the rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app import Desk
from app.domain.diagnosis import Complaint, Diagnosis, Finding
from app.domain.sentences import Said
from tests.services import counted_again as raw
from tests.services.counted_again import DAY, Facts, Row, ms

BACK = timedelta(days=45)
AHEAD = timedelta(minutes=5)


class Check:
    """One finding about one user, and the rows to hold it against."""

    def __init__(self, desk: Desk, facts: Facts, told: Complaint, finding: Finding) -> None:
        self.desk = desk
        self.facts = facts
        self.finding = finding
        self.values: dict[str, Any] = {
            name: ms(value) if isinstance(value, datetime) else value
            for name, value in finding.values.items()
        }
        self.opened = ms(told.opened_at)
        self.since = ms(told.opened_at - BACK)
        self.until = ms(told.opened_at + AHEAD)
        self.lately = max(ms(told.opened_at - timedelta(days=30)), facts.user["registered_at"])

    def same(self, **expected: object) -> None:
        told = {name: self.values.get(name) for name in expected}
        assert told == expected, f"{self.finding.code}: {self.finding.sentence}"

    def true(self, fact: object, what: str) -> None:
        assert fact, f"{self.finding.code}, {what}: {self.finding.sentence}"

    @property
    def charge(self) -> Row:
        return self.facts.charge(self.values["charge"])


def check_all(desk: Desk, user_id: str, told: Complaint, diagnosis: Diagnosis) -> None:
    """Every finding of a diagnosis, and what none of them may leave out."""
    facts = raw.facts_of(desk, user_id)
    for finding in diagnosis.findings:
        check = Check(desk, facts, told, finding)
        check.true(isinstance(finding.sentence, Said), "a sentence that can be translated")
        _evidence(check)
        _suggestion(check)
        _common(check)
        _CHECKS[finding.code](check)
    _nothing_left_out(facts, told, diagnosis)


# What holds of every finding --------------------------------------------------------------------


def _evidence(check: Check) -> None:
    facts = check.facts
    for row in check.finding.evidence:
        at = ms(row.at)
        if row.kind in {"charge", "refused_use"}:
            charge = facts.charge(row.charge_id)
            taken = 0 if charge["available"] is not None else -charge["credits"]
            check.true((charge["occurred_at"], taken) == (at, row.credits), "a charge's row")
        elif row.kind in {"grant", "release"}:
            fits = [
                g for g in facts.grants if (g["effective_at"], g["credits"]) == (at, row.credits)
            ]
            check.true(row.grant_id in {g["id"] for g in fits}, "a grant's row")
        elif row.kind == "expiry":
            fits = [
                g for g in facts.grants if (g["expires_at"], -facts.held(g)) == (at, row.credits)
            ]
            check.true(row.grant_id in {g["id"] for g in fits}, "an expiry's row")
        elif row.kind == "refund":
            (refund,) = [r for r in facts.refunds if r["charge"] == row.charge_id]
            back = refund["returned"] + refund["regranted"]
            check.true((refund["at"], back) == (at, row.credits), "a refund's row")
            check.true(back == facts.charge(row.charge_id)["credits"], "a refund is whole")


def _suggestion(check: Check) -> None:
    suggested = check.finding.suggestion
    if suggested is None or suggested.act == "decline":
        return
    charge = check.facts.charge(suggested.charge_id)
    check.true(not charge["refunded"] and charge["available"] is None, "it can be refunded")
    check.true(suggested.credits and suggested.credits <= charge["credits"], "no more than it took")
    if suggested.act == "refund":
        check.true(suggested.credits == charge["credits"], "a refund is whole")


def _common(check: Check) -> None:
    facts, values = check.facts, check.values
    if "available" in values:
        check.same(available=facts.available)
    if "next_at" in values:
        check.same(
            next_at=facts.start(facts.next_month),
            next_credits=facts.plan_credits(facts.plan, facts.next_month),
        )
    if "charge" in values:
        charge = check.charge
        check.same(
            credits=charge["credits"],
            quantity=charge["quantity"],
            charged_at=charge["occurred_at"],
        )


# Charges ----------------------------------------------------------------------------------------


def _failed(check: Check) -> None:
    failed = [c for c in check.facts.taken(check.since, check.until) if c["outcome"] == 0]
    owed = [c for c in failed if not c["refunded"]]
    check.true(check.charge in owed, "it failed and is not refunded")
    check.same(failed_jobs=len(owed), failed_credits=sum(c["credits"] for c in owed))


def _failed_refunded(check: Check) -> None:
    (refund,) = [r for r in check.facts.refunds if r["charge"] == check.charge["id"]]
    check.true(check.charge["outcome"] == 0, "it failed")
    check.same(refunded_at=refund["at"], returned=refund["returned"], regranted=refund["regranted"])


def _unmarked(check: Check) -> None:
    taken = check.facts.taken(check.since, check.until)
    check.true(all(c["outcome"] != 0 for c in taken), "none failed")
    state = {"job_succeeded": (1, 0), "outcome_unknown": (None, 0)}.get(check.finding.code)
    found = (check.charge["outcome"], check.charge["refunded"])
    check.true(found == state or (state is None and found[1]), "its state")


def _twice(check: Check) -> None:
    facts, values = check.facts, check.values
    first = facts.charge(values["first_charge"])
    job = first["job"]
    group = facts.of_job(job) if job else []
    if len(group) < 2 or group[0]["id"] != first["id"]:
        runs = facts.runs(check.since, check.until)
        (group,) = [run for run in runs if run[0]["id"] == first["id"]]
    last = group[-1]
    check.same(
        charge=last["id"],
        first_at=first["occurred_at"],
        times=len(group),
        total=sum(c["credits"] for c in group),
        seconds=raw.seconds(first, last),
    )
    check.true(len(group) > 1, "it is more than one")
    open_ = [c for c in group if not c["refunded"]]
    code = check.finding.code
    check.true((len(open_) < 2) == (code == "double_refunded"), "what is still open")
    jobs = [c["job"] for c in group]
    apart = None not in jobs and len(set(jobs)) == len(jobs)
    if len(open_) > 1:
        check.true(apart == (code == "separate_jobs"), "the jobs")
        if not apart:
            failed = [c["id"] for c in open_ if c["outcome"] == 0]
            check.same(refund_charge=failed[-1] if failed else open_[-1]["id"])


# Prices -----------------------------------------------------------------------------------------


def _price(check: Check) -> None:
    charge, facts = check.charge, check.facts
    each = charge["credits"] // charge["quantity"]
    now = facts.price(charge["feature"], facts.now)
    if check.finding.code == "price_differs":
        then = facts.price(charge["feature"], charge["occurred_at"])
        check.same(price_then=then, charged_price=each)
        check.true(then != each, "they differ")
        return
    check.same(price_then=each)
    check.true(
        each == facts.price(charge["feature"], charge["occurred_at"])
        or check.finding.code in {"price_changed", "batch_charge"},
        "the price in force then",
    )
    if check.finding.code == "batch_charge":
        check.true(charge["quantity"] > 1, "a batch")
    else:
        check.same(price_now=now)
    if check.finding.code == "price_changed":
        _price_changed(check)


def _price_changed(check: Check) -> None:
    facts, charge, values = check.facts, check.charge, check.values
    at = values["changed_at"]
    check.same(
        old_price=facts.price(charge["feature"], at - 1),
        new_price=facts.price(charge["feature"], at),
        version=facts.version_at(at)["number"],
        side="after" if charge["occurred_at"] >= at else "before",
    )
    check.true(values["old_price"] != values["new_price"], "it changed")


# Referrals --------------------------------------------------------------------------------------


def _friend(check: Check) -> None:
    facts, values = check.facts, check.values
    (friend,) = raw.rows(check.desk, "SELECT * FROM user WHERE user_id = ?", values["friend"])
    rewards = [g for g in facts.grants if g["kind"] == raw.REWARD and g["friend"] == friend["id"]]
    check.same(registered_at=friend["registered_at"], friend_code=friend["referred_by"] or "")
    own = friend["referred_by"] is not None and (
        friend["referred_by"] == facts.user["referral_code"]
    )
    code = check.finding.code
    check.true(bool(rewards) == (code == "referral_paid"), "a reward or none")
    if rewards:
        (reward,) = rewards
        usable = reward["expires_at"] > facts.now
        check.same(
            reward=reward["credits"],
            paid_at=friend["registered_at"],
            left=facts.held(reward) if usable else 0,
            expires_at=reward["expires_at"],
        )
    elif code == "friend_without_code":
        check.true(friend["referred_by"] is None, "no code")
    elif code == "friend_other_code":
        check.true(friend["referred_by"] and not own, "another code")
    elif code == "referral_self":
        check.true(friend["id"] == facts.user["id"], "oneself")
    else:
        earlier = friend["registered_at"] < facts.user["registered_at"]
        check.true(own and earlier == (code == "friend_registered_before"), "their own code")


def _nobody(check: Check) -> None:
    code = check.facts.user["referral_code"]
    used = raw.rows(check.desk, "SELECT 1 FROM user WHERE referred_by = ?", code)
    check.true(not used, "nobody used the code")
    check.true((code is None) == (check.finding.code == "no_referral_code"), "whether there is one")


def _not_registered(check: Check) -> None:
    found = raw.rows(
        check.desk, "SELECT 1 FROM user WHERE email = ?", str(check.values["friend"]).lower()
    )
    check.true(not found, "nobody has the address")


def _was_invited(check: Check) -> None:
    user = check.facts.user
    check.same(friend_code=user["referred_by"], registered_at=user["registered_at"])
    found = raw.rows(check.desk, "SELECT user_id FROM user WHERE id = ?", user["referrer"])
    check.same(referrer=found[0]["user_id"] if found else "")


# Plans ------------------------------------------------------------------------------------------


def _step(check: Check) -> tuple[int, int]:
    """The plan before and after the change that a finding names."""
    at = check.values["changed_at"]
    history = check.facts.history
    steps = [
        (before[1], after[1])
        for before, after in itertools.pairwise(history)
        if after[0] == at and before[1] != after[1]
    ]
    named = tuple(str(check.values[name]).lower() for name in ("before_plan", "plan"))
    (step,) = [s for s in steps if (raw.PLANS[s[0]], raw.PLANS[s[1]]) == named]
    return step


def _rise(check: Check) -> None:
    facts, values = check.facts, check.values
    before, after = _step(check)
    check.true(after > before, "a larger plan")
    month = facts.month(values["changed_at"])
    released = facts.of_month(month)
    gained = [
        g for g in released if g["effective_at"] == values["changed_at"] and g["plan"] == after
    ]
    check.same(
        added=sum(g["credits"] for g in gained), expires_at=facts.start((month[0], month[1] + 1))
    )
    check.true(raw.month_named(values["month"]) == month, "the month")
    check.true(bool(gained) != (check.finding.code == "upgrade_added_nothing"), "whether it added")
    if gained:
        check.same(in_all=facts.plan_credits(after, month))
        check.same(already=values["in_all"] - values["added"])
        check.true(bool(values["already"]) == (check.finding.code == "upgrade_difference"), "which")
    else:
        check.same(in_all=sum(g["credits"] for g in released))
        check.true(values["in_all"] >= facts.plan_credits(after, month), "no more was due")


def _fall(check: Check) -> None:
    before, after = _step(check)
    check.true(after < before, "a smaller plan")
    month = check.facts.month(check.values["changed_at"])
    check.same(released=sum(g["credits"] for g in check.facts.of_month(month)))


def _not_held(check: Check) -> None:
    facts = check.facts
    named = raw.PLANS.index(str(check.values["named_plan"]).lower())
    check.true(named > facts.plan, "it is not held")
    check.true(str(check.values["plan"]).lower() == raw.PLANS[facts.plan], "the plan held")
    since = check.opened - 62 * DAY
    check.true(all(plan != named for at, plan in facts.history if at >= since), "no change to it")


def _released(check: Check) -> None:
    facts = check.facts
    month = raw.month_named(check.values["month"])
    released = facts.of_month(month)
    check.same(
        released=sum(g["credits"] for g in released),
        used=sum(g["burned"] - g["returned"] for g in released),
        left=sum(facts.held(g) for g in released),
        released_at=min(g["effective_at"] for g in released),
        expires_at=facts.start((month[0], month[1] + 1)),
    )
    check.true(check.values["released"], "something was")


def _no_allowance(check: Check) -> None:
    facts = check.facts
    month = raw.month_named(check.values["month"])
    check.true(not facts.of_month(month), "nothing was released")
    number = month[0] * 100 + month[1]
    earlier = [g for g in facts.grants if g["kind"] == raw.ALLOWANCE and g["month"] < number]
    if earlier:
        last = max(earlier, key=lambda g: g["effective_at"])
        check.same(last_at=last["effective_at"], last_credits=last["credits"])
    else:
        check.same(last_at=None)


# Grants -----------------------------------------------------------------------------------------


def _expired(check: Check) -> None:
    facts, values = check.facts, check.values
    at = values["expired_at"]
    ended = [g for g in facts.grants if g["expires_at"] == at and facts.held(g)]
    if check.finding.code == "allowance_expired":
        month = raw.month_named(values["month"])
        whole = facts.of_month(month)
        ended = [g for g in ended if g in whole]
        check.true(at == facts.start((month[0], month[1] + 1)), "the month's end")
    else:
        kind = {g["kind"] for g in ended if ms_of(check) == g["effective_at"]} - {raw.ALLOWANCE}
        ended = whole = [g for g in ended if g["kind"] in kind]
    used = sum(g["burned"] - g["returned"] for g in whole)
    check.same(
        expired=sum(facts.held(g) for g in ended),
        released=sum(g["credits"] for g in whole),
        used=used,
        voided=sum(g["voided"] for g in whole),
    )
    check.true(values["expired"] and at <= facts.now, "it expired")
    check.true(values["released"] == values["expired"] + used + values["voided"], "the sum")


def ms_of(check: Check) -> int:
    return int(check.values["given_at"])


def _voided(check: Check) -> None:
    fits = [v for v in check.facts.voids if v["at"] == check.values["voided_at"]]
    found = {(v["credits"], v["given"]) for v in fits}
    check.true((check.values["voided"], check.values["given"]) in found, "the void")


def _late(check: Check) -> None:
    week = check.opened - 7 * DAY
    taken = [
        c
        for c in check.facts.charges
        if c["available"] is None
        and c["credits"]
        and c["recorded_at"] - c["occurred_at"] >= 3_600_000
        and week <= c["recorded_at"] < check.until
        and check.since <= c["occurred_at"] < check.until
    ]
    check.same(
        uses=len(taken),
        credits=sum(c["credits"] for c in taken),
        occurred_at=min(c["occurred_at"] for c in taken),
        recorded_at=max(c["recorded_at"] for c in taken),
    )


def _signup(check: Check) -> None:
    facts = check.facts
    (bonus,) = [g for g in facts.grants if g["kind"] == raw.SIGNUP]
    check.same(
        given=bonus["credits"],
        used=bonus["burned"] - bonus["returned"],
        left=facts.held(bonus) if bonus["expires_at"] > facts.now else 0,
        given_at=facts.user["registered_at"],
        expires_at=bonus["expires_at"],
    )


# Use --------------------------------------------------------------------------------------------


def _used(check: Check) -> None:
    facts, values = check.facts, check.values
    taken = facts.taken(values["since"], check.until)
    refused = facts.refused(check.lately, check.until)
    spent = sum(c["credits"] for c in facts.taken(check.lately, check.until))
    days = max(1, (check.until - check.lately) // DAY)
    check.same(
        used=sum(c["credits"] for c in taken),
        uses=sum(c["quantity"] for c in taken),
        refused=len(refused),
        average=f"{spent / days:,.1f}",
    )
    check.true(
        values["since"] in {check.lately, facts.start(facts.month(check.opened))}, "since when"
    )
    by_feature: dict[str, int] = {}
    for charge in taken:
        feature = charge["feature"]
        by_feature[feature] = by_feature.get(feature, 0) + charge["credits"]
    if by_feature:
        check.same(feature_credits=max(by_feature.values()))
    code = check.finding.code
    check.true(
        (facts.available == 0 or bool(refused)) == (code == "out_of_credits"),
        "whether they ran out",
    )
    if code == "out_of_credits" and "needed" in values:
        found = {(c["credits"], c["available"]) for c in facts.refused(check.since, check.until)}
        check.true((values["needed"], values["there_was"]) in found, "a refused use")


def _for_ticket(check: Check) -> None:
    ticket = check.values["ticket"]
    given = [g for g in check.facts.grants if g["ticket"] == ticket]
    answered = raw.rows(
        check.desk,
        "SELECT charge FROM request WHERE ticket = ? AND user = ? AND charge IS NOT NULL",
        ticket,
        check.facts.user["id"],
    )
    back = [check.facts.charge(row["charge"])["credits"] for row in answered]
    check.same(given=sum(g["credits"] for g in given), refunded=sum(back))


def _waiting(check: Check) -> None:
    found = raw.rows(
        check.desk,
        "SELECT credits, asked_at FROM approval WHERE user = ? AND approved IS NULL",
        check.facts.user["id"],
    )
    told = {"credits": check.values["credits"], "asked_at": check.values["asked_at"]}
    check.true(told in found, "the approval")


def _lately(check: Check) -> None:
    facts = check.facts
    since = facts.now - 30 * DAY
    ticket = check.values.get("ticket", "ZD-1")
    given = [
        g
        for g in facts.grants
        if g["kind"] == raw.SUPPORT and g["effective_at"] >= since and g["ticket"] != ticket
    ]
    back = [r for r in facts.refunds if r["at"] >= since]
    check.same(
        given=sum(g["credits"] for g in given),
        grants=len(given),
        refunded=sum(r["returned"] + r["regranted"] for r in back),
        refunds=len(back),
    )


def _nothing(check: Check) -> None:
    taken = check.facts.taken(check.values["since"], check.until)
    check.same(uses=len(taken), used=sum(c["credits"] for c in taken))


_CHECKS: dict[str, Callable[[Check], None]] = {
    "failed_not_refunded": _failed,
    "failed_refunded": _failed_refunded,
    **dict.fromkeys(("job_succeeded", "outcome_unknown", "job_refunded"), _unmarked),
    **dict.fromkeys(
        ("same_job_twice", "charged_within_minute", "separate_jobs", "double_refunded"), _twice
    ),
    **dict.fromkeys(("price_differs", "price_changed", "price_as_listed", "batch_charge"), _price),
    **dict.fromkeys(
        (
            *("referral_paid", "friend_without_code", "friend_other_code", "referral_refused"),
            *("friend_registered_before", "referral_self"),
        ),
        _friend,
    ),
    **dict.fromkeys(("nobody_registered", "no_referral_code"), _nobody),
    "friend_not_registered": _not_registered,
    "reward_is_the_inviters": _was_invited,
    **dict.fromkeys(("upgrade_difference", "upgrade_in_full", "upgrade_added_nothing"), _rise),
    "plan_lowered": _fall,
    "plan_not_on_record": _not_held,
    "month_released": _released,
    "no_allowance": _no_allowance,
    **dict.fromkeys(("allowance_expired", "grant_expired", "signup_expired"), _expired),
    "grant_voided": _voided,
    "recorded_late": _late,
    "signup_given": _signup,
    **dict.fromkeys(("out_of_credits", "what_used_credits", "credits_left"), _used),
    "given_for_ticket": _for_ticket,
    "approval_waiting": _waiting,
    "given_lately": _lately,
    "nothing_wrong": _nothing,
}
CODES: Any = frozenset(_CHECKS)


# What must not be left out ----------------------------------------------------------------------


def _nothing_left_out(facts: Facts, told: Complaint, diagnosis: Diagnosis) -> None:
    codes = [finding.code for finding in diagnosis.findings]
    since, until = ms(told.opened_at - BACK), ms(told.opened_at + AHEAD)
    taken = facts.taken(since, until)
    if diagnosis.category == "failed_generation":
        owed = any(c["outcome"] == 0 and not c["refunded"] for c in taken)
        assert owed == ("failed_not_refunded" in codes)
    if diagnosis.category == "charged_twice":
        runs = [run for run in facts.runs(since, until) if len(run) > 1]
        jobs = {c["job"] for c in taken if c["job"]}
        doubled = [job for job in jobs if len(facts.of_job(job)) > 1]
        double = {"same_job_twice", "charged_within_minute", "separate_jobs", "double_refunded"}
        assert bool(runs or doubled) == bool(double & set(codes))
    if diagnosis.category == "credits_vanished":
        lost = [
            g
            for g in facts.grants
            if facts.held(g) and since <= g["expires_at"] < until and g["expires_at"] <= facts.now
        ]
        told_of = {"allowance_expired", "grant_expired", "signup_expired"} & set(codes)
        assert not lost or told_of
    if diagnosis.category == "out_of_credits" and facts.available == 0:
        assert "out_of_credits" in codes
