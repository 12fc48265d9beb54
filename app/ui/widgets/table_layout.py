"""The layout of a table as it is remembered: order, widths, hidden columns and sorting, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.ui.widgets.table import Table


def state_of(table: Table[Any]) -> dict[str, Any]:
    """What is remembered of a table."""
    columns, header = table.rows.columns, table.header_of()
    order = [header.logicalIndex(place) for place in range(len(columns))]
    return {
        "order": [columns[at].key for at in order],
        "widths": {
            column.key: round(table.widths.own(at))
            for at, column in enumerate(columns)
            if not column.stretch and not table.isColumnHidden(at)
        },
        "hidden": [column.key for at, column in enumerate(columns) if table.isColumnHidden(at)],
        "sorted": list(table.sorted_by) if table.sorted_by else None,
    }


def restore(table: Table[Any], state: dict[str, Any]) -> None:
    """Take up what was remembered; columns it does not know keep their own."""
    header = table.header_of()
    places = {column.key: at for at, column in enumerate(table.rows.columns)}
    order = [key for key in state.get("order", ()) if key in places]
    for place, key in enumerate(order):
        header.moveSection(header.visualIndex(places[key]), place)
    for key, width in state.get("widths", {}).items():
        if key in places and isinstance(width, int):
            table.widths.set_own(places[key], width)
    hidden = [key for key in state.get("hidden", ()) if key in places]
    for key, at in places.items():
        table.setColumnHidden(at, key in hidden and len(hidden) < len(places))
    by = state.get("sorted")
    if isinstance(by, list) and len(by) == 2 and by[0] in places:
        table.sort_by(str(by[0]), descending=bool(by[1]))
