"""How a page is written, and what it may ask of the window.

A page is four small things, in a folder of its own (`app/ui/users/` and so on):

1. **The view state**, a frozen dataclass without Qt: query, sorting, selection, `phase`, rows, and
   pure functions that make the next state from the last. Tested without a window.
2. **The table model**: `RowsModel` or `PagedModel` with a tuple of `Column`s, which are data.
3. **The widget**, a thin `Page`: it builds its widgets once, `show_state(state)` is the only place
   that writes to them, and slots are a few lines that make a state and show it.
4. **Its question**, a `Latest` for each thing that is read::

    class PricesPage(Page):
        concerns = frozenset({"prices"})            # which changes make what is shown stale

        def __init__(self, frame: Frame) -> None:
            super().__init__(frame)
            self._question = Latest(frame.background, owner=self)
            self._model = RowsModel(COLUMNS)
            self.table = Table(self._model, "Prices")
            frame.remember_table(self.table, "prices")
            ...
            self.show_state(PricesState())

        def reload(self) -> None:                   # first shown, F5, or something changed
            self.show_state(replace(self.state, phase="loading"))
            pricing = self.frame.desk.pricing
            self._question.ask(lambda stop: pricing.current(), self._arrived, self._failed)

        def _arrived(self, version: PriceVersion) -> None:
            self.show_state(replace(self.state, phase="ready", rows=version.features))

        def show_state(self, state: PricesState) -> None:
            self.state = state
            self._model.show_rows(state.rows)
            show_phase(self.table.overlay, state.phase, SENTENCES, retry=self.reload)

Beside it, in `shown.py`, stand the states it can be in, for the gallery and for pictures: the usual
ones come by one call, `SHOWN = whole_page("prices", PricesPage)`; see `app.ui.gallery`.

A write goes through `frame.background.write(work, done, failed)`; `done` calls
`frame.tell({"prices"})` so that other pages reload, and `frame.say("Published version 4.")`.
Pages are declared as `PageEntry` in `app.main`; they never import each other but open one another
by key: `frame.open_page("users", "usr_1")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Protocol

from PySide6.QtWidgets import QWidget

from app.ui.language import tr
from app.ui.painted import AfterPaint

if TYPE_CHECKING:  # the frame is painted before any page needs these
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QStackedWidget

    from app.ui.actions import Action
    from app.ui.background import Background
    from app.ui.looks import Looks
    from app.ui.widgets.states import Overlay
    from app.ui.widgets.table import Table

ELSEWHERE: Final = "elsewhere"
"""Among the changes told where not this window made them, but another program."""
Phase = Literal["empty", "loading", "ready", "failed"]


class Frame(Protocol):
    """What the window is to a page."""

    desk: Any
    background: Background
    zone: tzinfo

    @property
    def stack(self) -> QStackedWidget:
        """Where pages stand."""

    @property
    def looks(self) -> Looks:
        """The person's choice of colours, density, text size and times."""

    def now(self) -> datetime:
        """The instant by the one clock."""

    def say(
        self,
        text: str,
        *,
        tone: str = "neutral",
        undo: Callable[[], object] | None = None,
        act: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """A toast: what was done, with Undo where that is real, or the one thing to do next."""

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
        """A bar under the top bar, until `clear_notice(key)`."""

    def clear_notice(self, key: str) -> None:
        """Take a notice away."""

    def tell(self, changes: Iterable[str]) -> None:
        """Something was written: what it changed (`{"accounts", "requests", ...}`)."""

    def heard(self, changes: Iterable[str]) -> None:
        """Something was written, but not from here: show what it changed."""

    def open_page(self, key: str, place: object = None) -> None:
        """Go to a page, and to a place in it."""

    def moved(self, page: Page, before: object = None) -> None:
        """The page went to another place by itself: remember the way back to ``before``."""

    def type_search(self, text: str, *, add: bool = False) -> None:
        """Put a text into the search field (or ``add`` it there), with the keyboard on it."""

    def trouble(
        self, error: Exception, doing: str = "", retry: Callable[[], object] | None = None
    ) -> None:
        """Something failed that the page has no better place to say."""

    def forget_search(self) -> None:
        """Empty the search field without looking for anything."""

    def note_recent(self, page: str, place: str, words: str) -> None:
        """Somebody was looked at: offered again in the empty search field and the palette."""

    def remember_table(self, table: Table[Any], key: str) -> None:
        """Give a table the layout it had, and keep it from now on."""

    def recall(self, key: str, default: Any = None) -> Any:
        """A value kept between starts: anything JSON has."""

    def remember(self, key: str, value: Any) -> None:
        """Keep a value between starts."""

    def setting(self, key: str, default: Any = None) -> Any:
        """A choice from the settings page, kept for this computer."""

    def set_setting(self, key: str, value: Any) -> None:
        """Keep such a choice; pages that concern themselves with ``settings`` hear of it."""

    def run_action(self, name: str) -> None:
        """Do what an action of the window does, by its name; nothing where it has no such."""

    def open_ticket(self, ticket: str) -> None:
        """Open a ticket in the help desk; copy it while no address is set."""

    def open_address(self, address: str) -> None:
        """Open an address of the web in the browser; no other kind is ever opened."""

    def count(self, key: str, number: int) -> None:
        """Show a number beside a page's name in the side bar."""

    def open_database(
        self, choice: Any, done: Callable[[], object], refused: Callable[[str], object]
    ) -> None:
        """Go on with the database of a ``start.Choice``; ``done`` is called before it is shown.

        ``refused`` is told in a sentence why not; the one that is open stays open then.
        """

    def begin_anew(self) -> None:
        """Everything on record is another: the pages are built anew."""


def today(frame: Frame) -> date:
    """Which day it is, in the billing zone."""
    return frame.now().astimezone(frame.zone).date()


class Page(QWidget):
    """The base of pages. It loads when first shown and reloads when what it shows has changed."""

    concerns: ClassVar[frozenset[str] | None] = None
    """The changes that make this page stale; None is all of them."""

    def __init__(self, frame: Frame) -> None:
        # Where it will stand from the start: widgets are dressed anew, all of them, each time that
        # something is put around them.
        super().__init__(frame.stack)
        self.frame = frame
        self.stale = True
        from PySide6.QtCore import Qt

        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_state(self, state: Any) -> None:
        """Write a view state to the widgets; asks nothing. Pictures and the gallery use it too."""
        raise NotImplementedError

    def reload(self) -> None:
        """Ask for what is shown, anew."""
        raise NotImplementedError

    def actions_offered(self) -> Sequence[Action]:
        """What can be done here, with shortcuts that hold on this page."""
        return ()

    def when_seen(self, then: Callable[[], None]) -> None:
        """Do what can wait once what the page is opened for is on the screen.

        Here that is the page itself; one whose first rows come later waits for those.
        """
        AfterPaint(self, then)

    def place(self) -> object:
        """Where the page is (a user id, say), for the way back; None when it has no places."""
        return None

    def go(self, place: object) -> None:
        """Go to a place that `place()` once told."""

    def closes(self, place: object) -> bool:
        """Whether going back to a place of this page closes something, so that Esc may do it."""
        return True

    def search(self, text: str) -> None:
        """The search field of the top bar says this."""

    def results(self) -> QWidget | None:
        """The view that the arrow keys move through while the search field has the focus."""
        return None

    def open_result(self) -> None:
        """Enter in the search field."""

    def changed(self, changes: frozenset[str]) -> None:
        """Something was written: reload when in view, else when shown next."""
        if self.concerns is None or self.concerns & changes:
            self.stale = True
            self.freshen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.freshen()

    def freshen(self) -> None:
        """Reload if stale and in view."""
        if self.stale and self.isVisible():
            self.stale = False
            self.reload()


@dataclass(frozen=True)
class PageEntry:
    """A page in the navigation. `factory` is called when it is first shown, and imports it then."""

    key: str
    title: str
    icon: str
    shortcut: str
    factory: Callable[[Frame], Page]
    at_bottom: bool = False


@dataclass(frozen=True)
class Sentences:
    """What a list says when it is empty, and when it failed."""

    empty: str
    action: str = ""
    act: Callable[[], object] | None = None
    failed: str = tr("This could not be read.")
    unchanged: str = tr("Nothing was changed.")


def show_phase(
    overlay: Overlay,
    phase: Phase,
    sentences: Sentences,
    *,
    retry: Callable[[], object] | None = None,
    cancel: Callable[[], object] | None = None,
    details: str = "",
) -> None:
    """Show a phase over a list or card: the line, the sentence, or what is underneath."""
    if phase == "ready":
        overlay.ready()
    elif phase == "loading":
        overlay.loading(cancel)
    elif phase == "empty":
        overlay.empty(sentences.empty, sentences.action, sentences.act)
    else:
        overlay.failed(sentences.failed, sentences.unchanged, retry, details)
