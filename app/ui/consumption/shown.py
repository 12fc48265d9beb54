"""The states of the page of consumption."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from app.ui.consumption.growth import MIDDLE
from app.ui.consumption.page import ConsumptionPage
from app.ui.consumption.state import LINES, Choice
from app.ui.gallery.shown import PAGE_SIZE, Build, Shown, whole_page
from app.ui.page import Frame

_PIECE: Final = {"month": "2026-10", "key": "image_extender"}


def _chosen(place: dict[str, str] | None = None, **choice: Any) -> Build:
    """The window with the page in view, showing a choice at a place."""

    def build(frame: Frame) -> QWidget:
        frame.open_page("consumption", place)
        window = cast("QWidget", frame)
        page = window.findChild(ConsumptionPage)
        if page is not None:
            page.show_state(replace(page.state, choice=replace(Choice(), **choice)))
        return window

    return build


def _on_the_demo(state: str, build: Build) -> Shown:
    return Shown(ConsumptionPage, state, build, "demo", size=PAGE_SIZE)


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page("consumption", ConsumptionPage, ready=lambda _desk: _PIECE),
    _on_the_demo("lines", _chosen(measure="users", shape=LINES)),
    _on_the_demo("shares with patterns", _chosen(by="family", share=True, patterned=True)),
    _on_the_demo("all of 36 months", _chosen(span="36", every=True)),
    _on_the_demo("growth", _chosen(every=True, table=MIDDLE)),
    _on_the_demo("switched off", _chosen(by="plan", hidden=frozenset({"free", "plus", "pro"}))),
)
