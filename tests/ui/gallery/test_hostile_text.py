"""Whatever somebody calls himself is shown as text: nothing read as markup, nothing fetched."""

import csv
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPixmap, QRegion, QTextDocument
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.charts.data import Series, Style
from app.ui.charts.legend import LegendBox
from app.ui.columns import exported
from app.ui.gallery.drawing import Placed, hurry
from app.ui.gallery.finding import every_shown
from app.ui.gallery.stage import Stage
from app.ui.language import Pseudo, choose, tr, trn
from app.ui.pictures import wait_until_quiet
from app.ui.request_lines import Row
from app.ui.requests.message import Message
from app.ui.theme import Theme
from app.ui.widgets.button import Button, CutButton, IconButton
from app.ui.widgets.card import Card, StatCard
from app.ui.widgets.chips import FilterChip
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.notice import Notice
from app.ui.widgets.proportion import Part, ProportionBar
from app.ui.widgets.text import Badge, Copyable, ElidedLabel, Label, plain_tip
from app.ui.widgets.toast import Toast
from tests.ui.gallery.payloads import FORMULAS, PAYLOADS
from tests.ui.gallery.plainness import interpreted
from tests.ui.hostile.looking import wrong_with

EXTREME = [shown for shown in every_shown() if shown.desk == "extreme" or "hostile" in shown.state]
_ROOM = QRect(0, 0, 320, 40)


def _toast(text: str) -> QWidget:
    holder = QWidget()
    Toast(holder, text, "neutral", None, (text, lambda: None))
    return holder


def _message(text: str) -> QWidget:
    message = Message()
    message.show_message(text)
    return message


def _bar(text: str) -> QWidget:
    bar = ProportionBar("Balance")
    bar.show_parts((Part("key", 12, text),))
    return bar


def _refusing(text: str) -> Dialog:
    dialog = Dialog(None, text, text)
    dialog.refuse(text)
    return dialog


_STOCK: dict[str, Callable[[str], QWidget]] = {
    "label": Label,
    "elided": ElidedLabel,
    "badge": Badge,
    "copyable": Copyable,
    "button": Button,
    "cut button": CutButton,
    "line": lambda text: Row("22 Nov", write.text(text), number=write.text(text)),
    "message": _message,
    "chip": lambda text: FilterChip(text, lambda: None),
    "bar": _bar,
    "legend": lambda text: LegendBox(Series("key", text, (1,)), QColor("red"), 0, Style()),
    "note": lambda text: Labelled("Note", QLineEdit(), text),
    "choice": lambda text: Choice("Texts", [("key", text)], "key"),
    "icon button": lambda text: IconButton("x", text),
    "card": lambda text: Card(text, text),
    "stat card": lambda text: StatCard(text, text, text),
    "notice": lambda text: Notice(text, "info", text, lambda: None, None),
    "toast": _toast,
    "dialog": _refusing,
}


def _shown(widget: QWidget) -> QPixmap:
    picture = QPixmap(_ROOM.size())
    picture.fill(Qt.GlobalColor.white)
    widget.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return picture


def _painted(label: Label, text: str) -> QPixmap:
    """The text as a painter draws it, who knows no markup."""
    picture = QPixmap(_ROOM.size())
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setFont(label.font())
    painter.setPen(label.palette().color(label.foregroundRole()))
    painter.setLayoutDirection(label.layoutDirection())
    painter.drawText(_ROOM, int(label.alignment()), text)
    painter.end()
    return picture


def test_there_are_sixty_different_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("kind", _STOCK)
def test_the_stock_interprets_no_payload(kind: str, qtbot: QtBot, theme: Theme) -> None:
    for payload in PAYLOADS:
        widget = _STOCK[kind](payload)
        assert list(wrong_with(widget)) == [], payload[:60]
        widget.deleteLater()


def test_a_label_has_the_pixels_of_the_text_painted(qtbot: QtBot, theme: Theme) -> None:
    label = Label()
    qtbot.addWidget(label)
    label.setFixedSize(_ROOM.size())
    for payload in PAYLOADS:
        label.setText(payload)
        wanted = _painted(label, write.paragraph(payload))
        assert _shown(label).toImage() == wanted.toImage(), payload[:60]


def test_a_tooltip_reads_as_the_text_it_is_given(qtbot: QtBot, theme: Theme) -> None:
    for payload in PAYLOADS:
        document = QTextDocument()
        document.setHtml(plain_tip(payload))
        wanted, read = write.paragraph(payload), document.toPlainText().replace("\u200b", "")
        if len(wanted) > 2_000:
            wanted = f"{wanted[:2_000]}…"
        wanted = wanted.replace("\u200b", "")
        assert " ".join(read.split()) == " ".join(wanted.split()), payload[:60]


def test_a_button_underlines_no_letter_and_says_the_whole(qtbot: QtBot, theme: Theme) -> None:
    for payload in PAYLOADS:
        button = Button(payload)
        assert QKeySequence.mnemonic(button.text()).isEmpty(), payload[:60]
        assert button.text().replace("&&", "&") == write.text(payload)
        button.deleteLater()


def test_places_in_a_value_are_not_filled(theme: Theme) -> None:
    for payload in PAYLOADS:
        assert tr("Open {thing}", thing=payload) == f"Open {payload}"
        assert trn("{count} of {name}", "{count} of {name}", 2, name=payload) == f"2 of {payload}"
    back = choose(Pseudo())
    try:
        assert "{name}" in tr("Open {thing}", thing="{name}")
    finally:
        back()


def test_a_spreadsheet_computes_nothing(theme: Theme) -> None:
    for payload in (
        *PAYLOADS,
        "\u200b=1+1",
        "\ufeff=1+1",
        "\uff1d1+1",
        "\n=1+1",
        " \t@x",
        "\x00=1",
    ):
        (row,) = csv.reader([exported(payload).replace("\n", " ").replace("\x00", "")])
        start = "".join(row).lstrip(" \t\r\n\u200b\ufeff")[:1]
        assert start not in set("=+-@\uff1d\uff0b\uff0d\uff20"), payload
    assert all(exported(formula).startswith("'") for formula in FORMULAS[:5])


def test_a_title_keeps_what_qt_would_take_for_a_sign_of_change(qtbot: QtBot, theme: Theme) -> None:
    dialog = Dialog(None, "Note to a[*]b\x07", "Save")
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Note to a[*][*]b"
    assert dialog.heading.text() == "Note to a[*]b"


def _planted() -> Iterator[QWidget]:
    yield QLabel("<b>Ann</b>")
    rich = QLabel("Ann")
    rich.setTextFormat(Qt.TextFormat.RichText)
    yield rich
    tipped = QWidget()
    tipped.setToolTip("<img src=file:///etc/hostname>")
    yield tipped
    button = Button("x")
    button.setText("R&D")
    yield button


def test_a_raw_label_tooltip_or_button_is_caught(qtbot: QtBot, theme: Theme) -> None:
    for widget in _planted():
        assert len(list(interpreted(widget))) == 1
        widget.deleteLater()


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One stage for all states: its desks are opened once."""
    made = stage()
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("of", sorted({shown.of.__name__ for shown in EXTREME}))
def test_no_state_of_extremes_interprets_what_it_shows(
    of: str, shared: Stage, theme: Theme
) -> None:
    found: set[str] = set()
    for shown in (one for one in EXTREME if one.of.__name__ == of):
        placed = Placed(shared, shown)
        try:
            placed.widget.show()
            wait_until_quiet(placed.frame.background)
            hurry(placed.widget)
            found |= {f"{shown.name}: {what}" for what in interpreted(placed.widget)}
        finally:
            placed.take_down()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sorted(found) == []
