"""Which database to work with: at the first start, and whenever another is wanted."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import start
from app.desk import zone_of_new
from app.ui import format as write
from app.ui.desk_in_use import recent_databases
from app.ui.file_dialogs import ask_open, ask_save
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled, with_button
from app.ui.widgets.option import Option
from app.ui.widgets.text import Label
from app.ui.zones import ZoneBox

_WIDTH: Final = 600
FILES: Final = tr("SQLite (*.db *.sqlite *.sqlite3)")
_INDENT: Final = 26
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Way(QWidget):
    """A way to begin: a radio button, what it means, and its fields while it is chosen."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__()
        self.button = Option(name, "section")
        self.button.setAccessibleDescription(about)
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fields = QWidget()
        self.rows = QVBoxLayout(self.fields)
        self.rows.setContentsMargins(_INDENT, 4, 0, 0)
        self.rows.setSpacing(8)
        said = Label(about, "body", "text2", wrap=True)
        said.setContentsMargins(_INDENT, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self.button)
        column.addWidget(said)
        column.addWidget(self.fields)
        self.button.toggled.connect(self.fields.setVisible)
        self.fields.hide()


class ChooseDatabase(Dialog):
    """The demo, a new database, or one that is there. With ``first`` it is the welcome.

    ``new`` begins with a new one. ``place`` is offered for it, ``person`` would be its admin
    (default: the usual place, and who this computer says one is).
    """

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        *,
        first: bool = False,
        new: bool = False,
        place: str | None = None,
        person: str | None = None,
    ) -> None:
        title = tr("Welcome to PixPretty Credits") if first else tr("Open another database")
        super().__init__(parent, title, tr("Open"), width=_WIDTH)
        self._frame = frame
        self._first = first
        self.demo = Way(
            tr("Look around in the demo"),
            tr(
                "Made-up users with two years of stories, to try everything on. It is thrown away"
                " at the end."
            ),
        )
        self.new = Way(
            tr("Begin with an empty database"), _about_new(_person() if person is None else person)
        )
        self.there = Way(
            tr("Open a database that is there"),
            tr("A file of PixPretty Credits on this computer; a backup can be opened too."),
        )
        self.place = QLineEdit()
        self.zone = ZoneBox(tr("Billing zone"), zone_of_new())
        self.file = QComboBox()
        self._build(place)
        # Whoever was here before most likely wants what they had: Enter opens it.
        unknown = first and not self.file.count()
        chosen = self.new if new else self.demo if unknown else self.there
        chosen.button.setChecked(True)
        chosen.button.setFocus()

    @property
    def choice(self) -> start.Choice:
        """What is chosen."""
        if self.demo.button.isChecked():
            return start.Choice(demo=True)
        if self.new.button.isChecked():
            place = self.place.text().strip()
            return start.Choice(database=place, new=True, zone=self.zone.zone)
        return start.Choice(database=self.file.currentText().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and isinstance(self.focusWidget(), Option):
            # Nothing is typed there: Enter takes the way that is chosen, as the first screen of
            # any program does.
            self.try_submit()
        else:
            super().keyPressEvent(event)

    def submit(self) -> None:
        choice = self.choice
        if choice.database == "":
            self.refuse(tr("Choose a file first."))
            (self.place if choice.new else self.file).setFocus()
            return
        if missing := self._missing(choice):
            self.refuse(missing)
            self.file.setFocus()
            return
        self.foot_note.setText(tr("Making the demo…") if choice.demo else tr("Opening…"))
        self._frame.open_database(choice, self.accept, self._refused)

    def ask_file(self) -> QFileDialog:
        """Let a database be chosen."""
        filters = [FILES, tr("All files (*)")]
        return ask_open(self, tr("Open a database"), filters, self.file.setEditText)

    def ask_place(self) -> QFileDialog:
        """Let a place for the new database be chosen."""
        place = Path(self.place.text().strip() or _free_place())
        # What is there is never replaced: the service refuses it with a sentence.
        return ask_save(
            self,
            tr("Make a database"),
            FILES,
            place.name,
            self.place.setText,
            folder=str(place.absolute().parent),
            replacing=False,
        )

    # Inside

    def _missing(self, choice: start.Choice) -> str:
        """What to do where nothing is at the path that is to be opened; empty where there is."""
        path = choice.database
        if choice.demo or choice.new or path is None or _exists(path):
            return ""
        return tr(
            "There is no file {path}. Choose another, or make a database: “{way}”.",
            path=write.name(path),
            way=self.new.button.text(),
        )

    def _refused(self, sentence: str) -> None:
        self.foot_note.setText("")
        self.refuse(sentence)

    def _build(self, place: str | None) -> None:
        if self._first:
            self.body.addWidget(
                Label(tr("There is no database here yet. How do you want to begin?"), wrap=True)
            )
            self.cancel_button.setText(tr("Quit"))
        group = QButtonGroup(self)
        for way in (self.demo, self.new, self.there):
            group.addButton(way.button)
            self.body.addWidget(way)
            way.button.toggled.connect(self._chosen)
        self.keep_together()
        self._build_new(place)
        self._build_there()

    def _build_new(self, place: str | None) -> None:
        self.place.setAccessibleName(tr("Where"))
        dress(self.place, "body")
        self.place.setText(_free_place() if place is None else place)
        self._enter_goes_on(self.place)
        row = with_button(self.place, Button(tr("Change…"), self.ask_place))
        self.new.rows.addWidget(Labelled(tr("Where"), row))
        hint = tr("Months and days are counted in it, for ever: it cannot be changed later.")
        self.new.rows.addWidget(Labelled(tr("Billing zone"), self.zone, hint))

    def _build_there(self) -> None:
        self.file.setEditable(True)
        self.file.setAccessibleName(tr("File"))
        self.file.setMinimumContentsLength(20)
        self.file.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        dress(self.file, "body")
        self.file.addItems(self._recent())
        edit = self.file.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(tr("The path of a file"))
            self._enter_goes_on(edit)
        self.there.rows.addWidget(
            Labelled(tr("File"), with_button(self.file, Button(tr("Choose…"), self.ask_file)))
        )

    def _enter_goes_on(self, path: QLineEdit) -> None:
        """Enter after a path takes it, and what was wrong with the one before is said no more."""
        path.returnPressed.connect(self.try_submit)
        path.textEdited.connect(lambda: self.refuse("") if self.problem else None)

    def _recent(self) -> list[str]:
        desk = self._frame.desk
        here = None if desk is None or desk.path is None else str(desk.path.absolute())
        return [path for path in recent_databases(self._frame) if path != here and _is_there(path)]

    def _chosen(self) -> None:
        self.refuse("")
        words = {
            self.demo: tr("Open the demo"),
            self.new: tr("Make the database"),
            self.there: tr("Open"),
        }
        for way, said in words.items():
            if way.button.isChecked():
                self.set_act(said)
        self.make_room()


def _free_place() -> str:
    default = start.default_database()
    return str(default if not default.exists() else default.with_name("new.db"))


def _person() -> str:
    try:
        return os.environ.get(start.STAFF_VARIABLE) or getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _about_new(person: str) -> str:
    if not person:
        return tr("Your own, with the published prices and no users.")
    return tr(
        "Your own, with the published prices and no users. You are its first admin, as {person}.",
        person=write.name(person),
    )


def _exists(path: str) -> bool:
    try:
        return path == start.MEMORY or "://" in path or Path(path).exists()
    except (OSError, ValueError):
        return False


def _is_there(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:
        return False
