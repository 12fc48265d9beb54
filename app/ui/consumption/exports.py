"""The chart as a file that says what it shows: PNG, SVG, PDF and CSV.

Each carries its figures: what is drawn can be read as text from the same file, in the lines of the
CSV. A PDF has them attached as a file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPoint,
    QRect,
    QSize,
    QSizeF,
)
from PySide6.QtGui import (
    QFontMetrics,
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
from app.ui.charts.data import MonthRow, twin_rows
from app.ui.charts.stacked import SVG_RESOLUTION, StackedMonths
from app.ui.columns import Column, csv_lines
from app.ui.consumption.state import columns_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.saving import save_file
from app.ui.theme import current

KINDS: Final = ("png", "svg", "pdf", "csv")
CREATOR: Final = tr("PixPretty Credits")
_POINTS_AN_INCH: Final = 72
_ROW_APART: Final = " | "
_SCALE: Final = 2
_MARGIN: Final = 16
_LINE: Final = 20


@dataclass(frozen=True)
class Sheet:
    """What a file is made of: the chart, what it says of itself (title first), and its figures."""

    chart: StackedMonths
    told: tuple[str, ...]
    columns: Sequence[Column[MonthRow]]
    rows: Sequence[MonthRow]

    @property
    def figures(self) -> str:
        """The table as lines of CSV, oldest month first."""
        return "".join(csv_lines(self.columns, self.rows))


def sheet_of(chart: StackedMonths, told: tuple[str, ...], *, share: bool) -> Sheet:
    """What is drawn, with its figures, the oldest month first."""
    shown = chart.shown
    return Sheet(chart, told, columns_of(shown, share=share), twin_rows(shown)[::-1])


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
    size = _size(sheet)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    _drawn_on(image, sheet)
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
    size = _size(sheet)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(SVG_RESOLUTION)
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle(sheet.told[0])
    generator.setDescription("\n".join([*sheet.told, sheet.figures]))
    _drawn_on(generator, sheet)
    return bytes(buffer.data().data())


def pdf(sheet: Sheet) -> bytes:
    """The same on one page of its size, with the figures attached."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(SVG_RESOLUTION)
    writer.setTitle(sheet.told[0])
    writer.setCreator(CREATOR)
    size = QSizeF(_size(sheet)) * _POINTS_AN_INCH / SVG_RESOLUTION
    page = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.addFileAttachment("figures.csv", QByteArray(csv_file(sheet)), "text/csv")
    _drawn_on(writer, sheet)
    return bytes(buffer.data().data())


def csv_file(sheet: Sheet) -> bytes:
    """The table under lines that begin with #, which say what it shows; oldest month first."""
    head = io.StringIO()
    csv.writer(head).writerows([f"# {line}"] for line in sheet.told)
    return (head.getvalue() + sheet.figures).encode("utf-8-sig")


def _drawn_on(device: QPaintDevice, sheet: Sheet) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter, sheet)
    painter.end()


def _size(sheet: Sheet) -> QSize:
    lines = len(_wrapped(sheet))
    return sheet.chart.size() + QSize(2 * _MARGIN, 2 * _MARGIN + lines * _LINE)


def _wrapped(sheet: Sheet) -> list[str]:
    """What the file says of itself, in lines that fit over the chart."""
    metrics = QFontMetrics(current().font("caption"))
    lines: list[str] = [sheet.told[0]]
    for told in sheet.told[1:]:
        line = ""
        for word in told.split(" "):
            longer = f"{line} {word}" if line else word
            if line and metrics.horizontalAdvance(longer) > sheet.chart.width():
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _draw(painter: QPainter, sheet: Sheet) -> None:
    theme, size, lines = current(), _size(sheet), _wrapped(sheet)
    painter.fillRect(QRect(QPoint(0, 0), size), theme.colour("surface"))
    for place, line in enumerate(lines):
        painter.setFont(theme.font("section" if place == 0 else "caption"))
        painter.setPen(theme.colour("text" if place == 0 else "text2"))
        painter.drawText(_MARGIN, _MARGIN + 14 + place * _LINE, line)
    sheet.chart.draw(painter, QPoint(_MARGIN, _MARGIN + len(lines) * _LINE))


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
