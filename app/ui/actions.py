"""One registry of everything that can be done by name, for the palette, the keys and F1.

A shortcut may mean one thing in the window and one on each page, never two at once: registering a
second raises `DuplicateShortcut`, so a mistake is seen at the start and not by a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.language import tr

WINDOW: Final = ""


@dataclass(frozen=True)
class Action:
    """Something to do: a stable name, words as on a menu, keys, and what happens.

    `where` is the key of the page it belongs to, set by the window; empty everywhere. `more` are
    further keys. `possible` says whether it makes sense now.
    """

    name: str
    text: str
    act: Callable[[], object]
    shortcut: str = ""
    where: str = WINDOW
    more: tuple[str, ...] = ()
    possible: Callable[[], bool] = lambda: True

    @property
    def keys(self) -> str:
        """The shortcut as people read it."""
        return QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class DuplicateShortcut(Exception):
    """Two actions want the same keys (or the same name) in the same place."""

    def __init__(self, what: str, one: Action, other: Action) -> None:
        super().__init__(
            tr(
                "“{what}” is claimed by “{name}” and by “{name2}”.",
                what=what,
                name=one.name,
                name2=other.name,
            )
        )


class Registry(QObject):
    """All actions of a window, live as `QAction`s of it. Those of hidden pages are asleep."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[tuple[str, str], Action] = {}
        self._claimed: dict[str, list[Action]] = {}
        self._live: dict[tuple[str, str], QAction] = {}
        self._here = WINDOW

    def add(self, actions: Iterable[Action]) -> None:
        """Register actions; raises `DuplicateShortcut` before any key would be ambiguous."""
        for action in actions:
            keys = [QKeySequence(text) for text in _all_keys(action)]
            self._claim(action, keys)
            live = QAction(action.text, self._window)
            if keys:
                live.setShortcuts(keys)
            live.triggered.connect(lambda _checked=False, action=action: self.do(action))
            live.setEnabled(action.where in {WINDOW, self._here})
            self._window.addAction(live)
            self._actions[action.where, action.name] = action
            self._live[action.where, action.name] = live

    def do(self, action: Action) -> None:
        """Do it, if it makes sense now."""
        if action.possible():
            action.act()

    def go(self, where: str) -> None:
        """Wake the actions of a page, put those of others to sleep."""
        self._here = where
        for (place, _name), live in self._live.items():
            live.setEnabled(place in {WINDOW, where})

    def here(self) -> list[Action]:
        """What can be done now, the page's own first."""
        usable = [a for a in self._actions.values() if a.where in {WINDOW, self._here}]
        return sorted(usable, key=lambda action: action.where == WINDOW)

    def everything(self) -> list[Action]:
        """All actions of the window and of the pages built so far."""
        return list(self._actions.values())

    def forget_pages(self) -> None:
        """Take away what belongs to pages: they are built anew, and register it again."""
        for place in [at for at in self._actions if at[0] != WINDOW]:
            del self._actions[place]
            live = self._live.pop(place)
            self._window.removeAction(live)
            live.deleteLater()
        for holders in self._claimed.values():
            holders[:] = [action for action in holders if action.where == WINDOW]

    def find(self, name: str) -> Action:
        """The action of a name, of this page or of the window; KeyError if there is none."""
        return self._actions.get((self._here, name)) or self._actions[WINDOW, name]

    def _claim(self, action: Action, keys: list[QKeySequence]) -> None:
        """Note whose keys these are, or raise: before anything of the action is kept."""
        holder = self._actions.get((action.where, action.name))
        if holder:
            raise DuplicateShortcut(action.name, holder, action)
        wanted = {one.toString() for one in keys}
        for text in wanted:
            for holder in self._claimed.get(text, ()):
                if _meet(action.where, holder.where):
                    raise DuplicateShortcut(text, holder, action)
        for text in wanted:
            self._claimed.setdefault(text, []).append(action)


def _all_keys(action: Action) -> list[str]:
    return [keys for keys in (action.shortcut, *action.more) if keys]


def _meet(one: str, other: str) -> bool:
    return WINDOW in {one, other} or one == other
