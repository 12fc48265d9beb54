"""A table with more columns than a narrow window has room for."""

from collections.abc import Collection
from typing import TypeVar

from app.ui.rows_model import TableModel
from app.ui.widgets.table import Table

R = TypeVar("R")


class WideTable(Table[R]):
    """A table that leaves columns out where there is no room for them."""

    def __init__(self, model: TableModel[R], name: str) -> None:
        super().__init__(model, name)
        self._left_out: list[int] = []

    def make_room(self, keys: Collection[str], *, narrow: bool) -> None:
        """Hide columns while it is narrow; afterwards they are as the person had them."""
        columns = enumerate(self.rows.columns)
        shown = [at for at, column in columns if column.key in keys and not self.isColumnHidden(at)]
        for place in shown if narrow else self._left_out:
            self.setColumnHidden(place, narrow)
        self._left_out = shown if narrow else []
