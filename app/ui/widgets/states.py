"""What a list or card shows when there is nothing, not yet, or no answer.

Put one `Overlay` over whatever is loaded: `loading` leaves the old rows in view under a thin line,
`empty` and `failed` cover them with a sentence, and keep the keyboard from what nobody sees.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.theme import current
from app.ui.widgets.button import Button
from app.ui.widgets.text import Label

LINE_AFTER_MS: Final = 150
CANCEL_AFTER_MS: Final = 3_000
_LINE_HEIGHT: Final = 2
_STEP_MS: Final = 33
_NOTHING_CHANGED: Final = tr("Nothing was changed.")
_UNCOVERED: Final = "policyUncovered"  # what the focus policy was before a cover came over it


class LoadingLine(QWidget):
    """A thin accent line along the top, moving while something is awaited."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Loading"))
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._advance)
        self.hide()

    def start(self) -> None:
        """Show it; it moves, unless the theme is to hold still."""
        if not current().still:
            self._timer.start()
        self.show()
        self.raise_()

    def stop(self) -> None:
        """Take it away."""
        self._timer.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().colour("accent_tint"))
        length = max(40, self.width() // 4)
        start = (self._step * 9) % (self.width() + length) - length if self._step else 0
        painter.fillRect(QRect(start, 0, length, self.height()), current().colour("accent"))

    def _advance(self) -> None:
        self._step += 1
        self.update()


class _Stopper(Button):
    """The Cancel of what takes long, in view over everything else."""


class Overlay(QWidget):
    """Covers `over` (and follows its size) with the state of what is shown in it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.line = LoadingLine(over)
        self._stopper = _Stopper(tr("Cancel"), self._stop)
        self._stopper.setParent(over)
        self._stopper.hide()
        self._cancel: Callable[[], object] | None = None
        self._act: Callable[[], object] | None = None
        self._details = ""
        self._line_timer = self._timer(LINE_AFTER_MS, self._show_line)
        self._cancel_timer = self._timer(CANCEL_AFTER_MS, self._show_stopper)
        over.installEventFilter(self)
        self.setAutoFillBackground(True)
        self.hide()

    def ready(self) -> None:
        """Show what is underneath."""
        self._end_loading()
        if not self.isHidden():
            self.hide()
            self._guard_keys()

    def loading(self, cancel: Callable[[], object] | None = None) -> None:
        """Await an answer: after 150 ms a line, after 3 s a Cancel. What is in view stays."""
        self._cancel = cancel
        if self._line_timer.isActive() or self.line.isVisible():
            return
        self._line_timer.start()
        if cancel:
            self._cancel_timer.start()

    def empty(
        self, sentence: str, action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Say that there is nothing, and the one thing to do about it."""
        self._say(sentence, "", action, act)

    def failed(
        self,
        what: str,
        unchanged: str = _NOTHING_CHANGED,
        retry: Callable[[], object] | None = None,
        details: str = "",
    ) -> None:
        """Say what failed and what was not touched by it, with Retry and Copy details."""
        self._say(what, unchanged, tr("Retry") if retry else "", retry)
        self._details = details
        self._copy.setVisible(bool(details))

    def settle(self) -> None:
        """Show at once what would come after a while: for pictures, which wait for nobody."""
        self._cancel_timer.stop()  # or it would depend on how long the picture took
        if self._line_timer.isActive():
            self._line_timer.stop()
            self._show_line()

    @property
    def is_loading(self) -> bool:
        """Whether an answer is awaited."""
        return self._line_timer.isActive() or self.line.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), current().colour("surface"))

    def _build(self) -> None:
        self._sentence = Label("", "body", "text2", wrap=True)
        self._note = Label("", "caption", "text3", wrap=True)
        for label in (self._sentence, self._note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = Button("", self._do)
        self._copy = Button(tr("Copy details"), self._copy_details, kind="link")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._button)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._sentence)
        column.addWidget(self._note)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addStretch(3)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    def _say(self, sentence: str, note: str, action: str, act: Callable[[], object] | None) -> None:
        self._end_loading()
        if self.layout() is None:
            self._build()  # only now: most of what is loaded is there, and never fails
        self._sentence.setText(sentence)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._act = act
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._copy.hide()
        self._place()
        self.show()
        self.raise_()
        self._guard_keys()

    def _guard_keys(self) -> None:
        """Let Tab come to what is in view, and to nothing that a cover hides."""
        view = self._over.parentWidget()
        shows = isinstance(view, QAbstractScrollArea) and view.viewport() is self._over
        whole = view if shows and view is not None else self._over
        above = whole.parentWidget()
        while above is not None and not _has_cover(above):
            above = above.parentWidget()
        if shows:
            _keep_tab(whole, away=above is not None or not self.isHidden())
        _guard(self._over, covered=above is not None)

    def _do(self) -> None:
        if self._act:
            self._act()

    def _stop(self) -> None:
        self._end_loading()
        if self._cancel:
            self._cancel()

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)

    def _show_line(self) -> None:
        self._place()
        self.line.start()

    def _show_stopper(self) -> None:
        self._stopper.adjustSize()
        self._place()
        self._stopper.show()
        self._stopper.raise_()

    def _end_loading(self) -> None:
        self._line_timer.stop()
        self._cancel_timer.stop()
        self.line.stop()
        self._stopper.hide()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        self.line.setGeometry(0, 0, self._over.width(), _LINE_HEIGHT)
        self._stopper.move((self._over.width() - self._stopper.width()) // 2, 16)


def _guard(widget: QWidget, *, covered: bool) -> None:
    """Guard what stands in a widget; another cover over a part of it holds on for that part."""
    beneath = covered or _has_cover(widget)
    for child in widget.children():
        if isinstance(child, QWidget):
            hidden = covered if isinstance(child, (Overlay, _Stopper)) else beneath
            shown = child.viewport() if isinstance(child, QAbstractScrollArea) else child
            _keep_tab(child, away=hidden or _has_cover(shown))
            _guard(child, covered=hidden)


def _has_cover(widget: QWidget) -> bool:
    return any(isinstance(one, Overlay) and not one.isHidden() for one in widget.children())


def _keep_tab(widget: QWidget, *, away: bool) -> None:
    """Take a widget out of the order of Tab, or give it back the place it had."""
    policy, before = widget.focusPolicy(), widget.property(_UNCOVERED)
    if away and policy & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus:
        widget.setProperty(_UNCOVERED, policy.value)
        widget.setFocusPolicy(Qt.FocusPolicy(policy.value & ~Qt.FocusPolicy.TabFocus.value))
    elif not away and before is not None:
        widget.setProperty(_UNCOVERED, None)
        widget.setFocusPolicy(Qt.FocusPolicy(before))
