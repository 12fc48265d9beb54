"""Prices pasted into the table: which features a text gives which prices. No Qt.

A text is either prices alone, one a line, for the features from the chosen one down; or lines of a
feature (its key or name) and a price. One price alone goes to every feature that is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.errors import PriceListInvalid
from app.domain.price_file import MOST_PRICE
from app.ui import format as write
from app.ui.language import tr, trn
from app.ui.prices.rows import PriceRow

_GROUPED: Final = re.compile(r"[0-9]+|[0-9]{1,3}([,.'’ \u00a0\u202f][0-9]{3})+")
_CELLS: Final = re.compile(r"\t|;")


def pasted(
    text: str, rows: Sequence[PriceRow], current: int, chosen: Sequence[int]
) -> Mapping[str, int]:
    """The price each feature gets, by its key: all of them or none.

    ``current`` is the row the keyboard is on, ``chosen`` the rows selected: prices go down from the
    first of them. Raises ``PriceListInvalid``, naming the line and the value.
    """
    lines = [_CELLS.split(line.strip()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise _refused(tr("There is nothing to paste: the clipboard holds no text."), "")
    widest = max(len(cells) for cells in lines)
    if widest == 1:
        return _down(lines, rows, min(chosen, default=max(current, 0)), chosen)
    if widest == 2:
        return _by_name(lines, rows)
    raise _refused(
        tr(
            "{widest} columns cannot be pasted: copy the prices alone, or a feature and its price.",
            widest=widest,
        ),
        text,
    )


def _down(
    lines: Sequence[Sequence[str]], rows: Sequence[PriceRow], first: int, chosen: Sequence[int]
) -> Mapping[str, int]:
    prices = [_price(cells[0], number) for number, cells in enumerate(lines, 1)]
    if len(prices) == 1 and len(chosen) > 1:
        return {_editable(rows[at], prices[0]).key: prices[0] for at in sorted(chosen)}
    places = rows[first:]
    if len(prices) > len(places):
        raise _refused(
            trn(
                "{count} price does not fit: there are {left} features from here down.",
                "{count} prices do not fit: there are {left} features from here down.",
                len(prices),
                left=write.credits(len(places)),
            ),
            len(prices),
        )
    given = zip(places, prices, strict=False)
    return {_editable(row, price).key: price for row, price in given}


def _by_name(lines: Sequence[Sequence[str]], rows: Sequence[PriceRow]) -> Mapping[str, int]:
    named = {name.casefold(): row for row in rows for name in (row.feature.name, row.key)}
    found: dict[str, int] = {}
    for number, cells in enumerate(lines, 1):
        if len(cells) != 2:
            raise _refused(
                tr("Line {number}, “{text}”, has no price.", number=number, text=cells[0]),
                cells[0],
            )
        name, typed = (cell.strip().strip('"') for cell in cells)
        row = named.get(name.casefold())
        if row is None and number == 1 and not _GROUPED.fullmatch(typed):
            continue  # the headers of the columns
        if row is None:
            raise _refused(
                tr(
                    "Line {number}: there is no feature “{name}” in this list.",
                    number=number,
                    name=name,
                ),
                name,
            )
        price = _price(typed, number)
        if found.get(row.key, price) != price:
            raise _refused(
                tr(
                    "Line {number} gives “{name}” a second price, {price}.",
                    number=number,
                    name=name,
                    price=write.credits(price),
                ),
                price,
            )
        found[_editable(row, price).key] = price
    return found


def _price(typed: str, number: int) -> int:
    typed = typed.strip().strip('"')
    if _GROUPED.fullmatch(typed):
        price = int("".join(letter for letter in typed if letter.isdigit()))
        if 1 <= price <= MOST_PRICE:
            return price
    raise _refused(
        tr(
            "Line {number}: “{typed}” is not a price, a whole number from 1 to {most}.",
            number=number,
            typed=typed,
            most=write.credits(MOST_PRICE),
        ),
        typed,
    )


def _editable(row: PriceRow, price: int) -> PriceRow:
    if row.editable:
        return row
    told = {"name": row.feature.name, "price": write.credits(price)}
    if row.free:
        raise _refused(tr("{name} is a free action and cannot cost {price}.", **told), price)
    raise _refused(tr("{name} is retired by this draft and cannot cost {price}.", **told), price)


def _refused(sentence: str, value: object) -> PriceListInvalid:
    return PriceListInvalid(
        tr("Nothing was pasted. {sentence}", sentence=sentence), place="clipboard", value=value
    )
