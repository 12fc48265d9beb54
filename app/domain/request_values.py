"""What a request may hold: its texts, its category, the amount asked for, and who wrote."""

from __future__ import annotations

from app.domain.errors import InvalidAmount, InvalidValue
from app.domain.requests import CATEGORIES, Answer, View
from app.domain.sentences import said
from app.domain.users import checked_text

MOST_MESSAGE = 20_000
MOST_SENDER = 320
MOST_TICKET = 100
MOST_CREDITS = 1_000_000


def checked_category(category: str | None) -> str | None:
    """``category`` if it is one (or none); ``InvalidValue`` that names it otherwise."""
    if category is None or (isinstance(category, str) and category in CATEGORIES):
        return category
    message = said(
        "“{category}” is not a category; the categories are {known}.",
        category=category,
        known=", ".join(CATEGORIES),
    )
    raise InvalidValue(message, field="category", value=category)


def category_of(text: str) -> str | None:
    """The category that a file names, by its key or its name in any case; none where it is empty.

    Raises ``InvalidValue`` that names what is no category.
    """
    bare = text.strip()
    by_name = {name.casefold(): key for key, name in CATEGORIES.items()}
    return checked_category(by_name.get(bare.casefold(), bare.lower()) or None)


def checked_answer(act: str) -> Answer:
    """The answer of that name; ``InvalidValue`` that names it otherwise."""
    try:
        return Answer(act)
    except ValueError as error:
        message = said(
            "“{act}” is not an answer to a request; the answers are {known}.",
            act=act,
            known=", ".join(Answer),
        )
        raise InvalidValue(message, field="act", value=act) from error


def checked_view(view: str) -> View:
    """The part of the queue of that name; ``InvalidValue`` that names it otherwise."""
    try:
        return View(view)
    except ValueError as error:
        message = said(
            "“{view}” is not a part of the queue; the parts are {known}.",
            view=view,
            known=", ".join(View),
        )
        raise InvalidValue(message, field="view", value=view) from error


def checked_wish(credits: int | None) -> int | None:
    """The credits a user asks for, if it is a number that could be given; else ``InvalidAmount``.

    ``None`` where they named none.
    """
    whole = isinstance(credits, int) and not isinstance(credits, bool)
    if credits is None or (whole and 1 <= credits <= MOST_CREDITS):
        return credits
    message = said(
        "{credits} credits cannot be asked for: a whole number from 1 to {most}, or none.",
        credits=credits,
        most=f"{MOST_CREDITS:,}",
    )
    raise InvalidAmount(message, field="credits", value=credits)


def checked_message(message: str) -> str:
    """What the user wrote, stripped; ``InvalidValue`` where it is empty or very long."""
    return checked_text(message, "message", most=MOST_MESSAGE)


def checked_sender(sender: str) -> str:
    """Who wrote, as it came, stripped; empty where nobody is named."""
    return checked_text(sender, "user", most=MOST_SENDER, may_be_empty=True)


def checked_ticket(ticket: str) -> str:
    """The reference of the help desk, stripped; ``InvalidValue`` where it is empty or long."""
    return checked_text(ticket, "ticket", most=MOST_TICKET)


def names_of(sender: str) -> tuple[str, ...]:
    """What of a sender may be an id, an address or a code: all of it, and what stands in ``<>``.

    Help desks export ``Amira Haddad <amira@example.com>``.
    """
    whole = sender.strip()
    inside = whole[whole.rfind("<") + 1 : -1].strip() if whole.endswith(">") else ""
    bare = [name.removeprefix("mailto:") for name in (whole, inside if "<" in whole else "")]
    return tuple(dict.fromkeys(name for name in bare if name))
