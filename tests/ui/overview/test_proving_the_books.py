"""Proving the books from the overview."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.errors import DatabaseFailed
from tests import lively
from tests.services.plants import plant
from tests.ui.overview.conftest import Opener, Screen


def test_a_database_that_nobody_proved_says_so_and_a_proof_is_remembered(
    open_as: Opener, tmp_path: Path
) -> None:
    path = lively.put(tmp_path)
    screen = open_as(path=path)
    books = screen.page.books
    assert books.chip.text() == "Not proved yet"
    books.verify_button.click()
    assert books.cancel_button.isVisible()
    screen.settle()
    assert books.chip.text() == "The books balance"
    assert lively.ADMIN in books.when.text()
    assert screen.toasts()[0].startswith("The books balance: all ")
    again = open_as(staff=lively.SUPPORT, path=path)
    assert again.page.books.chip.text() == "The books balance"
    assert lively.ADMIN in again.page.books.when.text()


def test_proving_says_how_far_it_is_and_can_be_stopped(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def verify(progress: Any, *, stop: threading.Event) -> None:
        progress(7, 36, "the file is sound")
        halfway.set()
        go_on.wait(10)
        assert stop.is_set()

    monkeypatch.setattr(screen.desk.integrity, "verify", verify)
    books = screen.page.books
    screen.page.verify()
    screen.qtbot.waitUntil(lambda: books.bar.value() == round(100 * 7 / 36))
    assert books.step.text() == "Rule 8 of 36: the file is sound"
    assert not books.verify_button.isVisible()
    books.cancel_button.click()
    go_on.set()
    screen.settle()
    assert books.step.text() == "Stopped; nothing of it was kept."
    assert books.verify_button.isVisible()
    assert books.chip.text() == "Not proved yet"


def test_broken_rules_are_named_and_their_rows_can_be_read(
    open_as: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    path = lively.put(tmp_path)
    plant(path, "UPDATE outstanding SET credits = credits + 5 WHERE day = 20260630")
    screen = open_as(path=path)
    screen.page.verify()
    screen.settle()
    books = screen.page.books
    assert books.chip.text() == "1 rule is broken"
    assert books.broken.text() == "outstanding credits equal the grants"
    books.report_button.click()
    dialog = screen.page.show_report()
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert "row kept, day 20260630" in dialog.text.toPlainText()
    dialog.submit()
    assert "row kept, day 20260630" in QApplication.clipboard().text()


def test_on_a_database_that_can_only_be_read_a_proof_is_told_but_not_kept(
    open_as: Opener,
) -> None:
    screen = open_as(read_only=True)
    books = screen.page.books
    assert "not kept" in books.when.text()
    screen.page.verify()
    screen.settle()
    assert books.chip.text() == "The books balance"
    assert screen.desk.integrity.latest_proof() is None
    assert "nothing can be decided" in screen.page.approvals.who.text()


def test_a_proof_that_fails_says_why_and_leaves_what_was_known(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(_progress: Any, *, stop: threading.Event) -> None:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    monkeypatch.setattr(screen.desk.integrity, "verify", verify)
    screen.page.verify()
    screen.settle()
    assert screen.page.books.verify_button.isVisible()
    assert screen.window.notices.findChildren(QPushButton)
