"""Using features: what the product asks for on every use (rules, section 3)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import instant_of, to_ms
from app.domain.charges import Burn, Charge, Outcome, burn_down, checked_key, checked_quantity
from app.domain.errors import IdempotencyConflict, InsufficientCredits, InvalidValue, UnknownRecord
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import can_be_kept, checked_text
from app.services.office import Office, Work
from app.storage import charges, grants, users


@dataclass(frozen=True, slots=True)
class _Asked:
    """A use as it was asked for; ``at`` is ``None`` where the caller gave no instant."""

    user_id: str
    feature: str
    quantity: int
    at: datetime | None
    key: str
    job: str | None


class Charging:
    """Charges and the outcomes of their jobs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def charge(
        self,
        user_id: str,
        feature: str,
        *,
        key: str,
        quantity: int = 1,
        at: datetime | None = None,
        job: str | None = None,
        outcome: str | None = None,
    ) -> Charge:
        """Charge a use, whole or not at all, at the price in force at ``at`` (default: now).

        ``key`` is the idempotency key: the same key with the same content gives the first result
        again and takes nothing. ``job`` names the job of the product, ``outcome`` how it ended
        (``succeeded`` or ``failed``), where that is known already, or once it is. Raises
        ``InsufficientCredits`` after the refused use was put on record, ``IdempotencyConflict``,
        ``UnknownUser``, ``UnknownFeature``, ``RetiredFeature``, ``InvalidAmount``,
        ``InvalidInstant``. (rules, section 3)
        """
        ended = None if outcome is None else outcome_of(outcome)
        asked = _Asked(
            user_id,
            feature,
            checked_quantity(quantity),
            None if at is None else instant_of(at, "occurred_at"),
            checked_key(key),
            None if job is None else checked_text(job, "job"),
        )
        with self._office.writing(Act.CHARGE) as work:
            recorded = charges.by_key(work.session, key)
            if recorded is None:
                recorded = self._take(work, asked, ended)
            else:
                _refuse_other_content(recorded.charge, asked)
                recorded = self._ended_since(work, recorded, ended)
        # A refused use is committed before its error is raised.
        if recorded.available is not None:
            raise InsufficientCredits(recorded.charge.credits, recorded.available)
        return recorded.charge

    def _take(self, work: Work, asked: _Asked, outcome: Outcome | None) -> charges.Recorded:
        occurred = work.instant(asked.at, "occurred_at")
        row = users.row_of(work.session, asked.user_id)
        price = work.book.price(asked.feature, occurred)
        work.settle(row, occurred)
        moment, credits = to_ms(occurred), price.credits * asked.quantity
        burns, expiries, available = _burn(work, row.id, moment, credits)
        new = charges.NewCharge(
            user=row.id,
            feature=asked.feature,
            quantity=asked.quantity,
            credits=credits,
            price_version=price.version,
            plan=users.plan_held(work.session, row.id, moment),
            occurred_at=moment,
            recorded_at=work.now_ms,
            key=asked.key,
            available=available,
            job=asked.job,
        )
        number = charges.add(work.session, new, burns, expiries, work.calendar)
        if outcome is not None:
            charges.add_outcome(
                work.session, number, outcome, moment, now=work.now_ms, staff=work.member.id
            )
        work.record("charge", ("user", asked.user_id), after={"charge": number, "credits": credits})
        charge = Charge(
            id=number,
            user_id=asked.user_id,
            feature=asked.feature,
            quantity=asked.quantity,
            credits=credits,
            price_version=price.version,
            occurred_at=occurred,
            key=asked.key,
            burns=tuple(burns),
            recorded_at=work.now,
            job=asked.job or "",
            outcome=outcome,
        )
        return charges.Recorded(charge, available, new.plan)

    def _ended_since(
        self, work: Work, recorded: charges.Recorded, outcome: Outcome | None
    ) -> charges.Recorded:
        """The charge with an outcome that is reported with its key once more."""
        number = recorded.charge.id
        if outcome is None or charges.had_outcome(work.session, number, outcome):
            return recorded
        moment = max(work.now_ms, to_ms(recorded.charge.occurred_at))
        charges.add_outcome(
            work.session, number, outcome, moment, now=work.now_ms, staff=work.member.id
        )
        work.record("report outcome", ("charge", number), after={"outcome": outcome.value})
        return charges.by_id(work.session, number)

    def report_outcome(self, key: str, outcome: str, *, at: datetime | None = None) -> Charge:
        """Put on record how the job of the charge with idempotency key ``key`` ended.

        The same outcome again changes nothing; a later, other one counts from then on. Raises
        ``UnknownRecord``, ``InvalidValue``.
        """
        ended = outcome_of(outcome)
        with self._office.writing(Act.REPORT_OUTCOME) as work:
            recorded = charges.by_key(work.session, checked_key(key))
            if recorded is None:
                raise UnknownRecord(said("charge with the key"), f"“{key}”")
            if recorded.charge.outcome is not ended:
                moment = to_ms(work.instant(at))
                number = recorded.charge.id
                charges.add_outcome(
                    work.session, number, ended, moment, now=work.now_ms, staff=work.member.id
                )
                work.record("report outcome", ("charge", number), after={"outcome": ended.value})
            return charges.by_id(work.session, recorded.charge.id).charge

    def find(self, charge: int | str, *, stop: threading.Event | None = None) -> Charge:
        """The charge of a number or an idempotency key; ``UnknownRecord`` where there is none."""
        with self._office.reading(stop=stop) as work:
            if not isinstance(charge, str):
                return charges.by_id(work.session, charge).charge
            recorded = charges.by_key(work.session, charge) if can_be_kept(charge) else None
        if recorded is None:
            raise UnknownRecord(said("charge with the key"), f"“{charge}”")
        return recorded.charge


def _burn(
    work: Work, user: int, moment: int, credits: int
) -> tuple[list[Burn], dict[int, int], int | None]:
    """The burns, when each burned grant expires (ms), and for a refused use what there was."""
    if credits == 0:
        return [], {}, None
    purses = grants.purses(work.session, user, moment)
    try:
        burns = burn_down(purses, credits, moment)
    except InsufficientCredits as refused:
        return [], {}, refused.available
    return burns, {purse.id: purse.expires_at for purse in purses}, None


def outcome_of(text: str) -> Outcome:
    """The outcome of a word; ``InvalidValue`` that names it otherwise."""
    try:
        return Outcome(text)
    except ValueError as error:
        message = said("“{given}” is not an outcome; it is succeeded or failed.", given=text)
        raise InvalidValue(message, field="outcome", value=text) from error


def _refuse_other_content(first: Charge, asked: _Asked) -> None:
    same = (first.user_id, first.feature, first.quantity) == (
        asked.user_id,
        asked.feature,
        asked.quantity,
    )
    if not same or (asked.at is not None and asked.at != first.occurred_at):
        what = said(
            "{quantity} × {feature} of {user_id} at {instant}",
            quantity=f"{first.quantity:,}",
            feature=first.feature,
            user_id=first.user_id,
            instant=first.occurred_at.isoformat(timespec="milliseconds"),
        )
        raise IdempotencyConflict(asked.key, what)
