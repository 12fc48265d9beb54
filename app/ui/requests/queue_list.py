"""The rows of the queue, and what the keyboard does on them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.domain.requests import Request, RequestQuery
from app.ui import request_words as words_of
from app.ui.columns import Column
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.requests.queue_paint import QueueDelegate
from app.ui.requests.reading import Queue
from app.ui.rows_model import Fetch, PagedModel
from app.ui.theme import current
from app.ui.tokens import USERS_ROW_HEIGHT
from app.ui.widgets.focus_ring import show_focus

Index = QModelIndex | QPersistentModelIndex
_JUMPS = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}


class QueueList(QTableView):
    """The rows: a table of one column, since a list lays out every row before it shows one.

    `chosen(Request)` when the keyboard or the mouse comes to one,
    `taken(n)` on Enter (1) or on a digit: the suggestion of the nth finding is wanted.
    """

    chosen = Signal(object)
    taken = Signal(int)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        show_focus(self)
        column: Column[Request] = Column(
            "request", tr("Request"), lambda request: words_of.spoken(request, frame.now())
        )
        self.rows: PagedModel[Request] = PagedModel((column,), frame.background)
        self._shown: RequestQuery | None = None
        self._awaited = -1
        self.setModel(self.rows)
        self.setItemDelegate(QueueDelegate(self, frame))
        self.setAccessibleName(tr("Requests"))
        self._behave()
        self.rows.dataChanged.connect(self._loaded)
        current().changed.connect(self._measure)
        self._measure()

    def current_request(self) -> Request | None:
        """The request on whose row the keyboard is."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def show_queue(self, queue: Queue, fetch: Fetch[Request], request_id: int | None) -> bool:
        """List these; the same list read anew keeps its place. Whether the request is on it."""
        place = self.verticalScrollBar().value() if queue.query == self._shown else 0
        self._shown = queue.query
        self._awaited = -1
        self.rows.show_source(queue.count, fetch, queue.first)
        self.verticalScrollBar().setValue(place)
        return self.mark(request_id)

    def mark(self, request_id: int | None) -> bool:
        """Put the keyboard on a request without telling so; whether it is among those loaded."""
        for number, request in self.rows.loaded().items():
            if request.id == request_id:
                self._go_quietly(number)
                return True
        self._go_quietly(-1)
        return False

    def choose(self, number: int) -> None:
        """Put the keyboard on a row."""
        self.setCurrentIndex(self.rows.index(number, 0))

    def choose_free(self, me: str) -> None:
        """Put the keyboard on the first request that nobody else has in hand, else on the first."""
        loaded = sorted(self.rows.loaded().items())
        free = (at for at, one in loaded if not words_of.in_others_hands(one, me))
        self.choose(next(free, 0))

    def neighbour(self, me: str) -> Request | None:
        """The request that is next when the one in view has left: below it, else above.

        What others have in hand is passed over, unless there is nothing else.
        """
        here = self.currentIndex().row()
        loaded = self.rows.loaded()
        below = [loaded[number] for number in sorted(loaded) if number > here]
        above = [loaded[number] for number in sorted(loaded, reverse=True) if number < here]
        free = (one for one in (*below, *above) if not words_of.in_others_hands(one, me))
        return next(free, None) or next(iter((*below, *above)), None)

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        if not current_index.isValid():
            return
        request = self.rows.row(current_index.row())
        self._awaited = -1 if request else current_index.row()
        if request is not None:
            self.chosen.emit(request)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        key = Qt.Key(event.key())
        if plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit(1)
        elif plain and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.taken.emit(int(key) - int(Qt.Key.Key_0))
        elif plain and key in _JUMPS:
            super().keyPressEvent(QKeyEvent(event.type(), _JUMPS[key], event.modifiers()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        request = self.current_request()
        if request is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = (("ticket", request.ticket), ("sender", request.sender),
                   ("message", request.message))  # fmt: skip
        for words, text in offered:
            menu.addAction(tr("Copy {words}", words=words)).triggered.connect(
                lambda _checked=False, text=text: QGuiApplication.clipboard().setText(text)
            )
        menu.popup(event.globalPos())

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(current().px(USERS_ROW_HEIGHT))
        self.viewport().update()

    def _go_quietly(self, number: int) -> None:
        told = self.blockSignals(True)
        index = self.rows.index(number, 0) if number >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        self.blockSignals(told)
        self.viewport().update()

    def _loaded(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self._awaited <= last.row():
            number, self._awaited = self._awaited, -1
            request = self.rows.row(number)
            if request is not None and self.currentIndex().row() == number:
                self.chosen.emit(request)
