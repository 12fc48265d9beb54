"""The right side: one request, who asks, what the record says, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.requests import State
from app.domain.staff import Act
from app.ui import format as write
from app.ui import request_words as words
from app.ui.language import tr, trn
from app.ui.page import Frame, Sentences, show_phase
from app.ui.request_lines import RequestLines, Row
from app.ui.requests import case_state as states
from app.ui.requests.answer import AnswerSheet
from app.ui.requests.case_state import CaseState
from app.ui.requests.findings import Findings
from app.ui.requests.message import Message
from app.ui.requests.reading import Case
from app.ui.standing import Standing
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.button import Button, CutButton, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import Badge, Copyable, ElidedLabel, Label, plain_tip

LEAST_NAME: Final = 48
_KEYS: Final = tr("Enter takes what the record suggests, 1 to 9 another of it; Ctrl+Enter answers.")


class Head(QWidget):
    """Who asks, about what, since when; its ticket; what can be done beside answering."""

    category_wanted = Signal(str)
    ticket_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel("", "title")
        self.age = Badge()
        self.state = Badge()
        self.ticket = Copyable("", what=tr("Copy ticket"))
        self.ticket_button = IconButton(
            "external-link", tr("Open the ticket"), self.ticket_wanted.emit, shortcut="Ctrl+Shift+T"
        )
        self.category = Button("", self._choose, kind="link")
        self.category.setAccessibleName(tr("Category"))
        self.category.setMinimumWidth(2 * LEAST_NAME)
        self.opened = ElidedLabel("", "caption", "text2")
        self._opened: tuple[datetime, tzinfo, datetime] | None = None
        self._beside = ""
        current().changed.connect(self._say_when)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.title, 1)
        first.addWidget(self.age)
        first.addWidget(self.state)
        second = QHBoxLayout()
        second.setSpacing(10)
        second.addWidget(self.ticket)
        second.addWidget(self.ticket_button)
        second.addWidget(self.category)
        second.addWidget(self.opened, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)

    def show_case(self, case: Case, frame: Frame, *, may_sort: bool) -> None:
        """Show a request."""
        request, now = case.request, frame.now()
        self.title.setText(words.who(request))
        self.age.show_as(*words.age(request, now))
        self.age.setVisible(not request.resolved and not request.waiting)
        tones = {State.OPEN: "neutral", State.CLAIMED: "accent", State.DECLINED: "neutral"}
        tone = "info" if request.waiting else tones.get(request.state, "success")
        self.state.show_as(words.state_words(request, frame.desk.staff_email), tone)
        self.ticket.set_text(request.ticket)
        self.category.setText(states.category_words(case))
        self.category.setEnabled(may_sort and not request.resolved)
        self.category.setToolTip(plain_tip(tr("Say what it is about")))
        self._opened = (request.opened_at, frame.zone, now)
        asked = (
            tr(
                " · asks for {credits}",
                credits=trn("{count} credit", "{count} credits", request.credits),
            )
            if request.credits
            else ""
        )
        again = (
            tr(" · reopened from {reopened_from}", reopened_from=request.reopened_from)
            if request.reopened_from
            else ""
        )
        self._beside = f"{asked}{again}"
        self._say_when()

    def _say_when(self) -> None:
        """When it was opened, as people choose to see instants: said anew when they choose."""
        if self._opened is not None:
            self.opened.setText(f"{write.seen(*self._opened)}{self._beside}")
            self.opened.setToolTip(plain_tip(write.instant_tip(*self._opened)))

    def menu(self) -> QMenu:
        """What a request can be about."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, name in words.categories().items():
            menu.addAction(name).triggered.connect(
                lambda _checked=False, key=key: self.category_wanted.emit(key)
            )
        return menu

    def _choose(self) -> None:
        self.menu().popup(self.category.mapToGlobal(self.category.rect().bottomLeft()))


class AccountStrip(Card):
    """The account in short. `opened` to see all of it, `match_wanted` where nobody is known."""

    opened = Signal()
    match_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = CutButton("", self.opened.emit)
        self.facts = Label("", "body", "text2", wrap=True)
        self.available = Label("", "section")
        self.available.setContentsMargins(0, 3, 0, 0)
        self.match = Button("", self.match_wanted.emit, kind="link")
        for button in (self.name, self.match):
            button.setMinimumWidth(LEAST_NAME)
            button.hide()  # until it has something to say
        flow = FlowLayout(gap=12)
        for widget in (self.name, self.available, self.match):
            flow.addWidget(widget)
        self.body.setSpacing(2)
        self.body.addLayout(flow)
        self.add(self.facts)

    def show_case(self, case: Case, frame: Frame, why_not_match: str) -> None:
        """Show whose request it is, or that nobody knows."""
        account, request = case.account, case.request
        for widget in (self.name, self.facts):
            widget.setVisible(account is not None)
        self.match.setVisible(not request.resolved)
        self.match.setText(tr("Match to a user…") if account is None else tr("Another user…"))
        self.match.setEnabled(not why_not_match)
        self.match.setToolTip(plain_tip(why_not_match or "Ctrl+U"))
        if account is None:
            self.available.setText(
                tr("{sender} matches nobody on record.", sender=write.name(request.sender))
            )
            return
        name = account.user.name.strip() or account.user.email
        self.name.setText(write.short(name))
        self.name.setAccessibleName(tr("Open the account of {name}", name=write.text(name)))
        self.available.setText(tr("{credits} available", credits=write.credits(account.available)))
        self.facts.setText(" · ".join(_facts(case, frame)))


def _facts(case: Case, frame: Frame) -> list[str]:
    account, now = case.account, frame.now()
    if account is None:
        return []
    held = [grant for grant in account.grants if grant.remaining]
    said = [tr("{plan} plan", plan=account.plan.capitalize())]
    if held:
        soonest = min(held, key=lambda grant: grant.expires_at)
        until = write.short_day(soonest.expires_at, frame.zone, now)
        said.append(
            tr(
                "{credits} expire on {day}",
                credits=write.credits(soonest.remaining),
                day=until,
            )
        )
    if account.next_release_at is not None and account.next_release_credits:
        day = write.short_day(account.next_release_at, frame.zone, now)
        said.append(
            tr(
                "{credits} come on {day}",
                credits=write.credits(account.next_release_credits),
                day=day,
            )
        )
    return said


class Earlier(Card):
    """Other requests of the user and the ticket, and what the ticket got already."""

    request_wanted = Signal(int)
    grant_wanted = Signal(str, int)

    def __init__(self) -> None:
        super().__init__(tr("Earlier"), " ")
        self.lines = RequestLines(tr("No other request of this user or ticket."))
        self.lines.opened.connect(self.request_wanted)
        self.given: list[Row] = []
        self.add(self.lines)

    def show_case(self, case: Case, frame: Frame) -> None:
        """Show what went before."""
        now = frame.now()
        self.lines.show_requests(case.others, frame.zone, now)
        for row in self.given:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.given = []
        for grant in case.given:
            by = write.text(grant.staff)
            row = Row(
                write.short_day(grant.effective_at, frame.zone, now),
                tr("Given for this ticket by {by}: {note}", by=by, note=write.text(grant.note)),
                number=write.signed(grant.credits - grant.voided),
            )
            row.clicked.connect(
                lambda _checked=False, one=grant: self.grant_wanted.emit(one.user_id, one.id)
            )
            self.given.append(row)
            self.add(row)
        self.aside.setText(write.credits(len(case.others) + len(case.given)))


class Foot(QFrame):
    """What can be done with the request in view, by button; each has its key."""

    act_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dialogfoot")
        self.grant = self._button("grant", tr("Grant…"), "Ctrl+G")
        self.refund = self._button("refund", tr("Refund…"), "Ctrl+R")
        self.decline = self._button("decline", tr("Decline…"), "Ctrl+D")
        self.claim = self._button("claim", tr("Claim"), "Ctrl+M")
        self.release = self._button("release", tr("Release"), "Ctrl+Shift+M")
        self.reopen = self._button("reopen", tr("Reopen…"), "Ctrl+Shift+O")
        self.copy = self._button("copy", tr("Copy reply"), "Ctrl+Shift+R")
        self.approve = self._button("approvals", tr("Decide…"), "Ctrl+Shift+Y", "primary")
        self.why = Label("", "caption", "text2", wrap=True)
        # From the left: what was done before is told by a toast on the right for a while.
        flow = FlowLayout(gap=8)
        for button in self._buttons:
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 10, PAGE_PADDING, 10)
        column.setSpacing(6)
        column.addWidget(self.why)
        column.addLayout(flow)

    def show_case(self, case: Case, standing: Standing) -> None:
        """Offer what can be done with this request, and say why not where it cannot."""
        request, me = case.request, standing.member.email
        why_not = states.why_not(request, standing)
        open_now = not request.resolved and not request.waiting
        self.why.setText(why_not or _KEYS)
        self.why.setVisible(not request.resolved)
        for button in (self.grant, self.refund, self.decline):
            button.setVisible(open_now)
            button.setEnabled(not why_not)
        mine = request.claimed_by == me and request.state is State.CLAIMED
        self.claim.setVisible(open_now and request.state is State.OPEN and not why_not)
        may_release = mine or not standing.why_not(Act.APPROVE)
        self.release.setVisible(open_now and request.state is State.CLAIMED and may_release)
        self.reopen.setVisible(request.resolved and request.reopened_as is None)
        self.reopen.setEnabled(not standing.why_not(Act.OPEN_REQUEST))
        self.copy.setVisible(request.resolved)
        self.approve.setVisible(request.waiting)

    def _button(self, key: str, text: str, keys: str, kind: str = "plain") -> Button:
        made = Button(text, lambda: self.act_wanted.emit(key), kind=kind, shortcut=keys)  # type: ignore[arg-type]
        if not hasattr(self, "_buttons"):
            self._buttons: list[Button] = []
        self._buttons.append(made)
        return made


class CasePane(QWidget):
    """One request, whole. What somebody does on it is told by the signals of its parts."""

    def __init__(self, frame: Frame, retry: Callable[[], object]) -> None:
        super().__init__()
        self._frame = frame
        self._retry = retry
        self.state = CaseState()
        self.head = Head()
        self.outcome = Label("", "name", "text2", wrap=True)
        self.message = Message()
        self.account = AccountStrip()
        self.findings = Findings()
        self.earlier = Earlier()
        self.sheet = AnswerSheet(frame)
        self.foot = Foot()
        self.overlay = Overlay(self)
        self._build()

    def show_state(self, state: CaseState, standing: Standing | None) -> None:
        """Write a state to the widgets."""
        self.state = state
        case = state.case
        if case is not None and standing is not None:
            self._show_case(case, standing)
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=tr("Choose a request to see what the record says about it."),
                failed=tr("The request could not be read."),
            ),
            retry=self._retry,
            details=state.problem,
        )

    def offer_charges(self) -> None:
        """Put the keyboard on the list of charges."""
        self.sheet.charge.setFocus()

    def _show_case(self, case: Case, standing: Standing) -> None:
        frame, request = self._frame, case.request
        may_open = not standing.why_not(Act.OPEN_REQUEST)
        self.head.show_case(case, frame, may_sort=may_open)
        said = states.outcome(case, frame.zone, frame.now())
        self.outcome.setText(said)
        self.outcome.setVisible(bool(said))
        if self.message.toPlainText() != write.paragraph(request.message):
            self.message.show_message(request.message)
        settled = request.resolved or request.waiting
        why_not_match = tr("It waits for an approval.") if request.waiting else ""
        self.account.show_case(case, frame, why_not_match or standing.why_not(Act.OPEN_REQUEST))
        self.findings.show_findings(case.diagnosis.findings, frame.zone, frame.now())
        self.findings.allow(states.why_not(request, standing), settled=settled)
        self.earlier.show_case(case, frame)
        self.foot.show_case(case, standing)
        self._show_sheet(case)

    def _show_sheet(self, case: Case) -> None:
        writing = self.state.draft is not None and self.state.here is not None
        self.foot.setVisible(not writing)
        self.findings.show_next(here=not writing)
        if not writing:
            self.sheet.hide()
        elif not self.sheet.isHidden():
            self.sheet.show_case(case)

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        # As wide as what is in view, whatever stands in it.
        inner.setMinimumWidth(1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(PAGE_PADDING, 16, PAGE_PADDING, 16)
        column.setSpacing(CARD_GAP)
        words_card = Card()
        words_card.add(self.message)
        for widget in (self.head, self.outcome, words_card, self.account, self.findings,
                       self.earlier):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        self.area = QScrollArea()
        show_focus(self.area)
        self.area.setAccessibleName(tr("The request"))
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addWidget(self.sheet)
        whole.addWidget(self.foot)
