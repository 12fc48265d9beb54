"""Exporting the list of users as CSV."""

from collections.abc import Iterable, Iterator, Sequence

from app.domain.users import UserSummary
from app.ui.columns import Column, csv_lines
from app.ui.exporting import Told
from app.ui.saving import Lines


def people_lines(
    columns: Sequence[Column[UserSummary]], chunks: Iterable[Sequence[UserSummary]], told: Told
) -> Lines:
    """Users as lines of CSV with these columns; ``told`` hears how many are written."""

    def users() -> Iterator[UserSummary]:
        written = 0
        for chunk in chunks:
            yield from chunk
            written += len(chunk)
            told(written)

    return csv_lines(columns, users())
