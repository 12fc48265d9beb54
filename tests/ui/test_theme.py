"""One theme over all widgets: colours, type and density change together and at once."""

import re

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPalette, QTextLayout
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app import shipped
from app.ui import icons, tokens
from app.ui.looks import Looks
from app.ui.remembered import Remembered
from app.ui.theme import Theme, current, dress, fill_in
from app.ui.widgets.button import IconButton
from app.ui.widgets.text import Label


def test_palette_and_style_sheet_come_from_the_tokens(theme: Theme, qapp: QApplication) -> None:
    for scheme, named in (("light", tokens.LIGHT), ("dark", tokens.DARK)):
        theme.choose(scheme=scheme)  # type: ignore[arg-type]
        assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == named["surface"]
        assert named["border_strong"] in qapp.styleSheet()
        assert "@" not in qapp.styleSheet()


def test_the_template_names_tokens_only_and_sets_no_type() -> None:
    template = shipped.path("resources/app.qss").read_text("utf-8")
    assert re.findall(r"[:\s]#[0-9A-Fa-f]{3,8}\b|\brgba?\(", template) == []
    assert "font-size" not in template
    with pytest.raises(KeyError):
        fill_in("color: @no_such_token", {})


def test_words_speak_with_the_voice_they_were_given_at_every_size(
    theme: Theme, qtbot: QtBot
) -> None:
    label = Label("Amira", "title")
    qtbot.addWidget(label)
    sizes = []
    for zoom in (100, 150, 200):
        theme.choose(zoom=zoom)
        sizes.append(label.font().pixelSize())
    assert sizes == [20, 30, 40]
    assert label.font().weight() == QFont.Weight.DemiBold


def test_figures_are_tabular_everywhere_but_in_card_numbers(theme: Theme) -> None:
    tag = QFont.Tag("tnum")
    assert theme.font("amount").featureValue(tag) == 1
    assert not theme.font("number").isFeatureSet(tag)


@pytest.mark.parametrize("voice", ["body", "name", "code", "amount"])
def test_a_text_said_to_have_room_is_never_cut(theme: Theme, voice: str) -> None:
    metrics = theme.metrics(voice)
    names = ("Amira Haddad", "WAVE ATLAS Ty", "łukasz.ødegård@example.com", "Ελένη", "Владимир")
    for text in (*names, "−1,284", "1 Dec · in 8 days", "fi ffl -> != www", "iiiiiiiiiiiiiiii"):
        for width in range(metrics.horizontalAdvance(text) + 12):
            if theme.advances(voice).fit(text, width):
                assert metrics.elidedText(text, Qt.TextElideMode.ElideRight, width) == text
    widest = metrics.horizontalAdvance(names[0])
    assert theme.advances(voice).fit(names[0], round(widest * 1.05) + 4)


def test_a_text_whose_letters_join_is_always_measured(theme: Theme) -> None:
    assert not theme.advances("body").fit("أميرة", 1_000)


def test_text_sizes_step_and_stop_at_their_ends(theme: Theme) -> None:
    theme.zoom_by(1)
    assert theme.zoom == 110
    for _ in range(20):
        theme.zoom_by(1)
    assert theme.zoom == 200
    for _ in range(20):
        theme.zoom_by(-1)
    assert theme.zoom == 80
    theme.zoom_by(0)
    assert theme.zoom == 100


def test_icons_take_the_themes_ink(theme: Theme, qtbot: QtBot) -> None:
    button = IconButton("bell", "Messages")
    qtbot.addWidget(button)

    def ink() -> str:
        image = button.icon().pixmap(QSize(18, 18)).toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        strongest = max(places, key=lambda place: image.pixelColor(*place).alpha())
        return image.pixelColor(*strongest).name().upper()

    light = ink()
    theme.choose(scheme="dark")
    assert (light, ink()) == (tokens.LIGHT["text2"], tokens.DARK["text2"])


def test_an_icon_is_drawn_once_for_each_colour(theme: Theme) -> None:
    icons.pixmap.cache_clear()
    for _ in range(3):
        icons.pixmap("bell", "#112233", 18)
    assert icons.pixmap.cache_info().misses == 1


def test_the_choice_of_looks_is_kept_and_nonsense_is_ignored(theme: Theme) -> None:
    kept = Remembered(None)
    looks = Looks(kept)
    looks.choose(scheme="dark", density="compact")
    looks.zoom(1)
    theme.choose(scheme="light", density="normal", zoom=100)
    looks.take_up()
    assert (theme.scheme, theme.density, theme.zoom) == ("dark", "compact", 110)
    kept.remember("window/theme", {"scheme": "pink", "density": 7, "zoom": "big"})
    looks.take_up()
    assert (theme.scheme, theme.density, theme.zoom) == ("dark", "compact", 110)
    assert current() is theme


def test_what_pops_up_of_a_combo_box_has_an_edge_all_around_and_shows_nine_entries_whole(
    theme: Theme, qtbot: QtBot
) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    dress(box, "body")
    box.addItems([f"Entry {number}" for number in range(9)])
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitExposed(view.window())
    last = view.visualRect(box.model().index(8, 0))
    assert view.viewport().rect().contains(last)
    seen = view.window().grab().toImage()
    edge = theme.colour("border_strong")
    right, bottom = seen.width() - 1, seen.height() - 1
    middle = seen.rect().center()
    sides = ((0, middle.y()), (right, middle.y()), (middle.x(), 0), (middle.x(), bottom))
    assert {seen.pixelColor(*side).name() for side in sides} == {edge.name()}
    box.hidePopup()


def test_codes_are_drawn_letter_by_letter(theme: Theme) -> None:
    def glyphs(text: str) -> list[int]:
        layout = QTextLayout(text, theme.font("code"))
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]

    for code in ("->", "!=", "<=>", "-<", "www", "==="):
        assert glyphs(code) == [glyph for letter in code for glyph in glyphs(letter)], code
