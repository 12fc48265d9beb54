"""Proving that the books balance: rule by rule, to be stopped, with what breaks each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

from PySide6.QtWidgets import QProgressBar

from app.domain.integrity import Report, Violation
from app.ui import format as write
from app.ui.columns import Column
from app.ui.errors import trouble_of
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.settings.card import SettingsCard
from app.ui.settings.fitted import FittedTable
from app.ui.widgets.button import Button
from app.ui.widgets.text import Copyable, Label

PROVED: Final = frozenset({"integrity"})
Step = tuple[int, int, str]


@dataclass(frozen=True)
class Broken:
    """A row that breaks a rule."""

    rule: str
    sentence: str
    row: str


def broken_rows(violations: Sequence[Violation]) -> list[Broken]:
    """Every row that is named, with its rule; and how many more there are."""
    rows = []
    for one in violations:
        name, sentence = of(one.name), of(one.sentence)
        rows += [Broken(name, sentence, of(row)) for row in one.rows]
        more = one.found - len(one.rows)
        if more > 0:
            words = trn("and {count} more row", "and {count} more rows", more)
            rows.append(Broken(name, sentence, words))
    return rows


def broken_columns() -> tuple[Column[Broken], ...]:
    """How they are shown."""
    return (
        Column("rule", tr("Rule"), lambda row: write.text(row.rule), width=190,
               tip=lambda row: row.sentence),
        Column("row", tr("Row that breaks it"), lambda row: write.text(row.row), width=320,
               stretch=True, voice="code", tip=lambda row: f"{row.sentence}\n{row.row}"),
    )  # fmt: skip


def verdict(report: Report) -> str:
    """What came of it, and what was looked through."""
    counts = report.counts
    looked = {
        "rules": trn("{count} rule", "{count} rules", counts.rules),
        "users": trn("{count} user", "{count} users", counts.users),
        "grants": trn("{count} grant", "{count} grants", counts.grants),
        "charges": trn("{count} charge", "{count} charges", counts.charges),
        "acts": trn("{count} audit record", "{count} audit records", counts.audit_records),
    }
    if report.ok:
        return tr(
            "The books balance: {rules} over {users}, {grants}, {charges} and {acts} hold.",
            **looked,
        )
    broken = trn("{count} rule is broken", "{count} rules are broken", len(report.violations))
    return tr(
        "{broken}, of {rules} over {users}, {grants}, {charges} and {acts}.",
        broken=broken,
        **looked,
    )


class VerifyCard(SettingsCard):
    """*Verify now*, its progress, and the verdict."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Verify"),
            tr(
                "Proves that the books balance and that each audit record follows from the one"
                " before."
            ),
        )
        self._stop: Event | None = None
        self.report: Report | None = None
        self.button = Button(tr("Verify now"), self.verify)
        self.stop_button = Button(tr("Stop"), self.stop, icon="player-stop")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Verifying"))
        self.rule = Label("", "caption", "text2")
        self.said = Label("", wrap=True)
        self.head_name = Label(tr("Audit head, to be noted elsewhere"), "caption", "text2")
        self.chain = Copyable(what=tr("Copy the audit head"))
        self.chain.copied.connect(lambda _: frame.say(tr("Copied the audit head.")))
        self._model: RowsModel[Broken] = RowsModel(broken_columns())
        self.table = FittedTable(self._model, tr("Rows that break a rule"))
        self.table.told.connect(frame.say)
        self.row(self.button, self.stop_button)
        for widget in (self.bar, self.rule, self.said, self.table, self.head_name, self.chain):
            self.add(widget)
            widget.hide()
        self.stop_button.hide()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {"verify": self.verify}

    def verify(self) -> None:
        """Begin, unless it is under way."""
        if self._stop is not None:
            return
        desk, background = self.frame.desk, self.frame.background
        self._stop = stop = Event()
        tell = background.reporter(self._step)
        self._running(running=True)

        def ended() -> None:
            background.forget(tell)
            self._stop = None
            self._running(running=False)

        def came(report: Report) -> None:
            ended()
            self.show_report(report)
            self.frame.tell(PROVED)

        def failed(error: Exception) -> None:
            ended()
            self._failed(error)

        self._question = background.read(
            lambda _: desk.integrity.verify(
                lambda done, every, name: tell((done, every, name)), stop=stop
            ),
            came,
            failed,
        )
        self.destroyed.connect(stop.set)

    def stop(self) -> None:
        """Stop; nothing is said of the books then."""
        if self._stop is not None:
            self._stop.set()

    def show_report(self, report: Report) -> None:
        """Show a verdict."""
        self.report = report
        at = write.instant(report.checked_at, self.frame.zone, self.frame.now())
        self._say(f"{verdict(report)} {tr('As of {at}.', at=at)}",
                  "success" if report.ok else "danger")  # fmt: skip
        rows = broken_rows(report.violations)
        self._model.show_rows(rows)
        self.table.fit(len(rows))
        self.table.setVisible(bool(rows))
        self.chain.set_text(report.audit_head)
        self.chain.show()
        self.head_name.show()

    def _failed(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Verifying"))
        stopped = trouble.blame == "nobody"
        self._say(tr("Stopped; nothing is said of the books.") if stopped else trouble.sentence,
                  "text2" if stopped else "danger")  # fmt: skip
        if trouble.blame == "us":
            self.frame.trouble(error)

    def _say(self, words: str, ink: str) -> None:
        self.said.setText(words)
        self.said.set_ink(ink)
        self.said.show()

    def _step(self, step: Step) -> None:
        done, every, name = step
        self.bar.setRange(0, every)
        self.bar.setValue(done)
        words = tr("Rule {number} of {all}: {name}", number=done + 1, all=every, name=of(name))
        self.rule.setText(words if name else "")

    def _running(self, *, running: bool) -> None:
        going, coming = self.stop_button, self.button
        if running:
            going, coming = coming, going
        focused = going.hasFocus()
        coming.setEnabled(True)
        coming.show()
        if focused:  # or the keyboard would go on to what stands next, which is Restore
            coming.setFocus()
        self.button.setEnabled(not running)
        for widget in (self.stop_button, self.bar, self.rule):
            widget.setVisible(running)
        if running:
            self.bar.setRange(0, 0)
            self.said.hide()
            self.table.hide()
