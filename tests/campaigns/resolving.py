"""Two processes answer the same requests at the same moment: each gets one answer and one act.

``python -m tests.campaigns.resolving --rounds 500``. Round after round both begin together on one
request, as two people do who saw it open: both grant, one grants and one declines, both refund the
same charge, one is over a limit. Exactly one wins; the other is told who was first and when.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import open_desk
from app.domain.errors import AlreadyClaimed, AlreadyResolved, ApprovalRequired
from app.domain.requests import RequestQuery, View
from tests.campaigns.concurrent import Said, in_processes

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
ADMIN = "ada@x.example"
PEOPLE = ("ana@x.example", "ben@x.example")
USER = "usr_1"
LEAST = 24
CREDITS = 3
OVER = 150
"""More than a member of support may give on their own."""


def opened(database: Path, staff: str) -> Any:
    return open_desk(database, staff=staff, now=lambda: NOW)


def answers(round_: int, charge: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each of the two answers in a round."""
    grant = {"act": "grant", "credits": CREDITS}
    return (
        (grant, grant),
        (grant, {"act": "decline"}),
        ({"act": "refund", "charge_id": charge}, {"act": "refund", "charge_id": charge}),
        ({"act": "refund", "charge_id": charge}, grant),
        ({"act": "grant", "credits": OVER}, grant),
    )[round_ % 5]


def make(database: Path, rounds: int) -> list[int]:
    """A user, two members of staff, and for each round a request and a charge; the charges."""
    with opened(database, ADMIN) as desk:
        desk.staff.add(PEOPLE[0], "support")
        desk.staff.add(PEOPLE[1], "support_lead")
        desk.accounts.register(USER, email="one@x.example", name="One")
        desk.accounts.change_plan(USER, "pro")
        charges = []
        for round_ in range(rounds):
            charges.append(desk.charging.charge(USER, "remove_bg_single", key=f"k{round_}").id)
            desk.requests.open(user=USER, ticket=f"ZD-{round_}", message="gone!!")
        return charges


def one_person(database: Path, number: int, charges: list[int], together: Any) -> Iterable[Said]:
    """What one of the two does: each round's answer, and how it ended."""
    with opened(database, PEOPLE[number]) as desk:
        for round_, charge in enumerate(charges):
            answer = answers(round_, charge)[number]
            together.wait(60)
            yield f"round {round_}", _resolve(desk, round_ + 1, answer)


def _resolve(desk: Any, request: int, answer: dict[str, Any]) -> str:
    try:
        return f"won: {desk.requests.resolve(request, **answer).request.state}"
    except ApprovalRequired:
        return "won: waits"
    except (AlreadyResolved, AlreadyClaimed) as error:
        other = error.values["by"] in PEOPLE and error.values["at"] is not None
        return "told who was first" if other else f"told nothing: {error}"


def problems(database: Path, charges: list[int], said: list[Said]) -> list[str]:
    found = [result for act, result in said if act == "error"]
    by_round: dict[str, list[str]] = {}
    for act, result in said:
        by_round.setdefault(act, []).append(result)
    for act, results in by_round.items():
        won = sum(result.startswith("won") for result in results)
        if act != "error" and (won, results.count("told who was first")) != (1, 1):
            found.append(f"{act} ended in {results}")
    with opened(database, ADMIN) as desk:
        every = desk.requests.page(RequestQuery(view=View.ALL), 0, 1_000)
        states = Counter("waits" if request.waiting else request.state for request in every)
        granted, refunded = states["granted"], states["refunded"]
        # One act for each answer, and none beside: the balance has it all.
        left = desk.accounts.account(USER).available
        expected = 1012 - len(charges) + granted * CREDITS + refunded
        if left != expected:
            found.append(f"{states} leave {left} credits, not {expected}")
        if len(desk.support.approvals()) != states["waits"]:
            found.append(f"{states['waits']} requests wait for {len(desk.support.approvals())}")
        found += [str(violation) for violation in desk.integrity.verify().violations]
    print(f"{len(charges)} rounds of two: {dict(states)}; {len(found)} problems")
    return found


def run(rounds: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "two.db"
        charges = make(database, rounds)
        together = multiprocessing.get_context("fork").Barrier(2)
        said = in_processes(2, lambda number: one_person(database, number, charges, together))
        return problems(database, charges, said)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    asked = parser.parse_args(arguments)
    found = run(max(LEAST, min(asked.rounds, 1_000)))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
