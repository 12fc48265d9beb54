"""What stands in the window: side bar, top bar, notices, the stack of pages, toasts, actions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import format as write
from app.ui.actions import Action, Registry
from app.ui.language import tr
from app.ui.looks import Looks
from app.ui.recents import RecentsPanel
from app.ui.sidebar import SideBar
from app.ui.theme import current
from app.ui.tokens import PRODUCT
from app.ui.topbar import TopBar
from app.ui.widgets.notice import Notices
from app.ui.widgets.text import plain_title
from app.ui.widgets.toast import UNDO_KEYS, Toasts

if TYPE_CHECKING:
    from app.ui.window import Standing, Window


_READ_ONLY: Final = tr(
    "This database can be read but not written: nothing can be changed from here."
)


class Furniture:
    """The parts of a window, put in their places. Made once, after the first picture."""

    def __init__(self, window: Window) -> None:
        current()
        self.looks = Looks(window.kept)
        self.looks.take_up()
        self.side = SideBar(window.entries)
        self.top = TopBar()
        self.notices = Notices()
        self.stack = QStackedWidget()
        middle = self._arranged()
        window.setCentralWidget(middle)
        # Brought into a window that is on the screen, it would else be shown a moment later.
        middle.show()
        self.toasts = Toasts(middle)
        self.recents = RecentsPanel(middle, self.top.search)
        self.registry = Registry(window)
        self.registry.add(self._actions(window))
        self._connect(window)
        self._window = window

    def show_standing(self, standing: Standing) -> None:
        """Show which database is open, whether it can be written, and who is signed in."""
        self.top.show_database(standing.database, writable=standing.writable)
        self.side.show_person(standing.person, standing.role)
        self._window.setWindowTitle(plain_title(f"{write.text(standing.database)} – {PRODUCT}"))
        if standing.writable is False:
            self.notices.show_notice("read-only", _READ_ONLY, tone="warning", dismissable=False)
        else:
            self.notices.clear("read-only")

    def _arranged(self) -> QWidget:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for widget in (self.top, self.notices):
            right.addWidget(widget)
        right.addWidget(self.stack, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(right, 1)
        return middle

    def _connect(self, window: Window) -> None:
        self.side.wanted.connect(window.open_page)
        self.top.search.searched.connect(window.search)
        self.top.search.entered.connect(window.open_result)
        self.recents.wanted.connect(window.open_recent)
        self.top.bell_wanted.connect(window.open_messages)
        self.top.theme_wanted.connect(self.looks.toggle)

    def _actions(self, window: Window) -> list[Action]:
        def going_to(key: str, title: str, shortcut: str) -> Action:
            return Action(
                f"page-{key}",
                tr("Go to {title}", title=title),
                partial(window.open_page, key),
                shortcut,
            )

        def back() -> bool:
            return window.trail.can_go_back

        def forward() -> bool:
            return window.trail.can_go_forward

        return [
            *(going_to(entry.key, entry.title, entry.shortcut) for entry in window.entries),
            Action("search", tr("Search users"), window.focus_search, "Ctrl+K"),
            Action("palette", tr("All commands…"), window.open_palette, "Ctrl+Shift+P"),
            Action("back", tr("Back"), window.go_back, "Alt+Left", possible=back),
            Action("forward", tr("Forward"), window.go_forward, "Alt+Right", possible=forward),
            Action("reload", tr("Reload"), window.reload, "F5"),
            Action("messages", tr("Messages"), window.open_messages),
            Action(
                "undo-said",
                tr("Undo what was just done"),
                self.toasts.undo,
                UNDO_KEYS,
                possible=lambda: self.toasts.to_undo is not None,
            ),
            *self.looks.actions(),
            Action("shortcuts", tr("Shortcuts"), window.open_shortcuts, "F1"),
        ]
