"""The balance: its grants in burn-down order, and the proof that it is what it is."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import format as write
from app.ui.theme import current, dress
from app.ui.users import account_state as states
from app.ui.users.account_state import Piece
from app.ui.users.reading import AccountData
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.proportion import Part, ProportionBar
from app.ui.widgets.text import Label, plain_tip

_NAMED: Final = 6
_THIN: Final = 10


class Swatch(QWidget):
    """A small square in a colour of the theme: which part of a bar a word belongs to."""

    def __init__(self, ink: str) -> None:
        super().__init__()
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(current().px(9), current().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = current().px(9)
        top = (self.height() - side) // 2
        painter.fillRect(QRect(0, top, side, side), current().colour(self._ink))


class LegendLine(QWidget):
    """Swatches with words, wrapped like words; `clicked(key)` where they lead somewhere."""

    clicked = Signal(str)

    def __init__(self, *, links: bool) -> None:
        super().__init__()
        self._links = links
        self._entries: list[QWidget] = []
        self._flow = FlowLayout(self, gap=10)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pieces(self, pieces: Sequence[Piece], *, numbered: bool = False) -> None:
        """Name these; of very many only the first."""
        for widget in self._entries:
            self._flow.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._entries = []
        for place, piece in enumerate(pieces[:_NAMED] if numbered else pieces, start=1):
            self._put(self._entry(piece, f"{place}  " if numbered else ""))
        if numbered and len(pieces) > _NAMED:
            rest = write.counted(len(pieces) - _NAMED, "more grant")
            self._put(Label(f"and {rest}", "caption", "text2"))
        self.updateGeometry()

    def _put(self, widget: QWidget) -> None:
        self._entries.append(widget)
        self._flow.addWidget(widget)

    def _entry(self, piece: Piece, number: str) -> QWidget:
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(Swatch(piece.ink))
        words = f"{number}{piece.words} {piece.amount}"
        if self._links:
            button = Button(words, lambda: self.clicked.emit(piece.key), kind="link")
            button.setToolTip(plain_tip(piece.tip))
            dress(button, "caption")
            row.addWidget(button)
        else:
            row.addWidget(Label(words, "caption", "text2"))
        return entry


class BurnCard(Card):
    """The grants that make up the balance, numbered in the order in which they will be used."""

    grant_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__("Available", " ")
        self.bar = ProportionBar("Grants in burn-down order")
        self.legend = LegendLine(links=False)
        self.add(self.bar)
        self.add(self.legend)
        self.body.addStretch(1)
        self.bar.clicked.connect(lambda key: self.grant_wanted.emit(int(key)))

    def show_data(self, data: AccountData, zone: tzinfo) -> None:
        """Show the grants of an account."""
        pieces = states.burn_pieces(data, zone)
        self.title.setText(f"{write.credits(data.account.available)} available")
        grants = write.counted(len(pieces), "grant")
        self.aside.setText(f"{grants}, used up in this order" if pieces else "no grant is left")
        self.bar.show_parts(
            [
                Part(p.key, p.weight, p.tip, p.ink, faint=p.faint, number=str(place))
                for place, p in enumerate(pieces, start=1)
            ]
        )
        self.legend.show_pieces(pieces, numbered=True)


class ProofCard(Card):
    """*Why 1,284?*: what came in, what went out, equals. `part_wanted(kind)` when one is clicked.

    Both bars share one scale: the longer is what came in.
    """

    part_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Why?", " ")
        self.gained = ProportionBar("What came in", _THIN)
        self.lost = ProportionBar("What went out", _THIN)
        self.legend = LegendLine(links=True)
        self._lost_row = _Scaled(self.lost)
        for widget in (self.gained, self._lost_row, self.legend):
            self.add(widget)
        self.body.setSpacing(6)
        self.body.addStretch(1)
        for source in (self.gained, self.lost, self.legend):
            source.clicked.connect(self.part_wanted)

    def show_data(self, data: AccountData) -> None:
        """Show the proof of an account."""
        self.title.setText(f"Why {write.credits(data.proof.balance)}?")
        self.aside.setText(states.proof_sentence(data))
        self.aside.set_ink("text2" if data.proof.agrees else "danger")
        gained = states.proof_pieces(data, gained=True)
        lost = states.proof_pieces(data, gained=False)
        for bar, pieces in ((self.gained, gained), (self.lost, lost)):
            bar.show_parts([Part(p.key, p.weight, p.tip, p.ink) for p in pieces])
        self.legend.show_pieces([*gained, *lost])
        self._lost_row.show_share(data.proof.lost / max(1, data.proof.gained))


class _Scaled(QWidget):
    """Keeps a bar at a share of the width."""

    def __init__(self, bar: ProportionBar) -> None:
        super().__init__()
        self._bar = bar
        self._share = 1.0
        bar.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        """Take this share of the width."""
        self._share = max(0.0, min(1.0, share))
        self._place()

    def sizeHint(self) -> QSize:
        return self._bar.sizeHint()

    def resizeEvent(self, event: object) -> None:
        self._place()

    def _place(self) -> None:
        width = round(self.width() * self._share)
        left = (
            self.width() - width if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0
        )
        self._bar.setGeometry(left, 0, width, self._bar.sizeHint().height())
