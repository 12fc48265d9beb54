"""The checks that are programs of their own, so that one command runs everything."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.mark.parametrize(
    "check",
    ["ruff check", "ruff format --check", "mypy"],
    ids=lambda check: check.replace(" ", "-"),
)
def test_the_sources_pass(check: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *check.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
