"""Deciding about a grant that waits for approval, where its request is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from app.domain.grants import Grant
from app.domain.staff import Act
from app.ui import format as write
from app.ui.act_dialog import ActDialog
from app.ui.language import tr, trn
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
            message = tr("The request waits for no approval.")
            raise ValueError(message)
        credits = trn("{count} credit", "{count} credits", waiting.credits)
        super().__init__(
            parent,
            frame,
            tr("Approve {credits}?", credits=credits),
            tr("Approve {credits}", credits=credits),
            width=540,
        )
        self._approval, self._decided = waiting, decided
        self._said = credits
        ago = write.ago(waiting.asked_at, frame.now())
        asked = tr(
            "{asked_by} asked for this {ago}, ticket {ticket}. Reason: {reason}.",
            asked_by=write.name(waiting.asked_by),
            ago=ago,
            ticket=write.text(waiting.ticket),
            reason=standing.reason(waiting.reason),
        )
        self.body.addWidget(Label(asked, wrap=True))
        if waiting.note:
            self.body.addWidget(Label(write.paragraph(waiting.note), ink="text2", wrap=True))
        self.body.addWidget(Label(_balance(case, waiting.credits), "name"))
        self.note = NoteField(tr("Note"), tr("Why, for whoever asked"), lines=2)
        self.body.addWidget(Labelled(tr("Note"), self.note))
        self.turn_down_button = Button(tr("Turn down"), self.turn_down, kind="danger")
        self.body.addWidget(self.turn_down_button)
        self.turn_down_button.setEnabled(not why_not)
        self.foot_note.setText(why_not)
        self.set_act(tr("Approve {credits}", credits=credits), allowed=not why_not)
        self.note.setFocus()

    def submit(self) -> None:
        number, note = self._approval.id, self.note.text

        def approve(desk: Any) -> Grant:
            granted: Grant = desk.support.approve(number, note)
            return granted

        self.write(approve, lambda _grant: self._decided(tr("Approved {said}.", said=self._said)))

    def turn_down(self) -> None:
        """Give nothing: the request goes back to who asked, with the note."""
        if self.busy:
            return
        number, note = self._approval.id, self.note.text
        self._set_busy(busy=True)
        self.write(
            lambda desk: desk.support.reject(number, note),
            lambda _approval: self._decided(tr("Turned down {said}.", said=self._said)),
        )


def _balance(case: Case, credits: int) -> str:
    if case.account is None:
        return ""
    before = case.account.available
    return tr(
        "Balance {before} → {before2}",
        before=write.credits(before),
        before2=write.credits(before + credits),
    )


def why_not_decide(case: Case, standing: Standing) -> str:
    """Why the person may not decide this, as a sentence; empty if they may."""
    denied = standing.why_not(Act.APPROVE)
    if denied:
        return denied
    waiting = case.approval
    if waiting is not None and waiting.asked_by == standing.member.email:
        return tr("You asked for this yourself; somebody else has to decide it.")
    return ""
