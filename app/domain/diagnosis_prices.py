"""Findings about what a use cost: the price list in force then, and batches (section 3 and 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.calendar import from_ms, to_ms
from app.domain.diagnosis_case import Case, Found, counted, joined
from app.domain.diagnosis_charges import use_values
from app.domain.diagnosis_record import price_of
from app.domain.diagnosis_words import PRICE, TWICE
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion
from app.domain.ledger import Use
from app.domain.sentences import said

DECLINE = Suggestion(Advice.DECLINE)
FOR_PRICE = "wrong_price"
LOOKED_BACK = timedelta(days=400)
"""How long before a use a change of its price may still surprise its user."""
MOST = 2


@dataclass(frozen=True, slots=True)
class _Change:
    """A price that changed: ``version`` brought ``new`` at ``at``."""

    at: datetime
    version: int
    old: int
    new: int


def findings(case: Case) -> Iterator[Found]:
    """Whether charges follow the price list, which changes lie near them, and batches."""
    taken = sorted(case.taken, key=lambda use: (case.fits_use(use), use.occurred_at), reverse=True)
    yield from _differs(case, taken)
    named = case.reading.features
    taken = [use for use in taken if use.feature in named] if named else taken
    yield from _changed(case, taken)
    yield from _batches(case, taken)
    best = taken[0] if taken and case.asks(PRICE) else None
    if best is not None and _listed_at(case, best.feature, best.occurred_at) == price_of(best):
        yield _as_listed(case, best)


def _differs(case: Case, taken: list[Use]) -> Iterator[Found]:
    """Charges at another price than the one in force at that instant."""
    for use in [use for use in taken if not _follows_list(case, use)][:MOST]:
        listed = _listed_at(case, use.feature, use.occurred_at) or 0
        over = use.credits - listed * use.quantity
        version = case.record.book.in_force(use.occurred_at).number
        suggestion = DECLINE
        if over > 0 and not use.refunded:
            suggestion = Suggestion(Advice.GRANT, over, use.id, FOR_PRICE)
        finding = Finding(
            "price_differs",
            PRICE,
            said(
                "{charge} was made at {price:,} each by price list {number}; price list {in_force},"
                " in force at that instant, says {listed:,}.",
                charge=case.use(use),
                price=price_of(use),
                number=str(use.price_version),
                in_force=str(version),
                listed=listed,
            ),
            use_values(case, use)
            | {
                "charged_price": price_of(use),
                "price_then": listed,
                "version": version,
                "difference": over,
            },
            (_charge_row(case, use),),
            suggestion,
        )
        yield Found(finding, 6 + case.fits_use(use))


def _follows_list(case: Case, use: Use) -> bool:
    """Whether a charge has the price in force then; true of a feature not offered then."""
    book = case.record.book
    if len(book.versions) == 1 and book.versions[0].number == use.price_version:
        return True
    return _listed_at(case, use.feature, use.occurred_at) in {None, price_of(use)}


def _listed_at(case: Case, feature: str, at: datetime) -> int | None:
    book = case.record.book
    return book.credits[book.position_ms(to_ms(at))].get(feature)


def _changed(case: Case, taken: list[Use]) -> Iterator[Found]:
    """Uses whose price changed shortly before, or between them and the complaint."""
    told: set[str] = set()
    for use in taken:
        if use.feature in told or len(told) == MOST:
            continue
        told.add(use.feature)
        change = _nearest_change(case, use)
        if change is not None:
            yield _price_changed(case, use, change)


def _nearest_change(case: Case, use: Use) -> _Change | None:
    until = max(case.record.window.until, use.occurred_at)
    near = [
        change
        for change in _changes(case, use.feature)
        if use.occurred_at - LOOKED_BACK <= change.at < until
    ]
    return min(near, key=lambda change: abs(change.at - use.occurred_at), default=None)


def _changes(case: Case, feature: str) -> Iterator[_Change]:
    book, old = case.record.book, None
    for version, start, credits in zip(book.versions, book.boundaries, book.credits, strict=True):
        new = credits.get(feature)
        if old is not None and new is not None and new != old:
            yield _Change(from_ms(start), version.number, old, new)
        old = new if new is not None else old


def _price_changed(case: Case, use: Use, change: _Change) -> Found:
    after = use.occurred_at >= change.at
    price_now = _listed_at(case, use.feature, case.record.now)
    side = "after" if after else "before"
    values = use_values(case, use) | {
        "old_price": change.old,
        "new_price": change.new,
        "changed_at": change.at,
        "version": change.version,
        "price_then": price_of(use),
        "side": side,
    }
    if price_now is not None:
        values["price_now"] = price_now
    finding = Finding(
        "price_changed",
        PRICE,
        joined(_price_told(case, use, change, price_now), _when_told(case, use, after=after)),
        values,
        (
            Evidence(
                EvidenceKind.PRICE,
                change.at,
                said(
                    "Price list {number}: {feature}, {old:,} to {new:,}",
                    number=str(change.version),
                    feature=case.feature(use.feature),
                    old=change.old,
                    new=change.new,
                ),
            ),
            _charge_row(case, use),
        ),
        DECLINE,
    )
    weight = (
        2
        + case.fits_amount(use.credits, price_of(use), change.old, change.new)
        + max(case.fits_day(use.occurred_at, change.at), 0)
        + max(case.fits_feature(use.feature), 0)
    )
    return Found(finding, weight)


def _price_told(case: Case, use: Use, change: _Change, price_now: int | None) -> str:
    told = {
        "feature": case.feature(use.feature),
        "old": change.old,
        "new": counted(change.new),
        "moment": case.moment(change.at),
        "number": str(change.version),
    }
    if price_now is None:
        return said(
            "{feature} went from {old:,} to {new} on {moment} (price list {number}); it is not"
            " offered now.",
            **told,
        )
    return said(
        "{feature} went from {old:,} to {new} on {moment} (price list {number}); it costs"
        " {price:,} now.",
        price=price_now,
        **told,
    )


def _when_told(case: Case, use: Use, *, after: bool) -> str:
    """Whether a use was before or after the change, and at which price."""
    charge = case.use(use)
    if use.quantity == 1 and after:
        return said("{charge} was after the change, at that price.", charge=charge)
    if use.quantity == 1:
        return said("{charge} was before the change, at that price.", charge=charge)
    price = price_of(use)
    if after:
        return said("{charge} was after the change, at {price:,} each.", charge=charge, price=price)
    return said("{charge} was before the change, at {price:,} each.", charge=charge, price=price)


def _charge_row(case: Case, use: Use) -> Evidence:
    return case.charge_row(use, said("price list {number}", number=str(use.price_version)))


def _batches(case: Case, taken: list[Use]) -> Iterator[Found]:
    """One charge of many photos, which looks like many charges or like too high a price."""
    batches = [use for use in taken if use.quantity > 1]
    fits = {use.id: case.fits_amount(use.quantity, use.credits) for use in batches}
    asked = case.asks(PRICE) or case.asks(TWICE)
    batches = [u for u in batches if (fits[u.id] and asked) or _speaks_of_batches(case)]
    batches.sort(key=lambda use: fits[use.id] + case.fits_use(use), reverse=True)
    for use in batches[:MOST]:
        finding = Finding(
            "batch_charge",
            PRICE,
            said(
                "{charge} is one charge of quantity {quantity:,}: {quantity:,} times {price}, taken"
                " all or nothing.",
                charge=case.use(use),
                quantity=use.quantity,
                price=counted(price_of(use)),
            ),
            use_values(case, use) | {"price_then": price_of(use)},
            (case.charge_row(use, said("quantity {quantity:,}", quantity=use.quantity)),),
            DECLINE,
        )
        weight = fits[use.id] + max(case.fits_day(use.occurred_at), 0)
        weight += max(case.fits_feature(use.feature), 0)
        yield Found(finding, weight + _speaks_of_batches(case), (TWICE,))


def _speaks_of_batches(case: Case) -> int:
    words = case.complaint.message.casefold()
    return 2 if any(word in words for word in ("batch", "photos", "images", "pictures")) else 0


def _as_listed(case: Case, use: Use) -> Found:
    now = _listed_at(case, use.feature, case.record.now)
    values = use_values(case, use) | {"price_then": price_of(use), "version": use.price_version}
    told = {
        "charge": case.use(use),
        "price": price_of(use),
        "number": str(use.price_version),
    }
    if now is None:
        sentence = said(
            "{charge} was made at {price:,} each, the price in force then (price list {number});"
            " it is not offered now.",
            **told,
        )
    else:
        values["price_now"] = now
        sentence = said(
            "{charge} was made at {price:,} each, the price in force then (price list {number});"
            " it costs {now:,} now.",
            now=now,
            **told,
        )
    finding = Finding(
        "price_as_listed",
        PRICE,
        sentence,
        values,
        (_charge_row(case, use),),
        DECLINE,
    )
    return Found(finding, 1 + max(case.fits_use(use), 0))
