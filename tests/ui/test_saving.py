"""Files are saved whole or not at all."""

from pathlib import Path

import pytest

from app.ui.saving import proposed_name, save_file


def test_a_file_is_written_in_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text("old, and longer")
    assert save_file(file, b"new") == file
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        save_file(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ("usr_01JD8Q4ZK7", "ledger-usr_01JD8Q4ZK7.csv"),
        ("../../etc/passwd", "ledger-etc-passwd.csv"),
        ("C:\\con\\nul", "ledger-C-con-nul.csv"),
        ("a\u202egnp.exe\u202c \u200bb\n", "ledger-agnp.exe-b.csv"),
        ("x" * 300, f"ledger-{'x' * 80}.csv"),
        ("...", "ledger.csv"),
    ],
)
def test_a_name_proposed_for_a_file_names_no_folder(about: str, name: str) -> None:
    assert proposed_name("ledger", about, "csv") == name
