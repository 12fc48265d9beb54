"""What the tests of screens share: a theme that starts from the same look each time."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.background import Background
from app.ui.language import Pseudo, choose
from app.ui.theme import Theme, install


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme, light, at its usual size and with usual times before and after."""
    made = install(qapp)
    made.choose(scheme="light", density="normal", zoom=100, times="minutes")
    yield made
    made.choose(scheme="light", density="normal", zoom=100, times="minutes")


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Threads that have ended when the test has."""
    made = Background()
    yield made
    made.close()


@pytest.fixture
def made_up() -> Iterator[None]:
    """The made-up language is spoken."""
    back = choose(Pseudo())
    yield
    back()
