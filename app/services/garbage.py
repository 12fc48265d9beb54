"""Python's search for garbage, put off while millions of rows are kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_searched() -> Iterator[None]:
    """Keep Python from looking through all that is kept, again and again, for cycles.

    Rows have none; it would take a fifth of the time of an import.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
