"""Charging, answering and importing killed with ``kill -9``: nothing said is lost or doubled.

``python -m tests.campaigns.crash --points 200 --seed 1``. At random points: half of them hit a
process that charges, refunds and answers requests, half one that imports a file. After each the
database is opened again and asked: is everything there that was acknowledged, is nothing there
twice, is ``verify`` clean?
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app import open_desk
from app.domain.errors import AlreadyRefunded
from app.domain.requests import RequestQuery, View

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
STAFF = "crash@x.example"
ROWS = 1500
USERS = 3


@contextmanager
def opened(database: Path) -> Iterator[Any]:
    desk = open_desk(database, staff=STAFF, now=lambda: NOW)
    try:
        yield desk
    finally:
        desk.close()


def make(database: Path) -> None:
    with opened(database) as desk:
        for number in range(USERS):
            name = f"usr_{number}"
            desk.accounts.register(
                name, email=f"{name}@x.example", name=name, at=NOW - timedelta(days=70)
            )
            desk.accounts.change_plan(name, "pro", at=NOW - timedelta(days=60))


def charging(database: Path, say: Callable[[str], None], run: int) -> None:
    """Charge and refund until killed; say each act once the desk has acknowledged it."""
    with opened(database) as desk:
        for number in range(10_000):
            key = f"run-{run}-{number}"
            user = f"usr_{number % USERS}"
            desk.support.grant(
                user, 5, reason="goodwill", note="n", ticket="T-1", key=f"grant-{key}"
            )
            say(f"grant {key}")
            charge = desk.charging.charge(user, "ghostface", key=key)
            say(f"charge {key}")
            if number % 3 == 0:
                desk.support.refund(charge.id, reason="failed_generation")
                say(f"refund {key}")
            if number % 3 == 1:
                request = desk.requests.open(user=user, ticket=key, message="gone!!")
                desk.requests.resolve(request.id, act="grant", credits=5, key=f"answer-{key}")
                say(f"answer {key}")


def write_usage(path: Path, run: int) -> None:
    """A file of uses over three months, more than the allowances can pay."""
    random = Random(run)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["user_id", "feature", "occurred_at", "key"])
        for number in range(ROWS):
            at = NOW - timedelta(minutes=random.randrange(70 * 24 * 60))
            feature = random.choice(("remove_bg_single", "ghostface", "export_image"))
            user = f"usr_{number % USERS}"
            writer.writerow([user, feature, at.isoformat(), f"file-{run}-{number}"])


def importing(database: Path, say: Callable[[str], None], run: int) -> None:
    with opened(database) as desk:
        desk.imports.usage(database.parent / f"usage-{run}.csv")
        say("imported")


def killed(work: Callable[..., None], database: Path, run: int, delay: float) -> list[str]:
    """What a child said of its ``work`` until it was killed ``delay`` seconds after its start."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(database, lambda text: os.write(writing, f"{text}\n".encode()), run)
        finally:
            os._exit(0)
    os.close(writing)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode().splitlines()


def problems_after_charging(database: Path, said: list[str]) -> list[str]:
    found = []
    with opened(database) as desk:
        before = {u: desk.accounts.account(u).available for u in (f"usr_{n}" for n in range(USERS))}
        for line in said:
            act, key = line.split()
            user = f"usr_{int(key.rsplit('-', 1)[1]) % USERS}"
            if act == "grant":
                desk.support.grant(
                    user, 5, reason="goodwill", note="n", ticket="T-1", key=f"grant-{key}"
                )
            elif act == "charge":
                charge = desk.charging.find(key)
                again = desk.charging.charge(user, "ghostface", key=key)
                if (charge.credits, charge.id) != (4, again.id):
                    found.append(f"{key} is on record as {charge}, then as {again}")
            elif act == "answer":
                (request,) = desk.requests.by_ticket(key)
                desk.requests.resolve(request.id, act="grant", credits=5, key=f"answer-{key}")
            else:
                try:
                    desk.support.refund(desk.charging.find(key).id, reason="failed_generation")
                    found.append(f"the refund of {key} was lost")
                except AlreadyRefunded:
                    pass
        after = {user: desk.accounts.account(user).available for user in before}
        if after != before:
            found.append(f"acknowledged acts came again: {before}, then {after}")
        for request in desk.requests.page(RequestQuery(view=View.ALL), 0, 1_000):
            given = [grant.id for grant in desk.support.given_for(request.ticket)]
            if given != [request.grant_id] * request.resolved:
                found.append(f"request {request.id} is {request.state} and given {given}")
        found += [violation.sentence for violation in desk.integrity.verify().violations]
    return found


def problems_after_importing(database: Path, said: list[str], run: int) -> list[str]:
    """All of the file is in, or nothing; again completes it, a third time adds nothing."""
    found = []
    with opened(database) as desk:
        count = sum(_on_record(desk, f"file-{run}-{number}") for number in range(ROWS))
        if count not in {0, ROWS} or (said and count != ROWS):
            found.append(f"{count} of {ROWS} rows are on record, having said {said}")
        path = database.parent / f"usage-{run}.csv"
        desk.imports.usage(path)
        first = _state(desk)
        desk.imports.usage(path)
        if _state(desk) != first:
            found.append("importing the file again changed something")
        count = sum(_on_record(desk, f"file-{run}-{number}") for number in range(ROWS))
        if count != ROWS:
            found.append(f"after importing again {count} of {ROWS} rows are on record")
        found += [violation.sentence for violation in desk.integrity.verify().violations]
    return found


def _on_record(desk: Any, key: str) -> bool:
    from app.domain.errors import UnknownRecord

    try:
        return bool(desk.charging.find(key).key == key)
    except UnknownRecord:
        return False


def _state(desk: Any) -> list[object]:
    users = [f"usr_{number}" for number in range(USERS)]
    measures = ("uses", "credits", "refused")
    counted = [desk.consumption.monthly("2026-01", "2026-03", measure=m).totals for m in measures]
    return [desk.accounts.account(user).available for user in users] + counted


def run(points: int, seed: int) -> list[str]:
    """The problems found at that many points."""
    random, found = Random(seed), []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "crash.db"
        make(database)
        for point in range(points):
            if point % 2:
                write_usage(database.parent / f"usage-{point}.csv", point)
                said = killed(importing, database, point, random.uniform(0, 0.8))
                bad = problems_after_importing(database, said, point)
            else:
                said = killed(charging, database, point, random.uniform(0, 0.6))
                bad = problems_after_charging(database, said)
            print(f"point {point}: {len(said)} acknowledged, {len(bad)} problems", flush=True)
            found += [f"point {point}, seed {seed}: {problem}" for problem in bad]
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    found = run(asked.points, asked.seed)
    for problem in found:
        print(problem)
    print(f"{asked.points} points, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
