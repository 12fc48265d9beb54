"""The texts of replies, as leads edited them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.calendar import from_ms
from app.domain.replies import Template
from app.storage.engine import Session

_TEMPLATE = """
SELECT t.code, t.text, t.section, t.version, s.email, t.at
FROM reply_template t JOIN staff s ON s.id = t.staff
"""


def latest(session: Session) -> dict[str, Template]:
    """The latest text of every template that was ever edited, by its code."""
    rows = session.run(_TEMPLATE + " ORDER BY t.code, t.version")
    return {template.code: template for template in map(_template, rows)}


def history(session: Session, code: str) -> list[Template]:
    """Every text of a template that was saved, the newest first."""
    rows = session.run(_TEMPLATE + " WHERE t.code = ? ORDER BY t.version DESC", (code,))
    return [_template(row) for row in rows]


def add(session: Session, template: Template, *, staff: int, at: int) -> None:
    """Save a text; its ``version`` must be the one after the latest."""
    session.run(
        "INSERT INTO reply_template (code, version, text, section, staff, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (template.code, template.version, template.text, template.section, staff, at),
    )


def _template(row: Sequence[Any]) -> Template:
    code, text, section, version, author, at = row
    return Template(code, text, section, version, author, from_ms(at))
