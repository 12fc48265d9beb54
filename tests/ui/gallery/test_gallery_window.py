"""The gallery shows every state live, and leaves everything as it was."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.gallery.shown import DeskKind
from app.ui.gallery.stage import Stage
from app.ui.gallery.window import GalleryWindow
from app.ui.theme import Theme
from app.ui.users.issue import IssueDialog
from app.ui.window import Window

PATIENCE_MS = 60_000


@pytest.fixture
def gallery(theme: Theme, qtbot: QtBot) -> Iterator[GalleryWindow]:
    made = GalleryWindow(stage())
    closed = False

    def forget() -> None:
        nonlocal closed
        closed = True

    made.closed.connect(forget)
    made.show()
    yield made
    if not closed:
        made.close()


def choose(gallery: GalleryWindow, qtbot: QtBot, words: str) -> None:
    gallery.search.setText(words)
    qtbot.waitUntil(lambda: gallery.table.rows.rowCount() == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not gallery.preview.overlay.is_loading, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: gallery.preview.shown is not None, timeout=PATIENCE_MS)


def test_a_state_is_found_by_parts_of_its_name_and_shown(
    gallery: GalleryWindow, qtbot: QtBot
) -> None:
    choose(gallery, qtbot, "issue-dialog limit")
    dialog = gallery.preview.shown
    assert isinstance(dialog, IssueDialog)
    assert dialog.act_button.text() == "Send for approval"
    assert not dialog.isWindow()
    assert gallery.focusWidget() is gallery.search


def test_what_was_done_in_a_state_is_forgotten_when_it_is_built_again(
    gallery: GalleryWindow, qtbot: QtBot
) -> None:
    choose(gallery, qtbot, "issue-dialog limit")
    dialog = gallery.preview.shown
    assert isinstance(dialog, IssueDialog)
    dialog.reject()
    gallery.build_again()
    again = gallery.preview.shown
    assert again is not dialog
    assert again is not None
    assert again.isVisible()


def test_colours_size_and_direction_can_be_switched_and_are_put_back(
    gallery: GalleryWindow, theme: Theme, qtbot: QtBot
) -> None:
    choose(gallery, qtbot, "table.ready*")
    gallery.scheme.choose("dark")
    gallery.zoom.choose("150")
    gallery.zoom.activated.emit(0)
    gallery.direction.choose("rtl")
    gallery.direction.activated.emit(0)
    shown = gallery.preview.shown
    assert shown is not None
    assert (theme.dark, theme.zoom) == (True, 150)
    assert shown.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert gallery.search.layoutDirection() is Qt.LayoutDirection.LeftToRight
    gallery.close()
    assert (theme.scheme, theme.zoom) == ("light", 100)


def test_at_200_percent_a_picture_of_twice_the_size_is_shown(
    gallery: GalleryWindow, qtbot: QtBot
) -> None:
    choose(gallery, qtbot, "stat-card.ready")
    shown = gallery.preview.shown
    assert shown is not None
    gallery.scale.choose("2")
    gallery.scale.activated.emit(0)
    assert gallery.preview.picture_size == shown.size() * 2


def test_keys_of_a_window_in_the_preview_hold_only_in_it(
    gallery: GalleryWindow, qtbot: QtBot
) -> None:
    choose(gallery, qtbot, "settings-page.empty")
    window = gallery.preview.shown
    assert isinstance(window, Window)
    contexts = {action.shortcutContext() for action in window.actions()}
    assert contexts == {Qt.ShortcutContext.WidgetWithChildrenShortcut}


def test_nothing_found_is_said_and_data_that_cannot_be_opened_too(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_stage: Stage, kind: DeskKind) -> None:
        if kind != "none":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Stage, "open", refuse)
    gallery = GalleryWindow(stage())
    gallery.show()
    gallery.search.setText("nonsense")
    qtbot.waitUntil(lambda: gallery.table.rows.rowCount() == 0, timeout=PATIENCE_MS)
    assert gallery.table.overlay.isVisible()
    gallery.search.setText("users-page.ready")
    qtbot.waitUntil(gallery.preview.overlay.isVisible, timeout=PATIENCE_MS)
    assert gallery.preview.shown is None
    gallery.close()
