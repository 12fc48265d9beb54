"""One user's acts done again under a draft, in the order in which they were recorded.

This is the what-if in full, for one user at a time, and it decides what the rules leave open:

- **The draft holds in the months asked about, and nowhere else.** A use that occurred in them is
  tried at the draft's price, a refused one too, for it shows what was wanted. Any other use costs
  what it cost. What was recorded before the draft made a difference is taken as it is on record.
- **Recorded order.** Uses, grants, refunds and voids come in the order in which they were recorded:
  a late use finds what the uses recorded before it have left, and takes of each grant no more than
  the least it held since (rules, section 3). What came after the months is done again, at its own
  prices, only as far as a late use of the months was recorded after it.
- **A refund** of a use that the draft refuses gives nothing back. Of a use that is paid it gives
  back what *that* payment took: to grants still usable and not voided, the rest as a new grant
  until the end of the month. A use that was refused then and is paid now is not refunded: nobody
  knows how it would have ended.
- **A void** takes what is left of its grant at that moment, be it nothing; the grant stays voided.
- **A batch** is one use of its quantity, all or nothing.
- **Grants by staff and purchases** stay as they are on record: what somebody chose was no matter of
  the list, but for how long a purchase is valid.
- **Bonuses** of registrations in the months have the draft's credits and validity, those that the
  list of then did not pay included.
- **A month's release** under other allowances is what the rules would have released had the draft
  been in force when the month began: plan changes count from when they were recorded, and what was
  released stays. Where the draft's allowances are those of then, it is what is on record.
- **A feature the draft does not list** cannot be used: such a use takes nothing, and counts as
  neither used nor refused.

Instants are milliseconds (rules, sections 2 to 4 and 6).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.calendar import from_ms
from app.domain.grants import GrantKind, HeldChange, least_held
from app.domain.history import Burned, Given, History, Refunded, Used, Voided
from app.domain.terms import Terms, granted

_NEW_REGRANT = 1 << 40
"""Refund grants that are not on record get numbers after all that are."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a use of the months fared: ``cost`` is ``None`` where it is not offered."""

    use: Used
    cost: int | None
    paid: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """The uses of the months in recorded order, and the credits that expired in them unused."""

    outcomes: tuple[Outcome, ...]
    expired: int


def replay(history: History, terms: Terms) -> Replayed:
    """Do all acts of one user again under ``terms``, in the order in which they were recorded."""
    return replay_on(opened(history, terms), terms)


@dataclass(frozen=True, slots=True)
class Opened:
    """One user where the months begin: what their grants hold, and what is still to be done."""

    user: int
    acts: tuple[_Act, ...]
    burns: dict[int, Burned]
    held: tuple[_Held, ...]
    taken: dict[int, Burned]
    altered: bool


def opened(history: History, terms: Terms) -> Opened:
    """Do what was recorded before anything of the months. It is the same for all prices."""
    acts = _needed(_in_order(history, terms), terms)
    begin = _first_of_months(acts, terms)
    again = _Again(terms, history.burns)
    for act in acts[:begin]:
        again.do(act)
    rest = acts[begin:]
    # Only what was used before the months, and recorded since, can still look back.
    since = min((_at(act) for act in rest if isinstance(act, Used)), default=terms.start)
    return again.opened(history.user, rest, min(since, terms.start))


def replay_on(start: Opened, terms: Terms) -> Replayed:
    """Do again what is still to be done; the same start serves any number of drafts of prices."""
    again = _Again(terms, start.burns)
    again.begin(start)
    for act in start.acts:
        again.do(act)
    return Replayed(tuple(again.outcomes), again.expired())


def _first_of_months(acts: list[_Act], terms: Terms) -> int:
    """The place of the first use, refund or void of the months (or after them)."""
    for place, act in enumerate(acts):
        if not isinstance(act, Given) and _at(act) >= terms.start:
            return place
    return len(acts)


# The order of the record -------------------------------------------------------------------------

_Act: TypeAlias = Given | Used | Refunded | Voided
_Place: TypeAlias = tuple[int, int, int, int, int]


def _in_order(history: History, terms: Terms) -> list[_Act]:
    """Every act in recorded order; ``position`` puts what is no use after the use before it."""
    placed: list[tuple[_Place, int, _Act]] = []
    acts: Iterable[_Act] = (
        *granted(history, terms),
        *history.used,
        *history.refunded,
        *history.voided,
    )
    for number, act in enumerate(acts):
        placed.append((_place(act, history), number, act))
    placed.sort(key=lambda one: one[:2])
    return [act for _, _, act in placed]


def _place(act: _Act, history: History) -> _Place:
    if isinstance(act, Used):
        return act.id, 0, 0, 0, 0
    if isinstance(act, Given):
        return act.position, 1, 0, 0, act.id
    if isinstance(act, Voided):
        return act.position, 2, act.recorded_at, 1, act.grant
    # What a refund gave was voided in the same moment: the refund came before the void.
    before_void = any(
        void.position == act.position and void.grant in (act.regrant, *act.returned)
        for void in history.voided
    )
    return act.position, 2, act.recorded_at, 0 if before_void else 2, act.id


def _needed(acts: list[_Act], terms: Terms) -> list[_Act]:
    """The acts up to the last that has to do with the months."""
    last = 0
    for number, act in enumerate(acts, start=1):
        if _at(act) < terms.end:
            last = number
    return acts[:last]


def _at(act: _Act) -> int:
    if isinstance(act, Used):
        return act.occurred_at
    return act.effective_at if isinstance(act, Given) else act.at


# Doing it again ----------------------------------------------------------------------------------


@dataclass(order=True, slots=True)
class _Held:
    """What a grant holds in the replay; it compares in burn-down order."""

    expires_at: int
    effective_at: int
    rank: int
    id: int
    remaining: int = field(compare=False)
    returned_at: int = field(default=0, compare=False)
    voided: bool = field(default=False, compare=False)
    moves: list[tuple[int, int]] = field(default_factory=list, compare=False)

    def usable_at(self, at: int) -> bool:
        return self.effective_at <= at < self.expires_at

    def may_give(self, at: int) -> int:
        """Without a return since, it only ever fell: what remains is the least it held."""
        if self.returned_at <= at:
            return self.remaining
        moved = [HeldChange(from_ms(when), credits) for when, credits in self.moves]
        return least_held(self.remaining, moved, from_ms(at))

    def copy(self, since: int = 0) -> _Held:
        """The same again, with what moved from ``since`` (ms) on."""
        return _Held(
            *(self.expires_at, self.effective_at, self.rank, self.id, self.remaining),
            *(self.returned_at, self.voided),
            [move for move in self.moves if move[0] >= since],
        )

    def move(self, at: int, credits: int) -> None:
        self.remaining += credits
        self.moves.append((at, credits))


class _Again:
    """One user's grants while their acts are done again."""

    def __init__(self, terms: Terms, burns: Mapping[int, Burned]) -> None:
        self._terms = terms
        self._burns = burns
        self._held: list[_Held] = []
        self._by_id: dict[int, _Held] = {}
        self._taken: dict[int, list[tuple[_Held, int]]] = {}
        self._tried = self._altered = False
        self.outcomes: list[Outcome] = []

    def opened(self, user: int, rest: list[_Act], since: int) -> Opened:
        """Where this stands, with no more of the past than acts from ``since`` (ms) on need."""
        to_refund = {act.charge for act in rest if isinstance(act, Refunded)}
        taken = {
            charge: tuple((held.id, credits) for held, credits in parts)
            for charge, parts in self._taken.items()
            if charge in to_refund
        }
        wanted = {grant for parts in taken.values() for grant, _ in parts}
        outside = (
            act
            for act in rest
            if isinstance(act, Used) and not self._terms.hold_at(act.occurred_at)
        )
        burns = {use.id: self._burns.get(use.id, ()) for use in outside}
        kept = [h for h in self._held if h.expires_at > since or h.id in wanted]
        return Opened(
            user, tuple(rest), burns, tuple(h.copy(since) for h in kept), taken, self._altered
        )

    def begin(self, start: Opened) -> None:
        """Stand where ``start`` stands."""
        self._altered = start.altered
        self._held = [held.copy() for held in start.held]
        self._by_id = {held.id: held for held in self._held}
        self._taken = {
            charge: [(self._by_id[grant], credits) for grant, credits in parts]
            for charge, parts in start.taken.items()
        }

    def do(self, act: _Act) -> None:
        """Do one act again."""
        if isinstance(act, Used):
            self._use(act)
        elif isinstance(act, Given):
            self._give(act)
        elif isinstance(act, Refunded):
            self._refund(act)
        else:
            self._void(act)

    def expired(self) -> int:
        """The credits that expired unused in the months asked about."""
        start, end = self._terms.start, self._terms.end
        return sum(held.remaining for held in self._held if start < held.expires_at <= end)

    def _give(self, given: Given) -> None:
        credits, expires_at = self._terms.granted(given)
        as_recorded = (credits, expires_at) == (given.credits, given.expires_at)
        if not as_recorded or given.month in self._terms.allowances:
            self._altered = True
        if credits:
            rank = 0 if given.kind is GrantKind.MONTHLY_ALLOWANCE else 1
            self._hold(_Held(expires_at, given.effective_at, rank, given.id, credits))

    def _hold(self, held: _Held) -> None:
        insort(self._held, held)
        self._by_id[held.id] = held

    def _use(self, use: Used) -> None:
        if self._terms.hold_at(use.occurred_at):
            self._tried = True
            cost = self._terms.cost(use)
            paid = cost is not None and self._pay(use, cost)
            self.outcomes.append(Outcome(use, cost, paid))
        elif self._tried or (self._altered and use.occurred_at >= self._terms.end):
            self._pay(use, use.credits)
        else:
            burned = ((self._by_id[grant], taken) for grant, taken in self._burns.get(use.id, ()))
            self._take(use, list(burned))

    def _pay(self, use: Used, cost: int) -> bool:
        at, left = use.occurred_at, cost
        usable = [held for held in self._held if held.remaining and held.usable_at(at)]
        offers = [(held, held.may_give(at)) for held in usable]
        if sum(most for _, most in offers) < cost:
            return False
        parts: list[tuple[_Held, int]] = []
        for held, most in offers:
            part = min(most, left)
            if part:
                parts.append((held, part))
                left -= part
        self._take(use, parts)
        return True

    def _take(self, use: Used, parts: list[tuple[_Held, int]]) -> None:
        for held, credits in parts:
            held.move(use.occurred_at, -credits)
        self._taken[use.id] = parts

    def _refund(self, refund: Refunded) -> None:
        anew = 0
        for held, credits in self._taken.pop(refund.charge, ()):
            if held.usable_at(refund.at) and not held.voided:
                held.move(refund.at, credits)
                held.returned_at = max(held.returned_at, refund.at)
            else:
                anew += credits
        if anew:
            number = refund.regrant or _NEW_REGRANT + refund.id
            end = self._terms.expiry(refund.at, "month_end")
            self._hold(_Held(end, refund.at, 1, number, anew))

    def _void(self, void: Voided) -> None:
        held = self._by_id.get(void.grant)
        if held is not None and held.usable_at(void.at):
            held.voided = True
            held.move(void.at, -held.remaining)
