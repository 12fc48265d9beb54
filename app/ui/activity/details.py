"""One record in full: who, when, what, on whom, why, and its values before and after."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.activity import ImportHolds, changes, ticket_of
from app.domain.audit import AuditRecord
from app.ui import audit_names
from app.ui import format as write
from app.ui.activity import words
from app.ui.activity.reading import Context
from app.ui.activity.state import Target, narrowings, targets
from app.ui.activity.values import ValuesView, breakable
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.widgets.button import CutButton, IconButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.text import Copyable, ElidedLabel, Label, plain_tip

_PADDING: Final = 16
_NARROWEST: Final = 300


class DetailsPane(QFrame):
    """One record. `target_wanted(Target)`, `filter_wanted(ActivityQuery filters)` by its links.

    `copied(text)` after something was put on the clipboard.
    """

    target_wanted = Signal(object)
    ticket_wanted = Signal(str)
    copied = Signal(str)
    only_wanted = Signal(str, object)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("card")
        self._frame = frame
        self.record: AuditRecord | None = None
        self.targets: tuple[Target, ...] = ()
        self.links: list[CutButton] = []
        self.title = ElidedLabel("", "section")
        self.nothing = Label(tr("Choose a record to see it in full."), "body", "text3", wrap=True)
        self.copy_button = IconButton("copy", tr("Copy"), self.open_copying)
        self.more_button = IconButton("dots", tr("More like this"), self.open_more)
        self.when, self.utc = Label("", wrap=True), Label("", "caption", "text2", wrap=True)
        self.who = Label("", wrap=True)
        self.thing = Label("", wrap=True)
        self.name = Label("", "caption", "text2", wrap=True)
        self.why = Label("", wrap=True)
        self.ticket = CutButton("", self._open_ticket)
        self.number = Label("")
        self.hash = Copyable(what=tr("Copy hash"))
        self.holds = Label("", "caption", "text2", wrap=True)
        self.values = ValuesView(frame.zone)
        self._links = QWidget()
        self._links_flow = FlowLayout(self._links, gap=10)
        self._facts = QWidget()
        self._named: dict[QWidget, Label] = {}
        self._build()
        self.hash.copied.connect(self.copied)
        self.values.copied.connect(self.copied)
        self.show_record(None)

    def show_record(self, record: AuditRecord | None) -> None:
        """Show a record; its values are here, what is known beside it follows."""
        self.record = record
        self.nothing.setVisible(record is None)
        self._scroll.setVisible(record is not None)
        for button in (self.copy_button, self.more_button):
            button.setVisible(record is not None)
        self.title.setText(
            audit_names.act_name(record.act, audit_names.acts()) if record else tr("Details")
        )
        if record is None:
            self.targets = ()
            return
        self._show_facts(record)
        self._show_targets(record, targets(record))
        self.name.hide()
        self.holds.hide()
        self.values.show_changes(changes(record))
        self._scroll.verticalScrollBar().setValue(0)

    def show_context(self, context: Context) -> None:
        """Show what is known beside the record."""
        record = self.record
        if record is None or record.id != context.record:
            return
        self.name.setText(breakable(write.text(context.user_name)))
        self.name.setVisible(bool(context.user_name))
        self.holds.setVisible(context.holds is not None)
        if context.holds is not None:
            self.holds.setText(_holds_words(context.holds))
        self._show_targets(record, (*targets(record), *context.targets))

    def open_first(self) -> None:
        """Open what the record is about."""
        if self.targets:
            self.target_wanted.emit(self.targets[0])
        elif self.record is not None:
            what = words.subject(self.record, audit_names.kinds())
            self._frame.say(tr("{thing} has no page of its own.", thing=what))

    def lay(self, *, wide: bool) -> None:
        """Let facts and values stand side by side, or one above the other."""
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._both.setDirection(way)
        self._both.setStretch(0, 2 if wide else 0)
        self._both.setStretch(1, 3 if wide else 1)

    # Copying

    def copy_text(self) -> None:
        """The record in words."""
        if self.record is not None:
            self._copy(told(self.record, self._frame))

    def copy_json(self) -> None:
        """The record as it is kept."""
        if self.record is not None:
            self._copy(as_json(self.record))

    def open_copying(self) -> QMenu:
        """What can be copied."""
        return self._menu(
            self.copy_button,
            [(tr("Copy as text"), self.copy_text), (tr("Copy as JSON"), self.copy_json)],
        )

    def open_more(self) -> QMenu:
        """Records like this one."""
        offered = narrowings(self.record) if self.record is not None else ()
        return self._menu(
            self.more_button,
            [(one.words, partial(self.only_wanted.emit, one.name, one.value)) for one in offered],
        )

    def _menu(
        self, button: IconButton, offers: Sequence[tuple[str, Callable[[], object]]]
    ) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for said, act in offers:
            menu.addAction(said.replace("&", "&&")).triggered.connect(
                lambda _checked=False, act=act: act()
            )
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        return menu

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(tr("the record"))

    # Inside

    def _show_facts(self, record: AuditRecord) -> None:
        zone, now = self._frame.zone, self._frame.now()
        self.when.setText(f"{write.exact(record.at, zone)} · {write.ago(record.at, now)}")
        self.utc.setText(write.exact(record.at, UTC))
        self.utc.setVisible(write.zone_name(zone) != "UTC")
        self.when.setToolTip(plain_tip(write.instant_tip(record.at, zone, now)))
        self.who.setText(breakable(write.text(record.staff)))
        self.why.setText(breakable(words.why(record)))
        ticket = ticket_of(record)
        self.ticket.setText(write.text(ticket))
        for widget in (self.ticket, self._named[self.ticket]):
            widget.setVisible(bool(ticket))
        self.number.setText(write.credits(record.id))
        self.hash.set_text(record.hash)

    def _show_targets(self, record: AuditRecord, found: Sequence[Target]) -> None:
        self.targets = tuple(dict.fromkeys(found))
        for link in self.links:
            self._links_flow.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links = [self._link(target) for target in self.targets]
        own = targets(record)
        self.thing.setText(breakable(audit_names.thing(record, audit_names.kinds())))
        self.thing.setVisible(not own)
        self._links.setVisible(bool(self.links))
        for link in self.links:
            link.setParent(self._links)
            self._links_flow.addWidget(link)
            link.show()
        self._links.updateGeometry()

    def _link(self, target: Target) -> CutButton:
        link = CutButton(target.words, lambda: self.target_wanted.emit(target))
        link.setToolTip(plain_tip(tr("Open {thing}", thing=target.words)))
        return link

    def _open_ticket(self) -> None:
        if self.record is not None:
            self.ticket_wanted.emit(ticket_of(self.record))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_PADDING, 8, 8, 4)
        head.addWidget(self.title, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.more_button)
        self._lay_facts()
        inside = QWidget()
        inside.setObjectName("scrolled")
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, inside)
        self._both.setContentsMargins(_PADDING, 0, _PADDING, 12)
        self._both.setSpacing(16)
        values = QWidget()
        column = QVBoxLayout(values)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.values)
        column.addStretch(1)
        self._both.addWidget(self._facts)
        self._both.addWidget(values, 1)
        self._scroll = QScrollArea()
        show_focus(self._scroll)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_NARROWEST)
        self._scroll.setAccessibleName(tr("The record in full"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self.nothing.setContentsMargins(_PADDING, 0, _PADDING, 0)
        column.addWidget(self.nothing)
        column.addWidget(self._scroll, 1)
        column.addStretch(0)

    def _lay_facts(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        facts = (
            (tr("When"), (self.when, self.utc)),
            (tr("Who"), (self.who,)),
            (tr("On whom"), (self.thing, self.holds, self._links, self.name)),
            (tr("Why"), (self.why,)),
            (tr("Ticket"), (self.ticket,)),
            (tr("Record"), (self.number,)),
            (tr("Hash"), (self.hash,)),
        )
        for row, (name, widgets) in enumerate(facts):
            said = Label(name, "header", "text2")
            said.setMinimumWidth(64)
            grid.addWidget(said, row, 0, Qt.AlignmentFlag.AlignTop)
            stack = QVBoxLayout()
            stack.setSpacing(4)
            for widget in widgets:
                self._named[widget] = said
                narrow = widget in {self.ticket, self.hash}
                stack.addWidget(_held(widget) if narrow else widget)
            grid.addLayout(stack, row, 1)
        column = QVBoxLayout(self._facts)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addStretch(1)


def told(record: AuditRecord, frame: Frame) -> str:
    """A record as text: a line for each fact and each value."""
    facts = [
        (tr("Record"), write.credits(record.id)),
        (tr("When"), write.exact(record.at, frame.zone)),
        (tr("Who"), write.text(record.staff)),
        (tr("What"), audit_names.act_name(record.act, audit_names.acts())),
        (tr("On whom"), words.subject(record, audit_names.kinds())),
        (tr("Why"), write.paragraph(record.why) or write.EMPTY),
        (tr("Hash"), record.hash),
    ]
    values = [
        (
            words.path_name(one.path),
            tr(
                "{before} → {after}",
                before=words.value(one.path, one.before),
                after=words.value(one.path, one.after),
            ),
        )
        for one in changes(record)
    ]
    return "\n".join(
        tr("{name}: {value}", name=name, value=said) for name, said in (*facts, *values)
    )


def as_json(record: AuditRecord) -> str:
    """A record as it is kept."""
    kept = {
        "record": record.id,
        "at": record.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "staff": record.staff,
        "act": record.act,
        "subject": [record.subject_kind, record.subject],
        "why": record.why,
        "before": record.before,
        "after": record.after,
        "hash": record.hash,
    }
    return json.dumps(kept, ensure_ascii=False, indent=2)


def _held(widget: QWidget) -> QWidget:
    """A widget that never grows, in one that does: else the whole column would not."""
    room = QWidget()
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return room


def _holds_words(holds: ImportHolds) -> str:
    if holds.kind == "requests":
        said = trn("Holds {count} request.", "Holds {count} requests.", holds.request_count)
        shown = len(holds.requests) < holds.request_count
    else:
        said = trn("Holds rows of {count} user.", "Holds rows of {count} users.", holds.user_count)
        shown = len(holds.users) < holds.user_count
    more = tr("The first of them:") if shown else ""
    back = tr("Reversed by {staff}.", staff=holds.reversed_by) if holds.reversed_by else ""
    return " ".join(part for part in (said, back, more) if part)
