"""A hostile text has the pixels of its letters, as a painter draws them who reads no markup.

Cells, combo boxes and their lists, buttons, what copies on a click, the boxes of a legend, headings
and tooltips: each is drawn with every payload, and beside it the letters where its text begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
    QRegion,
    QTextDocument,
)
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.charts.data import Series, Style
from app.ui.charts.legend import LegendBox
from app.ui.columns import Column
from app.ui.rows_model import RowsModel
from app.ui.theme import Theme, current
from app.ui.widgets.button import Button, CutButton
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.table import Table
from app.ui.widgets.table_paint import CELL_PADDING
from app.ui.widgets.text import Copyable, ElidedLabel, plain_tip
from tests.ui.hostile.world import World

_BEGINS: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_IN_THE_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)
_WIDTH, _HEIGHT = 320, 32


@dataclass(frozen=True)
class Drawn:
    """A widget with a text in it: its picture, that of the widget without, and where it stands."""

    picture: QImage
    ground: QImage
    room: QRect
    font: QFont
    ink: str = "text"
    align: int = _BEGINS
    cut: bool = True


def _picture(widget: QWidget, part: QRect | None = None) -> QImage:
    part = part or widget.rect()
    picture = QPixmap(part.size())
    picture.fill(Qt.GlobalColor.white)
    widget.render(picture, QPoint(), QRegion(part), QWidget.RenderFlag.DrawChildren)
    return picture.toImage()


def _painted(drawn: Drawn, text: str) -> QImage:
    """The ground with the text painted on it, by a painter who knows no markup."""
    if drawn.cut:
        metrics, end = QFontMetrics(drawn.font), Qt.TextElideMode.ElideRight
        text = metrics.elidedText(text, end, drawn.room.width())
    image = drawn.ground.copy()
    painter = QPainter(image)
    painter.setFont(drawn.font)
    painter.setPen(current().colour(drawn.ink))
    painter.setClipRect(drawn.room)
    painter.drawText(drawn.room, drawn.align, text)
    painter.end()
    return image


def _sized(widget: QWidget, height: int = _HEIGHT) -> QRect:
    widget.resize(_WIDTH, height)
    return widget.rect()


def _button(text: str) -> Drawn:
    button, room = Button(text), QRect(0, 0, _WIDTH, _HEIGHT)
    button.resize(max(_WIDTH, button.sizeHint().width()), _HEIGHT)
    picture = _picture(button)
    button.setText("")
    room = button.rect()
    drawn = Drawn(picture, _picture(button), room, button.font(), "text", _IN_THE_MIDDLE, cut=False)
    button.deleteLater()
    return drawn


def _cut_button(text: str) -> Drawn:
    button = CutButton(text)
    button.resize(button.sizeHint().width() + 20, _HEIGHT)
    room = button.rect().adjusted(4, 0, 0, 0)
    picture = _picture(button)
    button.setText("")
    drawn = Drawn(picture, _picture(button), room, button.font(), "accent_text", cut=False)
    button.deleteLater()
    return drawn


def _copyable(text: str) -> Drawn:
    copyable = Copyable(text)
    copyable.resize(copyable.sizeHint().width() + 20, _HEIGHT)
    room = copyable.rect().adjusted(4, 0, 0, 0)
    picture = _picture(copyable)
    copyable.setText("")
    drawn = Drawn(picture, _picture(copyable), room, copyable.font(), "text2", cut=False)
    copyable.deleteLater()
    return drawn


def _combo(text: str) -> Drawn:
    combo = Choice("Texts", [("key", text)], "key")
    room = _sized(combo).adjusted(9, 0, -49, 0)
    picture = _picture(combo)
    combo.setItemText(0, "")
    drawn = Drawn(picture, _picture(combo), room, combo.font(), cut=False)
    combo.deleteLater()
    return drawn


def _listed(text: str) -> Drawn:
    combo = Choice("Texts", [("key", text)])
    view = combo.view()
    _sized(combo)
    combo.show()
    combo.showPopup()
    view.clearSelection()
    view.setCurrentIndex(QModelIndex())
    # Only where it begins: where a long one ends is the business of the list.
    place = view.visualRect(view.model().index(0, 0)) & QRect(0, 0, _WIDTH // 2, _HEIGHT)
    picture = _picture(view.viewport(), place)
    combo.setItemText(0, " ")
    ground = _picture(view.viewport(), place)
    combo.hidePopup()
    drawn = Drawn(picture, ground, place.adjusted(9, 0, 0, 0), view.font(), cut=False)
    combo.deleteLater()
    return drawn


def _legend(text: str) -> Drawn:
    def box(words: str) -> LegendBox:
        made = LegendBox(Series("key", words, (1,)), QColor("#62295B"), 0, Style())
        _sized(made, 22)
        return made

    named, bare = box(text), box("")
    bare._name = ""
    drawn = Drawn(
        _picture(named), _picture(bare), named.rect().adjusted(18, 0, 0, 0), named.font(), "text2"
    )
    named.deleteLater()
    bare.deleteLater()
    return drawn


def _elided(text: str) -> Drawn:
    label, bare = ElidedLabel(text), ElidedLabel("")
    room = _sized(label)
    _sized(bare)
    drawn = Drawn(_picture(label), _picture(bare), room, label.font())
    label.deleteLater()
    bare.deleteLater()
    return drawn


def _heading(text: str) -> Drawn:
    """The heading of a dialog, as wide as it needs to be for one line."""
    dialog = Dialog(None, write.text(text), "Save")
    heading = dialog.heading
    heading.setParent(None)
    heading.resize(heading.fontMetrics().horizontalAdvance(heading.text()) + 20, 40)
    picture = _picture(heading)
    heading.setText("")
    drawn = Drawn(picture, _picture(heading), heading.rect(), heading.font(), cut=False)
    for widget in (heading, dialog):
        widget.deleteLater()
    return drawn


_KINDS: Final[dict[str, Callable[[str], Drawn]]] = {
    "a button": _button,
    "a link": _cut_button,
    "an id": _copyable,
    "a combo box": _combo,
    "its list": _listed,
    "a legend": _legend,
    "an elided label": _elided,
    "a heading": _heading,
}


@pytest.mark.parametrize("kind", _KINDS)
def test_the_letters_have_the_pixels_of_letters(
    kind: str, world: World, qtbot: QtBot, theme: Theme
) -> None:
    # A list that is too narrow for an entry scrolls: what fits is compared.
    most = 20 if kind == "its list" else None
    for payload in (one[:most] for one in world.payloads):
        drawn = _KINDS[kind](payload)
        assert drawn.picture != drawn.ground, payload[:60]
        assert drawn.picture == _painted(drawn, write.text(payload)), payload[:60]


def test_the_cells_of_a_table_have_the_pixels_of_letters(
    world: World, qtbot: QtBot, theme: Theme
) -> None:
    height = theme.row_height

    def rows(words: Callable[[str], str]) -> list[QImage]:
        column: Column[str] = Column("name", "Name", words, stretch=True)
        table = Table(RowsModel((column,), world.payloads), "Texts")
        qtbot.addWidget(table)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.resize(_WIDTH, height * (len(world) + 3))
        table.show()
        table.horizontalHeader().resizeSection(0, _WIDTH)
        places = (QRect(0, height * at, _WIDTH, height) for at in range(len(world)))
        whole = _picture(table.viewport())
        return [whole.copy(place) for place in places]

    room = QRect(CELL_PADDING, 0, _WIDTH - 2 * CELL_PADDING, height - 1)
    for payload, shown, bare in zip(
        world.payloads, rows(write.text), rows(lambda _: ""), strict=True
    ):
        drawn = Drawn(shown, bare, room, theme.font("body"))
        assert drawn.picture != drawn.ground, payload[:60]
        assert drawn.picture == _painted(drawn, write.text(payload)), payload[:60]


def test_a_tooltip_has_the_pixels_of_its_letters_and_fits_on_the_smallest_screen(
    world: World, qtbot: QtBot, theme: Theme
) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    for payload in world.payloads:
        QToolTip.showText(QPoint(0, 0), plain_tip(payload), over)
        tip = _tip()
        document = tip.findChild(QTextDocument)
        assert document is not None
        picture, letters = tip.grab().toImage(), _as_letters(document)
        document.setPlainText(" ")
        tip.update()
        ground = tip.grab().toImage()
        _draw(letters, ground, tip)
        assert picture == ground, payload[:60]
        assert (tip.width() <= 1024, tip.height() <= 640) == (True, True), payload[:60]
        QToolTip.hideText()
    _tip().deleteLater()


def _as_letters(document: QTextDocument) -> QTextDocument:
    """What stands in a document, without anything that was read into it."""
    letters = QTextDocument()
    letters.setDocumentMargin(0)
    letters.setDefaultFont(document.defaultFont())
    letters.setDefaultTextOption(document.defaultTextOption())
    letters.setPlainText(document.toPlainText())
    letters.setTextWidth(document.textWidth())
    return letters


def _draw(letters: QTextDocument, ground: QImage, tip: QLabel) -> None:
    painter, context = QPainter(ground), QAbstractTextDocumentLayout.PaintContext()
    palette = tip.palette()
    palette.setColor(QPalette.ColorRole.Text, palette.color(tip.foregroundRole()))
    context.palette = palette
    painter.translate(tip.contentsRect().topLeft())
    painter.translate(tip.margin() + tip.indent(), tip.margin())
    painter.setClipRect(QRectF(QPointF(), letters.size()))
    letters.documentLayout().draw(painter, context)
    painter.end()


def _tip() -> QLabel:
    """The tooltip in view: Qt makes it, and has no name for it in Python."""
    shown = (w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QTipLabel")
    return cast("QLabel", next(shown))
