"""A progress bar on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.ui import format as write


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None] | None]:
    """Something to tell the fraction done; ``None`` where nobody looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(Text(write.text(what)).markup, total=1.0)

        def tell(fraction: float) -> None:
            bar.update(task, completed=fraction)

        yield tell
