"""Importing users, plans, usage and requests, and taking an import back (rules, 2 to 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from app.domain import staff as roles
from app.domain.calendar import zone_of
from app.domain.errors import AlreadyResolved, Cancelled, InvalidValue
from app.domain.imports import (
    PLANS,
    REQUESTS,
    USAGE,
    USERS,
    Columns,
    FileShape,
    ImportPreview,
    ImportReport,
    ImportRun,
    Reversal,
)
from app.domain.instants import InstantReader
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import MOST_NOTE, checked_text
from app.services import counting_users, garbage
from app.services.giving import checked_reason
from app.services.import_files import Progress, SourceFile, look
from app.services.left_out import left_out
from app.services.office import Office, Work, release
from app.services.private_copy import private_copy
from app.services.refunding import refund
from app.services.request_import import RequestImport
from app.services.usage_import import UsageImport
from app.services.user_import import PlanImport, UserImport
from app.storage import bulk, imports

REFUNDS_BETWEEN_LOOKS = 200
JUDGED_IN_PLACE = 2_000_000
"""A file of more bytes is judged on a copy: it would keep others from writing for seconds."""
COPIED = 0.2
"""What is done of a preview once the database it is judged on is copied."""
PREVIEWED = 50
"""How many rows of a file a preview shows."""
COUNTED_FROM = 0.95
"""What is done of an import once its rows are; then users are counted by month."""


class _NothingKept(Exception):
    """Takes back what a preview did, so that the file is judged by the very same rules."""


class How(TypedDict, total=False):
    """How a file is read, and who hears of it; all of it may be left out."""

    zone: str | None
    columns: Mapping[str, str] | None
    ignored: Collection[str]
    progress: Progress | None
    stop: threading.Event | None


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a kind of file needs: its columns, the one with instants, the act, what does it."""

    columns: Columns
    instants: str
    act: Act
    make: type[UserImport | PlanImport | UsageImport | RequestImport]
    big: bool = False

    def reader(self, how: How) -> InstantReader:
        """What reads its instants."""
        zone = how.get("zone")
        return InstantReader(self.instants, None if zone is None else zone_of(zone))

    @contextmanager
    def prepared(self, work: Work) -> Iterator[None]:
        """The machine made ready for millions of rows, where there may be so many."""
        if not self.big:
            yield
            return
        with bulk.big_cache(work.session), garbage.not_searched():
            yield


_KINDS = {
    "users": _Kind(USERS, "registered_at", Act.IMPORT_USERS, UserImport),
    "plans": _Kind(PLANS, "at", Act.IMPORT_USERS, PlanImport),
    "usage": _Kind(USAGE, "occurred_at", Act.IMPORT_USAGE, UsageImport, big=True),
    "requests": _Kind(REQUESTS, "opened_at", Act.IMPORT_USERS, RequestImport),
}


class Imports:
    """Files in, whole or not at all: one transaction and one audit record for each."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def users(self, path: str | Path, **how: Unpack[How]) -> ImportReport:
        """Register the users of a file, each as ``Accounts.register`` would.

        CSV with a header row or JSON Lines, in UTF-8: ``user_id, email, name, registered_at`` and
        perhaps ``referral_code, referred_by``. ``zone`` (an IANA name) is where instants without
        offset are read; ``columns`` gives the file's name of a column by ours, ``ignored`` names
        columns of the file that are passed over. ``progress`` is called with the fraction done.
        Good rows are taken whatever is wrong with others; the same file again changes nothing.
        Raises ``BadFile``, ``InvalidValue``, ``NotPermitted``, and ``Cancelled`` once ``stop`` is
        set: then nothing of it was kept. (rules, section 2)
        """
        return self.take("users", path, **how)

    def plans(self, path: str | Path, **how: Unpack[How]) -> ImportReport:
        """Change the plans of a file, each as ``Accounts.change_plan`` would.

        Columns ``user_id, plan, at``; the rest as for ``users``. A change that has no effect counts
        as the same. (rules, section 2)
        """
        return self.take("plans", path, **how)

    def usage(self, path: str | Path, **how: Unpack[How]) -> ImportReport:
        """Charge the uses of a file in order of time, each as ``Charging.charge`` would.

        Columns ``user_id, feature, occurred_at, key`` and perhaps ``quantity, outcome, job``; the
        rest as for ``users``. Uses that find too few credits are kept as refused uses and counted.
        (rules, section 3)
        """
        return self.take("usage", path, **how)

    def requests(self, path: str | Path, **how: Unpack[How]) -> ImportReport:
        """Open the requests of a file as a help desk exports it, each as ``Requests.open`` would.

        Columns ``ticket, user, opened_at, message`` and perhaps ``category, credits``; the rest as
        for ``users``. ``user`` is an id, a mail address or a referral code, or matches nobody. A
        ticket on record is not doubled: with the same content it counts as the same, with other
        content it is left out. (rules, section 4)
        """
        return self.take("requests", path, **how)

    def take(self, kind: str, path: str | Path, **how: Unpack[How]) -> ImportReport:
        """Import a file of a kind: ``users``, ``plans``, ``usage`` or ``requests``."""
        found, source = _source(kind, path, how)
        with _importing(self._office, found, source) as (work, run):
            session, calendar = work.session, work.calendar
            with counting_users.kept_up(session, calendar, lambda: source.report(COUNTED_FROM)):
                report = found.make(work, source, run, found.reader(how)).run()
            _finish(work, report)
            source.report(1.0)
        return report

    def preview(self, kind: str, path: str | Path, **how: Unpack[How]) -> ImportPreview:
        """What ``take`` would do with a file now, and its first rows. Nothing is kept.

        A large file is judged on a copy of the database, so that others can write meanwhile.
        Raises like ``take``, and ``DatabaseFailed`` where no copy can be made.
        """
        found, source = _source(kind, path, how)
        if source.size <= JUDGED_IN_PLACE:
            report = _judged(self._office, found, source, how)
        else:

            def tell(copied: float) -> None:
                source.report_before(COPIED * copied)

            with private_copy(self._office, found.act, tell) as office:
                report = _judged(office, found, source, how)
        return ImportPreview(report, source.wanted.every, source.first(PREVIEWED))

    def look(self, path: str | Path) -> FileShape:
        """How a file is written, its columns and first rows; nothing is judged. ``BadFile``."""
        return look(path)

    def left_out(self, path: str | Path, why: Mapping[int, str]) -> bytes:
        """The rows of a file that begin on these lines, as it has them, each with line and why.

        Once mended it can be imported as it is: the two columns of ``LEFT_OUT`` are passed over.
        Raises ``BadFile``.
        """
        return left_out(path, why)

    def list(self, *, stop: threading.Event | None = None) -> list[ImportRun]:
        """Every import on record, newest first."""
        with self._office.reading(stop=stop) as work:
            return imports.every(work.session)

    def reverse(
        self,
        import_id: int,
        *,
        dry_run: bool = True,
        reason: str = "given_in_error",
        note: str = "",
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Reversal:
        """Refund every charge of an import that is not refunded yet, all or none, once.

        With ``dry_run`` (the default) only say what that would do. Raises ``UnknownRecord``,
        ``AlreadyResolved``, ``InvalidValue``, ``NotPermitted``; ``Cancelled`` once ``stop`` is set.
        (rules, section 4)
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        if dry_run:
            with self._office.reading(Act.IMPORT_USAGE, stop) as work:
                return _planned(work, import_id)
        with self._office.writing(Act.IMPORT_USAGE) as work:
            planned = _planned(work, import_id)
            checked_reason(work, reason)
            tell = _told(progress, stop)
            with counting_users.kept_up(work.session, work.calendar, lambda: tell(1.0)):
                done = _refund_all(work, planned, reason, note, tell)
            imports.add_reversal(work.session, import_id, at=work.now_ms, staff=work.member.id)
            work.record(
                "reverse an import",
                ("import", import_id),
                why=reason,
                after={"charges": done.charges, "credits": done.credits, "note": note},
            )
            return done


@contextmanager
def _importing(office: Office, kind: _Kind, source: SourceFile) -> Iterator[tuple[Work, int]]:
    with office.writing(kind.act) as work, kind.prepared(work):
        release(work.session, work.book, work.calendar, work.now)
        name, now = source.wanted.kind, work.now_ms
        run = imports.begin(work.session, name, source.name, at=now, staff=work.member.id)
        yield work, run


def _judged(office: Office, kind: _Kind, source: SourceFile, how: How) -> ImportReport:
    """What an import comes to; nothing of it is kept."""
    report: ImportReport | None = None
    with suppress(_NothingKept), _importing(office, kind, source) as (work, run):
        report = kind.make(work, source, run, kind.reader(how)).run()
        source.report(1.0)
        raise _NothingKept
    if report is None:  # it was raised after the report was made
        raise _NothingKept
    return report


def _planned(work: Work, import_id: int) -> Reversal:
    roles.require(work.member, work.member.email, Act.REFUND)
    run = imports.by_id(work.session, import_id)
    if run.reversed_at is not None:
        when = run.reversed_at.isoformat()
        message = said(
            "Import {import_id} was reversed by {reversed_by} at {when} already.",
            import_id=import_id,
            reversed_by=run.reversed_by,
            when=when,
        )
        raise AlreadyResolved(message, import_id=import_id, by=run.reversed_by)
    return imports.reversal(work.session, import_id, work.now_ms)


def _refund_all(
    work: Work, planned: Reversal, reason: str, note: str, tell: Callable[[float], None]
) -> Reversal:
    release(work.session, work.book, work.calendar, work.now)
    unrecorded = work.unrecorded()
    returned = regranted = 0
    numbers = imports.to_refund(work.session, planned.import_id)
    for place, number in enumerate(numbers):
        if place % REFUNDS_BETWEEN_LOOKS == 0:
            tell(place / len(numbers))
        done = refund(unrecorded, number, reason, note, None)
        returned, regranted = returned + done.returned, regranted + done.regranted
    tell(1.0)
    return Reversal(
        import_id=planned.import_id,
        charges=len(numbers),
        credits=returned + regranted,
        returned=returned,
        regranted=regranted,
        refunded_before=planned.refunded_before,
        dry_run=False,
    )


def _told(progress: Progress | None, stop: threading.Event | None) -> Callable[[float], None]:
    def tell(fraction: float) -> None:
        if stop is not None and stop.is_set():
            message = said("The reversal was stopped; no charge was refunded.")
            raise Cancelled(message)
        if progress is not None:
            progress(fraction)

    return tell


def _finish(work: Work, report: ImportReport) -> None:
    imports.finish(work.session, report)
    work.record(
        f"import {report.kind}",
        ("import", report.import_id),
        after={
            "file": report.file,
            "read": report.read,
            "added": report.added,
            "same": report.same,
            "refused": report.refused,
            "bad": len(report.bad),
        },
    )


def _source(kind: str, path: str | Path, how: How) -> tuple[_Kind, SourceFile]:
    found = _KINDS.get(kind)
    if found is None:
        message = said(
            "“{kind}” cannot be imported; there are {known}.", kind=kind, known=", ".join(_KINDS)
        )
        raise InvalidValue(message, field="kind", value=kind)
    source = SourceFile(
        path,
        found.columns,
        how.get("columns"),
        ignored=how.get("ignored", ()),
        progress=how.get("progress"),
        stop=how.get("stop"),
    )
    return found, source
