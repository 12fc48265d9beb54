"""Where the files are that travel with the program.

In a checkout they stand at the top level (``pricing.json``, ``resources/``); a wheel carries them
inside the package. Nothing else needs to know which of the two is running.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_A_WHEEL = _PACKAGE / "_shipped"
_HOME = _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else _PACKAGE.parent


def path(name: str) -> Path:
    """The shipped file or folder called `name`, such as ``"resources/app.qss"``.

    Raises `FileNotFoundError` with a sentence if the installation lacks it.
    """
    found = _HOME / name
    if not found.exists():
        raise FileNotFoundError(
            f"PixPretty Credits is not installed completely: {name} is missing. "
            "Installing it again puts it back."
        )
    return found
