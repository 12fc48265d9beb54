"""What states are shown on: desks of every kind, and frames whose questions end as is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from app import start
from app.domain.errors import DatabaseFailed
from app.ui.background import Background, Failed
from app.ui.gallery import texts
from app.ui.language import tr
from app.ui.window import Standing, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.desk import Desk
    from app.ui.gallery.shown import Answers, DeskKind, Shown
    from app.ui.page import PageEntry

_FAILURE: Final = tr("The disk that the database lies on does not answer.")


class InOrder(Background):
    """Answers one question after the other, so that the same is shown every time."""

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, thread_name_prefix="read")


class Unanswered(Background):
    """Takes every question and answers none, so that what awaits an answer stays in view."""

    def _begin(
        self,
        work: Callable[[Event], Any],
        done: Callable[[Any], None],
        failed: Failed | None,
        stop: Event | None,
        *,
        cancellable: bool,
    ) -> int:
        self._next += 1
        return self._next


class Failing(InOrder):
    """Answers every question with the same failure of the machine."""

    def _begin(
        self,
        work: Callable[[Event], Any],
        done: Callable[[Any], None],
        failed: Failed | None,
        stop: Event | None,
        *,
        cancellable: bool,
    ) -> int:
        return super()._begin(_fail, done, failed, stop, cancellable=cancellable)


class Stage:
    """Opens a desk of each kind when it is first wanted, and makes frames over it.

    ``describe`` says what a frame shows of a desk, ``attend`` brings in what watches a window over
    one. Desks may be opened on any thread; frames are made on the window's. Close it at the end.
    """

    def __init__(
        self,
        pages: Sequence[PageEntry],
        describe: Callable[[Desk], Standing],
        attend: Callable[[Window], object],
    ) -> None:
        self._pages = tuple(pages)
        self._describe = describe
        self._attend = attend
        self._held = ExitStack()
        self._desks: dict[DeskKind, tuple[Desk, Standing]] = {}

    def has(self, kind: DeskKind) -> bool:
        """Whether a desk of this kind is open already, so that showing it takes no time."""
        return kind == "none" or kind in self._desks

    def open(self, kind: DeskKind, progress: Callable[[float], None] | None = None) -> None:
        """Open the desk of a kind, if it is not; ``progress`` hears of a demo being made."""
        if self.has(kind):
            return
        desk = self._held.enter_context(_opened(kind, progress))
        self._desks[kind] = (desk, self._describe(desk))

    def frame(self, shown: Shown) -> Window:
        """A window to show this state on, hidden, with its own questions. `take_down` ends it."""
        self.open(shown.desk)
        background = _BACKGROUNDS[shown.answers]()
        desk, standing = self._desks.get(shown.desk, (None, None))
        window = Window(
            desk=desk,
            background=background,
            now=lambda: desk.now() if desk is not None else texts.NOW,
            zone=ZoneInfo(desk.zone) if desk is not None else UTC,
            pages=self._pages,
            standing=standing or Standing(tr("Nothing is open"), None),
        )
        background.setParent(window)
        if desk is not None and shown.answers == "given":
            self._attend(window)
        return window

    def close(self) -> None:
        """Close the desks; their frames must have been taken down."""
        self._desks.clear()
        self._held.close()


def take_down(window: Window) -> None:
    """End the questions of a frame, and the frame."""
    window.close()
    window.background.close()
    window.deleteLater()


def _fail(_stop: Event) -> Any:
    raise DatabaseFailed(_FAILURE)


@contextmanager
def _opened(kind: DeskKind, progress: Callable[[float], None] | None) -> Iterator[Desk]:
    if kind in {"demo", "read-only"}:
        with start.opened(start.Choice(demo=True), progress=progress) as desk:
            desk.office.database.writable = kind == "demo"
            yield desk
        return
    with _nobody() if kind == "empty" else _extreme() as desk:
        yield desk


def _nobody() -> Desk:
    from app.desk import open_desk

    return open_desk(":memory:", staff=start.DEMO_STAFF, now=lambda: texts.NOW)


def _extreme() -> Desk:
    from app.ui.gallery.extremes import open_extremes

    return open_extremes()


_BACKGROUNDS: Final[dict[Answers, type[Background]]] = {
    "given": InOrder,
    "awaited": Unanswered,
    "failed": Failing,
}
