"""Keys that no action of the registry owns: tables, charts, fields and dialogs hear them.

The sheet behind F1 tells them after the actions, so that none has to be found by chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QKeySequence

from app.ui.language import tr

AMOUNTS: Final = tuple(f"Alt+{number}" for number in range(1, 6))
"""The keys of the amounts offered in *Issue credits*, in their order."""


@dataclass(frozen=True)
class Held:
    """Keys that do one thing, or the two or more ways of it, where the keyboard is."""

    keys: tuple[str, ...]
    text: str


def written(keys: Iterable[str]) -> str:
    """Keys as people read them."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(one).toString(form) for one in keys)


HELD: Final[tuple[tuple[str, tuple[Held, ...]], ...]] = (
    (
        tr("In every table"),
        (
            Held(("Return",), tr("Open the row")),
            Held(("Down", "J"), tr("Next row")),
            Held(("Up", "K"), tr("Row before")),
            Held(("Home", "End"), tr("First row, last row")),
            Held(("Ctrl+A",), tr("Choose all rows")),
            Held(("Ctrl+C",), tr("Copy the rows chosen")),
            Held(("Ctrl+Shift+C",), tr("Copy the rows chosen with headers")),
            Held(("Menu",), tr("What can be done with them, and which columns are shown")),
        ),
    ),
    (
        tr("In every dialog"),
        (
            Held(("Ctrl+Enter",), tr("Do what it is for")),
            Held(("Esc",), tr("Close it and change nothing")),
        ),
    ),
    (
        tr("In every search field"),
        (
            Held(("Up", "Down", "PgUp", "PgDown"), tr("Through what was found")),
            Held(("Esc",), tr("Empty the field")),
        ),
    ),
    (
        tr("In fields"),
        (
            Held(("Up", "Down"), tr("Amount: one more, one less; instant: a day on, a day back")),
            Held(("PgUp", "PgDown"), tr("Instant: 30 days on, 30 days back")),
            Held(("Del", "Backspace"), tr("On a filter in force: take it away")),
        ),
    ),
    (
        tr("In charts"),
        (
            Held(("Left", "Right"), tr("Month or week before, month or week after")),
            Held(("Up", "Down"), tr("Piece above, piece below")),
            Held(("Home", "End"), tr("First month, last month")),
            Held(("P", "Shift+P"), tr("Next change of prices, the one before")),
            Held(("Return", "Space"), tr("What the piece is made of")),
            Held(("O", "A", "N"), tr("In the legend: this one only, all of them, none")),
        ),
    ),
    (
        tr("In Issue credits"),
        (Held(AMOUNTS, tr("The amounts offered, from the first to the last")),),
    ),
    (
        tr("In the queue of requests"),
        (Held(("Return", "1", "9"), tr("Take the suggestion: the first, or one by its number")),),
    ),
    (
        tr("In approvals"),
        (Held(("Ctrl+R",), tr("Reject what is chosen")),),
    ),
    (
        tr("In prices"),
        (
            Held(("0", "9"), tr("Begin to enter a price")),
            Held(("Ctrl+V",), tr("Paste prices into the table")),
            Held(("Space",), tr("Between two drafts: choose whose price is kept")),
        ),
    ),
    (
        tr("In the gallery"),
        (
            Held(("Alt+R",), tr("Build again")),
            Held(("Ctrl+W",), tr("Close the gallery")),
        ),
    ),
)
"""By where the keyboard is."""
