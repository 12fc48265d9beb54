"""The packed months that a what-if reads: made when first asked for, then kept in the database."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence

from app.domain.calendar import Month
from app.domain.history import History
from app.domain.replaying import Opened
from app.domain.staff import Act
from app.domain.whatif import WhatIf
from app.services.office import Office, Work
from app.storage import audit, month_packs, packing
from app.storage.engine import Session
from app.storage.month_packs import Marks, Pack

MOST_KEPT = 400_000
"""So many acts of those replayed one by one are remembered: some 100 MiB."""
MOST_LATE = 20_000
"""A month of which more users have late records is packed anew."""


class Alone:
    """The users of some months who are replayed one by one, as far as they are known.

    Of each it remembers the history, the same whatever the draft, and where the months begin with
    what expired in them unused, the same for all drafts that grant the same. Both wait as bytes:
    hundreds of thousands of small objects would be gone through again and again by Python's
    collector of garbage, with the window's thread standing still meanwhile.
    """

    def __init__(self) -> None:
        self._histories: dict[int, bytes] = {}
        self._opened: dict[int, bytes] = {}
        self._record: object = None
        self._granted: object = None
        self._acts = 0
        self._again = False

    def about(self, record: object, granted: object) -> None:
        """Forget what was remembered of another record, or of what another draft grants."""
        if self._record != record:
            self._record, self._acts = record, 0
            self._histories.clear()
            self._opened.clear()
        # Whoever tries one policy after another never asks for the same beginnings again.
        self._again = self._granted == granted
        if not self._again:
            self._granted = granted
            self._opened.clear()

    def keep(self, history: History) -> None:
        """Remember one for the next draft, while there is room."""
        if self._acts < MOST_KEPT:
            self._acts += len(history.used) + len(history.given)
            self._histories[history.user] = pickle.dumps(history)

    def keep_opened(self, start: Opened, expired: int) -> None:
        """Remember where the months begin, when a draft that grants the same is tried again."""
        if self._again and start.user in self._histories:
            self._opened[start.user] = pickle.dumps((start, expired))

    def history(self, user: int) -> History | None:
        """The history of a user, where it is remembered."""
        kept = self._histories.get(user)
        if kept is None:
            return None
        history: History = pickle.loads(kept)  # noqa: S301 - our own bytes, never out of memory
        return history

    def opened(self, user: int) -> tuple[Opened, int] | None:
        """Where the months begin for a user, and what expired in them, where it is remembered."""
        kept = self._opened.get(user)
        if kept is None:
            return None
        start: tuple[Opened, int] = pickle.loads(kept)  # noqa: S301 - our own bytes
        return start


class Packs:
    """The packed months of one database. Where it cannot be written they stay in memory."""

    def __init__(self) -> None:
        self._memory: dict[Month, Pack] = {}
        self._restored = ""
        self._alone = Alone()

    def alone(self, session: Session, months: Sequence[Month], granted: object) -> Alone:
        """What is remembered of these months, as long as nothing more is recorded.

        ``granted`` stands for what a draft grants: where they begin is the same for all prices.
        """
        # After a restore the same numbers stand for something else.
        last = month_packs.last_marks(session), audit.last_restore(session)
        self._alone.about((tuple(months), *last), granted)
        return self._alone

    def prepare(
        self,
        office: Office,
        months: Sequence[Month],
        tell: Callable[[float], None],
        stop: threading.Event | None,
    ) -> bool:
        """Pack those of ``months`` that are not packed, or of which much was recorded since.

        Says whether there were any.

        Nothing of the record is written, so it needs no more than the permission to look.
        """
        made: list[Pack] = []
        kept = True
        with office.reading(Act.WHAT_IF, stop) as work:
            missing = self._missing(work.session, months, work.calendar.start_ms(months[-1].next))
            if not missing:
                return False
            marks = month_packs.last_marks(work.session)
            for pack in packing.make(work.session, missing, work.calendar, marks, tell):
                # One connection serves a database in memory: it cannot read and write at once.
                if office.database.path is None or not office.database.writable:
                    made.append(pack)
                elif not (kept := _keep(office, pack, self._restored)):
                    break
        if not kept:  # what was read is no longer on record
            return self.prepare(office, months, tell, stop)
        for pack in made:
            if office.database.writable:
                _keep(office, pack, self._restored)
            else:
                self._memory[pack.month] = pack
        return True

    def ready(self, office: Office, months: Sequence[Month]) -> bool:
        """Whether all of ``months`` are packed."""
        with office.reading(Act.WHAT_IF) as work:
            end = work.calendar.start_ms(months[-1].next)
            return not self._missing(work.session, months, end)

    def read(self, session: Session, month: Month) -> Pack:
        """The pack of a month that was prepared."""
        return self._memory.get(month) or month_packs.read(session, month)

    def of(self, session: Session, months: Sequence[Month]) -> Iterator[Pack]:
        """The packs of some months that were prepared, one after the other."""
        for month in months:
            yield self.read(session, month)

    def _missing(self, session: Session, months: Sequence[Month], end: int) -> list[Month]:
        restored = audit.last_restore(session)
        if self._restored != restored:
            self._restored = restored
            self._memory.clear()
        kept = month_packs.kept(session, months)
        kept |= {month: pack.marks for month, pack in self._memory.items()}
        late = {
            marks: len(month_packs.recorded_since(session, marks, end)) > MOST_LATE
            for marks in set(kept.values())
        }
        return [month for month in months if month not in kept or late[kept[month]]]


def recorded_since(work: Work, result: WhatIf) -> bool:
    """Whether something was recorded about the months of a result after it was found."""
    end = work.calendar.start_ms(result.last.next)
    return bool(month_packs.recorded_since(work.session, Marks(*result.record), end))


def _keep(office: Office, pack: Pack, restored: str) -> bool:
    """Keep a pack, unless there was a restore after the one it knows of; whether it was kept."""
    with office.database.writing() as session:
        if audit.last_restore(session) != restored:
            return False
        month_packs.keep(session, pack)
        return True
