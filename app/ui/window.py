"""The frame around the pages: navigation, search, notices, toasts, keys and errors.

The window knows pages only by their `PageEntry`; it builds one when it is first shown. How to write
a page is told in `app.ui.page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import format as write
from app.ui.actions import Action, Registry
from app.ui.looks import Looks
from app.ui.page import Page, PageEntry
from app.ui.remembered import Remembered, keep_size, restore_size
from app.ui.sidebar import PRODUCT, SideBar
from app.ui.tokens import SMALLEST_WINDOW
from app.ui.topbar import TopBar
from app.ui.trail import Spot, Trail
from app.ui.widgets.notice import Notices
from app.ui.widgets.toast import Toasts

if TYPE_CHECKING:
    from app.ui.background import Background
    from app.ui.messages import Messages
    from app.ui.palette import Palette, ShortcutSheet
    from app.ui.widgets.table import Table

# What is only opened later is imported then: the first picture is on the screen the sooner.

SEARCHED_PAGE: Final = "users"


@dataclass(frozen=True)
class Standing:
    """What the frame shows of where we are: the database, and who is signed in with what limit."""

    database: str
    writable: bool = True
    person: str = ""
    role: str = ""


class Window(QMainWindow):
    """The main window; it is the `Frame` of its pages.

    `settings` is the ini file that sizes, columns and the theme are kept in (None keeps nothing);
    `log` names the log in the dialog about mistakes. `close()` ends the background work first.
    """

    page_shown = Signal(str)
    _mistaken = Signal(object)

    def __init__(
        self,
        *,
        desk: Any,
        background: Background,
        now: Callable[[], datetime],
        zone: tzinfo,
        pages: Sequence[PageEntry],
        standing: Standing,
        settings: Path | None = None,
        log: str = "",
    ) -> None:
        super().__init__()
        self.desk = desk
        self.background = background
        self.zone = zone
        self.kept = Remembered(settings)
        self._now = now
        self._log = log
        self._entries = {entry.key: entry for entry in pages}
        self._pages: dict[str, Page] = {}
        self._trail = Trail()
        self.looks = Looks(self.kept)
        self._undo_hook: Callable[[], None] | None = None
        self.looks.take_up()
        self._build(pages)
        self.registry = Registry(self)
        self.registry.add(self._own_actions())
        self.show_standing(standing)
        self._mistaken.connect(self.trouble, Qt.ConnectionType.QueuedConnection)
        background.fail = self.trouble
        self.setMinimumSize(*SMALLEST_WINDOW)
        restore_size(self, self.kept)

    # What pages ask of the frame

    def now(self) -> datetime:
        """The instant by the one clock."""
        return self._now()

    def say(
        self, text: str, *, tone: str = "neutral", undo: Callable[[], object] | None = None
    ) -> None:
        """A toast."""
        self.toasts.say(text, self.now(), tone=tone, undo=undo)
        self.top.show_unread(unread=True)

    def notice(
        self,
        key: str,
        sentence: str,
        *,
        tone: str = "info",
        action: str = "",
        act: Callable[[], object] | None = None,
        dismissable: bool = True,
    ) -> None:
        """A bar under the top bar."""
        self.notices.show_notice(
            key, sentence, tone=tone, action=action, act=act, dismissable=dismissable
        )

    def clear_notice(self, key: str) -> None:
        """Take a notice away."""
        self.notices.clear(key)

    def tell(self, changes: Iterable[str]) -> None:
        """Something was written from here: show when, and let the pages know."""
        self.top.show_saved(self.now(), self.zone)
        self.heard(changes)

    def heard(self, changes: Iterable[str]) -> None:
        """Something was written, here or by somebody else: pages reload or become stale."""
        told = frozenset(changes)
        for page in self._pages.values():
            page.changed(told)

    def open_page(self, key: str, place: object = None) -> None:
        """Go to a page, and to a place in it; the way back is kept."""
        if key in self._entries:
            self._settle()
            self._trail.visit(Spot(key, place))
            self._show(Spot(key, place))

    def moved(self, page: Page) -> None:
        """A page went to another place by itself."""
        self._trail.move(Spot(self._key_of(page), page.place()))

    def trouble(
        self, error: Exception, doing: str = "", retry: Callable[[], object] | None = None
    ) -> None:
        """Say what failed: a sentence, a calm notice with Retry, or the dialog for our mistakes."""
        from app.ui.errors import log_mistake, trouble_of
        from app.ui.messages import MistakeDialog

        trouble = trouble_of(error, doing)
        if trouble.blame == "nobody":
            return
        if trouble.blame == "person":
            self.say(trouble.sentence, tone="danger")
        elif trouble.blame == "machine":
            again = self._retry(retry)
            action = "Retry" if again else ""
            self.notice("machine", trouble.sentence, tone="warning", action=action, act=again)
        else:
            log_mistake(error)
            MistakeDialog(self, trouble, self._log).open()

    def remember_table(self, table: Table[Any], key: str) -> None:
        """Give a table the layout it had, and keep it from now on."""
        state = self.kept.recall(f"tables/{key}")
        if isinstance(state, dict):
            table.restore_layout(state)
        table.laid_out.connect(lambda: self.kept.remember(f"tables/{key}", table.layout_state()))
        table.told.connect(self.say)

    def recall(self, key: str, default: Any = None) -> Any:
        """A value kept between starts."""
        return self.kept.recall(f"pages/{key}", default)

    def remember(self, key: str, value: Any) -> None:
        """Keep a value between starts."""
        self.kept.remember(f"pages/{key}", value)

    def count(self, key: str, number: int) -> None:
        """Show a number beside a page's name."""
        self.side.count(key, number)

    # What main does with the window

    def show_standing(self, standing: Standing) -> None:
        """Show where we are; again after a grant, since it leaves less of the limit."""
        self.standing = standing
        self.top.show_database(standing.database, writable=standing.writable)
        self.side.show_person(standing.person, standing.role)
        self.setWindowTitle(f"{write.text(standing.database)} – {PRODUCT}")
        if standing.writable:
            self.clear_notice("read-only")
        else:
            self.notice(
                "read-only",
                "This database can be read but not written: nothing can be changed from here.",
                tone="warning",
                dismissable=False,
            )

    def start(self) -> None:
        """Open the page of last time, or the first."""
        kept = self.kept.recall("window/page")
        self.open_page(kept if kept in self._entries else next(iter(self._entries)))
        self.top.search.setFocus()

    def catch_mistakes(self) -> None:
        """Show every exception nobody caught as a mistake of ours, from now until closing."""
        from app.ui.errors import catch_everything

        self._undo_hook = catch_everything(self._mistaken.emit)

    @property
    def page(self) -> Page | None:
        """The page in view."""
        here = self._trail.here
        return self._pages.get(here.page) if here else None

    def build_all(self) -> dict[str, Page]:
        """Every page by key, built now: for tests and pictures."""
        return {key: self._page(key) for key in self._entries}

    # Qt's calls

    def closeEvent(self, event: QCloseEvent) -> None:
        keep_size(self, self.kept)
        self.kept.save()
        self.background.close()
        if self._undo_hook:
            self._undo_hook()
            self._undo_hook = None
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    # Going places

    def go_back(self) -> None:
        """To where we were before."""
        self._settle()
        self._show(self._trail.back())

    def go_forward(self) -> None:
        """To where we came back from."""
        self._settle()
        self._show(self._trail.forward())

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def open_palette(self) -> Palette:
        """Every action with its keys."""
        from app.ui.palette import Palette

        palette = Palette(self, self.registry.here())
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open()
        palette.move(self.geometry().center() - palette.rect().center())
        palette.search.setFocus()
        return palette

    def open_shortcuts(self) -> ShortcutSheet:
        """The sheet of shortcuts."""
        from app.ui.palette import ShortcutSheet

        sheet = ShortcutSheet(self, self.registry.everything(), self._title_of)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
        return sheet

    def open_messages(self) -> Messages:
        """What the toasts said."""
        from app.ui.messages import Messages

        self.top.show_unread(unread=False)
        return Messages(self, self.toasts.history, self.zone, self.now()).under(self.top.bell)

    # Inside

    def _build(self, pages: Sequence[PageEntry]) -> None:
        self.side = SideBar(pages)
        self.top = TopBar()
        self.notices = Notices()
        self.stack = QStackedWidget()
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
        self.setCentralWidget(middle)
        self.toasts = Toasts(middle)
        self.side.wanted.connect(self.open_page)
        self.top.search.searched.connect(self._search)
        self.top.search.entered.connect(self._open_result)
        self.top.bell_wanted.connect(self.open_messages)
        self.top.theme_wanted.connect(self.looks.toggle)

    def _own_actions(self) -> list[Action]:
        pages = [
            Action(
                f"page-{entry.key}",
                f"Go to {entry.title}",
                partial(self.open_page, key),
                entry.shortcut,
            )
            for key, entry in self._entries.items()
        ]
        return [
            *pages,
            Action("search", "Search users", self.focus_search, "Ctrl+K"),
            Action("palette", "All commands…", self.open_palette, "Ctrl+Shift+P"),
            Action(
                "back", "Back", self.go_back, "Alt+Left", possible=lambda: self._trail.can_go_back
            ),
            Action(
                "forward",
                "Forward",
                self.go_forward,
                "Alt+Right",
                possible=lambda: self._trail.can_go_forward,
            ),
            Action("reload", "Reload", self._reload, "F5"),
            Action("messages", "Messages", self.open_messages),
            *self.looks.actions(),
            Action("shortcuts", "Shortcuts", self.open_shortcuts, "F1"),
        ]

    def _settle(self) -> None:
        """Note where in its page the person is, so that coming back finds it."""
        if self.page is not None:
            self._trail.settle(self.page.place())

    def _show(self, spot: Spot | None) -> None:
        if spot is None:
            return
        page = self._page(spot.page)
        if spot.place is not None:
            page.go(spot.place)
        self.stack.setCurrentWidget(page)
        self.side.show_chosen(spot.page)
        self.registry.go(spot.page)
        self.kept.remember("window/page", spot.page)
        page.freshen()
        results = page.results()
        if results is not None:
            self.top.search.drive(results)
        self.page_shown.emit(spot.page)

    def _page(self, key: str) -> Page:
        if key not in self._pages:
            page = self._entries[key].factory(self)
            self.registry.add(replace(action, where=key) for action in page.actions_offered())
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    def _key_of(self, page: Page) -> str:
        return next(key for key, built in self._pages.items() if built is page)

    def _title_of(self, key: str) -> str:
        return self._entries[key].title if key in self._entries else key

    def _search(self, text: str) -> None:
        if SEARCHED_PAGE in self._entries:
            self.open_page(SEARCHED_PAGE)
            self._pages[SEARCHED_PAGE].search(text)

    def _open_result(self) -> None:
        page = self.page
        if page is not None and page is self._pages.get(SEARCHED_PAGE):
            page.open_result()

    def _reload(self) -> None:
        if self.page is not None:
            self.page.stale = True
            self.page.freshen()

    def _retry(self, retry: Callable[[], object] | None) -> Callable[[], object] | None:
        if retry is None:
            return None

        def again() -> None:
            self.clear_notice("machine")
            retry()

        return again
