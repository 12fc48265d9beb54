"""The head of an account: who it is, as of when, and what can be done."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.staff import Act
from app.ui import format as write
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.standing import Standing
from app.ui.users import account_state as states
from app.ui.users.reading import AccountData
from app.ui.widgets.as_of import AsOfField
from app.ui.widgets.button import Button, CutButton, IconButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import Badge, Copyable, ElidedLabel, Label, plain_tip

_LEAST_PLAN = 60
BACK_FIRST: Final = tr("Go back to now to change anything.")


@dataclass(frozen=True)
class HeadAct:
    """Something the head offers: a signal's name, words, keys, and the act it needs."""

    name: str
    words: str
    act: Act
    keys: str = ""


MORE: Final = (
    HeadAct("plan", tr("Change plan…"), Act.CHANGE_PLAN),
    HeadAct("contact", tr("Correct contact data…"), Act.CORRECT, "F2"),
    HeadAct("note", tr("Add note…"), Act.NOTE),
    HeadAct("register", tr("Register user…"), Act.REGISTER),
)


class AccountHead(QWidget):
    """Who it is. `act_wanted(name)` for what is to be done, `instant_wanted(datetime | None)`."""

    act_wanted = Signal(str)
    instant_wanted = Signal(object)
    user_wanted = Signal(str)
    copied = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._data: AccountData | None = None
        self._standing: Standing | None = None
        self.name = ElidedLabel("", "title")
        self.plan = Badge("", "accent")
        self.mail = Copyable(voice="body", what=tr("Copy address"))
        self.user_id = Copyable(what=tr("Copy id"))
        self.code = Copyable(what=tr("Copy referral code"))
        self._as_of_word = Label(tr("As of"), "caption", "text2")
        self._code_word = Label("ref", "caption", "text3")
        self.since = Label("", "caption", "text2")
        self.inviter = CutButton("", self._open_inviter)
        self.inviter.hide()
        self.instant = AsOfField(frame.zone, frame.now, tr("As of"))
        self.refused = Label("", "caption", "danger", wrap=True)
        self.refused.hide()
        self.now_button = Button(tr("Now"), self.go_to_now)
        self.now_button.hide()
        self.more_button = IconButton("dots", tr("More to do"), self.open_more)
        self.statement_button = Button(
            tr("Statement…"), lambda: self.act_wanted.emit("statement"), shortcut="Ctrl+P"
        )
        self.issue_button = Button(
            tr("Issue credits…"), lambda: self.act_wanted.emit("issue"), kind="primary"
        )
        self.instant.chosen.connect(self.instant_wanted)
        self.instant.refused.connect(self._refuse)
        for copyable in (self.mail, self.user_id, self.code):
            copyable.copied.connect(self.copied)
        self._build()

    def show_data(self, data: AccountData, standing: Standing) -> None:
        """Show whose account it is."""
        self._data, self._standing = data, standing
        user = data.user
        self.name.setText(user.name if user.name.strip() else user.email)
        self.plan.show_as(states.plan_words(data, self._frame.zone), self._plan_tone(data))
        self.mail.set_text(user.email)
        self.user_id.set_text(user.user_id)
        self.code.set_text(user.referral_code or "")
        for widget in (self.code, self._code_word):
            widget.setVisible(bool(user.referral_code))
        registered = write.day(user.registered_at, self._frame.zone)
        self.since.setText(tr("registered {day}", day=registered))
        self.since.setToolTip(
            plain_tip(write.instant_tip(user.registered_at, self._frame.zone, data.now))
        )
        self._show_inviter(data)
        self._show_instant(data)
        why_not = self.why_not(Act.GRANT)
        self.issue_button.setEnabled(not why_not)
        self.issue_button.setToolTip(plain_tip(why_not or "Ctrl+G"))

    def why_not(self, act: Act) -> str:
        """Why something cannot be done here; empty if it can."""
        if self._data is None or self._standing is None:
            return tr("Choose a user first.")
        if self._data.at is not None and act is not Act.REGISTER:
            return BACK_FIRST
        return self._standing.why_not(act)

    def more_menu(self) -> QMenu:
        """What else can be done, with the reason where it cannot."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        if self.statement_button.isHidden():
            statement = menu.addAction("Statement…\tCtrl+P")
            statement.triggered.connect(lambda _checked=False: self.act_wanted.emit("statement"))
        for offered in MORE:
            keys = f"\t{offered.keys}" if offered.keys else ""
            action = menu.addAction(f"{offered.words}{keys}")
            why_not = self.why_not(offered.act)
            action.setEnabled(not why_not)
            action.setToolTip(plain_tip(why_not))
            action.triggered.connect(
                lambda _checked=False, name=offered.name: self.act_wanted.emit(name)
            )
        menu.addSeparator()
        done = menu.addAction(tr("What staff did here"))
        done.setEnabled(self._data is not None)
        done.triggered.connect(lambda _checked=False: self.show_activity())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def show_activity(self) -> None:
        """Show every act of staff on this user."""
        if self._data is not None:
            place = {"subject": ("user", self._data.user.user_id)}
            self._frame.open_page("activity", place)

    def show_narrow(self, *, narrow: bool) -> None:
        """Where room is scarce the statement moves into the menu."""
        self.statement_button.setHidden(narrow)
        self._as_of_word.setHidden(narrow)
        self.instant.edit.setPlaceholderText(tr("as of now") if narrow else tr("now"))

    def show_tight(self, *, tight: bool) -> None:
        """Where room is scarcer still the field of the instant stands under who it is."""
        directions = QBoxLayout.Direction
        self._second.setDirection(directions.TopToBottom if tight else directions.LeftToRight)
        leading = Qt.AlignmentFlag.AlignLeading
        self._second.setAlignment(self.instant, leading if tight else Qt.AlignmentFlag(0))

    def open_more(self) -> QMenu:
        """Open that menu under its button."""
        menu = self.more_menu()
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
        return menu

    def go_to_now(self) -> None:
        """Show the account as it is now."""
        self.instant.restore()
        self.instant_wanted.emit(None)

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.name)
        first.addWidget(self.plan)
        first.addStretch(1)
        self.plan.setMinimumWidth(_LEAST_PLAN)
        first.addWidget(self.more_button)
        first.addWidget(self.statement_button)
        first.addWidget(self.issue_button)
        facts = QWidget()
        line = FlowLayout(facts, gap=8)
        for widget in (
            self.mail, self.user_id, self._code_word, self.code, self.since, self.inviter,
        ):  # fmt: skip
            line.addWidget(widget)
        for label in (self._code_word, self.since):
            label.setMinimumHeight(self.mail.sizeHint().height())
            label.setContentsMargins(4, 0, 0, 0)
        self._second = second = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        second.setSpacing(8)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(facts)
        middle.addStretch(1)
        second.addLayout(middle, 1)
        second.addWidget(self._as_of_word)
        second.addWidget(self.instant)
        second.addWidget(self.now_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.refused)

    def _plan_tone(self, data: AccountData) -> str:
        return "neutral" if data.account.plan == "free" else "accent"

    def _show_inviter(self, data: AccountData) -> None:
        user = data.user
        self.inviter.setVisible(bool(user.referred_by))
        if user.referrer_id:
            who = write.name(user.referrer_id)
            self.inviter.setText(tr("invited by {referrer_id}", referrer_id=who))
            self.inviter.setEnabled(True)
            self.inviter.setToolTip(plain_tip(tr("Open who invited them")))
        elif user.referred_by:
            code = write.name(user.referred_by)
            self.inviter.setText(tr("code {code} did not count", code=code))
            self.inviter.setEnabled(False)
            self.inviter.setToolTip(plain_tip(of(user.referral_refused)))

    def _open_inviter(self) -> None:
        if self._data is not None and self._data.user.referrer_id:
            self.user_wanted.emit(self._data.user.referrer_id)

    def _show_instant(self, data: AccountData) -> None:
        self.instant.set_instant(data.at)
        self.now_button.setVisible(data.at is not None)

    def _refuse(self, sentence: str) -> None:
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))
