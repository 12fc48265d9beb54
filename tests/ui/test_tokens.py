"""The colours hold what they promise: contrast computed from the tokens, charts told apart."""

from itertools import pairwise

import pytest

from app.ui import tokens
from app.ui.tokens import DARK, LIGHT, PAIRS, Tokens

THEMES = {"light": LIGHT, "dark": DARK}


def weak(named: Tokens) -> list[tuple[str, str]]:
    """The pairs in use whose contrast is less than it must be."""
    return [
        (ink, ground)
        for ink, ground, least in PAIRS
        if tokens.contrast(named[ink], named[ground]) < least
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_in_use_passes_wcag_aa(theme: str) -> None:
    assert weak(THEMES[theme]) == []


def test_a_colour_too_close_to_the_grounds_it_stands_on_is_found() -> None:
    pale = {**LIGHT, "text3": LIGHT["border_strong"]}
    assert weak(pale) == [("text3", ground) for ground in ("bg", "surface", "surface2")]


def test_contrast_is_the_known_one_at_the_ends() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert tokens.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_pairs_that_must_not_meet_are_not_in_use() -> None:
    used = {(ink, ground) for ink, ground, _ in PAIRS}
    assert ("text3", "selection") not in used
    assert ("border_strong", "surface2") not in used


def test_both_themes_name_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


def hue_free_steps(named: Tokens, colours: list[str]) -> list[float]:
    return [tokens.contrast(colour, named["surface"]) for colour in colours]


@pytest.mark.parametrize("dark", [False, True])
def test_every_chart_colour_stands_out_from_its_card_and_from_its_neighbours(dark: bool) -> None:
    keys = [feature[0] for feature in tokens._FEATURES]
    colours = list(tokens.feature_colours([*keys, "new_1", "new_2"], dark=dark).values())
    assert len(set(colours)) == len(colours)
    named = DARK if dark else LIGHT
    assert min(hue_free_steps(named, colours)) >= 3
    for below, above in pairwise(colours):
        assert below != above


def test_a_feature_keeps_its_colour_whatever_stands_around_it() -> None:
    alone = tokens.feature_colours(["ghostface"], dark=False)
    among = tokens.feature_colours(["object_remover", "brand_new", "ghostface"], dark=False)
    assert alone["ghostface"] == among["ghostface"] == "#555BB9"


def test_stacking_order_is_the_published_one_with_new_features_on_top() -> None:
    order = tokens.stacking_order(["new", "qwen_image_4k", "remove_bg_single"])
    assert order == ["remove_bg_single", "qwen_image_4k", "new"]
