"""Stretches of rows, as a selection has them."""

from __future__ import annotations


def joined(parts: list[range]) -> list[range]:
    """The same places in as few stretches as there can be, in order."""
    joined: list[range] = []
    for part in sorted(parts, key=lambda part: part.start):
        if joined and part.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, part.stop))
        else:
            joined.append(part)
    return joined
