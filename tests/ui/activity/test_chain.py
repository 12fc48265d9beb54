"""The chain of the record: verified with a clear verdict, its head copied, an old head found."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app import open_desk
from app.storage.sqlite import sqlite3
from app.ui.activity.chain import ChainDialog
from tests import lively
from tests.ui.activity.conftest import Opener, Screen, visible


def opened(screen: Screen) -> ChainDialog:
    screen.page.open_chain()
    screen.settle()
    dialog = screen.page.dialog
    assert isinstance(dialog, ChainDialog)
    return dialog


def verified(screen: Screen) -> ChainDialog:
    dialog = opened(screen)
    dialog.try_submit()
    screen.settle()
    return dialog


def damage(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_whole_chain_is_said_to_be_whole(screen: Screen) -> None:
    dialog = verified(screen)
    assert dialog.verdict.text() == "Whole"
    count = screen.desk.activity.head().record
    assert dialog.said.text().startswith(
        f"Each of the {count:,} records in this database follows from the one before. Checked "
    )
    assert "removed" not in dialog.said.text(), "only a head noted elsewhere shows that"
    assert screen.page.list.verdict.text() == "Whole at 17:30:00"
    dialog.reject()


@pytest.mark.parametrize("person", [lively.SUPPORT, lively.LEAD])
def test_everybody_on_the_staff_list_may_verify(path: Path, opener: Opener, person: str) -> None:
    with open_desk(path, staff=person, now=lively.at_the_end) as desk:
        screen = opener(desk)
        dialog = verified(screen)
        assert dialog.verdict.text() == "Whole"
        dialog.reject()
        screen.window.close()


def test_a_break_is_named_with_what_it_means_and_leads_to_its_record(
    path: Path, opener: Opener
) -> None:
    damage(
        path,
        "UPDATE audit SET why = 'because' WHERE id = 300",
        "DELETE FROM audit WHERE id IN (40, 41)",
    )
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        screen = opener(desk)
        dialog = verified(screen)
        assert dialog.verdict.text() == "Broken"
        assert "Records 40 to 41 are missing" in dialog.said.text()
        assert "Record 300 is not what was written" in dialog.said.text()
        assert dialog.show_button.text() == "Show record 42"
        dialog.copy_report()
        assert "Records 40 to 41" in QGuiApplication.clipboard().text()
        dialog.show_button.click()
        screen.settle()
        assert screen.page.details.record is not None
        assert screen.page.details.record.id == 42
        assert screen.page.list.verdict.text() == "Broken at 17:30:00"
        screen.window.close()


def test_verifying_is_stopped_by_cancel_and_says_nothing_then(screen: Screen) -> None:
    dialog = opened(screen)
    dialog.try_submit()
    assert dialog.proving
    dialog.reject()
    assert not dialog.proving
    screen.settle()
    assert dialog.said.text() == "Stopped; nothing is said of the chain."
    assert not visible(dialog.verdict)
    assert screen.page.report is None
    dialog.reject()


def test_a_copied_head_is_found_again_where_it_stands(screen: Screen) -> None:
    dialog = opened(screen)
    dialog.copy_head()
    noted = QGuiApplication.clipboard().text()
    assert noted.startswith("Head of the activity of lively.db: Record ")
    dialog.noted.setText(noted)
    QTest.keyClick(dialog.noted, Qt.Key.Key_Return)
    screen.settle()
    assert dialog.place.text().startswith("This is the head now, record ")
    means = "Nothing up to there was changed or removed, if Verify finds the chain whole."
    assert dialog.place.text().endswith(means)
    screen.desk.accounts.note("usr_1", "Later")
    dialog.find_noted()
    screen.settle()
    assert dialog.place.text().endswith(f"1 record was added since. {means}")
    dialog.reject()


def test_no_head_at_all_is_not_looked_for(screen: Screen) -> None:
    dialog = opened(screen)
    QTest.keyClick(dialog.noted, Qt.Key.Key_Return)
    screen.settle()
    assert dialog.place.text() == ""
    assert not dialog.find_button.isEnabled()
    QTest.keyClicks(dialog.noted, "a")
    assert dialog.find_button.isEnabled()
    dialog.reject()


def test_a_head_of_lost_records_is_said_to_be_nowhere(screen: Screen) -> None:
    dialog = opened(screen)
    dialog.noted.setText("a" * 64)
    dialog.find_noted()
    screen.settle()
    assert dialog.place.text().startswith("This head is nowhere in the chain:")
    dialog.noted.setText("abc")
    dialog.find_noted()
    screen.settle()
    assert dialog.place.text().startswith("“abc” is not a head:")
    dialog.reject()
