"""The sheet behind F1 tells every key there is, wherever in the program it is heard."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.gallery.shown import Shown, in_window
from app.ui.gallery.stage import take_down
from app.ui.palette import ShortcutSheet
from app.ui.theme import Theme
from app.ui.widgets.text import Key
from app.ui.window import Window

UI = Path(__file__).resolve().parents[3] / "app/ui"
SOURCES = [path for path in UI.rglob("*.py") if path.name not in {"shown.py", "keys.py"}]
WRITTEN = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+[^\s)<.,]+|\bF\d+\b")
SAME_AS = {"Enter": "Return", "Backtab": "Shift+Tab"}
EVERYWHERE = {"Tab", "Shift+Tab"}
"""What every program does alike needs no telling."""


@pytest.fixture
def window(theme: Theme) -> Iterator[Window]:
    """A window on its first page: the others were never looked at."""
    made = stage()
    shown = made.frame(Shown(Window, "ready", in_window("users"), "empty"))
    shown.show()
    shown.activateWindow()
    shown.start()
    yield shown
    take_down(shown)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.close()


def opened(window: Window, qtbot: QtBot) -> ShortcutSheet:
    """The sheet, as F1 opens it, once it tells of every page."""
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keySequence(window, QKeySequence("F1"))
    (sheet,) = window.findChildren(ShortcutSheet)
    qtbot.waitUntil(lambda: not sheet._timer.isActive(), timeout=30_000)
    return sheet


def told(sheet: ShortcutSheet) -> set[str]:
    """The keys on the sheet, each alone."""
    keys = {part for one in sheet.findChildren(Key) for part in one.text().split(", ")}
    assert all(QKeySequence(one).toString() == one for one in keys)
    return keys


def written_in(text: str) -> set[str]:
    """Keys as sources write them: in an action, a tool tip, an entry of a menu."""
    strings = (node.value for node in _inside(text) if isinstance(node, ast.Constant))
    found = chain.from_iterable(WRITTEN.findall(one) for one in strings if isinstance(one, str))
    return {QKeySequence(one).toString() for one in found}


def heard_in(text: str) -> set[str]:
    """Keys that sources listen for by name."""
    names = (node.attr for node in _inside(text) if isinstance(node, ast.Attribute))
    found = (getattr(Qt.Key, name) for name in names if name.startswith("Key_"))
    keys = {QKeySequence(key).toString() for key in found}
    return {SAME_AS.get(one, one) for one in keys} - EVERYWHERE


def _inside(text: str) -> Iterator[ast.AST]:
    """What a source holds, without what it says about itself."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return ast.walk(tree)


def test_every_key_that_is_written_or_heard_anywhere_is_on_the_sheet(
    window: Window, qtbot: QtBot
) -> None:
    sheet = opened(window, qtbot)
    keys = told(sheet)
    bare = keys | {one.rpartition("+")[2] for one in keys}
    sources = {path.relative_to(UI): path.read_text("utf-8") for path in SOURCES}
    untold = {
        f"{name}: {key}"
        for name, text in sources.items()
        for key in (written_in(text) - keys) | (heard_in(text) - bare)
    }
    assert untold == set()
    sheet.reject()


def test_a_key_that_nobody_told_of_is_found() -> None:
    source = '"""Ctrl+1"""\nact.setShortcut("Ctrl+Shift+9")\nif key == Qt.Key.Key_F12: pass'
    assert written_in(source) == {"Ctrl+Shift+9"}
    assert heard_in(source) == {"F12"}


def test_pages_that_were_never_opened_have_their_keys_told_too(
    window: Window, qtbot: QtBot
) -> None:
    assert {one.where for one in window.registry.everything()} == {"", window.first_page}
    sheet = opened(window, qtbot)
    texts = {one.text() for one in sheet.findChildren(QLabel)}
    assert {"Publish prices…", "Take the suggestion", "Copy the rows chosen"} <= texts
    assert window.page is window.build_all()[window.first_page], "it stays where it was"
    sheet.reject()


def test_every_further_key_of_an_action_is_told_beside_the_first(
    window: Window, qtbot: QtBot
) -> None:
    sheet = opened(window, qtbot)
    assert "Ctrl+Y, Ctrl+Shift+Z" in {one.text() for one in sheet.findChildren(Key)}
    sheet.reject()
