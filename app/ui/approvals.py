"""The dialog *Approvals*: what waits for somebody's approval, decided one by one or together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.approvals import WaitingGrant
from app.domain.errors import CreditsError, DatabaseFailed
from app.domain.policy import Reason
from app.domain.staff import Act, may
from app.ui import approvals_state as states
from app.ui import format as write
from app.ui.act_dialog import WRITTEN, ActDialog, refusal
from app.ui.approvals_state import ApprovalsState
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import of, tr, trn
from app.ui.page import Frame, Sentences, show_phase
from app.ui.rows_model import RowsModel
from app.ui.widgets.button import Button
from app.ui.widgets.fields import NoteField
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_SELECT = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
Decision = Literal["approved", "rejected", "withdrew"]
_STAY = QItemSelectionModel.SelectionFlag.NoUpdate
CHANGED = WRITTEN | {"requests"}
"""A request may wait for an approval, and is answered by it."""


@dataclass(frozen=True)
class Read:
    """What waits, for whom, and what reasons are called."""

    rows: tuple[WaitingGrant, ...]
    may_approve: bool
    reasons: dict[str, str]


@dataclass(frozen=True)
class Decided:
    """What became of deciding on several: how many, and the first that was refused."""

    done: int
    refused: tuple[str, ...]
    trouble: str = ""


class ApprovalsDialog(ActDialog):
    """What waits, oldest first; Ctrl+Enter approves, Ctrl+R rejects what is chosen."""

    changes = CHANGED

    def __init__(self, parent: QWidget, frame: Frame) -> None:
        super().__init__(parent, frame, tr("Approvals"), tr("Approve"), width=980)
        self.doing = tr("Deciding")
        self.state = ApprovalsState()
        self._reasons: dict[str, str] = {}
        self._question = Latest(frame.background, owner=self)
        columns = states.columns(frame.zone, frame.now, lambda key: self._reasons.get(key, key))
        self.model: RowsModel[WaitingGrant] = RowsModel(columns)
        self.table: Table[WaitingGrant] = Table(self.model, tr("What waits for approval"))
        self.note = NoteField(
            tr("Note"), tr("A note for who asked; to reject it is needed"), lines=2
        )
        self.reject_button = Button(tr("Reject"), self.reject_chosen, shortcut="Ctrl+R")
        self._facts = QWidget()
        self._shown: dict[str, Label] = {}
        self._build()
        self.table.linked.connect(self._linked)
        self.table.opened.connect(self._open_user)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.note.textChanged.connect(self._typed)
        self.resize(980, 560)
        self.show_state(self.state)
        self.reload()
        self.table.setFocus()

    def reload(self) -> None:
        """Read what waits, anew."""
        desk = self.frame.desk
        self.show_state(replace(self.state, phase="loading"))
        self._question.ask(lambda stop: read(desk, stop), self._arrived, self._not_read)

    def show_state(self, state: ApprovalsState) -> None:
        """Write a state to the widgets."""
        self.state = state
        sentences = Sentences(empty=state.nothing, failed=tr("What waits could not be read."))
        show_phase(
            self.table.overlay, state.phase, sentences, retry=self.reload, details=state.problem
        )
        self._show_facts(state)
        said = states.deciding(state)
        self.note.setVisible(bool(state.rows))
        self.set_act(said.approve, allowed=said.can_approve)
        self.act_button.setVisible(state.may_approve)
        self.reject_button.setText(said.reject)
        self.reject_button.setVisible(bool(state.rows))
        self.reject_button.setEnabled(said.can_reject and not self.busy)
        self.foot_note.setText(said.why_not)

    def submit(self) -> None:
        """Approve what is chosen."""
        note = self.note.text
        self._decide("approved", lambda desk, number: desk.support.approve(number, note))

    def reject_chosen(self) -> None:
        """Turn down what is chosen; one's own is withdrawn."""
        if self.busy or not states.deciding(self.state).can_reject:
            return
        note, own = self.note.text, all(row.own for row in self.state.picked)
        self.refuse("")
        self._set_busy(busy=True)
        self._decide(
            "withdrew" if own else "rejected",
            lambda desk, number: desk.support.reject(number, note),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_R:
            self.reject_chosen()
        else:
            super().keyPressEvent(event)

    # Deciding

    def _decide(self, what: Decision, act: Callable[[Any, int], object]) -> None:
        picked, desk = self.state.picked, self.frame.desk
        self.reject_button.setEnabled(False)
        stop = Event()
        self.frame.background.write(
            lambda _stop: decide_each(desk, [row.approval.id for row in picked], act, stop),
            lambda decided: self._decided(decided, what, picked),
            self._failed,
            stop=stop,
        )

    def _decided(self, decided: Decided, what: Decision, picked: Sequence[WaitingGrant]) -> None:
        said = [write.with_instants(one, self.frame.zone) for one in decided.refused[:1]]
        if decided.trouble:
            said.append(tr("{trouble} What was not decided waits still.", trouble=decided.trouble))
        self.refuse(" ".join(said))
        if decided.done:
            self.note.clear()
            self.frame.say(_said(what, decided.done, picked), tone="success")
        self.frame.tell(self.changes)
        self.reload()

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, self.doing)
        self.refuse(refusal(problem, self.frame.zone))
        if problem.blame == "us":
            self.frame.trouble(error)
        self.reload()

    # Inside

    def _arrived(self, answer: Read) -> None:
        self._reasons = answer.reasons
        state = states.arrived(self.state, answer.rows, may_approve=answer.may_approve)
        told = self.table.selectionModel().blockSignals(True)
        self.model.show_rows(state.rows)
        self.table.selectionModel().blockSignals(told)
        places = [n for n, row in enumerate(state.rows) if row.approval.id in state.chosen]
        self.show_state(state)
        # Told outright: what the view would do depends on keys still held down after Ctrl+Enter.
        chosen = self.table.selectionModel()
        if places and not chosen.currentIndex().isValid():
            chosen.setCurrentIndex(self.model.index(places[0], 0), _STAY)
        for place in places:
            chosen.select(self.model.index(place, 0), _SELECT)

    def _not_read(self, error: Exception) -> None:
        self.show_state(replace(self.state, phase="failed", problem=trouble_of(error).details))

    def _choose(self) -> None:
        chosen = tuple(row.approval.id for row in self.table.selected())
        self.show_state(replace(self.state, chosen=chosen))

    def _typed(self) -> None:
        self.show_state(replace(self.state, note=self.note.text))

    def _linked(self, _key: str, row: WaitingGrant) -> None:
        self.frame.open_ticket(row.approval.ticket)

    def _open_user(self, row: WaitingGrant) -> None:
        """Enter on a row: look at the account before deciding."""
        if not self.busy:
            self.reject()
            self.frame.open_page("users", row.approval.user_id)

    def _show_facts(self, state: ApprovalsState) -> None:
        picked = state.picked
        self._facts.setVisible(len(picked) == 1)
        if len(picked) == 1:
            for word, meaning in states.question(picked[0], self.frame.zone):
                self._shown[word].setText(meaning)

    def _build(self) -> None:
        facts = QGridLayout(self._facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(2)
        facts.setColumnStretch(1, 1)
        for row, word in enumerate((tr("For"), tr("Valid"), tr("Note"))):
            self._shown[word] = Label("", wrap=True)
            name = Label(word, "header", "text2")
            facts.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(self._shown[word], row, 1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._facts)
        self.body.addWidget(self.note)
        self.cancel_button.setText(tr("Close"))
        self.add_button(self.reject_button)


def read(desk: Any, stop: Event) -> Read:
    """Ask what waits, and what this person may do about it."""
    policy = desk.pricing.current(stop=stop).prices.policy.support
    reasons: Sequence[Reason] = policy.reasons
    return Read(
        rows=tuple(desk.support.waiting(stop=stop)),
        may_approve=desk.writable and may(desk.staff.me(stop=stop).role, Act.APPROVE),
        reasons={reason.key: reason.name for reason in reasons},
    )


def decide_each(
    desk: Any, numbers: Sequence[int], act: Callable[[Any, int], object], stop: Event
) -> Decided:
    """Decide on each in a transaction of its own; one that is refused holds up no other."""
    done = 0
    refused: list[str] = []
    for number in numbers:
        if stop.is_set():
            break
        try:
            act(desk, number)
            done += 1
        except DatabaseFailed as error:
            return Decided(done, tuple(refused), of(error.said))
        except CreditsError as error:
            refused.append(of(error.said))
    return Decided(done, tuple(refused))


def _said(what: Decision, done: int, picked: Sequence[WaitingGrant]) -> str:
    if len(picked) > 1:
        return {
            "approved": trn("Approved {count} grant.", "Approved {count} grants.", done),
            "rejected": trn("Rejected {count} grant.", "Rejected {count} grants.", done),
            "withdrew": trn("Withdrew {count} grant.", "Withdrew {count} grants.", done),
        }[what]
    (one,) = picked
    credits = trn("{count} credit", "{count} credits", one.approval.credits)
    whom = write.name(one.name or one.email)
    return {
        "approved": tr("Approved {credits} for {whom}.", credits=credits, whom=whom),
        "rejected": tr("Rejected {credits} for {whom}.", credits=credits, whom=whom),
        "withdrew": tr("Withdrew {credits} for {whom}.", credits=credits, whom=whom),
    }[what]
