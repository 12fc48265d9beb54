"""The ledger of an account: entries newest first with running balance, filtered and paged."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.domain.grants import Grant
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.staff import Act
from app.ui import format as write
from app.ui.columns import Column
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import T, TableModel
from app.ui.standing import Standing
from app.ui.users import account_state as states
from app.ui.users.entries import entry_columns
from app.ui.users.reading import ENTRIES, AccountData, Entries, LedgerFilter
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table
from app.ui.widgets.text import ElidedLabel

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
MONTHS_AT_HAND: Final = 12


class LedgerModel(TableModel[LedgerEntry]):
    """The entries read so far; `wanted` when the view comes to their end and older ones follow."""

    wanted = Signal()

    def __init__(self, columns: Sequence[Column[LedgerEntry]]) -> None:
        super().__init__([self._with_room(column) for column in columns])
        self._rows: list[LedgerEntry] = []
        self._more = False
        self._asked = False

    def _with_room(self, column: Column[LedgerEntry]) -> Column[LedgerEntry]:
        """A column of figures with room for the longest here: a part would be another figure."""
        if column.align != "end":
            return column
        return replace(
            column,
            widest=lambda: (max(map(column.text, self._rows), key=len, default=""),),
        )

    @property
    def entries(self) -> Sequence[LedgerEntry]:
        """The entries here, newest first."""
        return self._rows

    def show_entries(self, entries: Entries) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows, self._more, self._asked = list(entries.rows), entries.more, False
        self.endResetModel()

    def add_older(self, entries: Entries) -> None:
        """Put older ones beneath."""
        self._more, self._asked = entries.more, False
        if entries.rows:
            last = len(self._rows) + len(entries.rows) - 1
            self.beginInsertRows(_NOWHERE, len(self._rows), last)
            self._rows += entries.rows
            self.endInsertRows()

    def give_up(self) -> None:
        """Older ones could not be read: ask again when the view comes to the end again."""
        self._asked = False

    def row(self, number: int) -> LedgerEntry | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def at_hand(self, ranges: Sequence[range]) -> list[LedgerEntry]:
        return [self._rows[number] for part in ranges for number in part]

    def gather(
        self,
        numbers: Sequence[int],
        done: Callable[[T], None],
        make: Callable[[list[LedgerEntry]], T],
    ) -> None:
        done(make([self._rows[number] for number in numbers]))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not self._asked and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.wanted.emit()


class LedgerCard(Card):
    """The ledger with its filters. What is wanted of a row is told by a signal."""

    filter_wanted = Signal(object)
    opened = Signal(object)
    refund_wanted = Signal(object)
    void_wanted = Signal(object)

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Ledger"), " ", padded=False)
        self.body.setContentsMargins(1, 0, 1, 8)
        self._frame = frame
        self.model = LedgerModel(entry_columns(frame))
        self.table = Table(self.model, tr("Ledger"))
        self._data: AccountData | None = None
        self._standing: Standing | None = None
        self._grants: dict[int, Grant] = {}
        self._aimed: tuple[str, int | None, int | None] = ("", None, None)
        self._words = ElidedLabel("", "caption", "accent_text")
        self._clear = Button(tr("Clear"), self.clear_filter, kind="link")
        self.filter_button = IconButton("adjustments", tr("Filter the ledger"), self.open_filters)
        self.copy_button = IconButton("copy", tr("Copy rows"), self.table.copy, shortcut="Ctrl+C")
        self._arrange_head()
        self._open_action = self._action(tr("Open"), "", self.opened)
        self._refund_action = self._action(tr("Refund…"), "Ctrl+R", self.refund_wanted)
        self._void_action = self._action(tr("Void grant…"), "", self.void_wanted)
        self._ticket_action = QAction(tr("Open the ticket"), self)
        self._ticket_action.triggered.connect(lambda _checked=False: self.open_ticket())
        self.table.row_actions = self._actions
        self.model.rowsInserted.connect(lambda *_: self.table.widths.follow())
        self.table.opened.connect(self.opened)
        self.table.linked.connect(lambda _key, entry: frame.open_ticket(entry.ticket))
        self.add(self.table, 1)
        frame.remember_table(self.table, "users/ledger")

    def show_data(self, data: AccountData, standing: Standing) -> None:
        """Show the entries of an account, keeping the row the keyboard was on and the place."""
        same = self._data is not None and self._data.user.user_id == data.user.user_id
        here = self.table.current_row() if same else None
        top = self.table.verticalScrollBar().value() if same else 0
        seen = self.model.row(top) if top else None
        self._data, self._standing = data, standing
        self._grants = {grant.id: grant for grant in data.account.all_grants}
        self.aside.setText(states.entry_count(data))
        words = states.filter_words(data.chosen, standing.names)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._clear.setVisible(bool(words))
        self.model.show_entries(data.entries)
        self.table.widths.follow()
        self._return_to(here, seen)
        self._hit(data)
        self._say_nothing(data)

    def read_so_far(self, user_id: str, chosen: LedgerFilter) -> int:
        """How many entries to read so that none in view is lost where the same is read anew."""
        data = self._data
        if data is None or (data.user.user_id, data.chosen) != (user_id, chosen):
            return ENTRIES
        return max(ENTRIES, len(self.model.entries))

    def show_narrow(self, *, narrow: bool) -> None:
        """Where room is scarce the detail says what the type would."""
        keys = [column.key for column in self.model.columns]
        self.table.setColumnHidden(keys.index("kind"), narrow)

    def open_ticket(self) -> None:
        """Jump to the ticket of the row the keyboard is on."""
        entry = self.table.current_row()
        if entry is not None and entry.ticket:
            self._frame.open_ticket(entry.ticket)
        else:
            self._frame.say(tr("This entry has no ticket."))

    def aim(self, user_id: str, grant_id: int | None, charge_id: int | None) -> None:
        """Select the entry of a grant or a charge as soon as the user's entries are shown."""
        self._aimed = (user_id, grant_id, charge_id)

    def _hit(self, data: AccountData) -> None:
        user_id, grant_id, charge_id = self._aimed
        if user_id != data.account.user.user_id:
            return
        self._aimed = ("", None, None)
        for place, entry in enumerate(self.model.entries):
            wanted = entry.charge_id if charge_id else entry.grant_id
            if wanted and wanted == (charge_id or grant_id):
                self.table.selectRow(place)
                return

    def grant_of(self, entry: LedgerEntry | None) -> Grant | None:
        """The grant that an entry is about."""
        return self._grants.get(entry.grant_id or 0) if entry else None

    def why_no_refund(self, entry: LedgerEntry | None) -> str:
        """Why a row cannot be refunded; empty if it can."""
        if self._standing is None or self._data is None or entry is None:
            return tr("Choose a charge in the ledger first.")
        if self._data.at is not None:
            return tr("Go back to now to change anything.")
        if entry.refunded:
            return tr("This charge was refunded already.")
        if not states.can_refund(entry):
            return tr("This entry took nothing that could be refunded.")
        return self._standing.why_not(Act.REFUND)

    def why_no_void(self, entry: LedgerEntry | None) -> str:
        """Why the grant of a row cannot be voided; empty if it can."""
        if self._standing is None or self._data is None or entry is None:
            return tr("Choose a grant in the ledger first.")
        if self._data.at is not None:
            return tr("Go back to now to change anything.")
        if not states.can_void(self.grant_of(entry), self._data.now):
            return tr("Nothing of a grant is left here to take back.")
        return self._standing.why_not(Act.VOID)

    def open_filters(self) -> QMenu:
        """The menu of kinds, features and months."""
        menu = self.filter_menu()
        menu.popup(self.filter_button.mapToGlobal(self.filter_button.rect().bottomLeft()))
        return menu

    def filter_menu(self) -> QMenu:
        """What narrows the ledger, as a menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._data is None or self._standing is None:
            return menu
        chosen = self._data.chosen
        kinds = menu.addMenu(tr("Type"))
        for kind in EntryKind:
            toggled = replace(chosen, kinds=chosen.kinds ^ {kind})
            self._offer(kinds, states.KIND_NAMES[kind], toggled, on=kind in chosen.kinds)
        features = menu.addMenu(tr("Feature"))
        for key, name in self._standing.names.items():
            other = replace(chosen, feature="" if chosen.feature == key else key)
            self._offer(features, write.short(name), other, on=chosen.feature == key)
        self._offer_months(menu.addMenu(tr("Month")), chosen)
        menu.addSeparator()
        free = replace(chosen, free=not chosen.free)
        self._offer(menu, tr("Show free actions"), free, on=chosen.free)
        clear = menu.addAction(tr("Clear filters"))
        clear.setEnabled(chosen.active)
        clear.triggered.connect(lambda _checked=False: self.clear_filter())
        return menu

    def clear_filter(self) -> None:
        """Show every entry again."""
        self.filter_wanted.emit(LedgerFilter())

    def _offer_months(self, menu: QMenu, chosen: LedgerFilter) -> None:
        """Every month the ledger spans: the newest at hand, those of earlier years by year."""
        months = self._data.sheet.ledger_months if self._data else ()
        years: dict[int, QMenu] = {}
        for place, month in enumerate(months):
            other = replace(chosen, month=None if chosen.month == month else month)
            words = write.month(month.year, month.month)
            into = menu
            if place >= MONTHS_AT_HAND:
                if month.year not in years:
                    years[month.year] = menu.addMenu(str(month.year))
                into = years[month.year]
            self._offer(into, words, other, on=chosen.month == month)

    def _offer(self, menu: QMenu, words: str, chosen: LedgerFilter, *, on: bool) -> None:
        action = menu.addAction(words.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: self.filter_wanted.emit(chosen))

    def _arrange_head(self) -> None:
        self.head.removeWidget(self.aside)
        self.head.insertWidget(1, self.aside)
        self.head.insertWidget(2, self._words, 1)
        self.head.insertWidget(3, self._clear)
        self.head.addWidget(self.copy_button)
        self.head.addWidget(self.filter_button)
        self.head.setContentsMargins(15, 6, 8, 0)
        for widget in (self._words, self._clear):
            widget.hide()

    def _action(self, words: str, keys: str, signal: object) -> QAction:
        action = QAction(words, self)
        if keys:
            # Only told: the page's registry owns the keys.
            action.setText(f"{words}\t{QKeySequence(keys).toString()}")
        action.triggered.connect(
            lambda _checked=False: signal.emit(self.table.current_row())  # type: ignore[attr-defined]
        )
        return action

    def _actions(self, _rows: list[LedgerEntry]) -> list[QAction]:
        entry = self.table.current_row()
        self._open_action.setEnabled(entry is not None)
        self._refund_action.setEnabled(not self.why_no_refund(entry))
        self._void_action.setEnabled(not self.why_no_void(entry))
        actions = [self._open_action, self._refund_action, self._void_action]
        if entry is not None and entry.ticket:
            self._ticket_action.setText(
                tr("Open ticket {ticket}", ticket=write.text(entry.ticket)).replace("&", "&&")
            )
            actions.append(self._ticket_action)
        return actions

    def _return_to(self, here: LedgerEntry | None, seen: LedgerEntry | None) -> None:
        """Put the keyboard on an entry again, and another on top as it was."""
        places = {entry.position: at for at, entry in enumerate(self.model.entries)}
        if here is not None and here.position in places:
            self.table.setCurrentIndex(self.model.index(places[here.position], 0))
        top = places.get(seen.position, 0) if seen is not None else 0
        self.table.verticalScrollBar().setValue(top)

    def _say_nothing(self, data: AccountData) -> None:
        if data.entries.rows:
            self.table.overlay.ready()
        elif data.chosen.active:
            self.table.overlay.empty(
                tr("No entry passes these filters."), tr("Clear filters"), self.clear_filter
            )
        else:
            self.table.overlay.empty(tr("Nothing was on record by then."))
