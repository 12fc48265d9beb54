"""The table of prices: a price is edited in its cell, and refused there with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.calendar import Month
from app.domain.errors import PriceListInvalid
from app.domain.price_file import MOST_PRICE
from app.ui import format as write
from app.ui.language import tr
from app.ui.prices.pasting import pasted
from app.ui.prices.rows import PriceRow, price_columns
from app.ui.rows_model import Index, RowsModel
from app.ui.widgets.fields import AmountField, mark_wrong
from app.ui.widgets.table_paint import RowDelegate
from app.ui.widgets.text import Badge
from app.ui.widgets.wide_table import WideTable

R = TypeVar("R")

_ENTERS: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_DIGITS: Final = "0123456789"


class PricesModel(RowsModel[PriceRow]):
    """Rows whose price can be edited, with the use of one month beside it."""

    def __init__(self, rows: Sequence[PriceRow] = ()) -> None:
        super().__init__(price_columns("", ""), rows)

    def name_months(self, month: Month) -> None:
        """Name the last full month in the header, and the one before it."""
        short, before = write.short_month(month.month), write.short_month(month.previous.month)
        self.columns = price_columns(short, before)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def place_of(self, key: str) -> int:
        """Where a feature stands, or -1."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), -1)


class PriceTable(WideTable[PriceRow]):
    """Prices to edit: Enter, a double click or just typing a number (the page adds F2).

    - `priced(key, credits)` when a price was entered; `pasted(prices by key)` when several were.
    - `refused(sentence)` when a cell cannot be edited, or was left with something invalid in it.
    """

    priced = Signal(str, int)
    pasted = Signal(object)
    refused = Signal(str)

    def __init__(self, model: PricesModel) -> None:
        super().__init__(model, tr("Prices of features"))
        self.prices_model = model
        self.why_not = ""
        """Why nothing can be edited; empty where it can."""
        self.setItemDelegate(PriceDelegate(self))
        self._place = [column.key for column in model.columns].index("credits")
        self._shown = self._waiting = list(model.rows)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self.show_prices(self._waiting))
        self.opened.connect(self.edit_price)

    def edit_price(self, row: PriceRow) -> None:
        """Begin to edit the price of a row, or say why it cannot be."""
        why = self.why_not or _why_not(row)
        if why:
            self.refused.emit(why)
            return
        index = self.prices_model.index(self.prices_model.place_of(row.key), self._place)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def paste(self) -> None:
        """Take prices from the clipboard, all of them in one step, or say why not."""
        if self.why_not:
            self.refused.emit(self.why_not)
            return
        rows, current = self.prices_model.rows, self.currentIndex().row()
        try:
            prices = pasted(QGuiApplication.clipboard().text(), rows, current, self.chosen_rows())
        except PriceListInvalid as error:
            self.refused.emit(str(error))
        else:
            self.pasted.emit(prices)

    def chosen_rows(self) -> list[int]:
        """The numbers of the rows that are selected."""
        return [index.row() for index in self.selectionModel().selectedRows()]

    @property
    def editor(self) -> AmountField | None:
        """The field a price is being entered in, if one is."""
        field = self.indexWidget(self.currentIndex())
        found = field if isinstance(field, AmountField) else None
        return found or next(iter(self.viewport().findChildren(AmountField)), None)

    def show_prices(self, rows: Sequence[PriceRow]) -> None:
        """Show these rows, but not under a price that is being entered: then right afterwards.

        The keyboard stays on its feature and the view where it is.
        """
        self._waiting = list(rows)
        if self.state() is not PriceTable.State.EditingState:
            self._show_waiting()

    def catch_up(self) -> None:
        """A price was entered or given up: catch up with what came meanwhile."""
        self._later.start()

    def _show_waiting(self) -> None:
        if self._waiting == self._shown:
            return
        row, place = self.current_row(), self.verticalScrollBar().value()
        self._shown = self._waiting
        self.prices_model.show_rows(self._shown)
        if row is not None and self.prices_model.place_of(row.key) >= 0:
            self.setCurrentIndex(
                self.prices_model.index(self.prices_model.place_of(row.key), self._place)
            )
        self.verticalScrollBar().setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() is PriceTable.State.EditingState:
            return  # the field in the cell lets Enter through, which must not begin anew
        row = self.current_row()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif row is None or not plain:
            super().keyPressEvent(event)
        elif event.text() and event.text() in _DIGITS:
            self.edit_price(row)
            if self.editor is not None:
                self.editor.setText(event.text())
        else:
            super().keyPressEvent(event)


class PriceDelegate(RowDelegate):
    """Lets a price be entered; one that is not allowed stays in the field with the reason."""

    def __init__(self, table: PriceTable) -> None:
        super().__init__(table)
        self._prices = table
        self._bubble: Badge | None = None

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        editor = AmountField(1, MOST_PRICE, tr("Credits"))
        editor.setParent(parent)
        editor.setObjectName("celleditor")
        editor.changed.connect(lambda: self._fine(editor))
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self._prices.rows.row(index.row())
        if isinstance(editor, AmountField) and row is not None and not editor.text():
            editor.set_amount(row.feature.credits)
            editor.selectAll()

    def setModelData(
        self, editor: QWidget, model: Any, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._prices.rows.row(index.row())
        if isinstance(editor, AmountField) and row is not None and editor.amount is not None:
            self._prices.priced.emit(row.key, editor.amount)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if not isinstance(editor, AmountField) or not editor.problem:
            return super().eventFilter(editor, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTERS or event.key() == Qt.Key.Key_Tab:
                self._refuse(editor)
                return True
        elif event.type() == QEvent.Type.FocusOut:
            self._prices.refused.emit(tr("Nothing was changed: {problem}", problem=editor.problem))
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
            return False
        return super().eventFilter(editor, event)

    def destroyEditor(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        self._hide_bubble()
        super().destroyEditor(editor, index)
        self._prices.catch_up()

    def _refuse(self, editor: AmountField) -> None:
        mark_wrong(editor, editor.problem)
        self._hide_bubble()
        self._bubble = Badge(editor.problem, "danger")
        self._bubble.setParent(editor.parentWidget())
        self._bubble.adjustSize()
        self._bubble.move(_place_beside(self._bubble, editor))
        self._bubble.show()

    def _fine(self, editor: AmountField) -> None:
        mark_wrong(editor)
        self._hide_bubble()

    def _hide_bubble(self) -> None:
        if self._bubble is not None:
            self._bubble.hide()
            self._bubble.deleteLater()
            self._bubble = None


def _place_beside(bubble: QWidget, editor: QWidget) -> QPoint:
    """Under the editor, right edges together; above it where the view ends."""
    field, gap = editor.geometry(), 3
    left = max(0, field.right() - bubble.width() + 1)
    below = field.bottom() + gap
    view = editor.parentWidget()
    if view is None or below + bubble.height() <= view.height():
        return QPoint(left, below)
    return QPoint(left, field.top() - gap - bubble.height())


def _why_not(row: PriceRow) -> str:
    if row.free:
        return tr(
            "{name} is a free action: it costs nothing and has no price to edit.",
            name=row.feature.name,
        )
    if row.retired:
        return tr(
            "{name} is retired by this draft; restore it to edit its price.", name=row.feature.name
        )
    return ""
