"""Going back to a backup, with a look inside before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QProgressBar, QWidget

from app.domain.audit import AuditRecord
from app.domain.backups import Content, Inspection
from app.domain.integrity import Restored
from app.domain.staff import ROLES_IN_WORDS, Act
from app.ui import audit_names
from app.ui import daily_backup as daily
from app.ui import format as write
from app.ui.background import Latest
from app.ui.choose_database import FILES
from app.ui.columns import Column, credits_column
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_open
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.settings.card import Facts, SettingsCard, Signed, read_signed
from app.ui.settings.fitted import FittedTable
from app.ui.settings.verifying import Step, verdict
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.text import Label, plain_tip

_SIZE = (760, 240)
Compared = tuple[str, int, int]


def compared(found: Inspection) -> list[Compared]:
    """How many there are of each in the backup, and now."""
    held, now = found.content.tally, found.now.tally
    return [
        (tr("Users"), held.users, now.users),
        (tr("Grants"), held.grants, now.grants),
        (tr("Charges"), held.charges, now.charges),
        (tr("Refunds"), held.refunds, now.refunds),
        (tr("Requests"), held.requests, now.requests),
        (tr("Acts on record"), held.audit_records, now.audit_records),
    ]


def relation(found: Inspection) -> str:
    """How the backup stands to the database, in a sentence."""
    if found.related and not found.lost_acts:
        return tr("It is this database as it stands, or a state in which staff did just as much.")
    if found.related:
        return trn(
            "It is an earlier state of this database. {count} act of staff since, and all uses"
            " reported since, would be lost.",
            "It is an earlier state of this database. {count} acts of staff since, and all uses"
            " reported since, would be lost.",
            found.lost_acts,
        )
    if found.ahead:
        return tr("It is a later state of this database: it holds all that is here, and more.")
    return tr(
        "It is another database, or one that went another way: everything that is here now would"
        " be replaced."
    )


def warnings(found: Inspection, person: str) -> list[str]:
    """What somebody should know before they go back to it."""
    said = []
    if not found.proof.ok:
        said.append(tr("Its books do not balance."))
    if found.content.role is None:
        who = write.name(person)
        said.append(
            tr(
                "{person} is not on its staff list: you could do nothing here afterwards.",
                person=who,
            )
        )
    elif found.content.role != found.now.role:
        role = of(ROLES_IN_WORDS[found.content.role])
        said.append(tr("In it your role is {role}.", role=role))
    if found.content.zone != found.now.zone:
        zones = {"there": found.content.zone, "here": found.now.zone}
        said.append(tr("Its billing zone is {there}, here it is {here}.", **zones))
    if found.upgraded:
        said.append(
            tr("It was made by an older version (revision {number}) and is brought up to date.",
               number=found.revision)
        )  # fmt: skip
    return said


class RestoreCard(SettingsCard):
    """*Restore…*: choose a backup and look inside."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Restore"),
            tr(
                "Puts a backup in the place of everything, after a look inside. The database as it"
                " is now is kept beside itself."
            ),
        )
        self._question = Latest(frame.background, owner=self)
        self.ready = False
        self.signed: Signed | None = None
        self.button = Button(tr("Restore…"), self.ask_file)
        self.why_not = Label("", "caption", "text2", wrap=True)
        self.row(self.button)
        self.add(self.why_not)
        self.why_not.hide()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {"restore": self.ask_file}

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._question.ask(lambda stop: read_signed(desk, stop), self._came, self._unread)

    def ask_file(self) -> QFileDialog | None:
        """Choose a backup."""
        if self.signed is None or not self.button.isEnabled():
            self.frame.say(self.why_not.text())
            return None
        filters, folder = [FILES, tr("All files (*)")], self._likely_folder()
        return ask_open(self, tr("Choose a backup"), filters, self.look_inside, folder=folder)

    def _likely_folder(self) -> str:
        """Where a backup most likely is: with the daily ones, or beside the database."""
        beside = self.frame.desk.path
        kept = daily.chosen(self.frame).folder
        return kept or ("" if beside is None else str(beside.absolute().parent))

    def look_inside(self, path: str) -> RestoreDialog:
        """Show what a backup holds, and what restoring it would lose."""
        why_not = "" if self.signed is None else self.signed.why_not(Act.RESTORE)
        dialog = RestoreDialog(self, self.frame, path, why_not)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _came(self, signed: Signed) -> None:
        self.signed = signed
        self.hide_problem()
        cannot_look = signed.why_not(Act.BACK_UP, writes=False)
        why_not = signed.why_not(Act.RESTORE)
        if self.frame.desk.path is None:
            cannot_look = why_not = tr("A database in memory has no file to restore.")
        self.button.setEnabled(not cannot_look)
        self.button.setText(tr("Look inside a backup…") if why_not else tr("Restore…"))
        self.why_not.setText(why_not)
        self.why_not.setVisible(bool(why_not))
        self.got_ready()

    def _unread(self, error: Exception) -> None:
        self.show_problem(error, tr("Reading who you are"))


class RestoreDialog(Dialog):
    """What a backup holds beside what is here now; then, clearly chosen, going back to it."""

    def __init__(self, parent: QWidget, frame: Frame, path: str, why_not: str = "") -> None:
        super().__init__(parent, tr("Look inside a backup"), tr("Restore this backup"),
                         kind="danger", width=_SIZE[0])  # fmt: skip
        self._frame = frame
        self._path = path
        self._why_not = why_not
        self._stop: Event | None = None
        self._question = Latest(frame.background, owner=self)
        self.found: Inspection | None = None
        self.said = Label("", "name", wrap=True)
        self.bar = QProgressBar()
        self.verdict = Label(wrap=True)
        self.last_act = Label(wrap=True)
        self.prices = Label(wrap=True)
        self.made = Label(wrap=True)
        self.warned = Label("", "name", "warning", wrap=True)
        self._compared: RowsModel[Compared] = RowsModel(_compared_columns())
        self.table = FittedTable(self._compared, tr("What it holds, and what is here now"))
        self._lost: RowsModel[AuditRecord] = RowsModel(_lost_columns(frame))
        self.lost = FittedTable(self._lost, tr("Acts that would be lost"), most=4, spare=("staff",))
        self.sure = QCheckBox(tr("Yes, put it in the place of everything that is here now"))
        self._build()
        self.resize(*_SIZE)
        self.set_act(tr("Restore this backup"), allowed=False)
        self.look()

    def look(self) -> None:
        """Look inside; nothing is changed."""
        desk, path = self._frame.desk, self._path
        background = self._frame.background
        self._stop = stop = Event()
        tell = background.reporter(self._step)
        self.said.setText(tr("Looking inside…"))

        def came(found: Inspection) -> None:
            background.forget(tell)
            self._came(found)

        def failed(error: Exception) -> None:
            background.forget(tell)
            self._failed(error)

        self._question.ask(
            lambda _: desk.backups.inspect(
                path, lambda done, every, name: tell((done, every, name)), stop=stop
            ),
            came,
            failed,
        )

    def reject(self) -> None:
        if self._stop is not None:
            self._stop.set()
        super().reject()

    def submit(self) -> None:
        desk, path = self._frame.desk, self._path
        self.said.setText(tr("Restoring…"))
        self.sure.setEnabled(False)
        self._frame.background.write(
            lambda _: desk.integrity.restore(path), self._restored, self._not_restored
        )

    # Inside

    def _came(self, found: Inspection) -> None:
        self.found = found
        self.bar.hide()
        self.said.setText(relation(found))
        self.verdict.setText(verdict(found.proof))
        self.verdict.set_ink("success" if found.proof.ok else "danger")
        self.last_act.setText(_act_said(found.content, self._frame))
        self.prices.setText(
            tr("version {number}, {note}", number=found.content.price_version,
               note=write.name(found.content.price_note))
        )  # fmt: skip
        self.made.setText(
            tr(
                "{instant} · {size} · revision {number}",
                instant=write.minute(found.content.made_at, self._frame.zone),
                size=write.file_size(found.size),
                number=found.revision,
            )
        )
        warned = warnings(found, self._frame.desk.staff_email)
        self.warned.setText("\n".join(warned))
        self.warned.setVisible(bool(warned))
        rows = compared(found)
        self._compared.show_rows(rows)
        self.table.fit(len(rows))
        self._lost.show_rows(found.lost)
        self.lost.fit(len(found.lost))
        self.lost.setVisible(bool(found.lost))
        self._details.show()
        self.table.show()
        self.sure.setVisible(not self._why_not)
        self.foot_note.setText(self._why_not)
        self.make_room()

    def _failed(self, error: Exception) -> None:
        self.bar.hide()
        self.said.setText("")
        trouble = trouble_of(error, tr("Looking inside"))
        self.refuse(trouble.sentence)
        if trouble.blame == "us":
            self._frame.trouble(error)

    def _restored(self, done: Restored) -> None:
        self.accept()
        kept = write.name(str(Path(done.kept).absolute()))
        self._frame.begin_anew()
        self._frame.say(
            tr("Restored. The database as it was is kept at {path}.", path=kept), tone="success"
        )

    def _not_restored(self, error: Exception) -> None:
        self.sure.setEnabled(True)
        self.said.setText("" if self.found is None else relation(self.found))
        trouble = trouble_of(error, tr("Restoring"))
        self.refuse(trouble.sentence)
        if trouble.blame == "us":
            self._frame.trouble(error)

    def _step(self, step: Step) -> None:
        done, every, name = step
        self.bar.setRange(0, every)
        self.bar.setValue(done)
        if name:
            self.said.setText(
                tr(
                    "Verifying rule {number} of {all}: {name}",
                    number=done + 1,
                    all=every,
                    name=of(name),
                )
            )

    def _build(self) -> None:
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Looking inside"))
        dress(self.sure, "name")
        self._details = Facts()
        for name, widget in (
            (tr("Database made"), self.made),
            (tr("Last act"), self.last_act),
            (tr("Prices"), self.prices),
            (tr("Verified"), self.verdict),
        ):
            self._details.add(name, widget)
        file = Label(write.text(Path(self._path).name), "code", "text2", wrap=True)
        file.setToolTip(plain_tip(self._path))
        self.body.addWidget(file)
        for part in (self.said, self.bar, self.warned, self._details, self.table, self.lost):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self.sure)
        for hidden in (self.warned, self._details, self.table, self.lost, self.sure):
            hidden.hide()
        self.sure.toggled.connect(
            lambda on: self.set_act(tr("Restore this backup"), allowed=on and not self._why_not)
        )


def _act_said(content: Content, frame: Frame) -> str:
    act = content.last_act
    if act is None:
        return write.EMPTY
    return tr(
        "{instant} ({ago}) · {person}: {act}, {thing}",
        instant=write.instant(act.at, frame.zone, frame.now()),
        ago=write.ago(act.at, frame.now()),
        person=write.text(act.staff),
        act=audit_names.act_name(act.act, audit_names.acts()),
        thing=audit_names.thing(act, audit_names.kinds()),
    )


def _compared_columns() -> tuple[Column[Compared], ...]:
    return (
        Column("what", tr("What"), lambda row: row[0], width=160, stretch=True, sortable=False),
        credits_column("backup", tr("In the backup"), lambda row: row[1], width=130),
        credits_column("now", tr("Here now"), lambda row: row[2], width=130),
        credits_column("lost", tr("Change"), lambda row: row[1] - row[2], signed=True, width=110),
    )


def _lost_columns(frame: Frame) -> tuple[Column[AuditRecord], ...]:
    zone, acts, kinds = frame.zone, audit_names.acts(), audit_names.kinds()
    return (
        Column("at", tr("Would be lost"), lambda row: write.instant(row.at, zone, frame.now()),
               value=lambda row: row.at, width=130,
               tip=lambda row: write.instant_tip(row.at, zone, frame.now())),
        Column("act", tr("Act"), lambda row: audit_names.act_name(row.act, acts), width=170),
        Column("subject", tr("On"), lambda row: audit_names.thing(row, kinds), width=160,
               stretch=True, voice="code"),
        Column("staff", tr("By"), lambda row: write.text(row.staff), width=200),
    )  # fmt: skip
