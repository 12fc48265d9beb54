"""The page that shows what is different: one HTML file with everything in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app import shipped
from app.ui import format as write
from app.ui.gallery.comparing import Compared, Verdict, highlighted
from app.ui.gallery.references import References
from app.ui.language import tr, trn
from app.ui.pictures import png
from app.ui.saving import save_file

NAME: Final = "comparison.html"
_ALONE: Final = 1024
"""The width of a picture that has nothing beside it, in pixels: enough to recognise it by."""


def write_report(compared: Sequence[Compared], references: References, out: Path) -> Path:
    """Write the page into the folder of the new pictures; returns the file. Raises ``OSError``.

    It loads nothing and can be sent: pictures that are the same are counted, not shown.
    """
    different = [one for one in compared if one.verdict is not Verdict.SAME]
    data = {
        "words": _words(len(different), len(compared)),
        "pictures": [_entry(one, references, out) for one in different],
    }
    # Within a script element only this could end it.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    template = shipped.path("resources/comparison.html").read_text("utf-8")
    return save_file(out / NAME, template.replace("@data", text).encode())


def sentence(one: Compared) -> str:
    """What became of a picture, in words."""
    if one.verdict is Verdict.MISSING:
        return tr("There is no reference of it yet.")
    if one.verdict is Verdict.GONE:
        return tr("It has a reference, but is not drawn any more.")
    return tr("{share} of the pixels are different.", share=share_words(one.share))


def share_words(share: float) -> str:
    """A share of pixels: never 0 % where one is different."""
    return write.percent(share) if share >= 0.01 else f"{max(share * 100, 0.001):.3f} %"


def _entry(one: Compared, references: References, out: Path) -> dict[str, Any]:
    what, state, look = one.name.split(".", 2)
    entry: dict[str, Any] = {
        "name": one.name,
        "what": what,
        "state": state,
        "look": look,
        "said": _said(one),
        "sentence": sentence(one),
    }
    old = references.picture(one.name)
    new = None if one.verdict is Verdict.GONE else QImage(str(out / f"{one.name}.png"))
    difference = highlighted(old, new) if old is not None and new is not None else None
    if new is not None and old is None and new.width() > _ALONE:
        new = new.scaledToWidth(_ALONE, Qt.TransformationMode.SmoothTransformation)
    for key, image in (("old", old), ("new", new), ("difference", difference)):
        entry[key] = None if image is None else _inline(image)
    return entry


def _said(one: Compared) -> str:
    if one.verdict is Verdict.MISSING:
        return tr("new")
    return tr("gone") if one.verdict is Verdict.GONE else share_words(one.share)


def _inline(image: QImage) -> str:
    return f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"


def _words(different: int, every: int) -> dict[str, str]:
    summary = trn("{count} picture is different", "{count} pictures are different", different)
    return {
        "title": tr("Pictures compared"),
        "summary": tr("{summary} of {every}", summary=summary, every=write.credits(every)),
        "filter": tr("Filter by name ( / )"),
        "list": tr("Different pictures: j and k go on and back"),
        "every_what": tr("Every page, dialog and widget"),
        "every_state": tr("Every state"),
        "beside": tr("Side by side"),
        "old": tr("Reference"),
        "new": tr("Now"),
        "difference": tr("Difference"),
        "slider": tr("Slider"),
        "slider_help": tr("Reference before the line, now behind it: move it by pointer or arrows"),
        "fit": tr("Fit"),
        "none": tr("There is no picture of it."),
        "none_old": tr("Only the hash of the reference is kept, or there is none."),
        "none_new": tr("It is not drawn any more."),
        "none_difference": tr("It takes both pictures to show a difference."),
        "nothing_fits": tr("Nothing fits the filter."),
        "all_same": tr("Every picture is the same as its reference."),
    }
