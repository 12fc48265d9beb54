"""The SQLite this program runs on, and what a connection to it is told first.

Where a wheel with a newer SQLite is installed we use it: versions before 3.51.3 have a rare bug
that can damage a file in write-ahead mode.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

try:
    sqlite3: Any = import_module("pysqlite3.dbapi2")
except ImportError:  # no wheel for this platform: the one Python came with
    sqlite3 = import_module("sqlite3")

PRAGMAS = (
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA synchronous=FULL",
)
"""FULL survives a power cut; recursive triggers keep REPLACE from slipping past append-only."""

VERSION: str = sqlite3.sqlite_version


def connect(
    target: str, *, read_only: bool = False, untouched: bool = False, cache_kib: int = 65_536
) -> Any:
    """A connection with our pragmas, in autocommit: we say ``BEGIN`` ourselves.

    ``target`` is a path or ``:memory:``. ``untouched`` reads a file that nobody has open without
    leaving anything beside it.
    """
    if target == ":memory:":
        connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False)
    else:
        uri = f"file:{_quoted(target)}" + ("?mode=ro" if read_only else "?mode=rw")
        uri += "&immutable=1" if untouched else ""
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in (*PRAGMAS, f"PRAGMA cache_size=-{cache_kib}"):
        connection.execute(pragma)
    return connection


def can_be_an_id(number: object) -> bool:
    """Whether a number can be the id of a row at all: others cannot even be asked for."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
