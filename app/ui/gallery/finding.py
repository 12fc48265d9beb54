"""Finds what is declared in the gallery, and what should be."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module

from PySide6.QtWidgets import QDialog, QWidget

import app.ui
from app.ui.gallery.matrix import fits
from app.ui.gallery.shown import Shown
from app.ui.page import Page

_DECLARED_IN = "shown"
_STOCK = ("app.ui.widgets", "app.ui.charts")
_MACHINERY = "app.ui.gallery"


def every_shown() -> tuple[Shown, ...]:
    """Every state declared, by name."""
    declared: dict[str, Shown] = {}
    for module in _modules():
        if _declares(module):
            for shown in import_module(module).SHOWN:
                if shown.name in declared:
                    raise ValueError(f"“{shown.name}” is declared twice, again in {module}.")
                declared[shown.name] = shown
    return tuple(declared[name] for name in sorted(declared))


def matching(shown: Iterable[Shown], pattern: str) -> tuple[Shown, ...]:
    """Those whose name has the pattern in it: a part of the name, or one with ``*`` and ``?``."""
    return tuple(one for one in shown if fits(one.name, pattern))


def every_class() -> tuple[type[QWidget], ...]:
    """What has to have states: pages, dialogs, and the public widgets of the stock and charts."""
    return tuple(sorted(set(_classes()), key=lambda one: (one.__module__, one.__name__)))


def undeclared(shown: Iterable[Shown]) -> tuple[str, ...]:
    """The classes that have to have states and have none, as ``module.Class``."""
    declared = {one.of for one in shown}
    missing = [one for one in every_class() if one not in declared]
    return tuple(f"{one.__module__}.{one.__name__}" for one in missing)


def _declares(module: str) -> bool:
    """Whether a module declares states: `shown`, or `shown_dialogs` where there are many."""
    name = module.rpartition(".")[2]
    ours = module.startswith(_MACHINERY)
    return not ours and (name == _DECLARED_IN or name.startswith(f"{_DECLARED_IN}_"))


def _classes() -> Iterator[type[QWidget]]:
    for name in _modules():
        module = import_module(name)
        for _, found in inspect.getmembers(module, inspect.isclass):
            if found.__module__ == name and issubclass(found, QWidget) and _needed(found):
                yield found


def _needed(found: type[QWidget]) -> bool:
    if found.__name__.startswith("_") or inspect.isabstract(found) or found is Page:
        return False
    return issubclass(found, (Page, QDialog)) or found.__module__.startswith(_STOCK)


def _modules() -> list[str]:
    found = pkgutil.walk_packages(app.ui.__path__, "app.ui.")
    return sorted(module.name for module in found if not module.ispkg)
