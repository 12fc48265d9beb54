"""A built wheel, installed into an empty environment away from the checkout, has all it needs."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from app import __version__

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that has the wheel.

    What the wheel depends on is lent by the environment of the tests, so nothing is downloaded;
    the checkout itself is not lent.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
        "--quiet", wheel)  # fmt: skip
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What the command printed; the test fails with all of it if the command did."""
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def relative_files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_the_package_and_the_shipped_files_and_nothing_else(wheel: Path) -> None:
    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {f"app/{name}" for name in relative_files(ROOT / "app")}
    resources = {f"app/_shipped/resources/{name}" for name in relative_files(ROOT / "resources")}
    assert names == package | resources | {"app/_shipped/pricing.json"}


def test_an_installed_program_finds_its_shipped_files_in_itself(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import app, app.shipped as s\n"
        "print(app.__file__, s.path('pricing.json'), s.path('resources/fonts'), sep='\\n')"
    )
    printed = run(installed / "python", "-c", code, cwd=tmp_path).splitlines()
    assert len(printed) == 3
    assert all(Path(line).is_relative_to(installed.parent) for line in printed)


def test_the_installed_command_makes_a_database_and_keeps_books_in_it(
    installed: Path, tmp_path: Path
) -> None:
    def command(*words: str) -> str:
        return run(installed / "pixpretty-credits", *words, cwd=tmp_path)

    desk = ("--database", "credits.db", "--staff", "ana@pixpretty.example", "--json")
    assert "release-month" in command("--help")
    command("init", *desk)
    assert (tmp_path / "credits.db").is_file()
    command("user", "add", "usr_1", "--email", "amira@example.com", "--name", "Amira", *desk)
    assert json.loads(command("user", "show", "usr_1", *desk))["available"] == 12
    assert json.loads(command("verify", *desk))["ok"] is True


def test_the_package_runs_as_a_module_too(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "python", "-m", "app", "--version", cwd=tmp_path).strip() == __version__


def test_the_installed_program_knows_the_product_s_door(installed: Path, tmp_path: Path) -> None:
    code = (
        "from app import open_desk\n"
        "with open_desk('credits.db', staff='ana@pixpretty.example') as desk:\n"
        "    desk.accounts.register('usr_1', email='amira@example.com', name='Amira Haddad')\n"
        "    print(desk.accounts.account('usr_1').available)\n"
    )
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == "12"
