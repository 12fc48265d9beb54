"""Whatever can be reached by keyboard says what it is, in every state of the gallery."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.charts.weeks import WeekBars
from app.ui.gallery import texts
from app.ui.gallery.drawing import Placed, hurry
from app.ui.gallery.finding import every_shown
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.pictures import wait_until_quiet
from app.ui.theme import Theme
from app.ui.widgets import notice, toast
from app.ui.widgets.notice import Notices
from app.ui.widgets.proportion import ProportionBar
from app.ui.widgets.toast import Toasts

EVERY = every_shown()
FIRST_ROWS = 5


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One stage for all states of a module: its desks are opened once."""
    made = stage()
    yield made
    made.close()


def reachable(whole: QWidget) -> Iterator[QWidget]:
    """What the keyboard can come to; what hands the keyboard on is judged by where it hands it."""
    for widget in (whole, *whole.findChildren(QWidget)):
        focusable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if focusable and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            yield widget


def where(widget: QWidget | None) -> str:
    """The widget, and what it stands in."""
    names: list[str] = []
    while widget is not None and len(names) < 4:
        names.append(type(widget).__name__)
        widget = widget.parentWidget()
    return " in ".join(names)


def silent(whole: QWidget) -> Iterator[str]:
    """What can be reached and says nothing: no name, no role, cells or charts without words."""
    for widget in reachable(whole):
        told = QAccessible.queryAccessibleInterface(widget)
        if told is None or not told.text(QAccessible.Text.Name).strip():
            yield f"no name: {where(widget)}"
        if told is not None and told.role() is QAccessible.Role.NoRole:
            yield f"no role: {where(widget)}"
        if isinstance(widget, QAbstractItemView):
            yield from silent_cells(widget)
        if has_values(widget) and not widget.accessibleDescription():
            yield f"no value: {where(widget)}"


def has_values(widget: QWidget) -> bool:
    """Whether it draws values that somebody who does not see it has to be told."""
    if isinstance(widget, ProportionBar):
        return bool(widget.parts)
    return isinstance(widget, WeekBars) and bool(widget.weeks.mondays)


def silent_cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None:
        return
    for row in range(min(model.rowCount(), FIRST_ROWS)):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            said = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data()
            if not str(said or "").strip():
                yield f"no words in column {column}: {where(view)}"


def look_at(stage: Stage, shown: Shown) -> set[str]:
    placed = Placed(stage, shown)
    try:
        if shown.size is not None:
            placed.widget.resize(*shown.size)
        placed.widget.show()
        wait_until_quiet(placed.frame.background)
        hurry(placed.widget)
        wait_until_quiet(placed.frame.background)
        return {f"{shown.name}: {what}" for what in silent(placed.widget)}
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.slow
@pytest.mark.parametrize("of", sorted({shown.of.__name__ for shown in EVERY}))
def test_everything_the_keyboard_reaches_has_a_name_and_its_cells_have_words(
    of: str, shared: Stage, theme: Theme
) -> None:
    found = [look_at(shared, shown) for shown in EVERY if shown.of.__name__ == of]
    assert sorted(set().union(*found)) == []


def test_a_button_without_a_name_is_found(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.addWidget(QPushButton(""))
    holder.show()
    assert list(silent(holder)) == ["no name: QPushButton in QWidget"]


def test_toasts_and_notices_are_spoken_and_what_failed_interrupts(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[tuple[str, bool]] = []

    def hear(_widget: QWidget, text: str, *, urgent: bool = False) -> None:
        spoken.append((text, urgent))

    for module in (toast, notice):
        monkeypatch.setattr(module, "announce", hear)
    window = QWidget()
    qtbot.addWidget(window)
    toasts = Toasts(window)
    toasts.say("Issued 24 credits.", texts.NOW, tone="success")
    toasts.say("Somebody was first.", texts.NOW, tone="danger")
    notices = Notices()
    qtbot.addWidget(notices)
    notices.show_notice("read-only", "This cannot be written.", tone="warning")
    assert spoken == [
        ("Issued 24 credits.", False),
        ("Somebody was first.", True),
        ("This cannot be written.", False),
    ]
