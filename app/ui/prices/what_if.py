"""What if: the draft tried on past months, an estimate by itself, the whole on demand.

The page places the panel, and the strip beside its table, and tells `show_draft` whenever the draft
may have changed. The panel asks the desk by itself; its state is a value of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.calendar import Month
from app.domain.prices import PriceList
from app.domain.whatif import Hit, Part, Trial, WhatIf
from app.ui import format as write
from app.ui.background import Latest
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.prices.what_if_bars import Bars
from app.ui.prices.what_if_state import (
    WhatIfState,
    begun,
    day_bars,
    figures,
    hit_columns,
    months_offered,
    part_columns,
    touch_bars,
)
from app.ui.prices.what_if_words import NoteFigures, compared, for_note, standing, strip_words
from app.ui.rows_model import RowsModel
from app.ui.theme import dress
from app.ui.tokens import CARD_GAP
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card, StatCard
from app.ui.widgets.notice import Notices
from app.ui.widgets.states import Overlay
from app.ui.widgets.table import Table
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.wide_table import WideTable

ESTIMATE_AFTER_MS: Final = 600
"""So long nothing is edited before an estimate begins."""


class WhatIfPanel(QWidget):
    """The months, the figures now against then, features, plans, users. `state` is all it shows."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._question = Latest(frame.background, owner=self)
        self._report: Callable[[float], None] | None = None
        local = frame.now().astimezone(frame.zone)
        running = Month(local.year, local.month)
        self.state = begun(running)
        self._offered = months_offered(running)
        self._showing = False
        self.keeps = True
        """Whether the person may keep a draft, and so what it came to."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(ESTIMATE_AFTER_MS)
        self._soon.timeout.connect(self._estimate)
        self.strip = WhatIfStrip(frame)
        self._build()
        self.show_state(self.state)

    # What the page says

    def show_draft(self, draft: PriceList | None, *, edited: bool) -> None:
        """The draft as it is now; after a moment an estimate of it begins by itself."""
        if (draft, edited) == (self.state.draft, self.state.edited):
            return
        self.show_state(self.state.with_draft(draft, edited=edited))
        self._soon_estimate()

    def show_kept(self, trial: Trial | None) -> None:
        """What was kept with the draft, where nothing was tried since the start."""
        if trial is not None and self.state.result is None and not self.state.running:
            self.show_state(self.state.kept(trial))
            self._soon_estimate()

    def make_room(self, *, narrow: bool) -> None:
        """In a small window names need the room that uses take: refusals say it too."""
        for table in (self.features, self.plans):
            table.make_room({"uses_now", "uses_change"}, narrow=narrow)

    @property
    def note(self) -> NoteFigures:
        """What of the result can be added to the note of a publication."""
        return for_note(self.state)

    def run_whole(self) -> None:
        """Replay every use of the months."""
        self._soon.stop()
        self._try(whole=True)

    def cancel(self) -> None:
        """Stop what is under way; what was found before stays."""
        self._soon.stop()
        self._question.cancel()
        self._end_report()
        self.show_state(self.state.stopped())

    # Trying

    def _soon_estimate(self) -> None:
        if self.state.wants_estimate:
            self._soon.start()
        else:
            self._soon.stop()

    def _estimate(self) -> None:
        if self.state.wants_estimate:
            self._try(whole=False)

    def _try(self, *, whole: bool) -> None:
        draft, first, last = self.state.draft, self.state.first, self.state.last
        if draft is None:
            return
        self._end_report()
        self._report = report = self._frame.background.reporter(self._progressed)
        pricing = self._frame.desk.pricing

        def work(stop: threading.Event) -> WhatIf:
            one_in = 1 if whole else pricing.sample()
            found: WhatIf = pricing.what_if(
                draft, first, last, one_in=one_in, progress=report, stop=stop
            )
            return found

        self.show_state(self.state.started(sampling=not whole))
        self._question.ask(work, lambda result: self._arrived(draft, result), self._failed)

    def _progressed(self, share: float) -> None:
        if self.state.running:
            self.bar.setValue(round(share * 100))

    def _arrived(self, draft: PriceList, result: WhatIf) -> None:
        self._end_report()
        self.show_state(self.state.arrived(draft, result))
        if self.state.edited and self.keeps:
            self._keep(draft, result)
        if self.state.stale:
            self._soon_estimate()

    def _keep(self, draft: PriceList, result: WhatIf) -> None:
        """Keep the result with the draft: both are there again after the next start."""
        pricing = self._frame.desk.pricing
        self._frame.background.write(
            lambda _stop: pricing.keep_trial(draft, result),
            lambda _kept: None,
            lambda error: self._frame.trouble(error, tr("Keeping the figures with the draft")),
        )

    def _failed(self, error: Exception) -> None:
        self._end_report()
        self.show_state(self.state.broken(error))

    def _end_report(self) -> None:
        if self._report is not None:
            self._frame.background.forget(self._report)
            self._report = None

    # Showing

    def show_state(self, state: WhatIfState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self._showing = True
        self.first.setCurrentIndex(self._offered.index(state.first))
        self.last.setCurrentIndex(self._offered.index(state.last))
        self._showing = False
        self.run_button.setEnabled(state.draft is not None)
        self.cancel_button.setVisible(state.running)
        self.bar.setVisible(state.running)
        self.bar.setValue(round(state.share * 100))
        zone, now = self._frame.zone, self._frame.now()
        self.line.setText(standing(state, zone, now))
        changed = (state.stale or state.outdated) and not state.running
        self.line.set_ink("warning" if changed else "text2")
        self.lists.setText(compared(state.result, zone, now))
        self.lists.setVisible(state.result is not None)
        self.copy_button.setVisible(state.result is not None)
        self._show_result(state.result)
        self._show_phase(state)
        self.strip.show_words(strip_words(state), failed=state.phase == "failed")

    def _show_result(self, result: WhatIf | None) -> None:
        for card, figure in zip(self.cards, figures(result), strict=True):
            card.show_number(figure.now, figure.note)
        self._parts[0].show_rows(() if result is None else result.features)
        self._parts[1].show_rows(() if result is None else result.plans)
        self._hits.show_rows(() if result is None else result.hardest)
        if result is None:
            return
        self.touches.show_bars(touch_bars(result.touches))
        self.days.show_bars(day_bars(result.days))
        self.people.setText(
            trn(
                "{newly_out} run out only now, {spared} only then; {count} user notices anything.",
                "{newly_out} run out only now, {spared} only then; {count} users notice anything.",
                result.touched,
                newly_out=write.credits(result.newly_out),
                spared=write.credits(result.spared),
            )
        )

    def _show_phase(self, state: WhatIfState) -> None:
        if state.phase == "failed":
            self.overlay.failed(
                state.failed, tr("Nothing was changed."), self.run_whole, state.details
            )
        elif state.phase == "empty" or (state.running and state.result is None):
            sentence = (
                tr("The draft is being tried on what was really used…")
                if state.running
                else tr(
                    "Try the list on what was really used: every use again, in its order, "
                    "from the balances of then. While a draft is edited, an estimate comes "
                    "by itself."
                )
            )
            self.overlay.empty(sentence)
        else:
            self.overlay.ready()

    # What the person does

    def _months_chosen(self) -> None:
        if self._showing:
            return
        first, last = (
            self._offered[self.first.currentIndex()],
            self._offered[self.last.currentIndex()],
        )
        self._frame.remember("what-if-months", [str(first), str(last)])
        self.show_state(self.state.with_months(first, last))
        self._soon_estimate()

    def _copy(self) -> None:
        if self.state.result is not None:
            QGuiApplication.clipboard().setText(of(self.state.result.summary))
            self._frame.say(tr("The figures are in the clipboard, for the note."))

    def _open(self, hit: Hit) -> None:
        self._frame.open_page("users", hit.user_id)

    # Widgets

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, CARD_GAP, 0, 0)
        column.setSpacing(CARD_GAP)
        column.addLayout(self._controls())
        column.addLayout(self._sayings())
        self.cards = [StatCard(figure.name, figure.now) for figure in figures(None)]
        line = QHBoxLayout()
        line.setSpacing(CARD_GAP)
        for card in self.cards:
            line.addWidget(card, 1)
        column.addLayout(line)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._parts = [RowsModel(part_columns(tr("Feature"))), RowsModel(part_columns(tr("Plan")))]
        self.features = self._table(self._parts[0], tr("What if by feature"), "what-if-features")
        self.plans = self._table(self._parts[1], tr("What if by plan"), "what-if-plans")
        self._hits = RowsModel(hit_columns(self._frame.zone, self._frame.now()))
        self.hits: Table[Hit] = Table(self._hits, tr("Users hit hardest"))
        self.hits.opened.connect(self._open)
        self.hits.linked.connect(lambda _key, hit: self._open(hit))
        self._frame.remember_table(self.hits, "what-if-hits")
        self.tabs.addTab(self.features, tr("By feature"))
        self.tabs.addTab(self.plans, tr("By plan"))
        self.tabs.addTab(self._charts(), tr("Users"))
        self.tabs.addTab(self.hits, tr("Hit hardest"))
        column.addWidget(self.tabs, 1)
        self.overlay = Overlay(self.tabs)

    def _controls(self) -> QHBoxLayout:
        self.first, self.last = (
            self._month_field(tr("From month")),
            self._month_field(tr("To month")),
        )
        self.run_button = Button(tr("Run whole"), self.run_whole)
        self.cancel_button = Button(tr("Cancel"), self.cancel)
        self.copy_button = Button(tr("Copy for the note"), self._copy, kind="link")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setMaximumWidth(160)
        self.bar.setAccessibleName(tr("How far the replay is"))
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (Label(tr("Months"), "name"), self.first, Label(tr("to")), self.last):
            line.addWidget(widget)
        line.addWidget(self.run_button)
        line.addWidget(self.cancel_button)
        line.addWidget(self.bar)
        line.addStretch(1)
        line.addWidget(self.copy_button)
        return line

    def _sayings(self) -> QVBoxLayout:
        """What the figures are of, and which lists are compared: whole in a small window too."""
        self.line = ElidedLabel("", "caption", "text2")
        self.lists = ElidedLabel("", "caption", "text2")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self.line)
        lines.addWidget(self.lists)
        return lines

    def _month_field(self, name: str) -> QComboBox:
        field = QComboBox()
        field.setAccessibleName(name)
        field.setMaxVisibleItems(12)
        dress(field, "body")
        for month in self._offered:
            field.addItem(write.month(month.year, month.month), str(month))
        field.currentIndexChanged.connect(lambda _at: self._months_chosen())
        return field

    def _table(self, model: RowsModel[Part], name: str, key: str) -> WideTable[Part]:
        table: WideTable[Part] = WideTable(model, name)
        self._frame.remember_table(table, key)
        return table

    def _charts(self) -> QWidget:
        self.touches = Bars(tr("Users by how their credits used change"))
        self.days = Bars(tr("Users by when they first run out"))
        self.people = Label("", "body", "text2", wrap=True)
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, CARD_GAP, 0, 0)
        line.setSpacing(CARD_GAP)
        left, right = (
            Card(tr("Users by how their credits used change")),
            Card(tr("When users first run out"), tr("bars now, lines then")),
        )
        left.add(self.touches, 1)
        left.add(self.people)
        right.add(self.days, 1)
        line.addWidget(left, 1)
        line.addWidget(right, 1)
        return both


class WhatIfStrip(Notices):
    """One line over the table of prices: what the estimate says of the draft."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._words = ""
        self._held_back = False
        self.opens: Callable[[], Any] = lambda: None

    def show_words(self, words: str, *, failed: bool) -> None:
        """Say this; nothing takes the line away."""
        if words == self._words:
            return
        self._words = words
        if not words or self._held_back:
            self.clear("what-if")
            return
        self.show_notice(
            "what-if",
            words,
            tone="warning" if failed else "info",
            action=tr("What if…"),
            act=self._open,
            dismissable=False,
        )

    def hold_back(self, *, quiet: bool) -> None:
        """Say nothing while the panel itself is in view."""
        words, self._words, self._held_back = self._words, "", quiet
        if quiet:
            self.clear("what-if")
            self._words = words
        else:
            self.show_words(words, failed=False)

    def _open(self) -> None:
        self.opens()
