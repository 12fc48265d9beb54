"""The Requests page: the queue on the left, one request with its diagnosis on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from threading import Event
from typing import ClassVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.findings import Evidence
from app.domain.requests import Request, RequestQuery, View
from app.domain.staff import Act
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.import_dialog import dropped_file
from app.ui.language import tr
from app.ui.page import Frame, Page
from app.ui.requests import case_state as cases
from app.ui.requests import queue_state as queues
from app.ui.requests.acts import Acts
from app.ui.requests.case import CasePane
from app.ui.requests.case_state import CaseState
from app.ui.requests.queue import QueuePane
from app.ui.requests.queue_state import QueueState
from app.ui.requests.reading import Case, Queue, read_case, read_queue
from app.ui.rows_model import BLOCK
from app.ui.standing import Standing, read_standing

_FILTERS = "requests/filters"


class RequestsPage(Page):
    """Everybody who waits for an answer, what the record says about it, and the answer."""

    concerns: ClassVar[frozenset[str] | None] = frozenset(
        {"requests", "accounts", "prices", "staff", "replies"}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.standing: Standing | None = None
        self.queue = QueuePane(frame)
        self._place_of_case = QWidget()
        self.state = QueueState(query=queues.remembered(frame.recall(_FILTERS, {})))
        self.shown = CaseState()
        self._listing = Latest(frame.background, owner=self)
        self._reading = Latest(frame.background, owner=self)
        self._pick_first = True
        self.acts = Acts(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.queue)
        row.addWidget(self._place_of_case, 1)
        self.setAcceptDrops(True)
        self._connect()
        self.show_state(self.state)

    @cached_property
    def case(self) -> CasePane:
        """The right side, made behind the first rows: those are what people look at first."""
        made = CasePane(self.frame, self.reload)
        layout = self.layout()
        assert layout is not None  # noqa: S101 - it was given one when it was made
        layout.replaceWidget(self._place_of_case, made)
        self._place_of_case.deleteLater()
        self._connect_case(made)
        return made

    # What the window asks

    def show_state(self, state: QueueState) -> None:
        """Write the state of the queue to the widgets."""
        self.state = state
        self.queue.show_state(state)

    def show_case(self, state: CaseState) -> None:
        """Write the state of the request in view to the widgets."""
        self.shown = state
        self.case.show_state(state, self.standing)

    def reload(self) -> None:
        """Ask for the queue and the request in view anew, keeping the place in both."""
        self._ask_queue(self.state.query)
        if self.shown.request_id is not None:
            self._ask_case(self.shown.request_id)

    def place(self) -> object:
        return self.shown.request_id

    def go(self, place: object) -> None:
        if isinstance(place, int):
            self._pick_first = False
            self.open_request(place)
        elif isinstance(place, tuple):  # a reply to users, as a record of the activity names it
            self.acts.templates()
        elif isinstance(place, dict):  # a part of the queue, and the age of what is listed
            self.queue.search.forget()
            self.show_query(queues.remembered(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.queue.fit(self.width())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.acts.import_from(path)

    def results(self) -> QWidget | None:
        return None

    def actions_offered(self) -> Sequence[Action]:
        def may(act: Act) -> bool:
            return self.standing is not None and not self.standing.why_not(act)

        def can_answer() -> bool:
            case = self.shown.here
            return not cases.why_not(case.request if case else None, self.standing)

        def view(wanted: View) -> Action:
            return Action(
                f"view-{wanted.value}",
                queues.SHOWING[wanted],
                lambda: self.queue.show_view(wanted),
            )

        acts, answering = self.acts, self.acts.answering
        return [
            Action("answer", tr("Do what is written, and copy the reply"), answering.answer,
                   "Ctrl+Return", more=("Ctrl+Enter",),
                   possible=lambda: self.shown.draft is not None),
            Action("take", tr("Take the suggestion"), lambda: answering.take(1), "Alt+Return",
                   possible=can_answer),
            Action("grant", tr("Grant another amount…"), answering.grant, "Ctrl+G",
                   possible=can_answer),
            Action("refund", tr("Refund a charge…"), answering.refund, "Ctrl+R",
                   possible=can_answer),
            Action("decline", tr("Decline…"), answering.decline, "Ctrl+D", possible=can_answer),
            Action("claim", tr("Claim the request"), acts.claim, "Ctrl+M", possible=can_answer),
            Action("release", tr("Release the request"), acts.release, "Ctrl+Shift+M"),
            Action("match", tr("Match to a user…"), acts.match, "Ctrl+U",
                   possible=lambda: may(Act.OPEN_REQUEST)),
            Action("reopen", tr("Reopen…"), acts.reopen, "Ctrl+Shift+O",
                   possible=lambda: may(Act.OPEN_REQUEST)),
            Action("copy-reply", tr("Copy the reply"), acts.copy_reply, "Ctrl+Shift+R"),
            Action("open-request", tr("Open a request by hand…"), acts.open_by_hand, "Ctrl+N",
                   possible=lambda: may(Act.OPEN_REQUEST)),
            Action("import", tr("Import requests…"), acts.import_file, "Ctrl+I",
                   possible=lambda: may(Act.IMPORT_USERS)),
            Action("failed-jobs", tr("Refund all failed jobs…"), acts.failed_jobs,
                   possible=lambda: self.standing is not None),
            Action("numbers", tr("Requests in numbers, and my day…"), acts.numbers, "Ctrl+Shift+D",
                   possible=lambda: self.standing is not None),
            Action("decide", tr("Approve or turn down…"), acts.decide, "Ctrl+Shift+Y"),
            Action("replies", tr("Replies to users…"), acts.templates,
                   possible=lambda: self.standing is not None),
            Action("account", tr("Open the account"), acts.open_account, "Ctrl+O",
                   possible=lambda: self._user() is not None),
            Action("ticket", tr("Open the ticket"), acts.open_ticket, "Ctrl+Shift+T"),
            Action("filter", tr("Filter the requests"), self.queue.search.setFocus, "/"),
            Action("filters", tr("Filters…"), self.queue.open_filters, "Ctrl+Shift+F"),
            *(view(wanted) for wanted in queues.VIEWS),
        ]  # fmt: skip

    # The queue

    def show_query(self, query: RequestQuery) -> None:
        """List what a query finds, and open the first of it."""
        self._pick_first = True
        self.frame.remember(_FILTERS, queues.to_remember(query))
        self._ask_queue(query)

    def _ask_queue(self, query: RequestQuery) -> None:
        self.show_state(queues.asked(self.state, query))
        desk = self.frame.desk

        def read(stop: Event) -> tuple[Standing, Queue]:
            return read_standing(desk, stop), read_queue(desk, query, BLOCK, stop)

        self._listing.ask(read, self._queue_came, self._queue_failed)

    def _queue_came(self, answer: tuple[Standing, Queue]) -> None:
        self.standing, queue = answer
        here = self.queue.show_queue(queue, self.shown.request_id)
        self.show_state(queues.arrived(self.state, queue))
        if "case" not in self.__dict__:
            self.queue.list.viewport().repaint()
        self.frame.count("requests", queue.counts.open)
        first, self._pick_first = self._pick_first, False
        if first and not here:
            self._open_first(queue)

    def _open_first(self, queue: Queue) -> None:
        if queue.count:
            self.queue.list.choose_free(self.frame.desk.staff_email)
            self.queue.list.setFocus()
        else:
            self._reading.cancel()
            self.show_case(CaseState())

    def _queue_failed(self, error: Exception) -> None:
        self.show_state(queues.failed(self.state, trouble_of(error).details))
        self.frame.trouble(error, tr("Reading the requests"), self.reload)

    # The request in view

    def open_request(self, request_id: int) -> None:
        """Show a request."""
        if request_id == self.shown.request_id and self.shown.phase in {"ready", "loading"}:
            return
        self.queue.list.mark(request_id)
        self._ask_case(request_id)

    def _ask_case(self, request_id: int) -> None:
        self.show_case(cases.asked(self.shown, request_id))
        desk, standing = self.frame.desk, self.standing

        def read(stop: Event) -> tuple[Standing, Case]:
            return standing or read_standing(desk, stop), read_case(desk, request_id, stop)

        self._reading.ask(read, self._case_came, self._case_failed)

    def _case_came(self, answer: tuple[Standing, Case]) -> None:
        self.standing, case = answer
        writing = self.shown.draft is not None
        self.show_case(cases.arrived(self.shown, case))
        if writing and self.shown.draft is None:
            # Somebody was first while the answer was being written.
            self.frame.say(cases.outcome(case, self.frame.zone, self.frame.now()), tone="danger")
            self.queue.list.setFocus()

    def _case_failed(self, error: Exception) -> None:
        problem = trouble_of(error)
        self.show_case(
            replace(self.shown, phase="failed", problem=problem.details or problem.sentence)
        )
        self.frame.trouble(error, tr("Reading the request"))

    # Wiring

    def _user(self) -> str | None:
        case = self.shown.here
        return None if case is None else case.request.user_id

    def _chosen(self, request: Request) -> None:
        self.open_request(request.id)

    def _open_evidence(self, evidence: Evidence) -> None:
        user = self._user()
        if user is None:
            return
        if evidence.charge_id is not None:
            self.frame.open_page("users", (user, "charge", evidence.charge_id))
        elif evidence.grant_id is not None:
            self.frame.open_page("users", (user, "grant", evidence.grant_id))

    def _open_grant(self, user_id: str, grant_id: int) -> None:
        self.frame.open_page("users", (user_id, "grant", grant_id))

    def _go_to_request(self, request_id: int) -> None:
        self.frame.open_page("requests", request_id)

    def _connect(self) -> None:
        queue, acts = self.queue, self.acts
        queue.query_wanted.connect(self.show_query)
        queue.list.chosen.connect(self._chosen)
        queue.list.taken.connect(acts.answering.take)
        queue.menu_wanted.connect(acts.open_menu)

    def _connect_case(self, case: CasePane) -> None:
        acts = self.acts
        case.head.category_wanted.connect(acts.sort)
        case.head.ticket_wanted.connect(acts.open_ticket)
        case.account.opened.connect(acts.open_account)
        case.account.match_wanted.connect(acts.match)
        case.findings.taken.connect(acts.answering.take)
        case.findings.opened.connect(self._open_evidence)
        case.earlier.request_wanted.connect(self._go_to_request)
        case.earlier.grant_wanted.connect(self._open_grant)
        case.foot.act_wanted.connect(acts.do)
        case.sheet.changed.connect(acts.answering.draft_changed)
        case.sheet.wanted.connect(acts.answering.answer)
        case.sheet.closed.connect(acts.answering.close_sheet)
