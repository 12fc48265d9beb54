"""What the list of users asks of the services: its first rows at once, their number behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import UnknownUser
from app.domain.users import UserQuery, UserSummary
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import BLOCK
from app.ui.users import people_state as states
from app.ui.users.people_state import PeopleState

Rows = tuple[UserSummary, ...]


@dataclass(frozen=True)
class Numbers:
    """How many pass a query, of how many there are; and what its users are called."""

    count: int
    total: int
    names: dict[str, str]


def read_first(desk: Any, query: UserQuery, stop: Event) -> Rows:
    """Ask for the head of a list."""
    return tuple(desk.accounts.page(query, 0, BLOCK, stop=stop))


def read_numbers(desk: Any, query: UserQuery, known: int | None, stop: Event) -> Numbers:
    """Ask how many there are; ``known`` is how many pass, where that is no question."""
    total = desk.accounts.count(stop=stop)
    narrowed = bool(query.text.strip()) or query.filtered
    count = known if known is not None else total
    if known is None and narrowed:
        count = desk.accounts.count(query, stop=stop)
    return Numbers(count, total, _names(desk, query, stop))


def _names(desk: Any, query: UserQuery, stop: Event) -> dict[str, str]:
    by = query.referred_by
    try:
        return {by: desk.accounts.user(by, stop=stop).name} if by else {}
    except UnknownUser:
        # A filter remembered from another database: it stands there with the id it has.
        return {}


class PeopleQuestions:
    """The state of the list and the questions behind it; only the latest of each counts.

    ``show(state)`` is called with each new state, ``came(rows, again)`` with the first rows (of
    the same list, or of another), ``recounted(count)`` once it is known how many there are.
    """

    def __init__(
        self,
        frame: Frame,
        owner: QObject,
        show: Callable[[PeopleState], None],
        came: Callable[[Rows, bool], None],
        recounted: Callable[[int], None],
    ) -> None:
        self.state = PeopleState()
        self.names: dict[str, str] = {}
        self._frame = frame
        self._show, self._came_to, self._recounted = show, came, recounted
        self._listing = Latest(frame.background, owner=owner)
        self._counting = Latest(frame.background, owner=owner)
        self._seeking = Latest(frame.background, owner=owner)
        self._known: int | None = None
        # Counting is begun once the rows are painted: it would keep them waiting.
        self._painted = QTimer(owner, singleShot=True, interval=0)
        self._painted.timeout.connect(lambda: self._ask_numbers(self._known))
        self._shown: PeopleState | None = None

    def ask(self, query: UserQuery) -> None:
        """Ask for a list; what is shown stays until it comes."""
        self._counting.cancel()
        self._painted.stop()
        self._tell(states.asked(self.state, query))
        desk = self._frame.desk
        self._listing.ask(
            lambda stop: read_first(desk, query, stop), self._first_came, self._refused
        )

    def seek(self, user_id: str, found: Callable[[int | None], None]) -> None:
        """Ask where in the list a user stands; ``found`` hears it while the list is still this."""
        desk, query = self._frame.desk, self.state.query

        def tell(place: int | None) -> None:
            if self.state.query == query:
                found(place)

        self._seeking.ask(
            lambda stop: desk.accounts.place(query, user_id, stop=stop), tell, self._not_sought
        )

    def stop(self) -> None:
        """A person will not wait: what was shown before is what is asked for again."""
        self._listing.cancel()
        self._tell(self._shown or states.stopped(self.state))

    def _first_came(self, rows: Rows) -> None:
        before, query = self._shown, self.state.query
        again = before is not None and before.query == query and before.phase == "ready"
        whole = len(rows) < BLOCK
        self._tell(states.arrived(self.state, len(rows), whole=whole))
        self._shown = self.state
        self._came_to(rows, again and bool(rows))
        self._known = len(rows) if whole else None
        self._painted.start()

    def _ask_numbers(self, known: int | None) -> None:
        desk, query = self._frame.desk, self.state.query
        self._counting.ask(
            lambda stop: read_numbers(desk, query, known, stop),
            self._numbers_came,
            self._uncounted,
        )

    def _numbers_came(self, numbers: Numbers) -> None:
        self.names |= numbers.names
        self._tell(states.counted(self.state, numbers.count, numbers.total))
        self._shown = self.state
        self._recounted(numbers.count)

    def _uncounted(self, error: Exception) -> None:
        self._frame.trouble(error, tr("Counting the users"), lambda: self._ask_numbers(None))

    def _not_sought(self, error: Exception) -> None:
        # The account tells by itself that there is no such user; the list only does not go there.
        if not isinstance(error, UnknownUser):
            self._frame.trouble(error, tr("Reading the users"))

    def _refused(self, error: Exception) -> None:
        self._shown = None
        self._tell(states.failed(self.state, trouble_of(error).details or str(error)))
        self._frame.trouble(error, tr("Reading the users"), lambda: self.ask(self.state.query))

    def _tell(self, state: PeopleState) -> None:
        self.state = state
        self._show(state)
