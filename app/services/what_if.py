"""What if: a draft of the price list tried on past months of real use (rules, section 6).

``domain/replaying`` says what exactly is tried. NumPy is loaded with this module: only what runs a
what-if imports it.
"""

from __future__ import annotations

from dataclasses import astuple

from app.domain.consumption import By, grouping
from app.domain.whatif import Hit, ScheduledList, WhatIf, scheduled_in
from app.services.office import Work
from app.services.what_if_asked import Asked, Tried
from app.services.what_if_sums import Ints, Sums, instant_of
from app.storage import bulk, month_packs
from app.storage import replay as record


def what_if(work: Work, asked: Asked, tried: Tried) -> WhatIf:
    """The figures of uses that were tried."""
    features = bulk.features(work.session)
    sums = Sums(len(tried.users), max(features.values(), default=0) + 1)
    for uses in tried.uses:
        sums.add(uses)
    then, now = sums.sides()
    newly_out, spared, touched = sums.changed()
    names = dict(grouping(By.FEATURE, work.book, features).names)
    return WhatIf(
        first=asked.months[0],
        last=asked.months[-1],
        users=sums.active,
        one_in=asked.one_in,
        then=then,
        now=now,
        expired_then=tried.expired[0],
        expired_now=tried.expired[1],
        newly_out=newly_out,
        spared=spared,
        touched=touched,
        unlisted=sums.unlisted,
        features=sums.features({number: key for key, number in features.items()}, names),
        plans=sums.plans(),
        days=sums.days(asked.months, work.calendar),
        touches=sums.touches(),
        hardest=_hardest(work, tried.users, sums),
        at=work.now,
        against=_against(work, asked),
        scheduled=_scheduled(work, asked),
        record=astuple(month_packs.last_marks(work.session)),
    )


def _against(work: Work, asked: Asked) -> tuple[int, ...]:
    """The numbers of the lists that were in force in the months, in order of time."""
    book, calendar = work.book, work.calendar
    first = book.position_ms(calendar.start_ms(asked.months[0]))
    last = book.position_ms(calendar.start_ms(asked.months[-1].next) - 1)
    return tuple(version.number for version in book.versions[first : last + 1])


def _scheduled(work: Work, asked: Asked) -> tuple[ScheduledList, ...]:
    """The lists yet to come whose changes the draft makes too."""
    if asked.prices is None:
        return ()
    place = work.book.position_ms(work.now_ms)
    in_force, *scheduled = work.book.versions[place:]
    # Of two that start together the one published later holds, and the other never will.
    last = {version.effective_at: version for version in scheduled}
    coming = [version for version in scheduled if last[version.effective_at] is version]
    return scheduled_in(asked.prices, in_force.prices, coming)


def _hardest(work: Work, users: Ints, sums: Sums) -> tuple[Hit, ...]:
    places = sums.hardest()
    people = record.people(work.session, [int(number) for number in users[places]])
    hits = []
    for place in places:
        user_id, name, email, plan = people[int(users[place])]
        hits.append(
            Hit(
                user_id,
                name,
                email,
                plan,
                int(sums.then.credits[place]),
                int(sums.now.credits[place]),
                int(sums.then.refused[place]),
                int(sums.now.refused[place]),
                instant_of(int(sums.then.first_refused[place])),
                instant_of(int(sums.now.first_refused[place])),
            )
        )
    return tuple(hits)
