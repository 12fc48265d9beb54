"""Checks of requests: each answer is what was done for it, and what waits has what it waits for."""

from __future__ import annotations

from app.domain.sentences import said
from app.storage.checks import Check, asking

ANSWERS_MATCH = Check(
    said("answers are what was done"),
    said(
        "A granted request has a grant of its own user, ticket and resolver; a refunded one a"
        " charge of its own user that was refunded."
    ),
    asking(
        said("request {request}, user {user}, state {state}, grant {grant}, charge {charge}"),
        'SELECT q.id AS request, q.user, q.state, q."grant", q.charge FROM request q'
        ' LEFT JOIN "grant" g ON g.id = q."grant"'
        " LEFT JOIN charge c ON c.id = q.charge LEFT JOIN refund r ON r.charge = q.charge"
        " WHERE (q.state = 2 AND (g.id IS NULL OR g.user IS NOT q.user OR g.kind <> 4"
        " OR g.ticket IS NOT q.ticket OR g.staff IS NOT q.resolved_by))"
        " OR (q.state = 3 AND (r.id IS NULL OR c.user IS NOT q.user))",
    ),
)
APPROVALS_AWAITED = Check(
    said("waiting requests have their approval"),
    said(
        "A request that waits has an approval that nobody decided, asked for by who has it in hand"
        " and for its user; one granted that way has the grant that was approved."
    ),
    asking(
        said("request {request}, approval {approval}, approved {approved}"),
        "SELECT q.id AS request, q.approval, a.approved FROM request q"
        " LEFT JOIN approval a ON a.id = q.approval WHERE q.approval IS NOT NULL"
        " AND (a.id IS NULL OR a.user IS NOT q.user OR a.ticket <> q.ticket"
        " OR a.asked_by IS NOT q.claimed_by"
        " OR (q.state = 1 AND a.approved IS NOT NULL)"
        ' OR (q.state = 2 AND (a.approved IS NOT 1 OR a."grant" IS NOT q."grant")))',
    ),
)
# Not by their instants: a computer's clock may be set back between two of them.
IN_ORDER = Check(
    said("requests move forward"),
    said(
        "Who resolved a request had it in hand, and one reopened continues a resolved one of the"
        " same ticket."
    ),
    asking(
        said("request {request}, state {state}, reopened from {reopened_from}"),
        "SELECT q.id AS request, q.state, q.reopened_from FROM request q"
        " LEFT JOIN request p ON p.id = q.reopened_from"
        " WHERE q.resolved_by <> q.claimed_by"
        " OR (q.reopened_from IS NOT NULL AND (p.state < 2 OR p.ticket <> q.ticket))",
    ),
)
IMPORTED_COUNTED = Check(
    said("imported requests are those counted"),
    said("As many requests came with an import as it says it added."),
    asking(
        said("import {import}, added {added}, requests {requests}"),
        "SELECT i.id AS import, i.added, (SELECT count(*) FROM request q WHERE q.import = i.id)"
        " AS requests FROM import_run i WHERE i.kind = 'requests'"
        " AND i.added <> (SELECT count(*) FROM request q WHERE q.import = i.id)",
    ),
)
