"""The database: where it lies, what it is, what reads it; and opening another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.backups import DatabaseFacts
from app.ui import format as write
from app.ui.background import Latest
from app.ui.choose_database import ChooseDatabase
from app.ui.desk_in_use import is_demo
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.settings.card import Facts, SettingsCard
from app.ui.widgets.button import Button
from app.ui.widgets.text import Copyable, Label, plain_tip

_FIRST_BAD: Final = "3.7.0"
_LAST_BAD: Final = "3.51.2"


def sqlite_said(facts: DatabaseFacts) -> str:
    """Which SQLite reads it, and what its bug means where it has it."""
    if facts.sqlite_sound:
        return tr("{version}, without the bug of the write-ahead log", version=facts.sqlite)
    return tr(
        "{version} has the bug of {first} to {last}: very rarely, when two programs write at the"
        " moment in which the write-ahead log begins anew, a page of the file can be damaged."
        " Keep daily backups, and install a newer Python or the package pysqlite3.",
        version=facts.sqlite,
        first=_FIRST_BAD,
        last=_LAST_BAD,
    )


class DatabaseCard(SettingsCard):
    """Facts, and the way to another database."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("This database"),
            tr("The file that holds everything: users, grants, charges."),
        )
        self._question = Latest(frame.background, owner=self)
        self.facts: DatabaseFacts | None = None
        self.path = Copyable(what=tr("Copy the path"))
        self.path.copied.connect(lambda _: frame.say(tr("Copied the path.")))
        self.folder_button = Button(tr("Open folder"), self.open_folder, kind="link")
        self.how_large = Label()
        self.sqlite = Label(wrap=True)
        self.zone = Label(wrap=True)
        self.made = Label()
        self.revision = Label()
        self.row(self.path, self.folder_button)
        self._lines = Facts()
        for name, widget in (
            (tr("Size"), self.how_large),
            (tr("SQLite"), self.sqlite),
            (tr("Billing zone"), self.zone),
            (tr("Made"), self.made),
            (tr("Schema"), self.revision),
        ):
            self._lines.add(name, widget)
        self.add(self._lines)
        for part in (self.path, self.folder_button, self._lines):
            part.hide()  # until they are read
        self.open_button = Button(tr("Open another…"), self.open_another)
        self.new_button = Button(tr("New…"), self.make_new)
        self.row(self.open_button, self.new_button)

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {"open": self.open_another, "new": self.make_new}

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._question.ask(
                lambda stop: desk.backups.facts(stop=stop), self.show_facts, self._failed
            )

    def show_facts(self, facts: DatabaseFacts) -> None:
        """Show what the database is."""
        self.facts = facts
        self.hide_problem()
        frame = self.frame
        in_memory, demo = facts.path is None, is_demo(frame)
        words = str(facts.path)
        if in_memory or demo:
            words = (
                tr("in memory, gone at the end")
                if in_memory
                else tr("a copy of the demo, thrown away at the end")
            )
        self.path.set_text(words)
        self.path.setEnabled(not (in_memory or demo))
        self.path.show()
        self._lines.show()
        self.folder_button.setVisible(not (in_memory or demo))
        reading = "" if facts.writable else tr("can only be read here")
        sizes = [tr("none") if in_memory else write.file_size(facts.size), reading]
        self.how_large.setText(" · ".join(part for part in sizes if part))
        self.sqlite.setText(sqlite_said(facts))
        self.sqlite.set_ink("text" if facts.sqlite_sound else "warning")
        self.zone.setText(tr("{zone}, as long as the database lives", zone=write.text(facts.zone)))
        self.made.setText(write.minute(facts.made_at, frame.zone))
        self.made.setToolTip(plain_tip(write.instant_tip(facts.made_at, frame.zone, frame.now())))
        kind = tr("for trying things out: its clock may be frozen") if facts.sandbox else ""
        parts = [tr("revision {number}", number=facts.revision), kind]
        self.revision.setText(" · ".join(part for part in parts if part))

    def open_folder(self) -> None:
        """Show the folder in the computer's own program for files."""
        if self.facts is None or self.facts.path is None:
            return
        folder = Path(self.facts.path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            name = write.name(str(folder))
            words = tr("The folder {folder} could not be opened.", folder=name)
            self.frame.say(words, tone="danger")

    def open_another(self) -> ChooseDatabase:
        """Choose another database to go on with."""
        return self._choose(new=False)

    def make_new(self) -> ChooseDatabase:
        """Make a new database and go on with it."""
        return self._choose(new=True)

    def _choose(self, *, new: bool) -> ChooseDatabase:
        dialog = ChooseDatabase(self, self.frame, new=new)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _failed(self, error: Exception) -> None:
        self.show_problem(error, tr("Reading about the database"))
