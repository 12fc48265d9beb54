"""Opening the dialogs that edit a draft: each hands the next step to `take`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.domain.policy import Policy
from app.domain.prices import Feature
from app.ui.prices.editing import Editing
from app.ui.prices.feature_dialog import FeatureDialog
from app.ui.prices.policy_dialog import PolicyDialog

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


def open_policy(parent: QWidget, editing: Editing, take: Take, why_not: str) -> PolicyDialog:
    """The dialog of allowances, bonuses and limits; only to be read where `why_not` says why."""

    def taken(policy: Policy) -> None:
        take(editing.with_list(replace(editing.prices, policy=policy)))

    dialog = PolicyDialog(parent, editing.prices.policy, taken, why_not=why_not)
    dialog.open()
    return dialog
