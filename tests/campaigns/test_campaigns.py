"""A short run of each campaign; the long ones are started by hand, as their files say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaigns import fuzz
from tests.campaigns.oracle import run_world
from tests.campaigns.what_if import run_world as what_if_in_world

HOME = Path(__file__).resolve().parents[2]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked")


def campaign(name: str, *arguments: str) -> str:
    """What a campaign printed; it fails the test where it found something."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.campaigns.{name}", *arguments],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_the_desk_and_the_plain_model_of_the_rules_agree(seed: int) -> None:
    run_world(seed, steps=30)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [10, 30, 44, 145, 152, 796, 1])
def test_what_if_and_the_plain_model_of_the_rules_agree(seed: int) -> None:
    what_if_in_world(seed, steps=60)


@pytest.mark.slow
@needs_fork
def test_what_was_acknowledged_survives_kill_9_and_nothing_is_there_twice() -> None:
    assert "8 points, 0 problems" in campaign("crash", "--points", "8")


@pytest.mark.slow
@needs_fork
def test_eight_processes_on_one_user_neither_overdraw_nor_see_a_lock() -> None:
    assert "8 processes" in campaign("concurrent", "--charges", "25")


@pytest.mark.slow
def test_hostile_values_get_a_sentence_and_change_nothing() -> None:
    assert fuzz.run(rounds=150, seed=1) == []


@pytest.mark.slow
def test_hostile_words_to_the_commands_get_a_sentence_and_change_nothing() -> None:
    assert fuzz.run_commands(rounds=100, seed=1) == []


@pytest.mark.slow
@needs_fork
def test_two_people_publishing_from_one_list_both_get_their_change_in() -> None:
    assert "12 rounds" in campaign("publishing", "--rounds", "12")


@pytest.mark.slow
@needs_fork
def test_two_people_who_answer_one_request_at_once_do_it_once() -> None:
    assert "; 0 problems" in campaign("resolving", "--rounds", "40")
