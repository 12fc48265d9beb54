"""What in a widget would be read as more than text: markup, underlined letters."""

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

_ESCAPED = re.compile(r"<qt>([^<]|<br>)*</qt>", re.DOTALL)


def interpreted(root: QWidget) -> Iterator[str]:
    """A sentence for each text of a widget and what is in it that Qt would interpret."""
    for widget in (root, *root.findChildren(QWidget)):
        what = type(widget).__name__
        if is_read(widget.toolTip()):
            yield f"the tooltip of {what}: {widget.toolTip()[:60]}"
        if isinstance(widget, QLabel) and _is_rich(widget):
            yield f"the text of {what}: {widget.text()[:60]}"
        if isinstance(widget, QAbstractButton) and _underlines(widget.text()):
            yield f"the letter underlined in {what}: {widget.text()[:60]}"
        if isinstance(widget, QTabBar):
            for at in range(widget.count()):
                if _underlines(widget.tabText(at)):
                    yield f"the letter underlined in a tab: {widget.tabText(at)[:60]}"
    for action in root.findChildren(QAction):
        if _underlines(action.text()):
            yield f"the letter underlined in a menu: {action.text()[:60]}"


def is_read(tip: str) -> bool:
    return "<" in tip and not _ESCAPED.fullmatch(tip)


def _is_rich(label: QLabel) -> bool:
    form = label.textFormat()
    if form is Qt.TextFormat.PlainText:
        return False
    return form is not Qt.TextFormat.AutoText or "<" in label.text()


def _underlines(text: str) -> bool:
    return not QKeySequence.mnemonic(text).isEmpty()
