"""A statement on paper: A4 pages, drawn from the same sections as the text and the CSV."""

from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from app.domain.statements import Statement
from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import SANS
from app.ui.tokens import LIGHT
from app.ui.users.statement_text import Section, heading, sections

_RESOLUTION: Final = 300
_MARGIN_MM: Final = 20
_POINT: Final = _RESOLUTION / 72
_LINE: Final = 15 * _POINT
_SHARES: Final = {2: (0.75, 0.25), 4: (0.18, 0.46, 0.16, 0.20)}
"""How much of the width each column takes."""


def as_pdf(statement: Statement, zone: tzinfo) -> bytes:
    """The statement as the bytes of a PDF file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setTitle(tr("Credits of {user_id}", user_id=write.text(statement.user.user_id)))
    paper = _Paper(writer)
    for at, line in enumerate(heading(statement, zone)):
        paper.line(
            line, size=16 if at == 0 else 9, bold=at == 0, ink="text" if at == 0 else "text2"
        )
    for section in sections(statement):
        paper.table(section, zone)
    paper.end()
    data: QByteArray = buffer.data()
    return bytes(data.data())


class _Paper:
    """A pen that goes down the page and turns it at its end."""

    def __init__(self, writer: QPdfWriter) -> None:
        self._writer = writer
        self._painter = QPainter(writer)
        self._width = float(writer.width())
        self._top = 0.0

    def line(self, text: str, *, size: int, bold: bool = False, ink: str = "text") -> None:
        """One line across the page."""
        self._make_room(size * 1.6 * _POINT)
        self._pen(size, bold=bold, ink=ink)
        box = QRectF(0, self._top, self._width, size * 1.6 * _POINT)
        self._painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), self._cut(text, box))
        self._top += size * 1.6 * _POINT

    def table(self, section: Section, zone: tzinfo) -> None:
        """A section: its title, the names of its columns, its rows."""
        self._top += _LINE
        self.line(section.title, size=11, bold=True)
        rows = section.shown(zone)
        if not rows:
            self.line(section.nothing, size=9, ink="text2")
            return
        self._row(section, section.columns, ink="text2")
        for row in rows:
            self._row(section, row)

    def end(self) -> None:
        """Nothing more comes."""
        self._painter.end()

    def _row(self, section: Section, cells: tuple[str, ...], *, ink: str = "text") -> None:
        self._make_room(_LINE)
        self._pen(9, ink=ink)
        mirrored = self._painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = 0.0
        for at, (cell, share) in enumerate(zip(cells, _SHARES[len(cells)], strict=True)):
            flags = Qt.AlignmentFlag
            side = flags.AlignTrailing if section.right(at) else flags.AlignLeading
            width = self._width * share
            box = QRectF(self._width - left - width if mirrored else left, self._top, width, _LINE)
            align = int(side | Qt.AlignmentFlag.AlignVCenter)
            self._painter.drawText(box, align, self._cut(cell, box))
            left += width
        self._top += _LINE
        self._painter.setPen(QPen(QColor(LIGHT["border"]), 2))
        self._painter.drawLine(0, round(self._top), round(self._width), round(self._top))

    def _cut(self, text: str, box: QRectF) -> str:
        """With an ellipsis where the paper would end."""
        metrics, end = self._painter.fontMetrics(), Qt.TextElideMode.ElideRight
        return metrics.elidedText(text, end, int(box.width()))

    def _pen(self, size: int, *, bold: bool = False, ink: str) -> None:
        font = QFont(SANS)
        font.setPointSizeF(size)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        # A substituted glyph is one that cannot be copied or searched for in the file.
        for feature in ("calt", "liga", "tnum"):
            font.setFeature(QFont.Tag(feature), 0)
        self._painter.setFont(font)
        self._painter.setPen(QColor(LIGHT[ink]))

    def _make_room(self, height: float) -> None:
        if self._top + height > self._writer.height():
            self._writer.newPage()
            self._top = 0.0
