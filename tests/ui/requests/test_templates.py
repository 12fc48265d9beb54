"""The texts of replies as leads edit them."""

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.requests.page import RequestsPage
from app.ui.requests.templates import TemplatesDialog, preview
from app.ui.window import Window
from tests.ui.requests.world import LEA, SAM, OpenAs, OpenWindow, page_of, settle

CODE = "failed_not_refunded"


def opened(page: RequestsPage, window: Window, qtbot: QtBot) -> TemplatesDialog:
    """The dialog with the reply to a failed job in it."""
    page.acts.templates()
    settle(window, qtbot)
    dialog = page.acts.dialog
    assert isinstance(dialog, TemplatesDialog)
    dialog.choose(CODE)
    settle(window, qtbot)
    return dialog


def test_a_lead_edits_a_reply_and_the_next_answer_has_it(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    desk = open_as(LEA)
    window = over(desk)
    page = page_of(window)
    dialog = opened(page, window, qtbot)
    assert not dialog.act_button.isEnabled()
    dialog.text.setPlainText("So sorry about {feature}!")
    assert "So sorry about ‹the feature›!" in dialog.preview.toPlainText()
    dialog.try_submit()
    settle(window, qtbot)
    assert desk.replies.template(CODE).version == 1
    assert dialog.version.count() == 2
    dialog.reject()
    page.acts.answering.take(1)
    settle(window, qtbot)
    assert "So sorry about AI Image Generator" in page.case.sheet.reply_text


def test_a_placeholder_nobody_knows_is_refused_with_a_sentence_that_names_it(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    window = over(open_as(LEA))
    dialog = opened(page_of(window), window, qtbot)
    QTest.keyClicks(dialog.text, "{nonsense} ")
    assert "“{nonsense}” is not known" in dialog.foot_note.text()
    assert not dialog.act_button.isEnabled()
    dialog.reject()


def test_of_two_leads_who_edit_the_same_reply_the_second_is_told_who_was_first(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    lea, mira = open_as(LEA), open_as("mira")
    window = over(lea)
    dialog = opened(page_of(window), window, qtbot)
    mira.replies.save(CODE, "Mine.")
    dialog.text.setPlainText("No, mine.")
    dialog.try_submit()
    settle(window, qtbot)
    assert "mira@pixpretty.example" in dialog.problem
    assert lea.replies.template(CODE).text == "Mine."
    dialog.reject()


def test_an_edited_reply_can_be_put_back_as_it_came(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    desk = open_as(LEA)
    original = desk.replies.template(CODE).text
    desk.replies.save(CODE, "Mine.")
    window = over(desk)
    dialog = opened(page_of(window), window, qtbot)
    assert dialog.text.toPlainText() == "Mine."
    dialog.reset_button.click()
    settle(window, qtbot)
    assert desk.replies.template(CODE).text == original
    assert dialog.text.toPlainText() == original
    dialog.reject()


def test_a_member_of_support_reads_replies_and_is_told_who_may_not_edit_them(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    window = over(open_as(SAM))
    dialog = opened(page_of(window), window, qtbot)
    assert "may not edit the texts of replies" in dialog.foot_note.text()
    assert dialog.text.isReadOnly()
    dialog.reject()


def test_a_preview_says_what_each_figure_stands_for() -> None:
    assert preview(CODE, "{name}: {credits}") == (
        "‹what the user is called›: ‹the credits of the charge, or of all of them›"
    )
