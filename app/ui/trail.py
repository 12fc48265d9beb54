"""Where a person has been: back and forward through pages and the places in them. No Qt."""

from dataclasses import dataclass
from typing import Final

REMEMBERED: Final = 100


@dataclass(frozen=True)
class Spot:
    """A page, and where in it (a user id, say); None is the page as it opens."""

    page: str
    place: object = None


class Trail:
    """The spots visited. `here` is where the person is."""

    def __init__(self) -> None:
        self.here: Spot | None = None
        self._back: list[Spot] = []
        self._forward: list[Spot] = []

    @property
    def can_go_back(self) -> bool:
        """Whether there is a way back."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """Whether the person came back from somewhere."""
        return bool(self._forward)

    @property
    def behind(self) -> Spot | None:
        """Where a step back leads; None if there is none."""
        return self._back[-1] if self._back else None

    def settle(self, place: object) -> None:
        """The place in the page as it is now, before leaving it."""
        if self.here is not None:
            self.here = Spot(self.here.page, place)

    def visit(self, spot: Spot) -> None:
        """Go somewhere new; what lay ahead is forgotten."""
        if self.here is not None and spot != self.here:
            self._back = [*self._back, self.here][-REMEMBERED:]
            self._forward.clear()
        self.here = spot

    def move(self, spot: Spot) -> None:
        """The page went to another place by itself; from nowhere in particular is no step."""
        if self.here is None or spot.page != self.here.page:
            return
        if self.here.place is None:
            self.here = spot
        else:
            self.visit(spot)

    def back(self) -> Spot | None:
        """One step back; None if there is none."""
        return self._step(self._back, self._forward)

    def forward(self) -> Spot | None:
        """One step forward again; None if there is none."""
        return self._step(self._forward, self._back)

    def _step(self, out_of: list[Spot], into: list[Spot]) -> Spot | None:
        if not out_of or self.here is None:
            return None
        into.append(self.here)
        self.here = out_of.pop()
        return self.here
