"""Files to look at from beneath: fresh copies of a database in which much has happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.storage.engine import Database
from app.storage.sqlite import connect
from tests import lively


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path)
    yield opened
    opened.close()


@pytest.fixture
def connection(path: Path) -> Iterator[Any]:
    with closing(connect(str(path))) as opened:
        yield opened
