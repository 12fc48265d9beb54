"""Buttons: the single next action is primary, everything else is plain."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QSizePolicy,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from app.ui import format as write
from app.ui.theme import dress, dress_icon, set_mark
from app.ui.widgets.text import paint_cut, plain_tip

Kind = Literal["plain", "primary", "danger", "link"]
_NONE = Qt.KeyboardModifier.NoModifier


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button by Enter as by Space, once however long the key is held down.

    Without this a button that has the focus swallows Enter and does nothing.
    """
    entered = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    plain = event.modifiers() in {_NONE, Qt.KeyboardModifier.KeypadModifier}
    if not entered or not plain:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


def on_a_button(text: str) -> str:
    """Words as a button shows them: no letter of them underlined, nothing in them that turns."""
    return write.text(text).replace("&", "&&") if text else ""


class Button(QPushButton):
    """A button with words on it. `shortcut` is only told in the tooltip: actions own the keys."""

    def __init__(
        self,
        text: str,
        act: Callable[[], object] | None = None,
        *,
        kind: Kind = "plain",
        icon: str = "",
        shortcut: str = "",
    ) -> None:
        super().__init__(on_a_button(text))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        dress(self, "section" if kind == "primary" else "name")
        set_mark(self, "kind", kind)
        if icon:
            dress_icon(self, icon, "on_accent" if kind == "primary" else "text2")
        if shortcut:
            self.setToolTip(plain_tip(shortcut))
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())
        self._lent_focus = False
        self._lent_to: QWidget | None = None

    def setEnabled(self, enabled: bool) -> None:
        """As Qt does; but a button gets the focus back that it had when it was disabled.

        A button is disabled while its work is under way. Qt hands the focus to whatever stands
        behind it, and the next Enter would press that. Nothing moves where the person went on.
        """
        window = self.window()
        had_focus = window.focusWidget() is self  # also while a dialog that it opened is in front
        super().setEnabled(enabled)
        if had_focus and not enabled:
            self._lent_focus, self._lent_to = True, window.focusWidget()
        elif enabled and self._lent_focus:
            if window.focusWidget() is self._lent_to:
                self.setFocus()
            self._lent_focus, self._lent_to = False, None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """As Qt does; but the words run their own way, whichever way the screen does."""
        super().initStyleOption(option)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft and option.text:
            option.text = write.apart(option.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As ever; where it has less room than its words need, with an ellipsis."""
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
        else:
            paint_cut(self)


class CutButton(Button):
    """A link called after something on record: cut with an ellipsis where its room ends.

    What it leads to has the name in full; where nothing else is to be said, its tooltip has, too.
    """

    def __init__(self, text: str, act: Callable[[], object] | None = None) -> None:
        super().__init__(text, act, kind="link")

    def setText(self, text: str) -> None:
        """Show another text of data."""
        whole = plain_tip(self.text().replace("&&", "&"))
        if self.toolTip() == whole:
            self.setToolTip("")
        super().setText(on_a_button(text))

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        least = self.fontMetrics().horizontalAdvance("…") * 4
        return QSize(min(least, hint.width()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.sizeHint().width() > self.width() and not self.toolTip():
            self.setToolTip(plain_tip(self.text().replace("&&", "&")))


class IconButton(QToolButton):
    """A small button with an icon; its name is its tooltip and what a screen reader says."""

    def __init__(
        self,
        icon: str,
        name: str,
        act: Callable[[], object] | None = None,
        *,
        shortcut: str = "",
        ink: str = "text2",
    ) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoRaise(True)
        dress_icon(self, icon, ink)
        self.rename(name, shortcut)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def rename(self, name: str, shortcut: str = "") -> None:
        """What it does now."""
        self.setAccessibleName(write.text(name))
        self.setToolTip(plain_tip(f"{name} ({shortcut})" if shortcut else name))
