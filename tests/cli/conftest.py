from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-10T12:00:00Z"
ANA = "ana@pixpretty.example"


@dataclass(frozen=True)
class Result:
    """What one call of the program left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output, and nothing beside it."""
        assert self.code == 0, self.err
        assert self.err == ""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error document on standard error, with standard output empty."""
        assert self.out == ""
        assert self.code == 1, self
        error: dict[str, Any] = json.loads(self.err)["error"]
        return error


@dataclass
class Program:
    """Runs ``python -m app`` as its users do: a process, in a folder of its own."""

    folder: Path
    cache: Path
    database: str = "credits.db"
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self.around() | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def around(self) -> dict[str, str]:
        """The environment of a fresh account: no display, no choices made."""
        kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
        home = str(self.folder / "home")
        return kept | {
            "PYTHONPATH": str(ROOT),
            "HOME": home,
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_CACHE_HOME": str(self.cache),
            "LC_ALL": "C.UTF-8",
            "PIXPRETTY_DATABASE": self.database,
            "PIXPRETTY_STAFF": ANA,
            **self.environment,
        }


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is kept: made once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def program(tmp_path: Path, cache: Path) -> Program:
    """The program as processes, with a database still to be made."""
    return Program(tmp_path, cache)


Inside = Callable[..., Result]


@pytest.fixture
def inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Inside:
    """The program inside this process: much quicker, for breadth."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    monkeypatch.setenv("PIXPRETTY_DATABASE", "credits.db")
    monkeypatch.setenv("PIXPRETTY_STAFF", ANA)

    def run(*arguments: str) -> Result:
        code = main(arguments)
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def here(inside: Inside) -> Inside:
    """The program inside this process, on a database made for the test, with a frozen clock."""

    def run(*arguments: str) -> Result:
        return inside(*arguments, "--now", NOW)

    assert run("init", "--sandbox").code == 0
    return run


def dump(path: Path) -> list[str]:
    """Everything that a database holds."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())
