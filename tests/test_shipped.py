import pytest

from app import shipped


def test_a_shipped_file_is_found_by_its_name_in_the_checkout() -> None:
    assert shipped.path("resources").is_dir()


def test_a_missing_shipped_file_is_named_in_one_sentence() -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/nothing\.here is missing"):
        shipped.path("resources/nothing.here")
