"""What a screen reader is told besides the names of things: what happened just now."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from app.ui import format as write


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a sentence spoken that belongs to a widget; ``urgent`` ones interrupt.

    Nothing is done while no screen reader listens.
    """
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, write.paragraph(text))
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
