"""A window over the demo, with a keyboard before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from app.main import stage
from app.ui.gallery.shown import Shown, in_window
from app.ui.gallery.stage import Stage, take_down
from app.ui.theme import Theme
from app.ui.window import Window
from tests.ui.flows.keyboard import Keys


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One demo for all flows: each looks at what it did itself."""
    made = stage()
    yield made
    made.close()


@pytest.fixture
def keys(shared: Stage, theme: Theme) -> Iterator[Keys]:
    window = shared.frame(Shown(Window, "ready", in_window("overview"), "demo"))
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    window.start()
    made = Keys(window)
    made.settle()
    yield made
    take_down(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
