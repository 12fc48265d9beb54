"""The texts of replies, edited by leads: each with its placeholders, a preview and its history."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain import replies as rules
from app.domain.errors import InvalidValue
from app.domain.replies import Template
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.background import Latest
from app.ui.columns import Column
from app.ui.errors import trouble_of
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label, plain_tip

_SIZE = (980, 600)
_LIST = 290
_TITLES = {
    "letter": tr("The whole letter"),
    "see": tr("Where the page says so"),
    "answer_grant": tr("Answer: credits granted"),
    "answer_refund": tr("Answer: charge refunded"),
    "answer_decline": tr("Answer: nothing given"),
    "answer_wait": tr("Answer: a colleague decides"),
    "failed_not_refunded": tr("Failed, not refunded"),
    "failed_refunded": tr("Failed, refunded"),
    "outcome_unknown": tr("Outcome unknown"),
    "job_succeeded": tr("Job succeeded"),
    "job_refunded": tr("Job refunded"),
    "same_job_twice": tr("Same job twice"),
    "charged_within_minute": tr("Charged within a minute"),
    "separate_jobs": tr("Separate jobs"),
    "double_refunded": tr("Double charge refunded"),
    "price_changed": tr("Price changed"),
    "price_differs": tr("Price differs"),
    "price_as_listed": tr("Price as listed"),
    "batch_charge": tr("Batch charge"),
    "referral_paid": tr("Referral paid"),
    "friend_without_code": tr("Friend without code"),
    "friend_other_code": tr("Friend with another code"),
    "friend_registered_before": tr("Friend registered before"),
    "referral_refused": tr("Referral refused"),
    "referral_self": tr("Own referral code used"),
    "friend_not_registered": tr("Friend not registered"),
    "nobody_registered": tr("Nobody registered"),
    "no_referral_code": tr("No referral code"),
    "reward_is_the_inviters": tr("Reward is the inviter's"),
    "upgrade_difference": tr("Upgrade: the difference"),
    "upgrade_in_full": tr("Upgrade: in full"),
    "upgrade_added_nothing": tr("Upgrade: nothing added"),
    "plan_lowered": tr("Plan lowered"),
    "plan_not_on_record": tr("Plan not on record"),
    "month_released": tr("Month released"),
    "no_allowance": tr("No allowance"),
    "allowance_expired": tr("Allowance expired"),
    "grant_expired": tr("Grant expired"),
    "signup_expired": tr("Sign-up bonus expired"),
    "grant_voided": tr("Grant voided"),
    "recorded_late": tr("Recorded late"),
    "signup_given": tr("Sign-up bonus given"),
    "out_of_credits": tr("Out of credits"),
    "what_used_credits": tr("What used the credits"),
    "credits_left": tr("Credits left"),
    "given_for_ticket": tr("Given for this ticket"),
    "approval_waiting": tr("Approval waiting"),
    "given_lately": tr("Given lately"),
    "nothing_wrong": tr("Nothing wrong"),
    "sender_unknown": tr("Sender unknown"),
}
"""What each template is called, by its code."""
_COLUMNS: tuple[Column[Template], ...] = (
    Column("title", tr("Reply"), lambda one: title_of(one.code), width=150, stretch=True,
           voice="name", tip=lambda one: title_of(one.code)),
    Column("version", tr("Edited"), lambda one: f"{one.version}×" if one.version else write.EMPTY,
           value=lambda one: one.version, align="end", width=64, ink="text2"),
)  # fmt: skip


def title_of(code: str) -> str:
    """What a template is called."""
    return _TITLES.get(code, code)


def preview(code: str, text: str) -> str:
    """The text with every placeholder replaced by what it stands for."""
    values = {name: f"‹{of(meaning)}›" for name, meaning in rules.placeholders(code).items()}
    return rules.fill(text, values)


def refusal(code: str, text: str, section: str) -> str:
    """Why a text cannot be kept, in a sentence that names what is wrong; empty if it can."""
    try:
        rules.checked(code, text, section)
    except InvalidValue as error:
        return error.sentence
    return ""


class TemplatesDialog(Dialog):
    """Chooses a template, edits it and saves it; whoever saved meanwhile is named."""

    def __init__(self, parent: QWidget, frame: Frame, why_not: str) -> None:
        super().__init__(parent, tr("Replies to users"), tr("Save"), width=_SIZE[0])
        self._frame = frame
        self._why_not = why_not
        self._question = Latest(frame.background, owner=self)
        self._past = Latest(frame.background, owner=self)
        self._template: Template | None = None
        self._history: tuple[Template, ...] = ()
        self._rows = RowsModel(_COLUMNS)
        self.table = Table(self._rows, tr("Replies"))
        self.text = QPlainTextEdit()
        self.section = Choice(tr("Section of the page"), [("", tr("None")), *_sections()])
        self.version = Choice(tr("Version"), ())
        self.insert_button = Button(tr("Insert a figure…"), self.open_figures)
        self.reset_button = Button(tr("As it came"), self.reset, kind="link")
        self.preview = QPlainTextEdit()
        self._showing = False
        self._build()
        self._listen()
        self.resize(*_SIZE)
        self.cancel_button.setText(tr("Close"))
        self.table.setFocus()
        self._look()
        self.reload()

    def reload(self, code: str = "") -> None:
        """Ask for the texts as they count now."""
        self.table.overlay.loading()
        desk = self._frame.desk

        def read(stop: Event) -> list[Template]:
            found: list[Template] = desk.replies.templates(stop=stop)
            return found

        self._question.ask(read, lambda found: self._came(found, code), self._failed)

    def submit(self) -> None:
        template = self._template
        if template is None:
            self.refuse(tr("Choose a reply."))
            return
        text, section, based_on = self.text.toPlainText(), self.section.key, template.version

        def save(desk: Any) -> Template:
            saved: Template = desk.replies.save(
                template.code, text, section=section, based_on=based_on
            )
            return saved

        self._write(save)

    def reset(self) -> None:
        """Let the template have the text that the program came with."""
        template = self._template
        if template is None or self.busy:
            return

        def put_back(desk: Any) -> Template:
            saved: Template = desk.replies.reset(template.code)
            return saved

        self._write(put_back)

    def choose(self, code: str) -> None:
        """Edit the template of a code."""
        codes = [template.code for template in self._rows.rows]
        self.table.selectRow(codes.index(code))

    def open_figures(self) -> QMenu:
        """What the template may name, to put in at the cursor."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        code = self._template.code if self._template is not None else "letter"
        for name, meaning in rules.placeholders(code).items():
            action = menu.addAction(f"{{{name}}}  {of(meaning)}".replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, name=name: self.text.insertPlainText(f"{{{name}}}")
            )
        menu.popup(self.insert_button.mapToGlobal(self.insert_button.rect().bottomLeft()))
        return menu

    # Inside

    def _write(self, work: Any) -> None:
        desk = self._frame.desk
        self._frame.background.write(lambda _stop: work(desk), self._saved, self._refused)

    def _saved(self, template: Template) -> None:
        self.refuse("")
        self._frame.tell({"replies", "activity"})
        self._frame.say(
            tr("Saved the reply “{title}”.", title=title_of(template.code)), tone="success"
        )
        self.reload(template.code)

    def _refused(self, error: Exception) -> None:
        problem = trouble_of(error, tr("Saving the reply"))
        self.refuse(problem.sentence)
        if problem.blame == "us":
            self._frame.trouble(error, tr("Saving the reply"))

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, tr("Reading the replies"))
        self.table.overlay.failed(problem.sentence, retry=self.reload, details=problem.details)

    def _came(self, templates: Sequence[Template], code: str) -> None:
        wanted = code or (self._template.code if self._template else templates[0].code)
        self._rows.show_rows(templates)
        self.table.overlay.ready()
        self._template = None
        self.choose(wanted)

    def _chosen(self, template: Template) -> None:
        self.refuse("")
        self._template = template
        self._put_in(template)
        self._history = ()
        self.version.clear()
        self.version.addItem(_version_words(template, self._frame), "0")
        desk = self._frame.desk
        self._past.ask(
            lambda stop: tuple(desk.replies.history(template.code, stop=stop)), self._show_history
        )

    def _show_history(self, history: tuple[Template, ...]) -> None:
        self._showing = True
        self._history = history
        self.version.clear()
        for place, one in enumerate(history):
            self.version.addItem(_version_words(one, self._frame), str(place))
        self.version.setCurrentIndex(0)
        self._showing = False

    def _version_chosen(self) -> None:
        place = self.version.currentIndex()
        if not self._showing and 0 <= place < len(self._history):
            self._put_in(self._history[place])

    def _put_in(self, template: Template) -> None:
        self._showing = True
        self.text.setPlainText(template.text)
        self.section.choose(template.section)
        self._showing = False
        self._look()

    def _look(self) -> None:
        """Say whether the text can be kept, and show what comes of it."""
        template = self._template
        if self._showing or template is None:
            self.set_act(tr("Save"), allowed=False)
            return
        text, section = self.text.toPlainText(), self.section.key
        wrong = refusal(template.code, text, section)
        changed = (text, section) != (template.text, template.section)
        self.foot_note.setText(self._why_not or wrong)
        self.preview.setPlainText("" if wrong else preview(template.code, text))
        self.set_act(tr("Save"), allowed=changed and not wrong and not self._why_not)
        self.reset_button.setEnabled(bool(template.version) and not self._why_not)
        self.text.setReadOnly(bool(self._why_not))

    def _listen(self) -> None:
        self.table.chosen.connect(self._chosen)
        self.text.textChanged.connect(self._look)
        self.section.currentIndexChanged.connect(self._look)
        self.version.currentIndexChanged.connect(self._version_chosen)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.table.setFixedWidth(_LIST)
        row.addWidget(self.table)
        row.addLayout(self._build_editor(), 1)
        self.body.addLayout(row, 1)

    def _build_editor(self) -> QVBoxLayout:
        for field, name in ((self.text, tr("Text")), (self.preview, tr("Preview"))):
            field.setAccessibleName(name)
            field.setTabChangesFocus(True)
            dress(field, "body")
        self.preview.setReadOnly(True)
        tip = tr("A line that names a figure there is not is left out whole.")
        self.text.setToolTip(plain_tip(tip))
        above = QHBoxLayout()
        above.setSpacing(12)
        above.addWidget(Labelled(tr("Rests on section"), self.section), 1)
        above.addWidget(Labelled(tr("Version"), self.version), 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.insert_button)
        tools.addWidget(Label(tip, "caption", "text2", wrap=True), 1)
        tools.addWidget(self.reset_button)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self.text, 1)
        column.addLayout(tools)
        column.addWidget(Label(tr("Preview"), "header", "text2"))
        column.addWidget(self.preview, 1)
        return column


def _sections() -> list[tuple[str, str]]:
    return [(number, f"{number}. {of(title)}") for number, title in rules.SECTIONS.items()]


def _version_words(template: Template, frame: Frame) -> str:
    if not template.version or template.saved_at is None:
        return tr("As it came with the program")
    when = write.instant(template.saved_at, frame.zone, frame.now())
    return f"{template.version}: {write.text(template.author)}, {when}"
