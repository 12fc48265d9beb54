"""A field for a day, which may be left empty."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QEvent, QObject, Signal
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QLineEdit, QMenu, QWidget, QWidgetAction

from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import current, dress
from app.ui.typed_instants import read_day
from app.ui.widgets.button import IconButton
from app.ui.widgets.fields import mark_wrong

_WIDTH: Final = 128
_BUTTON: Final = 26


class DayField(QWidget):
    """A day to type or to choose from a calendar; `chosen` when it is another one, or none."""

    chosen = Signal()

    def __init__(
        self, name: str, today: Callable[[], date], placeholder: str = tr("any day")
    ) -> None:
        super().__init__()
        self.day: date | None = None
        self.problem = ""
        self._name = name
        self._today = today
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setMaxLength(40)
        dress(self.edit, "body")
        self.calendar_button = IconButton(
            "calendar", tr("{name}: calendar", name=name), self.open_calendar
        )
        self.calendar_button.setParent(self.edit)
        self.edit.setTextMargins(0, 0, _BUTTON - 6, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        self.edit.editingFinished.connect(self._take)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        current().changed.connect(self._measure)
        self._measure()

    def set_day(self, day: date | None) -> None:
        """Show this day, or none; a text that is no day stays until it is mended."""
        if self.problem and day == self.day:
            return
        self.day = day
        self.refuse("")
        self.edit.setText(write.day(day) if day else "")

    def refuse(self, sentence: str) -> None:
        """Say why what stands here cannot be taken; an empty sentence: it can."""
        self.problem = sentence
        mark_wrong(self.edit, sentence)

    def open_calendar(self) -> QMenu:
        """Choose from a calendar."""
        menu = QMenu(self)
        calendar = QCalendarWidget()
        calendar.setAccessibleName(self._name)
        if self.day:
            calendar.setSelectedDate(QDate(self.day.year, self.day.month, self.day.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def took(picked: QDate) -> None:
            menu.close()
            self.edit.setText(picked.toString("yyyy-MM-dd"))
            self._take()

        calendar.clicked.connect(took)
        calendar.activated.connect(took)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.setFocus()
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.calendar_button.resize(_BUTTON, self.edit.height() - 4)
            self.calendar_button.move(self.edit.width() - _BUTTON - 2, 2)
        if event.type() is QEvent.Type.FocusOut and not self.edit.text().strip():
            self._take()
        return False

    def _measure(self) -> None:
        self.setFixedWidth(current().px(_WIDTH))

    def _take(self) -> None:
        typed = self.edit.text()
        day = read_day(typed, self._today())
        if typed.strip() and day is None:
            self.refuse(
                tr(
                    "“{typed}” is not a day like 2026-01-31, 31 Jan or yesterday.",
                    typed=typed.strip(),
                )
            )
            return
        self.refuse("")
        self.edit.setText(write.day(day) if day else "")
        if day != self.day:
            self.day = day
            self.chosen.emit()
