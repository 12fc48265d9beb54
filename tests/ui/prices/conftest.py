"""A price list, a draft of it and a month of use to show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import shipped
from app.domain import price_file
from app.domain.calendar import Month
from app.domain.prices import FeatureUse, MonthOfUse, PriceVersion, VersionState
from app.ui.prices.editing import Editing

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.fixture
def base() -> PriceVersion:
    prices = price_file.parse(shipped.path("pricing.json").read_bytes())
    return PriceVersion(1, prices, "pia@example.com", "", NOW, None, None, VersionState.IN_FORCE)


@pytest.fixture
def editing(base: PriceVersion) -> Editing:
    return Editing.begun(base)


@pytest.fixture
def month() -> MonthOfUse:
    use = {
        "ghostface": FeatureUse(uses=1_200, credits=4_800, refused=31, credits_before=6_000),
        "export_image": FeatureUse(uses=20_000),
    }
    return MonthOfUse(Month(2026, 10), use)
