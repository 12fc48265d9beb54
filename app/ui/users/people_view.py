"""The list of users in its two shapes: rows of two lines beside an account, or a wide table."""

from collections.abc import Callable
from typing import Any, Final, Literal

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from app.domain.users import UserQuery, UserSummary
from app.ui import format as write
from app.ui.background import Failed
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import BLOCK, Fetch, Index, PagedModel
from app.ui.theme import current
from app.ui.tokens import USERS_ROW_HEIGHT
from app.ui.users import people_state as states
from app.ui.users.people_columns import people_columns
from app.ui.users.people_paint import PeopleDelegate
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.table import Table

Shape = Literal["lines", "table"]
PICKED_AT_MOST: Final = 50_000
"""So many users can be handed over one by one; for more there are filters."""
FOLLOWED: Final = 1_000
"""Of so many selected users each is followed when the list is read anew."""
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class PeopleModel(PagedModel[UserSummary]):
    """The users; of two-line rows a screen reader says the whole line."""

    in_lines = False

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.in_lines and role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            user = self.peek(index.row())
            return states.spoken(user) if user is not None else None
        return super().data(index, role)


class PeopleView(Table[UserSummary]):
    """The users. `chosen(UserSummary)` when the keyboard or the mouse comes to one.

    `opened(UserSummary)` on Enter or a double click; `typed_on(text)` when somebody begins to type
    a search here.
    """

    typed_on = Signal(str)

    def __init__(self, frame: Frame, failed: Failed | None = None) -> None:
        columns = people_columns(frame.zone, frame.now)
        self.model_rows = PeopleModel(columns, frame.background, failed)
        self.shape_shown: Shape = "table"
        self.typed = ""
        self._kept: dict[str, Any] = {}
        self._awaited = -1
        self._returning = self._sought = ""
        self._followed: dict[int, str] = {}
        super().__init__(self.model_rows, tr("Users"))
        self.keyboard.let_be()  # the account beside may be of somebody who is not listed
        show_focus(self)
        self._cells = self.itemDelegate()
        self._lines = PeopleDelegate(self)
        self.setMouseTracking(True)
        self.model_rows.dataChanged.connect(self._loaded)
        self.picked.connect(self._follow_picked)

    # Its two shapes

    def show_as(self, shape: Shape) -> None:
        """Show two-line rows, or the table with its columns; the place in the list stays."""
        if shape == self.shape_shown:
            return
        first = self.rowAt(0)
        if shape == "lines":
            self._kept = self.layout_state()
        self.shape_shown = shape
        lines = self.model_rows.in_lines = shape == "lines"
        self.setItemDelegate(self._lines if lines else self._cells)
        self.horizontalHeader().setVisible(not lines)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if lines else policy.ScrollBarAsNeeded
        )
        self._measure()
        if lines:
            for at in range(len(self.rows.columns)):
                self.setColumnHidden(at, at > 0)
            self._header.shape(0, stretch=True)
        else:
            self._header.shape(0, stretch=False)
            super().restore_layout(self._kept)
            self._fit()
        if first >= 0:
            self.scrollTo(self.rows.index(first, 0), self.ScrollHint.PositionAtTop)

    @property
    def in_lines(self) -> bool:
        """Whether it shows two-line rows."""
        return self.shape_shown == "lines"

    def row_height(self) -> int:
        return current().px(USERS_ROW_HEIGHT) if self.in_lines else super().row_height()

    def layout_state(self) -> dict[str, Any]:
        return dict(self._kept) if self.in_lines else super().layout_state()

    def visible_columns(self) -> list[Any]:
        """The columns of the table, whichever shape is shown: what is copied and exported."""
        if not self.in_lines:
            return super().visible_columns()
        columns = {column.key: column for column in self.rows.columns}
        hidden = self._kept.get("hidden", ())
        return [columns[key] for key in self._kept.get("order", ()) if key not in hidden]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.in_lines:
            QTableView.paintEvent(self, event)
        else:
            super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_column(self, at: int, *, shown: bool) -> None:
        super().show_column(at, shown=shown)
        self._fit()

    def _fit(self) -> None:
        if not self.in_lines:
            self.fit_stretch()

    # Who is listed

    def current_user(self) -> UserSummary | None:
        """The user on whose row the keyboard is."""
        return self.current_row()

    def show_people(
        self, query: UserQuery, first: tuple[UserSummary, ...], fetch: Fetch[UserSummary]
    ) -> None:
        """List these from the top; how many follow is told by and by."""
        self.typed = query.text
        self._awaited, self._returning = -1, ""
        self.model_rows.show_source(len(first), fetch, first)
        self.scrollToTop()

    def show_again(
        self, first: tuple[UserSummary, ...], fetch: Fetch[UserSummary], user_id: str
    ) -> None:
        """The same list read anew: the place in it, who is selected and the keyboard stay."""
        self._returning = user_id if self.currentIndex().isValid() else ""
        if len(first) < BLOCK:
            self.model_rows.recount(len(first))
        self.model_rows.refresh(fetch, first)

    def mark(self, user_id: str) -> bool:
        """Put the keyboard on a user without telling so; whether they are among those loaded."""
        self._returning = ""
        if self.is_on(user_id):
            return True
        place = self._place_of(user_id)
        self._go_quietly(place)
        if place >= 0:
            self._bring_into_view()
        return place >= 0

    def go_to(self, user_id: str, place: int) -> None:
        """Put the keyboard on a user who is not loaded yet without telling so, where they stand.

        Once they are read it leaves the row again if somebody else has come to stand there.
        """
        self._go_quietly(place)
        self._awaited, self._sought = -1, user_id
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        """Scroll to who has the keyboard, unless their row is in view already."""
        self.updateGeometries()  # the rows may just have come, and the bar not know of them yet
        here = self.currentIndex()
        if not self.viewport().rect().contains(self.visualRect(here)):
            self.scrollTo(here, self.ScrollHint.PositionAtCenter)

    def is_on(self, user_id: str) -> bool:
        """Whether the keyboard is on this user."""
        user = self.model_rows.peek(self.currentIndex().row())
        return user is not None and user.user_id == user_id

    def take_found(self, *, pending: bool) -> None:
        """Choose whoever is found first, when the account open beside is not of this search."""
        if self.typed and not pending and not self.currentIndex().isValid():
            self.choose(0)

    def choose(self, number: int) -> None:
        """Put the keyboard on a row."""
        self.selectRow(number)

    def pick_current(self) -> None:
        """Select one again: the user on whose row the keyboard is."""
        self.everything = False
        self.selectRow(max(0, self.currentIndex().row()))
        self.viewport().update()
        self.picked.emit()

    def open_current(self) -> None:
        """Open the account of the user on whose row the keyboard is."""
        user = self.current_user()
        if user is not None:
            self.opened.emit(user)

    def gather_selected(self, done: Callable[[list[UserSummary]], None]) -> None:
        """Hand over those selected, read first where they are not loaded."""
        if self.selected_count > PICKED_AT_MOST:
            most = write.credits(PICKED_AT_MOST)
            self.told.emit(
                tr(
                    "More than {most} are selected: take all with Ctrl+A, or use filters.",
                    most=most,
                )
            )
            return
        numbers = [number for part in self.selected_ranges() for number in part]
        self.model_rows.gather(numbers, done, list)

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        loaded = self.model_rows.peek(current_index.row()) if current_index.isValid() else None
        self._awaited = -1 if loaded or not current_index.isValid() else current_index.row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        mine = event.modifiers() in _PLAIN and text.isprintable() and text.strip()
        if mine and text not in {"j", "k"}:
            self.typed_on.emit("" if text == "/" else text)
        else:
            super().keyPressEvent(event)

    # Inside

    def _place_of(self, user_id: str) -> int:
        return next(
            (at for at, user in self.model_rows.loaded().items() if user.user_id == user_id), -1
        )

    def _go_quietly(self, number: int) -> None:
        self._quietly(
            lambda: self.selectRow(number) if number >= 0 else self.setCurrentIndex(QModelIndex())
        )

    def _quietly(self, act: Callable[[], object]) -> None:
        """Move the keyboard or the selection without telling that somebody was chosen."""
        told = self.blockSignals(True)
        act()
        self.blockSignals(told)
        self.picked.emit()

    def _follow_picked(self) -> None:
        few = not self.everything and 1 < self.selected_count <= FOLLOWED
        numbers = self.selected_numbers() if few else ()
        self._followed = {
            number: user.user_id for number in numbers if (user := self.model_rows.peek(number))
        }

    def _loaded(self, first: QModelIndex, last: QModelIndex) -> None:
        here = range(first.row(), last.row() + 1)
        self._follow_moved(here)
        number = self.currentIndex().row()
        if self._returning and number in here and self.model_rows.is_fresh(number):
            returning, self._returning = self._returning, ""
            place = number if self.is_on(returning) else self._place_of(returning)
            if place >= 0 and place != number and len(self._followed) < 2:
                self._go_quietly(place)
        if self._sought and number in here:
            sought, self._sought = self._sought, ""
            self.mark(sought)
        if self._awaited in here:
            number, self._awaited = self._awaited, -1
            user = self.model_rows.peek(number)
            if user is not None and self.currentIndex().row() == number:
                self.chosen.emit(user)

    def _follow_moved(self, here: range) -> None:
        """Of several selected, those who stand elsewhere now are selected there."""
        gone = [
            (number, user_id)
            for number, user_id in self._followed.items()
            if number in here
            and (user := self.model_rows.peek(number)) is not None
            and user.user_id != user_id
        ]
        if not gone:
            return
        flag = QItemSelectionModel.SelectionFlag
        places = [self._place_of(user_id) for _number, user_id in gone]

        def move() -> None:
            for number, _user_id in gone:
                self._select(number, flag.Deselect)
            for place in places:
                if place >= 0:
                    self._select(place, flag.Select)

        self._quietly(move)

    def _select(self, number: int, how: QItemSelectionModel.SelectionFlag) -> None:
        rows = QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(self.rows.index(number, 0), how | rows)
