"""Who is to get credits, read from what people paste or drop: ids, mail addresses, referral codes.

One a line, or several on a line apart by commas, semicolons or tabs; or a table with an amount in
its second column, with or without a header. Every row that cannot be used gets a sentence, and the
others stay good (rules, section 4).
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import BadFile
from app.domain.imports import BadRow
from app.domain.sentences import said

MOST_CREDITS = 1_000_000
"""The most that staff may give in one grant at all."""
MOST_NAME = 320
_MOST_SHOWN = 200
_WHO = (
    ("user id", "userid", "user", "id", "recipient", "who", "customer", "account"),
    ("email", "e mail", "mail", "mail address", "email address", "e mail address", "address"),
    ("referral code", "code", "ref", "referral"),
)
"""What a column of users is headed with, the surest kind first."""
_AMOUNT = ("credits", "amount", "credit", "number of credits")
_SEPARATORS = ("\t", ";", ",")
_NUMBERLIKE = re.compile(r"[-+−]?[0-9][0-9.,'’\s]*")
_WHOLE = re.compile(r"\+?([0-9]+|[0-9]{1,3}([ ,.'’\u00a0\u202f][0-9]{3})+)")
_LONGEST = 12
_PAIR = 2
_ADDRESS = re.compile(r".*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_AROUND = " \t\u00a0\u200b\u2060\ufeff\"'“”„‘’`"


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody as a row names them, and the credits beside it; ``None``: the usual amount."""

    line: int
    who: str
    credits: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text names: ``written`` in its order, and the rows that name nobody rightly."""

    written: tuple[Written, ...]
    bad: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user on record who is to get credits; ``line`` is 0 where no text named them."""

    user_id: str
    credits: int | None = None
    line: int = 0
    who: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a text means: each user once, and the rows that mean nobody, or somebody again."""

    found: tuple[Recipient, ...]
    bad: tuple[BadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the user and the amount stand in a row; ``None``: every cell is a user."""

    who: int | None = None
    amount: int | None = None
    header: bool = False


def decoded(content: bytes, name: str = "the file") -> str:
    """The text of a file in UTF-8 or UTF-16, or else as spreadsheets on Windows write it.

    Raises ``BadFile`` for what is no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\x00" in content:
        message = said("“{name}” is not a text file: save it as CSV.", name=name)
        raise BadFile(message, path=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def parse(text: str) -> Pasted:
    """The users and amounts that ``text`` names, with a sentence for each bad row."""
    rows = [_row(number, line) for number, line in enumerate(_lines(text), 1) if _clean(line)]
    shape = _shape(rows)
    written: list[Written] = []
    bad: list[BadRow] = []
    for row in rows[1:] if shape.header else rows:
        for read in _read(row, shape):
            if isinstance(read, BadRow):
                bad.append(read)
            else:
                written.append(read)
    return Pasted(tuple(written), tuple(bad))


def matched(pasted: Pasted, candidates: Mapping[str, Sequence[str]]) -> Recipients:
    """The users meant, where ``candidates`` gives by name the ids of all whom it may mean.

    Nobody comes twice: the first row that is good counts.
    """
    found: dict[str, Recipient] = {}
    bad = list(pasted.bad)
    for row in pasted.written:
        users = candidates.get(row.who, ())
        sentence = _why_not(row, users, found)
        if sentence:
            bad.append(BadRow(row.line, sentence, row.text))
        else:
            found[users[0]] = Recipient(users[0], row.credits, row.line, row.who)
    return Recipients(tuple(found.values()), tuple(sorted(bad, key=lambda row: row.line)))


def _why_not(row: Written, users: Sequence[str], found: Mapping[str, Recipient]) -> str:
    if not users:
        return said("No user has “{who}” as id, mail address or referral code.", who=row.who)
    if len(users) > 1:
        return said(
            "“{who}” may be {count} users ({ids}): name the id.",
            who=row.who,
            count=len(users),
            ids=", ".join(users[:3]),
        )
    first = found.get(users[0])
    if first is None:
        return ""
    whom = f"“{row.who}”" if row.who == users[0] else f"“{row.who}” ({users[0]})"
    return said(
        "{whom} stands on line {line} already; nobody gets credits twice.",
        whom=whom,
        line=first.line,
    )


# Rows ---------------------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def _row(number: int, line: str) -> _Row:
    """A line in cells, apart by the strongest separator in it."""
    separator = next((one for one in _SEPARATORS if one in line), ",")
    return _Row(number, _shown(line), _cells(line, separator))


def _cells(line: str, separator: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    cleaned = [_clean(cell) for cell in cells]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return cleaned


def _clean(cell: str) -> str:
    bare = cell.strip(_AROUND)
    address = _ADDRESS.fullmatch(bare)
    return address[1] if address else bare


def _shown(line: str) -> str:
    bare = line.strip()
    return bare if len(bare) <= _MOST_SHOWN else bare[: _MOST_SHOWN - 1] + "…"


def _shape(rows: Sequence[_Row]) -> _Shape:
    if not rows:
        return _Shape()
    heads = [_head(cell) for cell in rows[0].cells]
    for names in _WHO:
        for place, head in enumerate(heads):
            if head in names:
                amounts = [at for at, name in enumerate(heads) if name in _AMOUNT]
                return _Shape(place, amounts[0] if amounts else None, header=True)
    pairs = Counter(
        bool(_NUMBERLIKE.fullmatch(row.cells[1])) for row in rows if len(row.cells) == _PAIR
    )
    return _Shape(0, 1) if pairs[True] > pairs[False] else _Shape()


def _head(cell: str) -> str:
    return " ".join(re.split(r"[\s_-]+", cell.casefold()))


def _read(row: _Row, shape: _Shape) -> Iterator[Written | BadRow]:
    if shape.who is None:
        for cell in _every_cell(row):
            yield _named(row, cell, "")
        return
    if not shape.header and len(row.cells) > _PAIR:
        sentence = said(
            "The row has {count} fields; a user and an amount were expected.", count=len(row.cells)
        )
        yield BadRow(row.line, sentence, row.text)
        return
    who = row.cells[shape.who] if shape.who < len(row.cells) else ""
    has_amount = shape.amount is not None and shape.amount < len(row.cells)
    yield _named(row, who, row.cells[shape.amount or 0] if has_amount else "")


def _every_cell(row: _Row) -> Iterator[str]:
    for cell in row.cells:
        for one in re.split(r"[,;\t]", cell):
            if _clean(one):
                yield _clean(one)


def _named(row: _Row, who: str, amount: str) -> Written | BadRow:
    if not who:
        return BadRow(row.line, said("The row names nobody."), row.text)
    if len(who) > MOST_NAME:
        return BadRow(
            row.line, said("“{who}…” is too long to name a user.", who=who[:40]), row.text
        )
    credits = _amount(amount) if amount else None
    if amount and credits is None:
        sentence = said(
            "“{amount}” is not a whole number of credits from 1 to {most}.",
            amount=f"{amount:.40}",
            most=f"{MOST_CREDITS:,}",
        )
        return BadRow(row.line, sentence, row.text)
    return Written(row.line, who, credits, row.text)


def _amount(text: str) -> int | None:
    if not _WHOLE.fullmatch(text):
        return None
    digits = re.sub("[^0-9]", "", text)
    number = int(digits) if len(digits) < _LONGEST else MOST_CREDITS + 1
    return number if 1 <= number <= MOST_CREDITS else None
