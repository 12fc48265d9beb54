"""What paid for a charge, and what a grant paid for: both directions, in a small dialog."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.charges import Charge
from app.domain.ledger import EntryKind, grant_name
from app.ui import format as write
from app.ui.columns import Column, credits_column
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.standing import Standing
from app.ui.theme import current
from app.ui.users import account_state as states
from app.ui.users.reading import ChargeDetail, GrantDetail
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.table import Table
from app.ui.widgets.text import Copyable, Label

_SHOWN = 8
_NONE = 3


@dataclass(frozen=True)
class Line:
    """A grant that paid, or a charge that was paid for."""

    words: str
    when: str
    credits: int
    grant_id: int = 0
    charge_id: int = 0


class DetailDialog(Dialog):
    """Facts, a table of what paid for what, and at most one act."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, title, tr("Close"), kind="plain", width=560)
        self.cancel_button.hide()
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self.body.addLayout(self._grid)

    def submit(self) -> None:
        self.accept()

    def fact(self, name: str, value: str, *, copies: bool = False) -> None:
        """A line: what it is, and its value."""
        if not value or value == write.EMPTY:
            return
        row = self._grid.rowCount()
        self._grid.addWidget(Label(name, "caption", "text2"), row, 0)
        if copies:
            start = Qt.AlignmentFlag.AlignLeading
            self._grid.addWidget(
                Copyable(value, what=tr("Copy {name}", name=name.lower())), row, 1, start
            )
        else:
            self._grid.addWidget(Label(value, wrap=True), row, 1)

    def list(self, title: str, lines: list[Line], nothing: str) -> Table[Line]:
        """The table of what paid for what."""
        self.body.addWidget(Label(title, "section"))
        table = Table(RowsModel(_COLUMNS, lines), title)
        rows = min(_SHOWN, max(2, len(lines))) if lines else _NONE
        table.setFixedHeight(current().row_height * rows + current().px(32))
        self.body.addWidget(table)
        if not lines:
            table.overlay.empty(nothing)
        return table

    def offer(self, words: str, do: Callable[[], None] | None) -> None:
        """The one thing to do about it, where it can be done."""
        if do is None:
            return

        def close_and_do() -> None:
            self.accept()
            do()

        self.body.addWidget(Button(words, close_and_do))


_COLUMNS: tuple[Column[Line], ...] = (
    Column("words", tr("What"), lambda line: line.words, stretch=True, tip=lambda line: line.words),
    Column("when", tr("When"), lambda line: line.when, width=150, ink="text2"),
    credits_column("credits", tr("Credits"), lambda line: line.credits, width=104),
)


def charge_dialog(
    parent: QWidget,
    frame: Frame,
    detail: ChargeDetail,
    standing: Standing,
    *,
    refund: Callable[[], None] | None,
    open_grant: Callable[[int], None],
) -> DetailDialog:
    """A charge or refused use: which grants paid for it, and how it went on."""
    entry, zone, now = detail.entry, frame.zone, frame.now()
    dialog = DetailDialog(parent, write.text(of(entry.text)))
    dialog.fact(tr("When"), write.exact(entry.at, zone))
    if entry.recorded_at is not None and entry.late:
        dialog.fact(tr("Recorded"), write.exact(entry.recorded_at, zone))
    dialog.fact(tr("Charge"), str(entry.charge_id), copies=True)
    dialog.fact(tr("Key"), entry.key, copies=True)
    dialog.fact(tr("Job"), entry.job, copies=True)
    dialog.fact(tr("Job ended"), states.outcome_words(entry.outcome))
    dialog.fact(tr("Price list"), tr("version {number}", number=entry.price_version))
    if entry.kind is EntryKind.REFUSED_USE:
        needed, had = write.credits(entry.needed), write.credits(entry.balance)
        dialog.fact(
            tr("Refused"),
            tr("needed {needed} and had {had}; nothing was taken", needed=needed, had=had),
        )
        return dialog
    if detail.refund is not None:
        dialog.fact(tr("Refunded"), _refund_words(detail, frame, standing))
    lines = [
        Line(
            of(grant_name(grant)),
            tr("until {day}", day=write.short_day(grant.expires_at, zone, now)),
            credits,
            grant.id,
        )
        for grant, credits in detail.burns
    ]
    table = dialog.list(tr("Paid for by"), lines, tr("It was free: no grant paid for it."))

    def open_it(line: Line) -> None:
        dialog.accept()
        open_grant(line.grant_id)

    table.opened.connect(open_it)
    dialog.offer(tr("Refund…"), refund)
    return dialog


def _refund_words(detail: ChargeDetail, frame: Frame, standing: Standing) -> str:
    refund = detail.refund
    parts = [
        tr("{returned} returned", returned=write.credits(refund.returned))
        if refund.returned
        else "",
        tr("{regranted} as a new grant", regranted=write.credits(refund.regranted))
        if refund.regranted
        else "",
        standing.reason(refund.reason),
        write.exact(refund.at, frame.zone) if refund.at else "",
        tr("by {staff}", staff=refund.staff),
    ]
    return ", ".join(part for part in parts if part)


def _paid_for(charge: Charge, standing: Standing) -> str:
    name = states.short_name(standing.names.get(charge.feature, charge.feature))
    return tr("{feature} (refunded)", feature=name) if charge.refunded else name


def grant_dialog(
    parent: QWidget,
    frame: Frame,
    detail: GrantDetail,
    standing: Standing,
    *,
    void: Callable[[], None] | None,
    open_charge: Callable[[int], None],
) -> DetailDialog:
    """A grant: what is left, from when until when, why, and what it paid for."""
    grant, zone, now = detail.grant, frame.zone, frame.now()
    dialog = DetailDialog(parent, of(grant_name(grant)))
    remaining, whole = write.credits(grant.remaining), write.credits(grant.credits)
    left = tr("{left} of {whole}", left=remaining, whole=whole)
    if grant.voided:
        voided = write.credits(grant.voided)
        left = tr("{left} of {whole}, {voided} voided", left=remaining, whole=whole, voided=voided)
    dialog.fact(tr("Left"), left)
    dialog.fact(tr("From"), write.exact(grant.effective_at, zone))
    until = f"{write.exact(grant.expires_at, zone)} ({write.left(grant.expires_at, now)})"
    dialog.fact(tr("Until"), until)
    dialog.fact(tr("Why"), standing.reason(grant.reason))
    dialog.fact(tr("Note"), grant.note)
    dialog.fact(tr("Ticket"), grant.ticket, copies=True)
    if grant.ticket:
        dialog.body.addWidget(
            Button(tr("Open the ticket"), lambda: frame.open_ticket(grant.ticket), kind="link")
        )
    dialog.fact(tr("By"), states.by_whom(grant.staff))
    lines = [
        Line(
            _paid_for(charge, standing),
            write.instant(charge.occurred_at, zone, now),
            credits,
            charge_id=charge.id,
        )
        for charge, credits in detail.charges
    ]
    table = dialog.list(tr("Paid for"), lines, tr("Nothing of it was used."))

    def open_it(line: Line) -> None:
        dialog.accept()
        open_charge(line.charge_id)

    table.opened.connect(open_it)
    dialog.offer(tr("Void…"), void)
    return dialog
