"""Proving that the books balance, the audit record, backups and restoring (rules, section 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.domain import staff as roles
from app.domain.audit import AuditRecord
from app.domain.calendar import to_ms
from app.domain.errors import Cancelled
from app.domain.integrity import Report, Violation
from app.domain.staff import Act
from app.services.office import Office
from app.storage import audit, proof, staff
from app.storage.checks import Ground, run

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
        report with the rows that break them. Raises ``NotPermitted``, ``Cancelled``.
        """
        office = self._office
        with office.database.reading(stop) as session:
            roles.require(staff.by_email(session, office.person), office.person, Act.VERIFY)
            now = office.now()
            ground = Ground(session, office.calendar, to_ms(now))
            violations = _violations(ground, progress, stop)
            return Report(
                ok=not violations,
                violations=violations,
                checked_at=now,
                counts=proof.counts(session),
                audit_head=audit.head(session),
            )

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


def _violations(
    ground: Ground, progress: Progress | None, stop: threading.Event | None
) -> tuple[Violation, ...]:
    found = []
    for place, check in enumerate(proof.EVERY):
        if stop is not None and stop.is_set():
            raise Cancelled("This was stopped; nothing was changed.")
        if progress is not None:
            progress(place, len(proof.EVERY), check.name)
        violation = run(ground, check)
        if violation is not None:
            found.append(violation)
    if progress is not None:
        progress(len(proof.EVERY), len(proof.EVERY), "")
    return tuple(found)
