"""The colours, sizes and type of the program, as plain data that tests compute from.

`LIGHT` and `DARK` name the same things. Whatever is drawn takes its colour from a token by name
(`tokens["text2"]`), never a hex of its own; `PAIRS` lists which ink may stand on which ground, and
a test computes the contrast of every one of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Tokens = Mapping[str, str]
Scheme = Literal["system", "light", "dark"]
Density = Literal["compact", "normal", "comfortable"]

LIGHT: Final[Tokens] = {
    "bg": "#F5F6F8",
    "surface": "#FFFFFF",
    "surface2": "#EFF1F5",
    "border": "#DFE3E9",
    "border_strong": "#868E9B",
    "text": "#1B1F26",
    "text2": "#505A68",
    "text3": "#626C7B",
    "accent": "#3657C8",
    "on_accent": "#FFFFFF",
    "accent_text": "#3352BE",
    "focus": "#3657C8",
    "accent_tint": "#E8EDFC",
    "selection": "#DCE5FB",
    "success": "#1A7044",
    "success_tint": "#E2F3E9",
    "warning": "#8A5300",
    "warning_tint": "#FBEFD9",
    "danger": "#B42318",
    "danger_tint": "#FCE7E5",
    "info": "#0B6A8F",
    "info_tint": "#E0F1F8",
}

DARK: Final[Tokens] = {
    "bg": "#13161A",
    "surface": "#1A1E24",
    "surface2": "#232930",
    "border": "#2E353E",
    "border_strong": "#6F7A88",
    "text": "#E7EAEE",
    "text2": "#AAB3BF",
    "text3": "#8C96A4",
    "accent": "#4A6BE0",
    "on_accent": "#FFFFFF",
    "accent_text": "#93ABFF",
    "focus": "#93ABFF",
    "accent_tint": "#222D4C",
    "selection": "#27345A",
    "success": "#5CCB8F",
    "success_tint": "#163323",
    "warning": "#E5AE4B",
    "warning_tint": "#3A2B10",
    "danger": "#FF8A80",
    "danger_tint": "#43201E",
    "info": "#63C2E6",
    "info_tint": "#12313E",
}

PRODUCT: Final = "PixPretty Credits"
TEXT_CONTRAST: Final = 4.5
CONTROL_CONTRAST: Final = 3.0

_GROUNDS = ("bg", "surface", "surface2")
_TONES = ("success", "warning", "danger", "info")

PAIRS: Final[tuple[tuple[str, str, float], ...]] = (
    *((ink, ground, TEXT_CONTRAST) for ink in ("text", "text2", "text3") for ground in _GROUNDS),
    *(
        (ink, ground, TEXT_CONTRAST)
        for ink in ("text", "text2", "accent_text", "success", "danger")
        for ground in ("selection", "accent_tint")
    ),
    *(("accent_text", ground, TEXT_CONTRAST) for ground in _GROUNDS),
    *((tone, ground, TEXT_CONTRAST) for tone in _TONES for ground in ("surface", "bg")),
    *((tone, f"{tone}_tint", TEXT_CONTRAST) for tone in _TONES),
    *(("text", f"{tone}_tint", TEXT_CONTRAST) for tone in _TONES),
    ("on_accent", "accent", TEXT_CONTRAST),
    ("danger", "surface2", TEXT_CONTRAST),
    ("success", "surface2", TEXT_CONTRAST),
    *(("border_strong", ground, CONTROL_CONTRAST) for ground in ("bg", "surface")),
    *(("focus", ground, CONTROL_CONTRAST) for ground in (*_GROUNDS, "selection", "accent_tint")),
    ("accent", "surface", CONTROL_CONTRAST),
)
"""Every pair in use: ink, ground, and the least contrast it must have."""

# Stacking order, from the bottom of a column. The order and the colours stay as they are for ever:
# a feature keeps its colour whatever its rank, so people learn it.
_FEATURES: Final = (
    ("remove_bg_single", "#839087", "#7E8C9A"),
    ("remove_bg_batch", "#62295B", "#B86381"),
    ("object_remover", "#D87833", "#967D64"),
    ("image_extender", "#363695", "#5E87B9"),
    ("image_describer", "#AE6204", "#C3885D"),
    ("ghostface", "#555BB9", "#AE9BE3"),
    ("action_figure", "#771625", "#ED8E88"),
    ("clothes_changer", "#996BD3", "#D5BDF6"),
    ("nano_banana_1k", "#384546", "#B3BDBB"),
    ("nano_banana_2_1k", "#A7926B", "#C1BF63"),
    ("nano_banana_2_2k", "#5C5662", "#AD9A9E"),
    ("nano_banana_2_4k", "#BA719F", "#FCCBEB"),
    ("nano_banana_pro_1k", "#39643C", "#8DDDA3"),
    ("nano_banana_pro_2k", "#904385", "#DC9ECA"),
    ("nano_banana_pro_4k", "#797B54", "#7E8937"),
    ("qwen_image_4k", "#6B5609", "#D7E486"),
    ("qwen_image_pro_4k", "#657174", "#C7E3D4"),
)

_SPARES: Final = (
    ("#2F7F86", "#6FC4C9"),
    ("#B5476A", "#F0A5BE"),
    ("#4F7A1F", "#A9CF74"),
    ("#7A4B2E", "#D9A98B"),
    ("#2D5E9E", "#8FB6EA"),
    ("#8C6D1F", "#E0C36A"),
)

SPACE: Final = (2, 4, 8, 12, 16, 24, 32)
PAGE_PADDING: Final = 20
CARD_GAP: Final = 12
CARD_PADDING: Final = (16, 12)
RADIUS_CARD: Final = 8
RADIUS_CONTROL: Final = 6
RADIUS_CHIP: Final = 4
CONTROL_HEIGHT: Final = 32
HEADER_HEIGHT: Final = 30
ICON_SIZE: Final = 18
SIDE_BAR_WIDTH: Final = 184
TOP_BAR_HEIGHT: Final = 52
USERS_LIST_WIDTH: Final = 288
USERS_ROW_HEIGHT: Final = 50
NARROW_BELOW: Final = 1360
SMALLEST_WINDOW: Final = (1024, 640)
ROW_HEIGHTS: Final[Mapping[Density, int]] = {"compact": 26, "normal": 30, "comfortable": 36}


@dataclass(frozen=True)
class Type:
    """One voice of the type scale: pixel size, weight, and whether it is the mono face."""

    pixels: int
    weight: int
    mono: bool = False
    tabular: bool = True


TYPES: Final[Mapping[str, Type]] = {
    "chip": Type(11, 600),
    "caption": Type(12, 400),
    "header": Type(12, 500),
    "body": Type(13, 400),
    "name": Type(13, 500),
    "section": Type(13, 600),
    "amount": Type(13, 600),
    "product": Type(15, 600),
    "title": Type(20, 600),
    "number": Type(26, 600, tabular=False),
    "code": Type(12, 400, mono=True),
}


def feature_colours(keys: Iterable[str], *, dark: bool) -> dict[str, str]:
    """The chart colour of each feature; unknown ones take spares in the order they come.

    Give the keys in price-list order, all of them, and a feature added later keeps its spare too.
    """
    column = 2 if dark else 1
    known = {feature[0]: feature[column] for feature in _FEATURES}
    colours: dict[str, str] = {}
    spare = 0
    for key in keys:
        if key in known:
            colours[key] = known[key]
        else:
            colours[key] = _SPARES[spare % len(_SPARES)][column - 1]
            spare += 1
    return colours


def stacking_order(keys: Iterable[str]) -> list[str]:
    """The keys in stacking order, from the bottom; features added later come on top."""
    place = {feature[0]: index for index, feature in enumerate(_FEATURES)}
    return sorted(keys, key=lambda key: place.get(key, len(place)))


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """The relative luminance of `#RRGGBB`, 0 to 1, as WCAG 2 defines it."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
