"""The states of the Prices page and its dialogs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from app.domain.price_changes import side_by_side
from app.domain.prices import Feature, PriceVersion
from app.ui.gallery import texts
from app.ui.gallery.shown import Build, Shown, nothing, whole_page
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.prices.asking import CompareDialog, InForceDialog
from app.ui.prices.dialogs import ConflictDialog, DifferenceDialog, DifferenceTable, PublishDialog
from app.ui.prices.editing import Editing
from app.ui.prices.feature_dialog import FeatureDialog
from app.ui.prices.page import PricesPage
from app.ui.prices.what_if_words import NoteFigures

_FIGURES: Final = (
    "What if 2026-10, tried 2026-11-22: credits used 84,120 → 88,004, refused uses 310 → 352, users"
    " who run out 41 → 47."
)
_DEARER: Final = {"ghostface": 6, "image_extender": 10, "nano_banana_1k": 8}


def _versions(frame: Frame) -> Sequence[PriceVersion]:
    return cast("Sequence[PriceVersion]", frame.desk.pricing.versions())


def _edited(frame: Frame) -> Editing:
    """The list in force with a few prices changed."""
    editing = Editing.begun(frame.desk.pricing.current())
    known = {feature.key for feature in editing.prices.features}
    return editing.with_prices({key: to for key, to in _DEARER.items() if key in known})


def _all_edited(frame: Frame) -> Editing:
    editing = Editing.begun(frame.desk.pricing.current())
    return editing.with_prices({one.key: 10_000 for one in editing.prices.features})


def _difference(edit: Callable[[Frame], Editing], title: str, sentence: str) -> Build:
    def build(frame: Frame) -> QWidget:
        changes = edit(frame).changes
        return DifferenceDialog(
            cast("QWidget", frame), title, sentence, changes, act="Take over", do=lambda: None
        )

    return build


def _table(frame: Frame) -> QWidget:
    return DifferenceTable(_all_edited(frame).changes)


def _publish(edit: Callable[[Frame], Editing]) -> Build:
    def build(frame: Frame) -> QWidget:
        editing = edit(frame)
        return PublishDialog(
            cast("QWidget", frame),
            editing.changes,
            _versions(frame),
            base=editing.base.number,
            zone=frame.zone,
            now=frame.now(),
            first_from=_next_month(frame.now()),
            figures=NoteFigures(_FIGURES),
            publish=nothing,
        )

    return build


def _refused(frame: Frame) -> QWidget:
    dialog = cast("PublishDialog", _publish(_edited)(frame))
    dialog.refuse("The disk is full: nothing was published.")
    return dialog


def _next_month(now: datetime) -> datetime:
    return now.replace(month=12, day=1, hour=0, minute=0, second=0, microsecond=0)


def _conflict(frame: Frame) -> QWidget:
    """What somebody else published touches one of the draft's prices, and others."""
    mine, base = _edited(frame), frame.desk.pricing.current()
    dearer = Editing.begun(base).with_prices({"ghostface": 9, "clothes_changer": 2})
    theirs = replace(base, number=base.number + 1, prices=dearer.prices, author="ana@pixpretty")
    rows = side_by_side(base.prices, mine.prices, theirs.prices)
    return ConflictDialog(cast("QWidget", frame), rows, base, theirs, nothing)


def _compare(frame: Frame) -> QWidget:
    versions = _versions(frame)
    numbers = sorted(version.number for version in versions)
    chosen = (numbers[0], numbers[-1])
    return CompareDialog(cast("QWidget", frame), versions, _edited(frame).prices, chosen)


def _in_force(frame: Frame) -> QWidget:
    now = frame.now()
    return InForceDialog(cast("QWidget", frame), _versions(frame), now, frame.zone, now)


def _feature(feature: Feature | None) -> Build:
    families = ("Background", "Image generation", texts.MARKUP)
    return lambda frame: FeatureDialog(cast("QWidget", frame), families, nothing, feature)


def _first_feature(frame: Frame) -> QWidget:
    features: Any = frame.desk.pricing.current().prices.features
    return _feature(features[0])(frame)


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page("prices", PricesPage),
    Shown(
        DifferenceDialog,
        "ready",
        _difference(_edited, tr("Import {name}", name="mine.json"), "Three changes."),
        "demo",
    ),
    Shown(
        DifferenceDialog,
        "hostile text",
        _difference(_all_edited, texts.HOSTILE, texts.HOSTILE),
        "extreme",
    ),
    Shown(
        DifferenceDialog,
        "very long text",
        _difference(_all_edited, texts.LONG, texts.PARAGRAPH),
        "extreme",
    ),
    Shown(DifferenceTable, "extremes", _table, "extreme", size=(640, 420)),
    Shown(PublishDialog, "ready", _publish(_edited), "demo"),
    Shown(PublishDialog, "extremes", _publish(_all_edited), "extreme"),
    Shown(PublishDialog, "failed", _refused, "demo"),
    Shown(ConflictDialog, "ready", _conflict, "demo"),
    Shown(ConflictDialog, "hostile text", _conflict, "extreme"),
    Shown(CompareDialog, "ready", _compare, "demo"),
    Shown(CompareDialog, "extremes", _compare, "extreme"),
    Shown(InForceDialog, "ready", _in_force, "demo"),
    Shown(InForceDialog, "extremes", _in_force, "extreme"),
    Shown(FeatureDialog, "empty", _feature(None)),
    Shown(FeatureDialog, "ready", _first_feature, "demo"),
    Shown(FeatureDialog, "hostile text", _first_feature, "extreme"),
)
