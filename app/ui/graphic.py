"""A drawing that a screen reader calls one."""

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy


class Graphic(QLabel):
    """The base of what is painted by hand: its accessible name has the values that are drawn.

    A label that holds a picture is a graphic to a screen reader; a bare widget would be a client
    area, which is passed over. The picture is empty: what is seen is painted.
    """

    def __init__(self) -> None:
        super().__init__()
        empty = QPixmap(1, 1)
        empty.fill("transparent")
        self.setPixmap(empty)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
