"""The desk behind a window, and what has to be closed with it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from app import start

if TYPE_CHECKING:
    from app.desk import Desk
    from app.ui.background import Background
    from app.ui.page import Frame

T = TypeVar("T")
RECENT: Final = "databases"
"""Under which the window keeps the databases that were opened, newest first."""
LAST: Final = "database"
"""Under which it keeps the one that was open last."""
DEMO: Final = "demo"
"""What it is called there, if it is gone at the end."""
PLACES: Final[dict[str, object]] = {"users/last": "", "users/view": {}}
"""Under which pages keep places that are in one database only, and what none is."""
MOST_RECENT: Final = 8


class DeskInUse:
    """A desk that was opened by a choice; the copy of a demo is thrown away when it is closed."""

    def __init__(self, choice: start.Choice, desk: Desk, held: ExitStack) -> None:
        self.choice = choice
        self.desk = desk
        self._held = held

    def close(self) -> None:
        """Close the desk."""
        self._held.close()


def open_chosen(choice: start.Choice, progress: Callable[[float], None] | None = None) -> DeskInUse:
    """Open the desk that is wanted; raises like ``start.opened``, and holds nothing then.

    Who is not on its staff list is refused here, before anything of theirs is closed.
    """
    with ExitStack() as held:
        desk = held.enter_context(start.opened(choice, progress=progress))
        desk.staff.me()
        return DeskInUse(choice, desk, held.pop_all())


class AnotherDesk(Generic[T]):
    """Opens another database where one is open already, which stays open if that fails.

    ``begin`` opens what is chosen, off the window's thread; ``go_on`` takes what that gave.
    """

    def __init__(
        self, background: Background, begin: Callable[[start.Choice], T], go_on: Callable[[T], None]
    ) -> None:
        self._background = background
        self._begin = begin
        self._go_on = go_on

    def __call__(
        self, choice: start.Choice, done: Callable[[], object], refused: Callable[[str], object]
    ) -> None:
        """As ``Frame.open_database``."""

        def opened(made: T) -> None:
            done()
            self._go_on(made)

        def failed(error: Exception) -> None:
            from app.ui.errors import log_mistake, trouble_of
            from app.ui.language import tr

            trouble = trouble_of(error, tr("Opening the database"))
            if trouble.blame == "us":
                log_mistake(error)
            refused(trouble.sentence)

        self._background.write(lambda _: self._begin(choice), opened, failed)


def recent_databases(frame: Frame) -> list[str]:
    """The files that were opened lately, newest first."""
    kept = frame.recall(RECENT, [])
    return [path for path in kept if isinstance(path, str)] if isinstance(kept, list) else []


def is_demo(frame: Frame) -> bool:
    """Whether the database that is open is thrown away at the end."""
    from app.services.demo_copies import is_copy

    path = None if frame.desk is None else frame.desk.path
    return path is not None and is_copy(path)


def note_database(frame: Frame, used: DeskInUse) -> None:
    """Keep that a database was opened; a demo is gone afterwards, and one in memory too.

    Where the window had another one last, what pages keep of a place in it is forgotten.
    """
    name = DEMO if used.choice.demo or used.desk.path is None else str(used.desk.path.absolute())
    if frame.recall(LAST) not in {None, name}:
        for place, none in PLACES.items():
            frame.remember(place, none)
    frame.remember(LAST, name)
    if used.choice.demo or used.desk.path is None:
        return
    others = [one for one in recent_databases(frame) if one != name]
    frame.remember(RECENT, [name, *others][:MOST_RECENT])
