"""The bar under a list in which several users are selected: how many, and what to do with them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr, trn
from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import Label


class PickedBar(QFrame):
    """Shown for two users and more."""

    issue_wanted = Signal()
    copy_wanted = Signal()
    export_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("picked")
        self.said = Label("", "section")
        self.issue_button = Button(tr("Issue credits…"), self.issue_wanted.emit, kind="primary")
        self.copy_button = Button(tr("Copy"), self.copy_wanted.emit, shortcut="Ctrl+C")
        self.export_button = Button(tr("Export…"), self.export_wanted.emit, shortcut="Ctrl+Shift+E")
        self.clear_button = Button(tr("Clear"), self.clear_wanted.emit, kind="link")
        self.clear_button.setAccessibleName(tr("Clear the selection"))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=4)
        for button in (self.issue_button, self.copy_button, self.export_button):
            flow.addWidget(button)
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(self.clear_button)
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule)
        inner = QVBoxLayout()
        inner.setContentsMargins(14, 8, 8, 10)
        inner.setSpacing(6)
        inner.addLayout(head)
        inner.addWidget(buttons)
        column.addLayout(inner)
        self.hide()

    def show_picked(self, count: int, *, everything: bool, issuing: bool) -> None:
        """Say how many are selected; ``issuing`` is whether credits may be issued to them."""
        if everything:
            said = trn("All {count} user selected", "All {count} users selected", count)
        else:
            said = trn("{count} user selected", "{count} users selected", count)
        self.said.setText(said)
        self.issue_button.setVisible(issuing)
        self.setVisible(count > 1)
