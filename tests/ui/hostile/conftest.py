"""What the tests of hostile texts share: a product full of them, and a look at what they fetch."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from app.main import attend, pages, standing
from app.ui.gallery.shown import Shown, in_window
from app.ui.gallery.stage import Stage, take_down
from app.ui.theme import Theme
from app.ui.window import Window
from tests.ui.gallery.payloads import PAYLOADS
from tests.ui.hostile.lures import Lures
from tests.ui.hostile.world import World, open_world


@pytest.fixture(scope="session")
def lures(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lures]:
    """What the payloads name."""
    made = Lures(tmp_path_factory.mktemp("lures"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def nothing_is_fetched(lures: Lures) -> Iterator[None]:
    """A test fails in which a payload made the program read or fetch what it names."""
    lures.asked()
    yield
    assert lures.asked() == []


@pytest.fixture(scope="session")
def world(lures: Lures) -> World:
    """Every payload there is."""
    return World((*PAYLOADS, *lures.payloads))


@pytest.fixture(scope="session")
def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of the hostile product, made once."""
    with open_world(world, tmp_path_factory.mktemp("hostile")) as made:
        yield made


@pytest.fixture(scope="session")
def hostile(desk: Desk) -> Stage:
    """The gallery's stage, where every state is shown over the hostile product."""
    made = Stage(pages(), standing, attend)
    made._desks = {kind: (desk, standing(desk)) for kind in ("demo", "extreme", "read-only")}
    return made


@pytest.fixture
def window(hostile: Stage, theme: Theme) -> Iterator[Window]:
    """The smallest window over the hostile product."""
    made = hostile.frame(Shown(Window, "walked through", in_window("settings"), "extreme"))
    made.resize(1024, 640)
    made.show()
    yield made
    take_down(made)
