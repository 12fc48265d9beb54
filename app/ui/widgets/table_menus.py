"""The menus of a table: what can be done with its rows, and with its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.ui.language import tr

if TYPE_CHECKING:
    from app.ui.columns import Column
    from app.ui.widgets.table import Table


def context_menu(table: Table[Any]) -> QMenu:
    """What the page offers for the selected rows, copying, and the columns."""
    menu = _menu(table)
    offered = list(table.row_actions(table.selected()))
    if offered:
        menu.addActions(offered)
        menu.addSeparator()
    menu.addAction(tr("Copy cell")).triggered.connect(lambda _checked=False: table.copy_cell())
    for text, headers in (
        (tr("Copy rows\tCtrl+C"), False),
        (tr("Copy rows with headers\tCtrl+Shift+C"), True),
    ):
        menu.addAction(text).triggered.connect(
            lambda _checked=False, headers=headers: table.copy(headers=headers)
        )
    menu.addSeparator()
    columns = column_menu(table)
    columns.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    columns.setParent(menu, columns.windowFlags())
    columns.setTitle(tr("Columns"))
    menu.addMenu(columns)
    return menu


def column_menu(table: Table[Any]) -> QMenu:
    """Which columns are shown, where they stand, and by which to sort."""
    menu = _menu(table)
    for at, column in enumerate(table.rows.columns):
        action = menu.addAction(_title(column))
        action.setCheckable(True)
        action.setChecked(not table.isColumnHidden(at))
        action.setEnabled(table.isColumnHidden(at) or len(table.visible_columns()) > 1)
        action.toggled.connect(lambda shown, at=at: table.show_column(at, shown=shown))
    menu.addSeparator()
    _add_sorting(table, menu)
    _add_moving(table, menu)
    menu.addAction(tr("Reset columns")).triggered.connect(
        lambda _checked=False: table.reset_columns()
    )
    return menu


def _add_sorting(table: Table[Any], menu: QMenu) -> None:
    sortable = [column for column in table.rows.columns if column.sortable]
    if not sortable:
        return
    sorting = menu.addMenu(tr("Sort by"))
    for column in sortable:
        for descending, word in ((False, "ascending"), (True, "descending")):
            action = sorting.addAction(f"{_title(column)}, {word}")
            action.setCheckable(True)
            action.setChecked(table.sorted_by == (column.key, descending))
            action.triggered.connect(
                lambda _checked=False, key=column.key, descending=descending: table.sort_wanted(
                    key, descending=descending
                )
            )


def _add_moving(table: Table[Any], menu: QMenu) -> None:
    shown = table.visible_columns()
    for words, by, movable in ((tr("Move left"), -1, shown[1:]), (tr("Move right"), 1, shown[:-1])):
        moving = menu.addMenu(words)
        moving.setEnabled(bool(movable))
        for column in movable:
            moving.addAction(_title(column)).triggered.connect(
                lambda _checked=False, key=column.key, by=by: table.move_column(key, by)
            )


def _menu(table: Table[Any]) -> QMenu:
    menu = QMenu(table)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _title(column: Column[Any]) -> str:
    return column.title.replace("&", "&&")
