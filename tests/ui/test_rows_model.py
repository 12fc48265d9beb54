"""The table models: all rows at once, and a window over a million that never blocks."""

import threading
import time
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.ui.background import Background
from app.ui.columns import Column
from app.ui.rows_model import BLOCK, BLOCKS_ASKED, BLOCKS_KEPT, PagedModel, RowsModel

COLUMNS: tuple[Column[int], ...] = (
    Column("number", "Number", lambda row: f"{row:,}", value=lambda row: row, align="end"),
    Column("even", "Even", lambda row: "yes" if row % 2 == 0 else "—", tip=lambda row: f"<b>{row}"),
)


def counting(offset: int, limit: int, stop: threading.Event) -> Sequence[int]:
    return range(offset, offset + limit)


def test_a_model_shows_its_rows_through_its_columns(qapp: object) -> None:
    model = RowsModel(COLUMNS, [3, 1_000])
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.data(model.index(1, 0)) == "1,000"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Even"
    tip = model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>&lt;b&gt;3</qt>"
    assert model.data(QModelIndex()) is None


def test_sorting_keeps_the_selected_row_selected_and_can_be_taken_back(qapp: object) -> None:
    model = RowsModel(COLUMNS, [5, 3, 9, 4])
    held = model.index(2, 0)
    from PySide6.QtCore import QPersistentModelIndex

    kept = QPersistentModelIndex(held)
    model.sort(0)
    assert list(model.rows) == [3, 4, 5, 9]
    assert kept.row() == 3
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert list(model.rows) == [9, 5, 4, 3]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert list(model.rows) == [4, 5, 3, 9]
    model.sort(-1)
    assert list(model.rows) == [5, 3, 9, 4]


def test_new_rows_come_in_the_sorting_in_force(qapp: object) -> None:
    model = RowsModel(COLUMNS, [2, 1])
    model.sort(0)
    model.show_rows([9, 7, 8])
    assert list(model.rows) == [7, 8, 9]


def test_a_million_rows_open_at_once_and_arrive_as_they_are_looked_at(
    background: Background, qtbot: QtBot
) -> None:
    model = PagedModel(COLUMNS, background)
    began = time.perf_counter()
    model.show_source(1_000_000, counting)
    assert time.perf_counter() - began < 0.1
    assert model.rowCount() == 1_000_000
    assert model.data(model.index(777_777, 0)) is None
    with qtbot.waitSignal(model.dataChanged):
        pass
    assert model.data(model.index(777_777, 0)) == "777,777"


def test_rows_given_with_the_source_need_no_question(background: Background) -> None:
    model = PagedModel(COLUMNS, background)
    model.show_source(3, counting, [7, 8, 9])
    assert [model.row(number) for number in range(3)] == [7, 8, 9]
    assert not model.loading


def test_a_short_first_block_is_read_again_in_full(background: Background, qtbot: QtBot) -> None:
    model = PagedModel(COLUMNS, background)
    model.show_source(BLOCK, counting, [0, 1])
    assert model.row(0) is None
    with qtbot.waitSignal(model.dataChanged):
        pass
    assert model.row(BLOCK - 1) == BLOCK - 1


def test_scrolling_far_keeps_few_questions_and_few_blocks(
    background: Background, qtbot: QtBot
) -> None:
    model = PagedModel(COLUMNS, background)
    model.show_source(1_000_000, counting)
    for block in range(100):
        model.row(block * BLOCK)
        assert len(model._asked) <= BLOCKS_ASKED
    qtbot.waitUntil(lambda: not model.loading)
    for block in range(BLOCKS_KEPT + 10):
        model.row(block * BLOCK)
        qtbot.waitUntil(lambda: not model.loading)
    assert len(model._blocks) == BLOCKS_KEPT


def test_blocks_of_an_earlier_source_never_show_in_a_later_one(
    background: Background, qtbot: QtBot
) -> None:
    model = PagedModel(COLUMNS, background)
    go_on = threading.Event()

    def old(offset: int, limit: int, stop: threading.Event) -> Sequence[int]:
        go_on.wait(10)
        return [-1] * limit

    model.show_source(500, old)
    model.row(0)
    model.show_source(500, counting)
    model.row(0)
    go_on.set()
    with qtbot.waitSignal(model.dataChanged):
        pass
    qtbot.waitUntil(lambda: not background.busy)
    assert model.row(0) == 0


def test_a_failed_block_is_told_once_and_not_asked_for_ever(
    background: Background, qtbot: QtBot
) -> None:
    failures: list[Exception] = []

    def broken(offset: int, limit: int, stop: threading.Event) -> Sequence[int]:
        raise OSError("the disk is gone")

    model = PagedModel(COLUMNS, background, failures.append)
    model.show_source(500, broken)
    model.row(0)
    qtbot.waitUntil(lambda: bool(failures))
    assert model.row(0) is None
    assert not model.loading
    assert len(failures) == 1


@pytest.mark.parametrize("loaded", [True, False])
def test_gathered_rows_are_complete_whether_loaded_or_not(
    background: Background, qtbot: QtBot, loaded: bool
) -> None:
    model = PagedModel(COLUMNS, background)
    model.show_source(1_000, counting, list(range(1_000)) if loaded else ())
    gathered: list[list[int]] = []
    model.gather([5, 250, 999], gathered.append, list)
    qtbot.waitUntil(lambda: bool(gathered))
    assert gathered == [[5, 250, 999]]
