"""The chart as a file that says what it shows: PNG, SVG and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.charts.data import MonthRow
from app.ui.charts.stacked import SVG_RESOLUTION, StackedMonths
from app.ui.columns import Column, csv_lines
from app.ui.theme import current

KINDS: Final = {"png": "Picture (*.png)", "svg": "Drawing (*.svg)", "csv": "Table (*.csv)"}
_SCALE: Final = 2
_MARGIN: Final = 16
_LINE: Final = 20


def png(chart: StackedMonths, told: Sequence[str]) -> bytes:
    """The chart under its title, two pixels to one of the screen."""
    size = _size(chart, told)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter, chart, told)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    for name, line in zip(("Title", "Description", "Comment"), told, strict=True):
        writer.setText(name, line)
    writer.write(image)
    return bytes(buffer.data().data())


def svg(chart: StackedMonths, told: Sequence[str]) -> bytes:
    """The same with real text and shapes."""
    size = _size(chart, told)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(SVG_RESOLUTION)
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle(told[0])
    generator.setDescription("\n".join(told))
    painter = QPainter(generator)
    _draw(painter, chart, told)
    painter.end()
    return bytes(buffer.data().data())


def csv_file(
    columns: Sequence[Column[MonthRow]], rows: Sequence[MonthRow], told: Sequence[str]
) -> bytes:
    """The table under lines that begin with #, which say what it shows; oldest month first."""
    head = io.StringIO()
    csv.writer(head).writerows([f"# {line}"] for line in told)
    return (head.getvalue() + "".join(csv_lines(columns, rows))).encode("utf-8-sig")


def _size(chart: StackedMonths, told: Sequence[str]) -> QSize:
    return chart.size() + QSize(2 * _MARGIN, 2 * _MARGIN + len(told) * _LINE)


def _draw(painter: QPainter, chart: StackedMonths, told: Sequence[str]) -> None:
    theme, size = current(), _size(chart, told)
    painter.fillRect(QRect(QPoint(0, 0), size), theme.colour("surface"))
    for place, line in enumerate(told):
        painter.setFont(theme.font("section" if place == 0 else "caption"))
        painter.setPen(theme.colour("text" if place == 0 else "text2"))
        painter.drawText(_MARGIN, _MARGIN + 14 + place * _LINE, line)
    chart.draw(painter, QPoint(_MARGIN, _MARGIN + len(told) * _LINE))


def ask_save(parent: QWidget, kind: str, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a place and a name be chosen; replacing a file is asked about."""
    dialog = QFileDialog(parent, f"Export as {kind.upper()}")
    dialog.setNameFilter(KINDS[kind])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind)
    dialog.selectFile(name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
