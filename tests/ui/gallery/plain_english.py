"""Looks for what a translator would miss: plain English on the screens of a made-up language.

    PIXPRETTY_LANGUAGE=pseudo QT_QPA_PLATFORM=offscreen python -m tests.ui.gallery.plain_english \
        [PATTERN ...]

builds the states of the gallery that the patterns fit (without any: all that matter), reads all
that is said or painted there and prints what is still English, or is cut off: a line each, JSON.
"""

from __future__ import annotations

import ast
import csv
import gc
import json
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.domain.imports import KINDS
from app.ui import format as write
from app.ui.gallery import texts
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.language import pseudo
from app.ui.theme import current
from app.ui.widgets.table import Table
from app.ui.widgets.table_paint import CELL_PADDING
from app.ui.widgets.text import Key

ROOT: Final = Path(__file__).resolve().parents[3]
ROWS: Final = 30
TOP: Final = QModelIndex()
SHORTEST_BEGINNING: Final = 6
NARROW: Final = (1024, 640)
COLUMNS: Final = frozenset(column for wanted in KINDS.values() for column in wanted.every)
AS_THE_FILE_HAS_IT: Final = {
    "import-dialog": COLUMNS | {"failed", "succeeded"},
    "settings-page.imports": COLUMNS,
}
"""What files have in their columns and their heads, by the states that show it: it is data."""
SAYS: Final = {"tr", "trn", "said", "saidn"}
WORD: Final = re.compile(r"(?<![^\W_])[A-Za-z]{2,}(?![^\W_])")
RUN: Final = re.compile(r"(?<![^\W_])[A-Za-z]{2,}(?:['’]?[ ,]+[A-Za-z]{2,})+(?![^\W_])")
FILES: Final = re.compile(r"\S+\.(?:db|csv|json|pdf|png|jsonl|html|lock|log|py)\b")
NO_WORDS: Final = re.compile(
    r"\S*[@\\_]\S*|\S*\w/\w\S*|\S*\.example\b|\{\w+\}"
    r"|\b[A-Z]+-\d+\b|https?:\S+|\b\w*\d\w*\b"
    r"|<[^>]*>|&\w+;"
)
"""What is no word of any language: addresses, paths, keys, ids, markup of tips."""
SAME_EVERYWHERE: Final = frozenset(
    "PixPretty UTC CSV JSON PDF SQLite Ctrl Shift Alt Enter Esc Tab Del Home End Space Up Down F"
    " PgUp PgDown Page Free Plus Pro Backspace Return system".split()
)
"""Names of products and keys, which Qt and the price list say, and of the product's own account."""
PART_OF_A_KEY: Final = re.compile(r"^(?:(?:Ctrl|Shift|Alt|Meta)\+)*[\w+/?,.↑↓←→ ]{1,9}$")


@cache
def vocabulary() -> frozenset[str]:
    """Every English word that a text of ours has."""
    return frozenset(
        word.lower()
        for path in sorted((ROOT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _called(node) in SAYS
        for text in node.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
        for word in WORD.findall(re.sub(r"\{[^}]*\}", " ", text.value))
    )


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


@cache
def samples() -> frozenset[str]:
    """What the states themselves put on the screen to have something there: data, not words."""
    found = {
        value for name, value in vars(texts).items() if isinstance(value, str) and name.isupper()
    }
    for path in sorted((ROOT / "app/ui").rglob("shown*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        translated = {
            id(text)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _called(node) in SAYS
            for text in ast.walk(node)
        }
        found |= {
            node.value.strip()
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in translated
        }
    found |= {texts.HOSTILE[:end] for end in range(len(texts.HOSTILE))}
    found |= {write.text(text) for text in found} | available_timezones()
    found.update(_texts((ROOT / "pricing.json").read_text("utf-8")))
    # The letters to users, and the stretches of them between two figures.
    for letter in _texts((ROOT / "resources/replies.json").read_text("utf-8")):
        found.update(part.strip() for part in (letter, *re.split(r"\{[^}]*\}", letter)))
    for path in (ROOT / "resources/samples").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found.update(cell for row in csv.reader(lines) for cell in row)
    return frozenset(_as_data(found))


def data_of(desk: Any) -> frozenset[str]:
    """Every text on record, and those within documents: names, notes, features, messages."""
    found: set[str] = set()
    with desk.office.database.reading() as session:
        tables = session.run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            described = session.run(f'SELECT * FROM "{table}" LIMIT 20000')
            for row in described:
                for value in row:
                    found.update(_texts(value))
    return frozenset(_as_data(found))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = json.loads(value)
        except ValueError:
            yield str(value)
            return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _as_data(found: Iterable[str]) -> Iterator[str]:
    """The texts and their lines; words that are keys (`monthly_allowance`) are not among them."""
    for text in found:
        if not re.fullmatch(r"[a-z_]*", text):
            yield " ".join(text.split())
            yield from (" ".join(line.split()) for line in text.splitlines())


def english(text: str, data: frozenset[str] = frozenset()) -> str:
    """What is English in a text on a screen of the made-up language; empty where nothing is."""
    if text.startswith("Traceback"):
        return ""
    if text.isascii() and PART_OF_A_KEY.match(text) and "+" in text:
        return ""
    if text.startswith("<qt>"):
        text = unescape(text.removesuffix("</qt>")[4:].replace("<br>", "\n"))
    lines = (FILES.sub("·", " ".join(line.split())) for line in text.splitlines())
    rest = " · ".join(_without_data(line, data) for line in lines)
    rest = NO_WORDS.sub(" · ", rest)
    words = [word for word in WORD.findall(rest) if not _same_everywhere(word)]
    known = [word for word in words if word.lower() in vocabulary() and word.lower() != "json"]
    runs = [
        run
        for run in RUN.findall(rest)
        if not all(map(_same_everywhere, re.findall(r"[A-Za-z]+", run)))
    ]
    alone = [word for word in known if not any(word in run for run in runs)]
    return ", ".join(dict.fromkeys([*runs, *alone]))


def _same_everywhere(word: str) -> bool:
    return word in SAME_EVERYWHERE or word in pseudo(word)


def _without_data(text: str, data: frozenset[str]) -> str:
    """The text with what is on record blotted out, the longest that stands there first."""
    starts = [found.start() for found in re.finditer(r"(?<!\w)\S", text)]
    ends = [found.end() for found in re.finditer(r"\S(?!\w)", text)]
    at, kept = 0, []
    for start in starts:
        if start < at:
            continue
        end = next((end for end in reversed(ends) if start < end and text[start:end] in data), None)
        end = end or _end_of_a_beginning(text, start, data)
        if end is not None:
            kept.append(text[at:start] + "·")
            at = end
    return "".join(kept) + text[at:]


def _end_of_a_beginning(text: str, start: int, data: frozenset[str]) -> int | None:
    """Where data ends that was cut with an ellipsis; None where none stands there."""
    end = text.find("…", start)
    begun = text[start:end].rstrip()
    if end < 0 or len(begun) < SHORTEST_BEGINNING:
        return None
    told = in_order(data)
    at = bisect_left(told, begun)
    return end if at < len(told) and told[at].startswith(begun) else None


@cache
def in_order(data: frozenset[str]) -> list[str]:
    """Data by its first letters, to look up what begins with some."""
    return sorted(data)


class Painted:
    """What widgets paint by themselves while they are drawn, uncut."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear every text a painter of ours is given."""
        drawn, elided = QPainter.drawText, QFontMetrics.elidedText

        def hear(painter: QPainter, *given: Any) -> Any:
            self.texts.update(one for one in given if isinstance(one, str))
            return drawn(painter, *given)

        QPainter.drawText = hear  # type: ignore[method-assign,assignment]
        QFontMetrics.elidedText = lambda _self, text, *_: text  # type: ignore[method-assign]
        try:
            yield
        finally:
            QPainter.drawText = drawn  # type: ignore[method-assign]
            QFontMetrics.elidedText = elided  # type: ignore[method-assign]


def said_by(widget: QWidget) -> Iterator[tuple[str, str]]:
    """What a widget says, and where in it."""
    yield "tooltip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    if widget.isWindow():
        yield "title", widget.windowTitle()
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        yield from cells(widget, ROWS)
    elif isinstance(widget, (QLineEdit, QPlainTextEdit)):
        yield from _field(widget)
    else:
        yield from _words(widget)


def _field(field: QLineEdit | QPlainTextEdit) -> Iterator[tuple[str, str]]:
    """What a field says that was not typed into it."""
    yield "placeholder", field.placeholderText()
    if field.isReadOnly() or not field.isEnabled():
        yield "text", field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _words(widget: QWidget) -> Iterator[tuple[str, str]]:
    if isinstance(widget, Key):
        return  # Qt says what keys are called
    if isinstance(widget, QLabel):
        yield "text", widget.text()
    elif isinstance(widget, QAbstractButton):
        yield "text", _unmarked(widget.text())
    elif isinstance(widget, QGroupBox):
        yield "title", widget.title()
    elif isinstance(widget, QComboBox):
        yield from (("choice", widget.itemText(at)) for at in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(at)) for at in range(widget.count()))
    elif isinstance(widget, QMenu):
        yield from (("menu", _unmarked(action.text())) for action in widget.actions())


def _unmarked(text: str) -> str:
    """A text without the ampersands that underline a letter."""
    return re.sub(r"&(.?)", r"\1", text)


def cells(view: QAbstractItemView, rows: int | None = None) -> Iterator[tuple[str, str]]:
    """What the header and the first rows of a view say (without a number: all of them), and how."""
    model = view.model()
    if model is None:
        return
    roles = Qt.ItemDataRole
    said = {roles.DisplayRole: "cell", roles.ToolTipRole: "tip", roles.AccessibleTextRole: "name"}
    for column in range(_columns(model)):
        for role in (roles.DisplayRole, roles.ToolTipRole):
            head = model.headerData(column, Qt.Orientation.Horizontal, role)
            yield "header", str(head or "")
    for row in range(model.rowCount(TOP))[:rows]:
        for column in range(_columns(model)):
            for role, part in said.items():
                told = model.index(row, column).data(role)
                yield part, told if isinstance(told, str) else ""


def _columns(model: QAbstractItemModel) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(TOP)


def where(widget: QWidget | None) -> str:
    """The widget, and what it stands in."""
    names: list[str] = []
    while widget is not None and len(names) < 4:
        names.append(type(widget).__name__)
        widget = widget.parentWidget()
    return " in ".join(names)


def left_in_english(whole: QWidget, data: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is still English in a widget and all that is visible in it, and where."""
    painted = Painted()
    with painted.heard():
        whole.grab()
    told: set[str] = set()
    for widget in (whole, *whole.findChildren(QWidget)):
        if not widget.isVisible() and not isinstance(widget, QMenu):
            continue
        for part, text in said_by(widget):
            told.add(text)
            if text and (words := english(text, data)):
                yield f"English [{words}] in {part} of {where(widget)}: {text!r}"
    for text in sorted(painted.texts - told):
        if words := english(text, data):
            yield f"English [{words}] painted in {type(whole).__name__}: {text!r}"


def cut_off(whole: QWidget) -> Iterator[str]:
    """The labels and buttons in a widget that have less room than their texts need, and where."""
    for widget in (whole, *whole.findChildren(QWidget)):
        if not widget.isVisible() or not isinstance(widget, (QLabel, QAbstractButton)):
            continue
        if not widget.text() or _elides(widget):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.heightForWidth(widget.width()) - widget.height()
            if short > 0:
                yield f"cut off by {short} px in height: {where(widget)}: {widget.text()!r}"
            continue
        if (beyond := _beyond(widget)) > 0:
            yield f"cut off by {beyond} px at the edge: {where(widget)}: {widget.text()!r}"
        short = widget.sizeHint().width() - widget.width()
        if short > 0:
            yield f"cut off by {short} px: {where(widget)}: {widget.text()!r}"


def heads_cut_off(whole: QWidget) -> Iterator[str]:
    """The heads of columns in a widget that have less room than their words need, and where.

    Not of a column that takes what room is left: it is the first to give some up.
    """
    stretches = QHeaderView.ResizeMode.Stretch
    for table in whole.findChildren(Table):
        if not table.isVisible():
            continue
        for at, column in enumerate(table.rows.columns):
            needed = current().metrics("header").horizontalAdvance(column.title) + 2 * CELL_PADDING
            short = needed - table.columnWidth(at)
            gives_up = table.header_of().sectionResizeMode(at) is stretches
            if short > 0 and not gives_up and not table.isColumnHidden(at):
                yield f"cut off by {short} px: the head {column.title!r} of {where(table)}"


def _beyond(widget: QWidget) -> int:
    """How far it lies beyond the edge of an area that does not scroll sideways."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if area is None or area.horizontalScrollBarPolicy() != off:
        return 0
    view = area.viewport()
    return widget.mapTo(view, widget.rect().bottomRight()).x() - view.width()


def _elides(widget: QWidget) -> bool:
    """Whether it paints its text itself, and so says with an ellipsis what it has no room for."""
    ours = [kind for kind in type(widget).__mro__ if kind.__module__.startswith("app.")]
    return any("paintEvent" in vars(kind) for kind in ours)


def mattering(every: Iterable[Shown], patterns: Iterable[str]) -> list[Shown]:
    """The states that fit a pattern; without any, those whose texts are ours and not data."""
    from app.ui.gallery.finding import matching

    shown = list(every)
    if patterns:
        names = {one.name for pattern in patterns for one in matching(shown, pattern)}
        return [one for one in shown if one.name in names]
    return [
        one
        for one in shown
        if one.desk != "extreme"
        and one.answers != "awaited"
        and one.desk != "read-only"
        and not any(word in one.state for word in ("hostile", "script", "very long", "huge"))
    ]


def tabs_of(whole: QWidget) -> Iterator[str]:
    """Lets each tab in a widget be seen, and those within it; one look where there are none."""
    tabs = [one for one in whole.findChildren(QTabWidget) if one.isVisible()]
    yield from _turned(tabs[0]) if tabs else [""]


def _turned(tabs: QTabWidget) -> Iterator[str]:
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        QApplication.processEvents()
        within = tabs.currentWidget()
        for below in tabs_of(within) if within is not None else [""]:
            yield f"{tabs.tabText(place)} {below}"


def look_at(stage: Stage, shown: Shown, data: frozenset[str]) -> Iterator[str]:
    """What is wrong with one state."""
    from app.ui.gallery.drawing import Placed, hurry, wanted_size
    from app.ui.pictures import wait_until_quiet

    placed = Placed(stage, shown)
    try:
        widget = placed.widget
        widget.resize(*(shown.size or wanted_size(widget)))
        widget.show()
        wait_until_quiet(placed.frame.background)
        hurry(widget)
        wait_until_quiet(placed.frame.background)
        if shown.size is None:
            widget.resize(*wanted_size(widget))
            QApplication.processEvents()
        for state, words in AS_THE_FILE_HAS_IT.items():
            data |= words if shown.name.startswith(state) else frozenset()
        for _tab in tabs_of(widget):
            yield from left_in_english(widget, data)
        if shown.whole:
            widget.resize(*NARROW)
            QApplication.processEvents()
        for _tab in tabs_of(widget):
            yield from cut_off(widget)
            yield from heads_cut_off(widget)
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main(patterns: list[str]) -> None:
    """Look at the states that are asked for and print what is wrong with them."""
    from app.main import stage as make_stage
    from app.ui.gallery.finding import every_shown
    from app.ui.pictures import application, dress, prepare, without_platform_remarks

    gc.disable()  # what Qt holds must not be collected on a thread that answers questions
    prepare()
    application()
    without_platform_remarks()
    dress(current(), "light")
    stage = make_stage()
    gc.freeze()  # what is here by now stays: collected once a state, it took longer than the state
    told: set[str] = set()
    data: dict[str, frozenset[str]] = {"none": samples()}
    for shown in mattering(every_shown(), patterns):
        stage.open(shown.desk)
        if shown.desk not in data:
            data[shown.desk] = samples() | data_of(stage._desks[shown.desk][0])
        for wrong in look_at(stage, shown, data[shown.desk]):
            if (known := wrong.partition(": ")[0]) not in told:
                told.add(known)
                print(f"{shown.name}: {wrong}", flush=True)
        gc.collect()
    stage.close()


if __name__ == "__main__":
    main(sys.argv[1:])
