"""Who was looked at lately: offered under the empty search field and in the palette."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui import format as write
from app.ui.actions import Action
from app.ui.language import tr
from app.ui.remembered import Remembered
from app.ui.theme import current, dress
from app.ui.widgets.text import Label

KEPT: Final = "window/recents"
MOST: Final = 10
_ROW: Final = 28
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Recent(NamedTuple):
    """A place in a page, and what it is called."""

    page: str
    place: str
    words: str


class Recents:
    """The last places, newest first, kept between starts."""

    def __init__(self, kept: Remembered) -> None:
        self._kept = kept

    @property
    def all(self) -> tuple[Recent, ...]:
        """Those on record; what cannot be read of them is left out."""
        rows = self._kept.recall(KEPT, [])
        rows = rows if isinstance(rows, list) else []
        good = (row for row in rows if isinstance(row, list) and len(row) == len(Recent._fields))
        return tuple(Recent(*row) for row in good if all(isinstance(part, str) for part in row))

    def note(self, recent: Recent) -> None:
        """Put one first."""
        others = [one for one in self.all if one[:2] != recent[:2]]
        self._kept.remember(KEPT, [list(one) for one in (recent, *others)][:MOST])

    def actions(self, go: Callable[[Recent], object]) -> list[Action]:
        """What the palette offers of them."""

        def action(number: int, recent: Recent) -> Action:
            words = tr(
                "Open {words} ({place})",
                words=write.name(recent.words),
                place=write.text(recent.place),
            )
            return Action(f"recent-{number}", words, lambda: go(recent))

        return [action(number, recent) for number, recent in enumerate(self.all)]


class RecentsPanel(QFrame):
    """A list under the search field, while that is empty. `wanted(Recent)` when one is chosen.

    The keyboard stays in the field: Down and Up choose, Enter opens, Esc or typing puts it away.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget, field: QLineEdit) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("popup")
        self.hide()
        self._field = field
        self._recents: tuple[Recent, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Recently opened"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        dress(self.list, "body")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(Label(tr("Recently opened"), "caption", "text2"))
        column.addWidget(self.list)
        self.list.itemClicked.connect(lambda _item: self._take())
        field.installEventFilter(self)
        field.textChanged.connect(lambda _text: self.hide())

    def offer(self, recents: Sequence[Recent]) -> None:
        """Show these under the field, if there are any and nothing is typed."""
        self._recents = tuple(recents)
        if not self._recents or self._field.text():
            self.hide()
            return
        self.list.clear()
        for recent in self._recents:
            item = QListWidgetItem(f"{write.name(recent.words)}  ·  {write.text(recent.place)}")
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self._put()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.isVisible() and self._key(Qt.Key(event.key()))
        return False

    def _key(self, key: Qt.Key) -> bool:
        """What a key does while the list is open; whether it is used up by that."""
        if key in _STEPS:
            row = self.list.currentRow() + _STEPS[key]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
            return True
        if key is Qt.Key.Key_Escape:
            self.hide()
            return True
        if key in _ENTER:
            return self._take()
        return False

    def _take(self) -> bool:
        row = self.list.currentRow()
        self.hide()
        if 0 <= row < len(self._recents):
            self.wanted.emit(self._recents[row])
            return True
        return False

    def _put(self) -> None:
        below = self._field.mapTo(self._over, QPoint(0, self._field.height() + 4))
        rows = self.list.count() * current().px(_ROW)
        self.setGeometry(below.x(), below.y(), self._field.width(), rows + current().px(46))
