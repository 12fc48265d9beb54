"""What a made-up user does, at its edges."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.calendar import to_ms
from app.services import demo
from app.services.demo.days import Days
from app.services.demo.life import Life


def test_nobody_uses_a_feature_after_it_was_retired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job begun before the end of a feature may be charged, or charged again, after it."""
    before, after = (to_ms(datetime(year, 12, 31, 12, tzinfo=UTC)) for year in (2024, 2025))
    after += 24 * 3600 * 1000
    used: list[tuple[bool, bool]] = []

    def live(days: Days, _instants: Iterable[int]) -> None:
        life: Life = days.life
        first = life.use(before, "export_image") is not None
        used.append((first, life.use(after, "sketch_to_image") is not None))
        life.close()

    monkeypatch.setattr(Days, "live", live)
    demo.build(tmp_path / "demo.db", users=12, events=100)
    assert set(used) == {(True, False)}
