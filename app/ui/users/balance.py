"""The balance: its grants in burn-down order, and the proof that it is what it is."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import format as write
from app.ui.language import tr, trn
from app.ui.theme import current, dress
from app.ui.users import account_state as states
from app.ui.users.account_state import Piece
from app.ui.users.reading import AccountData
from app.ui.widgets.button import CutButton
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

    def show_ink(self, ink: str) -> None:
        """Take another colour."""
        self._ink = ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(9), current().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = current().px(9)
        top = (self.height() - side) // 2
        painter.fillRect(QRect(0, top, side, side), current().colour(self._ink))


class LegendLine(QWidget):
    """Swatches with words, wrapped like words; `clicked(key)` when one is clicked.

    Its entries are kept and say something else for the next account: making them anew took longer
    than all the rest of a balance.
    """

    clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[LegendEntry] = []
        self._flow = FlowLayout(self, gap=10)
        self._rest = Label("", "caption", "text2", parent=self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pieces(self, pieces: Sequence[Piece], *, numbered: bool = False) -> None:
        """Name these; numbered, of very many only the first."""
        named = pieces[:_NAMED] if numbered else pieces
        self._flow.removeWidget(self._rest)
        while len(self.entries) < len(named):
            entry = LegendEntry(self)
            entry.clicked.connect(self.clicked)
            self.entries.append(entry)
            self._flow.addWidget(entry)
        for place, entry in enumerate(self.entries):
            entry.setVisible(place < len(named))
            if place < len(named):
                entry.show_piece(named[place], f"{place + 1}  " if numbered else "")
        more = len(pieces) - len(named)
        self._rest.setText(trn("and {count} more grant", "and {count} more grants", more))
        self._flow.addWidget(self._rest)
        self._rest.setVisible(bool(more))
        self.updateGeometry()

    def words(self) -> list[str]:
        """What the entries in view say."""
        return [entry.button.text() for entry in self.entries if not entry.isHidden()]


class LegendEntry(QWidget):
    """One piece in words, that leads to what it stands for."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = ""
        self._swatch = Swatch("text2")
        self.button = CutButton("", lambda: self.clicked.emit(self._key))
        dress(self.button, "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._swatch)
        row.addWidget(self.button)

    def show_piece(self, piece: Piece, number: str) -> None:
        """Say this one."""
        self._key = piece.key
        self._swatch.show_ink(piece.ink)
        self.button.setText(f"{number}{piece.words} {piece.amount}")
        self.button.setToolTip(plain_tip(piece.tip))


class BurnCard(Card):
    """The grants that make up the balance, numbered in the order in which they will be used."""

    grant_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(tr("Available"), " ")
        self.bar = ProportionBar(tr("Grants in burn-down order"))
        self.legend = LegendLine()
        self.add(self.bar)
        self.add(self.legend)
        self.body.addStretch(1)
        for source in (self.bar, self.legend):
            source.clicked.connect(lambda key: self.grant_wanted.emit(int(key)))

    def show_data(self, data: AccountData, zone: tzinfo) -> None:
        """Show the grants of an account."""
        pieces = states.burn_pieces(data, zone)
        self.title.setText(trn("{count} available", "{count} available", data.account.available))
        grants = trn("{count} grant", "{count} grants", len(pieces))
        self.aside.setText(
            tr("{grants}, used up in this order", grants=grants)
            if pieces
            else tr("no grant is left")
        )
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
        super().__init__(tr("Why?"), " ")
        self.gained = ProportionBar(tr("What came in"), _THIN)
        self.lost = ProportionBar(tr("What went out"), _THIN)
        self.legend = LegendLine()
        self._lost_row = _Scaled(self.lost)
        for widget in (self.gained, self._lost_row, self.legend):
            self.add(widget)
        self.body.setSpacing(6)
        self.body.addStretch(1)
        for source in (self.gained, self.lost, self.legend):
            source.clicked.connect(self.part_wanted)

    def show_data(self, data: AccountData) -> None:
        """Show the proof of an account."""
        self.title.setText(tr("Why {balance}?", balance=write.credits(data.proof.balance)))
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
