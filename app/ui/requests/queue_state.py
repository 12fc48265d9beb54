"""The view state of the queue, without Qt: which requests are listed, and how old each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.requests import CATEGORIES, RequestCounts, RequestQuery, View
from app.domain.users import PLANS
from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Phase
from app.ui.request_words import category_name
from app.ui.requests.reading import Queue, filtered, number_in

AGES = ((4, tr("Older than 4 hours")), (24, tr("Older than a day")), (72, tr("Older than 3 days")),
        (168, tr("Older than a week")))  # fmt: skip
_OLDER = {4: tr("older than 4 hours"), 24: tr("older than a day"), 72: tr("older than 3 days"),
          168: tr("older than a week")}  # fmt: skip
"""The same after another filter."""
VIEWS: Mapping[View, str] = {
    View.OPEN: tr("Open"),
    View.MINE: tr("Mine"),
    View.WAITING: tr("Waiting"),
    View.UNMATCHED: tr("Unmatched"),
    View.CLOSED: tr("Closed"),
}
"""The parts of the queue that are offered, in order, by the words on their buttons."""
SHOWING: Mapping[View, str] = {
    View.OPEN: tr("Show requests: open"),
    View.MINE: tr("Show requests: mine"),
    View.WAITING: tr("Show requests: waiting"),
    View.UNMATCHED: tr("Show requests: unmatched"),
    View.CLOSED: tr("Show requests: closed"),
}
"""What asks for them."""
_NOTHING: Mapping[View, str] = {
    View.OPEN: tr("No open requests. Everybody has an answer."),
    View.MINE: tr("You have no request in hand."),
    View.WAITING: tr("No request waits for an approval."),
    View.UNMATCHED: tr("Every sender is known."),
    View.CLOSED: tr("No request was answered yet."),
    View.ALL: tr("Nobody has asked for anything yet."),
}


@dataclass(frozen=True)
class QueueState:
    """Which requests are listed, and how many there are in each view."""

    query: RequestQuery = field(default_factory=RequestQuery)
    phase: Phase = "loading"
    count: int = 0
    counts: RequestCounts | None = None
    problem: str = ""

    @property
    def heading(self) -> str:
        """How many are listed: 12, or 3 of 12."""
        whole = number_in(self.counts, self.query.view)
        if self.counts is None:
            return ""
        if not filtered(self.query):
            return write.credits(self.count)
        return tr("{count} of {whole}", count=write.credits(self.count), whole=write.credits(whole))

    @property
    def nothing(self) -> str:
        """What is said where no request is listed."""
        if self.query.text.strip():
            return tr("No request here has “{text}” in it.", text=write.text(self.query.text))
        if filtered(self.query):
            return tr("No request passes these filters.")
        return _NOTHING[self.query.view]


def asked(state: QueueState, query: RequestQuery) -> QueueState:
    """Another list was asked for; what is shown stays until it comes."""
    return replace(state, query=query, phase="loading")


def arrived(state: QueueState, queue: Queue) -> QueueState:
    """A list came."""
    phase: Phase = "ready" if queue.count else "empty"
    return replace(state, phase=phase, count=queue.count, counts=queue.counts, problem="")


def failed(state: QueueState, problem: str) -> QueueState:
    """No list came."""
    return replace(state, phase="failed", problem=problem)


def filter_words(query: RequestQuery) -> str:
    """The filters in force, in words; what was typed stands in its own field."""
    words = [category_name(query.category)] if query.category else []
    words += [query.plan.capitalize()] if query.plan else []
    older = _OLDER if words else dict(AGES)
    words += [older[query.older_than_hours]] if query.older_than_hours in older else []
    return ", ".join(words)


def shown_view(query: RequestQuery, view: View) -> RequestQuery:
    """The same filters in another view: what is closed comes newest first, the rest oldest."""
    closed = view is View.CLOSED
    return replace(
        query, view=view, sort="resolved_at" if closed else "opened_at", descending=closed
    )


def to_remember(query: RequestQuery) -> dict[str, object]:
    """The view and its filters as they are kept between starts; what was typed is not."""
    return {
        "view": query.view.value,
        "category": query.category,
        "plan": query.plan,
        "older": query.older_than_hours,
    }


def saved_filters(kept: object) -> dict[str, RequestQuery]:
    """The filters that were given a name, by it; anything unreadable is left out."""
    if not isinstance(kept, dict):
        return {}
    return {str(name): remembered(query) for name, query in kept.items()}


def remembered(kept: object) -> RequestQuery:
    """The view and filters kept; anything unreadable in them is no filter."""
    if not isinstance(kept, dict):
        return RequestQuery()
    view = next((view for view in VIEWS if view.value == kept.get("view")), View.OPEN)
    category, plan, older = kept.get("category"), kept.get("plan"), kept.get("older")
    query = RequestQuery(
        category=category if category in CATEGORIES else None,
        plan=plan if plan in PLANS else None,
        older_than_hours=older if older in dict(AGES) else None,
    )
    return shown_view(query, view)
