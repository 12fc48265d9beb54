"""The users of the demo whom one can tell stories about; they are the first to register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.domain.calendar import to_ms
from app.services.demo.books import Asked
from app.services.demo.days import PRODUCT, Days
from app.services.demo.habits import FREE, MINUTE, PLUS, PRO

AMIRA_CAME = datetime.fromisoformat("2024-11-22T01:17:58.247Z")


@dataclass(frozen=True, slots=True)
class Hero:
    """A user with a story: what they are called, which plans they held, and what happened.

    ``keenness`` is how much they use, 1.0 being usual. ``invited_by`` is the place of a hero before
    them, or of themselves. ``code`` is their referral code where it is to be a certain one.
    """

    name: str
    email: str
    plans: tuple[tuple[str, int], ...] = ()
    keenness: float = 1.0
    story: Callable[[Days], None] | None = None
    invited_by: int | None = None
    code: str | None = None

    @property
    def history(self) -> list[tuple[int, int]]:
        """The plan changes, with instants in ms."""
        return [(_at(text), plan) for text, plan in self.plans]


def _at(text: str) -> int:
    return to_ms(datetime.fromisoformat(f"{text}Z"))


def _amira(days: Days) -> None:
    life, team = days.life, days.team
    gift = partial(life.gift, _at("2025-04-02T09:31:05"), 24, team["ana"], "poor_result")
    days.later(
        _at("2025-04-02T09:31:05"), partial(gift, "Three portraits came out blurred.", "ZD-31877")
    )
    days.later(_at("2026-08-12T11:02:40"), partial(_error, days))
    days.later(
        _at("2025-06-18T15:20:00"),
        partial(
            life.note,
            _at("2025-06-18T15:20:00"),
            team["sam"],
            "Studio of four people on one account; batch work on Fridays.",
        ),
    )
    days.later(_at("2026-11-19T20:31:10"), partial(_double, days, _at("2026-11-19T20:31:10")))
    days.later(_at("2026-11-20T18:54:02"), partial(_failure, days, _at("2026-11-20T18:54:02")))
    days.later(
        _at("2026-11-21T16:58:37"),
        partial(life.use, _at("2026-11-21T16:58:37"), "nano_banana_pro_4k"),
    )
    ask(
        days,
        "2026-11-21T17:12:09",
        150,
        "ana",
        "failed_generation",
        "Batch export froze at 80 % twice; she redid all of it.",
        "ZD-48213",
        decided=("leon", "2026-11-21T17:25:30", True, "Fine, she is right."),
    )
    days.later(
        _at("2026-11-22T13:40:51"), partial(life.use, _at("2026-11-22T13:40:51"), "image_extender")
    )
    days.later(
        _at("2026-11-22T14:01:58"), partial(life.use, _at("2026-11-22T14:01:58"), "nano_banana_1k")
    )


def _error(days: Days) -> None:
    at = _at("2026-08-12T11:02:40")
    leon = days.team["leon"]
    number = days.life.gift(at, 500, leon, "goodwill", "Event sponsoring.", "ZD-45120")
    undone = at + 9 * MINUTE
    note = "Meant for another studio."
    days.later(undone, partial(days.life.void, number, undone, leon, note))


def _double(days: Days, at: int) -> None:
    """The same job charged under two keys half a minute apart; nobody has seen it yet."""
    job = f"render_{days.life.books.charge + 1:x}"
    days.life.use(at, "nano_banana_2_4k", job=job)
    again = at + 31_000
    days.later(again, partial(days.life.use, again, "nano_banana_2_4k", job=job))


def _failure(days: Days, at: int) -> None:
    use = days.life.use(at, "nano_banana_2_1k", job=f"render_{days.life.books.charge + 1:x}")
    if use is not None:
        days.later(at + 40_000, partial(days.life.end, use, at + 40_000, failed=True))
        back = at + 55_000
        refund = partial(days.life.refund, use, back, PRODUCT, "failed_generation", "")
        days.later(back, refund)


def ask(
    days: Days,
    when: str,
    credits: int,
    who: str,
    reason: str,
    note: str,
    ticket: str,
    *,
    decided: tuple[str, str, bool, str] | None = None,
) -> None:
    """Somebody of support asks for more than their limit; ``decided`` by whom, when, how, why."""
    days.later(
        _at(when), partial(_ask, days, _at(when), credits, who, (reason, note, ticket), decided)
    )


def _ask(
    days: Days,
    at: int,
    credits: int,
    who: str,
    words: tuple[str, str, str],
    decided: tuple[str, str, bool, str] | None,
) -> None:
    life, asker = days.life, days.team[who]
    reason, _, ticket = words
    subject = ("user", life.user_id)
    asked = {"credits": credits, "ticket": ticket}
    life.books.act(at, asker, "ask for approval", subject, why=reason, after=asked)
    row = (life.user, credits, *words, "P1Y", asker.id, at)
    if decided is None:
        life.books.approvals.append(Asked(at, (*row, None, None, None, None, None), (asked,)))
        return
    days.later(_at(decided[1]), partial(_decide, days, at, credits, row, words, asked, decided))


def _decide(
    days: Days,
    asked_at: int,
    credits: int,
    row: tuple[object, ...],
    words: tuple[str, str, str],
    asked: dict[str, object],
    decided: tuple[str, str, bool, str],
) -> None:
    life, team = days.life, days.team
    by, at, approved, why = team[decided[0]], _at(decided[1]), decided[2], decided[3]
    asker = next(team[name] for name in ("ana", "sam") if team[name].id == row[6])
    grant = life.gift(at, credits, asker, *words, by=by) if approved else None
    before: dict[str, object] = {"asked_by": asker.email}
    life.books.act(
        at,
        by,
        "approve" if approved else "reject",
        ("user", life.user_id),
        why=why or words[0],
        before=before,
        after={"credits": credits if approved else 0, "grant": grant},
    )
    decision = (by.id, at, int(approved), "" if approved else why, grant)
    life.books.approvals.append(Asked(asked_at, (*row, *decision), (asked, before)))


def _waiting(
    when: str, credits: int, who: str, reason: str, note: str, ticket: str
) -> Callable[[Days], None]:
    return lambda days: ask(days, when, credits, who, reason, note, ticket)


def _rejected(days: Days) -> None:
    ask(
        days,
        "2026-10-07T10:15:00",
        400,
        "sam",
        "goodwill",
        "Asks for credits for a wedding album.",
        "ZD-46902",
        decided=("leon", "2026-10-07T13:50:00", False, "That is what Plus is for."),
    )


HEROES = (
    Hero(
        "Amira Haddad",
        "amira.haddad@example.com",
        (
            ("2024-12-03T10:12:00", PLUS),
            ("2025-03-14T16:40:00", PRO),
            ("2026-02-10T08:05:00", PLUS),
            ("2026-05-01T00:00:00", PRO),
        ),
        1.6,
        _amira,
        None,
        "PIX-7Q2M",
    ),
    Hero("Ben Ødegård", "ben@studio-nord.example", (), 6.0),
    Hero(
        "Carla Núñez",
        "carla.nunez@example.org",
        (("2025-01-20T19:00:00", PRO), ("2026-04-09T07:30:00", FREE)),
        0.5,
    ),
    Hero("<img src=x><b>", "img@example.net", (), 2.0, None, 0),
    Hero(
        "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley"
        " von und zu Mühlhausen-Ehrenfeld",
        "hubert.blaine.wolfeschlegelsteinhausenbergerdorff@a-rather-long-department-name.example",
        (("2025-05-05T12:00:00", PLUS),),
        1.0,
    ),
    Hero("Dmitri Volkov", "d.volkov@example.net", (("2024-12-20T06:00:00", PRO),), 3.2),
    Hero("", "noname@example.com", (), 1.0),
    Hero(
        "يوسف منصور", "youssef.mansour@example.com", (("2025-02-11T17:00:00", PLUS),), 1.4, None, 0
    ),
    Hero(
        "田中 美咲",
        "misaki.tanaka@example.com",
        (("2025-03-03T03:00:00", PLUS), ("2025-09-18T09:20:00", PRO)),
        1.5,
    ),
    Hero(
        "Eva Lindqvist",
        "eva.l@example.net",
        (
            ("2025-01-15T08:00:00", PLUS),
            ("2025-01-15T20:00:00", PRO),
            ("2025-01-16T08:00:00", PLUS),
            ("2025-06-01T00:00:00", FREE),
            ("2025-06-20T12:00:00", PRO),
            ("2026-09-01T00:00:00", PLUS),
        ),
        1.2,
    ),
    Hero(
        "Felix Baumann",
        "felix.baumann@example.com",
        (("2025-08-08T14:00:00", PRO),),
        0.8,
        _waiting(
            "2026-11-22T09:48:20",
            240,
            "ana",
            "wrong_price",
            "Charged the old price for ten 4K pictures.",
            "ZD-48240",
        ),
    ),
    Hero(
        "Gina Rossi",
        "gina@rossi.example",
        (("2025-10-02T10:00:00", PLUS),),
        3.0,
        _waiting(
            "2026-11-21T18:30:00",
            120,
            "sam",
            "missing_credits",
            "Says the upgrade gave too little; checking.",
            "ZD-48219",
        ),
    ),
    Hero(
        "Hugo Martin",
        "hugo.martin@example.org",
        (),
        2.5,
        _waiting(
            "2026-11-20T07:55:41",
            300,
            "sam",
            "goodwill",
            "Photographer, wants to try Pro before the season.",
            "ZD-48171",
        ),
    ),
    Hero("Ines Carvalho", "ines.c@example.com", (("2025-04-01T00:00:00", PLUS),), 1.0, _rejected),
    Hero(
        "Jan de Vries",
        "jan.devries@example.net",
        (("2025-02-28T23:59:59.999", PLUS),),
        1.0,
        None,
        14,
    ),
    Hero(
        "Kira Tanaka",
        "kira@tanaka.example",
        (("2025-07-31T21:10:00", PRO), ("2026-10-11T13:00:00", FREE)),
        1.0,
        None,
        0,
    ),
)
"""In the order in which they register; everybody after them is drawn by lot."""
