"""What stands beside the list of users, or instead of their table: an account, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.tokens import PAGE_PADDING
from app.ui.users.people import PeoplePane
from app.ui.widgets.button import Button

if TYPE_CHECKING:  # built when the list has been seen
    from app.ui.users.account import AccountPane


class Beside(QWidget):
    """The room of the account, empty until it is built."""

    def __init__(self, go_back: Callable[[], None]) -> None:
        super().__init__()
        self._account: AccountPane | None = None
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._account is not None:
            self._account.fit(self.width())

    def hold(self, make: Callable[[QWidget], AccountPane]) -> AccountPane:
        """Give the room to the account; with large text it may need more than is in view.

        It is made where it will stand: put there afterwards, all of it would be dressed anew.
        """
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column.addWidget(self._area, 1)
        self._account = make(self._area.viewport())
        return self._account

    def bring(self, account: AccountPane) -> None:
        """Show the account now that there is something in it."""
        self._area.setWidget(account)
        account.fit(self.width())
        # Brought into a window that is on the screen, it would else be shown a moment later, and
        # laid out another moment later: neither is to be seen.
        account.show()
        self._area.show()
        for layout in (self._column, account.layout()):
            if layout is not None:
                layout.activate()


class SideBySide(QHBoxLayout):
    """The list of users and what stands beside it: with large text neither takes all the room."""

    def __init__(self, page: QWidget, people: PeoplePane, beside: Beside) -> None:
        super().__init__(page)
        self._people = people
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)
        self.addWidget(people)
        self.addWidget(beside, 1)

    def setGeometry(self, rect: QRect) -> None:
        self._people.fit(rect.width())
        super().setGeometry(rect)
