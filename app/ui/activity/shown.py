"""The states of the page of activity and its dialog."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from app.domain.activity import ActivityQuery, ChainBreak, ChainHead, ChainReport
from app.ui.activity.chain import ChainDialog
from app.ui.activity.page import ActivityPage
from app.ui.gallery import texts
from app.ui.gallery.shown import PAGE_SIZE, Build, Shown, in_window, whole_page
from app.ui.page import Frame

_NOW: Final = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
_HEAD: Final = ChainHead(1_048_211, "c10c04072b38abd18051a3522d0dc7b0" * 2, _NOW)
_BREAKS: Final = (
    ChainBreak("missing", 40, 41),
    ChainBreak("changed", 300, 300),
    ChainBreak("changed", 1_000_300, 1_000_300),
)


def _refunds(_desk: object) -> ActivityQuery:
    return ActivityQuery(act="refund", staff="ana@pixpretty.example")


def _nobody(_desk: object) -> ActivityQuery:
    return ActivityQuery(text=texts.LONG[:120], act="refund")


def _sorted(frame: Frame) -> QWidget:
    frame.open_page("activity")
    window = cast("QWidget", frame)
    page = window.findChild(ActivityPage)
    if page is not None:
        page.table.sort_wanted("act", descending=False)
    return window


def _chain(report: ChainReport | None, then: Callable[[Any], object] = lambda _: None) -> Build:
    def build(frame: Frame) -> QWidget:
        dialog = ChainDialog(None, frame, report)
        then(dialog)
        return dialog

    return build


def _verify(dialog: ChainDialog) -> None:
    dialog.try_submit()


def _find_nothing(dialog: ChainDialog) -> None:
    dialog.noted.setText("f" * 64)
    dialog.find_noted()


def _report(*breaks: ChainBreak) -> ChainReport:
    found = len(breaks) * 12
    return ChainReport(_HEAD.record, breaks, found, _HEAD, _NOW)


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page("activity", ActivityPage),
    Shown(ActivityPage, "filtered", in_window("activity", _refunds), "demo", size=PAGE_SIZE),
    Shown(ActivityPage, "sorted", _sorted, "demo", size=PAGE_SIZE),
    Shown(ActivityPage, "nothing found", in_window("activity", _nobody), "demo", size=PAGE_SIZE),
    Shown(ChainDialog, "whole", _chain(_report()), "demo"),
    Shown(ChainDialog, "broken", _chain(_report(*_BREAKS)), "demo"),
    Shown(ChainDialog, "verifying", _chain(None, _verify), "demo", "awaited"),
    Shown(ChainDialog, "head nowhere", _chain(None, _find_nothing), "demo"),
)
