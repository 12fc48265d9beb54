"""A small made-up world for the Users page: a clock that stands still, people with stories."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from app.desk import Desk, open_desk
from app.domain.charges import Outcome
from app.domain.errors import InsufficientCredits
from app.ui.background import Background
from app.ui.page import Page, PageEntry
from app.ui.users.page import UsersPage
from app.ui.window import Standing, Window

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
NAMES = (
    "Ben Ødegård", "Carla Núñez", "Dmitri Volkov", "Eva Lindqvist", "Felix Baumann", "Gina Rossi",
    "Hugo Martin", "Ines Carvalho", "Jan de Vries", "Kira Tanaka", "Liam O’Connor", "Mona Saleh",
    "Nils Berg", "Olga Petrova", "Pete Wong", "<img src=x><b>Quinn</b>",
)  # fmt: skip
AMIRA = "usr_01JD8Q4ZK7"
PATIENCE_MS = 60_000
"""How long a busy machine may take; nothing waits that long where it works."""


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = datetime(2025, 12, 3, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes_to(self, *fields: int) -> None:
        self.now = datetime(*fields, tzinfo=UTC)  # type: ignore[misc, arg-type]


def amira(desk: Desk, clock: Clock) -> None:
    """A year of a Pro user: uses, a failed job, a refund, grants, a void, an invitation."""
    accounts, support = desk.accounts, desk.support
    accounts.register(
        AMIRA, email="amira.haddad@example.com", name="Amira Haddad", referral_code="PIX-7Q2M"
    )
    clock.goes_to(2026, 1, 5, 10)
    accounts.change_plan(AMIRA, "plus")
    clock.goes_to(2026, 3, 3, 10)
    accounts.change_plan(AMIRA, "pro")
    uses = ("nano_banana_pro_4k", "image_extender", "qwen_image_4k", "remove_bg_batch", "ghostface")
    for month in range(3, 12):
        for at, feature in enumerate(uses * 3):
            clock.goes_to(2026, month, 2 + at, 8 + at % 9, 31)
            key = f"amira-{month}-{at}"
            desk.charging.charge(AMIRA, feature, key=key, quantity=1 + (at * month) % 4)
    clock.goes_to(2026, 11, 20, 18, 54)
    failed = desk.charging.charge(AMIRA, "nano_banana_pro_2k", key="job-9921", job="job-9921")
    desk.charging.report_outcome("job-9921", Outcome.FAILED)
    support.refund(failed.id, reason="failed_generation")
    clock.goes_to(2026, 11, 21, 9, 12)
    failed = desk.charging.charge(AMIRA, "nano_banana_2_4k", key="job-9988", job="job-9988")
    desk.charging.report_outcome("job-9988", Outcome.FAILED)
    clock.goes_to(2026, 11, 21, 17, 25)
    note = "Batch of 25 came back empty"
    support.grant(
        AMIRA, 150, reason="failed_generation", note=note, ticket="ZD-48213", validity="P30D"
    )
    wrong = support.grant(AMIRA, 40, reason="goodwill", note="meant for another", ticket="ZD-48219")
    clock.goes_to(2026, 11, 21, 17, 40)
    support.void(wrong.id, reason="given_in_error", note="wrong user")
    try:
        desk.charging.charge(AMIRA, "nano_banana_pro_4k", key="too-much", quantity=900)
    except InsufficientCredits:
        accounts.note(AMIRA, "Asked twice about batch export; explained that uses are by photo.")
    clock.goes_to(2026, 11, 22, 13, 40)
    long_ago = clock.now - timedelta(hours=30)
    desk.charging.charge(AMIRA, "image_extender", key="late", at=long_ago)


def others(desk: Desk, clock: Clock) -> None:
    """Everybody else: some on Plus or Pro, some with nothing left, one invited by Amira."""
    for at, name in enumerate(NAMES):
        clock.goes_to(2026, 6 + at % 6, 1 + at, 12)
        user = f"usr_01JE{at:02}MX"
        mail = f"{name.split()[0].lower()}{at}@example.com".replace("<img", "img")
        by = "PIX-7Q2M" if at == 4 else "PIX-NONE" if at == 5 else None
        desk.accounts.register(user, email=mail, name=name, referral_code=f"C-{at}", referred_by=by)
        if at % 3:
            desk.accounts.change_plan(user, ("free", "plus", "pro")[at % 3])
        if at % 4 == 1:
            desk.charging.charge(user, "image_extender", key=f"first-{at}")
        if at % 4 == 2:
            desk.charging.charge(user, "qwen_image_4k", key=f"first-{at}", quantity=2)


def fill(desk: Desk, clock: Clock) -> None:
    """Let the whole year happen, up to now."""
    amira_starts = clock.now
    others(desk, clock)
    clock.now = amira_starts
    amira(desk, clock)
    clock.now = NOW


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the world in it, made once."""
    path = tmp_path_factory.mktemp("world") / "credits.db"
    clock = Clock()
    with open_desk(path, staff="maria@pixpretty.example", now=clock) as desk:
        desk.staff.add("sam@pixpretty.example", "support")
        desk.staff.add("quentin@pixpretty.example", "qa")
        fill(desk, clock)
    return path


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.now = NOW
    return made


OpenAs = Callable[[str], Desk]


@pytest.fixture
def open_as(filled: Path, tmp_path: Path, clock: Clock) -> Iterator[OpenAs]:
    """Opens a copy of the world as somebody."""
    path = tmp_path / "credits.db"
    path.write_bytes(filled.read_bytes())
    opened: list[Desk] = []

    def as_(person: str) -> Desk:
        desk = open_desk(path, staff=f"{person}@pixpretty.example", now=clock)
        opened.append(desk)
        return desk

    yield as_
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_as: OpenAs) -> Desk:
    return open_as("maria")


def window_over(desk: Desk, qtbot: QtBot) -> Window:
    """A window with the Users page alone, shown and read."""
    window = starting_over(desk, qtbot)
    page = page_of(window)
    qtbot.waitUntil(
        lambda: page.shown.phase == "ready" and page.state.phase == "ready", timeout=PATIENCE_MS
    )
    return window


def starting_over(desk: Desk, qtbot: QtBot) -> Window:
    """A window with the Users page alone, shown, that has asked for its list and not got it."""

    def build(frame: object) -> Page:
        return UsersPage(frame)  # type: ignore[arg-type]

    window = Window(
        desk=desk,
        background=Background(),
        now=desk.now,
        zone=ZoneInfo(desk.zone),
        pages=[PageEntry("users", "Users", "users", "Ctrl+2", build)],
        standing=Standing("credits.db", writable=desk.writable, person="Maria K.", role="Admin"),
    )
    qtbot.addWidget(window)
    window.show()
    window.start()
    return window


def page_of(window: Window) -> UsersPage:
    page = window.page
    assert isinstance(page, UsersPage)
    return page


@pytest.fixture
def over(qtbot: QtBot) -> Iterator[Callable[[Desk], Window]]:
    """Opens a window over a desk, and closes it when the test is done."""
    opened: list[Window] = []

    def open_window(desk: Desk) -> Window:
        opened.append(window_over(desk, qtbot))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()


@pytest.fixture
def window(desk: Desk, over: Callable[[Desk], Window]) -> Window:
    return over(desk)


@pytest.fixture
def starting(desk: Desk, qtbot: QtBot) -> Iterator[Callable[[], UsersPage]]:
    """Opens a window on a page that has asked for its list and not got it yet."""
    opened: list[Window] = []

    def open_page() -> UsersPage:
        opened.append(starting_over(desk, qtbot))
        return page_of(opened[-1])

    yield open_page
    for window in opened:
        window.close()


@pytest.fixture
def page(window: Window) -> UsersPage:
    return page_of(window)
