"""The head of the page: which list is shown, and what can be done with the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.prices.state import PricesState
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.notice import Notices
from app.ui.widgets.text import ElidedLabel, Label

Do = Callable[[], object]


class Head(QWidget):
    """The title over the list that is shown; undo, redo, discard, files and publish."""

    def __init__(self, undo: Do, redo: Do, discard: Do, publish: Do) -> None:
        super().__init__()
        self.headline = ElidedLabel("", "caption", "text2")
        self.undo_button = IconButton("arrow-back-up", tr("Undo"), undo, shortcut="Ctrl+Z")
        self.redo_button = IconButton("arrow-forward-up", tr("Redo"), redo, shortcut="Ctrl+Y")
        self.discard_button = Button(tr("Discard draft"), discard)
        self.more_button = Button(tr("More"))
        self.publish_button = Button(tr("Publish…"), publish, kind="primary", shortcut="Ctrl+S")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(tr("Prices"), "title"))
        words.addWidget(self.headline)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addLayout(words, 1)
        for button in (self.undo_button, self.redo_button, self.discard_button):
            line.addWidget(button)
        for button in (self.more_button, self.publish_button):
            line.addWidget(button)

    def set_menu(self, actions: Sequence[QAction]) -> None:
        """What the button *More* offers."""
        menu = QMenu(self)
        menu.addActions(list(actions))
        self.more_button.setMenu(menu)

    def show_list(self, state: PricesState, words: str) -> None:
        """Show which list it is, and enable what makes sense now."""
        self.headline.setText(words)
        editing, may_edit = state.editing, not state.why_not
        self.undo_button.setEnabled(may_edit and editing is not None and editing.can_undo)
        self.redo_button.setEnabled(may_edit and editing is not None and editing.can_redo)
        self.discard_button.setVisible(state.edited)
        self.publish_button.setEnabled(may_edit and state.edited)


class PriceNotices(Notices):
    """What stands in the way, or is scheduled, above the table; `compare` shows three lists."""

    def __init__(self, compare: Do) -> None:
        super().__init__()
        self._compare = compare
        self._said: dict[str, str] = {}

    def show_said(self, said: dict[str, str]) -> None:
        """Say this; only where it changed, so that a dismissed one is gone."""
        for key in dict.fromkeys((*said, *self._said)):  # in the same order every time
            if self._said.get(key) == said.get(key):
                continue
            self.clear(key)
            if key == "stale" and key in said:
                self.show_notice(
                    key,
                    said[key],
                    tone="warning",
                    action=tr("Compare…"),
                    act=self._compare,
                    dismissable=False,
                )
            elif key in said:
                self.show_notice(key, said[key], dismissable=key == "scheduled")
        self._said = said
