"""What can wait is done after something is on the screen, once, and also where nothing is."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.painted import LATEST_MS, AfterPaint, OnceSeen


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.number = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.number += event.type() == QEvent.Type.Paint
        return False


def test_it_is_done_once_and_not_before_the_paint_has_ended(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    paints = Paints(widget)
    done: list[int] = []
    AfterPaint(widget, lambda: done.append(paints.number))
    assert done == []
    widget.show()
    qtbot.waitUntil(lambda: bool(done))
    assert done == [1]
    widget.repaint()
    qtbot.waitUntil(lambda: paints.number == 2)
    assert done == [1]


def test_of_a_widget_that_nobody_sees_it_is_done_all_the_same(qtbot: QtBot) -> None:
    hidden = QWidget()
    qtbot.addWidget(hidden)
    done: list[str] = []
    AfterPaint(hidden, lambda: done.append("done"))
    qtbot.waitUntil(lambda: done == ["done"], timeout=LATEST_MS * 20)


def test_what_waits_is_done_in_order_and_what_comes_later_at_once(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    seen, done = OnceSeen(), list[str]()

    def first() -> None:
        done.append("first")

    seen.do(first)
    seen.do(lambda: done.append("second"))
    seen.do(first)
    seen.await_paint(widget)
    assert (seen.seen, done) == (False, [])
    widget.show()
    qtbot.waitUntil(lambda: seen.seen)
    assert done == ["first", "second"]
    seen.do(lambda: done.append("third"))
    assert done[2:] == ["third"]


def test_who_need_not_wait_for_the_paint_does_not_do_it_twice(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    paints, seen, done = Paints(widget), OnceSeen(), list[str]()
    seen.do(lambda: done.append("done"))
    seen.await_paint(widget)
    seen.now()
    assert done == ["done"]
    widget.show()
    qtbot.waitUntil(lambda: paints.number > 0)
    widget.repaint()
    assert done == ["done"]
