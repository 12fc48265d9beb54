"""The keyboard goes through every page and dialog, once round, as one reads, and is always seen."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.gallery.drawing import Placed, hurry
from app.ui.gallery.finding import every_shown
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.page import Page
from app.ui.palette import ShortcutSheet
from app.ui.pictures import wait_until_quiet
from app.ui.theme import Theme
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.reading_order import first_field
from app.ui.widgets.search import SearchBox
from app.ui.widgets.states import Overlay
from app.ui.window import Window

KEYS = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+[^\s)<.,]+|\bF\d+\b")
MOST = 300
PARTS_OF_A_FIELD = 8
STATES = ("ready", "empty", "failed", "read only")
WALKED = [
    shown
    for shown in every_shown()
    if issubclass(shown.of, (Page, QDialog)) and shown.state in STATES
]
DIALOGS = [shown for shown in WALKED if issubclass(shown.of, QDialog)]


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One stage for all states of a module: its desks are opened once."""
    made = stage()
    yield made
    made.close()


@contextmanager
def on_screen(stage: Stage, shown: Shown) -> Iterator[QWidget]:
    """A state with every question answered, and its window the active one."""
    placed = Placed(stage, shown)
    try:
        widget = placed.widget
        widget.resize(*(shown.size or (widget.sizeHint().width(), widget.sizeHint().height())))
        widget.show()
        widget.activateWindow()
        wait_until_quiet(placed.frame.background)
        hurry(widget)
        wait_until_quiet(placed.frame.background)
        yield widget
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def reachable(top: QWidget) -> list[QWidget]:
    """What Tab has to come to."""
    return [one for one in top.findChildren(QWidget) if one.window() is top and _takes_tab(one)]


def _takes_tab(widget: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    return (
        widget.focusPolicy() & tab == tab
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
    )


def covered(widget: QWidget) -> bool:
    """Whether an overlay hides it."""
    below: QWidget | None = widget
    while below is not None:
        if isinstance(below, Overlay):
            return False
        shown = getattr(below, "viewport", lambda below=below: below)()
        if any(isinstance(one, Overlay) and one.isVisible() for one in shown.children()):
            return True
        below = below.parentWidget()
    return False


def focused(top: QWidget) -> QWidget:
    """Where keys go: to the window while nothing in it has the focus."""
    here: QWidget | None = top.focusWidget()
    return top if here is None else here


def walk(top: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> tuple[list[QWidget], str]:
    """The stops of the keyboard from the first it comes to until it is there again, or why not."""
    order: list[QWidget] = []
    QTest.keyClick(focused(top), key)
    for _ in range(MOST):
        here = top.focusWidget()
        if here is None or QApplication.focusWidget() is not here:
            return order, "the keyboard is lost"
        if here in order:
            return order, "" if here is order[0] else f"comes round to {where(here)} only"
        order.append(here)
        if not _leave(here, key) and len(reachable(top)) > 1:
            return order, f"cannot be left: {where(here)}"
    return order, "never comes round"


def _leave(here: QWidget, key: Qt.Key) -> bool:
    """Press it until the widget is left: day, month, hour of an instant are parts of one field."""
    for _ in range(PARTS_OF_A_FIELD):
        QTest.keyClick(here, key)
        if not here.hasFocus():
            return True
    return False


def where(widget: QWidget) -> str:
    """The widget by name, and what it stands in."""
    names = [repr(widget.accessibleName() or getattr(widget, "text", str)())]
    above: QWidget | None = widget
    while above is not None and len(names) < 4:
        names.append(type(above).__name__)
        above = above.parentWidget()
    return " in ".join(names)


def troubles(top: QWidget) -> list[str]:
    """What somebody without a mouse would stumble over, walking forth and back."""
    if not reachable(top):
        return []
    forth, lost = walk(top)
    back, lost_back = walk(top, Qt.Key.Key_Backtab)
    wanted = reachable(top)
    found = [lost] * bool(lost) + [f"back: {lost_back}"] * bool(lost_back)
    found += [f"never reached: {where(one)}" for one in wanted if one not in forth]
    found += [f"only one way: {where(one)}" for one in set(forth) ^ set(back)]
    found += [f"under a cover: {where(one)}" for one in forth if covered(one)]
    return found + [f"jumps from {where(a)} to {where(b)}" for a, b in jumps(top, forth)]


def jumps(top: QWidget, order: list[QWidget]) -> list[tuple[QWidget, QWidget]]:
    """Where Tab goes against the order of reading; it may do so once, when it comes round."""
    round_ = [*order, order[0]] if order else []
    against = [(a, b) for a, b in pairwise(round_) if _against(top, a, b)]
    return against[:0] if len(against) <= 1 else against


def _against(top: QWidget, one: QWidget, other: QWidget) -> bool:
    """Whether ``other`` is read before ``one``: by the boxes they stand in, side by side."""
    shared = {id(above) for above in _line(one)} & {id(above) for above in _line(other)}
    a, b = (_box(widget, shared, top) for widget in (one, other))
    if top.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        a, b = (QRect(-box.right(), box.y(), box.width(), box.height()) for box in (a, b))
    if b.bottom() < a.top():
        return b.left() <= a.right()  # to the end of it a new column begins
    return b.top() <= a.bottom() and b.right() < a.left()


def _line(widget: QWidget | None) -> Iterator[QWidget]:
    while widget is not None:
        yield widget
        widget = None if widget.isWindow() else widget.parentWidget()


def _box(widget: QWidget, shared: set[int], top: QWidget) -> QRect:
    """The box of the outermost that holds this one and not the other."""
    outer = widget
    for above in _line(widget):
        if id(above) in shared:
            break
        outer = above
    return QRect(outer.mapTo(top, QPoint()), outer.size())


# Round every page and dialog


@pytest.mark.parametrize("of", sorted({shown.of.__name__ for shown in WALKED}))
def test_tab_goes_once_through_everything_as_it_is_read_and_comes_round(
    of: str, shared: Stage, theme: Theme
) -> None:
    found: list[str] = []
    for shown in (one for one in WALKED if one.of.__name__ == of):
        with on_screen(shared, shown) as top:
            found += [f"{shown.name}: {what}" for what in troubles(top)]
    assert found == []


@pytest.mark.parametrize("of", sorted({shown.of.__name__ for shown in WALKED if shown.whole}))
def test_from_right_to_left_tab_goes_as_one_reads_there(
    of: str, shared: Stage, theme: Theme
) -> None:
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        (shown,) = (one for one in WALKED if one.whole and one.of.__name__ == of)
        with on_screen(shared, shown) as top:
            assert top.layoutDirection() is Qt.LayoutDirection.RightToLeft
            assert troubles(top) == []
    finally:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


# The keyboard is always seen


def looks(widget: QWidget, top: QWidget) -> QImage:
    """The widget with what is around it, where a focus may be drawn."""
    around = QRect(widget.mapTo(top, QPoint()), widget.size()).adjusted(-3, -3, 3, 3)
    return top.grab(around & top.rect()).toImage()


def _hold(widget: QWidget, *, on: bool) -> None:
    """Give it the keyboard, or take it, also where a page that has just come takes it once more."""
    for _turn in range(5):
        if on:
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            _scroll_to(widget)
        else:
            widget.clearFocus()
        QApplication.processEvents()
        if widget.hasFocus() is on:
            return


def _scroll_to(widget: QWidget) -> None:
    """Have what it stands in scroll to it, as it does when Tab comes there."""
    for above in _line(widget):
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)


def unseen(top: QWidget, seen: set[type[QWidget]]) -> list[str]:
    """Which widgets look the same with the keyboard on them as without; ``seen`` are left out.

    Never left out are tables and lists, which mark a row, whatever there is of rows; and where the
    keyboard is by itself, which comes first: what is there has come since the keyboard did.
    """
    found: list[str] = []
    for widget in sorted(reachable(top), key=lambda one: not one.hasFocus()):
        rows = isinstance(widget, QAbstractItemView)
        known = type(widget) in seen and not rows and not widget.hasFocus()
        if known or covered(widget):
            continue
        seen.add(type(widget))
        _hold(widget, on=True)
        focused = looks(widget, top)
        _hold(widget, on=False)
        if looks(widget, top) == focused:
            found.append(where(widget))
    return found


def test_the_keyboard_is_seen_on_every_kind_of_widget(shared: Stage, theme: Theme) -> None:
    QApplication.setCursorFlashTime(0)
    seen: set[type[QWidget]] = set()
    found: list[str] = []
    for shown in (one for one in WALKED if one.state == "ready"):
        with on_screen(shared, shown) as top:
            found += [f"{shown.name}: {what}" for what in unseen(top, seen)]
    assert found == []


# Enter presses


def not_pressed(top: QWidget, seen: set[type[QWidget]]) -> list[str]:
    """Which classes of buttons do nothing on Enter; ``seen`` are left out, what is pressed too."""
    found: list[str] = []
    for widget in reachable(top):
        button = isinstance(widget, QPushButton | QToolButton)
        if type(widget) in seen or covered(widget) or not button:
            continue
        seen.add(type(widget))
        pressed: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # where nothing is connected
            widget.clicked.disconnect()  # type: ignore[attr-defined]
        widget.clicked.connect(partial(pressed.append, "once"))  # type: ignore[attr-defined]
        _hold(widget, on=True)
        QTest.keyClick(widget, Qt.Key.Key_Return)
        if pressed != ["once"]:
            found.append(where(widget))
    return found


def test_enter_presses_every_kind_of_button(shared: Stage, theme: Theme) -> None:
    seen: set[type[QWidget]] = set()
    found: list[str] = []
    for shown in (one for one in WALKED if one.state == "ready"):
        with on_screen(shared, shown) as top:
            found += [f"{shown.name}: {what}" for what in not_pressed(top, seen)]
    assert found == []


# Dialogs begin and end by keyboard


def dangerous(dialog: QDialog) -> bool:
    """Whether its act cannot be taken back: then Cancel is a good place to begin."""
    return isinstance(dialog, Dialog) and dialog.act_button.property("kind") == "danger"


@pytest.mark.parametrize("shown", DIALOGS, ids=lambda shown: shown.name)
def test_a_dialog_begins_where_one_works_and_escape_closes_it(
    shown: Shown, shared: Stage, theme: Theme
) -> None:
    with on_screen(shared, shown) as top:
        assert isinstance(top, QDialog)
        closed: list[int] = []
        top.finished.connect(closed.append)
        start = top.focusWidget()
        if reachable(top):
            assert start is not None
            assert start.isVisible()
            assert start.isEnabled()
            assert not (isinstance(start, Button) and first_field(top)) or dangerous(top)
        QTest.keyClick(focused(top), Qt.Key.Key_Escape)
        if isinstance(start, SearchBox) and not closed:  # the first has emptied it
            QTest.keyClick(start, Qt.Key.Key_Escape)
        assert closed == [QDialog.DialogCode.Rejected], "Escape does not close it"


@pytest.mark.parametrize(
    "shown",
    [one for one in DIALOGS if issubclass(one.of, Dialog) and one.of is not ShortcutSheet],
    ids=lambda shown: shown.name,
)
def test_control_and_enter_submit_from_wherever_the_keyboard_is(
    shown: Shown, shared: Stage, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[QWidget | None] = []
    monkeypatch.setattr(Dialog, "try_submit", lambda one: tried.append(one.focusWidget()))
    with on_screen(shared, shown) as top:
        stops = [one for one in reachable(top) if not covered(one)]
        for one in stops:
            one.setFocus()
            QTest.keyClick(one, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert [where(one) for one in stops if one not in tried] == []


# Keys mean one thing, and every act can be found by name


@pytest.fixture
def keys_of_everything(shared: Stage, theme: Theme) -> Iterator[Window]:
    """A window with every page built."""
    (shown,) = (one for one in WALKED if one.name == "users-page.ready")
    with on_screen(shared, shown) as top:
        assert isinstance(top, Window)
        top.build_all()
        wait_until_quiet(top.background)
        yield top


def test_no_key_means_two_things_on_a_page(keys_of_everything: Window) -> None:
    window = keys_of_everything
    ours = {live for live in window.actions() if live.shortcuts()}
    for key, page in window.build_all().items():
        window.open_page(key)
        wait_until_quiet(window.background)
        held = [
            (sequence.toString(), action.text())
            for action in (*ours, *page.findChildren(QAction))
            for sequence in action.shortcuts()
            if action.isEnabled()
        ]
        held += [
            (one.key().toString(), "a shortcut of its own")
            for one in window.findChildren(QShortcut)
        ]
        names = dict(held)
        assert [(keys, said) for keys, said in held if names[keys] != said] == []


def test_every_act_is_in_the_palette_and_every_key_in_the_list_of_keys(
    keys_of_everything: Window,
) -> None:
    window = keys_of_everything
    everything = window.registry.everything()
    for key in window.build_all():
        window.open_page(key)
        palette = window.open_palette()
        wanted = {one.text for one in everything if one.where in {"", key}}
        assert wanted <= {one.text for one in palette.shown}
        palette.reject()
    sheet = window.open_shortcuts()
    told = {one.text() for one in sheet.findChildren(QLabel)}
    assert {one.text for one in everything if one.shortcut} <= told
    sheet.reject()


def test_keys_on_buttons_are_those_of_the_list(keys_of_everything: Window) -> None:
    window = keys_of_everything
    known = {keys for one in window.registry.everything() for keys in (one.shortcut, *one.more)}
    known |= {"Ctrl+Enter", "Ctrl+C"}  # of the sheet of an answer, and of every table
    for page in window.build_all().values():
        tips = [one.toolTip() for one in page.findChildren(QAbstractButton)]
        told = {keys for tip in tips for keys in KEYS.findall(tip)}
        assert told <= known


# What is planted is found


@pytest.fixture
def planted(qtbot: QtBot, theme: Theme) -> QWidget:
    """Two buttons in a window, with room for something bad beneath."""
    top = QWidget()
    qtbot.addWidget(top)
    column = QVBoxLayout(top)
    for words in ("One", "Two"):
        column.addWidget(QPushButton(words))
    top.resize(300, 300)
    top.show()
    top.activateWindow()
    qtbot.waitUntil(top.isActiveWindow)
    return top


def plant(top: QWidget, *widgets: QWidget, at: int = -1) -> None:
    """Put something in at a place, in view."""
    layout = top.layout()
    assert isinstance(layout, QVBoxLayout)
    for widget in widgets:
        layout.insertWidget(at, widget)
        widget.show()
    QApplication.processEvents()


def test_two_buttons_are_no_trouble(planted: QWidget) -> None:
    assert troubles(planted) == []


def test_a_text_that_keeps_tab_is_found(planted: QWidget) -> None:
    plant(planted, QTextEdit())
    assert any("cannot be left: '' in QTextEdit" in what for what in troubles(planted))


def test_what_tab_passes_by_is_found(planted: QWidget) -> None:
    holder = QWidget()
    within, beside = QPushButton("Within"), QPushButton("Beside")
    row = QVBoxLayout(holder)
    row.addWidget(within)
    row.addWidget(beside)
    holder.setFocusProxy(within)
    plant(planted, holder)
    QWidget.setTabOrder(within, planted.findChildren(QPushButton)[0])
    assert troubles(planted) != []


def test_an_order_that_is_not_that_of_reading_is_found(planted: QWidget) -> None:
    plant(planted, QPushButton("Zero"), QPushButton("Nought"), at=0)
    assert any(what.startswith("jumps from 'Two'") for what in troubles(planted))


def test_what_shows_no_focus_is_found(planted: QWidget) -> None:
    class Blank(QWidget):
        """Takes the keyboard and does not show it."""

    blank = Blank()
    blank.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    plant(planted, blank)
    assert unseen(planted, set()) == ["'' in Blank in QWidget"]


def test_a_button_that_only_space_presses_is_found(planted: QWidget) -> None:
    plant(planted, IconButton("x", "Ours"))
    assert not_pressed(planted, set()) == ["'One' in QPushButton in QWidget"]


def test_what_lies_under_a_cover_is_not_reached_and_has_its_place_again(planted: QWidget) -> None:
    inner = QWidget()
    under = QPushButton("Under")
    QVBoxLayout(inner).addWidget(under)
    plant(planted, inner)
    outer_cover, cover = Overlay(planted), Overlay(inner)
    cover.failed("It failed.", retry=lambda: None)
    assert under not in walk(planted)[0]
    outer_cover.empty("Nothing here.", "Begin", lambda: None)
    assert [type(one).__name__ for one in walk(planted)[0]] == ["Button"]
    cover.ready()
    assert under not in walk(planted)[0], "the other cover is still there"
    outer_cover.ready()
    assert under in walk(planted)[0]
