"""The window over a desk, as the program makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.ui.window import Window


class DeskWindow(Window):
    """The window, which says that something was written from here before its pages hear of it."""

    about_to_tell: Callable[[], None] = staticmethod(lambda: None)
    about_to_begin_anew: Callable[[], None] = staticmethod(lambda: None)

    def tell(self, changes: Iterable[str]) -> None:
        """As ``Window.tell``."""
        self.about_to_tell()
        super().tell(changes)

    def begin_anew(self) -> None:
        """As ``Window.begin_anew``."""
        self.about_to_begin_anew()
        super().begin_anew()
