"""Imports: every kind of file, what was imported before, and taking usage back."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from app.domain.imports import KINDS, FileShape
from app.ui.import_dialog import ImportDialog
from app.ui.settings.imports import ImportsCard, PastImportsCard, kind_of
from tests import lively
from tests.ui.settings.world import As, Opener, card, said, settle

USES = """user_id,feature,occurred_at,key
usr_1,export_image,2026-06-10T10:00:00Z,k1
usr_1,ghostface,2026-06-10T10:01:00Z,k2
nobody,ghostface,2026-06-10T10:02:00Z,k3
"""


@pytest.fixture
def uses(tmp_path: Path) -> Path:
    path = tmp_path / "uses.csv"
    path.write_text(USES, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_file_is_known_by_its_columns(kind: str) -> None:
    assert kind_of(FileShape("CSV", ",", KINDS[kind].every, (), 1)) == kind
    assert kind_of(FileShape("CSV", ",", KINDS[kind].required, (), 1)) == kind
    assert kind_of(FileShape("CSV", ",", ("a", "b"), (), 1)) == ""


def test_a_file_is_imported_and_stands_among_the_past_ones(
    opener: Opener, as_: As, uses: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD), "imports")
    past = card(window, PastImportsCard)
    before = len(past._model.rows)
    dialog = card(window, ImportsCard).take("usage", str(uses))
    settle(window, qtbot)
    assert dialog.said.text() == "2 uses to charge. 1 row left out."
    assert "commas" in dialog.written.text()
    dialog.try_submit()
    settle(window, qtbot)
    assert dialog.said.text() == "Charged 2 uses. 1 row left out."
    assert len(past._model.rows) == before + 1
    assert (past._model.rows[0].file, past._model.rows[0].added) == ("uses.csv", 2)
    dialog.reject()


def test_a_dropped_file_goes_to_the_kind_it_holds(
    opener: Opener, as_: As, uses: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD), "imports")
    imports = card(window, ImportsCard)
    dropped(imports, uses)
    settle(window, qtbot)
    (dialog,) = imports.findChildren(ImportDialog)
    assert dialog.heading.text() == "Import usage"
    dialog.reject()
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n")
    dropped(imports, odd)
    settle(window, qtbot)
    assert "do not tell" in said(window)


def dropped(imports: ImportsCard, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    imports.dropEvent(event)


def test_who_may_not_import_is_told_why(opener: Opener, as_: As) -> None:
    window = opener(as_(lively.SUPPORT), "imports")
    imports = card(window, ImportsCard)
    assert "may not import" in imports.why_not.text()
    assert not any(row.button.isEnabled() for row in imports.rows.values())
    window.open_page("settings", "imports:users")
    assert "may not import" in said(window)


def test_an_import_of_usage_is_reversed_once_after_a_dry_run(
    opener: Opener, as_: As, uses: Path, qtbot: QtBot
) -> None:
    desk = as_(lively.LEAD)
    desk.imports.usage(uses)
    window = opener(desk, "imports")
    past = card(window, PastImportsCard)
    past.table.selectRow(0)
    available = desk.accounts.account("usr_1").available
    dialog = past.reverse()
    assert dialog is not None
    settle(window, qtbot)
    assert dialog.said.text().startswith("1 charge of 5 credits.")
    assert dialog.act_button.text() == "Refund 1 charge"
    assert desk.accounts.account("usr_1").available == available
    dialog.try_submit()
    settle(window, qtbot)
    assert desk.accounts.account("usr_1").available == available + 5
    past.table.selectRow(0)
    assert not past.button.isEnabled()
    assert "Reversed by" in past.why_not.text()
    assert past.reverse() is None


def test_that_nothing_was_imported_is_said_in_full(opener: Opener, as_: As) -> None:
    past = card(opener(as_(lively.LEAD), "imports"), PastImportsCard)
    assert past.state is not None
    past.show_state(replace(past.state, runs=()))
    inside = past.table.overlay.layout()
    assert inside is not None
    assert past.table.viewport().height() >= inside.totalSizeHint().height()


def test_only_usage_can_be_reversed(opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot) -> None:
    desk = as_(lively.LEAD)
    users = tmp_path / "users.csv"
    users.write_text("user_id,email,name,registered_at\nu1,u1@x.example,U,2026-06-01T00:00:00Z\n")
    desk.imports.users(users)
    window = opener(desk, "imports")
    past = card(window, PastImportsCard)
    past.table.selectRow(0)
    assert "Only usage" in past.why_not.text()
    assert past.reverse() is None
