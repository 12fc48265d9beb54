"""What if: a price list from a file tried on past months of real use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.domain.whatif import Part, Side, WhatIf
from app.ui import format as write

_SHOWN = 10
"""How many of those hit hardest are shown; the document has more."""


def what_if(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pricing.json.")],
    *,
    first: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM", help="The first month to try it on.")
    ],
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYY-MM", help="The last month (default: the first)."),
    ] = None,
) -> None:
    """Try a file on past months of real use: now against then."""
    with call.desk() as desk:
        prices = desk.pricing.read(file)
        with progress("Replaying what was used") as tell:
            found = desk.pricing.what_if(prices, first, last, progress=tell)
        call.show(found, lambda out: _show(out, found), ZoneInfo(desk.zone))


def _show(out: Printer, found: WhatIf) -> None:
    months = str(found.first) if found.first == found.last else f"{found.first} to {found.last}"
    out.line(f"{months}, every use of {write.counted(found.users, 'user')} ({out.zone.key})")
    out.line(_compared(found, out))
    out.line()
    rows = [(name, *_pair(then, now)) for name, then, now in _figures(found)]
    out.table(("", ">then", ">now", ">change"), rows, empty="")
    for title, parts in (("feature", found.features), ("plan", found.plans)):
        out.line()
        out.table((title, *_HEADINGS), map(_part, parts), empty="Nothing was used.")
    if found.hardest:
        out.line()
        out.table(
            ("hit hardest", "plan", ">refused then", ">now", ">credits then", ">now", "out from"),
            (
                (
                    hit.user_id,
                    hit.plan,
                    *(hit.refused_then, hit.refused_now, hit.credits_then, hit.credits_now),
                    out.instant(hit.out_now),
                )
                for hit in found.hardest[:_SHOWN]
            ),
            empty="",
        )


def _compared(found: WhatIf, out: Printer) -> str:
    """Which lists are compared: those of then, and what of a list to come is in the file."""
    numbers = [str(number) for number in found.against]
    said = [f"Against what was in force: price list{'s' * (len(numbers) > 1)} {listed(numbers)}."]
    for coming in found.scheduled:
        which = f"price list {coming.number}, scheduled from {out.instant(coming.effective_at)},"
        if coming.whole:
            said.append(f"The file has all that {which} changes: that counts too.")
        else:
            said.append(
                f"The file has {coming.shared} of the {write.counted(coming.of, 'change')} of"
                f" {which} and they count too."
            )
    return " ".join(said)


def listed(words: list[str]) -> str:
    """1, 2 and 3."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


_HEADINGS = (">credits then", ">now", ">refused then", ">now", ">out then", ">now")


def _figures(found: WhatIf) -> Iterable[tuple[str, int, int]]:
    names = (("credits", "Credits used"), ("uses", "Uses"), ("refused", "Refused uses"))
    for key, name in (*names, ("out", "Users who run out")):
        yield name, getattr(found.then, key), getattr(found.now, key)
    yield "Credits expired unused", found.expired_then, found.expired_now
    if found.unlisted:
        yield "Uses no longer offered", 0, found.unlisted


def _pair(then: int, now: int) -> tuple[str, str, str]:
    return f"{then:,}", f"{now:,}", write.signed(now - then)


def _part(part: Part) -> tuple[object, ...]:
    def both(side: Side, other: Side) -> Iterable[str]:
        for figure in ("credits", "refused", "out"):
            yield f"{getattr(side, figure):,}"
            yield f"{getattr(other, figure):,}"

    return part.key, *both(part.then, part.now)
