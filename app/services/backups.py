"""What the database is, a look inside a backup before it is restored, and the daily backup."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from app.domain.audit import AuditRecord
from app.domain.backups import (
    MOST_LOST,
    Content,
    DailyBackup,
    DailyRun,
    DatabaseFacts,
    Inspection,
    daily_day,
    daily_name,
    sqlite_is_sound,
)
from app.domain.calendar import BillingCalendar, from_ms
from app.domain.errors import DatabaseFailed, InvalidValue
from app.domain.price_book import PriceBook
from app.domain.sentences import said
from app.domain.staff import Act
from app.services.integrity import Integrity, Progress, checked_path, file_of, proved
from app.services.office import Office
from app.storage import audit, content, meta, prices, staff
from app.storage.backup import COMPANIONS, fetch
from app.storage.engine import Database, Session
from app.storage.schema import revision_of
from app.storage.sqlite import VERSION

FEWEST_KEPT, MOST_KEPT = 1, 365
"""How many daily backups may be kept."""


class Backups:
    """Facts about the database, looking inside backups, and the backup of every day."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def facts(self, *, stop: threading.Event | None = None) -> DatabaseFacts:
        """What this database is: where, how large, since when, and which SQLite reads it."""
        office = self._office
        path = office.database.path
        with office.reading(stop=stop) as work:
            return DatabaseFacts(
                path=None if path is None else str(path.absolute()),
                size=0 if path is None else _size(path),
                sqlite=VERSION,
                sqlite_sound=sqlite_is_sound(VERSION),
                zone=office.calendar.zone,
                made_at=_made_at(work.session),
                revision=content.revision(work.session),
                writable=office.database.writable,
                sandbox=meta.is_sandbox(work.session),
            )

    def inspect(
        self,
        path: str | Path,
        progress: Progress | None = None,
        *,
        stop: threading.Event | None = None,
    ) -> Inspection:
        """Look inside a backup: what it holds, whether it is sound, what restoring it would lose.

        Nothing is changed, neither the backup nor the database. ``progress`` is that of verifying.
        Raises ``NotPermitted``, ``BadFile`` for what is not a sound file of ours,
        ``DatabaseFailed``, ``Cancelled`` once ``stop`` is set.
        """
        office = self._office
        source = checked_path(path)
        with office.reading(Act.BACK_UP, stop) as work:
            now = _content(work.session, work.now, office.person)
            with _copied(source) as copy, copy.reading(stop) as inside:
                held = _content(inside, work.now, office.person)
                calendar = BillingCalendar(held.zone)
                last = held.last_act
                related = last is not None and content.has_act(work.session, last.id, last.hash)
                ours = now.last_act
                ahead = ours is not None and content.has_act(inside, ours.id, ours.hash)
                found = revision_of(source)
                return Inspection(
                    path=str(source),
                    size=source.stat().st_size,
                    revision=found,
                    upgraded=found != content.revision(inside),
                    content=held,
                    now=now,
                    proof=proved(inside, calendar, work.now, progress, stop),
                    related=related,
                    ahead=ahead and not related,
                    lost_acts=content.acts_after(work.session, last.id) if related and last else 0,
                    lost=_lost(work.session, last) if related and last else (),
                )

    def daily(self, folder: str | Path, *, keep: int) -> DailyRun:
        """Make today's backup in a folder, unless it is there, and remove the oldest of ours.

        A day is one of the billing zone. Only files called as daily backups of this very database
        are ever removed, until the ``keep`` newest are left. Raises ``NotPermitted``,
        ``InvalidValue``, ``DatabaseFailed``; nothing was removed then.
        """
        office = self._office
        place = _folder(folder)
        if not FEWEST_KEPT <= keep <= MOST_KEPT:
            message = said(
                "{keep} daily backups cannot be kept; {fewest} to {most} can.",
                keep=f"{keep:,}",
                fewest=FEWEST_KEPT,
                most=MOST_KEPT,
            )
            raise InvalidValue(message, field="keep", value=keep)
        file = file_of(office)
        with office.reading(Act.BACK_UP) as work:
            today = office.calendar.local(work.now).date()
            target = place / daily_name(file.stem, content.tag(work.session), today, file.suffix)
        made = not target.is_file()
        if made:
            Integrity(office).backup(target)
        earlier = [one for one in self.dailies(place) if one.day < today]
        removed = []
        for one in earlier[keep - 1 :]:
            _remove(Path(one.path))
            removed.append(one.path)
            if office.database.writable:
                with office.writing(Act.BACK_UP) as work:
                    subject = ("database", file.name)
                    work.record("remove a daily backup", subject, before={"backup": one.path})
        newest = DailyBackup(str(target), today, target.stat().st_size)
        return DailyRun(newest, made, tuple(removed))

    def dailies(
        self, folder: str | Path, *, stop: threading.Event | None = None
    ) -> list[DailyBackup]:
        """The daily backups of this database in a folder, newest first; an absent one has none."""
        place = checked_path(folder)
        file = file_of(self._office)
        with self._office.reading(stop=stop) as work:
            tag = content.tag(work.session)
        try:
            entries = [entry for entry in place.iterdir() if entry.is_file()]
        except OSError:
            return []
        days = ((entry, daily_day(entry.name, file.stem, tag, file.suffix)) for entry in entries)
        found = [DailyBackup(str(e), day, e.stat().st_size) for e, day in days if day is not None]
        return sorted(found, key=lambda one: one.day, reverse=True)


def _content(session: Session, now: datetime, person: str) -> Content:
    member = staff.by_email(session, person)
    version = PriceBook(prices.versions(session, now)).in_force(now)
    return Content(
        tally=content.tally(session),
        last_act=next(iter(audit.records(session, limit=1)), None),
        price_version=version.number,
        price_note=version.note,
        zone=meta.zone(session),
        made_at=_made_at(session),
        role=member.role if member is not None and member.active else None,
    )


def _lost(session: Session, last: AuditRecord) -> tuple[AuditRecord, ...]:
    newest = audit.records(session, limit=MOST_LOST)
    return tuple(record for record in newest if record.id > last.id)


@contextmanager
def _copied(source: Path) -> Iterator[Database]:
    """A copy of a backup, of this program's schema, that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pixpretty-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "inside.db"
        try:
            fetch(source, copy)
        except OSError as error:
            why = error.strerror or error
            message = said(
                "“{name}” could not be looked into: {why}. Nothing was changed.",
                name=source.name,
                why=why,
            )
            raise DatabaseFailed(message, path=str(source)) from error
        database = Database(copy, writable=False)
        try:
            yield database
        finally:
            database.close()


def _made_at(session: Session) -> datetime:
    return from_ms(int(meta.read(session, "made_at") or 0))


def _size(path: Path) -> int:
    """In bytes, with what lies beside it; that may go at any moment, when others close it."""
    size = 0
    for ending in ("", *COMPANIONS):
        with suppress(FileNotFoundError):
            size += path.with_name(path.name + ending).stat().st_size
    return size


def _folder(folder: str | Path) -> Path:
    place = checked_path(folder)
    if not place.is_dir():
        message = said("There is no folder “{place}” for daily backups.", place=place)
        raise InvalidValue(message, field="folder", value=str(place))
    return place


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or error
        message = said(
            "Today's backup is made, but “{path}” could not be removed: {why}.", path=path, why=why
        )
        raise DatabaseFailed(message, path=str(path)) from error
