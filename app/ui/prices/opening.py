"""Opening the dialogs that edit a draft: each hands the next step to `take`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.prices import Feature
from app.ui.prices.editing import Editing
from app.ui.prices.feature_dialog import FeatureDialog

Take = Callable[[Editing], object]


def open_feature(
    parent: QWidget, editing: Editing, take: Take, feature: Feature | None = None
) -> FeatureDialog:
    """The dialog of a feature, or without one that of a new feature."""

    def taken(edited: Feature) -> None:
        take(editing.with_changed(edited) if feature else editing.with_new(edited))

    families = [other.family for other in editing.prices.features]
    dialog = FeatureDialog(parent, families, taken, feature)
    dialog.open()
    return dialog
