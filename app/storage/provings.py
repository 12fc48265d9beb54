"""When the books were proved, and what came of it."""

from __future__ import annotations

import json

from app.domain.calendar import from_ms, to_ms
from app.domain.flows import Proof
from app.storage.engine import Session
from app.storage.proof import rule


def add(session: Session, proof: Proof, staff: int, audit_head: str) -> None:
    """Put a proof on record."""
    session.run(
        "INSERT INTO proving (at, staff, rules, broken, audit_head) VALUES (?, ?, ?, ?, ?)",
        (to_ms(proof.at), staff, proof.rules, json.dumps(proof.broken), audit_head),
    )


def latest(session: Session) -> Proof | None:
    """The proof that was put on record last; ``None`` before the first."""
    row = session.one(
        "SELECT p.at, s.email, p.rules, p.broken FROM proving p JOIN staff s ON s.id = p.staff"
        " ORDER BY p.id DESC LIMIT 1"
    )
    if row is None:
        return None
    at, staff, rules, broken = row
    return Proof(from_ms(at), staff, rules, tuple(map(rule, json.loads(broken))))
