"""Users and what they hold: registering, plans, balances and the ledger (rules, 1 to 3)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.calendar import Month, from_ms, instant_of
from app.domain.charges import Charge, checked_key
from app.domain.errors import (
    InvalidInstant,
)
from app.domain.found import Found
from app.domain.grants import DueAllowance, Grant, PlanChange
from app.domain.ledger import EntryKind, LedgerEntry, checked_kinds
from app.domain.proof import Proof
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import (
    MOST_ID,
    MOST_NOTE,
    Account,
    MonthlyUse,
    Note,
    User,
    UserQuery,
    UserSummary,
    checked_count,
    checked_email,
    checked_order,
    checked_plan,
    checked_text,
)
from app.services import holdings, ledgers, looking_up, meanwhile, registering, sheets, top_ups
from app.services.office import Office, ReleaseReport, Work, release
from app.services.top_ups import checked_amount
from app.storage import charges, grants, listing, search, search_index, users


class Accounts:
    """Users, their plans, balances, ledgers and notes."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # Registering and plans ----------------------------------------------------------------------

    def register(
        self,
        user_id: str,
        *,
        email: str,
        name: str,
        referral_code: str | None = None,
        referred_by: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> User:
        """Register a user: the sign-up bonus, and the reward of who invited them.

        The same registration again (with a ``key``: the same try) gives the user on record. A
        ``referred_by`` that does not qualify is kept with the reason, unpaid. Raises
        ``AlreadyRegistered`` where the id (or the referral code) is on record otherwise,
        ``InvalidValue``, ``InvalidInstant``. (rules, section 2)
        """
        new = User(
            user_id=checked_text(user_id, "user id", most=MOST_ID),
            email=checked_email(email),
            name=checked_text(name, "name", may_be_empty=True),
            plan="free",
            registered_at=from_ms(0) if at is None else instant_of(at, "registered_at"),
            referral_code=_code(referral_code, "referral code"),
            referred_by=_code(referred_by, "code of who invited them"),
        )
        with self._office.writing(Act.REGISTER) as work:
            if users.exists(work.session, new.user_id):
                known = users.user(work.session, new.user_id)
                return meanwhile.registered_before(work, known, new, at, key)
            new = replace(new, registered_at=work.instant(at, "registered_at"))
            registering.register(work, new)
            work.record(
                "register",
                ("user", new.user_id),
                after=meanwhile.with_key(
                    key, email=new.email, name=new.name, referred_by=new.referred_by
                ),
            )
            return users.user(work.session, new.user_id)

    def change_plan(
        self,
        user_id: str,
        plan: str,
        *,
        at: datetime | None = None,
        key: str | None = None,
        seen: str | None = None,
    ) -> User:
        """Let a user hold ``plan`` from ``at`` (default: now) on, and release what that adds.

        The plan already held then has no effect; nothing is ever taken back. The same ``key`` again
        changes nothing. ``seen`` is the plan the person saw: another one is ``ChangedMeanwhile``.
        Raises ``UnknownUser``, ``InvalidValue``, ``InvalidInstant``, ``IdempotencyConflict``.
        (rules, section 2)
        """
        checked_plan(plan)
        key = None if key is None else checked_key(key)
        with self._office.writing(Act.CHANGE_PLAN) as work:
            row = users.row_of(work.session, user_id)
            if key is not None and meanwhile.plan_key_on_record(work, key, row, plan, at):
                return users.user(work.session, user_id)
            meanwhile.refuse_other_plan(work, row, seen)
            moment = work.instant(at, "instant of the plan change")
            registering.change_plan(work, row, PlanChange(moment, plan), key)
            return users.user(work.session, user_id)

    def plan_preview(
        self, user_id: str, plan: str, *, at: datetime | None = None
    ) -> tuple[DueAllowance, ...]:
        """The allowances that changing to ``plan`` would release at once."""
        checked_plan(plan)
        with self._office.reading() as work:
            row = users.row_of(work.session, user_id)
            return registering.released_by(work, row, PlanChange(work.instant(at), plan))

    def top_up(self, user_id: str, credits: int, *, key: str, at: datetime | None = None) -> Grant:
        """Put bought credits on record, once for each ``key``.

        Raises ``TopUpUnavailable`` while the policy does not offer it, or not to the user's plan.
        (rules, section 2)
        """
        checked_amount(credits)
        stored_key = f"top_up:{checked_key(key)}"
        with self._office.writing(Act.TOP_UP) as work:
            moment = work.instant(at)
            return top_ups.record(work, user_id, credits, moment, key=key, stored_key=stored_key)

    def correct(
        self,
        user_id: str,
        *,
        email: str | None = None,
        name: str | None = None,
        key: str | None = None,
        seen: tuple[str, str] | None = None,
    ) -> User:
        """Correct contact data, once for each ``key``; the audit record keeps the old.

        ``seen`` are the address and name the person saw: ``ChangedMeanwhile`` if they are others.
        """
        with self._office.writing(Act.CORRECT) as work:
            row = users.row_of(work.session, user_id)
            old = users.user(work.session, user_id)
            if key is not None and meanwhile.same_try(work, user_id, "correct contact data", key):
                return old
            meanwhile.refuse_other_contact(work, old, seen)
            new_email = old.email if email is None else checked_email(email)
            new_name = old.name if name is None else checked_text(name, "name", may_be_empty=True)
            if (new_email, new_name) != (old.email, old.name):
                users.correct(work.session, row.id, new_email, new_name)
                search_index.index_user(work.session, row.id)
                work.record(
                    "correct contact data",
                    ("user", user_id),
                    before={"email": old.email, "name": old.name},
                    after=meanwhile.with_key(key, email=new_email, name=new_name),
                )
            return users.user(work.session, user_id)

    def note(self, user_id: str, text: str, *, key: str | None = None) -> Note:
        """Write a note about a user, once for each ``key``. Raises ``UnknownUser``."""
        text = checked_text(text, "note", most=MOST_NOTE)
        with self._office.writing(Act.NOTE) as work:
            row = users.row_of(work.session, user_id)
            first = None if key is None else meanwhile.same_try(work, user_id, "note", key)
            if first is not None:
                return Note(first.after["note"], user_id, first.at, first.staff, text)
            number = users.add_note(work.session, row.id, work.now, work.member.id, text)
            after = meanwhile.with_key(key, note=number, text=text)
            work.record("note", ("user", user_id), after=after)
            return Note(number, user_id, work.now, work.member.email, text)

    def release_month(self, month: Month | str | None = None) -> ReleaseReport:
        """Release the allowances of everybody, up to ``month`` (default: the running one).

        Repeating it releases nothing more. Raises ``InvalidValue`` for a month that has not begun.
        """
        month = None if month is None else Month.of(month)
        with self._office.writing(Act.RELEASE) as work:
            running = work.calendar.month_of(work.now)
            if month is not None and month > running:
                message = said(
                    "The month {month} has not begun; allowances are released when it does.",
                    month=month,
                )
                raise InvalidInstant(message, field="month", value=str(month))
            until = work.now if month in (None, running) else _last(work, month)
            report = release(work.session, work.book, work.calendar, until)
            if report.grants:
                after = {"grants": report.grants, "credits": report.credits}
                work.record("release allowances", ("month", month or running), after=after)
            return report

    # Looking up ---------------------------------------------------------------------------------

    def find(
        self, text: str, *, limit: int = 20, offset: int = 0, stop: threading.Event | None = None
    ) -> list[UserSummary]:
        """Users whose address, name, id or referral code contain ``text``, best first."""
        with self._office.reading(stop=stop) as work:
            found = search.find(
                work.session,
                checked_text(text, "search text", most=10**6, may_be_empty=True),
                checked_count(limit, "limit"),
                checked_count(offset, "offset"),
            )
            return holdings.summaries(work, found)

    def look_up(self, text: str, *, stop: threading.Event | None = None) -> tuple[Found, ...]:
        """What a ticket, a job or an idempotency key (or its beginning) belongs to: a few."""
        with self._office.reading(stop=stop) as work:
            return looking_up.look_up(work, text)

    def page(
        self, query: UserQuery, offset: int, limit: int, *, stop: threading.Event | None = None
    ) -> list[UserSummary]:
        """``limit`` users of a list from ``offset`` on, in the order that ``query`` asks for.

        Raises ``InvalidValue`` for an order there is not.
        """
        checked_order(query.order)
        with self._office.reading(stop=stop) as work:
            found = listing.page(work.session, query, holdings.present(work), offset, limit)
            return holdings.summaries(work, found)

    def place(
        self, query: UserQuery, user_id: str, *, stop: threading.Event | None = None
    ) -> int | None:
        """Where in the list of ``page`` a user stands, from 0; ``None`` where not among its first.

        Raises ``UnknownUser``, and ``InvalidValue`` as ``page`` does.
        """
        checked_order(query.order)
        with self._office.reading(stop=stop) as work:
            number = users.row_of(work.session, user_id).id
            return listing.place(work.session, query, holdings.present(work), number)

    def every(self, query: UserQuery, stop: threading.Event) -> Iterator[list[UserSummary]]:
        """All users of a list in its order, some at a time, from one snapshot; else as ``page``."""
        checked_order(query.order)
        with self._office.reading(stop=stop) as work:
            yield from holdings.every(work, query)

    def count(self, query: UserQuery | str = "", *, stop: threading.Event | None = None) -> int:
        """How many users ``page`` (for a text: ``find``) would give without a limit."""
        wanted = UserQuery(query) if isinstance(query, str) else query
        with self._office.reading(stop=stop) as work:
            return listing.count(work.session, wanted, holdings.present(work))

    def user(self, user_id: str, *, stop: threading.Event | None = None) -> User:
        """A user. Raises ``UnknownUser``."""
        with self._office.reading(stop=stop) as work:
            return users.user(work.session, user_id)

    def names(
        self, user_ids: Iterable[str], *, stop: threading.Event | None = None
    ) -> dict[str, str]:
        """What users are called, by id, in one question; who is not on record is left out."""
        with self._office.reading(stop=stop) as work:
            return users.names(work.session, user_ids)

    def account(
        self, user_id: str, *, at: datetime | None = None, stop: threading.Event | None = None
    ) -> Account:
        """What a user holds now, or held (or is expected to hold) at the instant ``at``.

        *Now* counts everything on record; a past or future ``at`` goes by when things occurred, and
        a future one includes the allowances the plan will give, marked as expected. Raises
        ``UnknownUser``, ``InvalidInstant``. (rules, section 1)
        """
        at = None if at is None else instant_of(at, "instant")
        with self._office.reading(stop=stop) as work:
            row = users.row_of(work.session, user_id)
            held = holdings.held_by(work, row, at)
            return holdings.account(work, row, held, at)

    def ledger(
        self,
        user_id: str,
        *,
        before: LedgerEntry | datetime | None = None,
        limit: int | None = 50,
        at: datetime | None = None,
        kinds: Iterable[EntryKind | str] | None = None,
        feature: str | None = None,
        month: Month | None = None,
        free: bool = False,
        stop: threading.Event | None = None,
    ) -> list[LedgerEntry]:
        """The newest ``limit`` entries of a user's ledger, newest first, with running balance.

        ``before`` is the last entry already shown (or an instant): what is older follows. ``at``
        shows the ledger as of an instant. ``kinds``, ``feature`` and ``month`` filter; ``free``
        includes free actions. ``limit=None`` gives everything. Raises ``UnknownUser``.
        """
        at = None if at is None else instant_of(at, "instant")
        chosen = None if kinds is None else checked_kinds(list(kinds))
        limit = None if limit is None else checked_count(limit, "limit")
        with self._office.reading(stop=stop) as work:
            row = users.row_of(work.session, user_id)
            shown = ledgers.Shown(chosen, feature, month, free)
            known = ledgers.told(work, row, at)
            return ledgers.ledger(work, row, known, before, limit=limit, shown=shown)

    def proof(
        self, user_id: str, *, at: datetime | None = None, stop: threading.Event | None = None
    ) -> Proof:
        """Why a balance is what it is, now or at ``at``: each kind of entry, and their sum.

        Raises ``UnknownUser``, ``InvalidInstant``. (rules, sections 2 to 4)
        """
        at = None if at is None else instant_of(at, "instant")
        with self._office.reading(stop=stop) as work:
            return ledgers.proof(work, ledgers.told(work, users.row_of(work.session, user_id), at))

    def usage(
        self,
        user_id: str,
        first: Month | str,
        last: Month | str,
        *,
        stop: threading.Event | None = None,
    ) -> tuple[MonthlyUse, ...]:
        """What a user did in each month from ``first`` to ``last``, by feature."""
        first, last = Month.of(first), Month.of(last)
        with self._office.reading(stop=stop) as work:
            row = users.row_of(work.session, user_id)
            return ledgers.usage(work, row, first.until(last))

    def paid_by(
        self, grant_id: int, *, stop: threading.Event | None = None
    ) -> list[tuple[Charge, int]]:
        """What a grant paid for, newest first: each charge, and what it took of the grant."""
        with self._office.reading(stop=stop) as work:
            grants.owner(work.session, grant_id)
            return charges.paid_by(work.session, grant_id)

    def grant(self, grant_id: int, *, stop: threading.Event | None = None) -> Grant:
        """A grant. Raises ``UnknownRecord``."""
        with self._office.reading(stop=stop) as work:
            return grants.by_id(work.session, grant_id)

    def plan_history(
        self, user_id: str, *, stop: threading.Event | None = None
    ) -> list[PlanChange]:
        """The plans of a user from the registration on, oldest first."""
        with self._office.reading(stop=stop) as work:
            return users.plan_history(work.session, users.row_of(work.session, user_id).id)

    def notes(self, user_id: str, *, stop: threading.Event | None = None) -> list[Note]:
        """The notes about a user, newest first."""
        with self._office.reading(stop=stop) as work:
            return users.notes(work.session, users.row_of(work.session, user_id))

    def referrals(self, user_id: str, *, stop: threading.Event | None = None) -> list[User]:
        """Who registered with a user's code, whether that counted or not, oldest first."""
        with self._office.reading(stop=stop) as work:
            user = users.user(work.session, user_id)
            return sheets.referrals(work, users.row_of(work.session, user_id), user)


def _last(work: Work, month: Month | None) -> datetime:
    running = month or work.calendar.month_of(work.now)
    return from_ms(work.calendar.start_ms(running.next) - 1)


def _code(value: str | None, what: str) -> str | None:
    if value is None:
        return None
    return checked_text(value, what, most=MOST_ID, may_be_empty=True) or None
