"""Backing up: now, to a place of choice, and every day by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QProgressBar

from app.domain.backups import DailyBackup
from app.domain.staff import Act
from app.ui import daily_backup as daily
from app.ui import format as write
from app.ui.background import Latest
from app.ui.choose_database import FILES
from app.ui.desk_in_use import is_demo
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_folder, ask_save
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.settings.card import SettingsCard, Signed, read_signed
from app.ui.theme import current, dress
from app.ui.widgets.button import Button
from app.ui.widgets.fields import AmountField, Labelled, with_button
from app.ui.widgets.text import Label

MOST_KEPT: Final = 365


@dataclass(frozen=True)
class BackupState:
    """Who asks, which file it is, and the daily backups in the folder chosen."""

    signed: Signed
    path: Path | None
    dailies: tuple[DailyBackup, ...]
    demo: bool = False

    @property
    def why_not(self) -> str:
        """Why no backup can be made; empty where it can."""
        if self.path is None:
            return tr("A database in memory has no file to back up.")
        return self.signed.why_not(Act.BACK_UP, writes=False)

    @property
    def why_no_daily(self) -> str:
        """Why none is made every day; empty where it can."""
        if self.demo:
            return tr("The demo is thrown away at the end: no backup of it is made every day.")
        return self.why_not


def read_backups(desk: Any, folder: str, stop: Event) -> BackupState:
    """Ask how backups stand."""
    signed = read_signed(desk, stop)
    found = desk.backups.dailies(folder, stop=stop) if folder and desk.path is not None else []
    return BackupState(signed, desk.path, tuple(found))


class BackupsCard(SettingsCard):
    """*Back up now…*, and the choice of a backup every day."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Backups"),
            tr("A whole copy, proved sound before it appears. Others may go on writing meanwhile."),
        )
        self._question = Latest(frame.background, owner=self)
        self.ready = False
        self.state: BackupState | None = None
        self._wrong_folder = False
        self.now_button = Button(tr("Back up now…"), self.ask_where)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Backing up"))
        self.bar.hide()
        self.said = Label("", wrap=True)
        self.why_not = Label("", "caption", "text2", wrap=True)
        self.on = QCheckBox(tr("Make a backup every day while the window is open"))
        self.at_once = Label("", "caption", "text2", wrap=True)
        self.folder = QLineEdit()
        self.folder_button = Button(tr("Choose…"), self.ask_folder)
        self.keep = AmountField(1, MOST_KEPT, tr("Backups to keep"))
        self.last = Label("", "caption", "text2", wrap=True)
        self._build()
        self._show_choice()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {"backup": self.ask_where}

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._show_choice()
            folder = daily.chosen(self.frame).folder
            self._question.ask(
                lambda stop: read_backups(desk, folder, stop), self.show_state, self._unread
            )

    def show_state(self, state: BackupState) -> None:
        """Show what can be done, and what the last daily backup was."""
        state = replace(state, demo=is_demo(self.frame))
        self.state = state
        no_daily = state.why_no_daily
        self.hide_problem()
        self.why_not.setText(no_daily)
        self.why_not.setVisible(bool(no_daily))
        self.now_button.setEnabled(not state.why_not and self.bar.isHidden())
        for field in (self.on, self.folder, self.folder_button, self.keep):
            field.setEnabled(not no_daily)
        self._say_what_ticking_does()
        self.last.setText(self._last_said(state))
        self.got_ready()

    # Now

    def ask_where(self) -> QFileDialog | None:
        """Choose where the backup goes; it is made then."""
        if self.state is None or self.state.path is None or self.state.why_not:
            if self.state is not None:
                self.frame.say(self.state.why_not)
            return None
        path = self.state.path
        stamp = self.frame.now().astimezone(self.frame.zone).strftime("%Y-%m-%d")
        return ask_save(
            self,
            tr("Back up the database"),
            FILES,
            f"{path.stem}-{stamp}{path.suffix or '.db'}",
            self.back_up,
            folder=daily.chosen(self.frame).folder,
        )

    def back_up(self, path: str) -> None:
        """Make a backup there."""
        desk = self.frame.desk
        self.now_button.setEnabled(False)
        self.bar.show()
        self._say(tr("Backing up to {path}…", path=write.name(path)))
        self.frame.background.write(
            lambda _: _sized(desk.integrity.backup(path)), self._made, self._not_made
        )

    def _made(self, made: tuple[Path, int]) -> None:
        path, size = made
        self.bar.hide()
        words = tr(
            "Backed up {size} to {path}.", size=write.file_size(size), path=write.name(str(path))
        )
        self._say(words)
        self.frame.say(words, tone="success")
        self.frame.tell({daily.DONE, "activity"})
        self.reload()

    def _not_made(self, error: Exception) -> None:
        self.bar.hide()
        trouble = trouble_of(error, tr("Backing up"))
        self._say(trouble.sentence, ink="danger")
        if trouble.blame == "us":
            self.frame.trouble(error)
        self.reload()

    # Every day

    def ask_folder(self) -> QFileDialog:
        """Choose the folder of the daily backups."""
        title = tr("Folder for daily backups")
        return ask_folder(self, title, self.take_folder, folder=self.folder.text().strip())

    def take_folder(self, folder: str) -> None:
        """Make daily backups there from now on."""
        self.folder.setText(folder)
        self._chosen()

    def _chosen(self) -> None:
        """Something was chosen: keep it, and make today's backup where one is wanted.

        A folder that is not there is only said to be wrong: backups that were made go on where
        they went, instead of ending unseen.
        """
        kept = daily.chosen(self.frame)
        typed, wanted = self.folder.text().strip(), self.on.isChecked()
        problem = _folder_problem(typed) if wanted or typed else ""
        folder = kept.folder if problem else typed
        on = wanted and bool(folder)
        self._refuse_folder(problem, goes_on_in=folder if on and folder != typed else "")
        self._keeping.refuse(self.keep.problem)
        with QSignalBlocker(self.on):
            self.on.setChecked(on)
        self._say_what_ticking_does()
        keep = self.keep.amount
        if keep is None:
            return
        choice = daily.DailyChoice(on, folder, keep)
        if choice == kept:
            return
        daily.choose(self.frame, choice)
        if on:
            daily.run(self.frame, self.reload)
        self.reload()

    def _refuse_folder(self, problem: str, goes_on_in: str) -> None:
        self._wrong_folder = bool(problem)
        if goes_on_in:
            problem = tr(
                "{problem} Backups go on in {folder}.",
                problem=problem,
                folder=write.name(goes_on_in),
            )
        self._labelled.refuse(problem)

    def _switched(self, on: bool) -> None:
        beside = self._beside
        if on and not self.folder.text().strip() and beside:
            self.folder.setText(beside)
            _make_folder(beside)
        self._chosen()

    def _say_what_ticking_does(self) -> None:
        """Ticking the box writes a file at once: where to is said before."""
        folder = self.folder.text().strip() or self._beside
        words = tr(
            "Ticking this makes today's backup at once, in {folder}.", folder=write.name(folder)
        )
        may = self.on.isEnabled() and not self.on.isChecked() and bool(folder)
        self.at_once.setText(words)
        self.at_once.setVisible(may)
        self.on.setAccessibleDescription(words if may else "")

    @property
    def _beside(self) -> str:
        """Where they go while no folder is chosen: to one beside the database."""
        path = self.state.path if self.state else None
        return "" if path is None else str(path.absolute().with_name("backups"))

    def _show_choice(self) -> None:
        choice = daily.chosen(self.frame)
        if self._wrong_folder or (self.folder.isModified() and self.folder.hasFocus()):
            return  # what is being typed stays, as does what is said to be wrong
        with QSignalBlocker(self.on), QSignalBlocker(self.keep):
            self.on.setChecked(choice.on)
            self.keep.set_amount(choice.keep)
        self.folder.setText(choice.folder)

    def _last_said(self, state: BackupState) -> str:
        if not state.dailies:
            if self.folder.text().strip():
                return tr("No daily backup of this database is in this folder.")
            return tr("No daily backup was made yet.")
        last, count = state.dailies[0], len(state.dailies)
        return tr(
            "The last is of {day}, {size}: {path}. {count} in all.",
            day=write.day(last.day),
            size=write.file_size(last.size),
            path=write.name(last.path),
            count=write.credits(count),
        )

    # Inside

    def _build(self) -> None:
        self.row(self.now_button)
        self.add(self.bar)
        self.add(self.said)
        self.said.hide()
        dress(self.on, "body")
        self.folder.setAccessibleName(tr("Folder for daily backups"))
        self.folder.setPlaceholderText(tr("On another disk, best of all"))
        dress(self.folder, "body")
        self.keep.setFixedWidth(current().px(72))
        hint = tr("Older ones of this database are removed; nothing else in the folder is touched.")
        self._labelled = Labelled(tr("Folder"), with_button(self.folder, self.folder_button), hint)
        self._labelled.field = self.folder
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._labelled, 1)
        self._keeping = Labelled(tr("Keep"), self.keep)
        self.row(self.on)
        self.add(self.at_once)
        self.at_once.hide()
        self.body.addLayout(line)
        line.addWidget(self._keeping, 0, Qt.AlignmentFlag.AlignTop)
        self.add(self.last)
        self.add(self.why_not)
        self.why_not.hide()
        self.on.toggled.connect(self._switched)
        self.folder.textChanged.connect(lambda _text: self._say_what_ticking_does())
        self.folder.editingFinished.connect(self._chosen)
        self.keep.editingFinished.connect(self._chosen)

    def _say(self, words: str, ink: str = "text") -> None:
        self.said.setText(words)
        self.said.set_ink(ink)
        self.said.show()

    def _unread(self, error: Exception) -> None:
        self.show_problem(error, tr("Reading about backups"))


def _sized(path: Path) -> tuple[Path, int]:
    return path.absolute(), path.stat().st_size


def _folder_problem(folder: str) -> str:
    if not folder:
        return tr("Choose a folder first.")
    try:
        there = Path(folder).is_dir()
    except (OSError, ValueError):
        there = False
    return "" if there else tr("There is no folder {folder}.", folder=write.name(folder))


def _make_folder(folder: str) -> None:
    try:
        Path(folder).mkdir(exist_ok=True)
    except OSError:
        return  # the field says that there is none
