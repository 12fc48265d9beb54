"""One made-up user's days: what is used, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from heapq import heappop, heappush
from random import Random

from app.services.demo.books import Colleague
from app.services.demo.habits import DAY, HOUR, MINUTE, Tastes, quantity
from app.services.demo.life import Life, Use
from app.services.demo.staff import GIFTS, NOTES, Team
from app.storage.grants import SYSTEM

PRODUCT = Colleague(SYSTEM, "system")
SECOND = 1000

LATE, FAILS, TWICE, SUCCEEDS = 0.004, 0.026, 0.033, 0.15
"""What may happen with a use, as the upper ends of stretches of one drawn number."""


class Days:
    """The days of one user. What is planned happens in order of time, uses and acts of staff."""

    def __init__(self, life: Life, random: Random, tastes: Tastes, team: Team) -> None:
        self.life = life
        self.random = random
        self.team = team
        self._tastes = tastes
        self._now = life.books.now
        self._planned: list[tuple[int, int, Callable[[], object]]] = []
        self._plans = 0
        self._sulks_until = 0

    def later(self, at: int, act: Callable[[], object]) -> None:
        """Plan an act; what lies in the future does not happen."""
        if at < self._now:
            self._plans += 1
            heappush(self._planned, (at, self._plans, act))

    def live(self, instants: Iterable[int]) -> None:
        """Use something at each of ``instants`` (ms, in order), and do what was planned."""
        for at in instants:
            if self._planned and self._planned[0][0] <= at:
                self._do_until(at)
            self._use(at)
        self._do_until(self._now)
        self.life.close()

    def _do_until(self, at: int) -> None:
        while self._planned and self._planned[0][0] <= at:
            heappop(self._planned)[2]()

    # Uses ---------------------------------------------------------------------------------------

    def _use(self, at: int) -> None:
        random = self.random
        chance = random.random()
        feature = self._tastes.feature(random, self.life.spell_at(at))
        if at < self._sulks_until and random.random() < 0.8:
            feature = "export_image"
        free = feature == "export_image"
        if chance < LATE and not free:
            reported = at + int(DAY * (0.2 + 4 * random.random()))
            self.later(reported, partial(self.life.use_late, at, reported, feature))
            return
        job = None if free or chance >= SUCCEEDS else f"render_{self.life.books.charge + 1:x}"
        use = self.life.use(at, feature, quantity(random, feature), job=job)
        if use is None:
            self._sulks_until = at + int(DAY * 6 * random.random())
        elif job is not None:
            self._follow(use, at, feature, job, chance)

    def _follow(self, use: Use, at: int, feature: str, job: str, chance: float) -> None:
        ended = at + int(SECOND * (9 + 80 * self.random.random()))
        if chance < FAILS:
            self.fail(use, ended)
        elif chance < TWICE:
            self._twice(at, feature, job)
        else:
            self.later(ended, partial(self.life.end, use, ended, failed=False))

    def fail(self, use: Use, at: int) -> None:
        """A job fails; mostly the product gives the credits back, sometimes staff has to."""
        self.later(at, partial(self.life.end, use, at, failed=True))
        fate = self.random.random()
        if fate < 0.6:
            back = at + int(MINUTE * (0.2 + 2 * self.random.random()))
            act = partial(self.life.refund, use, back, PRODUCT, "failed_generation", "")
            self.later(back, act)
        elif fate < 0.78:
            note = f"Job failed, ticket {self.team.ticket()}."
            self.complain(use, at, "failed_generation", note)

    def _twice(self, at: int, feature: str, job: str) -> None:
        again = at + int(SECOND * (3 + 40 * self.random.random()))

        def charge_again() -> None:
            second = self.life.use(again, feature, job=job)
            if second is not None and second.credits and self.random.random() < 0.45:
                note = f"Same job charged under two keys, ticket {self.team.ticket()}."
                self.complain(second, again, "double_charge", note)

        self.later(again, charge_again)

    def complain(self, use: Use, at: int, reason: str, note: str) -> None:
        """The user writes to support, who refund some days later."""
        solved = at + int(HOUR * (1 + 90 * self.random.random()))
        who = self.team.on_duty(self.random)
        self.later(solved, partial(self.life.refund, use, solved, who, reason, note))

    # Support ------------------------------------------------------------------------------------

    def meet_support(self, since: int) -> None:
        """Plan what support does for a user in two years: seldom anything."""
        random = self.random
        fate = random.random()
        if fate < 0.15:
            at = since + int((self._now - since) * random.random())
            self.later(at, partial(self._receive, at))
        if random.random() < 0.08:
            at = since + int((self._now - since) * random.random())
            who = self.team.on_duty(random)
            self.later(at, partial(self.life.note, at, who, random.choice(NOTES)))

    def _receive(self, at: int) -> None:
        random = self.random
        reason, note = random.choice(GIFTS)
        credits = random.choice((6, 12, 12, 24, 24, 36, 50, 100))
        who = self.team.giver(random, at, credits)
        validity = random.choice(("P1Y", "P1Y", "P90D", "P30D", "month_end"))
        number = self.life.gift(at, credits, who, reason, note, self.team.ticket(), validity)
        if random.random() < 0.1:
            undone = at + int(HOUR * 30 * random.random()) + MINUTE
            act = partial(self.life.void, number, undone, who, "Meant for another ticket.")
            self.later(undone, act)
