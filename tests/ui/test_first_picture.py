"""The first picture of the window needs little, and has the colours of what comes after it."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app import open_desk
from app.ui import tokens
from app.ui.background import Background
from app.ui.remembered import Remembered
from app.ui.theme import Theme
from app.ui.window import Standing, Window

HEAVY = ("pyqtgraph", "numpy", "sqlalchemy", "sqlmodel", "alembic", "pydantic", "typer", "rich")
SHOW = """
import json, sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app import main, start
program = main.Program(start.Choice(database=":memory:"))
program.window.show()
application.processEvents()
assert program.window.isVisible()
print(json.dumps(sorted(sys.modules)))
program.window.close()
program.close()
"""

ROWS = """
import json, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app import main, start
class Watch(QObject):
    def eventFilter(self, view, event):
        if event.type() == QEvent.Type.Paint and program.window.page.people.view.rows.rowCount():
            print(json.dumps(sorted(sys.modules)), flush=True)
            view.removeEventFilter(self)
            application.quit()
        return False
program = main.Program(start.Choice(database=sys.argv[1], staff="ana@pixpretty.example"))
watch = Watch()
shown = lambda _key: program.window.page.people.view.viewport().installEventFilter(watch)
program.window.page_shown.connect(shown)
program.window.show()
program.open()
application.exec()
program.close()
"""
AFTER_THE_ROWS = (
    "app.ui.users.account", "app.ui.users.acts", "app.ui.users.dialogs",
    "app.ui.users.people_filters", "app.ui.approvals_watch", "app.services.support",
    "app.services.requests",
)  # fmt: skip


@pytest.mark.slow
def test_the_first_picture_imports_neither_the_database_nor_charts_nor_furniture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    loaded = json.loads(done.stdout)
    assert [name for name in loaded if name.partition(".")[0] in HEAVY] == []
    assert {"app.ui.furniture", "app.ui.theme", "app.ui.widgets.table"} & set(loaded) == set()


@pytest.mark.slow
def test_the_first_rows_import_neither_the_account_nor_what_opens_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "pixpretty-credits" / "window.ini"
    file.parent.mkdir()
    kept = Remembered(file)
    kept.remember("window/page", "users")
    kept.save()
    path = tmp_path / "credits.db"
    with open_desk(path, staff="ana@pixpretty.example") as desk:
        desk.accounts.register("usr_1", email="amira@example.com", name="Amira")
    done = subprocess.run(
        [sys.executable, "-c", ROWS, str(path)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    loaded = json.loads(done.stdout)
    assert "app.ui.users.people" in loaded
    assert set(AFTER_THE_ROWS) & set(loaded) == set()


BEGIN = """
import json, sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app import main, start
program = main.Program(start.Choice(database=":memory:", staff="ana@pixpretty.example"))
program.window.kept.remember("window/page", sys.argv[1])
program.window.show()
program.open()
while not program.window.isEnabled() or program.background.busy:
    application.processEvents()
print(json.dumps([program.window.trail.here.page, sorted(sys.modules)]))
program.window.close()
program.close()
"""


@pytest.mark.slow
@pytest.mark.parametrize("page", ["users", "overview"])
def test_only_the_page_of_last_time_is_brought_in(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", BEGIN, page],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    shown, loaded = json.loads(done.stdout)
    assert shown == page
    pages = {name for name in loaded if name.endswith(".page") and name.count(".") == 3}
    assert pages == {f"app.ui.{page}.page"}
    assert ("app.domain.flows" in loaded) == (page == "overview")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_grounds_of_the_first_picture_are_those_of_the_furnished_window(
    qtbot: QtBot, theme: Theme, scheme: str, tmp_path: Path
) -> None:
    background = Background()
    window = Window(
        desk=None,
        background=background,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        zone=UTC,
        pages=(),
        standing=Standing("credits.db"),
        settings=tmp_path / "window.ini",
    )
    qtbot.addWidget(window)
    window.kept.remember("window/theme", {"scheme": scheme})
    window.resize(1_100, 700)
    window.show()
    first = grounds(window)
    window.furnish()
    assert grounds(window) == first
    named = tokens.DARK if scheme == "dark" else tokens.LIGHT
    assert first == [QColor(named[token]) for token in ("bg", "surface", "bg", "border", "border")]
    background.close()


def grounds(window: Window) -> list[QColor]:
    image: QImage = window.grab().toImage()
    places = ((4, 300), (700, 4), (700, 400), (183, 400), (700, 51))
    return [image.pixelColor(*place) for place in places]
