"""What is said when something fails: by a person's doing, the machine's, or ours.

Our own mistakes go to a rotating log in the user-data folder, with their traceback; passwords and
whole database addresses never do.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

from app.domain.errors import Cancelled, CreditsError, DatabaseFailed, sayable
from app.ui import language
from app.ui.background import Closed
from app.ui.language import tr

Blame = Literal["person", "machine", "us", "nobody"]

LOG_BYTES: Final = 1_000_000
LOGS_KEPT: Final = 3
_ADDRESS: Final = re.compile(r"(\b[a-z][a-z0-9+.]*://)\S+", re.IGNORECASE)
_SECRET: Final = re.compile(r"(?i)\b(password|passwd|secret|token)\b(\s*[=:]\s*)\S+")
_log = logging.getLogger("pixpretty")


@dataclass(frozen=True)
class Trouble:
    """A failure as people are told of it: whose, one sentence, and details to copy."""

    blame: Blame
    sentence: str
    details: str = ""


def trouble_of(error: BaseException, doing: str = "") -> Trouble:
    """What to say of an error; `doing` begins the sentence: “Issuing credits”."""
    details = without_secrets("".join(traceback.format_exception(error)))
    if isinstance(error, (Cancelled, Closed)):
        return Trouble("nobody", str(error))
    if isinstance(error, CreditsError) and not isinstance(error, DatabaseFailed):
        return Trouble("person", without_secrets(sayable(language.of(error.said))))
    if isinstance(error, (DatabaseFailed, OSError, MemoryError)):
        return Trouble("machine", without_secrets(_calmly(error, doing)), details)
    if doing:
        said = tr("{doing} failed because of a mistake in the program, not of yours.", doing=doing)
    else:
        said = tr("Something went wrong because of a mistake in the program, not of yours.")
    return Trouble("us", said, details)


def without_secrets(text: str) -> str:
    """The text with addresses cut after `://` and passwords blotted out."""
    return _SECRET.sub(r"\1\2…", _ADDRESS.sub(r"\1…", text))


def start_log(folder: Path) -> Path:
    """Begin to keep the log in a folder; returns its file."""
    from logging.handlers import RotatingFileHandler  # brings sockets and mail along

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "pixpretty-credits.log"
    handler = RotatingFileHandler(
        file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    stop_log()
    _log.addHandler(handler)
    _log.propagate = False
    return file


def stop_log() -> None:
    """Close the log."""
    for handler in list(_log.handlers):
        _log.removeHandler(handler)
        handler.close()


def log_mistake(error: BaseException) -> None:
    """Write an error of ours down, with where it came from."""
    _log.error(tr("unexpected error"), exc_info=error)


def catch_everything(show: Callable[[Exception], None]) -> Callable[[], None]:
    """Have `show` told of every exception nobody caught; returns what undoes it.

    `show` is called in the thread where it happened: a window must take it over to its own.
    """
    before, before_thread = sys.excepthook, threading.excepthook

    def caught(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            show(error)
        else:
            before(_kind, error, _trace)

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        if isinstance(args.exc_value, Exception):
            show(args.exc_value)

    def undo() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    sys.excepthook, threading.excepthook = caught, caught_in_thread
    return undo


class _Discreet(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def _calmly(error: BaseException, doing: str) -> str:
    said = language.of(error.said) if isinstance(error, CreditsError) else str(error)
    reason = getattr(error, "strerror", None) or said or type(error).__name__
    why = reason.rstrip(".")
    if doing:
        return tr(
            "{doing} did not work: {why}. What was saved before is safe.", doing=doing, why=why
        )
    return tr("That did not work: {why}. What was saved before is safe.", why=why)
