"""Widgets in lines, however often Qt's layouts are looked through."""

import gc

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.reading_order import stops

WORDS = ("One", "Two", "Three")


class Line(QWidget):
    """Some buttons in a flow, which stands in a column."""

    outer: QWidget

    def __init__(self) -> None:
        super().__init__()
        self.buttons = [Button(word) for word in WORDS]
        flow = FlowLayout()
        for button in self.buttons:
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(flow)

    @property
    def flow(self) -> FlowLayout:
        layout = self.layout()
        inner = layout.itemAt(0) if layout is not None else None
        assert isinstance(inner, FlowLayout)
        return inner


@pytest.fixture
def line(qtbot: QtBot) -> Line:
    outer, made = QWidget(), Line()
    qtbot.addWidget(outer)
    column = QVBoxLayout(outer)
    between = QWidget()  # nobody holds on to it but Qt
    inside = QVBoxLayout(between)
    inside.addWidget(made)
    column.addWidget(between)
    del between, inside
    gc.collect()
    outer.show()
    made.outer = outer
    return made


def test_looking_for_where_tab_goes_leaves_a_flow_as_it_is(line: Line) -> None:
    for _ in range(3):
        assert [one.text() for one in stops(line.window()) if isinstance(one, Button)] == [*WORDS]
    line.flow.invalidate()
    assert line.flow.minimumSize().isValid()
    assert line.flow.heightForWidth(60) > line.flow.heightForWidth(600) > 0


def test_a_widget_that_is_gone_leaves_the_flow(line: Line) -> None:
    line.buttons.pop(1).deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [line.flow.itemAt(place) for place in range(line.flow.count())]
    assert [item.widget() for item in left if item is not None] == line.buttons
