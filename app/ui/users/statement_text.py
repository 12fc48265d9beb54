"""A statement as sections of rows: text, CSV and PDF are all made of these, so they agree."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.statements import Statement
from app.ui import format as write
from app.ui.columns import exported
from app.ui.language import tr
from app.ui.users.account_state import PART_NAMES

Cell = str | int | datetime


@dataclass(frozen=True)
class Section:
    """A table of a statement: its title, its columns (numbers right) and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str = ""

    def shown(self, zone: tzinfo) -> tuple[tuple[str, ...], ...]:
        """The rows as people read them."""
        return tuple(tuple(shown(cell, zone) for cell in row) for row in self.rows)

    def right(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return any(isinstance(row[column], int) for row in self.rows)


def shown(cell: Cell, zone: tzinfo) -> str:
    """A cell as people read it."""
    if isinstance(cell, datetime):
        return write.exact(cell, zone)
    return write.credits(cell) if isinstance(cell, int) else write.text(cell)


def heading(statement: Statement, zone: tzinfo) -> tuple[str, ...]:
    """Whose statement it is, and of when."""
    user = statement.user
    first, last = statement.first, statement.last
    span = tr("the whole account")
    if first is not None:
        begins, ends = (write.full_month(m.year, m.month) for m in (first, last))
        span = begins if first == last else tr("{begins} to {ends}", begins=begins, ends=ends)
    return (
        write.text(user.name or user.email),
        f"{write.text(user.email)} · {write.text(user.user_id)}",
        tr(
            "{plan} plan · {span}, as of {instant}",
            plan=statement.plan.capitalize(),
            span=span,
            instant=write.exact(statement.at, zone),
        ),
    )


def sections(statement: Statement) -> tuple[Section, ...]:
    """What there is, until when, what came in and went out, and what was used."""
    moved = [(PART_NAMES[move.kind], move.credits) for move in statement.movements]
    return (
        Section(
            tr("Available"),
            (tr("Usable until"), tr("Credits")),
            (
                *((part.expires_at, part.credits) for part in statement.expiring),
                (tr("In all"), statement.available),
            ),
        ),
        Section(
            tr("In and out"),
            ("", tr("Credits")),
            ((tr("Before"), statement.opening), *moved, (tr("Available"), statement.available)),
        ),
        Section(
            tr("Used"),
            (tr("Month"), tr("Feature"), tr("Uses"), tr("Credits")),
            tuple(
                (write.month(used.month.year, used.month.month), used.name, used.uses, used.credits)
                for used in statement.usage
                if used.uses
            ),
            tr("Nothing was used."),
        ),
    )


def as_text(statement: Statement, zone: tzinfo) -> str:
    """The statement as text to paste into a reply."""
    lines = list(heading(statement, zone))
    for section in sections(statement):
        lines += ["", section.title]
        rows = section.shown(zone)
        if not rows:
            lines.append(section.nothing)
            continue
        header = [section.columns] if any(section.columns[:1]) else []
        lines += _aligned([*header, *rows], [section.right(at) for at in range(len(rows[0]))])
    return "\n".join(lines) + "\n"


def _aligned(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(right))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]


def as_csv(statement: Statement) -> str:
    """The statement as CSV: the section, then its cells; numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    user = statement.user
    writer.writerow([tr("User"), exported(user.user_id), exported(user.email), exported(user.name)])
    writer.writerow([tr("As of"), exported(statement.at)])
    for section in sections(statement):
        writer.writerow([section.title, *section.columns])
        for row in section.rows:
            writer.writerow([section.title, *(exported(cell) for cell in row)])
    return out.getvalue()
