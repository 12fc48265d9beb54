"""What a text gives to the features of a price list when it is pasted."""

from __future__ import annotations

import pytest

from app.domain.calendar import Month
from app.domain.errors import PriceListInvalid
from app.domain.prices import MonthOfUse
from app.ui.prices.editing import Editing
from app.ui.prices.pasting import pasted
from app.ui.prices.rows import PriceRow, price_rows


@pytest.fixture
def rows(editing: Editing) -> list[PriceRow]:
    return price_rows(editing.without("ghostface"), MonthOfUse(Month(2026, 10), {}))


def refusal(text: str, rows: list[PriceRow], current: int = 0) -> str:
    with pytest.raises(PriceListInvalid) as caught:
        pasted(text, rows, current, [])
    return str(caught.value)


def test_one_price_goes_to_every_chosen_feature(rows: list[PriceRow]) -> None:
    assert pasted("9\n", rows, 2, [0, 2]) == {"remove_bg_single": 9, "object_remover": 9}


def test_several_prices_begin_at_the_first_chosen_row_wherever_the_keyboard_is(
    rows: list[PriceRow],
) -> None:
    found = pasted("1\n2\n", rows, 2, [1, 2])
    assert found == {"remove_bg_batch": 1, "object_remover": 2}


def test_features_are_found_by_key_or_name_under_headers_of_any_wording(
    rows: list[PriceRow],
) -> None:
    text = "Feature\tPrice\nimage_extender\t1,200\nai clothes changer;5\n"
    assert pasted(text, rows, 0, []) == {"image_extender": 1200, "clothes_changer": 5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no text"),
        ("12\n1.5", "Line 2: “1.5” is not a price"),
        ("10001", "“10001” is not a price, a whole number from 1 to 10,000"),
        ("-3", "“-3” is not a price"),
        ("ghost\t4", "“ghost” in this list"),
        ("image_extender\t4\nimage_extender\t5", "a second price, 5"),
        ("image_extender\t4\nobject_remover", "has no price"),
        ("ghostface\t4", "AI Ghostface Generator is retired"),
        ("export_image\t4", "is a free action and cannot cost 4"),
        ("a\tb\tc", "3 columns cannot be pasted"),
        ("1\n" * 30, "30 prices do not fit"),
    ],
)
def test_what_cannot_be_pasted_is_named(text: str, said: str, rows: list[PriceRow]) -> None:
    sentence = refusal(text, rows)
    assert said in sentence
    assert sentence.startswith("Nothing was pasted.")
