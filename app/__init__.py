"""PixPretty Credits: the credits ledger of the PixPretty photo editor and its desk."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from app.desk import Desk, open_desk

__all__ = ["Desk", "__version__", "open_desk"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: a window shows itself before it opens a database.
    if name in {"Desk", "open_desk"}:
        from app import desk

        return getattr(desk, name)
    raise AttributeError(f"module 'app' has no attribute {name!r}")
