"""Random records and random complaints: is every finding true, and is any left out?

``python -m tests.campaigns.diagnoses [--records N] [--seed S]`` makes N users' half years in
random zones, complains in many words, as each kind of complaint and at different moments, and
holds every figure of every finding against the raw rows. Prints what was found, by code; ends
with 1 where a finding is not true.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from app.domain.diagnosis import Complaint
from app.domain.requests import CATEGORIES
from tests.services.checked_findings import check_all
from tests.services.made_up_records import a_case
from tests.services.retold import USER, instant, retold

COMPLAINTS = (
    "my credits are gone",
    "no monthly credits this month",
    "i upgraded to pro and got too little",
    "it failed and took 48",
    "charged twice, 12 credits",
    "the price is wrong, batch of 3 photos",
    "my friend usr_2 signed up with my code",
    "where is my welcome bonus",
    "i ran out of credits",
    "hello?",
)
TWO_MONTHS_IN_HOURS = 1_400


def one_record(seed: int, folder: Path, found: Counter[str]) -> list[str]:
    """What is not true of the findings about one made-up record; counts them in ``found``."""
    chance = Random(seed)
    case = a_case(chance)
    untrue = []
    with retold(case, folder) as (desk, _):
        for message in COMPLAINTS:
            late = timedelta(hours=chance.choice([0, 0, chance.randrange(TWO_MONTHS_IN_HOURS)]))
            for category in (None, chance.choice(list(CATEGORIES))):
                told = Complaint(category, message, instant(case["at"]) - late, ticket="ZD-1")
                diagnosis = desk.diagnosing.diagnose_user(USER, told)
                found.update(finding.code for finding in diagnosis.findings)
                try:
                    check_all(desk, USER, told, diagnosis)
                except AssertionError as error:
                    untrue.append(f"seed {seed}, “{message}” as {category}: {error}")
    return untrue


def main() -> int:
    """Run the campaign; 1 where something was not true."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found: Counter[str] = Counter()
    untrue: list[str] = []
    for seed in range(asked.seed, asked.seed + asked.records):
        with tempfile.TemporaryDirectory() as folder:
            untrue += one_record(seed, Path(folder), found)
    for code, times in found.most_common():
        print(f"{times:7,}  {code}")
    print(*untrue, sep="\n")
    print(f"{asked.records} records, {found.total():,} findings, {len(untrue)} untrue")
    return 1 if untrue else 0


if __name__ == "__main__":
    sys.exit(main())
