"""What the right side says of an account: words and numbers, without Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from app.domain.calendar import Month
from app.domain.grants import Grant, GrantKind
from app.domain.ledger import (
    GRANT_NAMES,
    EntryKind,
    LedgerEntry,
    grant_name,
)
from app.domain.staff import Role
from app.domain.users import MonthlyUse, User
from app.ui import format as write
from app.ui.language import of, tr, trn
from app.ui.page import Phase
from app.ui.users.reading import AccountData, LedgerFilter

KIND_NAMES = {
    **{EntryKind(kind.value): of(name) for kind, name in GRANT_NAMES.items()},
    EntryKind.USE: tr("Use"),
    EntryKind.REFUSED_USE: tr("Refused use"),
    EntryKind.RETURN: tr("Returned"),
    EntryKind.VOID: tr("Void"),
    EntryKind.EXPIRY: tr("Expiry"),
}
SHORT_KINDS = {
    **KIND_NAMES,
    EntryKind.SIGNUP_BONUS: tr("Sign-up"),
    EntryKind.REFERRAL_REWARD: tr("Referral"),
    EntryKind.MONTHLY_ALLOWANCE: tr("Allowance"),
    EntryKind.SUPPORT_CREDIT: tr("Support"),
    EntryKind.REFUSED_USE: tr("Refused"),
}
PART_NAMES = {
    EntryKind.SIGNUP_BONUS: tr("Sign-up bonus"),
    EntryKind.REFERRAL_REWARD: tr("Referrals"),
    EntryKind.MONTHLY_ALLOWANCE: tr("Allowances"),
    EntryKind.SUPPORT_CREDIT: tr("Support credits"),
    EntryKind.REFUND: tr("Refunds"),
    EntryKind.TOP_UP: tr("Top-ups"),
    EntryKind.USE: tr("Used"),
    EntryKind.RETURN: tr("Returned"),
    EntryKind.VOID: tr("Voided"),
    EntryKind.EXPIRY: tr("Expired"),
}
_INKS = {
    EntryKind.SIGNUP_BONUS: "info",
    EntryKind.REFERRAL_REWARD: "success",
    EntryKind.MONTHLY_ALLOWANCE: "accent",
    EntryKind.SUPPORT_CREDIT: "warning",
    EntryKind.REFUND: "border_strong",
    EntryKind.TOP_UP: "focus",
    EntryKind.RETURN: "border_strong",
    EntryKind.USE: "text2",
    EntryKind.VOID: "danger",
    EntryKind.EXPIRY: "border_strong",
}
YEAR = timedelta(days=365)


_LONG = 24
_INSIDE = re.compile(r".+ \((.+)\)")


def short_name(name: str) -> str:
    """A feature's name where room is scarce: of a long one what stands in its parentheses."""
    match = _INSIDE.fullmatch(name) if len(name) > _LONG else None
    return match[1] if match else name


@dataclass(frozen=True)
class AccountState:
    """Whose account is shown, as of when, and how far reading it has come."""

    user_id: str = ""
    phase: Phase = "empty"
    at: datetime | None = None
    chosen: LedgerFilter = field(default_factory=LedgerFilter)
    data: AccountData | None = None
    problem: str = ""


@dataclass(frozen=True)
class Figure:
    """One card: what it is, the number, and what it means."""

    name: str
    number: str
    note: str


def figures(data: AccountData, zone: tzinfo) -> tuple[Figure, Figure, Figure, Figure]:
    """The four cards."""
    return (_balance(data, zone), _used(data), _given(data, zone), _next_release(data, zone))


def _balance(data: AccountData, zone: tzinfo) -> Figure:
    number = write.credits(data.account.available)
    soonest = next_expiry(data.account.grants)
    if soonest is None:
        return Figure(tr("Balance"), number, tr("nothing to expire"))
    when, credits = soonest
    day = write.short_day(when, zone, data.now)
    return Figure(
        tr("Balance"),
        number,
        trn(
            "{count} expires {day}, {left}",
            "{count} expire {day}, {left}",
            credits,
            day=day,
            left=write.left(when, data.account.at),
        ),
    )


def next_expiry(grants: Sequence[Grant]) -> tuple[datetime, int] | None:
    """When something expires next, and how much does then."""
    when = min((grant.expires_at for grant in grants), default=None)
    if when is None:
        return None
    return when, sum(grant.remaining for grant in grants if grant.expires_at == when)


def used_in(usage: Sequence[MonthlyUse], month: Month) -> int:
    """The credits used in a month."""
    return sum(use.credits for use in usage if use.month == month)


def _used(data: AccountData) -> Figure:
    month, before = data.month, data.month.previous
    used, earlier = used_in(data.sheet.usage, month), used_in(data.sheet.usage, before)
    name = tr("Used in {split}", split=write.month_name(month.month))
    earlier_name = write.month_name(before.month)
    if earlier:
        change = write.percent(used / earlier - 1, sign=True)
        note = tr("{change} vs {month}", change=change, month=earlier_name)
    else:
        note = tr("nothing in {earlier_name}", earlier_name=earlier_name)
    return Figure(name, write.credits(used), note)


def _given(data: AccountData, zone: tzinfo) -> Figure:
    since = data.account.at - YEAR
    given = [
        grant
        for grant in data.account.all_grants
        if grant.kind is GrantKind.SUPPORT_CREDIT and grant.effective_at > since
    ]
    credits = write.credits(sum(grant.credits - grant.voided for grant in given))
    if not given:
        return Figure(tr("Support grants, 12 months"), credits, tr("none"))
    last = write.short_day(max(grant.effective_at for grant in given), zone, data.now)
    note = tr(
        "{count} · last {last}", count=trn("{count} grant", "{count} grants", len(given)), last=last
    )
    return Figure(tr("Support grants, 12 months"), credits, note)


def _next_release(data: AccountData, zone: tzinfo) -> Figure:
    account = data.account
    if account.next_release_at is None or not account.next_release_credits:
        return Figure(
            tr("Next allowance"), write.EMPTY, tr("none on the {plan} plan", plan=account.plan)
        )
    when = account.next_release_at
    day = write.short_day(when, zone, data.now)
    return Figure(
        tr("Next allowance"),
        write.signed(account.next_release_credits),
        tr("on {day}, {when}", day=day, when=write.left(when, account.at)),
    )


@dataclass(frozen=True)
class Piece:
    """A part of a bar: its key, weight, colour, the words of its legend and of its tooltip."""

    key: str
    weight: int
    ink: str
    words: str
    amount: str
    tip: str
    faint: bool = False


def burn_pieces(data: AccountData, zone: tzinfo) -> tuple[Piece, ...]:
    """The grants that make up the balance, in the order in which they will be used."""
    return tuple(_burn_piece(grant, data, zone) for grant in data.account.grants)


def _burn_piece(grant: Grant, data: AccountData, zone: tzinfo) -> Piece:
    until = write.short_day(grant.expires_at, zone, data.now)
    left = write.left(grant.expires_at, data.account.at)
    name, legend = of(grant_name(grant)), _legend_name(grant)
    if grant.expected:
        name, legend = (tr("{grant}, expected", grant=one) for one in (name, legend))
    return Piece(
        key=str(grant.id),
        weight=grant.remaining,
        ink=_INKS[EntryKind(grant.kind.value)],
        words=legend,
        amount=write.credits(grant.remaining),
        tip=(
            tr(
                "{name}\n{remaining} of {credits} left\nexpires {until}, {left}",
                name=name,
                remaining=write.credits(grant.remaining),
                credits=trn("{count} credit", "{count} credits", grant.credits),
                until=until,
                left=left,
            )
        ),
        faint=grant.expected,
    )


def _legend_name(grant: Grant) -> str:
    """What a grant is called beside others: whose registration it was paid for is in the tip."""
    known = grant.kind is GrantKind.REFERRAL_REWARD
    return of(GRANT_NAMES[grant.kind] if known else grant_name(grant))


def short_grant_name(grant: Grant) -> str:
    """What a grant is called where its month, or whose registration, stands elsewhere."""
    if grant.kind is GrantKind.MONTHLY_ALLOWANCE:
        return tr("{plan} allowance", plan=grant.plan.capitalize())
    return of(GRANT_NAMES[grant.kind])


def proof_pieces(data: AccountData, *, gained: bool) -> tuple[Piece, ...]:
    """What came in (or went out), one piece a kind."""
    parts = [part for part in data.proof.parts if (part.credits > 0) is gained]
    return tuple(
        Piece(
            key=part.kind.value,
            weight=abs(part.credits),
            ink=_INKS[part.kind],
            words=PART_NAMES[part.kind],
            amount=write.signed(part.credits),
            tip=(
                tr(
                    "{part} {credits}\n{entries}; click to see them",
                    part=PART_NAMES[part.kind],
                    credits=write.signed(part.credits),
                    entries=trn("{count} entry", "{count} entries", part.entries),
                )
            ),
        )
        for part in parts
    )


def proof_sentence(data: AccountData) -> str:
    """The sum in one line: 5,770 in − 4,486 out = 1,284 · ledger agrees."""
    proof = data.proof
    gained, lost, balance = map(write.credits, (proof.gained, proof.lost, proof.balance))
    verdict = tr("ledger agrees") if proof.agrees else tr("the ledger does not agree")
    return tr(
        "{gained} in {minus} {lost} out = {balance} · {verdict}",
        gained=gained,
        minus=write.MINUS,
        lost=lost,
        balance=balance,
        verdict=verdict,
    )


def entry_count(data: AccountData) -> str:
    """How many entries there are, as far as it is known."""
    chosen = data.chosen
    if not chosen.active:
        return trn(
            "{count} entry", "{count} entries", sum(part.entries for part in data.proof.parts)
        )
    if chosen.kinds and not (chosen.feature or chosen.month or chosen.free):
        parts = data.proof.parts
        number = sum(part.entries for part in parts if part.kind in chosen.kinds)
        if EntryKind.REFUSED_USE not in chosen.kinds:
            return trn("{count} entry", "{count} entries", number)
    shown = len(data.entries.rows)
    return (
        tr("{shown}+ entries", shown=write.credits(shown)) if data.entries.more else _entries(shown)
    )


def _entries(number: int) -> str:
    return trn("{count} entry", "{count} entries", number)


def filter_words(chosen: LedgerFilter, names: dict[str, str]) -> str:
    """The ledger's filters in force, in words."""
    words = [KIND_NAMES[kind] for kind in EntryKind if kind in chosen.kinds]
    if chosen.feature:
        words.append(names.get(chosen.feature, chosen.feature))
    if chosen.month:
        words.append(write.month(chosen.month.year, chosen.month.month))
    if chosen.free:
        words.append(tr("with free actions"))
    return ", ".join(words)


def entry_marks(entry: LedgerEntry) -> list[str]:
    """What is special about an entry."""
    return [
        word
        for word, holds in (
            (tr("failed"), entry.outcome == "failed"),
            (tr("refunded"), entry.refunded),
            (tr("late"), entry.late),
            (tr("expected"), entry.expected),
        )
        if holds
    ]


def entry_chip(entry: LedgerEntry) -> tuple[str, str] | None:
    """The chip of an entry: its marks, red where a failed job was not refunded."""
    words = entry_marks(entry)
    if entry.refunded and tr("failed") in words:
        words.remove(tr("failed"))  # that it was refunded says what matters; the tooltip has both
    if not words:
        return None
    if entry.outcome == "failed" and not entry.refunded:
        return " · ".join(words), "danger"
    return " · ".join(words), "info" if entry.expected else "neutral"


def entry_detail(entry: LedgerEntry) -> str:
    """The detail column: what was used or given, why, what a refused use would have needed."""
    text = write.text(of(entry.text))
    if entry.kind in {EntryKind.USE, EntryKind.REFUSED_USE}:
        name, times, quantity = text.partition(" × ")
        text = f"{short_name(name)}{times}{quantity}"
    if entry.kind is EntryKind.REFUSED_USE:
        return tr("{detail} · needed {needed}", detail=text, needed=write.credits(entry.needed))
    if entry.kind is EntryKind.SUPPORT_CREDIT:
        return write.text(entry.note or entry.reason)
    if entry.kind in {EntryKind.VOID, EntryKind.RETURN} and entry.note:
        return f"{text}: {write.name(entry.note)}"
    return text


def outcome_words(outcome: str | None) -> str:
    """How a job ended, in a word; empty where nobody reported it."""
    return {"failed": tr("failed"), "succeeded": tr("succeeded")}.get(outcome or "", outcome or "")


def by_whom(staff: str) -> str:
    """Who did something: a member of staff by address, or the product itself."""
    return tr("system") if staff == Role.SYSTEM else staff


def can_refund(entry: LedgerEntry | None) -> bool:
    """Whether an entry is a charge that took something and was not refunded."""
    return (
        entry is not None
        and entry.kind is EntryKind.USE
        and entry.credits < 0
        and not entry.refunded
    )


def can_void(grant: Grant | None, now: datetime) -> bool:
    """Whether something of a grant can still be taken back."""
    return grant is not None and grant.id > 0 and grant.remaining > 0 and grant.expires_at > now


def referral_outcome(friend: User, inviter: User, paid: dict[str, Grant]) -> tuple[str, str]:
    """What an invitation paid, and the tone of saying so."""
    grant = paid.get(friend.user_id)
    if grant is not None:
        return tr("paid {credits}", credits=write.credits(grant.credits)), "success"
    if friend.referral_refused:
        return write.text(of(friend.referral_refused)), "warning"
    if friend.referrer_id == inviter.user_id:
        return tr("no reward in the price list then"), "neutral"
    return tr("the code did not count"), "warning"


def plan_words(data: AccountData, zone: tzinfo) -> str:
    """The plan and since when: Pro since 3 Mar 2025."""
    user = data.user
    since = user.plan_since or user.registered_at
    if data.at is not None:
        changes = [change.at for change in data.sheet.history if change.at <= data.at]
        since = changes[-1] if changes else user.registered_at
    return tr("{plan} since {day}", plan=data.account.plan.capitalize(), day=write.day(since, zone))
