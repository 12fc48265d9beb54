"""How long a durable charge takes: ours, the same work in raw SQL, and through an ORM session.

``python -m tests.benchmarks.charge_rate [--rounds N] [--charges N]`` prints medians of one run, the
three taking turns on databases of the same content.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session as OrmSession

from app import open_desk
from app.storage.sqlite import connect, sqlite3

USERS = 50
FEATURE, CREDITS = "ghostface", 4
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
MOMENT = int(NOW.timestamp() * 1000)
MONTH, DAY, LAST_DAY = 202601, 20260110, 20260131


def prepared(path: Path) -> Path:
    """A database of users on Pro, with the sign-up bonus and the month's allowance."""
    with open_desk(path, staff="ana@pixpretty.example", now=lambda: NOW) as desk:
        for number in range(USERS):
            desk.accounts.register(f"u{number}", email=f"u{number}@example.com", name="User")
            desk.accounts.change_plan(f"u{number}", "pro")
    return path


def ours(path: Path) -> tuple[Callable[[int], None], Callable[[], None]]:
    """The charge the product makes."""
    desk = open_desk(path, staff="system", now=lambda: NOW)

    def charge(number: int) -> None:
        desk.charging.charge(f"u{number % USERS}", FEATURE, key=f"job-{number:08d}")

    return charge, desk.close


def raw(path: Path) -> tuple[Callable[[int], None], Callable[[], None]]:
    """The same reads, rows, derived figures and durability, in bare statements."""
    db = connect(str(path))

    def charge(number: int) -> None:
        key = f"job-{number:08d}"
        db.execute("BEGIN IMMEDIATE")
        assert db.execute("SELECT id FROM charge WHERE key = ?", (key,)).fetchone() is None
        user, plan = db.execute(
            "SELECT id, plan FROM user WHERE user_id = ?", (f"u{number % USERS}",)
        ).fetchone()
        (feature,) = db.execute("SELECT id FROM feature WHERE key = ?", (FEATURE,)).fetchone()
        left, burns = CREDITS, []
        for grant, remaining, expires in db.execute(
            'SELECT id, remaining, expires_at FROM "grant" WHERE user = ? AND expires_at > ?'
            " AND effective_at <= ? AND remaining > 0 ORDER BY expires_at, effective_at, id",
            (user, MOMENT, MOMENT),
        ).fetchall():
            if left:
                burns.append((grant, min(left, remaining), expires))
                left -= burns[-1][1]
        assert left == 0
        charged = db.execute(
            "INSERT INTO charge (user, feature, quantity, credits, price_version, plan,"
            " occurred_at, key) VALUES (?, ?, 1, ?, 1, ?, ?, ?)",
            (user, feature, CREDITS, plan, MOMENT, key),
        ).lastrowid
        for grant, credits, _ in burns:
            db.execute("INSERT INTO burn VALUES (?, ?, ?)", (charged, grant, credits))
            db.execute(
                'UPDATE "grant" SET remaining = remaining - ? WHERE id = ?', (credits, grant)
            )
            db.execute(
                "UPDATE outstanding SET credits = credits - ? WHERE day = ?",
                (credits, LAST_DAY),
            )
        db.execute(
            "INSERT INTO consumption (month, feature, plan, uses, credits) VALUES (?, ?, ?, 1, ?)"
            " ON CONFLICT DO UPDATE SET uses = uses + 1, credits = credits + excluded.credits",
            (MONTH, feature, plan, CREDITS),
        )
        db.execute(
            "INSERT INTO flow (day, kind, part, credits) VALUES (?, 2, ?, ?)"
            " ON CONFLICT DO UPDATE SET credits = credits + excluded.credits",
            (DAY, feature, CREDITS),
        )
        db.execute("COMMIT")

    return charge, db.close


def orm(path: Path) -> tuple[Callable[[int], None], Callable[[], None]]:
    """The same rows through mapped classes and a session."""
    engine = create_engine("sqlite://", creator=lambda: connect(str(path)), module=sqlite3)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    base = automap_base()
    base.prepare(autoload_with=engine, generate_relationship=_no_relationship)
    tables = base.classes
    user_, grant_, charge_ = tables.user, tables.grant, tables.charge

    def charge(number: int) -> None:
        key = f"job-{number:08d}"
        with OrmSession(engine) as session:
            assert session.scalars(select(charge_).where(charge_.key == key)).first() is None
            user = session.scalars(select(user_).where(user_.user_id == f"u{number % USERS}")).one()
            feature = session.scalars(
                select(tables.feature).where(tables.feature.key == FEATURE)
            ).one()
            grants = session.scalars(
                select(grant_)
                .where(
                    grant_.user == user.id,
                    grant_.expires_at > MOMENT,
                    grant_.effective_at <= MOMENT,
                    grant_.remaining > 0,
                )
                .order_by(grant_.expires_at, grant_.effective_at, grant_.id)
            ).all()
            row = charge_(
                user=user.id,
                feature=feature.id,
                quantity=1,
                credits=CREDITS,
                price_version=1,
                plan=user.plan,
                occurred_at=MOMENT,
                key=key,
            )
            session.add(row)
            session.flush()
            left = CREDITS
            left_over = session.get(tables.outstanding, LAST_DAY)
            for grant in grants:
                taken = min(left, grant.remaining)
                if taken:
                    session.add(tables.burn(charge=row.id, grant=grant.id, credits=taken))
                    grant.remaining -= taken
                    left_over.credits -= taken  # type: ignore[union-attr]
                    left -= taken
            counted = session.get(tables.consumption, (MONTH, feature.id, user.plan))
            if counted is None:
                counted = tables.consumption(
                    month=MONTH,
                    feature=feature.id,
                    plan=user.plan,
                    uses=0,
                    credits=0,
                    refused=0,
                    refunded=0,
                )
                session.add(counted)
            counted.uses += 1
            counted.credits += CREDITS
            moved = session.get(tables.flow, (DAY, 2, feature.id))
            if moved is None:
                moved = tables.flow(day=DAY, kind=2, part=feature.id, credits=0)
                session.add(moved)
            moved.credits += CREDITS
            session.commit()

    return charge, engine.dispose


def _no_relationship(*_: object, **__: object) -> None:
    return None


def measure(rounds: int, charges: int) -> dict[str, float]:
    """The median of a charge in microseconds by way of making it, taking turns each round."""
    ways = {"raw": raw, "ours": ours, "orm": orm}
    times: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        opened = {name: way(prepared(Path(folder) / f"{name}.db")) for name, way in ways.items()}
        for turn in range(rounds):
            for name, (charge, _) in opened.items():
                for number in range(turn * charges, (turn + 1) * charges):
                    started = time.perf_counter()
                    charge(number)
                    times[name].append(time.perf_counter() - started)
        for _, close in opened.values():
            close()
    return {name: statistics.median(taken) * 1e6 for name, taken in times.items()}


def main() -> None:
    """Print the medians and the two ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--charges", type=int, default=100)
    asked = parser.parse_args()
    medians = measure(asked.rounds, asked.charges)
    for name, median in medians.items():
        print(f"{name:5} p50 {median:8.0f} µs  {1e6 / median:6.0f} a second")
    print(f"ours reaches {medians['raw'] / medians['ours']:.2f} of raw (target 0.45 or more)")
    print(f"ours is {medians['orm'] / medians['ours']:.1f} times an ORM session (target 4 or more)")


if __name__ == "__main__":
    main()
