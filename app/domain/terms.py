"""What a draft of the price list changes: what uses cost, and what was granted.

``replaying`` says what is decided here where the rules leave it open. Instants are milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.calendar import BillingCalendar, Month, from_ms, to_ms
from app.domain.grants import AllowanceRule, DueAllowance, GrantKind, PlanChange, due_allowances
from app.domain.history import Given, History, PlanChanged, Used
from app.domain.policy import Policy

_NEW_GRANT = 1 << 41
"""Numbers of grants that are not on record: after all that are."""


@dataclass(frozen=True)
class Terms:
    """What is tried: prices and policy that hold from ``start`` until ``end`` (ms).

    ``prices`` gives the credits of each feature and free action; ``None`` tries the record itself.
    ``allowances`` are those of the months in which the draft's differ from those of then.
    """

    start: int
    end: int
    calendar: BillingCalendar
    prices: Mapping[str, int] | None = None
    policy: Policy | None = None
    allowances: Mapping[Month, Mapping[str, int]] = field(default_factory=dict)

    @property
    def grants_key(self) -> object:
        """The same for all terms of these months that grant the same."""
        if self.policy is None:
            return None
        bonuses = self.policy.signup, self.policy.referral, self.policy.top_up.valid
        return bonuses, {month: dict(plans) for month, plans in self.allowances.items()}

    def hold_at(self, at: int) -> bool:
        """Whether the instant lies in the months asked about."""
        return self.start <= at < self.end

    def cost(self, use: Used) -> int | None:
        """What a use costs; ``None`` where the draft does not list its feature."""
        if self.prices is None or not self.hold_at(use.occurred_at):
            return use.credits
        price = self.prices.get(use.feature)
        return None if price is None else price * use.quantity

    def granted(self, given: Given) -> tuple[int, int]:
        """How much a grant on record is under the draft, and when it expires."""
        if self.policy is None or not self.hold_at(given.effective_at):
            return given.credits, given.expires_at
        bonus = {
            GrantKind.SIGNUP_BONUS: self.policy.signup,
            GrantKind.REFERRAL_REWARD: self.policy.referral,
        }.get(given.kind)
        if bonus is not None:
            return bonus.credits, self.expiry(given.effective_at, bonus.valid)
        if given.kind is GrantKind.TOP_UP:
            return given.credits, self.expiry(given.effective_at, self.policy.top_up.valid)
        return given.credits, given.expires_at

    def expiry(self, at: int, valid: str) -> int:
        """When something usable from ``at`` expires."""
        return to_ms(self.calendar.expiry(from_ms(at), valid))


def granted(history: History, terms: Terms) -> Iterator[Given]:
    """The grants to do again: those on record, but for what the draft releases in their place."""
    for given in history.given:
        if given.kind is GrantKind.REFUND or given.month in terms.allowances:
            continue
        yield given
    yield from _unpaid(history, terms)
    if terms.allowances:
        yield from _released(history, terms)


def _unpaid(history: History, terms: Terms) -> Iterator[Given]:
    """Bonuses that the list of then did not pay; the draft says how much they are."""
    if terms.policy is None:
        return
    at = history.registered_at
    paid = any(given.kind is GrantKind.SIGNUP_BONUS for given in history.given)
    if terms.hold_at(at) and not paid and terms.policy.signup.credits:
        yield Given(_NEW_GRANT, GrantKind.SIGNUP_BONUS, 0, at, at + 1, 0)
    for number, friend in enumerate(history.friends, start=_NEW_GRANT + 1):
        at = friend.registered_at
        if terms.hold_at(at) and terms.policy.referral.credits:
            position = _last_use(history, friend.recorded_at)
            yield Given(number, GrantKind.REFERRAL_REWARD, 0, at, at + 1, position)


def _released(history: History, terms: Terms) -> list[Given]:
    """What the months with other allowances release, as each plan change was recorded."""
    release = _Release(history, terms)
    for change in sorted(history.plans, key=lambda change: change.recorded_at):
        release.until(change.recorded_at, 0)
        release.know(change)
        told = _last_use_before(history, change)
        release.until(max(change.recorded_at, change.at), told)
    release.until(terms.end - 1, 0)
    return release.made


class _Release:
    """What months release under a draft while plan changes become known one by one."""

    def __init__(self, history: History, terms: Terms) -> None:
        self._end = terms.end - 1
        self._known = [PlanChange(from_ms(history.registered_at), "free")]
        self._first = self._open = min(terms.allowances)
        self._months = terms.allowances
        self._rule = AllowanceRule(terms.calendar, lambda month: terms.allowances.get(month, {}))
        self._credits: dict[Month, int] = {}
        self._recorded = {
            (given.month, given.plan): given for given in history.given if given.month is not None
        }
        self.made: list[Given] = []

    def know(self, change: PlanChanged) -> None:
        """A plan change is recorded."""
        at = from_ms(change.at)
        self._known.append(PlanChange(at, change.plan))
        self._known.sort(key=lambda known: known.at)
        # It may owe more in its own month and in those after it, and in none before.
        self._open = min(self._open, max(self._first, self._rule.calendar.month_of(at)))

    def until(self, at: int, position: int) -> None:
        """Release what is due by ``at``, recorded after the charge ``position``."""
        until = from_ms(min(at, self._end))
        for due in due_allowances(self._known, self._credits, self._rule, self._open, until):
            self._credits[due.month] = self._credits.get(due.month, 0) + due.credits
            self.made.append(self._grant(due, position))
        self._open = max(self._open, self._rule.calendar.month_of(until))

    def _grant(self, due: DueAllowance, position: int) -> Given:
        recorded = self._recorded.get((due.month, due.plan))
        return Given(
            _NEW_GRANT + (1 << 20) + len(self.made) if recorded is None else recorded.id,
            GrantKind.MONTHLY_ALLOWANCE,
            due.credits,
            to_ms(due.effective_at),
            to_ms(due.expires_at),
            position if recorded is None or not position else recorded.position,
            due.month,
            due.plan,
        )


def _last_use(history: History, recorded_at: int) -> int:
    """The last of the user's uses that was recorded by then."""
    return max((use.id for use in history.used if use.recorded_at <= recorded_at), default=0)


def _last_use_before(history: History, change: PlanChanged) -> int:
    """The last use recorded before a plan change: those of its millisecond tell by their plan."""
    last = 0
    for use in history.used:
        if use.recorded_at < change.recorded_at:
            last = use.id
        elif use.recorded_at == change.recorded_at:
            if use.occurred_at >= change.at and use.plan == change.plan:
                break
            last = use.id
    return last
