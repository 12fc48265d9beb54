"""The short form of ``tests.benchmarks.search_speed``: by what the processor works, in one run."""

from pathlib import Path

import pytest

from app import open_desk
from app.storage import search
from tests.benchmarks import search_speed
from tests.storage.test_search import plain_scan


@pytest.mark.slow
def test_a_keystroke_among_many_users_is_quicker_than_a_scan_and_as_exact(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    filled = search_speed.fill(path, 20_000)
    assert filled.indexed.worked < 12 * filled.rows.worked
    with (
        open_desk(path, staff=search_speed.STAFF) as desk,
        desk.office.database.reading() as session,
    ):
        keys = search_speed.keystrokes(session, 600)
        ours = [t.worked for t in search_speed.timed(session, search_speed.ours, keys)]
        like = [t.worked for t in search_speed.timed(session, search_speed.like, keys[::10])]
        assert search_speed.at(ours, 0.95) * 2 < search_speed.at(like, 0.95)
        for typed in keys[::60]:
            assert search.find(session, typed, 40) == plain_scan(session, typed)[:40], typed
