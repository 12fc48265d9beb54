"""What is different from a reference is found, however small, and shown."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.gallery.comparing import Compared, Verdict, accepted, compare, highlighted, share_of
from app.ui.gallery.drawing import draw
from app.ui.gallery.finding import every_shown, matching
from app.ui.gallery.manifest import Drawn, drawn_as, write_manifest
from app.ui.gallery.matrix import Look
from app.ui.gallery.references import CHOSEN, HASHES, accept, read_references
from app.ui.gallery.report import share_words, write_report
from app.ui.page import Frame
from app.ui.pictures import png
from app.ui.settings.staff_dialogs import AddStaffDialog
from app.ui.theme import Theme

CARD = "stat-card.ready.light"


def image(width: int = 60, height: int = 40, at: int = 10) -> QImage:
    """A white picture with a blue square at a place."""
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("#ffffff"))
    painter = QPainter(made)
    painter.fillRect(at, 10, 8, 8, QColor("#3657c8"))
    painter.end()
    return made


def put(folder: Path, name: str, drawn: QImage) -> Drawn:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.png").write_bytes(png(drawn))
    return drawn_as(name, drawn)


def verdicts(compared: list[Compared]) -> dict[str, str]:
    return {one.name: str(one.verdict) for one in compared}


def test_a_square_shifted_by_one_pixel_is_found_and_highlighted(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    put(old, CARD, image(at=10))
    drawn = put(out, CARD, image(at=11))
    (found,) = compare(read_references(old), out, [drawn], every=True)
    assert found.verdict is Verdict.CHANGED
    assert found.share == 16 / (60 * 40)
    marked = highlighted(image(at=10), image(at=11))
    assert marked.pixelColor(QPoint(10, 12)).name() == "#e6007a"
    assert marked.pixelColor(QPoint(14, 12)).name() != "#e6007a"
    assert marked.pixelColor(QPoint(40, 30)).name() == "#ffffff"


def test_a_dialog_whose_fields_moved_by_one_pixel_is_found(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    (shown,) = matching(every_shown(), "add-staff-dialog.ready")
    name = f"{shown.name}.light"

    def moved(frame: Frame) -> QWidget:
        dialog = shown.build(frame)
        assert isinstance(dialog, AddStaffDialog)
        dialog.body.setContentsMargins(1, 0, 0, 0)
        return dialog

    frames = stage()
    try:
        old, out = tmp_path / "old", tmp_path / "out"
        put(old, name, draw(frames, shown, Look()))
        verdict_of = {}
        for what, state in (("as it was", shown), ("moved", replace(shown, build=moved))):
            drawn = put(out, name, draw(frames, state, Look()))
            verdict_of[what] = verdicts(compare(read_references(old), out, [drawn], every=True))
    finally:
        frames.close()
    assert verdict_of == {"as it was": {name: "same"}, "moved": {name: "changed"}}


def test_one_pixel_of_another_shade_is_different_and_never_said_to_be_nothing() -> None:
    other = image()
    other.setPixelColor(0, 0, QColor("#fffffe"))
    share = share_of(image(), other)
    assert share == 1 / 2400
    assert share_words(1 / 50_000_000) == "0.001 %"
    assert share_words(0.5) == "50 %"


def test_a_picture_of_another_size_is_different_where_only_one_of_them_is() -> None:
    assert share_of(image(60, 40), image(60, 50)) == 10 / 50
    assert highlighted(image(60, 40), image(60, 50)).height() == 50


def test_the_same_pixels_in_another_file_are_the_same(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    old.mkdir()
    image().convertToFormat(QImage.Format.Format_ARGB32).save(str(old / f"{CARD}.png"), None, 0)
    drawn = put(out, CARD, image())
    assert verdicts(compare(read_references(old), out, [drawn], every=True)) == {CARD: "same"}


def test_without_a_reference_it_is_missing_and_without_a_picture_it_is_gone(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    put(old, "badge.info.dark", image())
    drawn = put(out, CARD, image())
    references = read_references(old)
    whole = compare(references, out, [drawn], every=True)
    assert verdicts(whole) == {CARD: "missing", "badge.info.dark": "gone"}
    assert verdicts(compare(references, out, [drawn], every=False)) == {CARD: "missing"}


def test_of_what_is_not_chosen_only_the_hash_is_kept_and_compared(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    old.mkdir()
    (old / CHOSEN).write_text("# those\nbadge.*\n", "utf-8")
    drawn = [put(out, CARD, image()), put(out, "badge.info.dark", image())]
    accept(read_references(old), out, drawn, [])
    assert [file.name for file in old.glob("*.png")] == ["badge.info.dark.png"]
    assert CARD in (old / HASHES).read_text("utf-8")
    again = [put(out, CARD, image(at=11)), drawn[1]]
    compared = compare(read_references(old), out, again, every=True)
    assert verdicts(compared) == {CARD: "changed", "badge.info.dark": "same"}


def test_what_was_looked_at_is_taken_over_one_by_one_or_all(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    put(old, "badge.gone.dark", image())
    drawn = [put(out, CARD, image()), put(out, "badge.info.dark", image(at=20))]
    compared = compare(read_references(old), out, drawn, every=True)
    assert [one.name for one in accepted(compared, [CARD])] == [CARD]
    accept(read_references(old), out, [drawn[0]], [])
    left = compare(read_references(old), out, drawn, every=True)
    assert verdicts(left) == {CARD: "same", "badge.info.dark": "missing", "badge.gone.dark": "gone"}
    every = accepted(left, ["all"])
    gone = [one.name for one in every if one.verdict is Verdict.GONE]
    accept(read_references(old), out, drawn, gone)
    assert set(verdicts(compare(read_references(old), out, drawn, every=True)).values()) == {"same"}
    with pytest.raises(KeyError, match="nothing"):
        accepted(compared, ["nothing"])


def test_a_folder_of_pictures_drawn_before_can_be_compared_with(tmp_path: Path) -> None:
    before, out = tmp_path / "before", tmp_path / "out"
    write_manifest(before, [put(before, CARD, image())])
    drawn = put(out, CARD, image())
    assert verdicts(compare(read_references(before), out, [drawn], every=True)) == {CARD: "same"}


def test_the_page_has_everything_in_it_and_fetches_nothing(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    put(old, CARD, image(at=10))
    drawn = [put(out, CARD, image(at=11)), put(out, "badge.info.dark", image())]
    references = read_references(old)
    compared = [*compare(references, out, drawn, every=True), Compared("key.x.light", Verdict.SAME)]
    page = write_report(compared, references, out).read_text("utf-8")
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    told = {one["name"]: one for one in json.loads(text)["pictures"]}
    assert told.keys() == {CARD, "badge.info.dark"}
    assert all(told[CARD][key].startswith("data:image/png;base64,") for key in ("old", "new"))
    assert told[CARD]["difference"]
    assert told["badge.info.dark"]["old"] is None
    assert json.loads(text)["words"]["summary"] == "2 pictures are different of 3"
    assert re.findall(r"(?:src|href)\s*=\s*\"?https?:", page) == []
    assert "default-src 'none'" in page


def test_what_a_name_says_cannot_end_the_script_it_stands_in(tmp_path: Path) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    old.mkdir()
    out.mkdir()
    hostile = "card.</script><b>.light"
    compared = [Compared(hostile, Verdict.GONE, 1.0)]
    page = write_report(compared, read_references(old), out).read_text("utf-8")
    assert "</script><b>" not in page
