"""Screens say where a line starts and ends, not left and right: some languages run otherwise."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from app.ui.theme import Theme
from app.ui.widgets.paint import END, START, chip_corner, draw_text, turned

UI = Path(__file__).resolve().parents[2] / "app/ui"
SIDES = {"AlignLeft", "AlignRight"}
RUNS = {"layoutDirection"}
"""What a module asks that turns its sides itself."""
LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
WIDTH, HEIGHT = 200, 24
ROW = QRect(0, 0, WIDTH, HEIGHT)


def named_in(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}


def names_a_side(source: str) -> bool:
    """Whether a module names left or right and never asks which way reading runs."""
    named = named_in(source)
    return bool(named & SIDES) and not named & RUNS


def test_alignments_name_start_and_end_except_where_the_direction_is_asked_for() -> None:
    modules = {path.relative_to(UI).as_posix(): path for path in UI.rglob("*.py")}
    sided = [name for name, path in modules.items() if names_a_side(path.read_text("utf-8"))]
    assert sided == []
    assert names_a_side("label.setAlignment(Qt.AlignmentFlag.AlignLeft)")
    assert not names_a_side("label.setAlignment(Qt.AlignmentFlag.AlignLeading)")


def inked(theme: Theme, direction: Qt.LayoutDirection, align: Qt.AlignmentFlag) -> str:
    """In which half of a row a word is drawn."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    draw_text(painter, theme, ROW, "1,284", align=align)
    assert painter.layoutDirection() is direction
    painter.end()
    columns = [
        x for x in range(WIDTH) for y in range(HEIGHT) if image.pixelColor(x, y).lightness() < 200
    ]
    assert columns
    return "left" if max(columns) < WIDTH // 2 else "right" if min(columns) > WIDTH // 2 else "both"


@pytest.mark.parametrize(
    ("direction", "align", "side"),
    [(LTR, START, "left"), (LTR, END, "right"), (RTL, START, "right"), (RTL, END, "left")],
)
def test_what_is_drawn_by_hand_starts_where_reading_does(
    theme: Theme, direction: Qt.LayoutDirection, align: Qt.AlignmentFlag, side: str
) -> None:
    assert inked(theme, direction, align) == side


def test_parts_of_a_row_and_chips_at_its_end_change_sides(theme: Theme) -> None:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    first = QRect(0, 0, 50, HEIGHT)
    painter.setLayoutDirection(LTR)
    assert turned(painter, first, ROW) == first
    assert chip_corner(painter, theme, ROW, "late").x() > WIDTH // 2
    painter.setLayoutDirection(RTL)
    assert turned(painter, first, ROW) == QRect(WIDTH - 50, 0, 50, HEIGHT)
    assert chip_corner(painter, theme, ROW, "late").x() == 0
    painter.end()
