"""The states of the Overview page and its dialog."""

from datetime import UTC, datetime
from typing import Final

from app.domain.integrity import Counts, Report, Violation
from app.ui.gallery import texts
from app.ui.gallery.shown import PAGE_SIZE, Shown, in_window, whole_page
from app.ui.overview.page import OverviewPage
from app.ui.overview.report import ReportDialog

_BROKEN: Final = Report(
    ok=False,
    violations=(
        Violation(
            "outstanding credits equal the grants",
            "What is outstanding for each day of expiry is the sum of what remains of the grants.",
            ("row kept, day 20261231, credits 304", "row real, day 20261231, credits 299"),
            2,
        ),
        Violation("long", texts.LONG, (texts.HOSTILE, texts.UNBROKEN), 4_812),
    ),
    checked_at=datetime(2026, 11, 22, 14, 2, tzinfo=UTC),
    counts=Counts(600, 20_000, 8_000, 300, 900, 36),
    audit_head="0" * 64,
)


def _december(_desk: object) -> dict[str, str]:
    return {"what": "owed", "month": "2026-12"}


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page("overview", OverviewPage),
    Shown(OverviewPage, "users behind", in_window("overview", _december), "demo", size=PAGE_SIZE),
    Shown(ReportDialog, "broken", lambda _: ReportDialog(None, _BROKEN)),
)
