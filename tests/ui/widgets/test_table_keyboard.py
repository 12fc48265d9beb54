"""The keyboard in a table is on a row, and seen there, whenever the rows come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.background import Background
from app.ui.columns import Column
from app.ui.rows_model import PagedModel, RowsModel
from app.ui.theme import Theme
from app.ui.widgets.table import Table

NAMES = ("Ann", "Ben", "Carla")
COLUMNS: tuple[Column[str], ...] = (
    Column("code", "Code", lambda name: name[:1]),
    Column("name", "Name", lambda name: name, stretch=True),
)
Show = Callable[[Sequence[str]], None]


@pytest.fixture(params=["all of them", "a window over many"])
def made(
    qtbot: QtBot, theme: Theme, background: Background, request: pytest.FixtureRequest
) -> Iterator[tuple[Table[str], Show]]:
    """An empty table with the keyboard in it, and how its rows come."""
    whole, paged = RowsModel(COLUMNS), PagedModel(COLUMNS, background)
    many = request.param == "a window over many"
    table: Table[str] = Table(paged if many else whole, "Names")

    def show(names: Sequence[str]) -> None:
        if many:
            paged.show_source(len(names), lambda _at, _limit, _stop: names, names)
        else:
            whole.show_rows(names)

    top = QWidget()
    qtbot.addWidget(top)
    column = QVBoxLayout(top)
    column.addWidget(table)
    column.addWidget(QLineEdit())
    top.show()
    top.activateWindow()
    qtbot.waitUntil(top.isActiveWindow)
    table.setFocus()
    assert table.hasFocus()
    yield table, show
    top.close()


def looks(table: Table[str]) -> QImage:
    image: QImage = table.viewport().grab().toImage()
    return image


def test_rows_that_come_to_the_keyboard_have_it_on_the_first_of_them(
    made: tuple[Table[str], Show],
) -> None:
    table, show = made
    show(NAMES)
    QApplication.processEvents()
    assert table.current_row() == "Ann"
    assert table.selected() == [], "nobody chose it"
    seen = looks(table)
    table.clearFocus()
    assert looks(table) != seen


def test_a_row_is_chosen_where_the_keyboard_comes_to_a_table_and_not_where_the_mouse_does(
    made: tuple[Table[str], Show],
) -> None:
    table, show = made
    table.clearFocus()
    show(NAMES)
    table.setFocus(Qt.FocusReason.MouseFocusReason)
    assert table.selected() == []
    table.clearFocus()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.selected() == ["Ann"]
    table.selectRow(2)
    table.clearFocus()
    table.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert table.selected() == ["Carla"]


def test_rows_that_come_anew_have_the_keyboard_again(made: tuple[Table[str], Show]) -> None:
    table, show = made
    table.setColumnHidden(0, True)
    for names in (NAMES, (), ("Dora",)):
        show(names)
        QApplication.processEvents()
    assert table.current_row() == "Dora"
    assert table.currentIndex().column() == 1, "a column that is shown"


def test_whoever_brings_rows_may_put_the_keyboard_back_where_it_was(
    made: tuple[Table[str], Show],
) -> None:
    table, show = made
    show(NAMES)
    QApplication.processEvents()
    chosen: list[str] = []
    table.chosen.connect(chosen.append)
    show(NAMES)
    table.selectRow(2)
    QApplication.processEvents()
    assert chosen == ["Carla"]


def test_rows_that_come_while_the_keyboard_is_elsewhere_do_not_have_it(
    made: tuple[Table[str], Show],
) -> None:
    table, show = made
    table.clearFocus()
    show(NAMES)
    QApplication.processEvents()
    assert table.current_row() is None
