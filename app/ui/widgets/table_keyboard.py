"""Keeps the keyboard in a table on a row, so that it is seen where it is."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, Slot
from PySide6.QtWidgets import QTableView


class OnARow(QObject):
    """Puts the keyboard on the first row where rows come, or come anew, and it is in the table.

    Qt does so only at the moment the keyboard comes to a table. It looks when whoever brought the
    rows has ended: they may have put the keyboard back on the row it was on.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        for came in (table.model().modelReset, table.model().rowsInserted):
            came.connect(self._look, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _look(self) -> None:
        table = self._table
        if table.hasFocus() and not table.currentIndex().isValid():
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            table.selectionModel().setCurrentIndex(self._first(), flag)

    def _first(self) -> QModelIndex:
        """The first cell that is shown; nowhere in an empty table."""
        places = range(self._table.model().columnCount())
        shown = (place for place in places if not self._table.isColumnHidden(place))
        return self._table.model().index(0, next(shown, 0))
