"""What leaves the program, hostile texts and all: pictures, PDF, CSV, the clipboard, file names.

A file says what it holds as text. A spreadsheet computes nothing of it, a browser and a reader of
PDF find nothing in it to open.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.calendar import Month
from app.domain.price_file import MOST_NAME
from app.ui import format as write
from app.ui.charts.data import MonthSeries, Series, Style, csv_text
from app.ui.charts.plot import Plot
from app.ui.columns import copied_text, csv_lines
from app.ui.consumption import exports
from app.ui.gallery.drawing import hurry
from app.ui.pictures import wait_until_quiet
from app.ui.saving import proposed_name
from app.ui.theme import Theme, current
from app.ui.users.page import UsersPage
from app.ui.users.statement import StatementDialog
from app.ui.users.statement_paper import as_pdf
from app.ui.users.statement_text import as_csv, as_text
from app.ui.widgets.table import Table
from app.ui.window import Window
from tests.ui.gallery.plain_english import Painted
from tests.ui.gallery.plainness import is_read
from tests.ui.hostile.looking import untamed
from tests.ui.hostile.world import World

pytestmark = pytest.mark.slow
UTC = ZoneInfo("UTC")
MONTHS = tuple(Month(2026, month) for month in (9, 10, 11))
IN_A_CHART = 10
ROWS = 100
COMPUTED = tuple("=+-@\t\r\n|＝＋－＠")
UNSEEN = " \x00\u200b\u2060\ufeff"
OPENED = (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/SubmitForm", b"/GoToR")
"""What has a reader of PDF open something."""


def _computed(cells: list[str]) -> list[str]:
    """The cells that a spreadsheet would compute; plain numbers may be negative."""
    number = re.compile(r"-?\d+(\.\d+)?")
    return [
        cell
        for cell in cells
        if cell.lstrip(UNSEEN).startswith(COMPUTED) and not number.fullmatch(cell)
    ]


@pytest.fixture
def sheet(world: World, theme: Theme) -> exports.Sheet:
    """Every payload as the name of something that was used, as price lists take it."""
    names = enumerate(world.published(MOST_NAME))
    used = tuple(Series(f"feature_{at}", name, (at + 1, 2, 3)) for at, name in names)
    drawing = exports.Drawing(MonthSeries(MONTHS, used), Style(patterned=True))
    return exports.sheet_of(drawing, ("Consumption", world.text(0, 200), "Read now"))


def test_a_drawing_holds_the_names_as_text(sheet: exports.Sheet, world: World) -> None:
    root = ET.fromstring(exports.svg(sheet))  # noqa: S314 - our own
    written = {"".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text")}
    letters = "".join(written)
    for name in world.published(MOST_NAME):
        whole = any(words == name or _begins(name, words) for words in written)
        # What runs from right to left is written a word at a time.
        assert whole or all(word in letters for word in name.split()), name
    drawn = {e.tag.rpartition("}")[2] for e in root.iter()}
    assert drawn & {"image", "script", "a", "foreignObject", "style", "use"} == set()
    assert [key for e in root.iter() for key in e.attrib if "href" in key or key[:2] == "on"] == []


def _begins(name: str, words: str) -> bool:
    """Whether it is the name, cut with an ellipsis."""
    return words.endswith("…") and len(words) > 5 and name.startswith(words[:-1].rstrip())


def test_a_picture_and_a_page_hold_the_figures_and_nothing_to_open(
    sheet: exports.Sheet, world: World
) -> None:
    image = QImage.fromData(exports.png(sheet))
    page = exports.pdf(sheet)
    whole = page + b"".join(_streams(page))
    assert exports.csv_file(sheet) in list(_streams(page))
    assert [word for word in OPENED if word in whole.replace(exports.csv_file(sheet), b"")] == []
    for name in world.published(MOST_NAME):
        assert " ".join(name.replace('"', '""').split()) in image.text("Figures"), name


def _streams(page: bytes) -> Iterator[bytes]:
    """What stands in a PDF, unpacked where it is packed."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", page, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def test_no_table_of_figures_is_computed(sheet: exports.Sheet) -> None:
    for text in (
        sheet.figures,
        exports.csv_file(sheet).decode("utf-8-sig"),
        csv_text(sheet.drawing.data),
    ):
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) >= len(MONTHS)
        assert _computed([cell for row in rows for cell in row]) == []


def test_the_months_are_told_as_text(world: World, qtbot: QtBot, theme: Theme) -> None:
    plot, accent = Plot(), current().colour("accent")
    qtbot.addWidget(plot)
    for first in range(0, len(world), IN_A_CHART):
        names = world.payloads[first : first + IN_A_CHART]
        series = tuple(Series(f"feature_{at}", name, (1, 2, 3)) for at, name in enumerate(names))
        plot.show_data(MonthSeries(MONTHS, series), [accent] * len(series), Style())
        for at in range(len(series)):
            plot._go(2, at)
            assert not is_read(QToolTip.text())
            assert untamed(QToolTip.text()) == ""
            assert untamed(plot.accessibleDescription()) == ""
    QToolTip.hideText()


def test_a_statement_says_whose_it_is_as_text(desk: Desk, world: World, theme: Theme) -> None:
    for at in range(len(world)):
        statement = desk.statements.of(world.user_id(at))
        text = as_text(statement, UTC)
        assert text.splitlines()[0] == write.text(world.text(at, 320))
        assert untamed(text) == ""
        rows = list(csv.reader(io.StringIO(as_csv(statement))))
        assert _computed([cell for row in rows for cell in row]) == []
        if at % 3 == 0:
            painted = Painted()
            with painted.heard():
                page = as_pdf(statement, UTC)
            assert set(text.splitlines()[:3]) <= painted.texts
            assert [untamed(words) for words in painted.texts if untamed(words)] == []
            assert [word for word in OPENED if word in page] == []


def test_no_list_that_is_copied_or_exported_is_computed(window: Window, world: World) -> None:
    tables = 0
    for key in (entry.key for entry in window.entries):
        window.open_page(key, world.user_id(36) if key == "users" else None)
        wait_until_quiet(window.background)
        hurry(window)
        wait_until_quiet(window.background)
        for table in cast("QWidget", window.page).findChildren(Table):
            model, columns = table.rows, table.rows.columns
            rows = [
                row for n in range(model.rowCount())[:ROWS] if (row := model.row(n)) is not None
            ]
            exported = list(csv.reader(io.StringIO("".join(csv_lines(columns, rows)))))
            copied = copied_text(columns, rows, headers=True).split("\n")
            assert len(copied) == len(rows) + 1
            cells = [cell for row in exported for cell in row]
            assert _computed([*cells, *(c for line in copied for c in line.split("\t"))]) == []
            tables += bool(rows)
    assert tables > 8


def test_a_file_is_proposed_in_the_folder_that_is_open(window: Window, world: World) -> None:
    for payload in world.payloads:
        name = proposed_name("credits", payload, "pdf")
        assert re.fullmatch(r"credits(-[^<>:\"/\\|?*\s]+)?\.pdf", name), payload
        assert untamed(name) == ""
        assert len(name) < 100
        assert Path(name).name == name
    climbing = next(at for at, text in enumerate(world.payloads) if text.startswith("../"))
    window.open_page("users", world.user_id(climbing))
    wait_until_quiet(window.background)
    page = cast("UsersPage", window.page)
    page.acts.statement()
    statement = cast("StatementDialog", page.acts.dialog)
    wait_until_quiet(window.background)
    asking = statement.ask_where("pdf")
    (path,) = asking.selectedFiles()
    assert Path(path).parent == Path(asking.directory().absolutePath())
    asking.reject()
    statement.reject()
