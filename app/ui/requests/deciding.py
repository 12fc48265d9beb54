"""Deciding about a grant that waits for approval, where its request is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from app.domain.grants import Grant
from app.domain.staff import Act
from app.ui import format as write
from app.ui.act_dialog import ActDialog
from app.ui.page import Frame
from app.ui.requests.answering import ANSWERED
from app.ui.requests.reading import Case
from app.ui.standing import Standing
from app.ui.widgets.button import Button
from app.ui.widgets.fields import Labelled, NoteField
from app.ui.widgets.text import Label


class DecideDialog(ActDialog):
    """Says who asked for what and why, and approves it or turns it down, once."""

    changes: ClassVar[frozenset[str]] = ANSWERED

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        case: Case,
        standing: Standing,
        decided: Callable[[str], None],
    ) -> None:
        waiting, why_not = case.approval, why_not_decide(case, standing)
        if waiting is None:
            message = "The request waits for no approval."
            raise ValueError(message)
        credits = write.counted(waiting.credits, "credit")
        super().__init__(parent, frame, f"Approve {credits}?", f"Approve {credits}", width=540)
        self._approval, self._decided = waiting, decided
        self._said = credits
        ago = write.ago(waiting.asked_at, frame.now())
        asked = (
            f"{write.name(waiting.asked_by)} asked for this {ago}, ticket"
            f" {write.text(waiting.ticket)}. Reason: {standing.reason(waiting.reason)}."
        )
        self.body.addWidget(Label(asked, wrap=True))
        if waiting.note:
            self.body.addWidget(Label(write.paragraph(waiting.note), ink="text2", wrap=True))
        self.body.addWidget(Label(_balance(case, waiting.credits), "name"))
        self.note = NoteField("Note", "Why, for whoever asked", lines=2)
        self.body.addWidget(Labelled("Note", self.note))
        self.turn_down_button = Button("Turn down", self.turn_down, kind="danger")
        self.body.addWidget(self.turn_down_button)
        self.turn_down_button.setEnabled(not why_not)
        self.foot_note.setText(why_not)
        self.set_act(f"Approve {credits}", allowed=not why_not)
        self.note.setFocus()

    def submit(self) -> None:
        number, note = self._approval.id, self.note.text

        def approve(desk: Any) -> Grant:
            granted: Grant = desk.support.approve(number, note)
            return granted

        self.write(approve, lambda _grant: self._decided(f"Approved {self._said}."))

    def turn_down(self) -> None:
        """Give nothing: the request goes back to who asked, with the note."""
        if self.busy:
            return
        number, note = self._approval.id, self.note.text
        self._set_busy(busy=True)
        self.write(
            lambda desk: desk.support.reject(number, note),
            lambda _approval: self._decided(f"Turned down {self._said}."),
        )


def _balance(case: Case, credits: int) -> str:
    if case.account is None:
        return ""
    before = case.account.available
    return f"Balance {write.credits(before)} → {write.credits(before + credits)}"


def why_not_decide(case: Case, standing: Standing) -> str:
    """Why the person may not decide this, as a sentence; empty if they may."""
    denied = standing.why_not(Act.APPROVE)
    if denied:
        return denied
    waiting = case.approval
    if waiting is not None and waiting.asked_by == standing.member.email:
        return "You asked for this yourself; somebody else has to decide it."
    return ""
