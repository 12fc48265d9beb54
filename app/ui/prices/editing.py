"""A draft under the hand: what it was edited from, each step to undo or redo. No Qt.

Every step is a whole price list that could be published, so whatever is shown or kept is valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.domain import price_file
from app.domain.price_changes import Change, difference
from app.domain.prices import Feature, PriceDraft, PriceList, PriceVersion

STEPS_KEPT: Final = 200


@dataclass(frozen=True)
class Editing:
    """The steps from the version ``base`` to the draft; ``place`` is the step that is shown."""

    base: PriceVersion
    steps: tuple[PriceList, ...]
    place: int

    @classmethod
    def begun(cls, base: PriceVersion, draft: PriceDraft | None = None) -> Editing:
        """The base itself, or the draft as one step away from it."""
        steps = (base.prices,) if draft is None else (base.prices, draft.prices)
        return cls(base, steps, len(steps) - 1)

    @property
    def prices(self) -> PriceList:
        """The list as it is edited so far."""
        return self.steps[self.place]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the draft changes of its base."""
        return difference(self.base.prices, self.prices)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self.place > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return self.place < len(self.steps) - 1

    def undo(self) -> Editing:
        """One step back, if there is one."""
        return replace(self, place=max(self.place - 1, 0))

    def redo(self) -> Editing:
        """One step forward, if there is one."""
        return replace(self, place=min(self.place + 1, len(self.steps) - 1))

    def with_list(self, prices: PriceList) -> Editing:
        """One more step; what was undone is forgotten. Raises ``PriceListInvalid``."""
        checked = price_file.checked(prices)
        if not difference(self.prices, checked):
            return self
        steps = (*self.steps[: self.place + 1], checked)[-STEPS_KEPT:]
        return replace(self, steps=steps, place=len(steps) - 1)

    def with_feature(self, key: str, **fields: str | int) -> Editing:
        """One more step: a feature with other fields (``credits=5``)."""
        feature = next(feature for feature in self.prices.features if feature.key == key)
        return self.with_changed(replace(feature, **fields))  # type: ignore[arg-type]

    def with_prices(self, credits: Mapping[str, int]) -> Editing:
        """One more step: other prices for several features, by their keys."""
        features = tuple(
            replace(feature, credits=credits.get(feature.key, feature.credits))
            for feature in self.prices.features
        )
        return self.with_list(replace(self.prices, features=features))

    def with_changed(self, changed: Feature) -> Editing:
        """One more step: another feature in the place of the one with its key."""
        features = tuple(
            changed if feature.key == changed.key else feature for feature in self.prices.features
        )
        return self.with_list(replace(self.prices, features=features))

    def with_new(self, feature: Feature) -> Editing:
        """One more step: a feature more, after the last of its family."""
        features = list(self.prices.features)
        family = [at for at, other in enumerate(features) if other.family == feature.family]
        features.insert(family[-1] + 1 if family else len(features), feature)
        return self.with_list(replace(self.prices, features=tuple(features)))

    def without(self, key: str) -> Editing:
        """One more step: a feature retired."""
        features = tuple(feature for feature in self.prices.features if feature.key != key)
        return self.with_list(replace(self.prices, features=features))

    def restored(self, key: str) -> Editing:
        """One more step: a feature as the base has it, at its old place."""
        kept = {feature.key: feature for feature in self.prices.features}
        kept[key] = next(feature for feature in self.base.prices.features if feature.key == key)
        order = {feature.key: at for at, feature in enumerate(self.base.prices.features)}
        # Sorting is stable: what the base does not know stays behind the features it came after.
        places, last = {}, -1
        for at in kept:
            last = order.get(at, last)
            places[at] = last
        places[key] = order[key]
        features = tuple(sorted(kept.values(), key=lambda feature: places[feature.key]))
        return self.with_list(replace(self.prices, features=features))
