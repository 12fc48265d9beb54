"""The layout of the house: who may import whom, what stands where, and what may not."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from grimp import ImportGraph, build_graph
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[1]
TOP = {"README.md", "app", "pricing.json", "pyproject.toml", "resources", "tests"}
LEFT_BY_BUILDS = {"build", "dist"}
SAY_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}
NO_PAGES = {"charts", "gallery", "widgets"}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60

# Why a file or a function may be longer than the rest; an entry that is no longer needed fails.
LONGER = {
    "app/ui/window.py": "what the frame does for its pages stands in one place",
}

# What names one machine or one download site, wherever it is written.
PLACES = re.compile(
    r"(?<![\w.~])/(?:home|root|work|opt|mnt|srv|Users)/\w"
    r"|[A-Z]:\\Users"
    r"|pypi\.org|pythonhosted|index-url|find-links|/simple\b"
)


def files(*, inside: str = "") -> Iterator[Path]:
    """Every file of ours below `inside`, without what tools leave behind."""
    for path in sorted((ROOT / inside).rglob("*")):
        parts = path.relative_to(ROOT).parts
        ours = not parts[0].startswith(".") or parts[0] == ".ci"
        left_behind = parts[0] in LEFT_BY_BUILDS or "__pycache__" in parts
        if ours and not left_behind and not parts[0].endswith(".egg-info") and path.is_file():
            yield path


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Every way to ask the computer what time it is; a stopwatch (monotonic, perf_counter) is none.
CLOCKS = re.compile(
    r"datetime\.(?:now|utcnow|today)\b|date\.today\b|time\.(?:time|time_ns|gmtime|localtime)\b"
    r"|QDate\w*\.current\w+|QTime\.currentTime|CURRENT_TIMESTAMP|strftime\('now'|\('now'\)"
)

SOURCES = [path for path in files(inside="app") if path.suffix == ".py"]


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    return build_graph("app", include_external_packages=True, cache_dir=None)


def test_the_import_contracts_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    # It sets up logging for a program of its own, which would silence ours in the tests after it.
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_page_is_kept_apart_from_the_others() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (apart,) = [c["modules"] for c in contracts["contracts"] if c["id"] == "pages-apart"]
    folders = {path.parent.name for path in (ROOT / "app/ui").glob("*/__init__.py")}
    assert {f"app.ui.{name}" for name in folders - NO_PAGES} == set(apart)


def test_nobody_below_the_desk_imports_the_package_itself(graph: ImportGraph) -> None:
    importers = graph.find_modules_that_directly_import("app")
    below = ("app.services", "app.storage", "app.domain", "app.shipped", "app.display")
    assert [name for name in importers if name.startswith(below)] == []


def test_the_visible_top_level_is_what_people_expect_and_nothing_else() -> None:
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    builds = {name for name in visible if name in LEFT_BY_BUILDS or name.endswith(".egg-info")}
    assert visible - builds == TOP


def test_the_readme_begins_with_one_command_to_run_and_one_to_test() -> None:
    _, run, test, *_ = re.split(
        r"^## ", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE
    )
    for title, section in (("Run it", run), ("Test it", test)):
        assert section.startswith(f"{title}\n\n```sh\n")
        (commands,) = re.findall(r"^```sh\n(.*?)\n```$", section, re.DOTALL | re.MULTILINE)
        assert len(commands.splitlines()) == 1
        assert commands.startswith("python3 -m venv .venv && ")


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in files() if path.stem.lower() in SAY_NOTHING] == []


def test_nothing_names_a_machine_or_a_download_site() -> None:
    found = []
    for path in files():
        if path == Path(__file__) or path.suffix in {".otf", ".ttf", ".png"}:
            continue
        lines = path.read_text("utf-8").splitlines()
        found += [f"{named(path)}:{n}" for n, line in enumerate(lines, 1) if PLACES.search(line)]
    assert found == []


def test_the_computers_clock_is_read_in_one_place_and_nowhere_else() -> None:
    readers = [named(p) for p in files(inside="app") if CLOCKS.search(p.read_text("utf-8"))]
    assert len(readers) <= 1, readers


def test_a_long_file_or_function_has_a_reason() -> None:
    assert set(too_long()) == set(LONGER)


def too_long() -> Iterator[str]:
    for path in SOURCES:
        text = path.read_text("utf-8")
        if len(text.splitlines()) > MOST_LINES:
            yield named(path)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and _lines(node) > MOST_LINES_OF_A_FUNCTION:
                yield f"{named(path)}: {node.name}"


def _lines(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
