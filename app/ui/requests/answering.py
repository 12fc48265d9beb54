"""Writing the answer to a request: what a finding suggests, or one of one's own; then the next."""

from __future__ import annotations

import uuid
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from app.domain.errors import (
    AlreadyClaimed,
    AlreadyRefunded,
    AlreadyResolved,
    ApprovalRequired,
    ChangedMeanwhile,
    InvalidValue,
    NothingToRefund,
)
from app.domain.grants import Grant
from app.domain.ledger import LedgerEntry
from app.domain.requests import Answer, Request, Resolution, Seen
from app.ui import format as write
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.request_words import who as who_asks
from app.ui.requests import case_state as cases
from app.ui.requests.reading import Case, Draft, Outlook, read_charges

if TYPE_CHECKING:
    from app.ui.requests.acts import Acts
    from app.ui.requests.page import RequestsPage

ANSWERED = frozenset({"requests", "activity", "accounts", "support"})
"""What an answer changes."""
OTHERS_FIRST = (AlreadyClaimed, AlreadyResolved, AlreadyRefunded, ChangedMeanwhile)
UNDONE = "given_in_error"
WAITS = "wait"
"""The act of a reply that says that a colleague decides."""


class Answering:
    """The answer that is being written on the sheet of a page."""

    def __init__(self, page: RequestsPage, acts: Acts) -> None:
        self._page = page
        self._acts = acts
        self._frame = page.frame
        self._outlook = Latest(page.frame.background, owner=page)
        self._charges = Latest(page.frame.background, owner=page)
        self._key = ""
        self._soon = False

    # Writing an answer

    def take(self, number: int) -> None:
        """Write the answer that the finding of that number suggests; what waits is decided."""
        here = self._page.shown.here
        if here is not None and here.request.waiting:
            self._acts.decide()
            return
        case = self._acts.answerable()
        if case is None:
            return
        finding = cases.to_take(case.diagnosis.findings, number)
        if finding is None:
            self._frame.say(tr("There is no finding {number}.", number=number))
            return
        standing = self._page.standing
        if cases.wants_match(finding):
            self._acts.match()
        elif standing is not None:
            self._write(case, cases.draft_of(finding, standing.policy))

    def grant(self) -> None:
        """Write an answer that grants an amount of one's own."""
        self._own(Answer.GRANT)

    def refund(self) -> None:
        """Write an answer that refunds a charge to choose."""
        self._own(Answer.REFUND)

    def decline(self) -> None:
        """Write an answer that gives nothing and says why."""
        self._own(Answer.DECLINE)

    def _own(self, answer: Answer) -> None:
        case, standing = self._acts.answerable(), self._page.standing
        if case is None or standing is None:
            return
        if case.account is None and answer is not Answer.DECLINE:
            self._frame.say(tr("Match the request to a user first."))
            return
        self._write(case, cases.own_draft(answer, case, standing.policy))

    def _write(self, case: Case, draft: Draft) -> None:
        """Open the sheet; whoever writes an answer has the request in hand from now on."""
        page, standing = self._page, self._page.standing
        if standing is None:
            return
        self._key = uuid.uuid4().hex
        page.case.sheet.show_draft(case, draft, standing.policy.reasons)
        page.show_case(replace(page.shown, draft=draft))
        page.case.sheet.focus_first()
        self._look_ahead(case, draft)
        if draft.answer is Answer.REFUND and case.request.user_id is not None:
            self._ask_charges(case.request.user_id)
        if case.request.claimed_by != standing.member.email:
            self._acts.take_in_hand(case.request.id)

    def draft_changed(self, draft: Draft) -> None:
        """Something else is meant: say what would come of that."""
        case = self._page.shown.here
        if case is not None:
            self._page.shown = replace(self._page.shown, draft=draft)
            self._look_ahead(case, draft)

    def close_sheet(self) -> None:
        """Put the answer away; the request stays in hand."""
        if self._page.case.sheet.busy:
            return
        self._outlook.cancel()
        self._charges.cancel()
        self._page.show_case(replace(self._page.shown, draft=None))
        self._page.queue.list.setFocus()

    def _look_ahead(self, case: Case, draft: Draft) -> None:
        desk, request_id = self._frame.desk, case.request.id
        waits, self._soon = cases.over_limit(case, draft), False
        self._outlook.ask(
            lambda stop: read_outlook(desk, request_id, draft, stop, waits=waits),
            self._outlook_came,
            self._outlook_failed,
        )

    def _outlook_came(self, outlook: Outlook) -> None:
        soon, self._soon = self._soon, False
        self._page.case.sheet.show_outlook(outlook)
        if soon:
            self.answer()

    def _outlook_failed(self, error: Exception) -> None:
        self._soon = False
        problem = trouble_of(error, tr("Writing the reply"))
        self._page.case.sheet.refuse(problem.sentence)
        if problem.blame != "person":
            self._frame.trouble(error, tr("Writing the reply"))

    def _ask_charges(self, user_id: str) -> None:
        desk = self._frame.desk

        def show(charges: tuple[LedgerEntry, ...]) -> None:
            self._page.case.sheet.show_charges(charges)

        self._charges.ask(lambda stop: read_charges(desk, user_id, stop), show)

    # Doing it

    def answer(self) -> None:
        """Do what is written, copy the reply, and go to the next request."""
        page, sheet = self._page, self._page.case.sheet
        case, draft = page.shown.here, sheet.draft
        if case is None or draft is None or page.shown.draft is None:
            return
        if self._outlook.asking:
            # Whoever is quicker than the reply is not to copy an empty one.
            self._soon = True
            return
        if not sheet.begin():
            return
        desk, key, request = self._frame.desk, self._key, case.request
        reply = sheet.reply_text

        def resolve() -> Resolution:
            answered: Resolution = desk.requests.resolve(
                request.id,
                act=draft.answer.value,
                credits=draft.credits,
                charge_id=draft.charge_id,
                reason=draft.reason or None,
                note=draft.note,
                validity=draft.validity or None if draft.answer is Answer.GRANT else None,
                key=key,
                seen=Seen(request.user_id, frozenset(one.mark for one in case.earlier)),
            )
            return answered

        self._frame.background.write(
            lambda _stop: resolve(),
            lambda answered: self._answered(answered, reply),
            lambda error: self._not_answered(error, request, reply),
        )

    def _answered(self, answered: Resolution, reply: str) -> None:
        said = f"{answer_words(answered)}{copy_text(reply)}"
        grant = answered.grant
        undo = None if grant is None else lambda: self._take_back(answered.request, grant)
        self._leave(ANSWERED)
        self._frame.say(said, tone="success", undo=undo)

    def _not_answered(self, error: Exception, request: Request, reply: str) -> None:
        if isinstance(error, ApprovalRequired):
            copied = copy_text(reply)
            self._leave(ANSWERED)
            self._frame.say(tr("Sent for approval: {error}{copied}", error=error, copied=copied))
            return
        if isinstance(error, OTHERS_FIRST):
            self._acts.somebody_was_first(error, request.id)
            return
        problem = trouble_of(error, tr("Answering the request"))
        self._page.case.sheet.refuse(problem.sentence)
        if problem.blame == "us":
            self._frame.trouble(error, tr("Answering the request"))

    def _leave(self, changes: frozenset[str]) -> None:
        """The request in view has its answer: on to the next."""
        page = self._page
        following = page.queue.list.neighbour(self._frame.desk.staff_email)
        page.case.sheet.refuse("")
        if following is not None:
            page.shown = replace(page.shown, draft=None)
            page.open_request(following.id)
            page.frame.moved(page)
        else:
            page.show_case(replace(page.shown, draft=None))
        page.queue.list.setFocus()
        self._frame.tell(changes)

    def _take_back(self, request: Request, grant: Grant) -> None:
        """Undo: void a grant of which nothing was used yet, and open the request again."""
        desk = self._frame.desk

        def undo() -> Request:
            again: Request = desk.support.undo_answer(request.id, reason=UNDONE)
            return again

        self._frame.background.write(lambda _stop: undo(), self._taken_back, self._undo_failed)

    def _undo_failed(self, error: Exception) -> None:
        self._frame.tell(ANSWERED)
        self._frame.trouble(error, tr("Taking the credits back"))

    def _taken_back(self, request: Request) -> None:
        self._frame.tell(ANSWERED)
        self._frame.say(tr("The credits were taken back; it is open again as {id}.", id=request.id))
        self._frame.open_page("requests", request.id)


def read_outlook(
    desk: Any, request_id: int, draft: Draft, stop: Event, *, waits: bool = False
) -> Outlook:
    """Ask what an answer would do, and for the reply that says so."""
    refund, reply = None, ""
    try:
        if draft.answer is Answer.REFUND and draft.charge_id is not None:
            refund = desk.support.refund_preview(draft.charge_id, stop=stop)
        reply = _reply(desk, request_id, draft, stop, WAITS if waits else draft.answer.value)
    except (AlreadyRefunded, NothingToRefund) as error:
        return Outlook(draft, reply, None, error.sentence)
    return Outlook(draft, reply, refund)


def _reply(desk: Any, request_id: int, draft: Draft, stop: Event, act: str) -> str:
    def written(finding: str | None) -> str:
        reply: str = desk.requests.reply(
            request_id,
            finding=finding,
            act=act,
            credits=draft.credits,
            charge_id=draft.charge_id,
            validity=draft.validity or None,
            stop=stop,
        )
        return reply

    try:
        return written(draft.finding)
    except InvalidValue as error:
        if error.field != "finding":
            raise
        # The record says something else by now: the reply rests on that.
        return written(None)


def copy_text(reply: str) -> str:
    """Put a reply on the clipboard; what to say of that."""
    if not reply:
        return ""
    QGuiApplication.clipboard().setText(reply)
    return tr(" The reply is copied.")


def answer_words(answered: Resolution) -> str:
    """What was done, in a sentence."""
    who = write.name(write.short(who_asks(answered.request)))
    if answered.grant is not None:
        return tr(
            "Granted {credits} to {who}.",
            credits=trn("{count} credit", "{count} credits", answered.grant.credits),
            who=who,
        )
    if answered.refund is not None:
        credits = answered.refund.returned + answered.refund.regranted
        return tr(
            "Refunded {credits} to {who}.",
            credits=trn("{count} credit", "{count} credits", credits),
            who=who,
        )
    return tr("Declined the request of {who}.", who=who)
