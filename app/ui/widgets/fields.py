"""Fields to fill in: search, an amount of credits, an instant, a note."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import format as write
from app.ui.language import tr
from app.ui.locale import instant_format
from app.ui.theme import dress, set_mark
from app.ui.widgets.search import SearchBox
from app.ui.widgets.text import Label, plain_tip

__all__ = [
    "AmountField",
    "InstantField",
    "Labelled",
    "NoteField",
    "SearchBox",
    "mark_wrong",
    "with_button",
]

_TURNED: Final = tr(
    "It holds invisible characters that turn the letters around them; elsewhere they are left out."
)
# Plain digits, or groups of three: 1.5 is no amount, 1.500 and 1,500 are one thousand five hundred.
_WHOLE: Final = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}([ ,.'’\u00a0\u202f][0-9]{3})+)")

_LONGEST: Final = 200


def mark_wrong(field: QWidget, sentence: str = "") -> None:
    """Show that a field holds something refused, and why; or with no sentence, that it is fine."""
    set_mark(field, "wrong", "true" if sentence else "false")
    field.setToolTip(plain_tip(sentence))
    field.setAccessibleDescription(sentence)


class AmountField(QLineEdit):
    """A whole number of credits. Takes digits and grouping as people type them.

    `amount` is None while the field holds no whole number in the range; `problem` then says why.
    """

    changed = Signal()

    def __init__(self, least: int = 1, most: int = 1_000_000, name: str = tr("Credits")) -> None:
        super().__init__()
        self._least, self._most = least, most
        self._name = name
        self.setAccessibleName(name)
        # Longer than any amount: what is pasted with blanks before it would be cut to another one.
        self.setMaxLength(_LONGEST)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        dress(self, "amount")
        self.textChanged.connect(self.changed)
        self.editingFinished.connect(self._tidy)

    @property
    def amount(self) -> int | None:
        """The number, if it is one and within the range."""
        number = self._number()
        return number if number is not None and self._least <= number <= self._most else None

    @property
    def problem(self) -> str:
        """Why there is no amount, in a sentence that names the value; empty if there is one."""
        typed = self.text().strip()
        if self.amount is not None:
            return ""
        if not typed:
            return tr(
                "{name} are needed: a whole number from {range}.",
                name=self._name,
                range=self._range(),
            )
        return tr("“{typed}” is not a whole number from {range}.", typed=typed, range=self._range())

    def set_amount(self, amount: int | None) -> None:
        """Put a number in."""
        self.setText("" if amount is None else write.credits(amount))

    def set_range(self, least: int, most: int) -> None:
        """Change what is allowed."""
        self._least, self._most = least, most
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _number(self) -> int | None:
        typed = write.text(self.text()).replace(write.MINUS, "-")
        if not _WHOLE.fullmatch(typed):
            return None
        return int("".join(letter for letter in typed if letter in "-0123456789"))

    def _range(self) -> str:
        return tr(
            "{least} to {most}", least=write.credits(self._least), most=write.credits(self._most)
        )

    def _step(self, by: int) -> None:
        number = (self._number() or 0) + by
        self.set_amount(max(self._least, min(self._most, number)))

    def _tidy(self) -> None:
        if self.amount is not None:
            self.set_amount(self.amount)


class NoteField(QPlainTextEdit):
    """A few lines of text. Tab leaves the field instead of being typed."""

    def __init__(self, name: str, placeholder: str = "", lines: int = 3, most: int = 2_000) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self._most = most
        dress(self, "body")
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What was written, without blanks around it, cut at the length allowed."""
        return self.toPlainText().strip()[: self._most]


class InstantField(QDateTimeEdit):
    """A date and time read in the billing zone; `instant` is the same as an aware UTC datetime."""

    chosen = Signal()

    def __init__(self, zone: tzinfo, name: str) -> None:
        super().__init__()
        self._zone = zone
        self.setAccessibleName(name)
        self.setDisplayFormat(instant_format())
        self.setCalendarPopup(True)
        self.setToolTip(plain_tip(tr("{name}, in {zone}", name=name, zone=write.zone_name(zone))))
        dress(self, "body")
        self.dateTimeChanged.connect(self.chosen)

    @property
    def instant(self) -> datetime:
        """The instant in UTC; a local time that exists twice, or not, takes the offset before."""
        moment = self.dateTime()
        day, time = moment.date(), moment.time()
        local = datetime(
            day.year(),
            day.month(),
            day.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.msec() * 1000,
            tzinfo=self._zone,
        )
        return local.astimezone(UTC)

    def set_instant(self, at: datetime) -> None:
        """Show this instant."""
        local = at.astimezone(self._zone)
        time = QTime(local.hour, local.minute, local.second, local.microsecond // 1000)
        self.setDateTime(QDateTime(QDate(local.year, local.month, local.day), time))


def with_button(field: QWidget, button: QWidget) -> QWidget:
    """A field with a button beside it, as one."""
    holder = QWidget()
    holder.setFocusProxy(field)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(field, 1)
    row.addWidget(button)
    return holder


class Labelled(QWidget):
    """A field under its name, with room for a sentence when what it holds is refused.

    A field shows what it holds as it is, marks that turn the letters included: it has its line to
    itself, so they turn nothing else, and without them a save would change what nobody touched.
    That they are there is said under it, as they cannot be seen and are left out everywhere else.
    """

    def __init__(self, name: str, field: QWidget, hint: str = "") -> None:
        super().__init__()
        self.field = field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = Label(name, "header", "text2")
        title.setBuddy(field)
        column.addWidget(title)
        column.addWidget(field)
        self._hint = hint
        self._note = Label(hint, "caption", "text2", wrap=True)
        self._note.setVisible(bool(hint))
        column.addWidget(self._note)
        self._turned = Label(_TURNED, "caption", "warning", wrap=True)
        self._turned.hide()
        column.addWidget(self._turned)
        self._watch(field.focusProxy() or field)

    def _watch(self, field: QWidget) -> None:
        if isinstance(field, QLineEdit):
            field.textChanged.connect(self._look_at)
            self._look_at(field.text())
        elif isinstance(field, QPlainTextEdit):
            field.textChanged.connect(lambda: self._look_at(field.toPlainText()))
            self._look_at(field.toPlainText())

    def _look_at(self, text: str) -> None:
        self._turned.setVisible(write.turns(text))

    def remark(self, hint: str) -> None:
        """Say something else under the field, which holds nothing refused."""
        self._hint = hint
        self.refuse("")

    @property
    def said(self) -> str:
        """What stands under the field."""
        return self._note.text()

    def refuse(self, sentence: str) -> None:
        """Say why; or with an empty sentence, that it is fine again."""
        mark_wrong(self.field, sentence)
        self._note.setText(sentence or self._hint)
        self._note.set_ink("danger" if sentence else "text2")
        self._note.setVisible(bool(sentence or self._hint))
