"""What a card of the settings is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.domain.staff import Act, StaffMember, why_not
from app.ui.errors import trouble_of
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.text import Label


class SettingsCard(Card):
    """A card with a title and a sentence on what it is about; add fields to `body`.

    `acts` are what can be begun here by name, from the palette too. A card that has to read first
    who is signed in sets `ready` to false, and calls `got_ready` when it has.
    """

    def __init__(self, frame: Frame, title: str, about: str) -> None:
        super().__init__(title)
        self.frame = frame
        self.ready = True
        self._waiting = ""
        self.about = Label(about, "caption", "text2", wrap=True)
        self.problem = Label("", ink="danger", wrap=True, parent=self)
        self.retry_button = Button(tr("Retry"), self.reload, kind="link")
        self.retry_button.setParent(self)
        self.hide_problem()
        self.add(self.about)

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """What `frame.open_page("settings", "section:act")` begins."""
        return {}

    def begin(self, act: str) -> None:
        """Begin one of `acts`, once it is known whether the person may."""
        if self.ready:
            self.acts[act]()
        else:
            self._waiting = act

    def got_ready(self) -> None:
        """Who is signed in was read: what was asked for meanwhile begins."""
        self.ready = True
        act, self._waiting = self._waiting, ""
        if act:
            self.acts[act]()

    def reload(self) -> None:
        """Show how it stands: the page is in view, or something was changed elsewhere."""

    def show_problem(self, error: Exception, doing: str) -> None:
        """Say what could not be read, with Retry, under what stands in the card."""
        trouble = trouble_of(error, doing)
        if trouble.blame == "nobody":
            return
        self.problem.setText(trouble.sentence)
        for part in (self.problem, self.retry_button):
            if self.body.indexOf(part) < 0:
                self.add(part)
            part.show()
        if trouble.blame == "us":
            self.frame.trouble(error)

    def hide_problem(self) -> None:
        """It could be read."""
        self.problem.hide()
        self.retry_button.hide()

    def row(self, *widgets: QWidget) -> None:
        """Put widgets beside each other, at the start of a line."""
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(1)
        self.body.addLayout(line)


class Facts(QWidget):
    """Names and what they are, aligned in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def add(self, name: str, widget: QWidget) -> None:
        """A further line."""
        row = self._grid.rowCount()
        label = Label(name, "body", "text2")
        label.setBuddy(widget)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)


@dataclass(frozen=True)
class Signed:
    """Who is signed in, and whether the database can be written."""

    member: StaffMember
    writable: bool

    def why_not(self, act: Act, *, writes: bool = True) -> str:
        """Why the person may not do something, as a sentence; empty if they may."""
        denied = why_not(self.member.role, act)
        if not denied and writes and not self.writable:
            return tr("This database can only be read here.")
        return of(denied)


def read_signed(desk: Any, stop: Event) -> Signed:
    """Ask who is signed in."""
    return Signed(desk.staff.me(stop=stop), desk.writable)
