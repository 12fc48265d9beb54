"""The price lists that the demo's years went through; the last but one is the published one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.calendar import Month
from app.domain.prices import Feature, PriceList

SKETCH = Feature(
    "sketch_to_image", "AI Sketch To Image", "Sketch To Image Generation", "Editing", 8
)
_LATER = ("nano_banana_2_1k", "nano_banana_2_2k", "nano_banana_2_4k")
_LATEST = ("qwen_image_4k", "qwen_image_pro_4k")
_PRO = ("nano_banana_pro_1k", "nano_banana_pro_2k", "nano_banana_pro_4k")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the price list to be: when it was published, from when it holds, and why."""

    published_at: datetime
    effective_at: datetime
    note: str
    prices: PriceList


def editions(published: PriceList, earlier: int) -> list[Edition]:
    """All versions, oldest first; ``published`` is the price list as it is today.

    The first was published ``earlier`` by so many months where the demo goes back further.
    """
    first = _changed(
        published,
        leave_out=(*_LATER, *_LATEST, *_PRO),
        prices={"nano_banana_1k": 4, "image_extender": 8, "ghostface": 6},
        add=(SKETCH,),
    )
    second = _changed(
        published,
        leave_out=(*_LATER, *_LATEST),
        prices={"nano_banana_1k": 4, "image_extender": 8, "nano_banana_pro_4k": 60},
        add=(SKETCH,),
    )
    third = _changed(published, leave_out=_LATEST, prices={"nano_banana_pro_4k": 60})
    cheaper = _changed(published, prices={"nano_banana_pro_4k": 44, "nano_banana_2_4k": 20})
    founded = months_before(_at(2024, 11, 20, 9), earlier)
    return [
        Edition(founded, founded, "First price list", first),
        Edition(
            _at(2025, 5, 12, 10), _at(2025, 5, 15), "Nano Banana Pro arrives; Ghostface 4", second
        ),
        Edition(
            _at(2025, 12, 9, 15),
            _at(2026, 1, 1),
            "Nano Banana 2; Image Extender costs us more; Sketch To Image retired",
            third,
        ),
        Edition(_at(2026, 6, 24, 8), _at(2026, 7, 1), "Qwen Image; Pro 4K down to 48", published),
        Edition(_at(2026, 11, 19, 16), _at(2026, 12, 1), "Winter prices for 4K", cheaper),
    ]


def months_before(at: datetime, months: int) -> datetime:
    """The same day of the month and time so many months before."""
    month = Month(at.year, at.month).plus(-months)
    return at.replace(year=month.year, month=month.month)


def _changed(
    published: PriceList,
    *,
    leave_out: tuple[str, ...] = (),
    prices: Mapping[str, int],
    add: tuple[Feature, ...] = (),
) -> PriceList:
    kept = tuple(
        replace(feature, credits=prices.get(feature.key, feature.credits))
        for feature in published.features
        if feature.key not in leave_out
    )
    return replace(published, features=kept + add)


def _at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)
