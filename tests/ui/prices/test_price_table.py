"""A price is edited in its cell, by keyboard alone, and refused there with the reason."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.prices import MonthOfUse
from app.ui.prices.editing import Editing
from app.ui.prices.rows import price_rows
from app.ui.prices.table import PricesModel, PriceTable
from app.ui.widgets.text import Badge


@pytest.fixture
def table(qtbot: QtBot, editing: Editing, month: MonthOfUse) -> PriceTable:
    model = PricesModel(price_rows(editing, month))
    shown = PriceTable(model)
    qtbot.addWidget(shown)
    shown.resize(1100, 640)
    shown.show()
    qtbot.waitExposed(shown)
    shown.setCurrentIndex(model.index(5, 0))
    shown.setFocus()
    return shown


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)


def bubbles(table: PriceTable) -> list[str]:
    return [badge.text() for badge in table.viewport().findChildren(Badge) if badge.isVisible()]


def test_a_price_is_edited_from_the_keyboard(qtbot: QtBot, table: PriceTable) -> None:
    press(table, Qt.Key.Key_Return)
    assert table.editor is not None
    assert table.editor.selectedText() == "4"
    QTest.keyClicks(table.editor, "5")
    with qtbot.waitSignal(table.priced) as priced:
        press(table.editor, Qt.Key.Key_Return)
    assert priced.args == ["ghostface", 5]


def test_typing_a_number_begins_to_edit(qtbot: QtBot, table: PriceTable) -> None:
    QTest.keyClicks(table, "1")
    assert table.editor is not None
    QTest.keyClicks(table.editor, "2")
    with qtbot.waitSignal(table.priced) as priced:
        press(table.editor, Qt.Key.Key_Return)
    assert priced.args == ["ghostface", 12]


@pytest.mark.parametrize("typed", ["0", "-3", "10001", "1.5", "four", ""])
def test_an_invalid_price_stays_in_the_cell_with_the_reason(table: PriceTable, typed: str) -> None:
    heard: list[object] = []
    table.priced.connect(lambda *args: heard.append(args))
    press(table, Qt.Key.Key_Return)
    editor = table.editor
    assert editor is not None
    editor.setText(typed)
    press(editor, Qt.Key.Key_Return)
    assert table.editor is editor
    (said,) = bubbles(table)
    assert "whole number from 1 to 10,000" in said
    assert typed in said
    assert editor.accessibleDescription() == said
    editor.setText("7")
    assert bubbles(table) == []
    assert heard == []


def test_escape_gives_the_old_price_back(table: PriceTable) -> None:
    heard: list[object] = []
    table.priced.connect(lambda *args: heard.append(args))
    press(table, Qt.Key.Key_Return)
    assert table.editor is not None
    table.editor.setText("9")
    press(table.editor, Qt.Key.Key_Escape)
    assert heard == []
    assert table.rows.data(table.currentIndex()) == "4"


def test_leaving_a_cell_with_an_invalid_price_says_that_nothing_was_changed(
    qtbot: QtBot, table: PriceTable
) -> None:
    press(table, Qt.Key.Key_Return)
    assert table.editor is not None
    table.editor.setText("0")
    with qtbot.waitSignal(table.refused) as refused:
        table.editor.clearFocus()
    assert "Nothing was changed: “0”" in refused.args[0]


def test_a_free_action_says_why_it_cannot_be_edited(qtbot: QtBot, table: PriceTable) -> None:
    table.setCurrentIndex(table.rows.index(17, 0))
    with qtbot.waitSignal(table.refused) as refused:
        press(table, Qt.Key.Key_Return)
    assert "costs nothing" in refused.args[0]


def test_whoever_may_not_edit_hears_why(qtbot: QtBot, table: PriceTable) -> None:
    table.why_not = "Your role may not edit prices."
    with qtbot.waitSignal(table.refused) as refused:
        press(table, Qt.Key.Key_Return)
    assert refused.args == ["Your role may not edit prices."]
    assert table.editor is None


def test_the_keyboard_stays_on_its_feature_when_the_rows_change(
    table: PriceTable, editing: Editing, month: MonthOfUse
) -> None:
    table.show_prices(price_rows(editing.without("remove_bg_single"), month)[1:])
    row = table.current_row()
    assert row is not None
    assert row.key == "ghostface"
