"""Pictures are shared out among processes, and come out the same however they are."""

from pathlib import Path

import pytest

from app.main import stage
from app.ui.gallery.finding import every_shown
from app.ui.gallery.jobs import DrawingFailed, can_draw_here, draw_all, shares
from app.ui.gallery.matrix import Picture, fitting, matrix
from app.ui.language import MADE_UP, VARIABLE


def every() -> tuple[Picture, ...]:
    return matrix(every_shown())


def broken_stage() -> None:
    """What a process gets that cannot even begin."""
    message = "no stage today"
    raise RuntimeError(message)


def test_a_process_has_one_scale_and_every_picture_is_drawn_once() -> None:
    pictures = every()
    shared = shares(pictures, 3)
    names = [name for share in shared for name in share.names]
    assert sorted(names) == sorted(one.name for one in pictures)
    scales = {one.name: one.look.scale for one in pictures}
    assert all({scales[name] for name in share.names} == {share.scale} for share in shared)
    assert {sum(share.scale == scale for share in shared) for scale in (1, 2)} <= {1, 2, 3}


def test_a_few_pictures_are_not_worth_a_second_process() -> None:
    assert len(shares(fitting(every(), "stat-card.ready"), 8)) == 1


def test_another_language_than_this_process_speaks_is_drawn_in_processes_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (share,) = shares(fitting(every(), "stat-card.ready"), 1)
    assert can_draw_here(share)
    monkeypatch.setenv(VARIABLE, MADE_UP)
    assert not can_draw_here(share)


@pytest.mark.slow
def test_a_process_that_fails_says_why_and_none_is_left(tmp_path: Path) -> None:
    pictures = fitting(every(), "users-page.ready.*")
    with pytest.raises(DrawingFailed, match="no stage today"):
        draw_all(broken_stage, pictures, tmp_path, jobs=2)  # type: ignore[arg-type]


@pytest.mark.slow
def test_progress_is_told_and_ends_at_all_of_it(tmp_path: Path) -> None:
    told: list[float] = []
    pictures = fitting(every(), "consumption-page.ready.1024-*")
    drawn = draw_all(stage, pictures, tmp_path, jobs=2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert sorted(one.file for one in drawn) == sorted(file.name for file in tmp_path.iterdir())
    double = next(one for one in drawn if one.name.endswith("1024-light-2x"))
    assert (double.width, double.height) == (2048, 1280)
