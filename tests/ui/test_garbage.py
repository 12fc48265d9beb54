"""Widgets in a cycle are destroyed in the window's thread, whoever allocates."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.ui.garbage import Collector


class Knot(QObject):
    """Something that refers to itself."""

    def __init__(self, ended_in: list[str]) -> None:
        super().__init__()
        self.itself = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread().name)


def allocate_much() -> list[list[int]]:
    return [[number] for number in range(200_000)]


def test_what_a_background_thread_allocates_destroys_no_object_there(
    qapp: QApplication,
) -> None:
    gc.enable()
    collector = Collector()
    ended_in: list[str] = []
    try:
        Knot(ended_in)
        thread = threading.Thread(target=allocate_much, name="background")
        thread.start()
        thread.join()
        assert ended_in == []
        kept = allocate_much()
        collector.look()
        assert ended_in == [threading.main_thread().name]
        assert len(kept) == 200_000
    finally:
        collector.stop()
    assert gc.isenabled()


def test_what_survived_is_set_aside_and_swept_while_the_person_is_elsewhere(
    qapp: QApplication,
) -> None:
    ended_in: list[str] = []
    kept = Knot(ended_in)
    collector = Collector()
    try:
        made_later = Knot(ended_in)
        del kept, made_later
        gc.collect()
        assert len(ended_in) == 1
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        assert len(ended_in) == 2
    finally:
        collector.stop()
    assert gc.get_freeze_count() == 0
