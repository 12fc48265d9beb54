"""The tabs of the page of prices: features, policy, versions, what if; each has a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QTabWidget, QWidget

from app.ui import format as write
from app.ui.language import tr, trn


class PriceTabs(QTabWidget):
    """The four parts of the page, in the order of their keys: Alt+1 to Alt+4."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        self.setDocumentMode(True)
        names = (tr("Features"), tr("Policy"), tr("Versions"), tr("What if"))
        for number, (part, name) in enumerate(zip(parts, names, strict=True), start=1):
            place = self.addTab(part, name)
            keys = QKeySequence(f"Alt+{number}").toString(QKeySequence.SequenceFormat.NativeText)
            self.setTabToolTip(place, keys)

    def show_counts(self, *, edited: int, versions: int) -> None:
        """Say how much of the policy is edited, and how many versions there are."""
        policy = trn("Policy ({count} edited)", "Policy ({count} edited)", edited)
        self.setTabText(1, policy if edited else tr("Policy"))
        self.setTabText(2, tr("Versions ({count})", count=write.credits(versions)))
