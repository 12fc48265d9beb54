"""A small made-up world for the Requests page: a clock that stands still, people who complain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.charges import Outcome
from app.domain.errors import InsufficientCredits
from app.ui.background import Background
from app.ui.page import Page, PageEntry
from app.ui.requests.page import RequestsPage
from app.ui.window import Standing, Window

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
AMIRA, BEN, CARLA = "usr_amira", "usr_ben", "usr_carla"
MIRA, SAM, LEA, QUENTIN = "mira", "sam", "lea", "quentin"
HOSTILE = "<img src=x><b>bold</b> \u202egnp.exe\u202c \x07" + "I want my credits back! " * 430


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def people(desk: Desk, clock: Clock) -> None:
    """Amira's job failed, Ben was charged twice, Carla has nothing left."""
    clock.now = datetime(2026, 10, 1, 9, tzinfo=UTC)
    for user, name in ((AMIRA, "Amira Haddad"), (BEN, "Ben Ødegård"), (CARLA, "Carla Núñez")):
        mail = f"{user.removeprefix('usr_')}@example.com"
        desk.accounts.register(
            user, email=mail, name=name, referral_code=f"PIX-{user[4:6].upper()}"
        )
        desk.accounts.change_plan(user, "plus")
    clock.now = datetime(2026, 11, 20, 18, 54, tzinfo=UTC)
    desk.charging.charge(AMIRA, "nano_banana_pro_2k", key="job-1", job="job-1")
    desk.charging.report_outcome("job-1", Outcome.FAILED)
    for second in (1, 20):
        clock.now = datetime(2026, 11, 20, 19, 0, second, tzinfo=UTC)
        desk.charging.charge(BEN, "image_extender", key=f"twice-{second}", job="job-2")
    clock.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    desk.charging.charge(CARLA, "nano_banana_pro_4k", key="much", quantity=4)
    try:
        desk.charging.charge(CARLA, "nano_banana_pro_4k", key="too-much", quantity=4)
    except InsufficientCredits:
        clock.now = NOW


def complaints(desk: Desk) -> None:
    """Five requests, the oldest first; the last is from nobody known."""
    for hours, user, ticket, category, message in (
        (31, AMIRA, "ZD-1", "failed_generation", "It failed and took 36 of my credits!"),
        (20, BEN, "ZD-2", "charged_twice", "Charged twice for one picture."),
        (9, CARLA, "ZD-3", None, "I have no credits left??"),
        (2, AMIRA, "ZD-4", "other", HOSTILE),
        (1, "somebody@else.example", "ZD-5", None, "Where are my credits?"),
    ):
        desk.requests.open(
            user=user, ticket=ticket, category=category, message=message,
            at=NOW - timedelta(hours=hours),
        )  # fmt: skip


def window_over(desk: Desk, qtbot: QtBot) -> Window:
    """A window with the Requests page alone, shown and read."""

    def build(frame: object) -> Page:
        return RequestsPage(frame)  # type: ignore[arg-type]

    window = Window(
        desk=desk,
        background=Background(),
        now=desk.now,
        zone=ZoneInfo(desk.zone),
        pages=[PageEntry("requests", "Requests", "inbox", "Ctrl+3", build)],
        standing=Standing("credits.db", writable=desk.writable, person=desk.staff_email),
    )
    qtbot.addWidget(window)
    window.show()
    window.start()
    settle(window, qtbot)
    return window


def settle(window: Window, qtbot: QtBot) -> None:
    """Wait until every question is answered and every change is made."""
    qtbot.waitUntil(lambda: not window.background.busy, timeout=20_000)


def page_of(window: Window) -> RequestsPage:
    page = window.page
    assert isinstance(page, RequestsPage)
    return page


OpenWindow = Callable[[Desk], Window]
OpenAs = Callable[[str], Desk]
