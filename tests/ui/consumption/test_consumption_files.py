"""What is written of consumption to files and the clipboard: it agrees with the page."""

from __future__ import annotations

import csv
import html
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.domain.calendar import Month
from app.ui.theme import Theme
from tests.ui.consumption.conftest import Screen, choose_table

MARCH = Month(2026, 3)


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


def test_the_table_is_copied_with_its_headers(screen: Screen) -> None:
    table = screen.page.table
    table.selectRow(0)
    QTest.keyClick(
        table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    head, row = QApplication.clipboard().text().split("\n")
    assert head.startswith("Month\tTotal\t")
    assert row.startswith("2026-06\t")
