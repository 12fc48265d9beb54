"""Eight processes on one user at once: no overdraft, no lock error, one result for one key.

``python -m tests.campaigns.concurrent --processes 8 --charges 60``
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import open_desk
from app.domain.errors import AlreadyRefunded, InsufficientCredits

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
STAFF = "many@x.example"
USER = "usr_1"
CREDITS = 400
SHARED = 12
Said = tuple[str, Any]


def opened(database: Path) -> Any:
    return open_desk(database, staff=STAFF, now=lambda: NOW)


def one_process(database: Path, number: int, charges: int) -> Iterable[Said]:
    """What one of the processes does; each act and its result."""
    with opened(database) as desk:
        desk.accounts.register("usr_same", email="same@x.example", name="Same")
        desk.accounts.change_plan("usr_same", "plus", key="plan-1")
        grant = desk.support.grant(
            "usr_same", 7, reason="goodwill", note="n", ticket="T-1", key="grant-1"
        )
        yield "grant grant-1", grant.id
        for turn in range(charges):
            if turn < SHARED:
                yield f"charge same-{turn}", charge(desk, f"same-{turn}", "remove_bg_single")
            yield "own", charge(desk, f"own-{number}-{turn}", "ghostface")
            if turn < SHARED:
                yield f"refund same-{turn}", refund(desk, f"same-{turn}")


def charge(desk: Any, key: str, feature: str) -> int | None:
    """The number of the charge, or ``None`` where there were too few credits."""
    try:
        return int(desk.charging.charge(USER, feature, key=key).id)
    except InsufficientCredits:
        return None


def refund(desk: Any, key: str) -> bool:
    """Whether this process was the one that refunded it."""
    try:
        desk.support.refund(desk.charging.find(key).id, reason="failed_generation")
    except AlreadyRefunded:
        return False
    return True


def in_processes(count: int, work: Callable[[int], Iterable[Said]]) -> list[Said]:
    """What all the processes said; they begin together."""
    go_reading, go_writing = os.pipe()
    pipes = []
    for number in range(count):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.close(go_writing)
            os.read(go_reading, 1)  # ends when the parent closes its side
            said: list[Said] = []
            try:
                said.extend(work(number))
            except BaseException as error:  # noqa: BLE001 - told to the parent, who judges
                said.append(("error", f"{type(error).__name__}: {error}"))
            with os.fdopen(writing, "w") as pipe:
                json.dump(said, pipe)
            os._exit(0)
        os.close(writing)
        pipes.append(reading)
    os.close(go_reading)
    os.close(go_writing)
    everything: list[Said] = []
    for reading in pipes:
        with os.fdopen(reading) as pipe:
            everything += [(act, result) for act, result in json.load(pipe)]
    for _ in range(count):
        os.wait()
    return everything


def problems(database: Path, said: list[Said]) -> list[str]:
    found = [result for act, result in said if act == "error"]
    results = defaultdict(list)
    for act, result in said:
        results[act].append(result)
    for act, given in results.items():
        if act.startswith(("charge", "grant")) and len(set(given)) != 1:
            found.append(f"{act} had several results: {Counter(given)}")
        if act.startswith("refund") and given.count(True) != 1:
            found.append(f"{act} was done {given.count(True)} times")
    paid = sum(result is not None for result in results["own"])
    with opened(database) as desk:
        account = desk.accounts.account(USER)
        # 4 credits each; the shared ones were all refunded
        if paid * 4 + account.available != CREDITS:
            found.append(f"{paid} charges of 4 and {account.available} left are not {CREDITS}")
        if account.available >= 4 + SHARED and None in results["own"]:
            found.append("something was refused though there were credits")
        same = desk.accounts.account("usr_same")
        if same.available != 12 + 200 + 7:
            found.append(f"once registered, on Plus and given 7: {same.available} credits")
        lowest = min(entry.balance for entry in desk.accounts.ledger(USER, limit=None))
        if lowest < 0:
            found.append(f"the running balance fell to {lowest}")
        found += [violation.sentence for violation in desk.integrity.verify().violations]
    return found


def run(processes: int, charges: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "many.db"
        with opened(database) as desk:
            desk.accounts.register(USER, email="one@x.example", name="One")
            desk.support.grant(USER, CREDITS - 12, reason="goodwill", note="n", ticket="T-1")
        said = in_processes(processes, lambda number: one_process(database, number, charges))
        print(f"{processes} processes said {len(said)} things")
        return problems(database, said)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--charges", type=int, default=60)
    asked = parser.parse_args(arguments)
    found = run(asked.processes, asked.charges)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
