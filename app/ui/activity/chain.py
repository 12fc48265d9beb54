"""The chain of the record: its head to note elsewhere, its proof, and a head noted earlier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.domain.activity import ChainBreak, ChainHead, ChainReport, HeadPlace
from app.domain.errors import Cancelled
from app.ui import format as write
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.text import Badge, Copyable, Label

_SAID: Final = 3
_WIDTH: Final = 620


class ChainDialog(Dialog):
    """Proves the chain, with progress and Cancel; says where a head noted earlier stands.

    `record_wanted(number)` when somebody wants to see the record where the chain breaks;
    `proved(ChainReport)` once it is proved.
    """

    record_wanted = Signal(int)
    proved = Signal(object)

    def __init__(self, parent: QWidget | None, frame: Frame, report: ChainReport | None) -> None:
        super().__init__(parent, tr("Is the record whole?"), tr("Verify"), width=_WIDTH)
        self._frame = frame
        self._shown = report
        self._heading = Latest(frame.background, owner=self)
        self._proving = Latest(frame.background, owner=self)
        self._finding = Latest(frame.background, owner=self)
        self._report: Callable[[tuple[int, int]], None] | None = None
        self._head = ChainHead()
        self.head = Copyable(what=tr("Copy head"))
        self.head_words = Label("", "caption", "text2", wrap=True)
        self.copy_button = Button(tr("Copy head"), self.copy_head, icon="copy")
        self.verdict = Badge()
        self.said = Label("", wrap=True)
        self.show_button = Button("", self._show_break, kind="link")
        self.report_button = Button(tr("Copy report"), self.copy_report, kind="link")
        self.bar = QProgressBar()
        self.noted = QLineEdit()
        self.find_button = Button(tr("Find it"), self.find_noted)
        self.place = Label("", wrap=True)
        self._build()
        self.cancel_button.setText(tr("Close"))
        self._ask_head()
        if report is not None:
            self._show_report(report)

    @property
    def proving(self) -> bool:
        """Whether the chain is being proved."""
        return self._proving.asking

    # Verifying

    def submit(self) -> None:
        """Prove the chain."""
        desk = self._frame.desk
        report = self._report = self._frame.background.reporter(self._progress)
        self.bar.setValue(0)
        self.bar.show()
        self.verdict.hide()
        self.said.setText(tr("Every record is hashed anew and compared."))
        for button in (self.show_button, self.report_button):
            button.hide()
        self._proving.ask(
            lambda stop: desk.activity.prove(lambda done, every: report((done, every)), stop=stop),
            self._proved,
            self._failed,
        )
        self._set_busy(busy=True)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText(tr("Cancel"))
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def reject(self) -> None:
        """Cancel stops the proof first; then the dialog closes."""
        if self.proving:
            self._proving.cancel()
            self._end()
            self.said.setText(tr("Stopped; nothing is said of the chain."))
            self.verdict.hide()
        else:
            self._heading.cancel()
            self._finding.cancel()
            super().reject()

    def copy_report(self) -> None:
        """All that was found, for who must look into it."""
        if self._shown is not None:
            text = report_words(self._shown, self._frame.zone)
            QGuiApplication.clipboard().setText(text)
            self._frame.say(tr("Copied the report."))

    def _progress(self, done: tuple[int, int]) -> None:
        if self.proving:
            hashed, every = done
            self.bar.setRange(0, max(1, every))
            self.bar.setValue(hashed)
            self.said.setText(
                tr(
                    "{done} of {every} records hashed.",
                    done=write.credits(hashed),
                    every=write.credits(every),
                )
            )

    def _proved(self, report: ChainReport) -> None:
        self._end()
        self._show_report(report)
        self._show_head(report.head)
        self.proved.emit(report)

    def _failed(self, error: Exception) -> None:
        self._end()
        self.said.setText("")
        if not isinstance(error, Cancelled):
            self.refuse(trouble_of(error, tr("Verifying")).sentence)

    def _end(self) -> None:
        if self._report is not None:
            self._frame.background.forget(self._report)
            self._report = None
        self.bar.hide()
        self._set_busy(busy=False)
        self.cancel_button.setText(tr("Close"))

    def _show_report(self, report: ChainReport) -> None:
        self._shown = report
        if report.ok:
            self.verdict.show_as(tr("Whole"), "success")
        else:
            self.verdict.show_as(tr("Broken"), "danger")
        self.verdict.show()
        self.said.setText(verdict_words(report, self._frame.zone))
        self.show_button.setVisible(not report.ok)
        self.report_button.show()
        if report.breaks:
            number = write.credits(_nearest(report.breaks[0]))
            self.show_button.setText(tr("Show record {number}", number=number))
        self.make_room()

    def _show_break(self) -> None:
        if self._shown is not None and self._shown.breaks:
            self.record_wanted.emit(_nearest(self._shown.breaks[0]))
            self.reject()

    # The head

    def copy_head(self) -> None:
        """The head in a line that says what it is: to be kept where this program cannot write."""
        name = self._frame.desk.path.name if self._frame.desk.path else tr("a database in memory")
        text = head_line(self._head, name, self._frame.zone)
        QGuiApplication.clipboard().setText(text)
        self._frame.say(tr("Copied the head. Keep it where this program cannot write."))

    def _ask_head(self) -> None:
        desk = self._frame.desk
        self._heading.ask(
            lambda stop: desk.activity.head(stop=stop),
            self._show_head,
            lambda error: self.refuse(trouble_of(error, tr("Reading the head")).sentence),
        )

    def _show_head(self, head: ChainHead) -> None:
        self._head = head
        self.head.set_text(head.hash)
        self.head_words.setText(head_words(head, self._frame.zone))

    # A head noted earlier

    def find_noted(self) -> None:
        """Say where the head stands that was pasted."""
        desk, text = self._frame.desk, self.noted.text()
        if not text.strip():
            return
        self.place.set_ink("text2")
        self.place.setText(tr("Looking through the chain…"))
        self._finding.ask(
            lambda stop: desk.activity.place_of_head(text, stop=stop),
            self._show_place,
            self._not_found,
        )

    def _show_place(self, place: HeadPlace) -> None:
        self.place.set_ink("danger" if place.record is None else "text")
        self.place.setText(place_words(place, self._frame.zone))
        self.make_room()

    def _not_found(self, error: Exception) -> None:
        self.place.set_ink("danger")
        self.place.setText(trouble_of(error, tr("Looking for the head")).sentence)
        self.make_room()

    # Building

    def _build(self) -> None:
        self.body.addWidget(
            Label(
                tr(
                    "Each record carries a hash over itself and the record before it. Verifying"
                    " shows whether one was changed or taken out; only a head that was noted"
                    " elsewhere shows whether the newest were cut off."
                ),
                "body",
                "text2",
                wrap=True,
            )
        )
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.addWidget(self.head, 1)
        row.addWidget(self.copy_button)
        column.addLayout(row)
        column.addWidget(self.head_words)
        self.body.addWidget(Labelled(tr("Head of the chain"), head))
        self.noted.setAccessibleName(tr("A head noted earlier"))
        self.noted.setPlaceholderText(tr("paste it here, or the whole line it stands in"))
        self.noted.setMaxLength(2_000)
        dress(self.noted, "code")
        self.noted.returnPressed.connect(self.find_noted)
        self.noted.textEdited.connect(lambda _text: self.place.setText(""))
        self.noted.textChanged.connect(lambda text: self.find_button.setEnabled(bool(text.strip())))
        self.find_button.setEnabled(False)
        earlier = QWidget()
        row = QHBoxLayout(earlier)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.noted, 1)
        row.addWidget(self.find_button)
        self.body.addWidget(Labelled(tr("A head noted earlier"), earlier))
        self.body.addWidget(self.place)
        self.body.addWidget(self._build_verdict())

    def _build_verdict(self) -> QWidget:
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.hide()
        self.verdict.hide()
        self.show_button.hide()
        self.report_button.hide()
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.said, 1)
        column.addLayout(row)
        column.addWidget(self.bar)
        links = QHBoxLayout()
        links.setSpacing(12)
        links.addWidget(self.show_button)
        links.addWidget(self.report_button)
        links.addStretch(1)
        column.addLayout(links)
        return part


# Words ------------------------------------------------------------------------------------------


def head_words(head: ChainHead, zone: tzinfo) -> str:
    """At which record the head stands, and since when."""
    if head.at is None:
        return tr("Nothing is on record yet.")
    return tr(
        "Record {number}, {instant}",
        number=write.credits(head.record),
        instant=write.exact(head.at, zone),
    )


def head_line(head: ChainHead, database: str, zone: tzinfo) -> str:
    """The head as it is copied."""
    return tr(
        "Head of the activity of {database}: {words}: {hash}",
        database=write.text(database),
        words=head_words(head, zone),
        hash=head.hash,
    )


def verdict_words(report: ChainReport, zone: tzinfo, most: int = _SAID) -> str:
    """What a proof says, and what that means."""
    if report.ok:
        return trn(
            "The one record in this database is as it was written. Checked {instant}.",
            "Each of the {count} records in this database follows from the one before."
            " Checked {instant}.",
            report.records,
            instant=write.exact(report.checked_at, zone),
        )
    said = [break_words(one) for one in report.breaks[:most]]
    if report.found > most:
        said.append(trn("And {count} more.", "And {count} more.", report.found - most))
    said.append(
        tr(
            "Somebody wrote to the file past this program, or the disk damaged it. Compare with a"
            " backup; nothing was changed by looking."
        )
    )
    return "\n".join(said)


def break_words(one: ChainBreak) -> str:
    """Where the chain breaks, and how."""
    first, last = write.credits(one.first), write.credits(one.last)
    if one.kind == "changed":
        return tr(
            "Record {number} is not what was written: it, or its hash, or the hash before it was"
            " changed.",
            number=first,
        )
    if one.first == one.last:
        return tr("Record {number} is missing: it was taken out.", number=first)
    return tr("Records {first} to {last} are missing: they were taken out.", first=first, last=last)


def place_words(place: HeadPlace, zone: tzinfo) -> str:
    """Where a head noted earlier stands, and what that means."""
    if place.record is None:
        return tr(
            "This head is nowhere in the chain: since it was noted, records were lost or changed,"
            " or it was noted of another database."
        )
    if place.record == 0:
        return tr("This is the head of a record in which nothing stands yet.")
    number = write.credits(place.record)
    means = tr("Nothing up to there was changed or removed, if Verify finds the chain whole.")
    if place.since == 0:
        now = tr("This is the head now, record {number}: nothing came after it.", number=number)
        return f"{now} {means}"
    since = trn("{count} record was added since.", "{count} records were added since.", place.since)
    stands = tr(
        "This was the head at record {number}, {instant}.",
        number=number,
        instant=_exact(place.at, zone),
    )
    return f"{stands} {since} {means}"


def report_words(report: ChainReport, zone: tzinfo) -> str:
    """A proof as text to pass on."""
    return "\n".join(
        (
            verdict_words(report, zone, most=len(report.breaks)),
            tr("Checked {instant}.", instant=write.exact(report.checked_at, zone)),
            tr("{words}: {hash}", words=head_words(report.head, zone), hash=report.head.hash),
        )
    )


def _exact(at: datetime | None, zone: tzinfo) -> str:
    return write.EMPTY if at is None else write.exact(at, zone)


def _nearest(one: ChainBreak) -> int:
    """The record to look at: the one that was changed, or the one after the gap."""
    return one.first if one.kind == "changed" else one.last + 1
