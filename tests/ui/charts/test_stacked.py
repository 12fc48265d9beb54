"""The chart on the screen: what is drawn, pointed at, switched and exported."""

import csv
import io
import itertools
from dataclasses import replace
from typing import ClassVar
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.calendar import Month
from app.ui.charts.data import Mark, MonthSeries, Series, Style
from app.ui.charts.legend import Legend, LegendRoom
from app.ui.charts.patterns import hatching
from app.ui.charts.sparkline import Sparkline, points
from app.ui.charts.stacked import StackedMonths
from app.ui.theme import Theme, current

MONTHS = tuple(Month(2026, number) for number in (1, 2, 3))
DATA = MonthSeries(
    MONTHS,
    (
        Series("ghostface", "Ghostface", (10, 20, 30)),
        Series("object_remover", "<img src=x><b>Remover", (30, 20, 10)),
    ),
)


@pytest.fixture
def chart(qtbot: QtBot) -> StackedMonths:
    current().choose(scheme="light", zoom=100)
    made = StackedMonths("Consumption")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show_data(DATA)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told to say."""
    said: list[str] = []
    monkeypatch.setattr(
        "app.ui.charts.plot.QAccessibleAnnouncementEvent", lambda _plot, text: said.append(text)
    )
    monkeypatch.setattr("app.ui.charts.plot.QAccessible.updateAccessibility", lambda _event: None)
    return said


def colours_of(image: QImage) -> set[str]:
    xs, ys = range(0, image.width(), 2), range(0, image.height(), 2)
    return {image.pixelColor(x, y).name().upper() for x in xs for y in ys}


def test_pieces_have_the_colours_that_belong_to_their_features(chart: StackedMonths) -> None:
    assert {"#555BB9", "#D87833"} <= colours_of(chart.image(1))


@pytest.mark.parametrize("lines", [False, True])
def test_a_piece_is_drawn_where_it_is_pointed_at(chart: StackedMonths, *, lines: bool) -> None:
    chart.show_data(DATA, Style(lines=lines))
    drawn, colours = chart.image(1), current().feature_colours([one.key for one in DATA.series])
    for month in (0, 2):  # in the one between the lines meet
        for at, series in enumerate(DATA.series):
            place = chart.plot.mapTo(chart, chart.plot.place_of(month, at).toPoint())
            assert drawn.pixelColor(place) == colours[series.key]


def test_switching_a_series_off_takes_it_out_of_drawing_and_export(
    chart: StackedMonths, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(chart.shown_changed):
        chart.legend.boxes[0].click()
    assert [series.key for series in chart.shown.series] == ["object_remover"]
    assert list(csv.reader(io.StringIO(chart.csv())))[1] == ["2026-01", "30", "30"]
    chart.show_data(DATA)
    assert chart.legend.hidden_keys == {"ghostface"}


def test_a_click_on_a_piece_names_its_month_and_series(chart: StackedMonths, qtbot: QtBot) -> None:
    for month, series in ((0, 0), (1, 1), (2, 1)):
        place = chart.plot.place_of(month, series).toPoint()
        with qtbot.waitSignal(chart.piece_clicked) as caught:
            QTest.mouseClick(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert caught.args == [MONTHS[month], DATA.series[series].key]


def test_the_words_of_a_month_stay_while_the_pointer_rests_on_it(chart: StackedMonths) -> None:
    class Heard(QObject):
        types: ClassVar[list[QEvent.Type]] = []

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.types.append(event.type())
            return False

    heard = Heard()
    scene = chart.plot.scene()
    scene.installEventFilter(heard)
    there = chart.plot.place_of(1, 0).toPoint()
    rests = QHelpEvent(QEvent.Type.ToolTip, there, chart.plot.viewport().mapToGlobal(there))
    assert QApplication.sendEvent(chart.plot.viewport(), rests)
    assert QEvent.Type.GraphicsSceneHelp not in heard.types, "it has no words, and would hide these"
    scene.removeEventFilter(heard)


def test_pointing_dims_the_others_to_a_quarter(chart: StackedMonths) -> None:
    chart.legend.hide()
    chart.plot.choose(1, 0)
    shown = colours_of(chart.image(1))
    assert "#555BB9" in shown
    assert "#D87833" not in shown
    chart.plot.choose(-1, -1)
    assert "#D87833" in colours_of(chart.image(1))


def test_the_keyboard_walks_pieces_and_says_the_month_in_full(
    chart: StackedMonths, qtbot: QtBot
) -> None:
    plot = chart.plot
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(plot, key)
    assert plot.chosen == (1, 1)
    said = plot.accessibleDescription()
    assert said.startswith("February 2026\n40 credits\n▸ <img src=x><b>Remover: 20 (50 %)")
    with qtbot.waitSignal(chart.piece_clicked) as caught:
        QTest.keyClick(plot, Qt.Key.Key_Return)
    assert caught.args == [MONTHS[1], "object_remover"]
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.chosen == (-1, -1)


def test_the_keyboard_reaches_price_changes_and_the_ends(
    chart: StackedMonths, announced: list[str]
) -> None:
    marked = replace(DATA, marks=(Mark(1.5, "Price list 2 from 15 Feb 2026", "Dearer"),))
    chart.show_data(marked)
    plot = chart.plot
    QTest.keyClick(plot, Qt.Key.Key_P)
    assert plot.chosen == (1, 0)
    assert "Price list 2 from 15 Feb 2026: Dearer" in announced[-1]
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.chosen == (0, 0)
    assert "Price list" not in announced[-1]
    QTest.keyClick(plot, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert plot.chosen == (1, 0)
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.chosen == (2, 0)
    chart.show_data(DATA)
    QTest.keyClick(plot, Qt.Key.Key_P)
    assert plot.chosen == (-1, -1)


def test_a_piece_is_spoken_before_its_month(chart: StackedMonths, announced: list[str]) -> None:
    QTest.keyClick(chart.plot, Qt.Key.Key_Left)
    assert announced[-1].startswith("Ghostface: 30 (75 %).\nMarch 2026\n40 credits")


def test_lines_are_pointed_at_by_their_points(chart: StackedMonths, qtbot: QtBot) -> None:
    chart.show_data(replace(DATA, unfinished=True), Style(lines=True))
    for month, series in ((0, 0), (1, 1), (2, 1)):
        if (month, series) == (1, 1):
            continue  # both lines meet there
        place = chart.plot.place_of(month, series).toPoint()
        with qtbot.waitSignal(chart.piece_clicked) as caught:
            QTest.mouseClick(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert caught.args == [MONTHS[month], DATA.series[series].key]
    assert {"#555BB9", "#D87833"} <= colours_of(chart.image(1))
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    assert "image" not in [element.tag.rpartition("}")[2] for element in root.iter()]


def test_lines_lie_on_the_shares_of_their_month(chart: StackedMonths) -> None:
    chart.show_data(DATA, Style(lines=True))
    apart = chart.plot.place_of(0, 0).y() - chart.plot.place_of(0, 1).y()
    chart.show_data(DATA, Style(lines=True, share=True))
    low, high = chart.plot.place_of(0, 0).y(), chart.plot.place_of(0, 1).y()
    assert apart > 0
    assert low > high


def test_patterns_tell_pieces_apart_without_colour(chart: StackedMonths) -> None:
    plain = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    chart.show_data(DATA, Style(patterned=True))
    drawn = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    shapes = [len([*root.iter()]) for root in (plain, drawn)]
    assert shapes[1] > shapes[0] + 10
    texts = [element.text for element in drawn.iter() if element.tag.endswith("}text")]
    assert texts.count("30") == 1 + 2  # on the axis, and on two pieces
    assert "image" not in [element.tag.rpartition("}")[2] for element in drawn.iter()]


def test_patterns_stay_inside_their_pieces_and_differ() -> None:
    piece = QRectF(10, 20, 40, 30)
    found = []
    for number in range(18):
        lines = list(hatching(piece, number))
        for line in lines:
            for point in (line.p1(), line.p2()):
                assert piece.adjusted(-0.01, -0.01, 0.01, 0.01).contains(point)
        found.append(str([line.toTuple() for line in lines]))
    assert len(set(found[:7])) == 7
    assert all(one != other for one, other in itertools.pairwise(found))


def test_the_piece_whose_users_are_listed_is_outlined(chart: StackedMonths) -> None:
    ink = current().colour("accent_text").name().upper()
    chart.legend.hide()
    assert ink not in colours_of(chart.image(2))
    for style in (Style(), Style(lines=True)):
        chart.show_data(DATA, style)
        chart.show_opened(MONTHS[1], "ghostface")
        assert ink in colours_of(chart.image(2))
        chart.show_opened(None)
        assert ink not in colours_of(chart.image(2))


def test_the_legend_is_walked_and_switched_by_keyboard(chart: StackedMonths, qtbot: QtBot) -> None:
    first, second = chart.legend.boxes
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Down)
    assert first.hasFocus()
    with qtbot.waitSignal(chart.shown_changed):
        QTest.keyClick(first, Qt.Key.Key_O)
    assert [series.key for series in chart.shown.series] == ["ghostface"]
    assert chart.legend.all_on.isVisible()
    QTest.keyClick(first, Qt.Key.Key_N)
    assert chart.shown.series == ()
    QTest.keyClick(first, Qt.Key.Key_A)
    assert len(chart.shown.series) == 2
    assert not chart.legend.all_on.isVisible()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert chart.legend.hidden_keys == {"ghostface"}


def test_a_double_click_in_the_legend_shows_one_alone(chart: StackedMonths) -> None:
    second = chart.legend.boxes[1]
    QTest.mouseDClick(second, Qt.MouseButton.LeftButton)
    assert chart.legend.hidden_keys == {"ghostface"}
    offered = [act.text() for act in second.menu().actions()]
    assert offered == ["Only this one", "All on", "All off"]


def test_the_legend_has_no_button_in_a_file(chart: StackedMonths) -> None:
    chart.legend.boxes[0].click()
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "All on" not in texts
    assert "Ghostface" in texts


def test_numbers_of_many_digits_have_room_on_the_axis(chart: StackedMonths) -> None:
    chart.show_data(MonthSeries(MONTHS, (Series("a", "A", (4_100_000, 1, 1)),)))
    QApplication.processEvents()
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "4,000,000" in texts
    chart.show_data(DATA)
    chart.switch(frozenset())
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "Everything is switched off in the legend." in texts
    assert "1" not in texts


def test_time_and_numbers_run_one_way_on_a_screen_from_right_to_left(
    qtbot: QtBot, theme: Theme
) -> None:
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        mirrored = StackedMonths("Consumption")
        qtbot.addWidget(mirrored)
        mirrored.resize(600, 400)
        mirrored.show_data(DATA)
        mirrored.show()
        qtbot.waitExposed(mirrored)
        plot = mirrored.plot
        assert plot._left.scenePos().x() < plot._box.scenePos().x()
        assert plot.place_of(0, 0).x() < plot.place_of(2, 0).x()
    finally:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_nothing_is_under_the_ground_beside_the_columns(chart: StackedMonths) -> None:
    assert chart.plot.piece_at(QPointF(2, 2)) == (-1, -1)


def test_the_axes_speak_with_the_themes_fonts_after_a_change_of_theme(
    chart: StackedMonths,
) -> None:
    current().choose(scheme="dark", zoom=125)
    axis = chart.plot._bottom
    assert axis.style["tickFont"].pixelSize() == 15
    assert axis.textPen().color() == QColor(current().tokens["text2"])
    assert current().tokens["surface"] in colours_of(chart.image(1))
    current().choose(scheme="light", zoom=100)


def test_svg_holds_shapes_and_text_and_no_picture(chart: StackedMonths) -> None:
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own file
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "image" not in names
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "<img src=x><b>Remover" in texts
    assert root.get("viewBox") == "0 0 600 400"


def test_a_file_shows_nothing_of_what_is_pointed_at_or_opened_on_the_screen(
    chart: StackedMonths,
) -> None:
    before = chart.svg()
    chart.show_opened(chart.shown.months[-1])
    chart.plot.choose(0, 0)
    assert chart.svg() == before
    assert chart.plot.chosen == (0, 0)


def test_png_is_twice_the_size_of_the_screen(chart: StackedMonths) -> None:
    image = QImage.fromData(chart.png())
    assert (image.width(), image.height()) == (1_200, 800)


def test_the_plot_has_no_menu_and_no_zoom(chart: StackedMonths) -> None:
    box = chart.plot._box
    assert not box.menuEnabled()
    assert box.state["mouseEnabled"] == [False, False]


def test_an_empty_chart_is_drawn_and_walked_without_harm(
    chart: StackedMonths, qtbot: QtBot
) -> None:
    chart.show_data(MonthSeries((), ()))
    QTest.keyClick(chart.plot, Qt.Key.Key_Right)
    assert chart.plot.chosen == (-1, -1)
    assert chart.csv() == "Month,Total\r\n"


def test_a_sparkline_spans_its_room_and_says_its_values(qtbot: QtBot) -> None:
    line = points([0, 10, 5], QRectF(0, 0, 100, 20))
    assert [(p.x(), p.y()) for p in line] == [(0, 20), (50, 0), (100, 10)]
    spark = Sparkline("Spent", [0, 1_000])
    qtbot.addWidget(spark)
    assert spark.accessibleName() == "Spent: 0, 1,000"
    assert not spark.grab().isNull()
    assert points([], QRectF(0, 0, 9, 9)) == []


def test_colours_given_with_the_series_follow_a_change_of_theme(chart: StackedMonths) -> None:
    chart.show_data(
        DATA, colours=lambda: current().feature_colours(["object_remover", "ghostface"])
    )
    current().choose(scheme="dark")
    try:
        assert {"#AE9BE3", "#967D64"} <= colours_of(chart.image(1))
    finally:
        current().choose(scheme="light")


def test_the_same_months_shown_again_leave_the_piece_pointed_at_alone(chart: StackedMonths) -> None:
    chart.plot.choose(1, 0)
    chart.show_data(replace(DATA))
    assert chart.plot.chosen == (1, 0)
    chart.show_data(replace(DATA, series=DATA.series[:1]))
    assert chart.plot.chosen == (-1, -1)
    assert [series.key for series in chart.shown.series] == ["ghostface"]


def test_the_same_months_in_other_colours_are_drawn_anew(chart: StackedMonths) -> None:
    red = {"ghostface": QColor("#AA0000"), "object_remover": QColor("#00AA00")}
    chart.show_data(DATA, colours=lambda: red)
    assert {"#AA0000", "#00AA00"} <= colours_of(chart.image(1))


def test_a_legend_that_has_just_enough_room_is_in_view_whole(qtbot: QtBot, theme: Theme) -> None:
    legend = Legend()
    room = LegendRoom(legend)
    qtbot.addWidget(room)
    series = [Series(key, f"Feature {key}", (1,)) for key in "abcdefgh"]
    legend.show_series(series, {one.key: theme.colour("text") for one in series}, Style())
    line = legend.boxes[0].sizeHint().height()
    width = next(at for at in range(200, 2_000) if legend.heightForWidth(at) == line)
    room.resize(width, line // 2)
    room.show()
    qtbot.waitExposed(room)
    room.resize(width, room.heightForWidth(width))
    qtbot.waitUntil(lambda: legend.height() == line)
    assert all(not box.visibleRegion().isEmpty() for box in legend.boxes)
