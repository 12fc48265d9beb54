"""Every figure of the overview is opened with keys alone, and left again the way one came."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.overview.page import OverviewPage
from app.ui.widgets.figures import FigureLine, FigureLines, LargeFigure
from tests.ui.flows.keyboard import MOST_TABS, Keys


def figures(page: OverviewPage) -> list[QWidget]:
    """What leads to what it is made of, as it stands there."""
    found = [*page.findChildren(FigureLine), *page.findChildren(LargeFigure)]
    return [one for one in found if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus]


def next_figure(keys: Keys, known: set[str]) -> bool:
    """Press Tab until the focus is on a figure that was not opened yet; false once round."""
    for _ in range(MOST_TABS):
        QTest.keyClick(keys.focus, Qt.Key.Key_Tab)
        if isinstance(keys.focus, FigureLine | LargeFigure) and named(keys) not in known:
            return True
    return False


def named(keys: Keys) -> str:
    """The figure by its name and that of what it stands in."""
    lines = keys.focus.parentWidget()
    within = lines.accessibleName() if isinstance(lines, FigureLines) else ""
    return f"{within}: {keys.said}"


def test_every_figure_leads_somewhere_and_the_way_back_leads_to_it(keys: Keys) -> None:
    keys.press("Ctrl+1")
    page = keys.page
    assert isinstance(page, OverviewPage)
    wanted = len(figures(page))
    opened: dict[str, str] = {}
    while next_figure(keys, set(opened)):
        name, bridge = named(keys), page.state.bridge
        keys.press("Return")
        if keys.page is not page:
            opened[name] = type(keys.page).__name__
            keys.press("Alt+Left")
        elif page.behind.isVisible():
            opened[name] = "users behind it"
            assert keys.focus is page.behind.table
            keys.press("Escape")
        elif page.state.bridge != bridge:
            opened[name] = "another month"
            keys.tab_to("The month after")
            keys.press("Return")
            continue
        else:
            opened[name] = type(keys.dialog).__name__
            keys.press("Escape")
        assert keys.page is page
        assert page.state.bridge == bridge
        assert named(keys) == name, "the keyboard is where one left from"
    assert len(opened) == wanted
    assert set(opened.values()) == {
        *("RequestsPage", "ConsumptionPage", "ApprovalsDialog"),
        *("users behind it", "another month"),
    }
