"""The view state of the list of users."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from app.domain.fragments import marked
from app.domain.users import ORDERS, PLANS, UserQuery, UserSummary
from app.ui import format as write
from app.ui.language import tr, trn
from app.ui.page import Phase
from app.ui.widgets.chips import Chip

_NO_FILTER: Final = UserQuery()
_ORDER_WORDS: Final = {"email": "e-mail", "user_id": "id", "registered_at": "registration"}


@dataclass(frozen=True)
class PeopleState:
    """Which users are listed, and how many: a number that is still being counted is None."""

    query: UserQuery = field(default_factory=UserQuery)
    phase: Phase = "loading"
    count: int | None = None
    total: int | None = None
    problem: str = ""
    stopped: bool = False

    @property
    def heading(self) -> str:
        """How many are listed: 16 of 1,048,211."""
        if self.count is None and self.total is None:
            return ""
        count, total = (
            "…" if number is None else write.credits(number) for number in (self.count, self.total)
        )
        return tr("{count} of {total}", count=count, total=total)

    @property
    def narrowed(self) -> bool:
        """Whether somebody may be left out."""
        return bool(self.query.text.strip()) or self.query.filtered

    @property
    def nothing(self) -> str:
        """What is said where nobody is listed."""
        if not self.narrowed:
            return tr("Nobody is registered yet.")
        typed = self.query.text.strip()
        shown = write.text(typed if len(typed) <= 60 else f"{typed[:60]}…")
        if typed and self.query.filtered:
            return tr("Nobody with these filters matches “{shown}”.", shown=shown)
        if typed:
            return tr("No user’s address, name, id or code contains “{shown}”.", shown=shown)
        return tr("No user passes these filters.")


def asked(state: PeopleState, query: UserQuery) -> PeopleState:
    """Another list was asked for; what is shown stays until it comes."""
    count = state.count if query == state.query else None
    return replace(state, query=query, phase="loading", count=count, stopped=False)


def arrived(state: PeopleState, rows: int, *, whole: bool) -> PeopleState:
    """The first rows came; ``whole`` says that there are no others, so that they are counted."""
    phase: Phase = "ready" if rows else "empty"
    count = rows if whole else state.count
    return replace(state, phase=phase, count=count, problem="", stopped=False)


def counted(state: PeopleState, count: int, total: int) -> PeopleState:
    """They were counted."""
    return replace(state, count=count, total=total)


def failed(state: PeopleState, problem: str) -> PeopleState:
    """No list came."""
    return replace(state, phase="failed", problem=problem)


def stopped(state: PeopleState) -> PeopleState:
    """A person stopped the reading before anything had come."""
    return replace(state, phase="failed", problem="", stopped=True)


# Filters ----------------------------------------------------------------------------------------


def chips(query: UserQuery, names: dict[str, str]) -> tuple[Chip, ...]:
    """The filters in force; ``names`` are those of users by id."""
    found: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("plan", query.plan.capitalize() if query.plan else "", {"plan": None}),
        ("out_of_credits", tr("Out of credits") if query.out_of_credits else "", {}),
        ("expiring", tr("Expiring within 7 days") if query.expiring else "", {}),
        ("open_request", tr("Open request") if query.open_request else "", {}),
        ("referred_by", _invited(query, names), {"referred_by": None}),
        ("registered", _registered(query), {"registered_first": None, "registered_last": None}),
        ("order", _ordered(query), {"order": "", "descending": False}),
    )
    return tuple(
        Chip(key, words, replace(query, **(off or {key: False})))
        for key, words, off in found
        if words
    )


def _invited(query: UserQuery, names: dict[str, str]) -> str:
    if not query.referred_by:
        return ""
    return tr(
        "Invited by {inviter}",
        inviter=write.text(names.get(query.referred_by) or query.referred_by),
    )


def _ordered(query: UserQuery) -> str:
    words = _ORDER_WORDS.get(query.order, query.order.replace("_", " "))
    return (
        tr("By {order} {arrow}", order=words, arrow="↓" if query.descending else "↑")
        if query.order
        else ""
    )


def _registered(query: UserQuery) -> str:
    first, last = query.registered_first, query.registered_last
    if first and last:
        if first == last:
            return tr("Registered {first}", first=write.day(first))
        return tr("Registered {first} – {last}", first=write.day(first), last=write.day(last))
    if first:
        return tr("Registered from {first}", first=write.day(first))
    return tr("Registered until {last}", last=write.day(last)) if last else ""


def without_filters(query: UserQuery) -> UserQuery:
    """Everybody who matches what was typed, in the same order."""
    return UserQuery(text=query.text, order=query.order, descending=query.descending)


def filters_of(query: UserQuery) -> UserQuery:
    """What narrows a list besides what was typed, in no particular order."""
    return replace(query, text="", order="", descending=False)


def with_filters(query: UserQuery, filters: UserQuery) -> UserQuery:
    """The same text and order under other filters."""
    return replace(filters, text=query.text, order=query.order, descending=query.descending)


def to_remember(query: UserQuery) -> dict[str, Any]:
    """The filters and the order as they are kept between starts; what was typed is not."""
    kept: dict[str, Any] = {}
    for one in fields(query):
        value = getattr(query, one.name)
        if one.name != "text" and value != getattr(_NO_FILTER, one.name):
            kept[one.name] = value.isoformat() if isinstance(value, date) else value
    return kept


def remembered(kept: object) -> UserQuery:
    """The filters kept; anything unreadable in them is no filter."""
    if not isinstance(kept, dict):
        return UserQuery()
    plan, by, order = kept.get("plan"), kept.get("referred_by"), kept.get("order")
    return UserQuery(
        plan=plan if plan in PLANS else None,
        out_of_credits=kept.get("out_of_credits") is True,
        expiring=kept.get("expiring") is True,
        referred_by=by if isinstance(by, str) and by else None,
        open_request=kept.get("open_request") is True,
        registered_first=_day(kept.get("registered_first")),
        registered_last=_day(kept.get("registered_last")),
        order=order if order in ORDERS else "",
        descending=kept.get("descending") is True,
    )


def _day(kept: object) -> date | None:
    try:
        return date.fromisoformat(kept) if isinstance(kept, str) else None
    except ValueError:
        return None


# A line -----------------------------------------------------------------------------------------


def shown_name(user: UserSummary) -> str:
    """What a line is headed with: the name, or the address of who gave none."""
    return write.text(user.name) if user.name.strip() else write.text(user.email)


def badge(user: UserSummary) -> tuple[str, str] | None:
    """The chip of a line: the plan of who pays."""
    return (user.plan.capitalize(), "neutral") if user.plan != PLANS[0] else None


def spoken(user: UserSummary) -> str:
    """A line as a screen reader says it."""
    credits = trn("{count} credit", "{count} credits", user.available)
    return f"{shown_name(user)}, {write.text(user.email)}, {credits}, {user.plan.capitalize()}"


def matched_code(user: UserSummary, typed: str) -> str:
    """The id or referral code, where only that contains what was typed."""
    if not typed.strip():
        return ""
    if marks(user.email, typed) or marks(user.name, typed):
        return ""
    for code in (user.referral_code or "", user.user_id):
        if marks(code, typed):
            return code
    return ""


def marks(text: str, typed: str) -> list[tuple[int, int]]:
    """Where the words typed stand in a text: (start, end) of each stretch, in order."""
    return marked(text, typed) if typed.strip() else []
