"""The requests of an account: what the user asked of support, and what came of it."""

from PySide6.QtCore import Signal

from app.domain.requests import CATEGORIES, Request, State
from app.ui import format as write
from app.ui.columns import Column, instant_column
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.theme import current
from app.ui.users.reading import AccountData
from app.ui.users.side import show_only
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table

_BESIDE = frozenset({"what", "state", "at"})
_AS_TAB = frozenset({"what", "state", "at", "ticket"})
_TONES = {State.OPEN: "warning", State.CLAIMED: "accent", State.DECLINED: "neutral"}


class RequestsCard(Card):
    """Every request of a user, newest first. `opened(id)` when one is opened."""

    opened = Signal(int)

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Requests"), " ", padded=False)
        self.body.setContentsMargins(1, 0, 1, 8)
        self.model = RowsModel(request_columns(frame))
        self.table = Table(self.model, tr("Requests"))
        self.table.opened.connect(lambda request: self.opened.emit(request.id))
        self.table.linked.connect(lambda _key, request: frame.open_ticket(request.ticket))
        self.table.setMinimumHeight(current().px(126))
        self.add(self.table, 1)
        frame.remember_table(self.table, "users/requests")

    def show_narrow(self, *, narrow: bool) -> None:
        """Beside the ledger only what fits; as a tab everything."""
        show_only(self.table, _BESIDE if not narrow else _AS_TAB)

    def show_data(self, data: AccountData) -> None:
        """Show what was asked up to the instant shown."""
        rows = [r for r in data.requests if data.at is None or r.opened_at <= data.at]
        self.model.show_rows(rows)
        still = sum(request.state in {State.OPEN, State.CLAIMED} for request in rows)
        self.aside.setText(
            tr(
                "{still} of {count} to do",
                still=write.credits(still),
                count=write.credits(len(rows)),
            )
        )
        if rows:
            self.table.overlay.ready()
        else:
            self.table.overlay.empty(tr("This user asked for nothing yet."))


def asked_for(request: Request) -> str:
    """What it is about: the category, or the first words where it has none."""
    name = of(CATEGORIES.get(request.category or "", ""))
    return name or write.text(request.message)


def state_words(request: Request) -> str:
    """How far it has come, in one or two words."""
    if request.state is State.CLAIMED and request.approval_id is not None:
        return tr("waits for approval")
    return {
        State.OPEN: tr("open"),
        State.CLAIMED: tr("claimed"),
        State.GRANTED: tr("granted"),
        State.REFUNDED: tr("refunded"),
        State.DECLINED: tr("declined"),
    }[request.state]


def request_columns(frame: Frame) -> tuple[Column[Request], ...]:
    """The columns of the requests."""
    zone = frame.zone

    def tip(request: Request) -> str:
        done = tr("by {staff}", staff=request.resolved_by) if request.resolved_by else ""
        note = request.note
        return "\n".join(line for line in (request.message, done, note) if line)

    return (
        Column("what", tr("About"), asked_for, width=124, tip=tip),
        Column("state", tr("State"), state_words, width=84,
               chip=lambda r: (state_words(r), _TONES.get(r.state, "success"))),
        instant_column("at", tr("Opened"), lambda r: r.opened_at, zone, frame.now, room="day",
                       width=84, ink="text2"),
        Column("ticket", tr("Ticket"), lambda r: write.text(r.ticket), width=92, voice="code",
               link=True),
        Column("by", tr("By"), lambda r: write.text(r.resolved_by or r.claimed_by), width=160,
               ink="text2", shown=False),
    )  # fmt: skip
