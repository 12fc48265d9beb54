"""How quickly uses are imported: against the bare rows, charge by charge, and into a full file.

``python -m tests.benchmarks.import_rate [--uses N] [--rounds N] [--full N]`` prints medians of one
run. The floor is ``executemany`` of the very rows an import ends in, into the same tables with the
same indexes and pragmas, from lists that are ready. Charges are made while a
preview of the file runs. ``--full`` first fills a file with that many uses, then imports once more.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

from app import Desk, open_desk
from app.domain.errors import InsufficientCredits
from app.services import imports
from app.storage.bulk import BIG_CACHE_KIB
from app.storage.sqlite import connect

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = int((NOW - START).total_seconds())
USES_OF_A_USER = 50
FEATURES = (
    *("remove_bg_single", "object_remover", "ghostface", "nano_banana_1k", "export_image"),
    *("image_extender", "nano_banana_2_2k", "nano_banana_pro_4k"),
)
WEIGHTS = (30, 20, 10, 15, 15, 8, 6, 4)
TABLES = {
    "charge": (
        (
            "SELECT id, user, feature, quantity, credits, price_version, plan, occurred_at,"
            " recorded_at, key, available, job, import FROM charge"
        ),
        (
            "INSERT INTO charge (id, user, feature, quantity, credits, price_version, plan,"
            " occurred_at, recorded_at, key, available, job, import)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ),
    ),
    "burn": ("SELECT * FROM burn", "INSERT INTO burn VALUES (?, ?, ?)"),
    "grant": (
        'SELECT remaining, id FROM "grant" WHERE remaining < credits',
        'UPDATE "grant" SET remaining = ? WHERE id = ?',
    ),
    "consumption": (
        "SELECT * FROM consumption",
        "INSERT INTO consumption VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    "outstanding": (
        "SELECT credits, day FROM outstanding",
        "UPDATE outstanding SET credits = ? WHERE day = ?",
    ),
    "flow": ("SELECT * FROM flow WHERE kind = 2", "INSERT INTO flow VALUES (?, ?, ?, ?)"),
    "import": (
        "SELECT * FROM import_run",
        "INSERT INTO import_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
}


def opened(path: Path) -> Desk:
    """The desk on that file, at an instant at which nothing more is due."""
    return open_desk(path, staff="ana@pixpretty.example", now=lambda: NOW)


def prepared(folder: Path, users: int) -> Path:
    """A database of users, most of them on Plus or Pro, with all their allowances released."""
    random = Random(1)
    people, plans = folder / "users.csv", folder / "plans.csv"
    with people.open("w") as registered, plans.open("w") as changed:
        registered.write("user_id,email,name,registered_at\n")
        changed.write("user_id,plan,at\n")
        for number in range(users):
            registered.write(f"usr_{number},u{number}@example.com,User {number},{START:%FT%TZ}\n")
            plan = random.choice(("plus", "plus", "pro", "free"))
            if plan != "free":
                changed.write(f"usr_{number},{plan},{START + timedelta(hours=1):%FT%TZ}\n")
    path = folder / "base.db"
    with opened(path) as desk:
        desk.imports.users(people)
        desk.imports.plans(plans)
        desk.accounts.release_month()
    return path


def usage(folder: Path, users: int, uses: int, run: int) -> Path:
    """A file of uses in order of time, as a product would export them."""
    random = Random(run)
    seconds = sorted(random.randrange(SECONDS) for _ in range(uses))
    path = folder / f"usage-{run}.csv"
    with path.open("w") as file:
        file.write("user_id,feature,occurred_at,key\n")
        for number, second in enumerate(seconds):
            user = int(users * random.random() ** 1.6)
            feature = random.choices(FEATURES, WEIGHTS)[0]
            at = START + timedelta(seconds=second)
            file.write(f"usr_{user},{feature},{at:%FT%TZ},job-{run:03d}-{number:08d}\n")
    return path


def timed(work: Callable[[], object]) -> float:
    """How many seconds it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def importing(base: Path, path: Path, file: Path) -> float:
    """The seconds of an import into a copy of ``base``."""
    shutil.copy(base, path)
    with opened(path) as desk:
        return timed(lambda: desk.imports.usage(file))


def putting_down(base: Path, path: Path, finished: Path) -> float:
    """The seconds that the rows of ``finished`` take in a copy of ``base``, as they are."""
    shutil.copy(base, path)
    with closing(connect(str(finished))) as source:
        rows = {name: source.execute(sql).fetchall() for name, (sql, _) in TABLES.items()}
    rows["import"] = rows["import"][-1:]
    with closing(connect(str(path), cache_kib=BIG_CACHE_KIB)) as target:

        def put_down() -> None:
            target.execute("BEGIN IMMEDIATE")
            for name in ("import", "charge", "burn", "grant", "consumption", "outstanding", "flow"):
                target.executemany(TABLES[name][1], rows[name])
            target.execute("COMMIT")

        return timed(put_down)


def charging(base: Path, path: Path, file: Path, charges: int) -> float:
    """The seconds of the first uses of the file, one durable charge each."""
    shutil.copy(base, path)
    lines = file.read_text().splitlines()[1 : charges + 1]

    def charge_each() -> None:
        for line in lines:
            user, feature, at, key = line.split(",")
            try:
                desk.charging.charge(user, feature, key=key, at=datetime.fromisoformat(at))
            except InsufficientCredits:
                continue

    with open_desk(path, staff="system", now=lambda: NOW) as desk:
        return timed(charge_each)


def previewing(path: Path, file: Path, judged_in_place: int) -> None:
    """Look what the file would do; one of at most ``judged_in_place`` bytes on the file itself."""
    imports.JUDGED_IN_PLACE = judged_in_place
    with opened(path) as desk:
        desk.imports.preview("usage", file)


def waiting(base: Path, path: Path, file: Path, users: int, judged_in_place: int) -> float:
    """The longest that a charge takes while another process looks what the file would do."""
    shutil.copy(base, path)
    other = get_context("spawn").Process(target=previewing, args=(path, file, judged_in_place))
    waits: list[float] = []
    with open_desk(path, staff="system", now=lambda: NOW) as desk:

        def charge() -> None:
            user, key = f"usr_{len(waits) % users}", f"beside-{len(waits)}"
            with suppress(InsufficientCredits):
                desk.charging.charge(user, "ghostface", key=key)

        other.start()
        while other.is_alive():
            waits.append(timed(charge))
    other.join()
    if other.exitcode:
        message = "the preview failed"
        raise RuntimeError(message)
    return max(waits)


def size(path: Path) -> int:
    """The bytes of a database file with all of its log in it."""
    with closing(connect(str(path))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size


def empty(folder: Path, uses: int, rounds: int) -> float:
    """Print the ratios for a file that holds no uses yet; the median rate, uses a second."""
    users = max(uses // USES_OF_A_USER, 10)
    base = prepared(folder, users)
    file = usage(folder, users, uses, 0)
    ours, floor = [], []
    for _ in range(rounds):
        ours.append(importing(base, folder / "ours.db", file))
        floor.append(putting_down(base, folder / "floor.db", folder / "ours.db"))
        print(f"  import {ours[-1]:7.2f} s, bare rows {floor[-1]:7.2f} s", flush=True)
    charges = min(uses, 2_000)
    each = charging(base, folder / "each.db", file, charges)
    rate = uses / statistics.median(ours)
    apart, in_place = (
        waiting(base, folder / "beside.db", file, users, most) for most in (0, 2**63)
    )
    with opened(folder / "ours.db") as desk:
        run = desk.imports.list()[0]
    print(
        f"{uses:,} uses of {users:,} users, {run.refused:,} of them refused: {rate:,.0f} a second"
    )
    ratio = statistics.median(floor) / statistics.median(ours)
    print(f"an import reaches {ratio:.2f} of the bare rows (target 0.5 or more)")
    print(f"it is {rate * each / charges:.1f} times a charge each (target 10 or more)")
    print(f"beside a preview a charge waits {apart:.2f} s at most (in place {in_place:.2f} s)")
    bytes_each = (size(folder / "ours.db") - size(base)) / uses
    print(f"a use takes {bytes_each:.0f} bytes of file (target 160 or less)")
    return rate


def full(folder: Path, uses: int, held: int, rate: float) -> None:
    """Print the ratio for a file that holds ``held`` uses already."""
    users = max(uses // USES_OF_A_USER, 10)
    path = folder / "full.db"
    shutil.copy(folder / "base.db", path)
    with opened(path) as desk:
        for run in range(1, held // uses + 1):
            taken = timed(lambda run=run: desk.imports.usage(usage(folder, users, uses, run)))  # type: ignore[misc]
            (folder / f"usage-{run}.csv").unlink()
            print(f"  filling, {run * uses:,}: {taken:.1f} s with its file", flush=True)
        file = usage(folder, users, uses, 999)
        then = uses / timed(lambda: desk.imports.usage(file))
    print(f"into a file of {held:,}: {then:,.0f} a second, {then / rate:.2f} of the rate into an")
    print("empty one (target 0.5 or more)")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uses", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rate = empty(Path(name), asked.uses, asked.rounds)
        if asked.full:
            full(Path(name), asked.uses, asked.full, rate)


if __name__ == "__main__":
    main()
