"""The page of consumption over a real database: chart, table, users behind a piece, files."""

from __future__ import annotations

import csv
import html
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QSplitter, QToolTip
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.domain.calendar import Month
from app.domain.errors import DatabaseFailed
from app.ui import language
from app.ui.background import Background
from app.ui.consumption.page import ConsumptionPage
from app.ui.page import Page, PageEntry
from app.ui.theme import Theme
from app.ui.window import Standing, Window
from tests import lively

MARCH = Month(2026, 3)


class Screen:
    """A window on the page of consumption."""

    def __init__(self, qtbot: QtBot, desk: Desk, settings: Path, *others: PageEntry) -> None:
        self.qtbot, self.desk = qtbot, desk
        entry = PageEntry("consumption", "Consumption", "chart-bar", "Ctrl+5", ConsumptionPage)
        self.window = Window(
            desk=desk,
            background=Background(),
            now=desk.now,
            zone=ZoneInfo(desk.zone),
            pages=[entry, *others],
            standing=Standing("credits.db"),
            settings=settings,
        )
        qtbot.addWidget(self.window)
        self.window.resize(1200, 800)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.start()
        self.settle()

    @property
    def page(self) -> ConsumptionPage:
        page = self.window.page
        assert isinstance(page, ConsumptionPage)
        return page

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.background.busy)
        QApplication.processEvents()

    def choose(self, **changes: Any) -> None:
        self.page.choose(replace(self.page.state.choice, **changes))
        self.settle()

    def table(self) -> dict[str, list[str]]:
        """The table as people read it, by month."""
        model = self.page.table.rows
        rows = range(model.rowCount())
        columns = range(model.columnCount())
        return {
            str(model.data(model.index(row, 0))): [
                str(model.data(model.index(row, at))) for at in columns
            ][1:]
            for row in rows
        }

    def chart(self) -> dict[str, list[str]]:
        """What the chart draws, in the words of the table."""
        shown = self.page.chart.shown
        found = {}
        for at, month in enumerate(shown.months):
            last = shown.unfinished and at == len(shown.months) - 1
            name = f"{_NAMES[month.month - 1]} {month.year}{' so far' if last else ''}"
            total = shown.total(at)
            values = [f"{series.values[at]:,}" for series in shown.series]
            found[name] = ["—" if total is None else f"{total:,}", *values]
        return found

    def switch(self, key: str) -> None:
        (box,) = [box for box in self.page.chart.legend.boxes if box.key == key]
        box.click()
        self.settle()

    def toasts(self) -> list[str]:
        return [said.text for said in self.window.toasts.history]


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(lively.put(tmp_path), staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(qtbot, desk, tmp_path / "window.ini")
    yield screen
    screen.window.close()


def test_chart_and_table_show_what_was_counted(screen: Screen, desk: Desk) -> None:
    counted = desk.consumption.monthly("2025-07", "2026-06", top=7)
    shown = screen.page.chart.shown
    assert [s.values for s in shown.series] == [s.values for s in counted.series]
    assert tuple(shown.total(at) for at in range(12)) == counted.totals
    assert screen.table() == screen.chart()
    assert next(iter(screen.table())) == "Jun 2026 so far"


def test_the_table_beneath_is_equal_whatever_is_chosen(screen: Screen) -> None:
    for by in ("feature", "family", "plan"):
        for measure in ("credits", "uses", "users", "refused", "refunded"):
            screen.choose(by=by, measure=measure, span="6", hidden=frozenset())
            assert screen.page.data.series, (by, measure)
            assert len(screen.table()) == 6
            assert screen.table() == screen.chart(), (by, measure)
            first = screen.page.chart.shown.series[0].key
            screen.switch(first)
            assert first not in [series.key for series in screen.page.chart.shown.series]
            assert screen.table() == screen.chart(), (by, measure)
            screen.choose(shape="lines")
            assert screen.table() == screen.chart(), (by, measure)
            screen.choose(shape="stacked")


def test_controls_change_what_is_asked(screen: Screen) -> None:
    controls = screen.page.controls
    controls.measure.setCurrentIndex(controls.measure.findData("uses"))
    controls.measure.activated.emit(controls.measure.currentIndex())
    controls.every.click()
    controls.span.setCurrentIndex(controls.span.findData("range"))
    controls.span.activated.emit(controls.span.currentIndex())
    controls.first.setCurrentIndex(controls.first.findText("Jan 2026"))
    controls.first.activated.emit(0)
    screen.settle()
    data = screen.page.data
    assert (data.counted(3), len(data.series), data.months[0]) == ("3 uses", 12, Month(2026, 1))
    assert screen.page.chart_card.title.text() == "Uses by feature"


def test_a_share_is_drawn_and_told_without_asking_again(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen.page, "reload", lambda: pytest.fail("asked again"))
    screen.page.controls.share.click()
    march = screen.table()["Mar 2026"]
    assert march[1].endswith(" %")
    whole = sum(int(cell.removesuffix(" %")) for cell in march[1:])
    assert 97 <= whole <= 103


def test_choices_are_there_again_at_the_next_start(
    screen: Screen, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    screen.choose(by="plan", measure="uses", span="36")
    screen.switch("plus")
    screen.window.close()
    again = Screen(qtbot, desk, tmp_path / "window.ini")
    try:
        choice = again.page.state.choice
        assert (choice.by, choice.measure, choice.span) == ("plan", "uses", "36")
        assert [series.key for series in again.page.chart.shown.series] == ["free", "pro"]
        assert again.table() == again.chart()
    finally:
        again.window.close()


def test_a_click_on_a_piece_lists_the_users_behind_it(screen: Screen, desk: Desk) -> None:
    plot, shown = screen.page.chart.plot, screen.page.chart.shown
    month = shown.months.index(MARCH)
    series = [one.key for one in shown.series].index("image_extender")
    QTest.mouseClick(
        plot.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        plot.place_of(month, series).toPoint(),
    )
    screen.settle()
    behind = screen.page.behind
    expected = desk.consumption.drill(MARCH, "image_extender")
    assert behind.isVisible()
    assert behind.title.text() == "AI Image Extender, March 2026"
    assert behind.said.text() == f"{expected.count} users · {expected.total} credits"
    listed = [behind.model.row(at) for at in range(behind.model.rowCount())]
    assert listed == list(expected.users)
    assert sum(user.value for user in expected.users) == shown.series[series].values[month]


def test_the_keyboard_walks_the_pieces_and_opens_one(screen: Screen) -> None:
    plot = screen.page.chart.plot
    plot.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(plot, key)
    screen.settle()
    shown = screen.page.chart.shown
    assert screen.page.behind.piece is not None
    assert screen.page.behind.piece.month == shown.months[-2]
    assert screen.page.behind.piece.keys == (shown.series[1].key,)
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Escape)
    assert not screen.page.behind.isVisible()


def test_a_user_behind_a_piece_opens_their_account(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, object]] = []
    monkeypatch.setattr(screen.window, "open_page", lambda key, place: opened.append((key, place)))
    screen.page.open_piece(MARCH, "other")
    screen.settle()
    first = screen.page.behind.model.row(0)
    assert first is not None
    table = screen.page.behind.table
    table.setCurrentIndex(table.rows.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [("users", first.user_id)]


def test_enter_in_the_table_lists_who_is_behind_the_whole_month(screen: Screen, desk: Desk) -> None:
    table = screen.page.table
    table.setCurrentIndex(table.rows.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert screen.page.behind.count == desk.consumption.drill("2026-05").count


def test_months_without_use_say_so_and_offer_more_months(screen: Screen) -> None:
    screen.choose(span="range", first=Month(2020, 1), last=Month(2020, 3))
    assert screen.page.state.phase == "empty"
    assert screen.page.overlay.isVisible()
    covered = screen.page.overlay.parentWidget()
    assert covered is not None
    assert screen.page.overlay.geometry() == covered.rect()
    assert covered.isAncestorOf(screen.page.chart)
    assert not screen.page.export_button.isEnabled()
    screen.choose(span="36")
    assert not screen.page.overlay.isVisible()


def test_a_failure_is_said_with_a_retry_that_works(
    screen: Screen, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(desk.consumption, "monthly", fail)
        screen.page.reload()
        screen.settle()
        assert screen.page.state.phase == "failed"
        assert screen.page.overlay.isVisible()
    screen.page.reload()
    screen.settle()
    assert not screen.page.overlay.isVisible()
    assert screen.table() == screen.chart()


def test_files_carry_title_filter_zone_and_time_and_agree(screen: Screen, tmp_path: Path) -> None:
    screen.choose(measure="uses", patterned=True)
    screen.switch("other")
    for kind in ("png", "svg", "pdf", "csv"):
        screen.page.export(kind, str(tmp_path / f"out.{kind}"))
        screen.settle()
    told = [
        "PixPretty Credits · Uses by feature",
        "Jul 2025 to Jun 2026 · the 7 largest, the others together · without Other",
        "Months of Europe/Berlin · read 12 Jun 2026 17:30:00 Europe/Berlin",
    ]
    written = (tmp_path / "out.csv").read_bytes()
    lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert [line[0] for line in lines[:3]] == [f"# {line}" for line in told]
    assert lines[3][0].startswith("# June 2026 is unfinished: about ")
    assert lines[4][0].startswith("# ▼ Price list 2 from 15 Mar 2026: Everything one credit")
    shown = screen.page.chart.shown
    assert lines[5] == ["Month", "Total", *(series.name for series in shown.series)]
    march = next(line for line in lines if line[0] == "2026-03")
    at = shown.months.index(MARCH)
    assert march[1:] == [str(shown.total(at)), *(str(s.values[at]) for s in shown.series)]
    figures = "\n".join(written.decode("utf-8-sig").splitlines()[5:])
    image = QImage(str(tmp_path / "out.png"))
    assert [image.text(name) for name in ("Title", "Description", "Comment")] == told
    assert image.text("Figures").split(" | ") == figures.splitlines()
    assert (image.width(), image.height()) == (2400, 1400)
    drawing = (tmp_path / "out.svg").read_text("utf-8")
    for line in told:
        assert drawing.count(line) >= 2, line
    assert all(line in html.unescape(drawing) for line in figures.splitlines())
    page = (tmp_path / "out.pdf").read_bytes()
    assert page.startswith(b"%PDF-")
    assert told[0].encode("utf-16-be") in page.replace(b"\\(", b"(")
    assert written in [*_streams(page)]
    names = {"out.csv", "out.pdf", "out.png", "out.svg"}
    assert {p.name for p in tmp_path.glob("*out*")} == names
    assert screen.toasts()[:1] == ["Exported to out.csv."]


def test_a_file_is_the_same_whatever_the_window_looks_like(
    screen: Screen, theme: Theme, tmp_path: Path
) -> None:
    screen.choose(every=True, patterned=True)
    kinds = ("png", "svg")

    def written(name: str) -> list[bytes]:
        for kind in kinds:
            screen.page.export(kind, str(tmp_path / f"{name}.{kind}"))
            screen.settle()
        return [(tmp_path / f"{name}.{kind}").read_bytes() for kind in kinds]

    theme.choose(scheme="light", zoom=100)
    light = written("light")
    screen.window.resize(1024, 640)
    theme.choose(scheme="dark", zoom=150)
    screen.page.open_piece(MARCH, "")
    screen.settle()
    painted: list[str] = []
    theme.changed.connect(lambda: painted.append("dressed anew"))
    assert written("dark") == light
    assert (theme.dark, theme.zoom, painted) == (True, 150, [])
    assert screen.page.chart.image(1).pixelColor(QPoint(2, 2)) == theme.colour("surface")
    drawing = ET.fromstring(light[1])  # noqa: S314 - our own file
    texts = [element.text for element in drawing.iter() if element.tag.endswith("}text")]
    assert {box.text_name for box in screen.page.chart.legend.boxes} <= set(texts)
    theme.choose(scheme="light", zoom=100)


def _streams(page: bytes) -> Iterator[bytes]:
    """What stands in a PDF, unpacked where it is packed."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", page, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def test_the_figures_on_the_pieces_of_a_drawing_are_those_of_the_table(
    screen: Screen, tmp_path: Path
) -> None:
    screen.choose(by="plan", measure="credits", span="6", patterned=True)
    screen.page.export("svg", str(tmp_path / "out.svg"))
    screen.settle()
    root = ET.parse(tmp_path / "out.svg").getroot()  # noqa: S314 - our own file
    texts = Counter(e.text for e in root.iter() if e.tag.endswith("}text"))
    drawn = [
        figure
        for row in screen.table().values()
        for figure in row[1:]
        if figure not in {"0", "—"} and texts[figure]
    ]
    assert len(drawn) >= 4
    assert not [e for e in root.iter() if e.tag.endswith("}image")]


def test_exporting_asks_where_with_a_name_that_says_what(screen: Screen, tmp_path: Path) -> None:
    screen.window.registry.do(screen.window.registry.find("export-table"))
    (dialog,) = screen.page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(
        "consumption-credits-by-feature-2025-07-to-2026-06.csv"
    )
    dialog.fileSelected.emit(str(tmp_path / "months.csv"))
    dialog.reject()
    screen.settle()
    assert (tmp_path / "months.csv").exists()


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(
    screen: Screen, tmp_path: Path
) -> None:
    screen.page.export("csv", str(tmp_path / "missing" / "months.csv"))
    screen.settle()
    assert screen.toasts() == []
    assert screen.window.notices.isVisible()


def test_what_somebody_else_used_shows_after_it_is_told(screen: Screen, desk: Desk) -> None:
    with open_desk(desk.path or "", staff=lively.ADMIN, now=lively.at_the_end) as other:
        other.charging.charge("usr_1", "export_image", key="one more", quantity=7)
    screen.choose(measure="uses")
    before = screen.table()["Jun 2026 so far"][0]
    with open_desk(desk.path or "", staff=lively.ADMIN, now=lively.at_the_end) as other:
        other.charging.charge("usr_1", "export_image", key="and more", quantity=7)
    screen.window.heard({"accounts"})
    screen.settle()
    assert int(screen.table()["Jun 2026 so far"][0]) == int(before) + 7


def test_a_name_like_markup_is_shown_as_it_is_written(screen: Screen, desk: Desk) -> None:
    with open_desk(desk.path or "", staff=lively.ADMIN, now=lively.at_the_end) as admin:
        admin.accounts.correct("usr_1", name="<img src=x><b>bold")
    screen.page.open_piece(MARCH, "")
    screen.settle()
    model = screen.page.behind.model
    names = [str(model.data(model.index(at, 0))) for at in range(model.rowCount())]
    assert "<img src=x><b>bold" in names


def test_the_chart_is_drawn_in_both_themes(screen: Screen, theme: Theme) -> None:
    pictures = []
    for scheme in ("light", "dark"):
        theme.choose(scheme=scheme)
        image = screen.page.chart.image(1)
        pictures.append(image.pixelColor(QPoint(2, 2)).name())
        assert image.pixelColor(QPoint(2, 2)) == theme.colour("surface")
    assert pictures[0] != pictures[1]


def test_however_long_the_legend_columns_are_still_told_apart(screen: Screen) -> None:
    screen.window.resize(1024, 640)
    screen.choose(every=True, measure="uses", span="36")
    screen.settle()
    page = screen.page
    assert page.chart.plot.height() >= 140
    room = page.chart.legend_room
    legend = room.mapTo(page, room.rect().bottomLeft()).y()
    assert legend <= page.changes.mapTo(page, QPoint(0, 0)).y()
    assert page.table.height() > 40


def test_a_legend_of_many_lines_is_scrolled_by_the_keyboard(screen: Screen) -> None:
    screen.window.resize(1024, 640)
    screen.settle()
    room = screen.page.chart.legend_room
    assert not room.verticalScrollBar().isVisible(), "two lines are in view whole"
    screen.choose(every=True, measure="uses", span="36")
    boxes = screen.page.chart.legend.boxes
    assert room.height() <= 2 * boxes[0].height() + 6 < screen.page.chart.legend.height()

    def in_view(at: int) -> bool:
        place = boxes[at].mapTo(room.viewport(), boxes[at].rect().center())
        return room.viewport().rect().contains(place)

    assert not in_view(-1)
    boxes[0].setFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_Left)
    assert boxes[-1].hasFocus()
    assert in_view(-1)
    QTest.keyClick(boxes[-1], Qt.Key.Key_Right)
    assert in_view(0)


def choose_table(screen: Screen, text: str) -> None:
    """Choose what the table beneath shows, as a person does."""
    table = screen.page.controls.table
    table.setCurrentIndex(table.findText(text))
    table.activated.emit(table.currentIndex())
    screen.settle()


def test_all_is_on_while_growth_is_compared_and_then_as_it_was(screen: Screen) -> None:
    every, halves = screen.page.controls.every, "Growth: first half to second half"
    choose_table(screen, halves)
    assert every.isChecked()
    choose_table(screen, "Figures by month")
    assert not every.isChecked()
    assert len(screen.page.data.series) == 8

    every.click()
    choose_table(screen, halves)
    choose_table(screen, "Figures by month")
    assert every.isChecked(), "it was chosen before"

    every.click()
    choose_table(screen, halves)
    every.click()
    every.click()
    screen.settle()
    choose_table(screen, "Figures by month")
    assert every.isChecked(), "it was chosen meanwhile"


def test_the_room_of_chart_and_table_is_there_again_at_the_next_start(
    screen: Screen, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    parts = screen.page.findChild(QSplitter)
    assert isinstance(parts, QSplitter)
    parts.moveSplitter(parts.sizes()[0] - 60, 1)
    sizes = parts.sizes()
    screen.window.close()
    again = Screen(qtbot, desk, tmp_path / "window.ini")
    found = again.page.findChild(QSplitter)
    assert isinstance(found, QSplitter)
    assert found.sizes() == sizes
    again.window.close()


def piece_of(screen: Screen) -> tuple[str, ...]:
    piece = screen.page.behind.piece
    assert piece is not None
    return (str(piece.month), *piece.keys)


def test_another_page_opens_who_is_behind_a_figure(screen: Screen, desk: Desk) -> None:
    place = {
        "by": "feature",
        "measure": "uses",
        "first": "2026-02",
        "last": "2026-04",
        "key": "ghostface",
        "month": "2026-03",
    }
    screen.page.go(place)
    screen.settle()
    data = screen.page.data
    assert [str(month) for month in data.months] == ["2026-02", "2026-03", "2026-04"]
    assert piece_of(screen) == ("2026-03", "ghostface")
    expected = desk.consumption.drill("2026-03", "ghostface", measure="uses")
    assert screen.page.behind.count == expected.count
    assert screen.page.place() == place
    assert "ghostface" in [series.key for series in screen.page.chart.shown.series]


def test_a_place_that_only_names_a_month_is_the_whole_of_it(screen: Screen, desk: Desk) -> None:
    screen.page.go({"month": "2026-01", "measure": "users", "by": "nonsense"})
    screen.settle()
    assert screen.page.state.choice.by == "feature"
    assert screen.page.behind.count == desk.consumption.drill("2026-01", measure="users").count
    screen.page.go("usr_1")
    screen.page.go({"month": "not a month"})
    assert piece_of(screen) == ("2026-01",)


def test_where_another_page_led_is_not_kept_as_the_persons_choice(
    screen: Screen, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    screen.choose(measure="uses")
    screen.page.go({"measure": "refused", "by": "plan"})
    screen.settle()
    assert screen.page.data.counted(2) == "2 refused uses"
    screen.window.close()
    again = Screen(qtbot, desk, tmp_path / "window.ini")
    assert (again.page.state.choice.measure, again.page.state.choice.by) == ("uses", "feature")
    again.window.close()


def test_the_way_back_goes_through_the_pieces_that_were_looked_at(screen: Screen) -> None:
    screen.page.open_piece(MARCH, "other")
    screen.settle()
    screen.page.open_piece(Month(2026, 4), "")
    screen.settle()
    screen.window.go_back()
    screen.settle()
    assert piece_of(screen)[0] == "2026-03"
    assert len(piece_of(screen)) > 2
    screen.window.go_forward()
    screen.settle()
    assert piece_of(screen) == ("2026-04",)


def test_the_keyboard_goes_on_to_the_users_and_comes_back_to_the_chart(screen: Screen) -> None:
    plot = screen.page.chart.plot
    plot.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(plot, key)
    screen.settle()
    assert screen.page.behind.table.hasFocus()
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Escape)
    assert plot.hasFocus()
    assert screen.page.place() == {}


def test_a_choice_closes_the_users_and_leaves_the_keyboard_where_it_is(screen: Screen) -> None:
    screen.page.open_piece(MARCH, "")
    screen.settle()
    measure = screen.page.controls.measure
    measure.setFocus()
    measure.setCurrentIndex(measure.findData("uses"))
    measure.activated.emit(measure.currentIndex())
    screen.settle()
    assert not screen.page.behind.isVisible()
    assert measure.hasFocus()
    assert screen.page.place() == {}


def test_escape_closes_the_users_wherever_the_keyboard_is_and_so_does_the_way_back(
    screen: Screen,
) -> None:
    screen.page.open_piece(MARCH, "")
    screen.settle()
    screen.page.controls.measure.setFocus()
    QTest.keyClick(screen.page.controls.measure, Qt.Key.Key_Escape)
    assert not screen.page.behind.isVisible()
    assert screen.window.page is screen.page

    screen.page.open_piece(MARCH, "")
    screen.settle()
    screen.window.go_back()
    assert not screen.page.behind.isVisible()
    assert screen.window.page is screen.page


class Account(Page):
    """Another page, to come back from."""

    def reload(self) -> None:
        """Nothing is read."""


def test_coming_back_from_an_account_finds_the_piece_that_was_left(
    qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path
) -> None:
    account = PageEntry("users", "Users", "users", "Ctrl+2", Account)
    screen = Screen(qtbot, desk, tmp_path / "window.ini", account)
    screen.page.open_piece(MARCH, "image_extender")
    screen.settle()
    table = screen.page.behind.table
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert isinstance(screen.window.page, Account)
    screen.window.go_back()
    screen.settle()
    assert piece_of(screen) == ("2026-03", "image_extender")
    assert table.selected_numbers() == [1]
    screen.window.close()


def test_growth_is_in_view_whole_in_the_smallest_window(screen: Screen) -> None:
    screen.window.resize(1024, 640)
    at = screen.page.controls.table.findText("Growth: Price list 2 from 15 Mar 2026")
    screen.choose(table=screen.page.controls.table.itemData(at))
    assert screen.page.table.rows.columnCount() == 5
    assert screen.page.table.horizontalScrollBar().maximum() == 0


def test_which_feature_grew_most_since_prices_changed_and_who_used_it(
    screen: Screen, desk: Desk
) -> None:
    controls = screen.page.controls
    at = controls.table.findText("Growth: Price list 2 from 15 Mar 2026")
    controls.table.setCurrentIndex(at)
    controls.table.activated.emit(at)
    screen.settle()
    monthly = desk.consumption.monthly("2026-01", "2026-05")
    grown = {
        series.key: (sum(series.values[3:]) - sum(series.values[:2])) / 2
        for series in monthly.series
    }
    most = max(grown, key=lambda key: grown[key])
    table = screen.page.table
    names = {series.key: series.name for series in screen.page.data.series}
    assert table.rows.data(table.rows.index(0, 0)) == "All"
    assert table.rows.data(table.rows.index(1, 0)) == names[most]
    assert table.rows.data(table.rows.index(1, 1)) == f"{round(grown[most]):+,}"
    table.setCurrentIndex(table.rows.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert piece_of(screen) == ("2026-04", most)
    assert screen.page.behind.title.text() == f"{names[most]}, Apr 2026 to May 2026"
    behind = desk.consumption.drill("2026-04", most, until="2026-05")
    listed = screen.page.behind.model
    assert [listed.row(at) for at in range(listed.rowCount())] == list(behind.users)
    after = sum(part.value for part in behind.users) / 2
    assert table.rows.data(table.rows.index(1, 4)) == f"{round(after):,}"
    place = screen.page.place()
    screen.page._close_piece()
    screen.page.go(place)
    screen.settle()
    assert screen.page.behind.count == behind.count


def test_the_row_that_is_marked_is_the_one_whose_users_are_listed(screen: Screen) -> None:
    table = screen.page.table
    table.setFocus()
    table.selectRow(1)
    assert screen.page.place() == {}, "no users are listed before a row is opened"
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert screen.page.behind.title.text() == "May 2026"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    screen.settle()
    assert screen.page.behind.title.text() == "April 2026"
    assert table.hasFocus()
    assert screen.page.behind.count == screen.desk.consumption.drill("2026-04").count

    screen.page.open_piece(MARCH, "image_extender")
    screen.settle()
    assert table.selected_numbers() == [], "it is not the whole month"
    screen.page.open_piece(MARCH, "")
    assert table.selected_numbers() == [3]


def test_the_table_that_is_shown_is_the_one_that_is_written(screen: Screen, tmp_path: Path) -> None:
    def lines(name: str) -> list[list[str]]:
        screen.page.export("csv", str(tmp_path / name))
        screen.settle()
        return list(csv.reader(io.StringIO((tmp_path / name).read_text("utf-8-sig"))))

    choose_table(screen, "Growth: Price list 2 from 15 Mar 2026")
    screen.choose(share=True)
    written = lines("growth.csv")
    title = "PixPretty Credits · Credits used by feature · Growth: Price list 2 from 15 Mar 2026"
    assert written[0] == [f"# {title}"]
    head, *rows = [line for line in written if not line[0].startswith("#")]
    model = screen.page.table.rows
    assert head == [column.title for column in model.columns]
    assert [row[0] for row in rows] == list(screen.table())
    screen.page.ask_export("csv")
    (dialog,) = screen.page.findChildren(QFileDialog)
    assert "consumption-growth-credits-by-feature" in dialog.selectedFiles()[0]
    dialog.reject()

    choose_table(screen, "Figures by month")
    written = lines("months.csv")
    assert written[0] == ["# PixPretty Credits · Credits used by feature, share of each month"]
    assert [line[0] for line in written if line[0] == "2026-03"] == ["2026-03"]


def test_growth_of_what_is_shown_is_not_called_all(screen: Screen) -> None:
    choose_table(screen, "Growth: Price list 2 from 15 Mar 2026")
    assert next(iter(screen.table())) == "All"
    screen.switch(screen.page.data.series[0].key)
    assert "All shown" in screen.table()
    assert "All" not in screen.table()


def test_growth_without_full_months_on_both_sides_says_what_to_do(screen: Screen) -> None:
    screen.page._show_growth()
    screen.choose(span="range", first=MARCH, last=MARCH)
    assert screen.page.table_card.none.isVisible()
    assert "show more months" in screen.page.table_card.none.text()


def test_how_the_table_was_sorted_stays_when_other_figures_come(screen: Screen) -> None:
    screen.page.table.sort_by("total", descending=True)
    screen.choose(measure="uses")
    assert screen.page.table.sorted_by == ("total", True)
    totals = [int(row[0].replace(",", "")) for row in screen.table().values()]
    assert totals == sorted(totals, reverse=True)


def test_the_table_is_copied_with_its_headers(screen: Screen) -> None:
    table = screen.page.table
    table.selectRow(0)
    QTest.keyClick(
        table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    head, row = QApplication.clipboard().text().split("\n")
    assert head.startswith("Month\tTotal\t")
    assert row.startswith("2026-06\t")


def test_with_everything_switched_off_the_way_back_is_one_click(screen: Screen) -> None:
    legend = screen.page.chart.legend
    QTest.keyClick(legend.boxes[0], Qt.Key.Key_N)
    assert screen.page.chart.shown.series == ()
    assert all(row == ["—"] for row in screen.table().values())
    legend.all_on.click()
    assert len(screen.page.chart.shown.series) == 8
    assert screen.page.state.choice.hidden == frozenset()


def test_changes_of_prices_that_are_cut_are_read_whole_by_keyboard(screen: Screen) -> None:
    page = screen.page
    page.controls.table.setFocus()
    for _step in range(3):
        focused = QApplication.focusWidget()
        if focused is page.changes or focused is None:
            break
        QTest.keyClick(focused, Qt.Key.Key_Backtab)
    assert page.changes.hasFocus()
    whole = "Price list 2 from 15 Mar 2026: Everything one credit dearer"
    assert whole in html.unescape(QToolTip.text())
    page.controls.table.setFocus()
    screen.qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_projection_explains_how_it_is_made(screen: Screen) -> None:
    aside = screen.page.chart_card.aside
    so_far = screen.page.data.total(11)
    assert f"{so_far:,} × 30 ÷ 11.73 days" in aside.toolTip()
    assert f"about {screen.page.data.projection:,} at this pace" in aside.text()
    screen.choose(measure="users")
    assert "users come again" in aside.toolTip()


def test_every_word_of_the_page_is_for_translators(
    qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path
) -> None:
    back = language.choose(language.Pseudo())
    screen = Screen(qtbot, desk, tmp_path / "window.ini")
    try:
        screen.page.open_piece(MARCH, "")
        screen.settle()
        page = screen.page
        controls = page.controls
        boxes = (controls.grouping, controls.measure, controls.span, controls.shape, controls.table)
        said = [
            *(box.itemText(at) for box in boxes for at in range(box.count())),
            *(check.text() for check in (controls.share, controls.every, controls.patterned)),
            page.headline.text().split(" · ")[2],
            *(page.chart_card.title.text(), page.chart_card.aside.text()),
            *(page.export_button.text(), page.behind.said.text()),
            *(action.text for action in page.actions_offered()),
        ]
        assert [words for words in said if "[" not in words] == []
    finally:
        screen.window.close()
        back()
