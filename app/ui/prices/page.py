"""The page of prices: the table edited as a draft, publishing, versions, import and export."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from app.domain.errors import CreditsError
from app.domain.policy import Policy
from app.domain.price_changes import ChangeKind
from app.domain.prices import Feature
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.columns import csv_lines
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.page import Frame, Page, Sentences, show_phase
from app.ui.prices.editing import Editing
from app.ui.prices.features import FeaturesCard
from app.ui.prices.files import ask_open, ask_save
from app.ui.prices.head import Head, PriceNotices
from app.ui.prices.opening import open_feature
from app.ui.prices.policy_panel import PolicyPanel
from app.ui.prices.publishing import Publishing
from app.ui.prices.state import PricesState, arrived, headline, load, notices_of
from app.ui.prices.tabs import PriceTabs
from app.ui.prices.version_acts import VersionActs
from app.ui.prices.versions import VersionsCard, action_of
from app.ui.prices.what_if import WhatIfPanel
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.dialog import Question

_NARROW: Final = 1060
_SENTENCES: Final = Sentences(
    empty=tr("There is no price list yet."), failed=tr("The price list could not be read.")
)


class PricesPage(Page):
    """Prices as they stand or as the person's draft has them, and every version there was."""

    concerns: ClassVar[frozenset[str] | None] = frozenset({"prices"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = PricesState()
        self._question = Latest(frame.background, owner=self)
        self._edits = 0
        self._compare_next = False
        self._narrow = False
        self._publishing = Publishing(self, self)
        self.acts = VersionActs(self, self)
        self._build()
        self.setAcceptDrops(True)
        current().changed.connect(self._make_room)
        self.show_state(self.state)

    # What the window asks

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            # So that the arrow keys choose a price at once, in sight of whoever presses F2.
            self.features.table.setFocus()

    def reload(self) -> None:
        """Read the list, the draft and the versions anew; what is shown stays meanwhile."""
        self.show_state(replace(self.state, phase="loading"))
        desk, edits = self.frame.desk, self._edits
        self._question.ask(
            lambda stop: load(desk, stop), lambda read: self._arrived(read, edits), self._failed
        )

    def actions_offered(self) -> Sequence[Action]:
        """Editing, publishing, files: all by keyboard too."""
        return (
            Action("edit-price", tr("Edit price"), self.edit_price, "F2"),
            Action("paste-prices", tr("Paste prices"), self.features.table.paste),
            Action("add-feature", tr("Add feature…"), self.add_feature),
            Action("features", tr("Features and their prices"), self.open_features, "Alt+1"),
            Action("policy", tr("Allowances, bonuses and limits"), self.open_policy, "Alt+2"),
            Action("price-versions", tr("Price list versions"), self.open_versions, "Alt+3"),
            Action(
                "what-if", tr("What if: try the draft on past months"), self.open_what_if, "Alt+4"
            ),
            Action("publish-prices", tr("Publish prices…"), self.publish, "Ctrl+S"),
            Action("undo-price", tr("Undo price edit"), self.undo, "Ctrl+Z"),
            Action(
                "redo-price", tr("Redo price edit"), self.redo, "Ctrl+Y", more=("Ctrl+Shift+Z",)
            ),
            Action("discard-draft", tr("Discard draft"), self.discard),
            Action("import-prices", tr("Import price list…"), self.ask_import, "Ctrl+O"),
            Action("export-prices", tr("Export price list…"), self.ask_export, "Ctrl+E"),
            Action("compare-prices", tr("Compare price lists…"), lambda: self.acts.compare(())),
            Action("prices-at", tr("Prices in force at an instant…"), self.acts.ask_in_force),
            Action("export-price-table", tr("Export table as CSV…"), self.ask_export_table),
        )

    def show_state(self, state: PricesState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self.head.show_list(state, headline(state, self.frame.zone, self.frame.now()))
        self.features.show_prices(state)
        self._show_policy(state)
        editing = state.editing
        self.what_if.keeps = not state.why_not
        self.what_if.show_draft(None if editing is None else editing.prices, edited=state.edited)
        self.what_if.show_kept(state.trial)
        self.versions.show_versions(state.versions, may_edit=not state.why_not)
        self.notices.show_said(notices_of(state, self.frame.zone, self.frame.now()))
        self._show_phase(state)

    # Editing

    def undo(self) -> None:
        """One edit back."""
        if self.state.editing is not None and self.state.editing.can_undo:
            self._take(self.state.editing.undo())

    def redo(self) -> None:
        """One edit forward again."""
        if self.state.editing is not None and self.state.editing.can_redo:
            self._take(self.state.editing.redo())

    def discard(self) -> None:
        """Back to the list as it was published: undone with undo, or else asked before."""
        editing, newest = self.state.editing, self.state.latest
        if editing is None or newest is None or not self.state.edited:
            return
        if newest.number == editing.base.number:
            self._take(editing.with_list(newest.prices))
            return
        Question(
            self,
            tr("Discard this draft?"),
            trn(
                "It has {count} change to price list {number}, which will be gone.",
                "It has {count} changes to price list {number}, which will be gone.",
                len(editing.changes),
                number=editing.base.number,
            ),
            tr("Discard"),
            lambda: self._take(Editing.begun(newest)),
            kind="danger",
        ).open()

    def price(self, key: str, credits: int) -> None:
        """Give a feature another price."""
        editing = self.state.editing
        if editing is not None:
            self.take_list(lambda: editing.with_feature(key, credits=credits))

    def paste(self, credits: Mapping[str, int]) -> None:
        """Give several features other prices, in one step to undo."""
        editing = self.state.editing
        if editing is not None:
            self.take_list(lambda: editing.with_prices(credits))

    def restore(self, key: str) -> None:
        """Make a feature what it was before the draft."""
        editing = self.state.editing
        if editing is not None:
            self.take_list(lambda: editing.restored(key))

    def retire(self, key: str) -> None:
        """Leave a feature out of the draft."""
        editing = self.state.editing
        if editing is not None:
            self.take_list(lambda: editing.without(key))

    def add_feature(self) -> None:
        """Open the dialog of a new feature."""
        self._edit_feature(None)

    def edit_feature(self, feature: Feature) -> None:
        """Open the dialog of a feature."""
        self._edit_feature(feature)

    def _edit_feature(self, feature: Feature | None) -> None:
        if self.state.editing is None or self.state.why_not:
            self.remark(self.state.why_not)
        else:
            open_feature(self, self.state.editing, self._take, feature)

    def edit_price(self) -> None:
        """Edit the price of the feature the keyboard is on, from whichever tab."""
        self.tabs.setCurrentWidget(self.features)
        self.features.edit_current()

    def open_features(self) -> None:
        """Show the table of prices, the keyboard in it."""
        self.tabs.setCurrentWidget(self.features)
        self.features.take_focus()

    def open_policy(self) -> None:
        """Show allowances, bonuses and limits: to edit, or for others to read."""
        self.tabs.setCurrentWidget(self.policy)
        (self.tabs.tabBar() if self.state.why_not else self.policy.first_field()).setFocus()

    def go(self, place: object) -> None:
        if place == "policy":
            self.open_policy()
        elif isinstance(place, int):  # the number of a version
            self.open_versions()

    def open_versions(self) -> None:
        """Show every version there was."""
        self.tabs.setCurrentWidget(self.versions)
        self.versions.table.setFocus()

    def open_what_if(self) -> None:
        """Show what the draft would have done to past months."""
        self.tabs.setCurrentWidget(self.what_if)
        self.what_if.run_button.setFocus()

    def _tab_chosen(self, _place: int) -> None:
        in_view = self.tabs.currentWidget() is self.what_if
        self.what_if.strip.hold_back(quiet=in_view)

    def take_policy(self, policy: Policy) -> None:
        """Give the draft another policy, or say why not and show what it has."""
        editing = self.state.editing
        if editing is not None:
            self.take_list(lambda: editing.with_list(replace(editing.prices, policy=policy)))
            self._show_policy(self.state)

    def _take(self, editing: Editing) -> None:
        """Show an edited draft and keep it."""
        if self.state.why_not:
            self.remark(self.state.why_not)
            return
        if editing == self.state.editing:
            return
        self._edits += 1
        self.show_state(replace(self.state, editing=editing, remark=""))
        self._publishing.keep(editing, self.remark)

    def take_list(self, make: Callable[[], Editing]) -> None:
        """Take what `make` makes, or say why it cannot be."""
        try:
            self._take(make())
        except CreditsError as error:
            self.frame.trouble(error)

    # Publishing

    def publish(self) -> None:
        """Open the difference with its note and instant; or say why there is nothing to publish."""
        state = self.state
        if state.why_not or not state.edited or state.editing is None:
            self.remark(state.why_not or tr("There is nothing to publish: no price was edited."))
        elif state.stale:
            self.compare()
        else:
            self._publishing.open(state.editing, self.what_if.note)

    def compare(self) -> None:
        """Show the draft beside what was published since it was begun, and go on from there."""
        if self.state.editing is not None and self.state.latest is not None:
            self._publishing.compare(self.state.editing, self.state.latest)

    def published(self) -> None:
        """The draft is a version now: read everything anew."""
        self._edits += 1
        self.state = replace(self.state, editing=None)
        self.frame.tell({"prices"})

    def reload_to_compare(self) -> None:
        """Somebody else published first: read what, then show the three lists."""
        self._compare_next = True
        self.reload()

    # Files

    def ask_import(self) -> None:
        """Choose a `pricing.json` to read."""
        ask_open(self, self.acts.import_file)

    def ask_export(self) -> None:
        """Choose where to save the list as it is shown, the draft's edits included."""
        editing = self.state.editing
        if editing is not None:
            name = "pricing-draft.json" if self.state.edited else "pricing.json"
            self.acts.ask_export(name, editing.prices)

    def ask_export_table(self) -> None:
        """Choose where to save the table of prices as it is shown."""
        table = self.features.table
        lines = "".join(csv_lines(table.visible_columns(), table.prices_model.rows))
        ask_save(self, "prices.csv", lambda path: self.acts.save(path, lines.encode()), kind="CSV")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        files = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if len(files) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.acts.import_file(event.mimeData().urls()[0].toLocalFile())

    # Answers

    def _arrived(self, read: PricesState, edits: int) -> None:
        self.show_state(arrived(self.state, read, edited_meanwhile=edits != self._edits))
        if self._compare_next:
            self._compare_next = False
            self.compare()

    def _failed(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Reading the price list"))
        details = trouble.details or "".join(traceback.format_exception(error))
        self.show_state(
            replace(self.state, phase="failed", failed=trouble.sentence, details=details)
        )

    def remark(self, sentence: str) -> None:
        """Say something under the table."""
        self.state = replace(self.state, remark=sentence)
        self.features.say(sentence)

    # Widgets

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 16, PAGE_PADDING, PAGE_PADDING)
        column.setSpacing(CARD_GAP)
        self.head = Head(self.undo, self.redo, self.discard, self.publish)
        self.head.set_menu(self._menu_actions())
        column.addWidget(self.head)
        self.notices = PriceNotices(self.compare)
        column.addWidget(self.notices)
        self.features = FeaturesCard(self.frame, self)
        self.policy = PolicyPanel()
        self.policy.taken.connect(self.take_policy)
        self.what_if = WhatIfPanel(self.frame)
        self.what_if.strip.opens = self.open_what_if
        column.addWidget(self.what_if.strip)
        self.versions = VersionsCard(self.frame, self.acts)
        self.tabs = PriceTabs((self.features, self.policy, self.versions, self.what_if))
        self.tabs.currentChanged.connect(self._tab_chosen)
        column.addWidget(self.tabs, 1)

    def _menu_actions(self) -> list[QAction]:
        return [
            action_of(self, tr("Add feature…"), self.add_feature),
            action_of(self, tr("Import price list…\tCtrl+O"), self.ask_import),
            action_of(self, tr("Export price list…\tCtrl+E"), self.ask_export),
            action_of(self, tr("Export table as CSV…"), self.ask_export_table),
        ]

    def _show_policy(self, state: PricesState) -> None:
        if state.editing is None:
            return
        editing = state.editing
        self.policy.show_policy(editing.prices.policy, editing.base.prices.policy, state.why_not)
        edited = sum(change.kind is ChangeKind.POLICY for change in editing.changes)
        self.tabs.show_counts(edited=edited, versions=len(state.versions))

    def _show_phase(self, state: PricesState) -> None:
        sentences = replace(_SENTENCES, failed=state.failed or _SENTENCES.failed)
        overlay = self.features.table.overlay
        show_phase(overlay, state.phase, sentences, retry=self.reload, details=state.details)
        if state.phase == "failed":
            self.versions.table.overlay.empty(tr("The versions were not read either."))
        else:
            show_phase(self.versions.table.overlay, state.phase, sentences)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a small window, or with large text, names that differ at their end need the room."""
        narrow = self.width() < current().px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self.features.table.make_room({"description", "trend"}, narrow=narrow)
            self.versions.table.make_room({"published"}, narrow=narrow)
            self.what_if.make_room(narrow=narrow)
