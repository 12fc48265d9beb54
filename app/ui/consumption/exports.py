"""The chart as a file that says what it shows: PNG, SVG, PDF and CSV.

A file is always of the same size and light, whatever the window's: it is drawn from a chart of its
own, which is never in view. Each carries its figures: what is drawn can be read as text from the
same file, in the lines of the CSV. A PDF has them attached as a file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPoint,
    QRect,
    QSize,
)
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.ui import file_dialogs
from app.ui.charts.data import MonthSeries, Style, twin_rows
from app.ui.charts.stacked import SVG_RESOLUTION, StackedMonths
from app.ui.columns import Column, csv_lines
from app.ui.consumption import growth, words
from app.ui.consumption.growth import Growth
from app.ui.consumption.state import Choice, Figures, columns_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.saving import save_file
from app.ui.theme import current

KINDS: Final = ("png", "svg", "pdf", "csv")
CREATOR: Final = tr("PixPretty Credits")
_ROW_APART: Final = " | "
_SCALE: Final = 2
_MARGIN: Final = 16
_LINE: Final = 20
_SIZE: Final = QSize(1200, 700)
_LEAST_PLOT: Final = 320
"""However much is said over the plot and under it, so much of it there is: the file is higher."""


@dataclass(frozen=True)
class Drawing:
    """The chart that a file shows: months, how they are drawn, and what is switched off."""

    data: MonthSeries
    style: Style
    hidden: frozenset[str] = frozenset()
    colours: Callable[[], Mapping[str, QColor]] | None = None

    @property
    def shown(self) -> MonthSeries:
        """The months without the series switched off."""
        return self.data.only({one.key for one in self.data.series} - self.hidden)


@dataclass(frozen=True)
class Sheet:
    """What a file is made of: the chart, what it says of itself (title first), and its figures."""

    drawing: Drawing
    told: tuple[str, ...]
    columns: Sequence[Column[Any]]
    rows: Sequence[Any]

    @property
    def figures(self) -> str:
        """The table as lines of CSV, oldest month first."""
        return "".join(csv_lines(self.columns, self.rows))


def sheet_of(drawing: Drawing, told: tuple[str, ...]) -> Sheet:
    """What is drawn, with its figures, the oldest month first."""
    shown = drawing.shown
    return Sheet(
        drawing, told, columns_of(shown, share=drawing.style.share), twin_rows(shown)[::-1]
    )


def sheet(
    figures: Figures, choice: Choice, drawing: Drawing, zone: tzinfo, compared: Growth | None
) -> Sheet:
    """What is drawn with all that is said of it; where growth is ``compared``, with its figures."""
    name = growth.named(drawing.data)[choice.table] if compared else ""
    made = sheet_of(drawing, words.told(figures, choice, drawing.shown, zone, name))
    if compared is None:
        return made
    # The one that grew most first.
    columns = growth.columns(compared, words.group(choice.by))
    return replace(made, columns=columns, rows=compared.rows)


def write_file(frame: Frame, kind: str, path: str, sheet: Sheet) -> None:
    """Write a file of that kind, off the window's thread, and say so."""
    content = made(kind, sheet)
    frame.background.write(
        lambda _stop: save_file(path, content),
        lambda saved: frame.say(tr("Exported to {name}.", name=Path(saved).name)),
        lambda error: frame.trouble(
            error, tr("export"), lambda: write_file(frame, kind, path, sheet)
        ),
    )


def made(kind: str, sheet: Sheet) -> bytes:
    """A file of one of the ``KINDS``."""
    return {"png": png, "svg": svg, "pdf": pdf, "csv": csv_file}[kind](sheet)


def kinds() -> dict[str, str]:
    """The kinds of file, in words."""
    return {
        "png": tr("Picture (PNG)…"),
        "svg": tr("Drawing (SVG)…"),
        "pdf": tr("Page (PDF)…"),
        "csv": tr("Table (CSV)…"),
    }


def menu(parent: QWidget, ask: Callable[[str], object]) -> QMenu:
    """The kinds of file to choose from; ``ask`` is called with the one chosen."""
    made = QMenu(parent)
    for kind, text in kinds().items():
        made.addAction(text).triggered.connect(lambda _on=False, kind=kind: ask(kind))
    return made


def png(sheet: Sheet) -> bytes:
    """The chart under its title, two pixels to one of the screen."""
    with _Paper.of(sheet) as paper:
        image = QImage(paper.size * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        paper.draw_on(image)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    texts = {"Title": sheet.told[0], "Description": sheet.told[1], "Comment": sheet.told[2]}
    # A picture keeps a text in one line.
    figures = _ROW_APART.join(sheet.figures.splitlines())
    for name, line in {**texts, "Figures": figures}.items():
        writer.setText(name, line)
    writer.write(image)
    return bytes(buffer.data().data())


def svg(sheet: Sheet) -> bytes:
    """The same with real text and shapes."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(SVG_RESOLUTION)
    generator.setTitle(sheet.told[0])
    generator.setDescription("\n".join([*sheet.told, sheet.figures]))
    with _Paper.of(sheet) as paper:
        generator.setSize(paper.size)
        generator.setViewBox(QRect(QPoint(0, 0), paper.size))
        paper.draw_on(generator)
    return bytes(buffer.data().data())


def pdf(sheet: Sheet) -> bytes:
    """The same on a page of A4, as large as it has room for, with the figures attached."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(SVG_RESOLUTION)
    writer.setTitle(sheet.told[0])
    writer.setCreator(CREATOR)
    page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Landscape, QMarginsF()))
    writer.addFileAttachment("figures.csv", QByteArray(csv_file(sheet)), "text/csv")
    with _Paper.of(sheet) as paper:
        paper.draw_on(writer, QSize(writer.width(), writer.height()))
    return bytes(buffer.data().data())


def csv_file(sheet: Sheet) -> bytes:
    """The table under lines that begin with #, which say what it shows; oldest month first."""
    head = io.StringIO()
    csv.writer(head).writerows([f"# {line}"] for line in sheet.told)
    return (head.getvalue() + sheet.figures).encode("utf-8-sig")


class _Paper:
    """A sheet laid out: what it says in lines, and a chart of its own under them."""

    def __init__(self, sheet: Sheet) -> None:
        self._lines = _wrapped(sheet.told, _SIZE.width() - 2 * _MARGIN)
        above = 2 * _MARGIN + len(self._lines) * _LINE
        drawing = sheet.drawing
        self.chart = StackedMonths(sheet.told[0])
        self.chart.show_data(drawing.data, drawing.style, colours=drawing.colours)
        self.chart.switch(frozenset(one.key for one in drawing.shown.series))
        self.chart.lay_out_unseen(_SIZE - QSize(2 * _MARGIN, above), _LEAST_PLOT)
        self.size = self.chart.size() + QSize(2 * _MARGIN, above)

    @classmethod
    @contextmanager
    def of(cls, sheet: Sheet) -> Iterator[_Paper]:
        """Lay a sheet out in the colours and the size of text that all files have."""
        with current().on_paper():
            paper = cls(sheet)
            try:
                yield paper
            finally:
                paper.chart.hide()
                paper.chart.deleteLater()

    def draw_on(self, device: QPaintDevice, room: QSize | None = None) -> None:
        """Draw it whole; where ``room`` is given, as large as that is."""
        painter = QPainter(device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(current().font("caption"))  # a drawing would tell of the window's
        if room is not None:
            width, height = room.width() / self.size.width(), room.height() / self.size.height()
            painter.scale(min(width, height), min(width, height))
        self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        theme = current()
        painter.fillRect(QRect(QPoint(0, 0), self.size), theme.colour("surface"))
        for place, line in enumerate(self._lines):
            painter.setFont(theme.font("section" if place == 0 else "caption"))
            painter.setPen(theme.colour("text" if place == 0 else "text2"))
            painter.drawText(_MARGIN, _MARGIN + 14 + place * _LINE, line)
        self.chart.draw(painter, QPoint(_MARGIN, _MARGIN + len(self._lines) * _LINE))


def _wrapped(told: Sequence[str], width: int) -> list[str]:
    """What the file says of itself, in lines that fit over the chart."""
    metrics = current().metrics("caption")
    lines: list[str] = [told[0]]
    for said in told[1:]:
        line = ""
        for word in said.split(" "):
            longer = f"{line} {word}" if line else word
            if line and metrics.horizontalAdvance(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def ask_save(parent: QWidget, kind: str, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a place and a name be chosen; replacing a file is asked about."""
    filters = {
        "png": tr("Picture (*.png)"),
        "svg": tr("Drawing (*.svg)"),
        "pdf": tr("Page (*.pdf)"),
        "csv": tr("Table (*.csv)"),
    }
    title = tr("Export as {kind}", kind=kind.upper())
    return file_dialogs.ask_save(parent, title, filters[kind], name, chosen)
