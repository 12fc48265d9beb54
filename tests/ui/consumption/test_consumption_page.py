"""The page of consumption over a real database: chart, table, users behind a piece, files."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter, QToolTip
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.domain.calendar import Month
from app.domain.errors import DatabaseFailed
from app.ui import language
from app.ui.theme import Theme
from tests import lively
from tests.ui.consumption.conftest import Screen

MARCH = Month(2026, 3)


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


def test_how_the_table_was_sorted_stays_when_other_figures_come(screen: Screen) -> None:
    screen.page.table.sort_by("total", descending=True)
    screen.choose(measure="uses")
    assert screen.page.table.sorted_by == ("total", True)
    totals = [int(row[0].replace(",", "")) for row in screen.table().values()]
    assert totals == sorted(totals, reverse=True)


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
