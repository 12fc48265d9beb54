"""Keeping and publishing a draft, and the way on when somebody else published meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtWidgets import QWidget

from app.domain.calendar import BillingCalendar
from app.domain.errors import PriceListConflict
from app.domain.price_changes import merged, side_by_side
from app.domain.prices import PriceVersion, VersionState
from app.ui import format as write
from app.ui.errors import trouble_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.prices.dialogs import ConflictDialog, PublishDialog
from app.ui.prices.editing import Editing
from app.ui.prices.rows import start_words
from app.ui.prices.state import PricesState
from app.ui.prices.what_if_words import NoteFigures


class Editor(Protocol):
    """What publishing needs of the page."""

    frame: Frame
    state: PricesState

    def take_list(self, make: Callable[[], Editing]) -> None:
        """Take another draft, or say why it cannot be."""

    def published(self) -> None:
        """The draft is a version now: read everything anew."""

    def reload_to_compare(self) -> None:
        """Read everything anew, then show the three lists."""


class Publishing:
    """Opens the dialogs over `parent`, and does what they say."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        self._editor = editor
        self._frame = editor.frame
        self._parent = parent

    def keep(self, editing: Editing, say: Callable[[str], object]) -> None:
        """Keep the draft between starts, or forget it where nothing is edited any more."""
        pricing = self._frame.desk.pricing
        number, prices, changed = editing.base.number, editing.prices, bool(editing.changes)

        def write_down(_stop: object) -> None:
            if changed:
                pricing.save_draft(prices, based_on=number)
            else:
                pricing.discard_draft()

        def written(_nothing: None) -> None:
            clock = write.clock(self._frame.now(), self._frame.zone)
            say(
                tr("Draft saved {clock}.", clock=clock)
                if changed
                else tr("Nothing is edited any more.")
            )

        self._frame.background.write(
            write_down, written, lambda error: self._frame.trouble(error, tr("Saving the draft"))
        )

    def open(self, editing: Editing, figures: NoteFigures) -> PublishDialog:
        """Show the difference, and ask for the note and the instant.

        ``figures`` are those of the what-if, which the note can have.
        """
        dialog = PublishDialog(
            self._parent,
            editing.changes,
            [row.version for row in self._editor.state.versions],
            base=editing.base.number,
            zone=self._frame.zone,
            now=self._frame.now(),
            first_from=self._next_month(),
            figures=figures,
            publish=lambda note, at, asked: self._publish(editing, note, at, asked),
        )
        dialog.open()
        return dialog

    def compare(self, editing: Editing, theirs: PriceVersion) -> ConflictDialog:
        """Show the draft beside what was published since it was begun, and go on from there."""
        rows = side_by_side(editing.base.prices, editing.prices, theirs.prices)

        def go_on(keep: frozenset[str]) -> None:
            self._editor.take_list(lambda: rebased(editing, theirs, keep))

        dialog = ConflictDialog(self._parent, rows, editing.base, theirs, go_on)
        dialog.open()
        return dialog

    def _publish(
        self, editing: Editing, note: str, at: datetime | None, dialog: PublishDialog
    ) -> None:
        pricing, number = self._frame.desk.pricing, editing.base.number
        self._frame.background.write(
            lambda _stop: pricing.publish(
                editing.prices, based_on=number, note=note, effective_at=at
            ),
            lambda version: self._published(version, dialog),
            lambda error: self._refused(error, dialog),
        )

    def _published(self, version: PriceVersion, dialog: PublishDialog) -> None:
        dialog.accept()
        if version.state is VersionState.SCHEDULED:
            said = tr(
                "Price list {number} is published and holds from {start}.",
                number=version.number,
                start=start_words(version, self._frame.zone, self._frame.now()),
            )
        else:
            said = tr(
                "Price list {number} is published and holds from now on.", number=version.number
            )
        self._frame.say(said)
        self._editor.published()

    def _refused(self, error: Exception, dialog: PublishDialog) -> None:
        trouble = trouble_of(error, tr("Publishing"))
        dialog.refuse(trouble.sentence)
        if trouble.blame == "us":
            self._frame.trouble(error, tr("Publishing"))
        if isinstance(error, PriceListConflict):
            dialog.reject()
            self._editor.reload_to_compare()

    def _next_month(self) -> datetime:
        calendar = BillingCalendar(write.zone_name(self._frame.zone))
        return calendar.start(calendar.month_of(self._frame.now()).next)


def rebased(editing: Editing, theirs: PriceVersion, keep: frozenset[str]) -> Editing:
    """The draft's changes on top of another version; raises `PriceListInvalid`."""
    both = merged(editing.base.prices, editing.prices, theirs.prices, keep)
    return Editing.begun(theirs).with_list(both)
