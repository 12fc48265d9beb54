"""The person's choice of colours, density, text size and times, kept between starts."""

from functools import partial
from typing import Any, Final

from app.ui import format as write
from app.ui.actions import Action
from app.ui.language import tr
from app.ui.remembered import Remembered
from app.ui.theme import current

_KEY: Final = "window/theme"
_SCHEMES: Final = ("system", "light", "dark")
_DENSITIES: Final = {
    "compact": tr("Compact rows"),
    "normal": tr("Normal rows"),
    "comfortable": tr("Comfortable rows"),
}

_TIMES: Final[dict[write.Times, str]] = {
    "minutes": tr("Times as date and time"),
    "seconds": tr("Times with seconds"),
    "ago": tr("Times as how long ago"),
}


class Looks:
    """Changes the theme and keeps the choice."""

    def __init__(self, kept: Remembered) -> None:
        self._kept = kept

    def take_up(self) -> None:
        """The choice of last time; anything unreadable in it is ignored."""
        choice = self._kept.recall(_KEY)
        if not isinstance(choice, dict):
            return
        names = ("scheme", "density", "zoom", "times")
        scheme, density, zoom, times = (choice.get(name) for name in names)
        theme = current()
        theme.choose(
            scheme=scheme if scheme in _SCHEMES else None,
            density=density if density in _DENSITIES else None,
            zoom=zoom if isinstance(zoom, int) else None,
            times=times if times in _TIMES else None,
        )

    def choose(self, **choice: Any) -> None:
        """Change what is named (`scheme`, `density`, `zoom`, `times`)."""
        current().choose(**choice)
        self._keep()

    def toggle(self) -> None:
        """Light becomes dark, dark becomes light."""
        current().toggle()
        self._keep()

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1), or the usual size (0)."""
        current().zoom_by(steps)
        self._keep()

    def actions(self) -> list[Action]:
        """What the palette offers."""
        return [
            Action("theme", tr("Light or dark"), self.toggle, "Ctrl+Shift+L"),
            Action("system-theme", tr("Colours as the system has them"), self._as_the_system),
            *(
                Action(density, words, partial(self.choose, density=density))
                for density, words in _DENSITIES.items()
            ),
            *(
                Action(f"times-{times}", words, partial(self.choose, times=times))
                for times, words in _TIMES.items()
            ),
            Action("larger", tr("Larger text"), lambda: self.zoom(1), "Ctrl++", more=("Ctrl+=",)),
            Action("smaller", tr("Smaller text"), lambda: self.zoom(-1), "Ctrl+-"),
            Action("usual-size", tr("Text at its usual size"), lambda: self.zoom(0), "Ctrl+0"),
        ]

    def _as_the_system(self) -> None:
        self.choose(scheme="system")

    def _keep(self) -> None:
        theme = current()
        choice = {
            "scheme": theme.scheme,
            "density": theme.density,
            "zoom": theme.zoom,
            "times": write.times_shown(),
        }
        self._kept.remember(_KEY, choice)
