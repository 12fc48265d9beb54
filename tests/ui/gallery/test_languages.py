"""In a made-up language no plain English is left on any screen, and nothing is cut off."""

import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.columns import Column
from app.ui.gallery.finding import every_shown
from app.ui.language import MADE_UP, VARIABLE, tr
from app.ui.rows_model import RowsModel
from app.ui.theme import Theme
from app.ui.widgets.table import Table
from tests.ui.gallery.plain_english import (
    ROOT,
    cut_off,
    english,
    heads_cut_off,
    left_in_english,
    mattering,
)

AMIRA = "Amira Haddad"
STILL_ENGLISH: tuple[str, ...] = ()
"""What is not wholly translated yet. An entry that is no longer needed fails."""


def plant(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    for widget in widgets:
        column.addWidget(widget)
    holder.show()
    return holder


STATES = sorted(shown.name for shown in mattering(every_shown(), ()))
PARTS = 2
"""Looked at side by side, where there are processors for it."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_state_of_the_gallery_is_translated_and_nothing_is_cut_off(part: int) -> None:
    """Texts are said while modules are imported, so the language needs a process of its own."""
    states = STATES[part::PARTS]
    found = subprocess.run(
        [sys.executable, "-m", "tests.ui.gallery.plain_english", *states],
        cwd=ROOT,
        env={**os.environ, VARIABLE: MADE_UP},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 0, found.stderr
    wrong = found.stdout.splitlines()
    assert [line for line in wrong if not line.startswith(STILL_ENGLISH)] == []
    needed = {name for name in STILL_ENGLISH if any(state.startswith(name) for state in states)}
    assert {line.partition(".")[0] for line in wrong} == needed


@pytest.mark.usefixtures("made_up", "theme")
def test_a_text_that_no_translator_was_given_is_found_wherever_it_stands(qtbot: QtBot) -> None:
    field, button = QLineEdit(), QPushButton(tr("Close"))
    field.setPlaceholderText("Search users")
    button.setToolTip("now")
    found = list(left_in_english(plant(qtbot, QLabel("Credits left"), field, button)))
    assert [words.partition(": ")[0] for words in found] == [
        "English [Credits left] in text of QLabel in QWidget",
        "English [Search users] in placeholder of QLineEdit in QWidget",
        "English [now] in tooltip of QPushButton in QWidget",
    ]


@pytest.mark.usefixtures("made_up")
def test_a_piece_glued_into_a_translated_sentence_is_found_and_data_is_not() -> None:
    data = frozenset({AMIRA})
    assert english(tr("Copied {name}.", name=AMIRA), data) == ""
    assert english(tr("Copied {name}.", name="the credits"), data) == "the credits"
    assert english(f"{AMIRA} · {tr('Late')} · ZD-48513 · amira@example.com · Ctrl+1", data) == ""


def test_data_that_was_cut_short_is_no_english() -> None:
    note = "Same job charged under two keys"
    assert english("note: Same job char…", frozenset({note})) == "note"


def test_a_label_with_less_room_than_its_text_needs_is_found(qtbot: QtBot, theme: Theme) -> None:
    label = QLabel("Nothing was used in these months.")
    label.setFixedWidth(40)
    (found,) = cut_off(plant(qtbot, label))
    assert found.endswith("QLabel in QWidget: 'Nothing was used in these months.'")


def test_a_head_with_less_room_than_its_words_need_is_found(qtbot: QtBot, theme: Theme) -> None:
    columns = (
        Column("who", "Who resolved it", lambda row: row, width=60),
        Column("note", "Note", lambda row: row, width=60),
    )
    table = Table(RowsModel(columns, ["ana"]), "Resolved")
    (found,) = heads_cut_off(plant(qtbot, table))
    assert "the head 'Who resolved it' of Table" in found
