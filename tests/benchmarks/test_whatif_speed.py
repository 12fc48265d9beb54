"""The measure of what-if in its short form: it runs, the results agree, and nobody waits long."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import demo
from tests.benchmarks import whatif_speed


@pytest.mark.slow
def test_the_measure_runs_and_the_two_replays_agree(tmp_path: Path) -> None:
    path = tmp_path / "small.db"
    demo.build(path, users=300, seed=5)
    said = "\n".join(whatif_speed.measure(path, "2026-10", ("2026-09", "2026-10"), edits=1))
    assert "the same use by use" in said
    assert "longest gap of a 5 ms tick" in said
