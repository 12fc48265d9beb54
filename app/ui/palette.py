"""The command palette (every action with its keys) and the sheet of shortcuts behind F1."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QGridLayout,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import WINDOW, Action
from app.ui.keys import HELD, Held, written
from app.ui.language import tr
from app.ui.theme import current
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.paint import END, draw_text, turned
from app.ui.widgets.search import SearchBox
from app.ui.widgets.text import Key, Label

_NOWHERE: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def score(typed: str, text: str) -> int | None:
    """How well letters typed in order fit a text; higher is better, None is not at all.

    Letters at the start of words and letters in a run count most, so "ic" finds *Issue credits*
    before *Prices*.
    """
    wanted, words = "".join(typed.casefold().split()), text.casefold()
    if not wanted:
        return 0
    total, at, run = 0, 0, 0
    for letter in wanted:
        found = words.find(letter, at)
        if found < 0:
            return None
        starts = found == 0 or not words[found - 1].isalnum()
        run = run + 1 if found == at and at else 0
        total += 8 * starts + 4 * run - min(found - at, 6)
        at = found + 1
    return total - len(words) // 8


def matching(actions: Sequence[Action], typed: str) -> list[Action]:
    """The actions that fit what was typed, best first; all of them for nothing typed."""
    scored = [(score(typed, action.text), action) for action in actions]
    fitting = [(points, action) for points, action in scored if points is not None]
    fitting.sort(key=lambda pair: -pair[0])
    return [action for _points, action in fitting]


class _Commands(QAbstractListModel):
    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self.actions = list(actions)

    def show_actions(self, actions: Sequence[Action]) -> None:
        self.beginResetModel()
        self.actions = list(actions)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.actions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        action = self.actions[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return action.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{action.text}, {action.keys}" if action.keys else action.text
        return None


class _CommandDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, current().px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        model = index.model()
        assert isinstance(model, _Commands)  # noqa: S101 - it is only used on this model
        action = model.actions[index.row()]
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, theme.colour("selection" if selected else "surface"))
        painter.setLayoutDirection(option.direction)
        keys_width = QFontMetrics(theme.font("caption")).horizontalAdvance(action.keys) + 4
        inner = rect.adjusted(12, 0, -12, 0)
        possible = action.possible()
        ink = "text" if possible else "text2"
        words = turned(painter, inner.adjusted(0, 0, -keys_width, 0), inner)
        draw_text(painter, theme, words, action.text, ink=ink)
        draw_text(painter, theme, inner, action.keys, "caption", ink="text2", align=END)
        painter.restore()


class Palette(QDialog):
    """Type a few letters, press Enter: the action is done after the palette has closed."""

    def __init__(self, parent: QWidget, actions: Sequence[Action]) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setWindowTitle(tr("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._all = list(actions)
        self._model = _Commands(self._all)
        self.search = SearchBox(tr("What do you want to do?"), tr("Commands"))
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_CommandDelegate(self.list))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(lambda _index: self._do())
        self._none = Label(tr("No command fits this."), "body", "text2")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.search.drive(self.list)
        self.search.textChanged.connect(self._filter)
        self.search.entered.connect(self._do)
        self._build()
        self._filter("")
        self.resize(520, 420)
        self._chosen: Action | None = None
        self.finished.connect(self._act)

    @property
    def shown(self) -> list[Action]:
        """The actions listed."""
        return list(self._model.actions)

    def _build(self) -> None:
        sheet = QFrame()
        sheet.setObjectName("popup")
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.setSpacing(8)
        inside.addWidget(self.search)
        inside.addWidget(self._none)
        inside.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(sheet)

    def _filter(self, typed: str) -> None:
        self._model.show_actions(matching(self._all, typed))
        self._none.setVisible(not self._model.actions)
        self.list.setCurrentIndex(self._model.index(0, 0))

    def _do(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self._chosen = self._model.actions[index.row()]
            self.accept()

    def _act(self) -> None:
        if self._chosen and self._chosen.possible():
            self._chosen.act()


class ShortcutSheet(Dialog):
    """Every action that has keys, by where it holds, and the keys that no action owns.

    Pages say what they can do once they are built: ``building`` builds one after the other, while
    the sheet is in view already.
    """

    def __init__(
        self,
        parent: QWidget,
        everything: Callable[[], Sequence[Action]],
        titles: Callable[[str], str],
        building: Iterable[object] = (),
    ) -> None:
        super().__init__(parent, tr("Shortcuts"), tr("Close"), kind="plain", width=560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.cancel_button.hide()
        self._everything, self._titles, self._building = everything, titles, iter(building)
        self._told = -1
        self.area = _scrolled()
        self.body.addWidget(self.area)
        self.resize(560, 560)
        # So that the arrows and Page Down reach the rest; Enter and Escape close from there too.
        self.area.setFocus()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._build_on)
        self._tell()
        self._timer.start()

    def _build_on(self) -> None:
        """Build one more page, and tell its keys."""
        if next(self._building, None) is not None:
            self._tell()
            self._timer.start()

    def _tell(self) -> None:
        """List all there is by now, where that is more than was told."""
        actions = [action for action in self._everything() if action.shortcut]
        if self._told == len(actions):
            return
        self._told = len(actions)
        place = self.area.verticalScrollBar().value()
        self.area.setWidget(_listed([*_by_place(actions, self._titles), *HELD]))
        self.area.verticalScrollBar().setValue(place)

    def submit(self) -> None:
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            super().keyPressEvent(event)


def _by_place(
    actions: Sequence[Action], titles: Callable[[str], str]
) -> Iterator[tuple[str, Sequence[Held]]]:
    """What has keys under the title of where it holds: everywhere first."""
    for where in sorted({action.where for action in actions}):
        there = (action for action in actions if action.where == where)
        title = titles(where) if where != WINDOW else tr("Everywhere")
        yield title, [Held((one.shortcut, *one.more), one.text) for one in there]


def _listed(sections: Sequence[tuple[str, Sequence[Held]]]) -> QWidget:
    """Keys and what they do, by sections."""
    inner = QWidget()
    inner.setObjectName("scrolled")
    grid = QGridLayout(inner)
    grid.setContentsMargins(12, 0, 12, 12)
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    for title, held in sections:
        heading = Label(title, "section")
        heading.setContentsMargins(0, 10, 0, 0)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
        for one in held:
            row = grid.rowCount()
            grid.addWidget(Key(written(one.keys)), row, 0)
            grid.addWidget(Label(one.text, wrap=True), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return inner


def _scrolled() -> QScrollArea:
    area = QScrollArea()
    show_focus(area)
    area.setAccessibleName(tr("Shortcuts"))
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
