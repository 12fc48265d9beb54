"""The table: what is selected, copied, sorted, ordered and remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.background import Background
from app.ui.columns import Column, credits_column, instant_column
from app.ui.rows_model import PagedModel, RowsModel
from app.ui.theme import Theme
from app.ui.widgets.paint import elided
from app.ui.widgets.table import COPIED_AT_MOST, Table
from app.ui.widgets.table_paint import CELL_PADDING


@dataclass(frozen=True)
class Entry:
    name: str
    credits: int
    ticket: str = "—"


COLUMNS: tuple[Column[Entry], ...] = (
    Column("name", "Name", lambda row: row.name, stretch=True),
    credits_column("credits", "Credits", lambda row: row.credits, signed=True),
    Column("ticket", "Ticket", lambda row: row.ticket, link=True),
)
ROWS = [
    Entry("Ben", -6),
    Entry("<img src=x><b>Ann", 150, "ZD-1"),
    Entry("Carla", 12),
]


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> Table[Entry]:
    made = Table(RowsModel(COLUMNS, ROWS), "Entries")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def place_of(table: Table[Entry], row: int, column: int) -> QPoint:
    return table.visualRect(table.model().index(row, column)).center()


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_a_row_is_selected_in_either_direction(
    table: Table[Entry], direction: Qt.LayoutDirection
) -> None:
    table.setLayoutDirection(direction)
    table.setColumnHidden(0, True)
    table.selectRow(1)
    assert table.selected_numbers() == [1]
    assert table.current_row() == ROWS[1]


def test_copying_takes_whole_rows_in_the_order_and_with_the_columns_shown(
    table: Table[Entry],
) -> None:
    table.setColumnHidden(2, True)
    table.horizontalHeader().moveSection(1, 0)
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "150\t<img src=x><b>Ann"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(table, Qt.Key.Key_C, both)
    assert clipboard() == "Credits\tName\n150\t<img src=x><b>Ann"


def test_select_all_is_a_flag_that_a_click_takes_back(table: Table[Entry]) -> None:
    table.selectAll()
    assert table.selected() == ROWS
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place_of(table, 2, 0))
    assert table.selected() == [ROWS[2]]


def test_all_of_a_million_selected_asks_for_no_row_when_the_menu_opens(
    qtbot: QtBot, theme: Theme, background: Background
) -> None:
    model = PagedModel(COLUMNS, background)
    asked: list[int] = []

    def fetch(offset: int, limit: int, stop: object) -> list[Entry]:
        asked.append(offset)
        return [ROWS[0]] * limit

    model.show_source(1_000_000, fetch, [ROWS[1]] * 200)
    table = Table(model, "Many")
    qtbot.addWidget(table)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.everything
    assert table.selected() == [ROWS[1]] * 200
    table.context_menu().deleteLater()
    assert asked == []


def test_select_all_over_a_million_rows_copies_the_first_and_says_so(
    qtbot: QtBot, theme: Theme, background: Background
) -> None:
    model = PagedModel(COLUMNS, background)
    model.show_source(1_000_000, lambda offset, limit, stop: [ROWS[0]] * limit)
    table = Table(model, "Many")
    qtbot.addWidget(table)
    told: list[str] = []
    table.told.connect(told.append)
    QGuiApplication.clipboard().clear()
    table.selectAll()
    table.copy()
    qtbot.waitUntil(lambda: bool(clipboard()), timeout=20_000)
    assert len(clipboard().splitlines()) == COPIED_AT_MOST
    assert told == ["Copied the first 10,000 of 1,000,000 rows."]


def test_a_click_on_a_header_sorts_amounts_from_the_largest_and_again_from_the_least(
    table: Table[Entry],
) -> None:
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(1) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.sorted_by == ("credits", True)
    assert [table.rows.row(at) for at in range(3)] == [ROWS[1], ROWS[2], ROWS[0]]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.sorted_by == ("credits", False)


def test_a_model_that_cannot_sort_itself_has_the_page_do_it(
    qtbot: QtBot, theme: Theme, background: Background
) -> None:
    table = Table(PagedModel(COLUMNS, background), "Many")
    qtbot.addWidget(table)
    with qtbot.waitSignal(table.sorting_wanted) as caught:
        table._sort_clicked(0)
    assert caught.args == ["name", False]


def test_a_layout_is_remembered_by_column_and_survives_unknown_ones(
    table: Table[Entry], qtbot: QtBot
) -> None:
    table.horizontalHeader().moveSection(2, 0)
    table.setColumnWidth(1, 133)
    table.setColumnHidden(2, True)
    table.sort_by("credits", descending=True)
    state = table.layout_state()
    other = Table(RowsModel(COLUMNS, ROWS), "Again")
    qtbot.addWidget(other)
    other.restore_layout({**state, "order": ["gone", *state["order"]], "hidden": ["x", "ticket"]})
    assert other.layout_state() == state


@pytest.mark.parametrize(
    "broken",
    [{}, {"order": []}, {"sorted": [1, 2]}, {"widths": {"credits": "wide"}}, {"hidden": ["name"]}],
)
def test_a_broken_layout_leaves_a_table_that_can_be_used(
    table: Table[Entry], broken: dict[str, object]
) -> None:
    table.restore_layout(broken)
    assert table.visible_columns()


def test_columns_can_be_hidden_moved_and_sorted_from_the_menu_but_never_all_hidden(
    table: Table[Entry],
) -> None:
    for title in ("Name", "Credits", "Ticket"):
        menu = table.column_menu()
        choice = next(action for action in menu.actions() if action.text() == title)
        choice.trigger()
        menu.deleteLater()
    assert [column.key for column in table.visible_columns()] == ["ticket"]
    menu = table.column_menu()
    next(action for action in menu.actions() if action.text() == "Reset columns").trigger()
    menu.deleteLater()
    assert [column.key for column in table.visible_columns()] == ["name", "credits", "ticket"]
    table.move_column("ticket", -1)
    assert [column.key for column in table.visible_columns()] == ["name", "ticket", "credits"]


def test_the_context_menu_offers_what_the_page_has_for_the_selected_rows(
    table: Table[Entry],
) -> None:
    asked: list[Sequence[Entry]] = []

    def offer(rows: list[Entry]) -> Sequence[QAction]:
        asked.append(rows)
        return [QAction("Refund…", table)]

    table.row_actions = offer
    table.selectRow(0)
    menu = table.context_menu()
    texts = [action.text().partition("\t")[0] for action in menu.actions()]
    menu.deleteLater()
    assert asked == [[ROWS[0]]]
    assert texts[0] == "Refund…"
    assert {"Copy cell", "Copy rows", "Copy rows with headers", "Columns"} <= set(texts)


def test_enter_opens_and_j_and_k_move(table: Table[Entry], qtbot: QtBot) -> None:
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_J)
    QTest.keyClick(table, Qt.Key.Key_J)
    QTest.keyClick(table, Qt.Key.Key_K)
    with qtbot.waitSignal(table.opened) as caught:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert caught.args == [ROWS[1]]


def test_a_link_is_followed_by_a_click_unless_it_is_empty(
    table: Table[Entry], qtbot: QtBot
) -> None:
    followed: list[tuple[str, Entry]] = []
    table.linked.connect(lambda key, row: followed.append((key, row)))
    for row in (0, 1):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place_of(table, row, 2))
    assert followed == [("ticket", ROWS[1])]


def test_tab_leaves_the_table(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    table = Table(RowsModel(COLUMNS, ROWS), "Entries")
    field = QLineEdit()
    column.addWidget(table)
    column.addWidget(field)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert field.hasFocus()


def test_rows_follow_density_and_text_size(table: Table[Entry], theme: Theme) -> None:
    heights = []
    for density, zoom in (("compact", 100), ("normal", 100), ("comfortable", 200)):
        theme.choose(density=density, zoom=zoom)  # type: ignore[arg-type]
        heights.append(table.rowHeight(0))
    assert heights == [26, 30, 72]


def test_the_selected_row_keeps_the_inks_of_its_cells(table: Table[Entry], theme: Theme) -> None:
    def inks(paint: Callable[[], object]) -> set[str]:
        paint()
        image: QImage = table.viewport().grab(table.visualRect(table.model().index(1, 1))).toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return {image.pixelColor(x, y).name().upper() for x, y in places}

    table.clearSelection()
    assert theme.tokens["success"] in inks(lambda: None)
    selected = inks(lambda: table.selectRow(1))
    assert {theme.tokens["success"], theme.tokens["selection"]} <= selected


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_the_keyboard_is_marked_where_a_row_begins(
    table: Table[Entry], theme: Theme, direction: Qt.LayoutDirection
) -> None:
    table.setLayoutDirection(direction)
    table.setFocus()
    table.selectRow(1)
    image: QImage = table.viewport().grab().toImage()
    middle = table.visualRect(table.model().index(1, 0)).center().y()
    ends = [image.pixelColor(x, middle).name().upper() for x in (0, image.width() - 1)]
    starts = 0 if direction is Qt.LayoutDirection.LeftToRight else 1
    assert ends[starts] == theme.tokens["focus"]
    assert ends[1 - starts] == theme.tokens["selection"]


def test_a_column_with_a_delegate_of_its_own_is_painted_by_it(table: Table[Entry]) -> None:
    painted: list[tuple[int, int, bool]] = []

    class Noting(QStyledItemDelegate):
        def paint(self, painter: QPainter, option: Any, index: Any) -> None:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            painted.append((index.row(), option.rect.left(), chosen))

    noting = Noting(table)
    table.setItemDelegateForColumn(1, noting)
    table.selectRow(2)
    table.viewport().grab()
    left = table.visualRect(table.model().index(0, 1)).left()
    assert painted[-3:] == [(0, left, False), (1, left, False), (2, left, True)]


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_a_long_reason_takes_the_room_of_the_columns_after_it(
    qtbot: QtBot, theme: Theme, direction: Qt.LayoutDirection
) -> None:
    def pictured(runs_on: Callable[[Entry], bool] | None) -> list[QImage]:
        columns = (
            Column[Entry]("name", "Name", lambda row: row.name, width=90, runs_on=runs_on),
            Column[Entry]("ticket", "Ticket", lambda _row: "", width=200),
        )
        rows = [Entry("No user has this as an id or a code", 0), Entry("Ben", 0)]
        made = Table(RowsModel(columns, rows), "Dry run")
        qtbot.addWidget(made)
        made.setLayoutDirection(direction)
        made.resize(400, 200)
        made.show()
        qtbot.waitExposed(made)
        places = [made.visualRect(made.model().index(row, 1)) for row in range(2)]
        return [made.viewport().grab(place).toImage() for place in places]

    cut, short = pictured(None)
    assert cut == short
    assert pictured(lambda row: row.name == "Ben") == [cut, short]
    whole, other = pictured(lambda row: row.name != "Ben")
    assert whole != cut
    assert other == short


def test_moving_the_keyboard_or_the_mouse_paints_only_the_rows_concerned(
    table: Table[Entry], qtbot: QtBot
) -> None:
    class Eye(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.rows: set[int] = set()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                region = event.region()
                for row in range(len(ROWS)):
                    if region.intersects(table.visualRect(table.model().index(row, 0))):
                        self.rows.add(row)
            return False

    table.selectRow(0)
    QApplication.processEvents()
    eye = Eye()
    table.viewport().installEventFilter(eye)
    table.selectRow(1)
    qtbot.waitUntil(lambda: eye.rows == {0, 1})
    eye.rows.clear()
    table._hover(2)
    qtbot.waitUntil(lambda: eye.rows == {2})


def test_the_overlay_covers_an_empty_table_with_a_sentence_and_one_action(
    table: Table[Entry], qtbot: QtBot
) -> None:
    done: list[bool] = []
    table.overlay.empty("No entries yet.", "Issue credits…", lambda: done.append(True))
    assert table.overlay.isVisible()
    assert table.overlay.geometry() == table.viewport().rect()
    table.overlay._button.click()
    table.overlay.ready()
    assert done == [True]
    assert not table.overlay.isVisible()


def test_selecting_by_code_tells_which_row_is_chosen(table: Table[Entry], qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.chosen) as caught:
        table.selectionModel().setCurrentIndex(
            table.model().index(2, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
    assert caught.args == [ROWS[2]]
    assert table.current_row() == ROWS[2]


def test_widths_grow_with_the_text_and_are_remembered_without_it(
    table: Table[Entry], theme: Theme, qtbot: QtBot
) -> None:
    table.setColumnWidth(1, 120)
    theme.choose(zoom=150)
    assert table.columnWidth(1) == 180
    state = table.layout_state()
    assert state["widths"]["credits"] == 120
    other = Table(RowsModel(COLUMNS, ROWS), "Again")
    qtbot.addWidget(other)
    other.restore_layout(state)
    assert other.columnWidth(1) == 180


NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
INSTANTS: tuple[Column[datetime], ...] = (
    Column("what", "What", lambda _at: "charge", stretch=True),
    instant_column("at", "When", lambda at: at, UTC, lambda: NOW, width=60),
)


@pytest.mark.parametrize("zoom", [100, 150])
def test_a_column_of_instants_has_room_for_them_as_people_chose_to_see_them(
    qtbot: QtBot, theme: Theme, zoom: int
) -> None:
    old = datetime(2024, 9, 28, 20, 58, 48, tzinfo=UTC)
    table = Table(RowsModel(INSTANTS, [old]), "Instants")
    qtbot.addWidget(table)
    own = table.layout_state()["widths"]
    for times in ("seconds", "ago"):
        theme.choose(zoom=zoom, times=times)
        text = INSTANTS[1].text(old)
        room = table.columnWidth(1) - 2 * CELL_PADDING
        assert elided(theme, text, "body", room) == text
        assert table.layout_state()["widths"] == own
    theme.choose(zoom=100, times="minutes")
    assert table.columnWidth(1) == 60


def test_widths_remembered_with_one_choice_of_times_hold_with_another(
    qtbot: QtBot, theme: Theme
) -> None:
    theme.choose(times="seconds")
    table = Table(RowsModel(INSTANTS, [NOW]), "Instants")
    qtbot.addWidget(table)
    table.setColumnWidth(1, table.columnWidth(1) + 30)
    state = table.layout_state()
    theme.choose(times="minutes")
    assert table.columnWidth(1) == 90
    table.restore_layout(state)
    assert table.columnWidth(1) == 90


def test_a_hidden_column_keeps_its_width_while_the_text_grows(
    table: Table[Entry], theme: Theme
) -> None:
    table.setColumnHidden(1, True)
    theme.choose(zoom=150)
    table.setColumnHidden(1, False)
    assert table.columnWidth(1) == 135


def test_a_copied_cell_has_its_instant_whole(qtbot: QtBot, theme: Theme) -> None:
    theme.choose(times="ago")
    table = Table(RowsModel(INSTANTS, [NOW]), "Instants")
    qtbot.addWidget(table)
    table.setCurrentIndex(table.model().index(0, 1))
    table.copy_cell()
    assert clipboard() == "2026-11-22T14:02:11Z"
    table.setCurrentIndex(table.model().index(0, 0))
    table.copy_cell()
    assert clipboard() == "charge"


def test_a_row_is_selected_alone_whatever_keys_somebody_holds(table: Table[Entry]) -> None:
    table.selectRow(0)
    QTest.keyPress(table, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
    table.selectRow(2)
    QTest.keyRelease(table, Qt.Key.Key_Shift)
    assert list(table.selected_numbers()) == [2]


def test_other_columns_are_shown_as_they_are_at_first_and_unsorted(
    table: Table[Entry], qtbot: QtBot
) -> None:
    table.sort_wanted("credits", descending=False)
    table.move_column("ticket", -1)
    table.show_column(0, shown=False)
    table.setColumnWidth(1, 300)
    table.show_columns([COLUMNS[1], COLUMNS[0]])
    assert [column.key for column in table.visible_columns()] == ["credits", "name"]
    assert table.sorted_by is None
    assert [table.rows.row(number) for number in range(3)] == ROWS
    fresh = Table(RowsModel([COLUMNS[1], COLUMNS[0]], ROWS), "Entries")
    qtbot.addWidget(fresh)
    assert table.columnWidth(0) == fresh.columnWidth(0)
