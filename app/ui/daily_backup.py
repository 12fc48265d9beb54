"""The backup of every day: made behind an open window, unless today's is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from app.ui.language import tr

if TYPE_CHECKING:
    from app.domain.backups import DailyRun
    from app.ui.page import Frame

KEPT: Final = "daily-backups"
"""Under which the choices are kept, by the path of the database."""
DONE: Final = "backups"
"""What is told when one was made."""
NOTICE: Final = "daily-backup"
USUAL_KEEP: Final = 14
LOOK_EVERY_MS: Final = 10 * 60 * 1_000
FIRST_LOOK_MS: Final = 5_000


@dataclass(frozen=True)
class DailyChoice:
    """Whether a backup is made every day, where, and how many of them stay."""

    on: bool = False
    folder: str = ""
    keep: int = USUAL_KEEP


def chosen(frame: Frame) -> DailyChoice:
    """The choice for the database that is open; anything unreadable in it is ignored."""
    kept = frame.setting(KEPT, {})
    found = kept.get(_name(frame.desk)) if isinstance(kept, dict) else None
    if not isinstance(found, dict):
        return DailyChoice()
    keep, folder = found.get("keep"), found.get("folder")
    return DailyChoice(
        on=found.get("on") is True,
        folder=folder if isinstance(folder, str) else "",
        keep=keep if isinstance(keep, int) and keep > 0 else USUAL_KEEP,
    )


def choose(frame: Frame, choice: DailyChoice) -> None:
    """Keep the choice for the database that is open."""
    kept = frame.setting(KEPT, {})
    others = kept if isinstance(kept, dict) else {}
    frame.set_setting(KEPT, {**others, _name(frame.desk): asdict(choice)})


def run(
    frame: Frame,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Make today's backup now, unless it is there; a failure is a calm notice with Retry.

    Where the person may not make backups, nothing is done. ``done`` is called in the end.
    """
    desk, choice = frame.desk, chosen(frame)

    def work(_stop: Event) -> DailyRun | None:
        from app.domain.staff import Act

        if not desk.staff.may(Act.BACK_UP):
            return None
        made: DailyRun = desk.backups.daily(choice.folder, keep=choice.keep)
        return made

    def made(outcome: DailyRun | None) -> None:
        frame.clear_notice(NOTICE)
        if outcome is not None and outcome.made:
            frame.heard({DONE, "activity"})
        done()

    def refused(error: Exception) -> None:
        from app.ui.errors import trouble_of

        done()
        trouble = trouble_of(error, tr("The daily backup"))
        if trouble.blame == "nobody":
            return
        frame.notice(
            NOTICE,
            tr("No backup was made today. {why}", why=trouble.sentence),
            tone="warning",
            action=tr("Retry"),
            act=lambda: run(frame, done),
        )
        if trouble.blame == "us":
            frame.trouble(error)

    frame.background.write(work, made, refused)


class DailyBackup(QObject):
    """Looks now and then whether today's backup is there, and makes it.

    Who may not make backups is not troubled with it: it is made when somebody who may is here.
    """

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._under_way = False
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._soon = QTimer(self, singleShot=True, interval=FIRST_LOOK_MS)
        self._soon.timeout.connect(self.look)
        self._soon.start()

    def look(self) -> None:
        """Make today's backup, if one is wanted and the person may make it."""
        frame = self._frame
        if frame.desk is not None and not self._under_way and chosen(frame).on:
            self._under_way = True
            run(frame, self._ended)

    def _ended(self) -> None:
        self._under_way = False


def _name(desk: Any) -> str:
    return "" if desk is None or desk.path is None else str(desk.path.absolute())
