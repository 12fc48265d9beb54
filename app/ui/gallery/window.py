"""The gallery, live: every declared state to choose from, and how it is looked at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.ui.act_dialog import Choice
from app.ui.background import Background, Latest
from app.ui.columns import Column
from app.ui.errors import trouble_of
from app.ui.gallery.finding import every_shown
from app.ui.gallery.matrix import fits
from app.ui.gallery.preview import Preview
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.language import tr, trn
from app.ui.pictures import SIZES
from app.ui.remembered import fit_on_screen
from app.ui.rows_model import RowsModel
from app.ui.theme import ZOOMS, current
from app.ui.tokens import PAGE_PADDING
from app.ui.widgets.button import Button
from app.ui.widgets.fields import Labelled
from app.ui.widgets.search import SearchBox
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

LIST_WIDTH: Final = 340
_SIZE: Final = (1440, 900)


class GalleryWindow(QMainWindow):
    """A list of states with a filter, and the chosen one beside it, built on made-up data.

    Colours and text size are those of the whole program: they are put back when it is closed.
    """

    closed = Signal()

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._stage = stage
        self._background = Background(parent=self)
        self._opening = Latest(self._background, owner=self)
        self._every = every_shown()
        theme = current()
        self._before = {"scheme": theme.scheme, "zoom": theme.zoom}
        self.search = SearchBox(tr("Filter: a page, a dialog, a state"), tr("Filter states"))
        self._model: RowsModel[Shown] = RowsModel(_columns())
        self.table: Table[Shown] = Table(self._model, tr("States"))
        self.preview = Preview(stage)
        self.scheme = Choice(tr("Colours"), _schemes(), "dark" if theme.dark else "light")
        self.zoom = Choice(tr("Text size"), [(str(z), f"{z} %") for z in ZOOMS], str(theme.zoom))
        self.direction = Choice(tr("Direction"), _directions(), "ltr")
        self.scale = Choice(tr("Scale"), _scales(), "1")
        self.room = Choice(tr("Size"), _sizes(), "own")
        self._count = Label("", "caption", "text2")
        self._about = Label("", "caption", "text2", wrap=True)
        self.setWindowTitle(tr("Gallery"))
        self._build()
        self._connect()
        self._filter("")
        self.resize(*_SIZE)
        fit_on_screen(self)
        self.search.setFocus()

    @property
    def shown(self) -> Shown | None:
        """The state that is chosen."""
        return self.table.current_row()

    def build_again(self) -> None:
        """Build the chosen state anew: whatever was done in it is forgotten."""
        self._show(self.shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._opening.cancel()
        self._background.close()
        self.preview.take_down()
        self._stage.close()
        current().choose(**self._before)  # type: ignore[arg-type] # what it was chosen with before
        self.closed.emit()
        super().closeEvent(event)

    # What is chosen

    def _filter(self, typed: str) -> None:
        before = self.shown
        words = typed.lower().split()
        found = [one for one in self._every if all(fits(one.name, word) for word in words)]
        self._model.show_rows(found)
        self._count.setText(trn("{count} state", "{count} states", len(found)))
        if not found:
            self.table.overlay.empty(tr("No state has that in its name."))
            return
        self.table.overlay.ready()
        self.table.selectRow(found.index(before) if before in found else 0)

    def _show(self, shown: Shown | None) -> None:
        if shown is None:
            return
        self._about.setText(_about(shown))
        if self._stage.has(shown.desk):
            self._opening.cancel()
            self._place(shown)
            return
        self.preview.take_down()
        self.preview.overlay.loading()
        self._opening.ask(
            lambda _stop: self._stage.open(shown.desk),
            lambda _none: self._place(shown),
            self._not_opened,
        )

    def _place(self, shown: Shown) -> None:
        size = self.room.key
        chosen = None if size == "own" else next(one for one in SIZES if str(one[0]) == size)
        here = self.focusWidget()
        self.preview.show_state(shown, chosen, self._turned())
        if here in {self.search, self.table}:
            here.setFocus()  # a dialog takes the keyboard when it is built

    def _not_opened(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Opening made-up data"))
        self.preview.overlay.failed(trouble.sentence, "", self.build_again, trouble.details)

    # How it is looked at

    def _turned(self) -> Qt.LayoutDirection:
        mirrored = self.direction.key == "rtl"
        return Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight

    def _dress(self) -> None:
        dark = self.scheme.key == "dark"
        current().choose(scheme="dark" if dark else "light", zoom=int(self.zoom.key))
        self.preview.magnify(int(self.scale.key))

    def _connect(self) -> None:
        self.search.searched.connect(self._filter)
        self.search.drive(self.table)
        self.search.entered.connect(self.table.setFocus)
        self.table.chosen.connect(self._show)
        for choice in (self.scheme, self.zoom):
            choice.activated.connect(lambda _index: self._dress())
        self.direction.activated.connect(lambda _index: self.preview.turn(self._turned()))
        self.scale.activated.connect(lambda _index: self.preview.magnify(int(self.scale.key)))
        self.room.activated.connect(lambda _index: self.build_again())
        for keys, act in (("Ctrl+W", self.close), ("Alt+R", self.build_again)):
            action = QAction(self)
            action.setShortcut(keys)
            action.triggered.connect(act)
            self.addAction(action)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(PAGE_PADDING, 16, 12, 16)
        left.setSpacing(8)
        left.addWidget(Label(tr("Gallery"), "title"))
        left.addWidget(self.search)
        left.addWidget(self._count)
        left.addWidget(self.table, 1)
        side = QFrame()
        side.setLayout(left)
        side.setFixedWidth(LIST_WIDTH)
        right = QVBoxLayout()
        right.setContentsMargins(12, 16, PAGE_PADDING, 16)
        right.setSpacing(12)
        right.addLayout(self._controls())
        right.addWidget(self._about)
        right.addWidget(self.preview, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for choice in (self.scheme, self.scale, self.direction, self.zoom, self.room):
            row.addWidget(Labelled(choice.accessibleName(), choice))
        row.addStretch(1)
        again = Button(tr("Build again"), self.build_again, icon="refresh", shortcut="Alt+R")
        row.addWidget(again, 0, Qt.AlignmentFlag.AlignBottom)
        return row


def _columns() -> tuple[Column[Shown], ...]:
    return (
        Column("what", tr("What"), lambda one: one.what, width=150, voice="name"),
        Column("state", tr("State"), lambda one: one.state, stretch=True),
    )


def _schemes() -> list[tuple[str, str]]:
    return [("light", tr("Light")), ("dark", tr("Dark"))]


def _directions() -> list[tuple[str, str]]:
    return [("ltr", tr("Left to right")), ("rtl", tr("Right to left"))]


def _scales() -> list[tuple[str, str]]:
    return [("1", "100 %"), ("2", tr("200 %, a still picture"))]


def _sizes() -> list[tuple[str, str]]:
    own = ("own", tr("Its own"))
    return [own, *((str(width), f"{width} × {height}") for width, height in SIZES)]


def _about(shown: Shown) -> str:
    desks = {
        "none": tr("Without a database."),
        "demo": tr("Over a copy of the demo."),
        "empty": tr("Over a database without users."),
        "extreme": tr("Over made-up extremes."),
        "read-only": tr("Over a copy of the demo that cannot be written."),
    }
    answers = {
        "given": "",
        "awaited": tr("Every question stays open."),
        "failed": tr("Every question fails."),
    }
    safe = tr("Nothing done here touches your data.")
    return " ".join(part for part in (desks[shown.desk], answers[shown.answers], safe) if part)
