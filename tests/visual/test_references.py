"""Screens look as they did when somebody looked at them and found them right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.ui.gallery.finding import every_shown
from app.ui.gallery.matrix import fitting, matrix
from app.ui.gallery.references import read_references

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RENEW = (
    "Look at OUT/comparison.html of “pixpretty-credits pictures OUT --against tests/visual”;"
    " what is right there is taken over with “--accept NAME” or “--accept all”."
)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_chosen_pictures_have_the_pixels_that_were_looked_at(tmp_path: Path) -> None:
    only = [part for pattern in read_references(HERE).chosen for part in ("--only", pattern)]
    command = ["pictures", str(tmp_path), "--against", str(HERE), *only, "--jobs", "1", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "app", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=500,
    )
    assert done.stdout, done.stderr
    different = [one["name"] for one in json.loads(done.stdout)["different"]]
    assert different == [], RENEW
    assert done.returncode == 0


def test_every_chosen_picture_is_kept_and_nothing_else_is() -> None:
    references = read_references(HERE)
    every = matrix(every_shown())
    unmet = [pattern for pattern in references.chosen if not fitting(every, pattern)]
    assert unmet == [], "lines of chosen.txt that fit no picture"
    chosen = {one.name for one in every if references.keeps_picture(one.name)}
    assert {file.stem for file in HERE.glob("*.png")} == chosen, RENEW
    assert chosen <= references.hashes.keys(), RENEW


def test_no_hash_is_kept_of_what_is_not_drawn_any_more() -> None:
    drawn = {one.name for one in matrix(every_shown())}
    assert read_references(HERE).names <= drawn, RENEW


def test_what_is_kept_in_the_repository_is_of_moderate_size() -> None:
    assert sum(file.stat().st_size for file in HERE.iterdir()) < 6_000_000
