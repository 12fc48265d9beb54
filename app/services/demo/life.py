"""The account of one made-up user while its two years pass (rules, sections 2 to 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from app.domain.calendar import MONTH_END, from_ms, to_ms
from app.domain.purses import NEVER, Purse, Purses
from app.services.demo.books import NO_SPELL, Books, Colleague, Spell
from app.storage.grants import KINDS, SYSTEM

_KIND = {kind.value: place for place, kind in enumerate(KINDS, start=1)}
_ALLOWANCE = _KIND["monthly_allowance"]


class Coming(NamedTuple):
    """A grant that the rules give at an instant, by themselves; they sort by instant."""

    at: int
    kind: str
    credits: int
    expires_at: int
    month: int | None = None
    plan: int | None = None
    friend: int | None = None


class Use(NamedTuple):
    """A use on record, as a refund needs it."""

    number: int
    credits: int
    feature: int
    plan: int
    taken: tuple[tuple[int, int, int], ...]


class Life:
    """One account. Nothing may be done to it at an instant before the last act.

    ``history`` holds the plan changes in order: the instant in ms and the place of the plan.
    """

    def __init__(
        self,
        books: Books,
        user: int,
        user_id: str,
        history: Sequence[tuple[int, int]],
        coming: list[Coming],
    ) -> None:
        self.books = books
        self.user = user
        self.user_id = user_id
        self.history = history
        self._coming = sorted([*coming, *self._allowances()], key=lambda grant: -grant.at)
        self._next = self._coming[-1].at if self._coming else NEVER
        self._purses = Purses((), books.burns)
        self._grants: dict[int, tuple[Purse, list[Any]]] = {}
        self._voided: set[int] = set()
        self._spell = NO_SPELL

    def _allowances(self) -> Iterator[Coming]:
        """What each month owes, as ``due_allowances`` says it, in whole numbers only."""
        if not self.history:
            return
        months, now = self.books.months, self.books.now
        for place in range(months.place(self.history[0][0]), months.place(now) + 1):
            start, end = months.starts[place], months.starts[place + 1]
            released = 0
            spells = [(start, self.plan_at(start))]
            spells += [change for change in self.history if start < change[0] < end]
            for at, plan in spells:
                credits = self.books.allowance(place, plan)
                if credits > released and at <= now:
                    owed, month = credits - released, months.numbers[place]
                    yield Coming(at, "monthly_allowance", owed, end, month, plan)
                    released = credits

    # What the rules give ------------------------------------------------------------------------

    def pass_to(self, at: int) -> None:
        """Let time pass: what the rules give until ``at`` arrives."""
        while self._next <= at:
            grant = self._coming.pop()
            extra = (grant.month, grant.plan, grant.friend, None, None, None)
            self._give(grant.kind, grant.credits, grant.at, grant.expires_at, SYSTEM, *extra)
            self._next = self._coming[-1].at if self._coming else NEVER

    def _give(
        self, kind: str, credits: int, at: int, expires_at: int, staff: int, *extra: Any
    ) -> int:
        books = self.books
        books.grant += 1
        number, place = books.grant, _KIND[kind]
        rank = 0 if place == _ALLOWANCE else 1
        purse = Purse(expires_at, at, rank, number, credits, credits)
        row = [number, self.user, place, credits, at, expires_at, at, books.charge, staff, *extra]
        self._grants[number] = (purse, row)
        self._purses.add(purse)
        return number

    def plan_at(self, at: int) -> int:
        """The place of the plan held at ``at``."""
        held = 0
        for since, plan in self.history:
            if since > at:
                break
            held = plan
        return held

    def spell_at(self, at: int) -> Spell:
        """What holds for uses at ``at``, which never goes back from one call to the next."""
        if at >= self._spell.until:
            self._spell = self._spell_of(at)
        return self._spell

    def _spell_of(self, at: int) -> Spell:
        plan, until = 0, NEVER
        for since, changed in self.history:
            if since > at:
                until = since
                break
            plan = changed
        return self.books.spell(at, plan, until)

    # Uses ---------------------------------------------------------------------------------------

    def use(
        self, at: int, feature: str, quantity: int = 1, *, job: str | None = None
    ) -> Use | None:
        """Use a feature; ``None`` where there were too few credits, or it is offered no longer."""
        if at >= self._next:
            self.pass_to(at)
        spell = self.spell_at(at)
        if feature not in spell.credits:
            return None
        credits = spell.credits[feature] * quantity
        start = len(self.books.burns)
        paid = credits == 0 or self._purses.pay(self.books.charge + 1, at, credits)
        available = None if paid else self._purses.available
        return self._record(spell, feature, quantity, credits, (at, None), available, job, start)

    def use_late(self, at: int, now: int, feature: str) -> Use | None:
        """A use that happened at ``at`` and is reported only ``now``."""
        self.pass_to(now)
        if any(purse.returned_at > at for purse, _ in self._grants.values()):
            return self.use(now, feature)
        spell = self._spell_of(at)
        start = len(self.books.burns)
        credits = spell.credits[feature]
        usable = sorted(
            purse
            for purse, _ in self._grants.values()
            if purse.effective_at <= at < purse.expires_at
        )
        available = sum(purse.remaining for purse in usable)
        if available < credits:
            return self._record(spell, feature, 1, credits, (at, now), available, None, start)
        left = credits
        for purse in usable:
            taken = min(purse.remaining, left)
            if taken:
                purse.remaining -= taken
                left -= taken
                self.books.burns.append((self.books.charge + 1, purse.id, taken))
        return self._record(spell, feature, 1, credits, (at, now), None, None, start)

    def _record(
        self,
        spell: Spell,
        key: str,
        quantity: int,
        credits: int,
        when: tuple[int, int | None],
        available: int | None,
        job: str | None,
        start: int,
    ) -> Use | None:
        books = self.books
        books.charge = number = books.charge + 1
        at, recorded = when
        feature, plan = books.features[key], spell.plan
        name = f"evt_{number:08x}"
        books.charges.append(
            (
                number,
                self.user,
                feature,
                quantity,
                credits,
                spell.version,
                plan,
                at,
                recorded,
                name,
                available,
                job,
            )
        )
        cell = spell.cells.get(feature)
        if cell is None:
            cell = spell.cells[feature] = [0, 0, 0, 0]
        if available is not None:
            cell[2] += quantity
            return None
        cell[0] += quantity
        cell[1] += credits
        return Use(number, credits, feature, plan, tuple(books.burns[start:]))

    def end(self, use: Use, at: int, *, failed: bool) -> None:
        """The product says how the job of a use ended."""
        self.books.row("outcome", use.number, int(not failed), at, at, SYSTEM)

    # Staff --------------------------------------------------------------------------------------

    def refund(self, use: Use, at: int, who: Colleague, reason: str, note: str) -> None:
        """Reverse a use, once."""
        self.pass_to(at)
        books = self.books
        back, anew = [], 0
        for _, grant, credits in use.taken:
            purse = self._grants[grant][0]
            if purse.expires_at > at and grant not in self._voided:
                back.append((purse, credits))
            else:
                anew += credits
        regrant = None
        if anew:
            ends = to_ms(books.calendar.expiry(from_ms(at), MONTH_END))
            extra = (None, None, None, reason, note, None)
            regrant = self._give("refund", anew, at, ends, who.id, *extra)
        books.refund += 1
        for purse, credits in back:
            purse.remaining += credits
            purse.returned_at = at
            books.row("returned", books.refund, purse.id, credits)
        self._purses.put_back(purse for purse, _ in back)
        books.row(
            *("refund", books.refund, use.number, at, at, books.charge, regrant),
            *(who.id, reason, note),
        )
        books.count(at, use.feature, use.plan, 3, use.credits)
        if who.id != SYSTEM:
            returned = sum(credits for _, credits in back)
            books.act(
                *(at, who, "refund", ("user", self.user_id)),
                why=reason,
                before={"charge": use.number, "credits": use.credits},
                after={"returned": returned, "regranted": anew, "note": note},
            )

    def gift(
        self,
        at: int,
        credits: int,
        who: Colleague,
        reason: str,
        note: str,
        ticket: str,
        validity: str = "P1Y",
        *,
        by: Colleague | None = None,
    ) -> int:
        """Credits from ``who``, where need be approved ``by`` somebody; the grant's number."""
        self.pass_to(at)
        expires = self.books.calendar.expiry(from_ms(at), validity)
        extra = (None, None, None, reason, note, ticket)
        number = self._give("support_credit", credits, at, to_ms(expires), who.id, *extra)
        self.books.act(
            *(at, by or who, "issue credits", ("user", self.user_id)),
            why=reason,
            after={
                "grant": number,
                "credits": credits,
                "ticket": ticket,
                "note": note,
                "expires_at": expires.isoformat(),
            },
        )
        return number

    def void(self, number: int, at: int, who: Colleague, note: str) -> None:
        """Take back what is unused of a grant, where anything is."""
        self.pass_to(at)
        purse = self._grants[number][0]
        if not purse.remaining or purse.expires_at <= at:
            return
        reason = "given_in_error"
        self._voided.add(number)
        self.books.row(
            *("void", number, purse.remaining, at, at, self.books.charge, who.id, reason, note)
        )
        self.books.act(
            *(at, who, "void", ("user", self.user_id)),
            why=reason,
            before={"grant": number, "remaining": purse.remaining},
            after={"grant": number, "remaining": 0, "note": note},
        )
        purse.remaining = 0

    def note(self, at: int, who: Colleague, text: str) -> None:
        """A note about the user."""
        self.books.note += 1
        self.books.row("note", self.books.note, self.user, at, who.id, text)
        after = {"note": self.books.note, "text": text}
        self.books.act(at, who, "note", ("user", self.user_id), after=after)

    def close(self) -> None:
        """The present has come: put down what the grants hold."""
        self.pass_to(self.books.now)
        for purse, row in self._grants.values():
            self.books.keep(purse, row)
