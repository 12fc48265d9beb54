"""Keeps the keyboard in a table on a row, so that it is seen where it is and acts have a row."""

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QTableView

_REASON = Qt.FocusReason
_NOT_BY_KEYS: Final = {
    _REASON.MouseFocusReason,
    _REASON.PopupFocusReason,
    _REASON.ActiveWindowFocusReason,
    _REASON.MenuBarFocusReason,
}
_FLAG = QItemSelectionModel.SelectionFlag


class OnARow(QObject):
    """Chooses a row where the keyboard comes to a table in which none is chosen.

    Where rows come, or come anew, while it is there, it is put on the first of them: Qt does that
    only at the moment at which it comes. It looks when whoever brought the rows has ended: they
    may have put the keyboard back on the row it was on.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        table.installEventFilter(self)
        for came in (table.model().modelReset, table.model().rowsInserted):
            came.connect(self._look, Qt.ConnectionType.QueuedConnection)

    def let_be(self) -> None:
        """Let the keyboard be on no row: a row chosen by itself would mean something here."""
        self._table.removeEventFilter(self)
        for came in (self._table.model().modelReset, self._table.model().rowsInserted):
            came.disconnect(self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        came = isinstance(event, QFocusEvent) and event.gotFocus()
        if came and event.reason() not in _NOT_BY_KEYS:  # type: ignore[attr-defined]
            chosen = self._table.selectionModel().hasSelection()
            self._go(_FLAG.NoUpdate if chosen else _FLAG.Select | _FLAG.Rows)
        return False

    @Slot()
    def _look(self) -> None:
        if self._table.hasFocus():
            self._go(_FLAG.NoUpdate)

    def _go(self, how: QItemSelectionModel.SelectionFlag) -> None:
        """Put the keyboard on the row it is on, or on the first where it is on none."""
        here: QModelIndex = self._table.currentIndex()
        self._table.selectionModel().setCurrentIndex(here if here.isValid() else self._first(), how)

    def _first(self) -> QModelIndex:
        """The first cell that is shown; nowhere in an empty table."""
        places = range(self._table.model().columnCount())
        shown = (place for place in places if not self._table.isColumnHidden(place))
        return self._table.model().index(0, next(shown, 0))
