"""Many uses of one user in order of time: the quick form of burn-down (rules, section 3).

``burn_down`` looks at every grant for each use. Here the grants usable at the moment are kept in
burn-down order, and looked at anew only when one begins or expires.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.calendar import from_ms
from app.domain.grants import HeldChange, least_held

NEVER = 2**62


@dataclass(order=True, slots=True)
class Purse:
    """A grant that pays; it compares in burn-down order. Instants in milliseconds.

    ``rank`` is 0 for an allowance, else 1. ``returned_at`` is when a refund last gave something
    back: before that it may pay no more than the least it held since.
    """

    expires_at: int
    effective_at: int
    rank: int
    id: int
    remaining: int
    before: int
    returned_at: int = 0


class Purses:
    """The grants of one user, from which uses are paid in order of time.

    ``burns`` collects what each use took: its number, the grant, the credits. ``changes`` gives
    what else moved in those grants that refunds gave something back to.
    """

    def __init__(
        self,
        purses: Iterable[Purse],
        burns: list[tuple[int, int, int]],
        changes: Mapping[int, list[HeldChange]] | None = None,
    ) -> None:
        self.available = 0
        """What there was when the last use was refused."""
        self._burns = burns
        self._changes = changes or {}
        self._coming = sorted(purses, key=lambda purse: -purse.effective_at)
        self._usable: list[Purse] = []
        self._turn = 0

    def add(self, purse: Purse) -> None:
        """A grant that the user got in between."""
        self._coming.append(purse)
        self._coming.sort(key=lambda purse: -purse.effective_at)
        self._turn = 0

    def put_back(self, purses: Iterable[Purse]) -> None:
        """Grants to which something came back, so that they pay again."""
        known = {purse.id for purse in (*self._usable, *self._coming)}
        for purse in purses:
            if purse.id not in known:
                self.add(purse)

    def pay(self, number: int, at: int, credits: int) -> bool:
        """Let use ``number`` take ``credits`` at ``at`` (ms); false where there are too few.

        ``at`` never goes back from one call to the next.
        """
        if at >= self._turn:
            self._look(at)
        if self._usable:
            first = self._usable[0]
            if first.remaining >= credits and first.returned_at <= at:
                first.remaining -= credits
                self._burns.append((number, first.id, credits))
                return True
        return self._pay_from_several(number, at, credits)

    def _look(self, at: int) -> None:
        """Find out which grants are usable at ``at``, and until when that stays so."""
        while self._coming and self._coming[-1].effective_at <= at:
            insort(self._usable, self._coming.pop())
        self._usable = [purse for purse in self._usable if purse.expires_at > at]
        begins = self._coming[-1].effective_at if self._coming else NEVER
        ends = self._usable[0].expires_at if self._usable else NEVER
        self._turn = min(begins, ends)

    def _pay_from_several(self, number: int, at: int, credits: int) -> bool:
        self._usable = [purse for purse in self._usable if purse.remaining]
        held = [(purse, self._may_give(purse, at)) for purse in self._usable]
        available = sum(most for _, most in held)
        if available < credits:
            self.available = available
            return False
        for purse, most in held:
            taken = min(most, credits)
            if taken:
                self._take(purse, number, at, taken)
                credits -= taken
            if not credits:
                break
        return True

    def _take(self, purse: Purse, number: int, at: int, taken: int) -> None:
        purse.remaining -= taken
        self._burns.append((number, purse.id, taken))
        if purse.id in self._changes:
            self._changes[purse.id].append(HeldChange(from_ms(at), -taken))

    def _may_give(self, purse: Purse, at: int) -> int:
        if purse.returned_at <= at:
            return purse.remaining
        return least_held(purse.remaining, self._changes[purse.id], from_ms(at))
