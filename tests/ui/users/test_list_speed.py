"""The measuring of the list runs, in short, so that its figures can be trusted when asked for."""

from pathlib import Path

from tests.benchmarks import list_speed, search_speed


def test_the_list_is_measured_over_a_file_and_an_empty_one_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "credits.db"
    search_speed.fill(file, 1_500)
    lines = list_speed.run(file, jumps=3)
    said = dict(line.split(maxsplit=1) for line in lines)
    assert lines[0].startswith("1,500 users")
    assert {"open", "jump", "keystroke", "sort", "export", "longest"} <= {*said}
    assert "export" in lines[-1]
    assert len((tmp_path / "exported.csv").read_text("utf-8-sig").splitlines()) == 1_501
