"""Every answer of the desk beside that of the plain model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tests.campaigns.model import Model
from tests.campaigns.records import Line, after, month_of

MEASURES = ("credits", "uses", "users", "refused", "refunded")


class Differs(AssertionError):
    """An answer of the desk that is not the one of the rules."""


def same(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise Differs(f"{what}\n  desk:  {got}\n  rules: {expected}")


def compare_user(desk: Any, model: Model, user: str, instants: Sequence[datetime | None]) -> None:
    for at in instants:
        compare_account(desk, model, user, at)
        compare_ledger(desk, model, user, at)


def compare_account(desk: Any, model: Model, user: str, at: datetime | None) -> None:
    when = f"{user} as of {at or 'now'}, clock {model.now}"
    account = desk.accounts.account(user, at=at)
    real = sorted(
        (str(g.kind), g.credits, g.remaining, g.effective_at, g.expires_at)
        for g in account.grants
        if g.remaining
    )
    plain = sorted(
        (g.kind, g.credits, held, g.effective, g.expires) for g, held in model.usable(user, at)
    )
    same(f"grants of {when}", real, plain)
    same(f"available of {when}", account.available, model.available(user, at))
    order = [(g.expires_at, g.effective_at, g.kind != "monthly_allowance") for g in account.grants]
    same(f"burn order of {when}", order, sorted(order))
    if at is None:
        same(f"plan of {when}", account.plan, max(model.users[user].changes)[2])
        found = [s.available for s in desk.accounts.find(user, limit=50) if s.user_id == user]
        same(f"available in the list, {when}", found, [account.available])


def totals(lines: Iterable[Line]) -> dict[tuple[datetime, str], int]:
    """The sum by instant and kind: a refund may stand in one line or in one for each grant."""
    found: dict[tuple[datetime, str], int] = defaultdict(int)
    for line in lines:
        found[line.at, line.kind] += line.credits
    return dict(sorted(found.items()))


def compare_ledger(desk: Any, model: Model, user: str, at: datetime | None) -> None:
    when = f"{user} as of {at or 'now'}, clock {model.now}"
    entries = desk.accounts.ledger(user, limit=100_000, at=at)
    real = totals(Line(e.at, str(e.kind), e.credits) for e in entries)
    same(f"ledger of {when}", real, totals(model.ledger(user, at)))
    same(f"order of {when}", [e.at for e in entries], sorted((e.at for e in entries), reverse=True))
    balance = 0
    for entry in reversed(entries):
        balance += entry.credits
        same(f"running balance of {when} at {entry}", entry.balance, balance)
        if balance < 0:
            raise Differs(f"the balance of {when} falls below 0: {entry}")
    same(f"last balance of {when}", balance, model.available(user, at))
    if at is None:
        compare_pages(desk, user, entries)


def compare_pages(desk: Any, user: str, entries: Sequence[Any]) -> None:
    """Page by page the ledger is the same as whole."""
    paged: list[Any] = []
    before = None
    limit = len(entries) // 4 + 2
    while True:
        page = desk.accounts.ledger(user, limit=limit, before=before)
        if not page:
            break
        paged += page
        before = page[-1]
    same(f"pages of {user}", paged, list(entries))


def compare_everything(desk: Any, model: Model) -> None:
    for by in ("feature", "plan"):
        for measure in MEASURES:
            compare_monthly(desk, model, by, measure)
    report = desk.integrity.verify()
    same("verify", (report.ok, [v.sentence for v in report.violations]), (True, []))


def compare_monthly(desk: Any, model: Model, by: str, measure: str) -> None:
    expected = model.monthly(by, measure)
    instants = [charge.at for charge in model.charges.values()]
    first = month_of(min([model.now, *instants]), model.zone)
    last = after(month_of(model.now, model.zone))
    got = desk.consumption.monthly(_name(first), _name(last), by=by, measure=measure)
    real: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for series in got.series:
        for month, value in zip(got.months, series.values, strict=True):
            if value:
                real[month.year, month.month][series.key] = value
    for month, total in zip(got.months, got.totals, strict=True):
        if measure == "users" and total:
            real[month.year, month.month]["total"] = total
        elif measure != "users":
            summed = sum(real.get((month.year, month.month), {}).values())
            same(f"total of {by} {measure} {month}", total, summed)
    same(f"{measure} by {by}", dict(sorted(real.items())), dict(sorted(expected.items())))


def _name(month: tuple[int, int]) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"
