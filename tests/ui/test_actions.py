"""One registry of actions: no key means two things, and hidden pages sleep."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import Action, DuplicateShortcut, Registry
from app.ui.palette import matching, score


def nothing() -> None:
    pass


def action(name: str, shortcut: str = "", where: str = "") -> Action:
    return Action(name, name.capitalize(), nothing, shortcut, where)


@pytest.fixture
def registry(qtbot: QtBot) -> Registry:
    window = QWidget()
    qtbot.addWidget(window)
    made = Registry(window)
    made._keep = window  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [("", ""), ("", "users"), ("users", ""), ("users", "users")],
)
def test_a_second_claim_on_keys_that_hold_at_the_same_time_fails_at_once(
    registry: Registry, one: str, other: str
) -> None:
    registry.add([action("grant", "Ctrl+G", one)])
    with pytest.raises(DuplicateShortcut, match="Ctrl\\+G"):
        registry.add([action("guess", "ctrl+g", other)])
    assert [held.name for held in registry.everything()] == ["grant"]


def test_two_pages_may_use_the_same_keys(registry: Registry) -> None:
    registry.add([action("grant", "Ctrl+S", "users"), action("publish", "Ctrl+S", "prices")])
    registry.go("prices")
    assert [held.name for held in registry.here()] == ["publish"]
    assert registry.find("publish").where == "prices"
    with pytest.raises(KeyError):
        registry.find("grant")


def test_the_same_name_twice_in_a_place_fails(registry: Registry) -> None:
    with pytest.raises(DuplicateShortcut):
        registry.add([action("grant"), action("grant")])


def test_keys_of_hidden_pages_are_asleep(registry: Registry) -> None:
    registry.add([action("grant", "Ctrl+G", "users"), action("theme", "Ctrl+L")])
    live = {one.text(): one for one in registry._window.actions()}
    assert not live["Grant"].isEnabled()
    registry.go("users")
    assert live["Grant"].isEnabled()
    assert live["Theme"].isEnabled()


def test_what_makes_no_sense_now_is_not_done(registry: Registry) -> None:
    done: list[str] = []
    possible = [False]
    act = Action("back", "Back", lambda: done.append("back"), possible=lambda: possible[0])
    registry.do(act)
    possible[0] = True
    registry.do(act)
    assert done == ["back"]


def test_letters_at_word_starts_win() -> None:
    actions = [action(name) for name in ("topics", "prices", "issue credits", "reload")]
    assert next(iter(matching(actions, "ic"))).name == "issue credits"
    assert [found.name for found in matching(actions, "rel")] == ["reload"]
    assert matching(actions, "") == actions
    assert matching(actions, "zzz") == []


def test_letters_must_come_in_order() -> None:
    assert score("abc", "cba") is None
    assert score("ABC", "a b c") is not None
