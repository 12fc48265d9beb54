"""The right column of an account: grants, referrals, notes."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.grants import Grant, GrantKind
from app.domain.ledger import grant_name
from app.domain.staff import Act
from app.domain.users import Note, User
from app.ui import format as write
from app.ui.columns import Column, instant_column
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.standing import Standing
from app.ui.theme import current
from app.ui.users import account_state as states
from app.ui.users.reading import AccountData
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.paint import draw_row_ground
from app.ui.widgets.table import Table
from app.ui.widgets.table_widths import room_for
from app.ui.widgets.text import Label, plain_tip

Index = QModelIndex | QPersistentModelIndex


_GRANTS_BESIDE = frozenset({"name", "left", "until"})


def show_only(table: Table[Any], keys: frozenset[str] | None) -> None:
    """Show these columns alone, the first taking the room left; None is those shown at first."""
    told = table.blockSignals(True)
    for at, column in enumerate(table.rows.columns):
        shown = column.shown if keys is None else column.key in keys
        table.setColumnHidden(at, not shown)
    table.header_of().shape(0, stretch=keys is not None)
    if keys is None:  # it had what room was left, which may have been next to none
        table.setColumnWidth(0, room_for(table.rows.columns[0]))
    table.blockSignals(told)


class GrantsCard(Card):
    """Every grant with what is left of it. `opened(grant)`, `void_wanted(grant)`."""

    opened = Signal(object)

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Grants"), " ", padded=False)
        self.body.setContentsMargins(1, 0, 1, 8)
        self.model = RowsModel(grant_columns(frame))
        self.table = Table(self.model, tr("Grants"))
        place = [column.key for column in self.model.columns].index("bar")
        self.table.setItemDelegateForColumn(place, _LeftDelegate(self.table))
        self.table.opened.connect(self.opened)
        self.table.linked.connect(lambda _key, held: frame.open_ticket(held.grant.ticket))
        self.table.setMinimumHeight(current().px(190))
        self.add(self.table, 1)
        frame.remember_table(self.table, "users/grants")

    def show_narrow(self, *, narrow: bool) -> None:
        """Beside the ledger only what fits; as a tab everything."""
        show_only(self.table, None if narrow else _GRANTS_BESIDE)

    def show_data(self, data: AccountData) -> None:
        """Show the grants of an account, newest first."""
        grants = data.account.all_grants
        usable = tr(
            "{count} of {count2} usable",
            count=write.credits(len(data.account.grants)),
            count2=write.credits(len(grants)),
        )
        self.aside.setText(usable)
        self.model.show_rows([_Held(grant, data) for grant in grants])


@dataclass(frozen=True)
class _Held:
    """A grant as of the instant shown."""

    grant: Grant
    data: AccountData

    @property
    def usable(self) -> bool:
        return self.grant.expires_at > self.data.account.at and self.grant.remaining > 0


def grant_columns(frame: Frame) -> tuple[Column[_Held], ...]:
    """The columns of the grants."""
    zone = frame.zone

    def ink(held: _Held) -> str:
        return "text" if held.usable else "text2"

    def left(held: _Held) -> str:
        return f"{write.credits(held.grant.remaining)} / {write.credits(held.grant.credits)}"

    def ends(held: _Held) -> str:
        expires = held.grant.expires_at
        tip = write.instant_tip(expires, zone, held.data.now)
        return f"{tip}\n{write.left(expires, held.data.account.at)}"

    return (
        Column("name", tr("Grant"), lambda h: states.short_grant_name(h.grant), width=112, ink=ink,
               tip=lambda h: of(grant_name(h.grant))),
        Column("left", tr("Left"), left, value=lambda h: h.grant.remaining, align="end",
               width=106,
               ink=ink),
        Column("bar", "", lambda h: write.percent(h.grant.remaining / max(1, h.grant.credits)),
               value=lambda h: h.grant.remaining, width=36, sortable=False),
        instant_column("until", tr("Until"), lambda h: h.grant.expires_at, zone, frame.now,
                       room="day", width=108, ink="text2", tip=ends),
        instant_column("from", tr("From"), lambda h: h.grant.effective_at, zone, frame.now,
                       room="day", width=108, ink="text2"),
        Column("why", tr("Why"), lambda h: write.text(h.grant.note or h.grant.reason), width=140,
               ink="text2"),
        Column("ticket", tr("Ticket"), lambda h: write.text(h.grant.ticket), width=96, voice="code",
               link=True),
        Column("staff", tr("By"), lambda h: write.text(states.by_whom(h.grant.staff)), width=160,
               ink="text2"),
    )  # fmt: skip


class _LeftDelegate(QStyledItemDelegate):
    """Draws how much of a grant is left as a small bar."""

    def __init__(self, table: Table[_Held]) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(44, current().row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = index.row() == self._table.hovered
        draw_row_ground(painter, theme, rect, selected=selected, hovered=hovered)
        held = self._table.rows.row(index.row())
        if held is None:
            return
        bar = QRect(rect.left() + 2, rect.center().y() - 2, rect.width() - 8, 5)
        painter.fillRect(bar, theme.colour("border"))
        bar.setWidth(round(bar.width() * held.grant.remaining / max(1, held.grant.credits)))
        painter.fillRect(bar, theme.colour("accent" if held.usable else "text3"))


class ReferralsCard(Card):
    """Whom the user invited, when they registered, and what it paid or why not."""

    opened = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Referrals"), " ", padded=False)
        self.body.setContentsMargins(1, 0, 1, 8)
        self.model = RowsModel(_referral_columns(frame))
        self.table = Table(self.model, tr("Referrals"))
        self.table.opened.connect(lambda row: self.opened.emit(row.friend.user_id))
        self.table.setMinimumHeight(current().px(126))
        self.add(self.table, 1)

    def show_data(self, data: AccountData) -> None:
        """Show the invitations of an account."""
        grants = data.account.all_grants
        paid = {g.friend: g for g in grants if g.kind is GrantKind.REFERRAL_REWARD}
        friends = [f for f in data.sheet.referrals if data.at is None or f.registered_at <= data.at]
        rows = [
            _Invited(friend, *states.referral_outcome(friend, data.user, paid))
            for friend in friends
        ]
        self.model.show_rows(rows[::-1])
        credits = sum(grant.credits for grant in paid.values())
        self.aside.setText(
            tr(
                "{count}, {credits} paid",
                count=trn("{count} registration", "{count} registrations", len(friends)),
                credits=write.credits(credits),
            )
        )
        if rows:
            self.table.overlay.ready()
        else:
            self.table.overlay.empty(tr("Nobody registered with this user’s code."))


@dataclass(frozen=True)
class _Invited:
    friend: User
    outcome: str
    tone: str


def _referral_columns(frame: Frame) -> tuple[Column[_Invited], ...]:
    zone = frame.zone
    return (
        Column("friend", tr("Who"), lambda r: write.text(r.friend.name or r.friend.email),
               width=110,
               stretch=True, tip=lambda r: f"{r.friend.email}\n{r.friend.user_id}"),
        instant_column("at", tr("Registered"), lambda r: r.friend.registered_at, zone, frame.now,
                       room="day", width=108, ink="text2"),
        Column("outcome", tr("Reward"), lambda r: r.outcome, width=104,
               ink=lambda r: "text2" if r.tone == "neutral" else r.tone, tip=lambda r: r.outcome),
    )  # fmt: skip


class NotesCard(Card):
    """What staff wrote down, newest first. `add_wanted` to write another."""

    add_wanted = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Notes"), " ")
        self._frame = frame
        self._lines: list[Label] = []
        self.add_button = Button(tr("Add note…"), self.add_wanted.emit)
        self.none = Label(tr("Nothing was noted about this user."), ink="text2", wrap=True)
        self.add(self.none)
        self.body.addStretch(1)
        self.add(self.add_button)
        self._notes: list[Note] = []
        current().changed.connect(self._show_lines)

    def show_data(self, data: AccountData, standing: Standing) -> None:
        """Show the notes of an account."""
        self._notes = notes = [
            note for note in data.sheet.notes if data.at is None or note.at <= data.at
        ]
        self.aside.setText(write.credits(len(notes)))
        self.none.setVisible(not notes)
        self._show_lines()
        why_not = standing.why_not(Act.NOTE)
        self.add_button.setEnabled(not why_not)
        self.add_button.setToolTip(plain_tip(why_not))

    def _show_lines(self) -> None:
        for label in self._lines:
            self.body.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._lines = []
        for note in self._notes:
            zone, now = self._frame.zone, self._frame.now()
            when = write.seen(note.at, zone, now)
            self._lines.append(Label(write.paragraph(note.text), wrap=True).selectable())
            said = Label(f"{when} · {write.text(note.staff)}", "caption", "text2", wrap=True)
            said.setToolTip(plain_tip(write.instant_tip(note.at, zone, now)))
            self._lines.append(said)
        for at, label in enumerate(self._lines):
            self.body.insertWidget(2 + at, label)
