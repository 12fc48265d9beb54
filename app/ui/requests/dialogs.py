"""The dialogs of the page: open a request by hand, match it to a user, reopen it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.request_values import MOST_MESSAGE, MOST_SENDER, MOST_TICKET
from app.domain.requests import Request
from app.domain.users import UserQuery, UserSummary
from app.ui import format as write
from app.ui import request_words as words
from app.ui.act_dialog import ActDialog, Choice
from app.ui.background import Latest
from app.ui.columns import Column, credits_column
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.requests.reading import Case
from app.ui.rows_model import RowsModel
from app.ui.theme import current, dress
from app.ui.widgets.fields import AmountField, Labelled, NoteField
from app.ui.widgets.search import SearchBox
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

FOUND = 50
_ROWS = 7
_MOVED = frozenset({"requests", "activity"})
_USERS: tuple[Column[UserSummary], ...] = (
    Column("name", tr("Name"), lambda user: write.text(user.name), width=150),
    Column("email", tr("Address"), lambda user: write.text(user.email), stretch=True),
    Column("code", tr("Code"), lambda user: write.text(user.referral_code), width=90, voice="code"),
    credits_column("available", tr("Available"), lambda user: user.available, width=90),
)


class UserFinder(QWidget):
    """A field to search users by, and who is found. Enter in the field takes the one marked."""

    def __init__(self, frame: Frame, height: int = _ROWS) -> None:
        super().__init__()
        self._frame = frame
        self._question = Latest(frame.background, owner=self)
        self.search = SearchBox(tr("Name, address, id or referral code"), tr("Search users"))
        self._rows = RowsModel(_USERS)
        self.table = Table(self._rows, tr("Users found"))
        self.table.setFixedHeight(current().row_height * height + current().px(32))
        self.search.drive(self.table)
        self.search.searched.connect(self.look_for)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table)
        self.table.overlay.empty(tr("Type who it is."))

    @property
    def chosen(self) -> UserSummary | None:
        """The user that is marked."""
        return self.table.current_row()

    def look_for(self, text: str) -> None:
        """Look for users."""
        if not text.strip():
            self._rows.show_rows(())
            self.table.overlay.empty(tr("Type who it is."))
            return
        accounts = self._frame.desk.accounts
        query = UserQuery(text=text)

        def read(stop: Event) -> list[UserSummary]:
            found: list[UserSummary] = accounts.page(query, 0, FOUND, stop=stop)
            return found

        self.table.overlay.loading()
        self._question.ask(read, self._found)

    def _found(self, users: list[UserSummary]) -> None:
        self._rows.show_rows(users)
        if users:
            self.table.overlay.ready()
            self.table.selectRow(0)
        else:
            self.table.overlay.empty(tr("Nobody on record matches this."))


class MatchDialog(ActDialog):
    """Says whose request it is, where the sender matched nobody or the wrong user."""

    changes: ClassVar[frozenset[str]] = _MOVED

    def __init__(
        self, parent: QWidget, frame: Frame, request: Request, done: Callable[[Request], None]
    ) -> None:
        super().__init__(parent, frame, tr("Whose request is it?"), tr("Match"), width=620)
        self._request, self._done = request, done
        sender = tr(
            "It came from {sender}, ticket {ticket}.",
            sender=write.name(request.sender),
            ticket=write.text(request.ticket),
        )
        self.body.addWidget(Label(sender, ink="text2", wrap=True))
        self.finder = UserFinder(frame)
        self.body.addWidget(self.finder)
        self.finder.table.chosen.connect(lambda _user: self._look())
        self.finder.table.rows.modelReset.connect(self._look)
        self.finder.table.opened.connect(lambda _user: self.try_submit())
        self.finder.search.entered.connect(self.try_submit)
        self._look()
        self.finder.search.setText(first_guess(request))
        self.finder.search.setFocus()
        self.finder.search.selectAll()

    def submit(self) -> None:
        user, request_id = self.finder.chosen, self._request.id
        if user is None:
            self.refuse(tr("Choose a user."))
            return
        self.write(lambda desk: desk.requests.match(request_id, user.user_id), self._done)

    def _look(self) -> None:
        user = self.finder.chosen
        name = write.text(user.name or user.email) if user is not None else ""
        self.set_act(
            tr("Match to {name}", name=name) if name else tr("Match"), allowed=user is not None
        )


def first_guess(request: Request) -> str:
    """What to search first: the part of an address before the @, or what the sender wrote."""
    sender = write.text(request.sender) if request.sender.strip() else ""
    return sender.rsplit("<", 1)[-1].split("@", 1)[0].strip(" <>")


class OpenDialog(ActDialog):
    """Opens a request by hand: who, about what, the ticket, their words, what they ask for."""

    changes: ClassVar[frozenset[str]] = _MOVED

    def __init__(
        self, parent: QWidget, frame: Frame, case: Case | None, done: Callable[[Request], None]
    ) -> None:
        super().__init__(parent, frame, tr("Open a request"), tr("Open request"), width=620)
        self._done = done
        self.user = QLineEdit()
        self.ticket = QLineEdit()
        self.category = Choice(
            tr("Category"),
            [("", tr("Leave open: the diagnosis says the likeliest")), *words.categories().items()],
        )
        self.category.setCurrentIndex(0)
        self.message = NoteField(
            tr("Message"), tr("What the user wrote"), lines=6, most=MOST_MESSAGE
        )
        self.credits = AmountField(1, 1_000_000)
        self.credits.setPlaceholderText(tr("none"))
        self._known = Label("", "caption", "text2", wrap=True)
        self._question = Latest(frame.background, owner=self)
        self._build()
        self._listen()
        self._look()
        self.user.setFocus()

    def submit(self) -> None:
        key, user, ticket = self.key, self.user.text(), self.ticket.text()
        message, category = self.message.text, self.category.key or None
        credits = self.credits.amount

        def open_it(desk: Any) -> Request:
            opened: Request = desk.requests.open(
                user=user,
                ticket=ticket,
                message=message,
                category=category,
                credits=credits,
                key=key,
            )
            return opened

        self.write(open_it, self._done)

    def _look(self) -> None:
        wrong = self.credits.problem if self.credits.text().strip() else ""
        missing = wrong
        for value, sentence in (
            (self.message.text, tr("What did they write?")),
            (self.ticket.text().strip(), tr("Name the ticket.")),
            (self.user.text().strip(), tr("Who asks? An id, a mail address or a referral code.")),
        ):
            missing = missing if value else sentence
        self.foot_note.setText(missing)
        self.set_act(tr("Open request"), allowed=not missing)

    def _look_for_user(self, text: str) -> None:
        self._look()
        self._known.setText("")
        if not text.strip():
            self._question.cancel()
            return
        accounts = self.frame.desk.accounts
        self._question.ask(lambda stop: accounts.find(text.strip(), limit=2, stop=stop), self._says)

    def _says(self, found: list[UserSummary]) -> None:
        if len(found) == 1:
            said = tr(
                "{name}, {email}", name=write.text(found[0].name), email=write.text(found[0].email)
            )
        elif found:
            said = tr("More than one user has this in their name, address or code.")
        else:
            said = tr("Nobody on record: it will wait among the unmatched.")
        self._known.setText(said)

    def _build(self) -> None:
        for field, name, most, hint in (
            (self.user, tr("User"), MOST_SENDER, tr("Id, mail address or referral code")),
            (self.ticket, tr("Ticket"), MOST_TICKET, "ZD-12345"),
        ):
            field.setAccessibleName(name)
            field.setMaxLength(most)
            field.setPlaceholderText(hint)
            dress(field, "body")
        pair = QHBoxLayout()
        pair.setSpacing(12)
        pair.addWidget(Labelled(tr("User"), self.user), 2)
        pair.addWidget(Labelled(tr("Ticket"), self.ticket), 1)
        other = QHBoxLayout()
        other.setSpacing(12)
        other.addWidget(Labelled(tr("Category"), self.category), 2)
        other.addWidget(Labelled(tr("Credits they ask for"), self.credits), 1)
        self.body.addLayout(pair)
        self.body.addWidget(self._known)
        self.body.addWidget(Labelled(tr("Message"), self.message))
        self.body.addLayout(other)

    def _listen(self) -> None:
        self.user.textChanged.connect(self._look_for_user)
        self.ticket.textChanged.connect(self._look)
        self.message.textChanged.connect(self._look)
        self.credits.changed.connect(self._look)


class ReopenDialog(ActDialog):
    """Opens a new request linked to one that has its answer."""

    changes: ClassVar[frozenset[str]] = _MOVED

    def __init__(
        self, parent: QWidget, frame: Frame, request: Request, done: Callable[[Request], None]
    ) -> None:
        super().__init__(parent, frame, tr("Reopen this request?"), tr("Reopen"), width=520)
        self._request, self._done = request, done
        said = tr(
            "Request {id} of {who} keeps its answer; a new request linked to it is "
            "opened for the same user and ticket.",
            id=request.id,
            who=write.name(words.who(request)),
        )
        self.body.addWidget(Label(said, ink="text2", wrap=True))
        self.message = NoteField(
            tr("Message"), tr("What they write now (empty: as before)"), lines=5, most=MOST_MESSAGE
        )
        self.body.addWidget(Labelled(tr("Message"), self.message))
        self.message.setFocus()

    def submit(self) -> None:
        message, request_id = self.message.text, self._request.id
        self.write(lambda desk: desk.requests.reopen(request_id, message), self._done)
