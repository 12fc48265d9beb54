"""Writing rows to a file, with progress and Cancel."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import Cancelled
from app.ui import format as write
from app.ui.errors import trouble_of
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.saving import Lines, save_lines
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.text import Label

Told = Callable[[int], None]
Given = Callable[[Told, Event], Lines]


class ExportDialog(Dialog):
    """Writes a file, with progress and Cancel; nothing is left of one that was stopped.

    ``lines(told, stop)`` gives the lines; ``total`` is how many rows are expected.
    """

    def __init__(self, parent: QWidget, frame: Frame, path: str, total: int, lines: Given) -> None:
        super().__init__(parent, tr("Exporting"), tr("Close"), kind="plain")
        self._frame = frame
        self._total = total
        self._stop = Event()
        self.done_with = False
        self._said = Label(tr("Writing {file}…", file=write.text(Path(path).name)), wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, max(1, total))
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.body.addWidget(self._said)
        self.body.addWidget(self.bar)
        self.act_button.hide()
        self._reporter = frame.background.reporter(self._progress)
        frame.background.read(
            lambda stop: save_lines(Path(path), lines(self._reporter, stop), self._stop, stop),
            self._saved,
            self._failed,
        )

    def submit(self) -> None:
        self.accept()

    def reject(self) -> None:
        """Cancel stops it first; what was written so far is thrown away."""
        if self.done_with:
            super().reject()
        else:
            self._stop.set()

    def _progress(self, written: int) -> None:
        self.bar.setValue(written)
        done, total = write.credits(written), write.credits(self._total)
        self._said.setText(tr("{done} of {total} written.", done=done, total=total))

    def _saved(self, path: Path) -> None:
        self._end()
        self.accept()
        folder = QUrl.fromLocalFile(str(path.parent))
        self._frame.say(
            tr("Saved {file}.", file=write.text(str(path))),
            act=(tr("Open folder"), lambda: QDesktopServices.openUrl(folder)),
        )

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, Cancelled):
            super().reject()
            self._frame.say(of(error.said))
        else:
            self.refuse(trouble_of(error, tr("Exporting")).sentence)

    def _end(self) -> None:
        self.done_with = True
        self._frame.background.forget(self._reporter)
