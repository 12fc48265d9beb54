"""What users used in past months, kept as columns; and users counted from it, each once.

Two derived tables. ``month_use`` has, for a month and feature, what each user used of it: who is
behind a figure is read from it. ``month_mix`` has, for a month, how many users used which features
*together*: users of any gathering of features are counted from it exactly, by adding up the mixes
that have any of them. Both go up to the same charge and refund (``month_use_mark``); what came
after, for whatever month, is few rows found by number and added when asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import By, Cell, Grouping
from app.domain.sentences import Said, said
from app.domain.users import PLANS
from app.storage import audit, month_marks, use_facts
from app.storage.engine import Session
from app.storage.month_marks import Marks
from app.storage.use_facts import Array, Facts, Ints

AT_MOST: Final = 4_000_000
"""So many charges are brought into the tables in one transaction: some 400 MiB of memory."""
_WORD: Final = 64
_YEAR: Final = 12
_Place = tuple[int, int | None]
"""The number of a month and of a feature; none is the mix of the month."""


def since(session: Session, calendar: BillingCalendar) -> Facts:
    """What was recorded after what the tables go up to."""
    kept, last = month_marks.kept(session), month_marks.last(session)
    return use_facts.recorded(session, calendar, kept, last)


# Bringing up to date ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What was recorded between two marks; ``restored`` is the last restore it knew of."""

    after: Marks
    until: Marks
    facts: Facts
    restored: str


def next_step(session: Session, calendar: BillingCalendar) -> Step:
    """The next of what the tables lack."""
    last, after = month_marks.last(session), month_marks.kept(session)
    until = Marks(min(last.charges, after.charges + AT_MOST), last.refunds)
    facts = use_facts.recorded(session, calendar, after, until)
    return Step(after, until, facts, audit.last_restore(session))


def add(session: Session, step: Step) -> None:
    """Add a step to the tables; nothing where they, or the record, are elsewhere by now."""
    if month_marks.kept(session) != step.after or audit.last_restore(session) != step.restored:
        return
    for month, part in step.facts.by_month():
        whole = use_facts.together([of_month(session, month), part])
        touched = set(part.features.tolist())
        for feature, rows in whole.by_feature():
            if feature in touched:
                _keep(session, month, feature, use_facts.content(rows))
        _keep_mix(session, month, mix_content(whole))
    session.run(
        "INSERT OR REPLACE INTO month_use_mark (id, charges, refunds) VALUES (1, ?, ?)",
        (step.until.charges, step.until.refunds),
    )


def _keep(session: Session, month: Month, feature: int, content: bytes) -> None:
    session.run(
        "INSERT OR REPLACE INTO month_use (month, feature, content) VALUES (?, ?, ?)",
        (month.number, feature, content),
    )


def _keep_mix(session: Session, month: Month, content: bytes) -> None:
    session.run(
        "INSERT OR REPLACE INTO month_mix (month, content) VALUES (?, ?)", (month.number, content)
    )


def unlike(session: Session, months: Sequence[Month], calendar: BillingCalendar) -> Iterator[str]:
    """What of the tables is not as the record says, in words; a year of it is read at a time."""
    until = month_marks.kept(session)
    kept = {
        (month, feature): content
        for month, feature, content in session.run(
            "SELECT month, feature, content FROM month_use UNION ALL"
            " SELECT month, NULL, content FROM month_mix"
        )
    }
    for at in range(0, len(months), _YEAR):
        year = months[at : at + _YEAR]
        span = calendar.start_ms(year[0]), calendar.start_ms(year[-1].next)
        real = use_facts.recorded(session, calendar, Marks(0, 0), until, span)
        for month, facts in real.by_month():
            yield from _differing(kept, month, facts)
    yield from (_named(number, feature) for number, feature in kept)


def _differing(kept: dict[_Place, bytes], month: Month, facts: Facts) -> Iterator[str]:
    """The parts of a month that are not as they are kept; what was looked at is taken out."""
    real: dict[_Place, bytes] = {
        (month.number, feature): use_facts.content(rows) for feature, rows in facts.by_feature()
    }
    real[month.number, None] = mix_content(facts)
    for place, content in real.items():
        if kept.pop(place, None) != content:
            yield _named(*place)


def _named(number: int, feature: int | None) -> Said:
    month = Month.from_number(number)
    if feature is None:
        return said("month {month}, users together", month=month)
    return said("month {month}, feature number {feature}", month=month, feature=feature)


# Reading ----------------------------------------------------------------------------------------


def of_month(session: Session, month: Month, users: Ints | None = None) -> Facts:
    """What is kept of a month, of all users or only of some (their numbers, ascending)."""
    parts = [
        use_facts.from_content(month, feature, content, users)
        for feature, content in _contents(session, month)
    ]
    if not parts:
        return use_facts.none()
    return Facts(
        np.concatenate([part.keys for part in parts]), np.concatenate([p.sums for p in parts])
    )


def _contents(
    session: Session, month: Month, features: Collection[int] | None = None
) -> Iterator[tuple[int, bytes]]:
    """What is kept of a month, feature by feature: of some features or all."""
    only = "" if features is None else f" AND feature IN ({', '.join(map(str, features))})"
    yield from session.run(
        f"SELECT feature, content FROM month_use WHERE month = ?{only} ORDER BY feature",
        (month.number,),
    )


@dataclass(frozen=True, slots=True)
class Mix:
    """Users of a month by what they used together.

    Each row of ``masks`` has a bit for each feature of which ``counts`` users used something;
    ``plans`` counts users by the plans they held at uses, a bit each. Counts may be taken back:
    then there are rows of negative counts.
    """

    masks: Array
    counts: Ints
    plans: Ints

    def any_feature(self, features: Collection[int]) -> int:
        """How many users used any of some features."""
        mask = mask_of(features, self.masks.shape[1])
        if len(mask) == 1:  # nearly always, and twice as fast
            used = (self.masks[:, 0] & mask[0]) != 0
        else:
            used = (self.masks & mask).any(axis=1)
        return int(np.dot(self.counts, used))

    def any_plan(self, plan: int) -> int:
        """How many users used something while they held a plan."""
        held = np.arange(len(self.plans)) >> plan & 1 == 1
        return int(self.plans[held].sum())

    @property
    def everybody(self) -> int:
        """How many users used anything."""
        return int(self.counts.sum())


def mask_of(features: Collection[int], words: int) -> Array:
    """The bits of some features."""
    mask = np.zeros(words, np.uint64)
    for feature in features:
        if feature < words * _WORD:
            mask[feature // _WORD] |= np.uint64(1) << np.uint64(feature % _WORD)
    return mask


def mix_content(facts: Facts) -> bytes:
    """The mix of a month as it is kept, from all that was used in it."""
    mix = _mix(*_bits(facts))
    return use_facts.packed(
        [
            ("words", np.array([mix.masks.shape[1]], "<i8")),
            ("masks", mix.masks.astype("<u8").ravel()),
            ("counts", mix.counts.astype("<i8")),
            ("plans", mix.plans.astype("<i8")),
        ]
    )


def _from_content(blob: bytes) -> Mix:
    columns = use_facts.unpacked(blob)
    masks = columns["masks"].reshape(-1, int(columns["words"][0]))
    return Mix(masks, columns["counts"], columns["plans"])


def _bits(facts: Facts, users: Ints | None = None, words: int = 1) -> tuple[Array, Ints]:
    """For each of ``users`` (in order; those of the facts otherwise): features, and plans, used."""
    used = facts.only(facts.values("uses") > 0)
    people = np.unique(used.users) if users is None else users
    words = max(words, int(used.features.max(initial=0)) // _WORD + 1)
    masks = np.zeros((len(people), words), np.uint64)
    plans = np.zeros(len(people), np.int64)
    for feature, rows in used.by_feature():
        at, known = _among(people, rows.users)
        # A user with two plans stands there twice, with the same bit.
        masks[at, feature // _WORD] |= np.uint64(1) << np.uint64(feature % _WORD)
        for plan in range(len(PLANS)):
            plans[at[rows.plans[known] == plan]] |= 1 << plan
    return masks, plans


def _among(people: Ints, users: Ints) -> tuple[Ints, Array]:
    """The places of users in ``people``, and which of them are there."""
    if not len(people):
        return np.zeros(0, np.int64), np.zeros(len(users), bool)
    at = np.minimum(np.searchsorted(people, users), len(people) - 1)
    known = people[at] == users
    return at[known], known


def _mix(masks: Array, plans: Ints, sign: int = 1) -> Mix:
    used = plans > 0
    distinct, counts = _distinct(masks[used])
    held = np.bincount(plans[used], minlength=1 << len(PLANS))
    return Mix(distinct, counts * sign, held * sign)


def _distinct(masks: Array) -> tuple[Array, Ints]:
    """The masks there are, and how often; one word is sorted much faster by itself."""
    if masks.shape[1] == 1:
        values, counts = np.unique(masks[:, 0], return_counts=True)
        return values.reshape(-1, 1), counts
    return np.unique(masks, axis=0, return_counts=True)


def mixes(session: Session, months: Sequence[Month], late: Facts) -> dict[Month, Mix]:
    """The mix of each month in which anything was used; ``late`` is what the tables lack."""
    rows = session.run(
        "SELECT month, content FROM month_mix WHERE month BETWEEN ? AND ?",
        (months[0].number, months[-1].number),
    )
    found = {Month.from_number(number): _from_content(content) for number, content in rows}
    for month, part in late.by_month():
        if months[0] <= month <= months[-1]:
            found[month] = _corrected(session, month, found.get(month), part)
    return found


def _corrected(session: Session, month: Month, kept: Mix | None, late: Facts) -> Mix:
    """A mix with what came later: its users leave the mix they were in and come into another."""
    people = np.unique(late.only(late.values("uses") > 0).users)
    more, more_plans = _bits(late, people)
    words = max(more.shape[1], 1 if kept is None else kept.masks.shape[1])
    before, plans_before = _bits(of_month(session, month, people), people, words)
    words = before.shape[1]
    now = before | _wide(more, words)
    parts = [_mix(before, plans_before, -1), _mix(now, plans_before | more_plans)]
    if kept is not None:
        parts.append(kept)
    return Mix(
        np.concatenate([_wide(part.masks, words) for part in parts]),
        np.concatenate([part.counts for part in parts]),
        np.sum([part.plans for part in parts], axis=0),
    )


def _wide(masks: Array, words: int) -> Array:
    """The same masks with room for more features."""
    wide = np.zeros((len(masks), words), np.uint64)
    wide[:, : masks.shape[1]] = masks
    return wide


@dataclass(frozen=True, slots=True)
class MonthlyUsers:
    """The mixes of some months, and the numbers of the features by key."""

    mixes: Mapping[Month, Mix]
    numbers: Mapping[str, int]
    _counted: dict[tuple[Month, frozenset[str]], int] = field(default_factory=dict, repr=False)

    def by(self, groups: Grouping) -> list[Cell]:
        """Month, group and number of users, each once in a group."""
        return [
            (month.number, group, count)
            for month, mix in self.mixes.items()
            for group in groups.names
            if (count := self._users_of(month, mix, groups, group))
        ]

    def apart(self, month: Month) -> int:
        """The users of a month, each once."""
        mix = self.mixes.get(month)
        return 0 if mix is None else mix.everybody

    def _users_of(self, month: Month, mix: Mix, groups: Grouping, group: str) -> int:
        members = groups.members([group])
        if groups.by is By.PLAN:
            return sum(mix.any_plan(PLANS.index(member)) for member in members)
        # Another gathering of the features has most groups as the one before.
        known = self._counted.get((month, members))
        if known is not None:
            return known
        numbers = [self.numbers[member] for member in members if member in self.numbers]
        return self._counted.setdefault((month, members), mix.any_feature(numbers))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of users (their numbers) with their values, the largest first.

    How many there are, and what all of them come to.
    """

    users: list[int]
    values: list[int]
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of some months: one of the ``MEASURES``, of some features or plans or of all."""

    months: Sequence[Month]
    measure: str
    features: Collection[int] | None = None
    plans: Collection[int] | None = None


def ranked(
    session: Session, calendar: BillingCalendar, piece: Piece, page: tuple[int, int]
) -> Ranked:
    """The users behind a piece; ``page`` is limit and offset.

    Of equal ones, who is longer on record comes first.
    """
    late = since(session, calendar)
    places = [use_facts.month_place(month) for month in piece.months]
    late = late.only(np.isin(late.months, places))
    if piece.features is not None:
        late = late.only(np.isin(late.features, list(piece.features)))
    kept = [
        use_facts.unpacked(content)
        for month in piece.months
        for _feature, content in _contents(session, month, piece.features)
    ]
    users = np.concatenate([*(part["user"] for part in kept), late.users])
    values = np.concatenate([*(part[piece.measure] for part in kept), late.values(piece.measure)])
    if piece.plans is not None:
        held = np.concatenate([*(part["plan"] for part in kept), late.plans])
        wanted = np.isin(held, list(piece.plans))
        users, values = users[wanted], values[wanted]
    return _ranked(users, values, page)


def _ranked(users: Ints, values: Ints, page: tuple[int, int]) -> Ranked:
    # Sums stay below 2**53: exact in floating point, which is what bincount adds in.
    sums = np.bincount(users, weights=values).astype(np.int64)
    there = np.flatnonzero(sums)
    limit, offset = page
    last = min(len(there), offset + limit)
    order = -sums[there] * (int(there.max(initial=0)) + 1) + there
    first = np.argpartition(order, last - 1)[:last] if 0 < last < len(there) else slice(None)
    chosen = there[first][np.argsort(order[first])][offset:last]
    return Ranked(chosen.tolist(), sums[chosen].tolist(), len(there), int(sums.sum()))
