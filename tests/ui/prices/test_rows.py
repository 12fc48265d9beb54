"""What the tables of prices and versions say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.price_changes import difference
from app.domain.prices import Feature, MonthOfUse, PriceVersion, VersionState
from app.ui.columns import Column
from app.ui.prices.editing import Editing
from app.ui.prices.rows import (
    PriceRow,
    VersionRow,
    price_columns,
    price_rows,
    summary,
    version_columns,
)

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
COLUMNS = {column.key: column for column in price_columns("Oct", "Sep")}


def row_of(rows: list[PriceRow], key: str) -> PriceRow:
    return next(row for row in rows if row.key == key)


def cells(row: PriceRow) -> dict[str, str]:
    return {key: column.text(row).strip("\u2066\u2069") for key, column in COLUMNS.items()}


def test_a_row_shows_price_and_the_last_full_month(editing: Editing, month: MonthOfUse) -> None:
    rows = price_rows(editing, month)
    assert len(rows) == 18
    shown = cells(row_of(rows, "ghostface"))
    assert shown["credits"] == "4"
    assert shown["change"] == "—"
    assert (shown["uses"], shown["used"], shown["refused"]) == ("1,200", "4,800", "31")
    assert shown["trend"] == "−20 %"
    assert cells(row_of(rows, "action_figure"))["trend"] == "—"


def test_a_changed_price_shows_old_and_new_and_the_change(
    editing: Editing, month: MonthOfUse
) -> None:
    row = row_of(price_rows(editing.with_feature("ghostface", credits=5), month), "ghostface")
    assert cells(row)["credits"] == "4 → 5"
    assert cells(row)["change"] == "+25 %"
    assert COLUMNS["credits"].value_of(row) == 5
    assert COLUMNS["credits"].ink_of(row) == "accent_text"


def test_new_retired_and_renamed_features_are_marked(editing: Editing, month: MonthOfUse) -> None:
    new = Feature("upscaler", "AI Upscaler", "Upscale", "Editing", 2)
    edited = editing.with_new(new).without("ghostface").with_feature("action_figure", name="Toy")
    rows = price_rows(edited, month)
    chip = COLUMNS["change"].chip
    assert chip is not None
    assert chip(row_of(rows, "upscaler")) == ("new", "success")
    assert chip(row_of(rows, "ghostface")) == ("retired", "warning")
    assert chip(row_of(rows, "action_figure")) == ("edited", "info")
    assert chip(row_of(rows, "object_remover")) is None
    assert not row_of(rows, "ghostface").editable
    tip = COLUMNS["name"].tip
    assert tip is not None
    assert "was called AI Action Figure Generator" in tip(row_of(rows, "action_figure"))


def test_beside_a_scheduled_price_stands_the_one_that_holds_now(
    base: PriceVersion, month: MonthOfUse
) -> None:
    dearer = Editing.begun(base).with_feature("ghostface", credits=6)
    dearer = dearer.with_new(Feature("upscaler", "AI Upscaler", "", "Editing", 2))
    scheduled = replace(base, number=2, prices=dearer.prices, state=VersionState.SCHEDULED)
    rows = price_rows(Editing.begun(scheduled), month, base.prices)
    chip = COLUMNS["change"].chip
    assert chip is not None
    assert chip(row_of(rows, "ghostface")) == ("now 4", "info")
    assert chip(row_of(rows, "upscaler")) == ("not yet", "info")
    assert chip(row_of(rows, "action_figure")) is None
    edited = price_rows(Editing.begun(scheduled).with_feature("ghostface", credits=7), month)
    assert cells(row_of(edited, "ghostface"))["credits"] == "6 → 7"


def test_a_free_action_has_no_price_to_edit(editing: Editing, month: MonthOfUse) -> None:
    row = price_rows(editing, month)[-1]
    assert (row.key, row.free, row.editable) == ("export_image", True, False)
    assert cells(row)["uses"] == "20,000"


def test_a_version_says_from_when_it_holds_and_what_it_changes(
    base: PriceVersion, editing: Editing
) -> None:
    dearer = editing.with_feature("ghostface", credits=5).prices
    later = replace(
        base,
        number=2,
        prices=dearer,
        effective_at=datetime(2026, 12, 1, tzinfo=UTC),
        state=VersionState.SCHEDULED,
    )
    columns: dict[str, Column[VersionRow]] = {c.key: c for c in version_columns(UTC, NOW)}
    second = VersionRow(later, difference(base.prices, dearer))
    assert columns["from"].text(VersionRow(base, ())) == "always"
    assert columns["from"].text(second) == "1 Dec 00:00"
    assert columns["changes"].text(second) == "1 price"
    assert second.scheduled
    assert not VersionRow(base, ()).scheduled


def test_a_difference_is_summed_up_in_a_few_words(editing: Editing) -> None:
    new = Feature("upscaler", "AI Upscaler", "Upscale", "Editing", 2)
    edited = editing.with_new(new).without("ghostface")
    edited = edited.with_feature("action_figure", name="Toy", credits=5)
    edited = edited.with_feature("object_remover", credits=2)
    assert summary(edited.changes) == "2 prices, 1 new, 1 retired, 1 other"
    assert summary(()) == "—"
