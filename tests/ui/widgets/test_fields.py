"""Fields refuse with a sentence that names the value, and read instants in the billing zone."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.fields import (
    AmountField,
    InstantField,
    Labelled,
    NoteField,
    SearchBox,
    with_button,
)
from app.ui.widgets.text import Label

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("24", 24),
        (" 1,000 ", 1_000),
        ("1 000", 1_000),
        ("1.000", 1_000),
        ("1'000'000", 1_000_000),
        ("1\u202f000", 1_000),
        ("+24", 24),
        ("\u2068 24\u2069", 24),
        ("\t" + " " * 20 + "24\n", 24),
    ],
)
def test_amounts_are_read_as_people_group_them(
    qtbot: QtBot, theme: Theme, typed: str, amount: int
) -> None:
    field = AmountField()
    qtbot.addWidget(field)
    field.setText(typed)
    assert (field.amount, field.problem) == (amount, "")


@pytest.mark.parametrize(
    "typed", ["0", "-5", "−5", "1.5", "1,50", "1e3", "12a", "1000001", "٣", "NaN", "1,0000", "--1"]
)
def test_what_is_no_amount_is_refused_by_name(qtbot: QtBot, theme: Theme, typed: str) -> None:
    field = AmountField()
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.amount is None
    assert field.problem == f"“{typed}” is not a whole number from 1 to 1,000,000."


def test_an_empty_amount_says_what_is_needed_and_arrows_step_within_the_range(
    qtbot: QtBot, theme: Theme
) -> None:
    field = AmountField(1, 3)
    qtbot.addWidget(field)
    assert field.problem == "Credits are needed: a whole number from 1 to 3."
    for _ in range(5):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.amount == 3
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.amount == 2


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "1 Jul 2026 14:00"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "1 Jan 2026 13:00"),
    ],
)
def test_an_instant_is_read_in_the_billing_zone_and_given_in_utc(
    qtbot: QtBot, theme: Theme, instant: datetime, shown: str
) -> None:
    field = InstantField(BERLIN, "As of")
    qtbot.addWidget(field)
    field.set_instant(instant)
    assert field.text() == shown
    assert field.instant == instant


def test_a_local_time_that_exists_twice_takes_the_offset_before_the_change(
    qtbot: QtBot, theme: Theme
) -> None:
    field = InstantField(BERLIN, "As of")
    qtbot.addWidget(field)
    field.set_instant(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert field.instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_search_waits_for_the_last_letter_and_enter_does_not_wait(
    qtbot: QtBot, theme: Theme
) -> None:
    box = SearchBox("Search")
    qtbot.addWidget(box)
    said: list[str] = []
    box.searched.connect(said.append)
    QTest.keyClicks(box, "amir")
    assert said == []
    qtbot.waitUntil(lambda: said == ["amir"])
    QTest.keyClicks(box, "a")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert said == ["amir", "amira"]
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert said == ["amir", "amira"]


def test_escape_clears_a_search_and_page_keys_go_to_the_list(qtbot: QtBot, theme: Theme) -> None:
    box, view = SearchBox("Search"), QListWidget()
    view.addItems(["a", "b"])
    view.setCurrentRow(0)
    qtbot.addWidget(box)
    qtbot.addWidget(view)
    box.drive(view)
    QTest.keyClicks(box, "x")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert view.currentRow() == 1
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_a_note_is_trimmed_and_tab_leaves_it(qtbot: QtBot, theme: Theme) -> None:
    note = NoteField("Note", most=5)
    qtbot.addWidget(note)
    note.setPlainText("  1234567  ")
    assert note.text == "12345"
    assert note.tabChangesFocus()


def test_a_refusal_stands_under_its_field_until_it_is_mended(qtbot: QtBot, theme: Theme) -> None:
    field = QLineEdit()
    labelled = Labelled("Ticket", field, "As in the help desk")
    qtbot.addWidget(labelled)
    labelled.refuse("“x” is no ticket.")
    assert labelled._note.text() == "“x” is no ticket."
    assert field.property("wrong") == "true"
    assert field.accessibleDescription() == "“x” is no ticket."
    labelled.refuse("")
    assert labelled._note.text() == "As in the help desk"
    assert field.property("wrong") == "false"


@pytest.mark.parametrize("field", [QLineEdit, lambda: NoteField("Note")])
def test_a_field_keeps_marks_that_turn_its_letters_and_says_that_they_are_there(
    field: Callable[[], QLineEdit | NoteField], qtbot: QtBot, theme: Theme
) -> None:
    made = field()
    labelled = Labelled("Name", with_button(made, QPushButton("x")))
    qtbot.addWidget(labelled)
    labelled.show()

    def told() -> list[str]:
        notes = labelled.findChildren(Label)
        return [note.text() for note in notes if note.isVisible() and "invisible" in note.text()]

    put = made.setText if isinstance(made, QLineEdit) else made.setPlainText
    put("שלום Ann")
    assert told() == []
    put("\u202egnp.exe\u202c")
    assert len(told()) == 1
    assert (made.text() if isinstance(made, QLineEdit) else made.text) == "\u202egnp.exe\u202c"
    put("exe.png")
    assert told() == []


def test_a_field_that_is_filled_already_is_looked_at(qtbot: QtBot, theme: Theme) -> None:
    labelled = Labelled("Name", QLineEdit("\u2067turned"))
    qtbot.addWidget(labelled)
    labelled.show()
    assert [note.text()[:8] for note in labelled.findChildren(Label) if note.isVisible()] == [
        "Name",
        "It holds",
    ]
