"""A progress bar on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.ui import format as write


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None] | None]:
    """Something to tell the fraction done; ``None`` where nobody looks on.

    The bar appears when the first fraction is told, and goes away at the end.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(escape(write.text(what)), total=1.0)

    def tell(fraction: float) -> None:
        bar.start()
        bar.update(task, completed=fraction)

    try:
        yield tell
    finally:
        bar.stop()
