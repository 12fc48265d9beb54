import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app import display


def nothing_is_installed(library: str) -> object:
    raise OSError(f"{library}: cannot open shared object file")


def all_is_installed(library: str) -> object:
    return library


def why_no_window(environ: Mapping[str, str], *, answers: bool = True) -> str | None:
    return display.why_no_window(
        environ, platform="linux", load=all_is_installed, answers=lambda _: answers
    )


def test_missing_libraries_are_named_by_the_packages_that_have_them() -> None:
    error = ImportError("libEGL.so.1: cannot open shared object file")
    sentence = display.why_no_qt(error, load=nothing_is_installed)
    for package in ("libegl1", "libgl1", "libglib2.0-0", "libxcb-cursor0", "libxkbcommon-x11-0"):
        assert package in sentence.split()
    assert "apt-get install" in sentence
    assert "\n" not in sentence


def test_only_the_packages_that_are_missing_are_named() -> None:
    def all_but_egl(library: str) -> object:
        return library if library != "libEGL.so.1" else nothing_is_installed(library)

    sentence = display.why_no_qt(ImportError("libEGL.so.1"), load=all_but_egl)
    assert sentence.endswith("apt-get install libegl1")


def test_an_import_that_fails_for_another_reason_keeps_its_reason() -> None:
    error = ImportError("libQt6Core.so.6: version GLIBC_2.99 not found")
    assert "GLIBC_2.99" in display.why_no_qt(error, load=all_is_installed)


def test_a_missing_python_package_is_not_blamed_on_debian() -> None:
    error = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    sentence = display.why_no_qt(error, load=nothing_is_installed)
    assert "PySide6" in sentence
    assert "apt-get" not in sentence


def test_without_a_display_the_commands_that_need_none_are_named() -> None:
    sentence = why_no_window({})
    assert sentence is not None
    for command in ("charge", "verify", "pictures", "release-month"):
        assert command in sentence
    assert "\n" not in sentence


def test_a_display_that_does_not_answer_is_named() -> None:
    sentence = why_no_window({"DISPLAY": ":77"}, answers=False)
    assert sentence is not None
    assert sentence.startswith("The display :77 does not answer")


def test_a_display_without_the_libraries_to_reach_it_names_the_packages() -> None:
    sentence = display.why_no_window(
        {"DISPLAY": ":0"}, platform="linux", load=nothing_is_installed, answers=lambda _: True
    )
    assert sentence is not None
    assert "libxcb-cursor0" in sentence


@pytest.mark.parametrize(
    "environ", [{"DISPLAY": ":0"}, {"QT_QPA_PLATFORM": "offscreen"}, {"QT_QPA_PLATFORM": "vnc"}]
)
def test_a_window_opens_where_a_display_answers_or_none_is_wanted(
    environ: dict[str, str],
) -> None:
    assert why_no_window(environ) is None


def test_wayland_counts_only_while_its_socket_is_there(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert why_no_window(environ) is not None
    (tmp_path / "wayland-0").touch()
    assert why_no_window(environ) is None


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(platform: str) -> None:
    assert display.why_no_window({}, platform=platform, load=nothing_is_installed) is None


@pytest.mark.parametrize("module", ["app.display", "app.cli.commands"])
def test_neither_asking_nor_a_command_starts_qt(module: str) -> None:
    code = f"import sys, {module}; sys.exit('PySide6' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual X server on a number of its own choosing."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("no Xvfb on this machine")
    command = [program, "-displayfd", "1", "-screen", "0", "640x480x24"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield ":" + server.stdout.readline().strip()
        server.terminate()


def test_a_real_x_server_answers_and_a_missing_one_does_not(screen: str) -> None:
    assert display.why_no_window({"DISPLAY": screen}) is None
    sentence = display.why_no_window({"DISPLAY": ":32767"})
    assert sentence is not None
    assert "does not answer" in sentence
