"""What is said of approvals outside their dialog: the chip in the top bar, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event
from typing import Any

from PySide6.QtCore import QObject

from app.domain.approvals import Approval
from app.domain.staff import Act, Allowed, may
from app.ui import approvals_state as states
from app.ui import format as write
from app.ui.actions import Action
from app.ui.approvals import ApprovalsDialog
from app.ui.background import Latest
from app.ui.language import tr
from app.ui.window import Window

SEEN = "approvals/seen"
"""Under which the window keeps when the last decision was that the person heard of."""
_CONCERNS = frozenset({"accounts", "support", "requests", "staff"})


@dataclass(frozen=True)
class News:
    """What waits for the person, what was decided for them, and what they may give today."""

    words: str
    decided: tuple[Approval, ...]
    allowed: Allowed


class ApprovalsWatch(QObject):
    """Looks anew whenever something was given or decided, here or by another program."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._question = Latest(window.background, owner=self)
        self._dialog: ApprovalsDialog | None = None
        window.told.connect(self._heard)
        window.top.approvals_wanted.connect(self.open)
        window.registry.add([Action("approvals", tr("Approvals…"), self.open, "Ctrl+Shift+A")])
        self.look()

    def look(self) -> None:
        """Ask what is new."""
        desk, since = self._window.desk, self._seen()
        self._question.ask(lambda stop: read_news(desk, since, stop), self._show)

    def open(self) -> ApprovalsDialog:
        """Open the dialog, once."""
        from PySide6.QtCore import Qt

        if self._dialog is None:
            self._dialog = ApprovalsDialog(self._window, self._window)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialog.finished.connect(self._closed)
            self._dialog.open()
        return self._dialog

    def _closed(self) -> None:
        self._dialog = None

    def _heard(self, changes: frozenset[str]) -> None:
        if changes & _CONCERNS:
            self.look()
            if self._dialog is not None and not self._dialog.busy:
                self._dialog.reload()

    def _seen(self) -> datetime:
        kept = self._window.recall(SEEN)
        try:
            return datetime.fromisoformat(str(kept))
        except ValueError:
            now = self._window.now()
            self._window.remember(SEEN, now.isoformat())
            return now

    def _show(self, news: News) -> None:
        window = self._window
        window.top.show_approvals(news.words)
        if news.allowed.today is not None:
            role = window.standing.role.partition(" · ")[0]
            left = tr(
                "{role} · {today} left today", role=role, today=write.credits(news.allowed.today)
            )
            if left != window.standing.role:
                window.show_standing(replace(window.standing, role=left))
        self._tell(news.decided)

    def _tell(self, decided: Sequence[Approval]) -> None:
        for one in decided:
            tone = "success" if one.approved else "danger"
            self._window.say(states.decided_words(one), tone=tone)
            if one.decided_at is not None:
                self._window.remember(SEEN, one.decided_at.isoformat())
        if decided:
            self._window.heard({"accounts"})


def read_news(desk: Any, since: datetime, stop: Event) -> News:
    """Ask what waits, and what was decided since."""
    may_approve = desk.writable and may(desk.staff.me(stop=stop).role, Act.APPROVE)
    waiting = desk.support.waiting(stop=stop) if may_approve else ()
    return News(
        words=states.chip_words(waiting, may_approve=may_approve),
        decided=tuple(desk.support.decisions(since, stop=stop)),
        allowed=desk.support.allowed(stop=stop),
    )
