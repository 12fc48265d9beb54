"""Editing a draft: steps, undo and redo, and that no step is ever invalid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app import shipped
from app.domain import price_file
from app.domain.errors import PriceListInvalid
from app.domain.price_changes import ChangeKind
from app.domain.prices import Feature, PriceDraft, PriceVersion, VersionState
from app.ui.prices.editing import STEPS_KEPT, Editing

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
PRICES = price_file.parse(shipped.path("pricing.json").read_bytes())
BASE = PriceVersion(1, PRICES, "pia@example.com", "", NOW, None, None, VersionState.IN_FORCE)
UPSCALER = Feature("upscaler", "AI Upscaler", "Upscale", "Editing", 2)


def credits_of(editing: Editing, key: str) -> int:
    return next(f.credits for f in editing.prices.features if f.key == key)


def keys(editing: Editing) -> list[str]:
    return [feature.key for feature in editing.prices.features]


def test_a_price_is_edited_undone_and_redone() -> None:
    edited = Editing.begun(BASE).with_feature("ghostface", credits=5)
    assert [change.sentence for change in edited.changes] == [
        "AI Ghostface Generator costs 5 instead of 4."
    ]
    undone = edited.undo()
    assert (undone.changes, undone.can_undo, undone.can_redo) == ((), False, True)
    assert credits_of(undone.redo(), "ghostface") == 5
    assert edited.redo() == edited
    assert undone.undo() == undone


def test_a_new_edit_forgets_what_was_undone() -> None:
    edited = Editing.begun(BASE).with_feature("ghostface", credits=5).undo()
    again = edited.with_feature("ghostface", credits=6)
    assert not again.can_redo
    assert credits_of(again.undo(), "ghostface") == 4


def test_an_edit_to_the_value_it_has_is_no_step() -> None:
    assert not Editing.begun(BASE).with_feature("ghostface", credits=4).can_undo


def test_an_invalid_price_is_no_step() -> None:
    editing = Editing.begun(BASE)
    with pytest.raises(PriceListInvalid, match=r"features\[5\].credits is 0"):
        editing.with_feature("ghostface", credits=0)
    assert not editing.can_undo


def test_a_kept_draft_is_one_step_from_its_base() -> None:
    features = tuple(replace(f, credits=f.credits + 1) for f in PRICES.features)
    editing = Editing.begun(BASE, PriceDraft(1, replace(PRICES, features=features), NOW))
    assert len(editing.changes) == 17
    assert editing.undo().changes == ()


def test_a_new_feature_stands_after_its_family() -> None:
    added = Editing.begun(BASE).with_new(UPSCALER)
    assert keys(added)[keys(added).index("image_describer") + 1] == "upscaler"
    alone = Editing.begun(BASE).with_new(replace(UPSCALER, family="Upscaling"))
    assert keys(alone)[-1] == "upscaler"


def test_a_key_that_is_taken_is_refused() -> None:
    with pytest.raises(PriceListInvalid, match="“ghostface”"):
        Editing.begun(BASE).with_new(replace(UPSCALER, key="ghostface"))


def test_a_feature_is_retired_and_restored_at_its_old_place() -> None:
    retired = Editing.begun(BASE).with_new(UPSCALER).without("object_remover")
    assert [change.kind for change in retired.changes] == [ChangeKind.ADDED, ChangeKind.RETIRED]
    restored = retired.restored("object_remover")
    assert keys(restored) == keys(Editing.begun(BASE).with_new(UPSCALER))
    assert [change.kind for change in restored.changes] == [ChangeKind.ADDED]


def test_a_changed_feature_is_restored_to_what_the_base_has() -> None:
    changed = Editing.begun(BASE).with_feature("ghostface", credits=5, name="Ghost")
    assert changed.restored("ghostface").changes == ()


def test_steps_do_not_pile_up_without_end() -> None:
    editing = Editing.begun(BASE)
    for credits in range(5, 5 + STEPS_KEPT + 10):
        editing = editing.with_feature("ghostface", credits=credits)
    assert len(editing.steps) == STEPS_KEPT
    assert credits_of(editing, "ghostface") == 5 + STEPS_KEPT + 9
