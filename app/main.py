"""The window over a desk: the only place that knows both.

The window is painted first; the database, and what it needs of Python, are opened behind it.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app import start
from app.ui import charts
from app.ui import format as write
from app.ui.background import Background
from app.ui.desk_in_use import AnotherDesk, DeskInUse, note_database, open_chosen
from app.ui.desk_window import DeskWindow
from app.ui.garbage import Collector
from app.ui.language import tr
from app.ui.locale import speak
from app.ui.page import ELSEWHERE, Frame, Page, PageEntry
from app.ui.painted import AfterPaint
from app.ui.remembered import fit_on_screen
from app.ui.signed_in import standing
from app.ui.window import EVERYTHING, Standing, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.desk import Desk
    from app.domain.calendar import Month
    from app.ui.gallery.manifest import Drawn
    from app.ui.gallery.matrix import Picture
    from app.ui.gallery.stage import Stage
    from app.ui.gallery.window import GalleryWindow

__all__ = ["Program", "attend", "pages", "pictures", "run", "standing"]

LOOK_EVERY_MS: Final = 2_000
"""How often we look for what other programs wrote, and whether a month has turned."""
STOPPED_BY: Final = 128
"""What a shell adds to the signal that ended a program."""


def run(choice: start.Choice) -> int:
    """Open the window on the database that was chosen; returns the exit code once it is closed."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication([start.PROGRAM])
    application.setApplicationName(start.PROGRAM)
    application.setApplicationDisplayName("PixPretty Credits")
    application.setDesktopFileName(start.PROGRAM)
    speak()
    program = Program(choice)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: program.stop(STOPPED_BY + number))
    fit_on_screen(program.window)
    AfterPaint(program.window, program.open)
    program.window.show()
    try:
        code = application.exec()
    finally:
        program.close()
    return code or program.code


def pictures(
    out: Path,
    only: Sequence[Picture],
    *,
    jobs: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Drawn]:
    """Draw pictures of the gallery into a folder, without a display, the same bytes every time.

    ``jobs`` processes draw at a time; ``progress`` is called with the fraction done. Raises
    ``OSError``, ``TimeoutError`` and ``DrawingFailed``.
    """
    from app.ui.gallery.jobs import draw_all

    if any(one.shown.desk in {"demo", "read-only"} for one in only):
        with start.opened(start.Choice(demo=True), progress=progress):
            pass  # made once, before every process wants a copy of it
    return draw_all(stage, only, out, jobs=jobs, progress=progress)


def stage() -> Stage:
    """What the states of the gallery are shown on."""
    from app.ui.gallery.stage import Stage

    return Stage(pages(), _standing_of_demo, attend)


def _standing_of_demo(desk: Desk) -> Standing:
    return standing(desk, demo=True)


def pages() -> tuple[PageEntry, ...]:
    """The pages, in the order of the side bar; each is imported when it is first shown."""
    return (
        PageEntry("overview", tr("Overview"), "layout-dashboard", "Ctrl+1", _overview),
        PageEntry("users", tr("Users"), "users", "Ctrl+2", _users),
        PageEntry("requests", tr("Requests"), "inbox", "Ctrl+3", _requests),
        PageEntry("prices", tr("Prices"), "tag", "Ctrl+4", _prices),
        PageEntry("consumption", tr("Consumption"), "chart-bar", "Ctrl+5", _consumption),
        PageEntry("activity", tr("Activity"), "history", "Ctrl+6", _activity),
        PageEntry("settings", tr("Settings"), "settings", "Ctrl+,", _settings, at_bottom=True),
    )


def _overview(frame: Frame) -> Page:
    from app.ui.overview.page import OverviewPage

    return OverviewPage(frame)


def _users(frame: Frame) -> Page:
    from app.ui.users.page import UsersPage

    return UsersPage(frame)


def _requests(frame: Frame) -> Page:
    from app.ui.requests.page import RequestsPage

    return RequestsPage(frame)


def _prices(frame: Frame) -> Page:
    from app.ui.prices.page import PricesPage

    return PricesPage(frame)


def _consumption(frame: Frame) -> Page:
    from app.ui.consumption.page import ConsumptionPage

    return ConsumptionPage(frame)


def _activity(frame: Frame) -> Page:
    from app.ui.activity.page import ActivityPage

    return ActivityPage(frame)


def _settings(frame: Frame) -> Page:
    from app.ui.settings.page import SettingsPage

    return SettingsPage(frame)


class Program(QObject):
    """A window and the desk behind it, from opening to closing."""

    def __init__(self, choice: start.Choice) -> None:
        super().__init__()
        self.code = 0
        self.desk: Desk | None = None
        self.gallery: GalleryWindow | None = None
        self._choice = choice
        self._use: DeskInUse | None = None
        self._seen = 0
        self._month: Month | None = None
        folder = start.data_folder()
        self.background = Background(parent=self)
        self.window = DeskWindow(
            desk=None,
            background=self.background,
            now=self.now,
            zone=UTC,
            pages=pages(),
            standing=Standing(tr("Opening…"), None),
            settings=folder / "window.ini",
            log=str(folder / "pixpretty-credits.log"),
        )
        self.window.about_to_tell = self._note_own
        self.window.about_to_begin_anew = self._restand
        self.window.opener = AnotherDesk(self.background, self._open, self._go_on)
        # Until there is a desk, nothing can be asked.
        self.window.setEnabled(False)
        self._collector = Collector(self)
        self._looking = False
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def now(self) -> datetime:
        """The present, by the clock of the desk."""
        if self.desk is not None:
            return self.desk.now()
        from app.desk import computer_clock

        return computer_clock()

    def open(self) -> None:
        """Furnish the window that is there already, and open the desk behind it."""
        self._making = self.background.reporter(self._show_making)
        first = start.is_first(self._choice)
        if first:
            self.window.standing = Standing(tr("No database is open"), None)
        else:
            self.background.write(lambda _: self._open(self._choice), self._opened, self._refused)
        self.window.furnish()
        from app.ui.errors import start_log

        try:
            start_log(start.data_folder())
        except OSError as error:
            print(f"No log can be kept: {error}", file=sys.stderr)  # noqa: T201
        self.window.catch_mistakes()
        if first:
            self._welcome()
            return
        self._timer.start()
        # While the database is being opened: the first page is wanted right after.
        import_module(f"app.ui.{self.window.first_page}.page")

    def stop(self, code: int) -> None:
        """Close the window and end with that exit code."""
        self.code = code
        self.window.close()

    def _offer_gallery(self) -> None:
        from app.ui.actions import Action

        action = Action("gallery", tr("Gallery…"), self.open_gallery, "Shift+F1")
        self.window.registry.add([action])

    def open_gallery(self) -> GalleryWindow:
        """Open the gallery of every state, or come back to it."""
        if self.gallery is None:
            from app.ui.gallery.window import GalleryWindow

            self.gallery = GalleryWindow(stage(), self.window)
            self.gallery.closed.connect(self._forget_gallery)
        self.gallery.show()
        self.gallery.activateWindow()
        return self.gallery

    def _forget_gallery(self) -> None:
        self.gallery = None

    def close(self) -> None:
        """End the work behind the window, then close the desk."""
        from app.ui.errors import stop_log

        if self.gallery is not None:
            self.gallery.close()
        self._timer.stop()
        self.background.close()
        self._collector.stop()
        if self._use is not None:
            self._use.close()
        stop_log()

    def _open(self, choice: start.Choice) -> tuple[DeskInUse, Standing]:
        used = open_chosen(replace(choice, staff=self._choice.staff), self._making)
        return used, standing(used.desk, demo=choice.demo)

    def _show_making(self, fraction: float) -> None:
        if self.desk is None:
            making = tr("Making the demo: {share}", share=write.percent(fraction))
            self.window.show_standing(Standing(making, None))

    def _opened(self, opened: tuple[DeskInUse, Standing]) -> None:
        self._take(*opened)
        self.window.setEnabled(True)
        self._offer_gallery()
        self.window.start().when_seen(self._watch)

    def _take(self, used: DeskInUse, shown: Standing) -> None:
        """Work at this desk from now on."""
        self._use, self._choice, self.desk = used, used.choice, used.desk
        self._seen, self._looking = 0, False
        self.window.desk = self.desk
        self.window.zone = ZoneInfo(self.desk.zone)
        self._month = self._running()
        self.window.show_standing(shown)
        note_database(self.window, used)

    # The first start, and another database in the same window

    def _welcome(self) -> None:
        from app.ui.choose_database import ChooseDatabase

        chooser = ChooseDatabase(self.window, self.window, first=True)
        chooser.setEnabled(True)  # the window it belongs to is not, yet
        chooser.rejected.connect(lambda: self.stop(0))
        chooser.open()

    def _go_on(self, opened: tuple[DeskInUse, Standing]) -> None:
        """Go on in this window with what was chosen in it."""
        if self.desk is None:
            self._opened(opened)
            self._timer.start()
            return
        before = self._use
        self._take(*opened)
        self.window.begin_anew()
        if before is not None:
            before.close()

    def _restand(self) -> None:
        """Everything on record is another: the zone, and who is signed in, may be too."""
        if self.desk is not None:
            self._seen, self._looking, self._month = 0, False, self._running()
            self.window.standing = standing(self.desk, demo=self._choice.demo)

    def _watch(self) -> None:
        """Begin what nobody came for: the numbers in the frame, and what draws a first chart."""
        from app.ui.daily_backup import DailyBackup

        attend(self.window)
        self._daily = DailyBackup(self.window, self.window)
        self.background.read(lambda _: charts.warm_up(), lambda _: None)

    def _refused(self, error: Exception) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QMessageBox

        from app.ui.errors import log_mistake, trouble_of

        trouble = trouble_of(error, tr("Opening the database"))
        if trouble.blame == "us":
            log_mistake(error)
        print(trouble.sentence, file=sys.stderr)  # noqa: T201
        box = QMessageBox(self.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setEnabled(True)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(trouble.sentence)
        box.finished.connect(lambda _: self.stop(1))
        box.open()

    # While it is open: others' writes, and the turn of the month

    def _look(self) -> None:
        if self.desk is None or self._looking:
            return
        self._looking = True
        self._turn_month()
        database = self.desk.office.database
        self.background.read(lambda _: database.data_version(), self._look_at, self._look_failed)

    def _look_at(self, version: int) -> None:
        self._looking = False
        by_others = self._seen not in (0, version)
        self._seen = version
        if by_others:
            self.window.heard({*EVERYTHING, ELSEWHERE})

    def _note_own(self) -> None:
        """What was written from here is no news; what others write from now on is."""
        if self.desk is not None and self._seen:
            self._seen = self.desk.office.database.data_version()

    def _look_failed(self, error: Exception) -> None:
        self._looking = False
        self._timer.stop()
        self.window.trouble(error, "Looking for what others wrote", retry=self._timer.start)

    def _turn_month(self) -> None:
        month = self._running()
        if self.desk is not None and month != self._month:
            self._month = month
            release = self.desk.office.release_due
            self.background.write(lambda _: release(), lambda _: self.window.heard(EVERYTHING))

    def _running(self) -> Month | None:
        if self.desk is None:
            return None
        return self.desk.office.calendar.month_of(self.desk.now())


def attend(window: Window) -> None:
    """Bring in what watches a window over a desk: numbers in its side bar and top bar."""
    from app.ui.approvals_watch import ApprovalsWatch
    from app.ui.everywhere import settings_actions
    from app.ui.requests.tally import Tally

    Tally(window)
    ApprovalsWatch(window)
    window.registry.add(settings_actions(window))
