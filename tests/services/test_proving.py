"""That the books were proved is remembered: who did, when, and what came of it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from app import Desk, open_desk
from app.domain.errors import Cancelled, NotPermitted
from app.services.office import Office
from app.storage.engine import Database
from app.storage.sqlite import connect
from tests.services.conftest import Clock
from tests.services.plants import plant

STAFF = "ana@pixpretty.example"


def test_a_new_database_was_not_proved_yet(desk: Desk) -> None:
    assert desk.integrity.latest_proof() is None
    assert desk.overview.now().proof is None


@pytest.mark.parametrize("role", ["support", "support_lead", "product_manager", "qa"])
def test_whoever_may_verify_is_remembered(as_role: Callable[[str], Desk], role: str) -> None:
    seen = as_role(role)
    report = seen.integrity.verify()
    proof = seen.overview.now().proof
    assert proof is not None
    assert (proof.staff, proof.at) == (f"{role}@pixpretty.example", report.checked_at)
    assert (proof.ok, proof.rules) == (True, report.counts.rules)


def test_the_latest_proof_counts_and_names_what_was_broken(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "books.db"
    with open_desk(path, staff=STAFF, now=clock) as desk:
        desk.accounts.register("u1", email="u1@example.com", name="U")
        assert desk.integrity.verify().ok
        plant(path, "UPDATE outstanding SET credits = credits + 1")
        clock.pass_(hours=1)
        assert not desk.integrity.verify().ok
        proof = desk.integrity.latest_proof()
    assert proof is not None
    assert proof.at == clock.now
    assert proof.broken == ("outstanding credits equal the grants",)


def test_a_proof_that_was_stopped_is_not_remembered(desk: Desk) -> None:
    stop = Event()

    def halfway(done: int, _every: int, _name: str) -> None:
        if done == 3:
            stop.set()

    with pytest.raises(Cancelled):
        desk.integrity.verify(halfway, stop=stop)
    assert desk.integrity.latest_proof() is None


def test_where_nothing_can_be_written_the_proof_is_told_but_not_kept(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "books.db"
    open_desk(path, staff=STAFF, now=clock).close()
    database = Database(path, writable=False)
    desk = Desk(Office(database, clock, STAFF, "UTC"))
    assert desk.integrity.verify().ok
    assert desk.integrity.latest_proof() is None
    desk.close()


def test_a_file_that_refuses_the_memory_still_tells_what_was_found(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "books.db"
    with open_desk(path, staff=STAFF, now=clock) as desk:
        with closing(connect(str(path))) as connection:
            connection.execute("DROP TABLE proving")
        report = desk.integrity.verify()
    assert {violation.name for violation in report.violations} >= {"the schema is ours"}


def test_who_is_not_on_the_staff_list_proves_nothing(desk: Desk) -> None:
    stranger = Desk(Office(desk.office.database, desk.now, "x@example.com", desk.zone))
    with pytest.raises(NotPermitted):
        stranger.integrity.verify()
    assert desk.integrity.latest_proof() is None
