"""A keyboard for tests: what people do with keys alone, on the window as it is delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QWidget

from app.desk import Desk
from app.ui.page import Page
from app.ui.pictures import wait_until_quiet
from app.ui.window import Window

MOST_TABS = 120


class Keys:
    """A keyboard and eyes: it presses, and reads where the focus is."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as they are written in the list of keys."""
        for one in keys:
            QTest.keySequence(self.focus, QKeySequence(one))
            self.settle()

    def type(self, text: str) -> None:
        """Type a text, after whatever stands there is chosen to be replaced."""
        self.press("Ctrl+A")
        QTest.keyClicks(self.focus, text)
        self.settle()

    def tab_to(self, words: str, *, whole: bool = False) -> None:
        """Press Tab until the focus is on what says these words first, or these alone."""
        for _ in range(MOST_TABS):
            if self.said == words or (self.said.startswith(words) and not whole):
                return
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not come to “{words}”; it is on “{self.said}”.")

    def choose(self, words: str) -> None:
        """Go through the list the focus is on until these words are chosen."""
        box = self.focus
        assert isinstance(box, QComboBox)
        for key in (*["Down"] * box.count(), "Home", *["Down"] * box.count()):
            if box.currentText() == words:
                return
            self.press(key)
        pytest.fail(f"There is no “{words}” under {self.said}.")

    def choose_file(self, path: Path) -> None:
        """Name a file in the dialog that asks for one."""
        assert isinstance(self.dialog, QFileDialog)
        self.type(str(path))
        if QApplication.activePopupWidget() is not None:
            self.press("Escape")  # what it offers to complete the name with
        self.press("Return")

    @property
    def said(self) -> str:
        """What a screen reader would call where the focus is."""
        here = self.focus
        return str(here.accessibleName() or getattr(here, "text", str)())

    @property
    def focus(self) -> QWidget:
        """Where keys go: to a menu or a list that is open before anything else."""
        for here in (QApplication.activePopupWidget(), QApplication.focusWidget()):
            if here is not None:
                return here
        return self.window

    @property
    def dialog(self) -> QDialog:
        """The dialog in front."""
        front = QApplication.activeModalWidget()
        assert isinstance(front, QDialog)
        return front

    @property
    def page(self) -> Page:
        page = self.window.page
        assert page is not None
        return page

    @property
    def toast(self) -> str:
        history = self.window.toasts.history
        return history[0].text if history else ""

    @property
    def desk(self) -> Desk:
        desk = self.window.desk
        assert isinstance(desk, Desk)
        return desk

    def settle(self) -> None:
        wait_until_quiet(self.window.background)
        # A desktop gives the keyboard back to the window when a dialog closes; here is none.
        front = QApplication.activeModalWidget() or self.window
        if QApplication.activeWindow() is not front and QApplication.activePopupWidget() is None:
            front.activateWindow()
            wait_until_quiet(self.window.background)
