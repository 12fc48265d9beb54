"""Proving that the books balance, the audit record, backups and restoring (rules, section 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.domain import staff as roles
from app.domain.audit import AuditRecord
from app.domain.calendar import BillingCalendar, to_ms
from app.domain.errors import Cancelled, DatabaseFailed, DatabaseUnsuitable, InvalidValue
from app.domain.flows import Proof
from app.domain.integrity import Report, Restored, Violation
from app.domain.sentences import said
from app.domain.staff import Act, StaffMember
from app.domain.users import can_be_kept
from app.services.office import Office
from app.storage import audit, derived, proof, provings, staff
from app.storage.backup import COMPANIONS, back_up, restore
from app.storage.checks import Ground, run
from app.storage.engine import Session
from app.storage.schema import revision_of

Progress = Callable[[int, int, str], None]
"""Called with how many rules are checked, how many there are, and the name of the next."""


class Integrity:
    """Verifying, backing up, restoring, and the audit record."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def verify(
        self, progress: Progress | None = None, *, stop: threading.Event | None = None
    ) -> Report:
        """Check every rule that the database must keep, in one snapshot; nothing is changed.

        ``progress(done, all, name)`` is called before each rule. Broken rules are named in the
        report with the rows that break them. That it was done, and what came of it, is remembered
        where the database can be written. Raises ``NotPermitted``, ``Cancelled``.
        """
        report, member = self._report(progress, stop)
        if self._office.database.writable:
            self._remember(report, member)
        return report

    def latest_proof(self, *, stop: threading.Event | None = None) -> Proof | None:
        """When the books were proved last, by whom, and what was broken; ``None`` if never."""
        with self._office.reading(stop=stop) as work:
            return provings.latest(work.session)

    def _remember(self, report: Report, member: StaffMember) -> None:
        broken = tuple(violation.name for violation in report.violations)
        proof = Proof(report.checked_at, member.email, report.counts.rules, broken)
        # A damaged file may refuse to be written. What was found must be told all the same.
        with suppress(DatabaseFailed), self._office.database.writing() as session:
            provings.add(session, proof, member.id, report.audit_head)

    def _report(
        self, progress: Progress | None, stop: threading.Event | None
    ) -> tuple[Report, StaffMember]:
        office = self._office
        with office.database.reading(stop) as session:
            found = staff.by_email(session, office.person)
            member = roles.require(found, office.person, Act.VERIFY)
            return proved(session, office.calendar, office.now(), progress, stop), member

    def backup(self, path: str | Path) -> Path:
        """Copy the database, as it stands, to ``path``; where it is now.

        Others may go on writing. The copy is proved sound before it appears; what stood at ``path``
        is replaced only then. Raises ``NotPermitted``, ``InvalidValue``, ``DatabaseFailed``.
        """
        office = self._office
        with office.reading(Act.BACK_UP):
            source, target = file_of(office), checked_path(path)
        _refuse_own_file(source, target)
        _refuse_strangers(target)
        back_up(source, target)
        if office.database.writable:
            with office.writing(Act.BACK_UP) as work:
                work.record("back up", ("database", source.name), after={"backup": str(target)})
        return target

    def restore(self, path: str | Path) -> Restored:
        """Put the content of a backup in the place of everything in the database.

        The backup is checked first, and the database as it was is kept beside itself. To other
        programs that have it open it is one transaction. The desk goes on with what was restored;
        whatever was read before is stale. Raises ``NotPermitted``, ``InvalidValue``, ``BadFile``
        for what is not a sound backup of ours, ``DatabaseFailed``; nothing was changed then.
        """
        office = self._office
        with office.reading(Act.RESTORE) as work:
            now, source, target = work.now, checked_path(path), file_of(office)
        _refuse_own_file(target, source)
        if not office.database.writable:
            message = said("This database can only be read here; nothing was restored.")
            raise DatabaseFailed(message)
        stamp = office.calendar.local(now).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        kept = target.with_name(f"{target.stem}-before-restore-{stamp}{target.suffix}")
        restore(source, target, kept)
        office.start_anew()
        with office.database.writing() as session:
            audit.append(
                session,
                at=to_ms(now),
                staff=office.person,
                act="restore",
                subject=("database", target.name),
                after={"backup": str(source), "kept": str(kept)},
            )
        office.release_due()
        return Restored(str(source), str(kept))

    def rebuild(self) -> None:
        """Make the derived tables anew from the ledger, where ``verify`` says they differ."""
        with self._office.writing(Act.RESTORE) as work:
            derived.rebuild(work.session, work.calendar, work.now_ms)
            work.record("rebuild derived tables", ("database", work.calendar.zone))

    def audit(
        self,
        before: int | None = None,
        *,
        limit: int = 200,
        subject: tuple[str, str] | None = None,
        stop: threading.Event | None = None,
    ) -> list[AuditRecord]:
        """The newest audit records with numbers below ``before``, newest first.

        ``subject`` is what kind of thing they are about, and which: ``("user", "usr_1")``.
        """
        with self._office.reading(stop=stop) as work:
            return audit.records(work.session, before=before, limit=limit, subject=subject)

    def audit_head(self, *, stop: threading.Event | None = None) -> str:
        """The hash of the newest audit record: noted elsewhere, it proves that none was lost."""
        with self._office.reading(stop=stop) as work:
            return audit.head(work.session)


def proved(
    session: Session,
    calendar: BillingCalendar,
    now: datetime,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Report:
    """The outcome of checking every rule in the snapshot under way; ``Cancelled`` once stopped."""
    violations = _violations(Ground(session, calendar, to_ms(now)), progress, stop)
    return Report(
        ok=not violations,
        violations=violations,
        checked_at=now,
        counts=proof.counts(session),
        audit_head=audit.head(session),
    )


def file_of(office: Office) -> Path:
    """The file of a database; ``InvalidValue`` for one in memory."""
    path = office.database.path
    if path is None:
        message = said("A database in memory has no file to back up or to restore.")
        raise InvalidValue(message, field="path")
    return path


def _refuse_strangers(target: Path) -> None:
    """Only an earlier backup is replaced, never something else that lies there."""
    if not target.exists():
        return
    try:
        revision_of(target)
    except DatabaseUnsuitable as error:
        message = said(
            "“{target}” is no backup of ours and was left as it is; choose another name.",
            target=target,
        )
        raise InvalidValue(message, field="path", value=str(target)) from error


def checked_path(path: str | Path) -> Path:
    """A path that a file can have; ``InvalidValue`` for anything else."""
    if not isinstance(path, str | Path) or not can_be_kept(str(path)):
        message = said("“{path}” is not the name of a file.", path=path)
        raise InvalidValue(message, field="path", value=path)
    return Path(path)


def _refuse_own_file(database: Path, other: Path) -> None:
    own = {database.with_name(database.name + ending) for ending in ("", *COMPANIONS)}
    if other.absolute() in {path.absolute() for path in own} or _same(database, other):
        message = said("“{file}” is the database itself; choose another file.", file=other)
        raise InvalidValue(message, field="path", value=str(other))
    if other.is_dir():
        message = said("“{file}” is a folder, not a file.", file=other)
        raise InvalidValue(message, field="path", value=str(other))


def _same(one: Path, other: Path) -> bool:
    return other.exists() and other.samefile(one)


def _violations(
    ground: Ground, progress: Progress | None, stop: threading.Event | None
) -> tuple[Violation, ...]:
    found = []
    for place, check in enumerate(proof.EVERY):
        if stop is not None and stop.is_set():
            raise Cancelled(said("This was stopped; nothing was changed."))
        if progress is not None:
            progress(place, len(proof.EVERY), check.name)
        violation = run(ground, check)
        if violation is not None:
            found.append(violation)
    if progress is not None:
        progress(len(proof.EVERY), len(proof.EVERY), "")
    return tuple(found)
