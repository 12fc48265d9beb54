"""What a diagnosis needs of a user's record: the complaint's time and totals, not everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.calendar import MILLISECOND, to_ms
from app.domain.charges import Refund
from app.domain.diagnosis_record import FeatureTotal, Mention, Totals, Window, in_order
from app.domain.ledger import Use
from app.domain.users import can_be_kept
from app.storage import charges, users
from app.storage.engine import Session
from app.storage.uses import of_same_jobs, uses_before

MOST_USES = 300
"""How many uses of a complaint's time are read, the latest; the time is cut to them."""


def uses_in(session: Session, user: int, window: Window) -> tuple[Window, tuple[Use, ...]]:
    """The uses of a user in ``window``, and the window as far as they were read.

    Of more than ``MOST_USES`` the latest are read, and the window begins with the first of them.
    Beside those of the window stand the charges that share a job with one of them. Free actions
    are left out.
    """
    last = to_ms(window.until) - 1
    found = uses_before(session, user, last, None, MOST_USES + 1, since=to_ms(window.since))
    if len(found) > MOST_USES:
        # The instant of the last one may hold more than was read: the window begins just after it.
        since = found[-1].occurred_at + MILLISECOND
        window = Window(since, window.until)
        found = [use for use in found if use.occurred_at >= since]
    same = of_same_jobs(session, user, to_ms(window.since), last)
    return window, in_order([*found, *same])


def totals(
    session: Session, user: int, month: datetime, lately: datetime, until: datetime
) -> tuple[Totals, Totals]:
    """What a user's uses came to from ``month`` and from ``lately`` until ``until``.

    Each use is looked at once: what lies before the later of the two counts for the earlier only.
    """
    first, second = sorted((month, lately))
    before, after = _sums(session, user, first, second), _sums(session, user, second, until)
    longer, shorter = _totals(first, until, [*before, *after]), _totals(second, until, after)
    return (longer, shorter) if month <= lately else (shorter, longer)


def _sums(session: Session, user: int, since: datetime, until: datetime) -> list[Sequence[Any]]:
    """By feature: uses, credits, refused uses and refused attempts."""
    found: list[Sequence[Any]] = session.run(
        "SELECT f.key, t.uses, t.credits, t.refused, t.attempts FROM"
        " (SELECT feature, sum(iif(available IS NULL, quantity, 0)) AS uses,"
        " sum(iif(available IS NULL, credits, 0)) AS credits,"
        " sum(iif(available IS NULL, 0, quantity)) AS refused, count(available) AS attempts"
        " FROM charge WHERE user = ? AND occurred_at >= ? AND occurred_at < ? AND credits > 0"
        " GROUP BY feature) t JOIN feature f ON f.id = t.feature",
        (user, to_ms(since), to_ms(until)),
    ).fetchall()
    return found


def _totals(since: datetime, until: datetime, parts: Iterable[Sequence[Any]]) -> Totals:
    sums: dict[str, list[int]] = {}
    for feature, *part in parts:
        before = sums.get(feature, [0, 0, 0, 0])
        sums[feature] = [one + other for one, other in zip(before, part, strict=True)]
    totals = (FeatureTotal(feature, *counted) for feature, counted in sums.items())
    largest_first = sorted(totals, key=lambda total: (-total.credits, total.feature))
    return Totals(since, until, tuple(largest_first))


def refunds(
    session: Session,
    user: int,
    uses: Iterable[Use],
    since: datetime,
    charge_ids: Iterable[int] = (),
) -> tuple[Refund, ...]:
    """The refunds of these uses and charges, and of a user's all from ``since`` on, in order."""
    # Every refund gave back to a grant of the user's or made one, so their grants lead to all.
    numbers = session.run(
        'SELECT f.charge FROM "grant" g JOIN returned r ON r."grant" = g.id'
        " JOIN refund f ON f.id = r.refund WHERE g.user = ?1 AND f.at >= ?2"
        ' UNION SELECT f.charge FROM "grant" g JOIN refund f ON f.regrant = g.id'
        " WHERE g.user = ?1 AND g.kind = 5 AND f.at >= ?2",
        (user, to_ms(since)),
    ).fetchall()
    wanted = {number for (number,) in numbers} | {use.id for use in uses if use.refunded}
    wanted |= set(charge_ids)
    found = (charges.refund_of(session, number) for number in wanted)
    known = [refund for refund in found if refund is not None]
    return tuple(sorted(known, key=lambda refund: refund.id))


def mentions(session: Session, names: Iterable[str]) -> tuple[Mention, ...]:
    """Whom these addresses, ids and codes belong to, where anybody."""
    return tuple(_mention(session, name) for name in names if can_be_kept(name))


def _mention(session: Session, name: str) -> Mention:
    for spelt in dict.fromkeys((name, name.casefold())):
        number = session.value(
            "SELECT id FROM user WHERE user_id = ?1"
            " UNION ALL SELECT id FROM user WHERE email = ?1"
            " UNION ALL SELECT id FROM user WHERE referral_code = ?1 LIMIT 1",
            (spelt,),
        )
        if number is not None:
            return Mention(name, users.user_by_id(session, number))
    return Mention(name, None)


LATELY = timedelta(days=30)
"""How long before a complaint the usual use is measured, and what was given looked for."""
