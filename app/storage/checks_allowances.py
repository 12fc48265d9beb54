"""Checks of what the rules give by themselves: bonuses, rewards and monthly allowances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.domain.calendar import AHEAD_OF_CLOCK, MILLISECOND, Month, to_ms
from app.domain.policy import Bonus
from app.domain.price_book import start_ms
from app.domain.prices import PriceVersion
from app.domain.sentences import said
from app.domain.users import PLANS
from app.storage.checks import Check, Ground, Rows, asking, told
from app.storage.engine import Session

_AHEAD = AHEAD_OF_CLOCK // MILLISECOND


@contextmanager
def _allowances(ground: Ground) -> Iterator[Session]:
    """The session, with each month's allowances by plan in a table of this connection alone.

    A price list published at the very first instant of a month may or may not have been counted in
    that month's releases: ``least`` and ``most`` say between what they may lie.
    """
    session = ground.session
    only = session.value("PRAGMA query_only")
    session.run("PRAGMA query_only=OFF")
    try:
        session.run(
            "CREATE TEMP TABLE allowance (plan INTEGER, start INTEGER, end INTEGER, month INTEGER,"
            " least INTEGER, most INTEGER, PRIMARY KEY (plan, start)) WITHOUT ROWID"
        )
        session.run("CREATE UNIQUE INDEX temp.allowance_month ON allowance (month, plan)")
        session.run_many("INSERT INTO temp.allowance VALUES (?, ?, ?, ?, ?, ?)", _amounts(ground))
        yield session
    finally:
        session.run("DROP TABLE IF EXISTS temp.allowance")
        session.run(f"PRAGMA query_only={only}")


def _amounts(ground: Ground) -> Iterator[tuple[int, ...]]:
    calendar = ground.calendar
    for month in ground.months:
        lists = [version.prices.policy.plans for version in _in_force(ground, month)]
        for number, plan in enumerate(PLANS):
            given = [plans.get(plan, 0) for plans in lists]
            if max(given) > 0:
                start, end = calendar.start_ms(month), calendar.start_ms(month.next)
                yield number, start, end, month.number, min(given), max(given)


def _in_force(ground: Ground, month: Month) -> list[PriceVersion]:
    """The version in force at the month's first instant; more where it was published just then."""
    start = ground.calendar.start_ms(month)
    place = ground.book.position_ms(start)
    found = [ground.book.versions[place]]
    while place > 0 and _published_just_then(ground.book.versions[place], start):
        place -= 1
        found.append(ground.book.versions[place])
    return found


def _published_just_then(version: PriceVersion, start: int) -> bool:
    return start_ms(version) == start and to_ms(version.published_at) >= start


def _too_much(ground: Ground) -> Iterator[str]:
    # A change known by a month's beginning ends what was held before it; one reported later does
    # not take back what the month had released, so the plan held until then still explains it.
    with _allowances(ground) as session:
        yield from told(
            said("user {user}, month {month}, released {released}, largest {largest}"),
            session.run(
                "SELECT u.user_id AS user, x.month, x.credits AS released, x.largest FROM ("
                " SELECT r.*, max(coalesce((SELECT max(a.most) FROM plan_change s"
                " JOIN temp.allowance a ON a.month = r.month AND a.plan = s.plan"
                " WHERE s.user = r.user AND s.at < a.end AND NOT EXISTS ("
                "  SELECT 1 FROM plan_change l WHERE l.user = s.user AND l.at >= s.at"
                "  AND (l.at, l.id) > (s.at, s.id) AND l.at <= a.start"
                "  AND l.recorded_at <= a.start - ?)), 0), coalesce((SELECT most"
                "  FROM temp.allowance WHERE month = r.month AND plan = 0), 0)) AS largest"
                ' FROM (SELECT user, month, sum(credits) AS credits FROM "grant"'
                "  WHERE kind = 3 GROUP BY user, month) r) x"
                " JOIN user u ON u.id = x.user WHERE x.credits > x.largest",
                (_AHEAD,),
            ),
        )


NOT_TOO_MUCH = Check(
    said("allowances are no more than the plan's"),
    said("No month has released more than the largest allowance of a plan held in it."),
    _too_much,
)


def _too_little(ground: Ground) -> Iterator[str]:
    with _allowances(ground) as session:
        yield from told(
            said("user {user}, month {month}, allowance {allowance}, released {released}"),
            session.run(
                "WITH held AS (SELECT user, plan, at, lead(at, 1, ?1) OVER"
                " (PARTITION BY user ORDER BY at, id) AS until FROM"
                " (SELECT user, plan, at, id FROM plan_change"
                "  UNION ALL SELECT id, 0, registered_at, 0 FROM user))"
                " SELECT * FROM (SELECT u.user_id AS user, a.month, a.least AS allowance,"
                '  (SELECT coalesce(sum(g.credits), 0) FROM "grant" g WHERE g.user = h.user'
                "   AND g.month = a.month AND g.kind = 3) AS released"
                " FROM held h JOIN user u ON u.id = h.user JOIN temp.allowance a"
                "  ON a.plan = h.plan AND a.start < h.until"
                " WHERE a.end > h.at AND a.start <= ?2"
                "  AND a.start < coalesce(u.next_release_at, ?1))"
                " WHERE released < allowance",
                (2**62, ground.now),
            ),
        )


NOT_TOO_LITTLE = Check(
    said("allowances are all released"),
    said("Every month released up to now has given the largest allowance of a plan held in it."),
    _too_little,
)


def _allowance_shapes(ground: Ground) -> Iterator[str]:
    starts = {month.number: ground.calendar.start_ms(month) for month in ground.months}
    ends = {month.number: ground.calendar.start_ms(month.next) for month in ground.months}
    rows = ground.session.run(
        "SELECT month, min(effective_at), max(effective_at), min(expires_at), max(expires_at),"
        ' count(*) FROM "grant" WHERE kind = 3 GROUP BY month'
    )
    for month, first, last, soonest, latest, count in rows:
        start, end = starts.get(month, 0), ends.get(month, 0)
        if not (start <= first and last < end and soonest == latest == end):
            yield said("month {month}, among {count} allowances", month=month, count=count)


ALLOWANCE_MONTHS = Check(
    said("allowances last their month"),
    said("An allowance is usable from within its month until that month's end."),
    _allowance_shapes,
)


def _next_releases(ground: Ground) -> Rows:
    """Who would be forgotten, or looked at in the middle of a month."""
    paying = [
        number
        for number, plan in enumerate(PLANS)
        if any(version.prices.policy.plans.get(plan, 0) > 0 for version in ground.book.versions)
    ]
    calendar = ground.calendar
    following = calendar.month_of_ms(ground.now + _AHEAD).next
    starts = ", ".join(
        str(calendar.start_ms(month)) for month in ground.months[0].previous.until(following)
    )
    query = (
        "SELECT user_id AS user, plan, next_release_at AS next_release FROM user"
        f" WHERE (next_release_at IS NULL AND plan IN ({', '.join(map(str, paying))}))"
        f" OR next_release_at NOT IN ({starts})"
    )
    words = said("user {user}, plan {plan}, next release {next_release}")
    return told(words, ground.session.run(query))


NEXT_RELEASE = Check(
    said("everybody's next release is known"),
    said("Who holds a plan with an allowance has a next release, at the first instant of a month."),
    _next_releases,
)
REWARDS_MATCH = Check(
    said("rewards match their referral"),
    said("A referral reward belongs to the friend's referrer, from the friend's registration on."),
    asking(
        said("grant {grant}, user {user}, friend {friend}"),
        'SELECT g.id AS "grant", u.user_id AS user, f.user_id AS friend FROM "grant" g'
        " JOIN user u ON u.id = g.user JOIN user f ON f.id = g.friend"
        " WHERE g.kind = 2 AND (f.referrer IS NOT g.user OR g.effective_at <> f.registered_at)",
    ),
)


def _unpaid(ground: Ground) -> Iterator[str]:
    """Where every list pays them: who has no bonus, or brought a friend and has no reward."""
    if _always_paid(version.prices.policy.signup for version in ground.versions):
        yield from told(
            said("user {user}, missing sign-up bonus"),
            ground.session.run(
                "SELECT user_id AS user FROM user u WHERE NOT EXISTS"
                ' (SELECT 1 FROM "grant" g WHERE g.user = u.id AND g.kind = 1'
                " AND g.effective_at = u.registered_at)"
            ),
        )
    if _always_paid(version.prices.policy.referral for version in ground.versions):
        yield from told(
            said("friend {friend}, missing referral reward"),
            ground.session.run(
                "SELECT user_id AS friend FROM user u WHERE u.referrer IS NOT NULL"
                ' AND NOT EXISTS (SELECT 1 FROM "grant" g WHERE g.friend = u.id AND g.kind = 2)'
            ),
        )


def _always_paid(bonuses: Iterable[Bonus]) -> bool:
    return all(bonus.credits > 0 for bonus in bonuses)


BONUSES_PAID = Check(
    said("bonuses and rewards are paid once"),
    said("Every user has the sign-up bonus, and every friend who counted paid one reward."),
    _unpaid,
)
