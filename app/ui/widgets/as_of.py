"""A field for the instant at which something is looked at: typed, stepped or from a calendar."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QDate, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QLineEdit, QMenu, QWidget, QWidgetAction

from app.domain.errors import InvalidInstant
from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import current, dress
from app.ui.typed_instants import read_typed
from app.ui.widgets.button import IconButton
from app.ui.widgets.fields import mark_wrong
from app.ui.widgets.text import plain_tip

SETTLES_MS: Final = 300
"""How long stepping must stand still before it counts: keys repeat."""
_STEPS: Final = {
    Qt.Key.Key_Up: timedelta(days=1),
    Qt.Key.Key_Down: timedelta(days=-1),
    Qt.Key.Key_PageUp: timedelta(days=30),
    Qt.Key.Key_PageDown: timedelta(days=-30),
}
_WIDTH: Final = 168


class AsOfField(QWidget):
    """`chosen(datetime | None)` on Enter, on leaving, from the calendar or by stepping a day.

    None is now. `refused(sentence)` where what was typed is no instant (empty: it is one again);
    what was typed stays. Esc brings back what was shown, and pressed again now.
    """

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, zone: tzinfo, now: Callable[[], datetime], name: str) -> None:
        super().__init__()
        self._zone, self._now = zone, now
        self._shown: datetime | None = None
        self._moved: datetime | None = None
        self._name = name
        self.problem = ""
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setMaxLength(80)
        self.edit.setPlaceholderText(tr("now"))
        dress(self.edit, "body")
        self.calendar_button = IconButton(
            "calendar", tr("{name}: calendar", name=name), self.open_calendar
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.edit)
        row.addWidget(self.calendar_button)
        self._timer = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._timer.timeout.connect(lambda: self.chosen.emit(self._moved))
        self.edit.returnPressed.connect(self.take)
        self.edit.editingFinished.connect(self._left)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        current().changed.connect(self._measure)
        self._measure()
        self._describe()

    @property
    def instant(self) -> datetime | None:
        """The instant shown; None is now."""
        return self._shown

    def set_instant(self, at: datetime | None) -> None:
        """Show an instant, None for now. What somebody is typing stays as it is."""
        self._timer.stop()
        if at == self._shown and (self.edit.isModified() or self.problem):
            return
        self._shown = at
        self._put(at)

    def begin(self) -> None:
        """Go to the field, all of it chosen: what is typed next replaces what stands there."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def take(self) -> None:
        """Read what was typed."""
        self._timer.stop()
        try:
            at = read_typed(self.edit.text(), self._zone, self._now())
        except InvalidInstant as error:
            self._refuse(str(error))
            return
        self._put(at)
        self.chosen.emit(at)

    def restore(self) -> None:
        """Show again what holds."""
        self._timer.stop()
        self._put(self._shown)

    def open_calendar(self) -> QMenu:
        """Choose a day from a calendar; the time of day stays."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setAccessibleName(self._name)
        local = (self._shown or self._now()).astimezone(self._zone)
        calendar.setSelectedDate(QDate(local.year, local.month, local.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def took(day: QDate) -> None:
            menu.close()
            picked = local.replace(year=day.year(), month=day.month(), day=day.day(), fold=0)
            self._put(picked)
            self.chosen.emit(picked)

        calendar.clicked.connect(took)
        calendar.activated.connect(took)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.setFocus()
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _STEPS:
                self._step(_STEPS[key])
                return True
            if key is Qt.Key.Key_Escape:
                return self._step_back()
        return super().eventFilter(watched, event)

    def _step_back(self) -> bool:
        """Esc: out of what is being typed, then back to now; true if there was any of it."""
        if self.edit.isModified() or self.problem:
            self.restore()
        elif self._shown is not None:
            self._timer.stop()
            self._put(None)
            self.chosen.emit(None)
        else:
            return False
        return True

    def _step(self, by: timedelta) -> None:
        try:
            at = read_typed(self.edit.text(), self._zone, self._now()) or self._now()
        except InvalidInstant:
            at = self._shown or self._now()
        # On the clocks of the zone, so that noon stays noon.
        self._moved = (at.astimezone(self._zone) + by).replace(fold=0)
        self._put(self._moved)
        self._timer.start()

    def _left(self) -> None:
        if self.edit.isModified():
            self.take()

    def _put(self, at: datetime | None) -> None:
        self.edit.setText("" if at is None else write.minute(at, self._zone))
        self.edit.setModified(False)
        self._refuse("")

    def _refuse(self, sentence: str) -> None:
        said, self.problem = self.problem, sentence
        mark_wrong(self.edit, sentence)
        self._describe()
        if sentence != said:
            self.refused.emit(sentence)

    def _describe(self) -> None:
        if not self.problem:
            tip = tr(
                "{name}, in {zone}: 31 Jan 12:00, yesterday 9:00,",
                name=self._name,
                zone=write.zone_name(self._zone),
            )
            self.edit.setToolTip(plain_tip(tr("{tip} 3 days ago, 2026-01-31T12:00Z", tip=tip)))

    def _measure(self) -> None:
        self.edit.setFixedWidth(current().px(_WIDTH))
