"""What users' own words tell: of which kind a complaint is, and the figures and days it names.

Words come in capitals, misspelt, with letters missing; each is compared without its accents,
apostrophes and doubled letters, and forgiven one slip where it is long enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

LONG_ENOUGH = 5
"""How many letters a word needs before one slip in it is forgiven."""
_DOUBLED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[a-z0-9]+")
_SILENT = str.maketrans("", "", "'’‘`´")

CREDITS_VANISHED = "credits_vanished"
MONTHLY_MISSING = "monthly_credits_missing"
UPGRADE = "upgrade_too_little"
FAILED = "failed_generation"
TWICE = "charged_twice"
PRICE = "wrong_price"
REFERRAL = "referral_not_paid"
SIGNUP = "signup_bonus"
OUT_OF_CREDITS = "out_of_credits"
OTHER = "other"

_PHRASES: Mapping[str, Mapping[int, str]] = {
    CREDITS_VANISHED: {
        4: "vanished|disappeared|took away|taken away|stole|stolen|robbed|wiped|erased|carry over"
        "|carried over|roll over|rolled over|rollover|went missing|are gone|all gone|is gone"
        "|went to zero|went to 0|where did my|where have my|what happened to my|where are my",
        3: "gone|expired|expire|expires|expiry|lost|deleted|removed|unused|leftover|reset"
        "|accumulate|voided|missing credits|credits missing|went down|dropped|shrunk|used to have",
        2: "missing|balance|saved|saving|zero",
    },
    MONTHLY_MISSING: {
        4: "monthly credits|monthly allowance|new month|no credits this month|this months credits"
        "|not renewed|didnt renew|did not renew|not refilled|no monthly|monthly release"
        "|havent got my monthly|renewal|not topped up this month",
        3: "monthly|renew|renewed|refill|refilled|allowance|this month|every month|each month"
        "|month|downgrade|downgraded|cancel|cancelled|canceled|cancellation|cancelling",
        1: "subscription|subscriber|havent received|not received|never received|didnt receive"
        "|didnt get|never got|release",
    },
    UPGRADE: {
        4: "upgrade|upgraded|upgrading|paid for pro|paid for plus|bought pro|bought plus|went pro"
        "|moved to pro|switched to pro|switched to plus|changed to pro|got pro|just got pro"
        "|plus to pro|free to plus|free to pro|moved to plus|difference|subscribed",
        2: "only got|only received|only gave me|only have|only 800|instead of 1000|pro plan"
        "|plus plan|downgrade|downgraded|paid",
        1: "pro|plus|plan|instead of",
    },
    FAILED: {
        4: "failed|fail|fails|failing|failure|error|errors|crashed|crash|didnt work|did not work"
        "|doesnt work|never finished|no result|no results|nothing came|came out blank|timed out"
        "|timeout|never loaded|no output|failed twice|never got the image|never got a picture"
        "|never got my|didnt finish|did not finish|not generated|wouldnt generate|froze|spinning",
        3: "blank|black|broken|stuck|corrupt|corrupted|empty image|glitch|bug|white image|aborted"
        "|not working|nothing happened|garbage|never arrived|never showed|refund",
        1: "empty|loading|again|useless|result",
    },
    TWICE: {
        4: "charged twice|charged me twice|billed twice|double charged|double charge|doubled|double"
        "|duplicate|duplicated|two times|2 times|2x|charged 2|took it twice|deducted twice"
        "|charged again|paid twice|twice",
        2: "two charges|same image|same photo|same job|same picture|both times|clicked once"
        "|only once|one click|pressed once|once",
    },
    PRICE: {
        4: "price|prices|priced|expensive|used to be|used to cost|overcharged|over charged"
        "|wrong amount|should cost|costs more|cost more|went up|charged more|too much|price change"
        "|too many credits|wrong price",
        3: "cost|costs|per image|per photo|each photo|supposed to be|supposed to cost|should be"
        "|page says|website says|says it is|increased|increase|batch",
        1: "why did it take|why did that take|how much|more than",
    },
    REFERRAL: {
        4: "referral|refer|referred|referring|invite|invited|inviting|invitation|friend|friends"
        "|my link|my code|used my|invites",
        3: "brother|sister|colleague|coworker|wife|husband|mate|cousin|roommate|buddy|mom|dad",
        1: "link|code|signed up|sign up|joined|registered",
    },
    SIGNUP: {
        4: "signup bonus|sign up bonus|welcome bonus|registration bonus|new user bonus|new account"
        "|welcome credits|free credits|starting credits|bonus|welcome|starter credits",
        3: "new user|just registered|just signed up|just joined|when i signed up|i signed up"
        "|registration|for signing up|i registered",
        1: "registered|signup|sign up|signed up|joined|first 12",
    },
    OUT_OF_CREDITS: {
        4: "ran out|run out|running out|out of credits|no credits left|not enough|insufficient"
        "|need more|top up|topup|used up|buy more|buy credits|purchase|no more credits"
        "|extra credits|used all|all used|0 left|nothing left|more credits|buy",
        3: "refused|what used|where did they go|cant generate|cannot generate|wont let me"
        "|out of|cant use|cannot use|so fast|so quickly|eating|drained|burned|no credits",
        1: "need|zero|left|empty",
    },
}
"""By category and weight, the words and phrases that speak for it."""
_KEPT_NUMBERS = re.compile(r"^\d+$")


def category_scores(message: str) -> dict[str, int]:
    """How strongly the words of a message speak for each category; none that it says nothing of.

    Each stretch of words counts once for a category, its longest phrase first.
    """
    words = tokens(message)
    spoken = f" {' '.join(corrected(words))} "
    return {
        category: score
        for category, phrases in _squeezed_phrases().items()
        if (score := _score(spoken, phrases))
    }


def tokens(message: str) -> list[str]:
    """The words of a message, bare: small letters and digits, no accents, no apostrophes."""
    plain = unicodedata.normalize("NFKD", message.casefold()).translate(_SILENT)
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def corrected(words: Iterable[str]) -> list[str]:
    """The words with doubled letters squeezed, and one slip in each long one put right."""
    return [_nearest(word if _KEPT_NUMBERS.match(word) else _squeeze(word)) for word in words]


def _score(spoken: str, phrases: list[tuple[int, str]]) -> int:
    score, rest = 0, spoken
    for weight, phrase in phrases:
        if f" {phrase} " in rest:
            score += weight
            rest = rest.replace(f" {phrase} ", " | ")
    return score


@cache
def _squeezed_phrases() -> dict[str, list[tuple[int, str]]]:
    found = {}
    for category, by_weight in _PHRASES.items():
        phrases = [
            (weight, " ".join(_squeeze(word) if word.isalpha() else word for word in p.split()))
            for weight, text in by_weight.items()
            for p in text.split("|")
        ]
        found[category] = sorted(phrases, key=lambda pair: (-len(pair[1].split()), -pair[0]))
    return found


def _squeeze(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def _nearest(word: str) -> str:
    """The known word that ``word`` is, but for one letter too many, missing, wrong or swapped."""
    known = _known_words()
    if word in known or len(word) < LONG_ENOUGH or not word.isalpha():
        return word
    near = _shortened_words()
    for shorter in (word, *_shorter_by_one(word)):
        if shorter in near:
            return near[shorter]
    return word


@cache
def _known_words() -> frozenset[str]:
    return frozenset(
        word
        for phrases in _squeezed_phrases().values()
        for _, phrase in phrases
        for word in phrase.split()
    ) | frozenset(_squeeze(word) for word in _ORDINARY.split())


@cache
def _shortened_words() -> dict[str, str]:
    """The long known words, and each of them with one letter left out."""
    found: dict[str, str] = {}
    long = sorted(word for word in _known_words() if len(word) >= LONG_ENOUGH)
    for word in long:
        for shorter in _shorter_by_one(word):
            found.setdefault(shorter, word)
    return found | {word: word for word in long}


def _shorter_by_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


_ORDINARY = (
    "credits credit charge charged charges image images photo photos picture account please"
    " hello thanks month months would could about after before price generator background remover"
    " clothes changer figure action object banana yesterday today morning monday tuesday wednesday"
    " thursday friday saturday sunday again there their these those where which while other never"
    " every still right wrong first second third quickly support editor"
    " bonus batch refund money since until using taken taking tried trying makes making having"
    " having being going getting email address received receive worked working works started"
)
"""Words that are right as they stand, and must not be taken for a slip of another."""
