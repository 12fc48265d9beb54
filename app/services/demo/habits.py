"""How made-up users live: when they come, which plans they hold, what they use, what goes wrong."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, pairwise
from random import Random

from app.domain.calendar import from_ms
from app.domain.price_book import PriceBook
from app.services.demo.books import Books, Spell

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FREE, PLUS, PRO = 0, 1, 2

USES_OF_A_LIFE = 110
"""About how many uses a user has in two years where nothing is scaled; measured. More in more."""
_USES_A_MONTH = {FREE: 2.2, PLUS: 16.0, PRO: 40.0}
_BUSY = (0.85, 0.75, 0.85, 0.9, 0.9, 0.8, 0.65, 0.6, 0.9, 1.0, 1.1, 1.2)
"""How busy a month of the year is; 1.2 is the most."""

# What users of free, Plus and Pro like, and how much.
_LIKED = {
    "remove_bg_single": (30, 24, 10),
    "remove_bg_batch": (4, 10, 14),
    "object_remover": (22, 20, 10),
    "image_extender": (1, 5, 8),
    "image_describer": (9, 6, 3),
    "ghostface": (4, 4, 2),
    "action_figure": (5, 4, 3),
    "clothes_changer": (4, 7, 5),
    "sketch_to_image": (1, 2, 2),
    "nano_banana_1k": (5, 12, 12),
    "nano_banana_2_1k": (1, 6, 12),
    "nano_banana_2_2k": (0, 2, 7),
    "nano_banana_2_4k": (0, 1, 4),
    "nano_banana_pro_1k": (1, 2, 9),
    "nano_banana_pro_2k": (0, 1, 5),
    "nano_banana_pro_4k": (1, 1, 5),
    "qwen_image_4k": (2, 5, 7),
    "qwen_image_pro_4k": (0, 1, 3),
    "export_image": (24, 22, 24),
}
# Fashions: a feature, the months in which it was all the rage, and how much more it was used.
_FASHIONS = (
    ("action_figure", range(202504, 202507), 9),
    ("ghostface", (202510,), 12),
    ("ghostface", (202610,), 8),
    ("clothes_changer", (202512, 202601), 3),
    ("nano_banana_2_1k", range(202601, 202604), 3),
    ("qwen_image_4k", range(202607, 202613), 2),
)


def registrations(random: Random, users: int, start: int, end: int) -> list[int]:
    """When each of ``users`` registered (ms), in order, more and more of them; no two at once."""
    span = end - start
    drawn = sorted(start + int(span * random.random() ** 0.85) for _ in range(users))
    instants, last = [], 0
    for at in drawn:
        last = max(at, last + 1)
        instants.append(last)
    return instants


def plan_story(random: Random, registered: int, now: int) -> list[tuple[int, int]]:
    """The plan changes of a user in order: the instant (ms), and the plan's place."""
    if random.random() < 0.55:
        return []
    story: list[tuple[int, int]] = []
    plan = FREE
    at = registered + int(random.expovariate(1 / (35 * DAY))) + HOUR
    while at < now:
        plan = _next_plan(random, plan)
        if random.random() < 0.06:
            # On the dot: a change at a month's first instant counts for that month.
            at = at - at % DAY
        if at > registered and (not story or at > story[-1][0]):
            story.append((at, plan))
        stays = 70 if plan == FREE else 260
        at += int(random.expovariate(1 / (stays * DAY))) + DAY
    return story


def _next_plan(random: Random, plan: int) -> int:
    if plan == FREE:
        return PLUS if random.random() < 0.72 else PRO
    if plan == PLUS:
        return PRO if random.random() < 0.5 else FREE
    return PLUS if random.random() < 0.55 else FREE


def instants(
    random: Random, registered: int, story: list[tuple[int, int]], now: int, keenness: float
) -> list[int]:
    """When a user uses something (ms), in order: sessions of some minutes, by plan and season."""
    found: list[int] = []
    spells = [(registered, FREE), *story, (now, FREE)]
    for (start, plan), (end, _) in pairwise(spells):
        expected = _USES_A_MONTH[plan] * keenness * (end - start) / (30 * DAY)
        wanted = int(expected + random.random())
        # The first days are curious: whoever comes tries something.
        if start == registered and wanted == 0 and random.random() < 0.6 * min(keenness, 1.0):
            wanted = 1
        while wanted > 0:
            at = _session(random, start, end)
            for _ in range(min(wanted, int(random.expovariate(0.4)) + 1)):
                if at >= end:
                    break
                found.append(at)
                at += int((12 + 150 * random.random()) * 1000)
                wanted -= 1
            else:
                continue
            wanted -= 1
    found.sort()
    return found


def _session(random: Random, start: int, end: int) -> int:
    """When a session begins: by day rather than at night, and in busy months rather."""
    at = start
    for _ in range(4):
        at = start + int((end - start) * random.random())
        if random.random() * 1.2 < _BUSY[_month_of_year(at)]:
            break
    hour = int(6 + 17 * (random.random() + random.random()) / 2)
    moved = at - at % DAY + hour * HOUR + at % HOUR
    return moved if start <= moved < end else at


def _month_of_year(at: int) -> int:
    return min(int((at / DAY) % 365.2425 / 30.44), 11)


class Tastes:
    """Which feature a user of a plan takes, in a month, of what the price list then offers."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._tables: dict[tuple[int, int, int], tuple[list[str], list[float]]] = {}

    def feature(self, random: Random, spell: Spell) -> str:
        """One of the features offered in that spell."""
        asked = (spell.place, spell.position, spell.plan)
        table = self._tables.get(asked)
        if table is None:
            month = self._books.months.numbers[spell.place]
            table = _table(self._books.book, month, spell.position, spell.plan)
            self._tables[asked] = table
        features, heights = table
        return features[bisect_right(heights, random.random() * heights[-1])]


def _table(book: PriceBook, month: int, version: int, plan: int) -> tuple[list[str], list[float]]:
    weights = {
        key: float(liked[plan])
        for key, liked in _LIKED.items()
        if key in book.credits[version] and liked[plan]
    }
    for key, months, times in _FASHIONS:
        if month in months and key in weights:
            weights[key] *= times
    return list(weights), list(accumulate(weights.values()))


def quantity(random: Random, feature: str) -> int:
    """How many photos at once: many where the feature is made for it."""
    if feature == "remove_bg_batch":
        return 3 + int(random.expovariate(1 / 9))
    if feature == "export_image" or random.random() < 0.93:
        return 1
    return 2 + int(random.random() * 3)


def day_of(at: int) -> str:
    """The date of an instant, to count what was given in a day."""
    return from_ms(at).date().isoformat()
