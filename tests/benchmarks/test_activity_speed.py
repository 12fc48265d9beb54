"""The benchmark of the audit record runs to its end on a small one."""

from __future__ import annotations

from pathlib import Path

from app import open_desk
from tests.benchmarks.activity_speed import QUERIES, STAFF, fill, proof, questions


def test_it_measures_every_question_and_the_proof(tmp_path: Path) -> None:
    path = tmp_path / "activity.db"
    fill(path, 1_200)
    with open_desk(path, staff=STAFF) as desk:
        lines = [*questions(desk, 2), *proof(desk)]
        assert desk.activity.prove().ok
    assert all(any(line.startswith(name) for line in lines) for name in QUERIES)
    assert any("records a second" in line for line in lines)
