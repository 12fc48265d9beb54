"""The diagnosis: what the record says, each finding with its evidence and one suggested act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout

from app.domain.findings import Evidence, Finding
from app.ui.language import of, tr, trn
from app.ui.request_lines import Row
from app.ui.requests import case_state as states
from app.ui.theme import current, set_mark
from app.ui.widgets.button import Button, Kind
from app.ui.widgets.card import Card
from app.ui.widgets.text import Badge, Label, plain_tip

_WHEN = 118
_SENTENCE = 260
"""How much room a sentence needs beside its button; with less the button comes beneath it."""
SHOWN = 5
"""How many rows of evidence are shown before somebody wants them all."""


class FindingView(QFrame):
    """One finding: its number, a sentence with figures, rows that prove it, and what to do.

    `taken()` when its suggestion is wanted, `opened(Evidence)` when a row is.
    """

    taken = Signal()
    opened = Signal(object)

    def __init__(
        self, number: int, finding: Finding, zone: tzinfo, now: datetime, *, first: bool
    ) -> None:
        super().__init__()
        self.finding = finding
        self._zone, self._now = zone, now
        self.sentence = Label(of(finding.sentence), "name" if first else "body", wrap=True)
        self.sentence.selectable()
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._kind: Kind = "primary" if first else "plain"
        words = states.suggestion_words(finding)
        self._keys = "Enter" if first else str(number)
        self.button = Button(f"{words}…", self.taken.emit, kind=self._kind)
        self.button.setAccessibleName(tr("Finding {number}: {words}", number=number, words=words))
        self.rows: list[Row] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._more = Button("", self._show_all, kind="link")
        self._build(number, first=first)
        self._show_rows(finding.evidence[:SHOWN])
        rest = len(finding.evidence) - SHOWN
        self._more.setText(
            tr("Show {max}", max=trn("{count} more row", "{count} more rows", max(rest, 0)))
        )
        self._more.setVisible(rest > 0)

    def allow(self, why_not: str, *, settled: bool) -> None:
        """Let its suggestion be taken, or say why it cannot be; once settled, offer nothing."""
        self.button.setVisible(not settled)
        self.button.setEnabled(not why_not)
        self.button.setToolTip(plain_tip(why_not or self._keys))

    def show_next(self, *, here: bool) -> None:
        """Whether taking its suggestion is the next thing to do: only one thing ever is."""
        set_mark(self.button, "kind", self._kind if here else "plain")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() - self.button.sizeHint().width() < current().px(_SENTENCE)
        way = QBoxLayout.Direction
        self._line.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def _build(self, number: int, *, first: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(Badge(str(number), "accent" if first else "neutral"), 0, top)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(8)
        self._line.addWidget(self.sentence, 1)
        # To the start: without it a column would be no wider than its button.
        self._line.addWidget(self.button, 0, top | Qt.AlignmentFlag.AlignLeading)
        head.addLayout(self._line, 1)
        inside = QVBoxLayout()
        inside.setContentsMargins(26, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(self._lines)
        inside.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(inside)

    def _show_rows(self, evidence: Sequence[Evidence]) -> None:
        for one in evidence:
            when, text, credits = states.evidence_words(one, self._zone, self._now)
            opens = one.grant_id is not None or one.charge_id is not None
            row = Row(when, text, number=credits, opens=opens, when_room=_WHEN)
            row.clicked.connect(lambda _checked=False, one=one: self.opened.emit(one))
            self.rows.append(row)
            self._lines.addWidget(row)

    def _show_all(self) -> None:
        self._show_rows(self.finding.evidence[SHOWN:])
        self._more.hide()


class Findings(Card):
    """The findings, the likeliest first. `taken(number)`, `opened(Evidence)`."""

    taken = Signal(int)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__(tr("What the record says"), " ")
        self.body.setSpacing(12)
        self.views: list[FindingView] = []
        self._shown: tuple[Finding, ...] = ()

    def show_findings(self, findings: tuple[Finding, ...], zone: tzinfo, now: datetime) -> None:
        """Show these; the same ones again stay as they are, opened rows included."""
        if findings == self._shown:
            return
        self._shown = findings
        for view in self.views:
            self.body.removeWidget(view)
            view.hide()
            view.deleteLater()
        likeliest = states.to_take(findings, 1)
        self.views = [
            FindingView(number, finding, zone, now, first=finding is likeliest)
            for number, finding in enumerate(findings, 1)
        ]
        for number, view in enumerate(self.views, 1):
            view.taken.connect(lambda number=number: self.taken.emit(number))
            view.opened.connect(self.opened)
            self.body.addWidget(view)

    def allow(self, why_not: str, *, settled: bool) -> None:
        """Let suggestions be taken, or say why none can be; once settled, offer nothing."""
        for view in self.views:
            view.allow(why_not, settled=settled)

    def show_next(self, *, here: bool) -> None:
        """Whether the next thing to do is here, or on the sheet of an answer."""
        for view in self.views:
            view.show_next(here=here)
