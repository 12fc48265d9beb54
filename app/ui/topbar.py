"""The top bar: the one search field, which database this is, the bell and the theme."""

from datetime import datetime, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import current, dress_icon
from app.ui.tokens import TOP_BAR_HEIGHT
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.search import SearchBox
from app.ui.widgets.text import Badge, Key, Label, plain_tip

_EDGE, _GAP = 16, 8
_LEAST_SEARCH, _LEAST_DATABASE = 200, 80


class TopBar(QFrame):
    """`bell_wanted` and `theme_wanted` come from its buttons; the search field is `search`."""

    bell_wanted = Signal()
    theme_wanted = Signal()
    approvals_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.search = SearchBox(
            tr("Search users by e-mail, name, id or referral code"), tr("Search users")
        )
        self.search.setMaximumWidth(420)
        self.search.setMinimumWidth(_LEAST_SEARCH)
        self._key = Key(tr("Ctrl K"))
        self._database = Badge()
        self._saved = Label("", "caption", "text2")
        self.approvals = Button(
            "", self.approvals_wanted.emit, kind="link", shortcut="Ctrl+Shift+A"
        )
        self.approvals.hide()
        self.bell = IconButton("bell", tr("Messages"), self.bell_wanted.emit)
        self.theme = IconButton("sun", tr("Theme"), self.theme_wanted.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 0, _EDGE, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.search, 10)
        row.addWidget(self._key)
        row.addStretch(1)
        row.addWidget(self._database)
        row.addWidget(self._saved)
        row.addSpacing(4)
        row.addWidget(self.approvals)
        row.addWidget(self.bell)
        row.addWidget(self.theme)
        current().changed.connect(self._measure)
        self._measure()

    @property
    def database_shown(self) -> str:
        """What it says about the database."""
        return self._database.text()

    def show_database(self, name: str, *, writable: bool | None) -> None:
        """Which database is open and whether it can be written; None where none is open yet."""
        name = write.text(name)
        short = name if len(name) <= 32 else f"{name[:15]}…{name[-16:]}"
        if writable is None:
            self._database.show_as(short, "neutral")
        elif writable:
            self._database.show_as(tr("{database} · read-write", database=short), "neutral")
        else:
            self._database.show_as(tr("{database} · read-only", database=short), "warning")
        self._database.setToolTip(plain_tip(name))
        self._make_room()

    def show_saved(self, at: datetime, zone: tzinfo) -> None:
        """When something was last written from here."""
        self._saved.setText(tr("Saved {instant}", instant=write.clock(at, zone)))
        self._saved.setToolTip(plain_tip(write.exact(at, zone)))
        self._make_room()

    def show_approvals(self, words: str) -> None:
        """How many grants wait for this person's approval; nothing where none does."""
        self.approvals.setText(words)
        self.approvals.setVisible(bool(words))
        self._make_room()

    def show_unread(self, *, unread: bool) -> None:
        """Tint the bell while there are messages not looked at."""
        dress_icon(self.bell, "bell", "accent_text" if unread else "text2")

    def _measure(self) -> None:
        theme = current()
        self.setFixedHeight(theme.px(TOP_BAR_HEIGHT))
        dress_icon(self.theme, "sun" if not theme.dark else "moon")
        self.theme.rename(tr("Dark theme") if not theme.dark else tr("Light theme"), "Ctrl+Shift+L")
        self._database.setMinimumWidth(theme.px(_LEAST_DATABASE))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out what can be missed most where large text leaves no room for everything."""
        said = (self.approvals,) if self.approvals.text() else ()
        told = (self._saved,) if self._saved.text() else ()
        taken = sum(map(_least, (self.search, *said, self.bell, self.theme)))
        room = self.width() - 2 * _EDGE - taken
        for part in (self._database, *told, self._key):  # the title has the database too
            room -= _least(part)
            part.setVisible(room >= 0)


def _least(part: QWidget) -> int:
    """How wide a part has to be at least, with the gap beside it."""
    return (part.minimumWidth() or part.minimumSizeHint().width()) + _GAP
