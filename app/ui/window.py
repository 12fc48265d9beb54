"""The frame around the pages: navigation, search, notices, toasts, keys and errors.

The window knows pages only by their `PageEntry`; it builds one when it is first shown. How to write
a page is told in `app.ui.page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow

from app.ui.file_dialogs import PLACES
from app.ui.language import tr
from app.ui.remembered import Remembered, keep_size, restore_size
from app.ui.skeleton import paint_skeleton
from app.ui.tokens import PRODUCT, SMALLEST_WINDOW
from app.ui.trail import Spot, Trail

# Nothing here imports what the first picture does not show: the window is on the screen sooner.
if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QStackedWidget

    from app.start import Choice
    from app.ui.actions import Registry
    from app.ui.background import Background
    from app.ui.furniture import Furniture
    from app.ui.looks import Looks
    from app.ui.messages import Messages
    from app.ui.page import Page, PageEntry
    from app.ui.palette import Palette, ShortcutSheet
    from app.ui.recents import Recent, Recents
    from app.ui.sidebar import SideBar
    from app.ui.topbar import TopBar
    from app.ui.widgets.notice import Notices
    from app.ui.widgets.table import Table
    from app.ui.widgets.toast import Toasts

SEARCHED_PAGE: Final = "users"
EVERYTHING: Final = frozenset({"accounts", "prices", "consumption", "staff", "requests"})
"""What is told where everything may have changed."""


@dataclass(frozen=True)
class Standing:
    """What the frame shows of where we are: the database, and who is signed in with what limit.

    ``writable`` is None while no database is open: ``database`` then says what is the case instead.
    """

    database: str
    writable: bool | None = True
    person: str = ""
    role: str = ""


def _open_no_other(
    _choice: Choice, _done: Callable[[], object], refused: Callable[[str], object]
) -> None:

    refused(tr("No other database can be opened from here."))


class Window(QMainWindow):
    """The main window; it is the `Frame` of its pages.

    `settings` is the ini file that sizes, columns and the theme are kept in (None keeps nothing);
    `log` names the log in the dialog about mistakes. `close()` ends the background work first.
    """

    page_shown = Signal(str)
    told = Signal(frozenset)
    """What was written, here or by somebody else: for what is no page."""
    _mistaken = Signal(object)
    opener: Callable[[Choice, Callable[[], object], Callable[[str], object]], None] = staticmethod(
        _open_no_other
    )
    """What opens another database in this window; whoever made the desk sets it."""

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
        PLACES.kept = self.kept
        self._now = now
        self._log = log
        self.standing = standing
        self.entries = tuple(pages)
        self._entries = {entry.key: entry for entry in pages}
        self._pages: dict[str, Page] = {}
        self._leaving: list[Page] = []
        self.trail = Trail()
        self._undo_hook: Callable[[], None] | None = None
        background.fail = self.trouble
        self.setWindowTitle(PRODUCT)
        self.setMinimumSize(*SMALLEST_WINDOW)
        restore_size(self, self.kept)

    # What stands in it, brought in when it is first needed

    def furnish(self) -> None:
        """Bring in what stands in the window; it comes by itself with the first thing asked."""
        self.show_standing(self.standing)

    @cached_property
    def furniture(self) -> Furniture:
        """The parts of the window."""
        from app.ui.furniture import Furniture

        made = Furniture(self)
        made.show_standing(self.standing)
        return made

    @property
    def looks(self) -> Looks:
        """The choice of colours, density, text size and times."""
        return self.furniture.looks

    @property
    def side(self) -> SideBar:
        """The side bar."""
        return self.furniture.side

    @property
    def top(self) -> TopBar:
        """The top bar."""
        return self.furniture.top

    @property
    def notices(self) -> Notices:
        """The bars under the top bar."""
        return self.furniture.notices

    @property
    def stack(self) -> QStackedWidget:
        """The pages built so far."""
        return self.furniture.stack

    @property
    def toasts(self) -> Toasts:
        """The toasts and their history."""
        return self.furniture.toasts

    @property
    def registry(self) -> Registry:
        """Everything that can be done by name."""
        return self.furniture.registry

    # What pages ask of the frame

    def now(self) -> datetime:
        """The instant by the one clock."""
        return self._now()

    def say(
        self,
        text: str,
        *,
        tone: str = "neutral",
        undo: Callable[[], object] | None = None,
        act: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """A toast."""
        self.toasts.say(text, self.now(), tone=tone, undo=undo, act=act)
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
        self.told.emit(told)

    def open_page(self, key: str, place: object = None) -> None:
        """Go to a page, and to a place in it; the way back is kept."""
        if key in self._entries:
            self._settle()
            self.trail.visit(Spot(key, place))
            self._show(Spot(key, place))

    def moved(self, page: Page, before: object = None) -> None:
        """A page went to another place by itself, from ``before``."""
        if before is not None:
            self.trail.settle(before)
        self.trail.move(Spot(self._key_of(page), page.place()))

    def type_search(self, text: str, *, add: bool = False) -> None:
        """Put a text into the search field (or ``add`` it there), with the keyboard on it."""
        search = self.top.search
        search.setFocus()
        search.setText(search.text() + text if add else text)

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
            action = tr("Retry") if again else ""
            self.notice("machine", trouble.sentence, tone="warning", action=action, act=again)
        else:
            log_mistake(error)
            MistakeDialog(self, trouble, self._log).open()

    @cached_property
    def recents(self) -> Recents:
        """Who was looked at lately."""
        from app.ui.recents import Recents

        return Recents(self.kept)

    def forget_search(self) -> None:
        """Empty the search field without looking for anything."""
        self.top.search.forget()

    def note_recent(self, page: str, place: str, words: str) -> None:
        """Somebody was looked at."""
        from app.ui.recents import Recent

        self.recents.note(Recent(page, place, words))

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

    def setting(self, key: str, default: Any = None) -> Any:
        """A choice from the settings page."""
        return self.kept.recall(f"settings/{key}", default)

    def set_setting(self, key: str, value: Any) -> None:
        """Keep such a choice."""
        self.kept.remember(f"settings/{key}", value)
        self.heard({"settings"})

    def run_action(self, name: str) -> None:
        """Do what an action of the window does, by its name; nothing where it has no such."""
        for action in self.registry.here():
            if action.name == name:
                self.registry.do(action)

    def open_ticket(self, ticket: str) -> None:
        """Open a ticket in the help desk; copy it while no address is set."""
        from app.ui import tickets

        address = tickets.address_of(str(self.setting(tickets.KEPT, "")), ticket)
        if address:
            self.open_address(address)
        elif ticket.strip():
            from PySide6.QtGui import QGuiApplication

            from app.ui import format as write

            QGuiApplication.clipboard().setText(ticket.strip())
            self.say(
                tr(
                    "Copied {ticket}. Tickets open once Settings has their address.",
                    ticket=write.name(ticket),
                )
            )

    def open_address(self, address: str) -> None:
        """Open an address of the web in the browser."""
        from app.ui import tickets

        if not tickets.open_address(address):
            self.say(
                tr("The browser could not be opened for {address}.", address=address), tone="danger"
            )

    def count(self, key: str, number: int) -> None:
        """Show a number beside a page's name."""
        self.side.count(key, number)

    def open_database(
        self, choice: Choice, done: Callable[[], object], refused: Callable[[str], object]
    ) -> None:
        """Go on with another database in this window."""
        self.opener(choice, done, refused)

    def begin_anew(self) -> None:
        """Build the pages anew and show the one in view: everything on record is another."""
        from app.domain.calendar import zone_of

        self.background.end_reads()  # their pages are gone when they would answer
        here = self.trail.here
        self.zone = zone_of(self.desk.zone)
        pages, self._pages = self._pages, {}
        self.registry.forget_pages()
        self.trail = Trail()
        self.top.search.forget()
        self.top.search.drive(None)
        self.notices.clear_all()
        # Held until Qt has deleted them whole: collected, they would leave parts of them behind.
        self._leaving = list(pages.values())
        for page in self._leaving:
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self.show_standing(self.standing)
        self.told.emit(EVERYTHING)
        self.open_page(here.page if here else next(iter(self._entries)))

    # What main does with the window

    def show_standing(self, standing: Standing) -> None:
        """Show where we are; again after a grant, since it leaves less of the limit."""
        self.standing = standing
        self.furniture.show_standing(standing)

    @property
    def first_page(self) -> str:
        """The page to begin with: the one of last time, or the first there is."""
        kept = str(self.kept.recall("window/page", ""))
        return kept if kept in self._entries else next(iter(self._entries))

    def start(self) -> Page:
        """Open the page to begin with; returns it."""
        key = self.first_page
        self.open_page(key)
        self.top.search.setFocus()
        return self._pages[key]

    def catch_mistakes(self) -> None:
        """Show every exception nobody caught as a mistake of ours, from now until closing."""
        from PySide6.QtCore import Qt

        from app.ui.errors import catch_everything

        # Queued: it may have happened in another thread, or while something is being painted.
        self._mistaken.connect(self.trouble, Qt.ConnectionType.QueuedConnection)
        self._undo_hook = catch_everything(self._mistaken.emit)

    @property
    def page(self) -> Page | None:
        """The page in view."""
        here = self.trail.here
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

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if "furniture" not in self.__dict__:
            kept = self.kept.recall("window/theme", {})
            paint_skeleton(self, scheme=str(kept.get("scheme")) if kept else "system")

    def focusNextPrevChild(self, forth: bool) -> bool:
        from app.ui.widgets.reading_order import put_in_order

        put_in_order(self)
        return super().focusNextPrevChild(forth)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape:
            self._close_by_key()
        else:
            super().keyPressEvent(event)

    # Going places

    def go_back(self) -> None:
        """To where we were before."""
        self._settle()
        self._show(self.trail.back())

    def _close_by_key(self) -> None:
        """Esc: back to another page, or out of what is open on this one; nothing else."""
        behind = self.trail.behind
        if behind is None or self.page is None:
            return
        self._settle()
        here = self.trail.here
        if here is None or here.page != behind.page or self.page.closes(behind.place):
            self.go_back()

    def go_forward(self) -> None:
        """To where we came back from."""
        self._settle()
        self._show(self.trail.forward())

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.top.search.setFocus()
        self.top.search.selectAll()
        here = self.trail.here
        place = self.page.place() if self.page is not None else None
        seen = str(getattr(place, "user_id", place) or "")
        others = (one for one in self.recents.all if here is None or one.place != seen)
        self.furniture.recents.offer(list(others))

    def open_recent(self, recent: Recent) -> None:
        """Go where somebody was lately."""
        self.open_page(recent.page, recent.place)

    def open_palette(self) -> Palette:
        """Every action with its keys."""
        from app.ui.palette import Palette

        palette = Palette(self, [*self.registry.here(), *self.recents.actions(self.open_recent)])
        palette.open()
        palette.move(self.geometry().center() - palette.rect().center())
        palette.search.setFocus()
        return palette

    def open_shortcuts(self) -> ShortcutSheet:
        """The sheet of shortcuts."""
        from app.ui.palette import ShortcutSheet

        pages = (self._page(key) for key in self._entries)
        sheet = ShortcutSheet(self, self.registry.everything, self._title_of, pages)
        sheet.open()
        return sheet

    def open_messages(self) -> Messages:
        """What the toasts said."""
        from app.ui.messages import Messages

        self.top.show_unread(unread=False)
        return Messages(self, self.toasts.history, self.zone, self.now()).under(self.top.bell)

    # Inside

    def _settle(self) -> None:
        """Note where in its page the person is, so that coming back finds it."""
        if self.page is not None:
            self.trail.settle(self.page.place())

    def _show(self, spot: Spot | None) -> None:
        if spot is None:
            return
        page = self._page(spot.page)
        if spot.place is not None:
            page.go(spot.place)
        first = page.focusWidget() is None
        self.stack.setCurrentWidget(page)
        self.side.show_chosen(spot.page)
        self.registry.go(spot.page)
        self.kept.remember("window/page", spot.page)
        page.freshen()
        results = page.results()
        if results is not None:
            self.top.search.drive(results)
            focused = self.focusWidget()
            if first and focused is not None and page.isAncestorOf(focused):
                # Qt would begin at the first button; arrow keys are for what is listed.
                results.setFocus()
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

    def search(self, text: str) -> None:
        """Look for users, from wherever we are."""
        if SEARCHED_PAGE in self._entries:
            self.open_page(SEARCHED_PAGE)
            self._pages[SEARCHED_PAGE].search(text)

    def open_result(self) -> None:
        """Enter in the search field; from another page it goes to what was searched before too."""
        if self.top.search.text() and SEARCHED_PAGE in self._entries:
            self.open_page(SEARCHED_PAGE)
        page = self.page
        if page is not None and page is self._pages.get(SEARCHED_PAGE):
            page.open_result()

    def reload(self) -> None:
        """Ask anew for what the page in view shows."""
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
