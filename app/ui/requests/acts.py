"""What can be done with requests: claimed, answered, matched, reopened, opened by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QMenu

from app.domain.errors import ChangedMeanwhile
from app.domain.requests import Request
from app.domain.staff import Act
from app.ui import format as write
from app.ui import request_words as words
from app.ui.background import Latest
from app.ui.import_dialog import ImportDialog, ask_file
from app.ui.language import tr
from app.ui.requests import case_state as cases
from app.ui.requests import dialogs
from app.ui.requests.answering import OTHERS_FIRST, Answering
from app.ui.requests.deciding import DecideDialog
from app.ui.requests.failed_jobs import FailedJobsDialog
from app.ui.requests.numbers import NumbersDialog
from app.ui.requests.reading import Case
from app.ui.requests.templates import TemplatesDialog

if TYPE_CHECKING:
    from app.ui.requests.page import RequestsPage

T = TypeVar("T")
MOVED = frozenset({"requests", "activity"})
"""What claiming, releasing, matching and opening change."""


class Acts:
    """The acts of a page. The dialog that is open is ``dialog``."""

    def __init__(self, page: RequestsPage) -> None:
        self._page = page
        self._frame = page.frame
        self._reply = Latest(page.frame.background, owner=page)
        self.answering = Answering(page, self)
        self.dialog: QDialog | None = None

    def do(self, name: str) -> None:
        """Do what a button names."""
        acts: dict[str, Callable[[], None]] = {
            "grant": self.answering.grant,
            "refund": self.answering.refund,
            "decline": self.answering.decline,
            "claim": self.claim,
            "release": self.release,
            "reopen": self.reopen,
            "copy": self.copy_reply,
            "approvals": self.decide,
        }
        acts[name]()

    # Who has it in hand

    def claim(self) -> None:
        """Take the request in view in hand."""
        case = self.answerable()
        if case is not None:
            self.take_in_hand(case.request.id, say=True)

    def take_in_hand(self, request_id: int, *, say: bool = False) -> None:
        """Claim a request, and say so if that was all that was wanted."""

        def done(request: Request) -> None:
            self._frame.tell(MOVED)
            if say:
                self._frame.say(
                    tr("You have the request of {called} in hand.", called=called(request))
                )

        desk = self._frame.desk
        self._frame.background.write(
            lambda _stop: desk.requests.claim(request_id),
            done,
            lambda error: self._claim_refused(error, request_id),
        )

    def _claim_refused(self, error: Exception, request_id: int) -> None:
        if isinstance(error, OTHERS_FIRST):
            self.somebody_was_first(error, request_id)
        else:
            self._frame.trouble(error, tr("Claiming the request"))

    def somebody_was_first(self, error: Exception, request_id: int) -> None:
        """Say who was first and when; what is shown is no longer so."""
        page = self._page
        if page.shown.request_id == request_id:
            page.show_case(replace(page.shown, draft=None))
        page.case.sheet.refuse("")
        page.queue.list.setFocus()
        self._frame.say(first_words(error, self._frame), tone="danger")
        self._frame.tell(MOVED)

    def release(self) -> None:
        """Put the request in view back into the queue."""
        case = self._page.shown.here
        if case is None:
            return
        desk, request_id = self._frame.desk, case.request.id
        self.write(
            lambda: desk.requests.release(request_id),
            lambda request: self._frame.say(
                tr("{called} is back in the queue.", called=called(request))
            ),
        )

    # Whose it is, and what about

    def match(self) -> None:
        """Choose the user whose request it is."""
        case = self._page.shown.here
        if case is None or case.request.resolved:
            return
        self.open(dialogs.MatchDialog(self._page, self._frame, case.request, self._matched))

    def _matched(self, request: Request) -> None:
        self._frame.say(tr("It is the request of {called} now.", called=called(request)))

    def sort(self, category: str) -> None:
        """Say what the request in view is about."""
        case = self._page.shown.here
        if case is None:
            return
        desk, request_id = self._frame.desk, case.request.id
        self.write(lambda: desk.requests.sort(request_id, category), lambda _: None)

    def open_account(self) -> None:
        """Show the whole account of who asks."""
        case = self._page.shown.here
        if case is not None and case.request.user_id is not None:
            self._frame.open_page("users", case.request.user_id)

    def open_ticket(self) -> None:
        """Show the ticket in the help desk, or copy it where no help desk is named."""
        case = self._page.shown.here
        if case is not None:
            self._frame.open_ticket(case.request.ticket)

    # Opening and reopening

    def reopen(self) -> None:
        """Open a new request linked to the one in view, which has its answer."""
        case = self._page.shown.here
        if case is None:
            return
        if not case.request.resolved:
            self._frame.say(tr("It is open still."))
            return
        self.open(dialogs.ReopenDialog(self._page, self._frame, case.request, self._opened))

    def open_by_hand(self) -> None:
        """Open a request for somebody who wrote elsewhere."""
        case = self._page.shown.here
        self.open(dialogs.OpenDialog(self._page, self._frame, case, self._opened))

    def _opened(self, request: Request) -> None:
        self._frame.say(
            tr("Opened request {id} of {called}.", id=request.id, called=called(request)),
            tone="success",
        )
        self._frame.open_page("requests", request.id)

    # The reply

    def copy_reply(self) -> None:
        """Put the reply to the request in view on the clipboard."""
        case = self._page.shown.here
        if case is None:
            return
        desk, request_id = self._frame.desk, case.request.id

        def copy(reply: str) -> None:
            QGuiApplication.clipboard().setText(reply)
            self._frame.say(tr("The reply is copied."))

        self._reply.ask(lambda _stop: str(desk.requests.reply(request_id)), copy)

    # More

    def open_menu(self) -> QMenu:
        """What concerns no single request."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            (tr("Open a request by hand…\tCtrl+N"), self.open_by_hand),
            (tr("Import requests…"), self.import_file),
            (tr("Refund all failed jobs…"), self.failed_jobs),
            (tr("Requests in numbers, and my day…\tCtrl+Shift+D"), self.numbers),
            (tr("Replies to users…"), self.templates),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        button = self._page.queue.more_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        return menu

    def decide(self) -> None:
        """Approve or turn down what the request in view waits for."""
        case, standing = self._page.shown.here, self._page.standing
        if case is None or standing is None:
            return
        if not case.request.waiting or case.approval is None:
            self._frame.say(tr("It waits for no approval."))
            return
        self.open(DecideDialog(self._page, self._frame, case, standing, self._decided))

    def _decided(self, said: str) -> None:
        self._frame.say(said, tone="success")

    def numbers(self) -> None:
        """Show the numbers for leads, and what the person did today."""
        standing = self._page.standing
        if standing is not None:
            reasons = {reason.key: reason.name for reason in standing.policy.reasons}
            self.open(NumbersDialog(self._page, self._frame, reasons))

    def templates(self) -> None:
        """Edit the texts of replies; who may not, reads them."""
        standing = self._page.standing
        if standing is not None:
            why_not = standing.why_not(Act.EDIT_REPLIES)
            self.open(TemplatesDialog(self._page, self._frame, why_not))

    def import_file(self) -> None:
        """Choose a file of requests to import."""
        ask_file(self._page, "requests", self.import_from)

    def import_from(self, path: str) -> None:
        """Show what a file of requests would do."""
        standing = self._page.standing
        if standing is not None:
            why_not = standing.why_not(Act.IMPORT_USERS)
            self.open(ImportDialog(self._page, self._frame, "requests", path, why_not))

    def failed_jobs(self) -> None:
        """Refund all failed jobs of some days or of a feature."""
        standing = self._page.standing
        if standing is not None:
            why_not = standing.why_not(Act.REFUND_FAILED)
            self.open(FailedJobsDialog(self._page, self._frame, standing.names, why_not))

    # Inside

    def write(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Change a request off the thread; then the pages read anew."""

        def wrote(answer: T) -> None:
            self._frame.tell(MOVED)
            done(answer)

        def refused(error: Exception) -> None:
            if isinstance(error, OTHERS_FIRST):
                self._frame.say(first_words(error, self._frame), tone="danger")
                self._frame.tell(MOVED)
            else:
                self._frame.trouble(error)

        self._frame.background.write(lambda _stop: work(), wrote, refused)

    def answerable(self) -> Case | None:
        """The case in view if it can be answered; otherwise why not is said."""
        case = self._page.shown.here
        why_not = cases.why_not(None if case is None else case.request, self._page.standing)
        if why_not:
            self._frame.say(why_not)
            return None
        return case

    def open(self, dialog: QDialog) -> None:
        """Open a dialog."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None


def called(request: Request) -> str:
    """Who asks, short enough for a sentence."""
    return write.name(write.short(words.who(request)))


def first_words(error: Exception, frame: Any) -> str:
    """Who was first and when, as people read instants here."""
    values = getattr(error, "values", {})
    by, at = values.get("by"), values.get("at")
    if not by or at is None or isinstance(error, ChangedMeanwhile):
        return str(error)
    did = str(values.get("state") or "claimed")
    when = write.instant(at, frame.zone, frame.now())
    return tr(
        "{by} was first: {did}, {when} ({at}). Nothing was done twice.",
        by=write.name(str(by)),
        did=did,
        when=when,
        at=write.ago(at, frame.now()),
    )
