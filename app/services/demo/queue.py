"""The demo's queue of requests: users write about what really happened to them.

It comes after everything else has happened and takes all it says from what is on record, so that a
diagnosis finds it; what staff had done for a ticket becomes the answer to a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from app.domain.requests import STATES, State
from app.services.demo.books import Books, Colleague
from app.services.demo.habits import DAY, HOUR, MINUTE
from app.services.demo.messages import AGAIN, DECLINED, MESSAGES, STRANGERS
from app.services.demo.staff import Team
from app.storage import happenings
from app.storage.happenings import Happened

USERS_TO_A_REQUEST = 24
USERS_TO_AN_ANSWER = 40
MOST_OPEN = 10_000
_WITHOUT_CATEGORY = 0.3
_CLAIMED = 0.25
_ABOUT = {
    "failed_generation": "failed_generation",
    "double_charge": "charged_twice",
    "wrong_price": "wrong_price",
    "missing_credits": "upgrade_too_little",
    "referral_not_paid": "referral_not_paid",
    "goodwill": "out_of_credits",
}
"""What a request was about that was answered for a reason."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A request to be; instants in ms."""

    opened_at: int
    user: int | None
    user_id: str | None
    sender: str
    ticket: str
    category: str | None
    message: str
    state: State = State.OPEN
    who: Colleague | None = None
    claimed_at: int | None = None
    resolved_at: int | None = None
    grant: int | None = None
    charge: int | None = None
    approval: int | None = None
    note: str = ""
    reopens: str | None = None
    """The ticket of the declined request that it continues."""


class Queue:
    """Writes the requests of a demo of so many users."""

    def __init__(self, books: Books, team: Team, users: int, seed: int) -> None:
        self._books = books
        self._team = team
        self._names = books.book.names()
        self._random = Random(seed * 31 + 7)
        self._open = min(MOST_OPEN, max(1, round(users / USERS_TO_A_REQUEST)))
        self._closed = min(MOST_OPEN, users // USERS_TO_AN_ANSWER)
        self._users = min(users, 40 * self._open + 2_000)

    def write(self) -> None:
        """Put the requests down, and what staff did with them."""
        drafts = sorted(self._drafts(), key=lambda draft: (draft.opened_at, draft.ticket))
        numbers: dict[str, int] = {}
        for number, draft in enumerate(drafts, start=1):
            before = None if draft.reopens is None else numbers[draft.reopens]
            self._row(number, draft, before)
            self._record(number, draft, before)
            numbers[draft.ticket] = number

    def _drafts(self) -> Iterator[_Draft]:
        yield from self._answered()
        yield from self._waiting()
        declined = list(self._declined())
        yield from declined
        if declined:
            yield self._again(declined[-1])
        yield from self._strangers()
        yield from self._unanswered()

    # What is still to do ------------------------------------------------------------------------

    def _unanswered(self) -> Iterator[_Draft]:
        """Requests that nobody has answered: of every category by turns, while there are any."""
        left = {
            category: iter(happenings.of(self._books.session, category, self._ground()))
            for category in MESSAGES
        }
        made, met = 0, set[int]()
        while left and made < self._open:
            for category, found in list(left.items()):
                happened = next((one for one in found if one.user not in met), None)
                if happened is None:
                    del left[category]
                elif made < self._open:
                    made += 1
                    met.add(happened.user)
                    yield self._held(self._asked(category, happened, self._lately(happened.at)))

    def _ground(self) -> happenings.Ground:
        each = self._open // len(MESSAGES) * 3 + 4
        return happenings.Ground(self._books.now, self._users, each)

    def _lately(self, happened: int) -> int:
        """When they write about it: soon, or once they notice, in the last days."""
        now, drawn = self._books.now, self._random
        soon = happened + drawn.randrange(5 * MINUTE, 20 * HOUR)
        noticed = now - int(drawn.random() ** 2 * 6 * DAY) - drawn.randrange(4, 50) * MINUTE
        return min(soon if soon > now - 6 * DAY else noticed, now - drawn.randrange(2, 40) * MINUTE)

    def _asked(self, category: str, happened: Happened, at: int) -> _Draft:
        feature = _short(self._names.get(happened.feature, ""))
        # Who names no feature writes something that needs none.
        words = [text for text in MESSAGES[category] if feature or "{feature}" not in text]
        message = self._random.choice(words)
        said = self._random.random() >= _WITHOUT_CATEGORY
        return _Draft(
            opened_at=at,
            user=happened.user,
            user_id=happened.user_id,
            sender=self._sender(happened),
            ticket=self._team.ticket(),
            category=category if said else None,
            message=message.format(credits=happened.credits, feature=feature),
        )

    def _sender(self, happened: Happened) -> str:
        kind = self._random.random()
        if kind < 0.2:
            return happened.user_id
        if kind < 0.4 and happened.name and "<" not in happened.name:
            return f"{happened.name} <{happened.email}>"
        return happened.email

    def _held(self, draft: _Draft) -> _Draft:
        """Some are in somebody's hands already."""
        if self._random.random() >= _CLAIMED:
            return draft
        who = self._team[self._random.choice(("ana", "ana", "sam", "leon", "mira"))]
        since = min(draft.opened_at + self._random.randrange(MINUTE, 9 * HOUR), self._books.now)
        return replace(draft, state=State.CLAIMED, who=who, claimed_at=since)

    def _strangers(self) -> Iterator[_Draft]:
        for place in range(min(len(STRANGERS), max(2, self._open // 400))):
            if self._open <= place * 2:
                return
            sender, message = STRANGERS[place]
            at = self._books.now - (3 + 29 * place) * HOUR - self._random.randrange(HOUR)
            ticket = self._team.ticket()
            yield _Draft(at, None, None, sender, ticket, None, message)

    def _waiting(self) -> Iterator[_Draft]:
        """Two of the grants that wait for approval answer a request."""
        for asked in happenings.awaited(self._books.session)[-2:]:
            about = _ABOUT[asked.reason]
            draft = self._before(asked.happened, about, asked.ticket, asked.happened.at)
            who = self._team.numbered(asked.staff)
            held = draft.opened_at + (asked.happened.at - draft.opened_at) // 2
            claimed = replace(draft, state=State.CLAIMED, who=who, claimed_at=held)
            yield replace(claimed, approval=asked.approval, note=asked.note)

    # What was answered --------------------------------------------------------------------------

    def _answered(self) -> Iterator[_Draft]:
        """The latest grants and refunds by staff were the answers to requests."""
        given = happenings.given(self._books.session, self._closed // 2)
        for answer in (*given, *happenings.refunded(self._books.session, self._closed // 4)):
            draft = self._before(
                answer.happened, _ABOUT.get(answer.reason, "other"), answer.ticket, answer.asked_at
            )
            yield replace(
                draft,
                state=State.REFUNDED if answer.grant is None else State.GRANTED,
                who=self._team.numbered(answer.staff),
                claimed_at=draft.opened_at + (answer.asked_at - draft.opened_at) // 2,
                resolved_at=answer.happened.at,
                grant=answer.grant,
                charge=answer.charge,
                approval=answer.approval,
                note=answer.note,
            )

    def _before(self, happened: Happened, about: str, ticket: str, at: int) -> _Draft:
        """What somebody had written some hours before it was answered."""
        opened = max(at - self._random.randrange(20 * MINUTE, 30 * HOUR), happened.registered_at)
        return replace(self._asked(about, happened, opened), ticket=ticket)

    def _declined(self) -> Iterator[_Draft]:
        found = happenings.of(
            self._books.session, "credits_vanished", replace(self._ground(), most=self._closed)
        )
        for happened in list(found)[-(self._closed // 4) :] if self._closed >= 4 else ():
            opened = happened.at + self._random.randrange(HOUR, 12 * DAY)
            opened = min(opened, self._books.now - 4 * DAY)
            held = opened + self._random.randrange(10 * MINUTE, 20 * HOUR)
            yield replace(
                self._asked("credits_vanished", happened, opened),
                state=State.DECLINED,
                who=self._team.on_duty(self._random),
                claimed_at=held,
                resolved_at=held + self._random.randrange(2 * MINUTE, HOUR),
                note=self._random.choice(DECLINED),
            )

    def _again(self, declined: _Draft) -> _Draft:
        """One who was declined does not agree."""
        at = self._books.now - self._random.randrange(HOUR, 20 * HOUR)
        draft = replace(declined, opened_at=at, state=State.OPEN, who=None, claimed_at=None)
        return replace(draft, resolved_at=None, note="", message=AGAIN, reopens=declined.ticket)

    # On record ----------------------------------------------------------------------------------

    def _row(self, number: int, draft: _Draft, before: int | None) -> None:
        who = None if draft.who is None else draft.who.id
        self._books.row(
            *("request", number, draft.user, draft.sender, draft.ticket, draft.category, None),
            *(draft.opened_at, draft.opened_at, self._team["leon"].id, before),
            *(STATES.index(draft.state), draft.claimed_at, who, draft.claimed_at),
            *(None if draft.resolved_at is None else who, draft.resolved_at),
            *(draft.grant, draft.charge, draft.approval, draft.note, draft.message),
        )

    def _record(self, number: int, draft: _Draft, before: int | None) -> None:
        """What staff did, as the services would have put it on record."""
        subject, books = ("request", number), self._books
        asked = _told(user=draft.user_id, ticket=draft.ticket, category=draft.category)
        opened = asked | {"state": "open"} | _told(reopened_from=before)
        act = "open a request" if before is None else "reopen a request"
        books.act(draft.opened_at, self._team["leon"], act, subject, after=opened)
        if draft.who is None or draft.claimed_at is None:
            return
        held = asked | {"state": "claimed", "claimed_by": draft.who.email}
        before_it = asked | {"state": "open"}
        books.act(
            *(draft.claimed_at, draft.who, "claim a request", subject),
            before=before_it,
            after=held,
        )
        if draft.resolved_at is not None:
            done = held | {"state": draft.state.value, "resolved_by": draft.who.email}
            done |= _told(grant=draft.grant, charge=draft.charge, approval=draft.approval)
            books.act(
                *(draft.resolved_at, draft.who, "resolve a request", subject),
                why=draft.note,
                before=held,
                after=done,
            )


def _short(name: str) -> str:
    """What users call a feature: ``Nano Banana 2, 4K`` of a longer name."""
    return name[name.find("(") + 1 :].rstrip(")")


def _told(**facts: object) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}
