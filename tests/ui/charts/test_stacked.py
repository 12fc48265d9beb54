"""The chart on the screen: what is drawn, pointed at, switched and exported."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.calendar import Month
from app.ui.charts.data import MonthSeries, Series
from app.ui.charts.sparkline import Sparkline, points
from app.ui.charts.stacked import StackedMonths
from app.ui.theme import current

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


def colours_of(image: QImage) -> set[str]:
    xs, ys = range(0, image.width(), 2), range(0, image.height(), 2)
    return {image.pixelColor(x, y).name().upper() for x in xs for y in ys}


def test_pieces_have_the_colours_that_belong_to_their_features(chart: StackedMonths) -> None:
    assert {"#555BB9", "#D87833"} <= colours_of(chart.image(1))


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
