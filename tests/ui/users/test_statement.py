"""The statement: text, CSV and PDF say the same."""

import csv
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui.users import statement_paper
from app.ui.users.page import UsersPage
from app.ui.users.statement import StatementDialog
from app.ui.users.statement_text import as_csv, as_text, sections
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"
UTC = ZoneInfo("UTC")


@pytest.fixture
def dialog(window: Window, page: UsersPage, qtbot: QtBot) -> StatementDialog:
    page.open_user(AMIRA)
    qtbot.waitUntil(lambda: not window.background.busy)
    page.acts.statement()
    opened = page.acts.dialog
    assert isinstance(opened, StatementDialog)
    qtbot.waitUntil(lambda: opened.statement is not None)
    return opened


def test_the_statement_of_the_whole_account_sums_to_the_balance(desk: Desk) -> None:
    statement = desk.statements.of(AMIRA)
    available, moved, used = sections(statement)
    balance = desk.accounts.account(AMIRA).available
    assert available.rows[-1] == ("In all", balance)
    assert sum(int(str(row[1])) for row in moved.rows[:-1]) == balance
    assert moved.rows[-1] == ("Available", balance)
    (spent,) = (int(str(row[1])) for row in moved.rows if row[0] == "Used")
    assert sum(int(str(row[3])) for row in used.rows) == -spent


def test_every_figure_of_the_text_stands_in_the_csv_too(desk: Desk) -> None:
    statement = desk.statements.of(AMIRA, month="2026-11")
    rows = list(csv.reader(io.StringIO(as_csv(statement))))
    text = as_text(statement, UTC)
    for section in sections(statement):
        assert section.title in text
        written = [row[1:] for row in rows if row[0] == section.title][1:]
        assert len(written) == len(section.rows)
        for cells, shown in zip(section.rows, section.shown(UTC), strict=True):
            assert all(word in text for word in shown)
            numbers = [str(cell) for cell in cells if isinstance(cell, int)]
            assert any(row[-len(numbers) :] == numbers for row in written)


def test_the_paper_draws_every_line_of_the_same_sections(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = desk.statements.of(AMIRA)
    drawn: list[tuple[str, ...]] = []
    row = statement_paper._Paper._row

    def remembering(paper: object, section: object, cells: tuple[str, ...], **ink: str) -> None:
        drawn.append(cells)
        row(paper, section, cells, **ink)  # type: ignore[arg-type]

    monkeypatch.setattr(statement_paper._Paper, "_row", remembering)
    content = statement_paper.as_pdf(statement, UTC)
    assert content.startswith(b"%PDF-")
    for section in sections(statement):
        assert set(section.shown(UTC)) <= set(drawn)


def test_the_dialog_copies_the_text_and_saves_files(
    window: Window, dialog: StatementDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("statement.pdf", "statement.csv", "statement.txt"):
        dialog.save(str(tmp_path / name))
    qtbot.waitUntil(lambda: not window.background.busy)
    assert (tmp_path / "statement.pdf").read_bytes().startswith(b"%PDF-")
    assert "amira.haddad@example.com" in (tmp_path / "statement.csv").read_text("utf-8-sig")
    assert (tmp_path / "statement.txt").read_text("utf-8") == dialog.text.toPlainText()
    dialog.save(str(tmp_path / "nowhere" / "statement.csv"))
    qtbot.waitUntil(lambda: bool(dialog.problem))
    dialog.try_submit()
    assert QGuiApplication.clipboard().text().startswith("Amira Haddad\n")


def test_a_month_is_chosen_and_read_anew(
    window: Window, dialog: StatementDialog, qtbot: QtBot, desk: Desk
) -> None:
    whole = dialog.text.toPlainText()
    dialog.span.choose("2026-10")
    qtbot.waitUntil(lambda: not window.background.busy)
    assert dialog.text.toPlainText() == as_text(desk.statements.of(AMIRA, month="2026-10"), UTC)
    assert dialog.text.toPlainText() != whole
    dialog.reject()
