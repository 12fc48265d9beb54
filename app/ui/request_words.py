"""Words for credit requests, wherever one is shown: who asks, about what, how late. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.domain.requests import CATEGORIES, Request, State
from app.ui import format as write
from app.ui.language import of, tr

TARGET = timedelta(hours=24)
"""How soon a request should have its first answer."""
SOON = timedelta(hours=6)
"""How long before that it is said to be due."""
A_MINUTE = timedelta(minutes=1)
STATES: Mapping[State, str] = {
    State.OPEN: tr("open"),
    State.CLAIMED: tr("in hand"),
    State.GRANTED: tr("granted"),
    State.REFUNDED: tr("refunded"),
    State.DECLINED: tr("declined"),
}
"""How far a request has come, inside a sentence."""


def who(request: Request) -> str:
    """Who asks: the name or address of a user on record, else what the sender wrote."""
    for said in (request.name, request.email, request.sender):
        if said.strip():
            return write.text(said)
    return tr("Nobody named")


def in_others_hands(request: Request, me: str) -> bool:
    """Whether somebody else has it, or it waits for one: nothing for this person to answer."""
    return request.waiting or (request.state is State.CLAIMED and request.claimed_by != me)


def category_name(category: str | None) -> str:
    """What a category is called."""
    return of(CATEGORIES.get(category or "", "")) or tr("No category")


def categories() -> dict[str, str]:
    """What each category is called, by its key."""
    return {key: of(name) for key, name in CATEGORIES.items()}


def holder(request: Request, me: str) -> str:
    """Who has a request in hand: you, or the first part of their address; empty for nobody."""
    if request.state is not State.CLAIMED:
        return ""
    by = request.claimed_by or ""
    return tr("you") if by == me else write.text(by.split("@", 1)[0])


def state_words(request: Request, me: str = "") -> str:
    """How far a request has come: open, in hand of whom, waiting, or its answer."""
    if request.waiting:
        return tr("waits for approval")
    held = holder(request, me)
    return tr("in hand: {held}", held=held) if held else STATES[request.state]


def age(request: Request, now: datetime) -> tuple[str, str]:
    """How a request stands with its target, as (words, tone): late by 2 h, due in 3 h, 5 h old."""
    if request.resolved:
        return STATES[request.state], "neutral"
    if request.waiting:
        return tr("waiting"), "info"
    due = request.opened_at + TARGET
    if now >= due:
        late = write.age(due, now)
        new = now - due < A_MINUTE
        return (tr("late") if new else tr("late by {late}", late=late)), "danger"
    if due - now <= SOON:
        return tr("due {when}", when=write.ago(due, now)), "warning"
    old = write.age(request.opened_at, now)
    new = now - request.opened_at < A_MINUTE
    return (tr("new") if new else tr("{age} old", age=old)), "neutral"


def first_words(request: Request) -> str:
    """The beginning of the message, on one line."""
    return " ".join(write.text(request.message[:400]).split())


def spoken(request: Request, now: datetime) -> str:
    """A row as a screen reader says it."""
    parts = (
        who(request), category_name(request.category), age(request, now)[0],
        tr("ticket {ticket}", ticket=write.text(request.ticket)), state_words(request),
        write.short(first_words(request), 120),
    )  # fmt: skip
    return ", ".join(parts)
