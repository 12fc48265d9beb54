"""What stands beside the list of users, or instead of their table: an account, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.tokens import PAGE_PADDING
from app.ui.widgets.button import Button


class Beside(QWidget):
    """The room of the account, empty until it is built."""

    def __init__(self, go_back: Callable[[], None]) -> None:
        super().__init__()
        self.back_button = Button(
            tr("Back to the table"), go_back, icon="chevron-left", shortcut="Alt+Left"
        )
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_PADDING, 10, PAGE_PADDING, 0)
        head.addWidget(self.back_button)
        head.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(head)

    def hold(self, account: QWidget) -> None:
        """Give the room to the account."""
        self._column.addWidget(account, 1)
        # Brought into a window that is on the screen, it would else be shown a moment later, and
        # laid out another moment later: neither is to be seen.
        account.show()
        for layout in (self._column, account.layout()):
            if layout is not None:
                layout.activate()
