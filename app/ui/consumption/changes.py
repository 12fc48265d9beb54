"""The line under the chart that says which price lists began in its months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip

from app.ui.charts.data import Mark, MonthSeries
from app.ui.consumption import words
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.text import ElidedLabel, plain_tip

_STEPPED: Final = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}


class ChangesLine(ElidedLabel):
    """All changes in one line, cut where there is no room: the keyboard stops here to read them."""

    def __init__(self) -> None:
        super().__init__("", "caption", "text2")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setContentsMargins(0, 3, 0, 3)  # so that the ring keeps off the letters
        show_focus(self)
        self._marks: Sequence[Mark] = ()
        self.hide()

    def show_changes(self, data: MonthSeries) -> None:
        """Say the changes that are marked on the chart; each has a line of its own in the tip."""
        if data.marks == self._marks:
            return
        self._marks = data.marks
        self.setText(words.changes(data))
        self.setToolTip(plain_tip("\n".join(mark.said for mark in data.marks)))
        self.setVisible(bool(data.marks))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _STEPPED:
            self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        QToolTip.hideText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._tell()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)
