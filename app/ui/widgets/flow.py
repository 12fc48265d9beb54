"""A layout that fills lines from the left and begins a new one when the line is full."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem

_TALLEST = 16_777_215


class FlowLayout(QLayout):
    """Widgets one after the other, wrapped like words."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self._taken: QLayoutItem | None = None
        self._heights: dict[int, int] = {}
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addWidget(self, widget: QWidget) -> None:
        """Add a widget to the end.

        Its item is made here: of one that Qt makes the binding forgets what it stands for as soon
        as something else lets go of the layout, and the next layout would end the program.
        """
        self.addChildWidget(widget)
        self.addItem(QWidgetItem(widget))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        # Held until the next one: Qt deletes it, and it must not be gone before.
        self._taken = self._items.pop(index)
        return self._taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        # Asked for dozens of times while one window is laid out.
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return height

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the items (or only reckon); returns the height needed."""
        margins = self.contentsMargins()
        rect = rect.marginsRemoved(margins)
        left, top, tallest = rect.left(), rect.top(), 0
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for item in self._items:
            if item.isEmpty():
                continue
            # What is wider than a line is cut at its end.
            size = item.sizeHint().boundedTo(QSize(max(1, rect.width()), _TALLEST))
            if left > rect.left() and left + size.width() > rect.right() + 1:
                left, top = rect.left(), top + tallest + self._gap // 2
                tallest = 0
            if move:
                start = rect.right() + rect.left() - left - size.width() + 1 if mirrored else left
                item.setGeometry(QRect(QPoint(start, top), size))
            left += size.width() + self._gap
            tallest = max(tallest, size.height())
        return top + tallest - rect.top() + margins.top() + margins.bottom()
