"""Random worlds through the desk and through the plain model of the rules: both must agree.

``python -m tests.campaigns.oracle --worlds 200 --seed 1`` runs worlds 1 to 200.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.campaigns.world import World


def run_world(seed: int, steps: int) -> None:
    """One world; an ``AssertionError`` tells the story up to where the two part."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(seed, Path(folder))
        try:
            for _ in range(steps):
                world.step()
        except Exception as error:
            story = "\n".join(world.story)
            raise AssertionError(
                f"world {seed}, step {len(world.story)}: {error}\n{story}"
            ) from error
        finally:
            world.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=60)
    asked = parser.parse_args(arguments)
    begun, wrong = time.perf_counter(), 0
    for seed in range(asked.seed, asked.seed + asked.worlds):
        try:
            run_world(seed, asked.steps)
        except AssertionError as error:
            wrong += 1
            print(error)
            print(f"-- world {seed} differs; again with --worlds 1 --seed {seed}\n")
    seconds = time.perf_counter() - begun
    print(f"{asked.worlds} worlds of {asked.steps} steps, {wrong} differ, {seconds:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
