"""Writing the history of a demo: staff, price lists, then one user after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from app.domain.calendar import BillingCalendar, from_ms, to_ms
from app.domain.policy import Bonus
from app.domain.price_book import PriceBook
from app.domain.price_changes import difference
from app.domain.price_file import parse, write
from app.domain.staff import Role
from app.domain.users import PLANS, User
from app.services import counting_users, garbage
from app.services.demo import habits, people
from app.services.demo.books import Books
from app.services.demo.days import Days
from app.services.demo.heroes import AMIRA_CAME, HEROES
from app.services.demo.life import Coming, Life
from app.services.demo.lists import Edition, editions, months_before
from app.services.demo.queue import Queue
from app.services.demo.staff import DOMAIN, ROLES, Team
from app.services.founding import Founding, open_file
from app.services.registering import why_unpaid
from app.storage import building, derived, meta, prices, search_index, staff
from app.storage.engine import Session
from app.storage.grants import SYSTEM

SEED = 20_261_122
MONTHS = 24
"""So long the stories go back; a longer demo begins that much earlier."""
ADMIN = f"mira@{DOMAIN}"
USERS_BETWEEN_LOOKS = 500
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STAFF_CAME = {"leon": 2, "ana": 3, "sam": 4, "tomas": 5, "priya": 6, "quentin": 30}


def write_history(
    temporary: Path,
    path: Path,
    pricing: bytes,
    now: datetime,
    users: int,
    events: int | None,
    months: int,
    seed: int,
    progress: Callable[[float], None] | None,
) -> None:
    """Fill the file ``temporary``, then let it appear at ``path``. See ``build``."""
    published = parse(pricing)
    earlier = months - MONTHS
    versions = editions(published, earlier)
    content = write(versions[0].prices)
    founding = Founding(ADMIN, versions[0].published_at, lambda: content, sandbox=True)
    opened = open_file(temporary, founding)
    opened.database.close()
    with building.filling(temporary) as session:
        meta.write(session, "frozen_now", now.isoformat())
        numbers = _hire(session, versions[0].published_at)
        _publish(session, versions, numbers["priya@" + DOMAIN])
        book = PriceBook(prices.versions(session, now))
        books = Books(session, book, BillingCalendar(opened.zone), (versions[0].published_at, now))
        team = Team(numbers, published.policy.support)
        _record_staff(books, team, versions)
        usual = users * habits.USES_OF_A_LIFE * months / MONTHS
        keenness = 1.0 if events is None else events / usual
        came = to_ms(months_before(AMIRA_CAME, earlier))
        with garbage.not_searched():
            Population(books, team, users, seed, came, keenness, progress).live()
            books.decide()
            Queue(books, team, users, seed).write()
        books.close()
        building.count_held(session, to_ms(now))
        derived.count_days(
            session, books.calendar, derived.months_of(session, books.calendar, to_ms(now))
        )
        search_index.rebuild(session)
        counting_users.bring_up(session, books.calendar)
    building.publish(temporary, path)


def _hire(session: Session, start: datetime) -> dict[str, int]:
    numbers = {ADMIN: staff_number(session, ADMIN)}
    for name, days in _STAFF_CAME.items():
        email = f"{name}@{DOMAIN}"
        at = to_ms(start) + days * habits.HOUR
        numbers[email] = staff.add(session, email, Role(ROLES[name]), at)
    gone = f"tomas@{DOMAIN}"
    staff.change(session, numbers[gone], Role(ROLES["tomas"]), active=False)
    return numbers


def staff_number(session: Session, email: str) -> int:
    """The number of a member of staff on record."""
    found = staff.by_email(session, email)
    return 0 if found is None else found.id


def _publish(session: Session, versions: list[Edition], author: int) -> None:
    for number, edition in enumerate(versions[1:], start=1):
        prices.add_version(
            session,
            edition.prices,
            effective_at=to_ms(edition.effective_at),
            published_at=to_ms(edition.published_at),
            staff=author,
            note=edition.note,
            based_on=number,
        )


def _record_staff(books: Books, team: Team, versions: list[Edition]) -> None:
    """What staff did to staff and prices, as the services would have put it on record."""
    mira, priya = team["mira"], team["priya"]
    start = to_ms(versions[0].published_at)
    for name, hours in _STAFF_CAME.items():
        subject = ("staff", f"{name}@{DOMAIN}")
        books.act(
            start + hours * habits.HOUR, mira, "add staff", subject, after={"role": ROLES[name]}
        )
    left = to_ms(datetime.fromisoformat("2026-03-31T16:00:00Z"))
    books.act(
        *(left, mira, "change staff", ("staff", f"tomas@{DOMAIN}")),
        before={"role": ROLES["tomas"], "active": True},
        after={"role": ROLES["tomas"], "active": False},
    )
    for number, (old, new) in enumerate(itertools.pairwise(versions), start=1):
        books.act(
            *(to_ms(new.published_at), priya, "publish prices", ("price list", number + 1)),
            why=new.note,
            before={"price list": number},
            after={
                "price list": number + 1,
                "based on": number,
                "from": new.effective_at.isoformat(),
                "changes": [change.sentence for change in difference(old.prices, new.prices)],
            },
        )


@dataclass(slots=True)
class _Invitation:
    """Which code somebody gave when they registered, and who is rewarded for it (a place)."""

    code: str
    by: int | None


class Population:
    """All users: first who they are and who invited whom, then their lives one by one."""

    def __init__(
        self,
        books: Books,
        team: Team,
        users: int,
        seed: int,
        came: int,
        keenness: float,
        progress: Callable[[float], None] | None,
    ) -> None:
        self._books = books
        self._team = team
        self._seed = seed
        self._keenness = keenness
        self._progress = progress
        self._tastes = habits.Tastes(books)
        random = Random(seed)
        end = books.now - habits.DAY // 8
        heroes = [came + place * 26 * habits.HOUR for place in range(min(users, len(HEROES)))]
        others = users - len(heroes)
        self._came = heroes + habits.registrations(random, others, heroes[-1] + 1, end)
        self._invited: dict[int, _Invitation] = {}
        self._friends: dict[int, list[int]] = {}
        for place in range(users):
            self._invite(random, place)

    def _invite(self, random: Random, place: int) -> None:
        """Draw who invited the user at that place."""
        by: int | None = None
        code = ""
        if place < len(HEROES):
            by = HEROES[place].invited_by
        elif random.random() < 0.16:
            # Half invite a lot: the low places are drawn more often.
            by = int(place * random.random() ** 2)
        if by is None:
            return
        code = self._code(by)
        if place >= len(HEROES) and random.random() < 0.12:
            by, code = (place, self._code(place)) if random.random() < 0.4 else (None, "PIX-2025")
        paid = by if by != place else None
        self._invited[place] = _Invitation(code, paid)
        if paid is not None:
            self._friends.setdefault(paid, []).append(place)

    def _code(self, place: int) -> str:
        if place < len(HEROES) and (code := HEROES[place].code):
            return code
        # A multiplication that meets every number once, so that codes look drawn.
        return "PIX-" + _base32((place * 7_368_787 + 1_234_577) % 2**25, 5)

    def live(self) -> None:
        """Let everybody live, and put their rows down."""
        users = len(self._came)
        for place in range(users):
            self._live(place)
            if place % USERS_BETWEEN_LOOKS == 0:
                self._books.put_down()
                if self._progress is not None:
                    self._progress(0.95 * place / users)

    def _live(self, place: int) -> None:
        random = Random(self._seed * 1_000_003 + place)
        hero = HEROES[place] if place < len(HEROES) else None
        came, now = self._came[place], self._books.now
        if hero is None:
            history = habits.plan_story(random, came, now)
            keenness = random.lognormvariate(-0.4, 0.9)
        else:
            history = [change for change in hero.history if change[0] > came]
            keenness = hero.keenness
        user_id = self._register(
            random, place, None if hero is None else (hero.name, hero.email), history
        )
        life = Life(self._books, place + 1, user_id, history, self._bonuses(place))
        days = Days(life, random, self._tastes, self._team)
        if hero is not None and hero.story is not None:
            hero.story(days)
        if hero is None:
            days.meet_support(came)
        days.live(habits.instants(random, came, history, now, keenness * self._keenness))

    def _bonuses(self, place: int) -> list[Coming]:
        """The sign-up bonus, and a reward for each friend."""
        given: list[tuple[int, int | None]] = [(self._came[place], None)]
        given += [(self._came[friend], friend + 1) for friend in self._friends.get(place, ())]
        return [self._bonus(at, friend) for at, friend in given]

    def _bonus(self, at: int, friend: int | None) -> Coming:
        policy = self._books.book.policy_at(from_ms(at))
        bonus: Bonus = policy.signup if friend is None else policy.referral
        kind = "signup_bonus" if friend is None else "referral_reward"
        ends = to_ms(self._books.calendar.expiry(from_ms(at), bonus.valid))
        return Coming(at, kind, bonus.credits, ends, friend=friend)

    def _register(
        self,
        random: Random,
        place: int,
        known: tuple[str, str] | None,
        history: list[tuple[int, int]],
    ) -> str:
        books, at = self._books, self._came[place]
        name, email = people.somebody(random, place) if known is None else known
        invitation = self._invited.get(place)
        user = User(
            user_id=f"usr_{_base32(at, 10)}",
            email=email,
            name=name,
            plan=PLANS[history[-1][1]] if history else PLANS[0],
            registered_at=from_ms(at),
            referral_code=self._code(place),
            referred_by=None if invitation is None else invitation.code,
        )
        referrer = None if invitation is None else invitation.by
        refused = why_unpaid(user, None if referrer is None else self._came[referrer])
        plan = PLANS.index(user.plan)
        books.row(
            *("user", place + 1, user.user_id, email, name, user.referral_code, user.referred_by),
            *(None if referrer is None else referrer + 1, refused or None, at, at, plan),
            books.months.end(books.now) if plan else None,
        )
        for changed, held in history:
            # What counts from the first instant of a month is known a minute before.
            recorded = changed - habits.MINUTE if changed in books.months.starts else changed
            books.row("plan_change", place + 1, held, changed, recorded, SYSTEM)
        return user.user_id


def _base32(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, 32)
        text = _DIGITS[digit] + text
    return text
