"""Draws many pictures on several processes: Qt reads the scale once a process."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.ui import language
from app.ui.gallery.finding import every_shown
from app.ui.gallery.manifest import Drawn, drawn_as
from app.ui.gallery.matrix import SCALES, Picture, Scale, matrix
from app.ui.language import tr
from app.ui.saving import save_file

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from app.ui.gallery.stage import Stage

MakeStage = Callable[[], "Stage"]
"""Makes the stage in each process; a function of a module, so that processes can be told of it."""
WORTH_A_PROCESS: Final = 12
"""So few pictures are drawn sooner by one process than by two that have to start first."""


class DrawingFailed(Exception):
    """A process could not draw its pictures; the text says why, with its traceback."""


@dataclass(frozen=True)
class Share:
    """What one process draws."""

    scale: Scale
    names: tuple[str, ...]


def shares(pictures: Sequence[Picture], jobs: int) -> list[Share]:
    """The pictures shared out: a process has one scale, and every jobs-th picture of it."""
    made = []
    for scale in SCALES:
        names = [one.name for one in pictures if one.look.scale == scale]
        parts = max(1, min(jobs, len(names) // WORTH_A_PROCESS))
        made += [Share(scale, tuple(names[at::parts])) for at in range(parts)]
    return [share for share in made if share.names]


def draw_all(
    make_stage: MakeStage,
    pictures: Sequence[Picture],
    out: Path,
    *,
    jobs: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Drawn]:
    """Draw pictures into a folder, ``jobs`` at a time; the same bytes however they are shared out.

    Raises ``OSError``, ``TimeoutError`` if one never gets ready, ``DrawingFailed``.
    """
    out.mkdir(parents=True, exist_ok=True)
    every = len(pictures)
    drawn: list[Drawn] = []
    for one in _drawn(make_stage, shares(pictures, jobs), out, jobs):
        drawn.append(one)
        if progress is not None:
            progress(len(drawn) / every)
    return sorted(drawn)


def _drawn(make_stage: MakeStage, shared: Sequence[Share], out: Path, jobs: int) -> Iterator[Drawn]:
    if len(shared) == 1 and can_draw_here(shared[0]):
        yield from draw_share(make_stage, shared[0], out)
        return
    waiting = list(shared)
    at_work: dict[Connection, SpawnProcess] = {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < jobs:
                process, connection = _begin(make_stage, waiting.pop(0), out)
                at_work[connection] = process
            ready = wait(list(at_work))
            for connection in [one for one in at_work if one in ready]:
                told = _told(connection)
                if isinstance(told, Drawn):
                    yield told
                else:
                    at_work.pop(connection).join()
                    connection.close()
                    if told is not None:
                        raise told
    finally:
        for process in at_work.values():
            process.terminate()
            process.join()


def can_draw_here(share: Share) -> bool:
    """Whether this process has no application yet, or one of the usual scale, and the language."""
    if language.in_force() != language.SPOKEN:
        return False
    return QCoreApplication.instance() is None or share.scale == 1


def _told(connection: Connection) -> Drawn | Exception | None:
    """What a process says: a picture, why it could not go on, or that it has done its share."""
    try:
        told: Drawn | Exception | None = connection.recv()
    except EOFError:
        return DrawingFailed(tr("A process that drew pictures ended before it had drawn them all."))
    return told


def _begin(make_stage: MakeStage, share: Share, out: Path) -> tuple[SpawnProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(make_stage, share, out, there), daemon=True)
    process.start()
    there.close()
    return process, here


def _work(make_stage: MakeStage, share: Share, out: Path, tell: Connection) -> None:
    """In a process of its own: draw the share and tell of each picture."""
    try:
        for drawn in draw_share(make_stage, share, out):
            tell.send(drawn)
        tell.send(None)
    except (OSError, TimeoutError) as error:
        tell.send(error)
    except Exception:  # noqa: BLE001 - whatever it was, who waits must hear of it
        tell.send(DrawingFailed(traceback.format_exc()))


def draw_share(make_stage: MakeStage, share: Share, out: Path) -> Iterator[Drawn]:
    """Draw a share in this process, which must not have an application of another scale."""
    from app.ui.pictures import application, png, prepare, without_platform_remarks

    prepare(share.scale)
    application()
    from app.ui.gallery.drawing import draw

    named = {one.name: one for one in matrix(every_shown())}
    stage = make_stage()
    before = without_platform_remarks()
    try:
        for name in share.names:
            picture = named[name]
            image = draw(stage, picture.shown, picture.look)
            drawn = drawn_as(name, image)
            save_file(out / drawn.file, png(image))
            yield drawn
    finally:
        stage.close()
        before()
