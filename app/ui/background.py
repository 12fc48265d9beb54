"""Work off the window's thread: one `Background`, and a `Latest` a question.

A page never starts a thread. It asks::

    self._rows = Latest(frame.background, owner=self)
    self._rows.ask(lambda stop: desk.accounts.find(text, limit=50), self._found, self._failed)

`work(stop)` runs elsewhere: it takes plain values, touches no widget, returns frozen values, and
may look at `stop` (a `threading.Event`) when it takes long. Its answer comes back on the window's
thread, unless a newer question has been asked meanwhile: then nobody is called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.ui.language import tr

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
Work = Callable[[threading.Event], T]
Failed = Callable[[Exception], None]

READERS: Final = 3


class Closed(Exception):
    """The program is closing: what was asked is not begun any more."""

    def __init__(self) -> None:
        super().__init__(tr("PixPretty Credits is closing; this was not begun."))


@dataclass(frozen=True)
class _Waiting:
    """Who waits for an answer."""

    done: Callable[[Any], None]
    failed: Failed
    stop: threading.Event
    cancellable: bool


class Background(QObject):
    """The application's threads: reads on a few, writes on one, in the order they were asked.

    `fail` is told of failures for which the asker gave no `failed` of its own.
    """

    _answered = Signal(int, object, object)
    _reported = Signal(int)

    def __init__(self, fail: Failed | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fail: Failed = fail or _raise
        self._waiting: dict[int, _Waiting] = {}
        self._reporters: dict[int, _Reporter] = {}
        self._next = 0
        self._closed = False
        self._listens = False

    def read(self, work: Work[T], done: Callable[[T], None], failed: Failed | None = None) -> int:
        """Ask for something; the answer arrives unless the ticket returned is cancelled."""
        return self._begin(work, done, failed, None, cancellable=True)

    def write(
        self,
        work: Work[T],
        done: Callable[[T], None],
        failed: Failed | None = None,
        *,
        stop: threading.Event | None = None,
    ) -> None:
        """Change something. Never cancelled by us, and its answer always arrives.

        Give a `stop` of your own where a person may stop the work between two whole steps.
        """
        self._begin(work, done, failed, stop, cancellable=False)

    def cancel(self, ticket: int) -> None:
        """Stop a read and forget who asked: whatever it answers, nobody is called."""
        waiting = self._waiting.get(ticket)
        if waiting and waiting.cancellable:
            waiting.stop.set()
            del self._waiting[ticket]

    def reporter(self, show: Callable[[T], None]) -> Callable[[T], None]:
        """A function that work may call with its progress, from any thread, as often as it likes.

        `show` is called on the window's thread with the newest value; values in between are
        skipped.
        """
        self._listen()
        self._next += 1
        reporter = _Reporter(self._next, show, self._reported)
        self._reporters[self._next] = reporter
        return reporter

    def forget(self, report: Callable[[Any], None]) -> None:
        """A reporter that is done with: reports still under way are dropped."""
        if isinstance(report, _Reporter):
            self._reporters.pop(report.number, None)

    @property
    def busy(self) -> bool:
        """Whether any answer is still awaited."""
        return bool(self._waiting)

    @property
    def writing(self) -> bool:
        """Whether a change is under way."""
        return any(not waiting.cancellable for waiting in self._waiting.values())

    def end_reads(self) -> None:
        """Stop every read, and wait until no thread is at one: what they read from may be closed.

        Nobody is called for them. What is asked afterwards begins as ever.
        """
        for ticket in list(self._waiting):
            self.cancel(ticket)
        readers = self.__dict__.pop("_readers", None)
        if readers is not None:
            readers.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        """Stop the reads, finish the writes and hand over their answers, end the threads.

        A write that may be stopped between two whole steps is stopped there. Call it before the
        windows close, so that the answers find their widgets.
        """
        if self._closed:
            return
        self._closed = True
        for ticket in list(self._waiting):
            self._waiting[ticket].stop.set()
            self.cancel(ticket)
        for name, cancels in (("_readers", True), ("_writer", False)):
            if name in self.__dict__:
                getattr(self, name).shutdown(wait=True, cancel_futures=cancels)
        QCoreApplication.sendPostedEvents(self)
        self._reporters.clear()

    # The threads begin with the first question: the window is painted before it.

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        return _threads(READERS, "read")

    @cached_property
    def _writer(self) -> ThreadPoolExecutor:
        return _threads(1, "write")

    def _listen(self) -> None:
        """Hear what the threads send, in this thread and never in the middle of something."""
        if self._listens:
            return
        from PySide6.QtCore import Qt  # takes long, and the first picture does without it

        self._listens = True
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._deliver_report, Qt.ConnectionType.QueuedConnection)

    def _begin(
        self,
        work: Work[Any],
        done: Callable[[Any], None],
        failed: Failed | None,
        stop: threading.Event | None,
        *,
        cancellable: bool,
    ) -> int:
        self._next += 1
        ticket = self._next
        waiting = _Waiting(done, failed or self.fail, stop or threading.Event(), cancellable)
        if self._closed:
            waiting.failed(Closed())
            return ticket
        self._waiting[ticket] = waiting
        self._listen()
        threads = self._readers if cancellable else self._writer
        threads.submit(self._run, ticket, work, waiting.stop)
        return ticket

    def _run(self, ticket: int, work: Work[Any], stop: threading.Event) -> None:
        """On a thread of the pool: work, and send what came of it."""
        if stop.is_set() and ticket not in self._waiting:
            return
        try:
            self._answered.emit(ticket, work(stop), None)
        except Exception as error:  # noqa: BLE001 - whatever it was, the asker must hear of it
            self._answered.emit(ticket, None, error)

    def _deliver(self, ticket: int, answer: object, error: Exception | None) -> None:
        waiting = self._waiting.pop(ticket, None)
        if waiting is None:
            return
        if error is None:
            waiting.done(answer)
        else:
            waiting.failed(error)

    def _deliver_report(self, number: int) -> None:
        reporter = self._reporters.get(number)
        if reporter:
            reporter.deliver()


class _Reporter:
    """Progress on its way to the window: only the newest value waits."""

    def __init__(self, number: int, show: Callable[[Any], None], signal: Any) -> None:
        self.number = number
        self._show = show
        self._signal = signal
        self._lock = threading.Lock()
        self._newest: list[object] = []

    def __call__(self, value: object) -> None:
        with self._lock:
            first = not self._newest
            self._newest[:] = [value]
        if first:
            self._signal.emit(self.number)

    def deliver(self) -> None:
        with self._lock:
            value = self._newest.pop()
        self._show(value)


class Latest:
    """One question that is asked again and again, of which only the latest answer counts.

    Asking cancels the question before it: its stop flag is set and its callbacks are removed. With
    an `owner`, the end of that widget cancels too.
    """

    def __init__(self, background: Background, owner: QObject | None = None) -> None:
        self._background = background
        self._ticket: int | None = None
        if owner is not None:
            owner.destroyed.connect(self.cancel)

    @property
    def asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._ticket is not None

    def ask(self, work: Work[T], done: Callable[[T], None], failed: Failed | None = None) -> None:
        """Ask anew; `done` or `failed` is called in the window's thread, or neither."""

        def answered(answer: T) -> None:
            self._ticket = None
            done(answer)

        def refused(error: Exception) -> None:
            self._ticket = None
            (failed or self._background.fail)(error)

        self.cancel()
        self._ticket = self._background.read(work, answered, refused)

    def cancel(self, _gone: QObject | None = None) -> None:
        """Stop the question, if one is open."""
        if self._ticket is not None:
            self._background.cancel(self._ticket)
            self._ticket = None


def _threads(count: int, name: str) -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count, thread_name_prefix=name)


def _raise(error: Exception) -> None:
    raise error
