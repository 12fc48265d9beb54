"""Recorded complaints, each told to a real desk: what the record says of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.diagnosis import Diagnosis, Finding
from app.domain.requests import CATEGORIES
from tests.services.retold import Told, cases, diagnosed, retold

CASES = cases()


def test_there_are_sixty_recorded_complaints_of_every_kind() -> None:
    assert len(CASES) >= 60
    assert {case["expect"]["category"] for case in CASES} == set(CATEGORIES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["message"][:60])
def test_a_recorded_complaint_gets_the_findings_that_are_expected(
    case: Told, tmp_path: Path
) -> None:
    with retold(case, tmp_path) as (desk, hands):
        before = len(desk.integrity.audit())
        diagnosis = diagnosed(desk, case)
        expected = case["expect"]
        first = diagnosis.findings[0]
        assert (diagnosis.category, first.code) == (expected["category"], expected["first"]["code"])
        assert _act(first) == expected["first"].get("act")
        _same_values(first, expected["first"])
        if "refund" in case:
            assert first.suggestion is not None
            assert first.suggestion.charge_id == hands.charges[case["refund"]]
        if "charge" in case:
            assert first.values["charge"] == hands.charges[case["charge"]]
        for also in expected.get("also", []):
            _same_values(_one(diagnosis, also["code"]), also)
        assert len(desk.integrity.audit()) == before, "a diagnosis writes nothing"


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: case["message"][:60])
def test_a_category_that_came_with_a_complaint_stands(case: Told, tmp_path: Path) -> None:
    with retold(case, tmp_path) as (desk, _):
        guessed = diagnosed(desk, case)
        given = diagnosed(desk, case | {"category": "charged_twice"})
    assert guessed.guessed == (case.get("category") is None)
    assert (given.category, given.guessed) == ("charged_twice", False)


def _act(finding: Finding) -> str | None:
    return None if finding.suggestion is None else finding.suggestion.act.value


def _one(diagnosis: Diagnosis, code: str) -> Finding:
    found = [finding for finding in diagnosis.findings if finding.code == code]
    assert found, f"no {code} among {[finding.code for finding in diagnosis.findings]}"
    return found[0]


def _same_values(finding: Finding, expected: dict[str, Any]) -> None:
    wanted = expected.get("values", {})
    assert {name: _plain(finding.values.get(name)) for name in wanted} == wanted


def _plain(value: object) -> object:
    return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value
