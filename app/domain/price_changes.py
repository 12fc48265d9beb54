"""What differs between price lists, in words; and what two people changed at the same time.

Entries are compared by their keys, so a place reads ``features.ghostface.credits`` and stays the
same when a list is put in another order (rules, section 6).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from app.domain import price_file
from app.domain.calendar import MONTH_END, parse_validity
from app.domain.prices import PriceList
from app.domain.sentences import said, saidn

Path: TypeAlias = tuple[str, ...]


class ChangeKind(StrEnum):
    """What a change is about."""

    PRICE = "price"
    ADDED = "feature added"
    RETIRED = "feature retired"
    NAME = "name"
    DESCRIPTION = "description"
    FAMILY = "family"
    FREE_ACTION = "free action"
    ORDER = "order"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: at which place, about what, and what it was and is, ready to be shown.

    ``old`` is empty for what is new, ``new`` for what is gone; ``sentence`` says it in words.
    """

    kind: ChangeKind
    place: str
    subject: str
    old: str
    new: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """A place where two lists differ from the one both began with, each value ready to be shown.

    ``clash`` says that both changed it, and not to the same.
    """

    place: str
    subject: str
    base: str
    mine: str
    theirs: str
    clash: bool


def difference(old: PriceList, new: PriceList) -> tuple[Change, ...]:
    """What ``new`` changes of ``old``: features first, then free actions and the policy.

    The note of a list is no difference. Lists that only differ in order have one of that kind.
    """
    before, after = _keyed(old), _keyed(new)
    changes = [_change(path, was, now, before, after) for path, was, now in _pairs(before, after)]
    if _common_order(before, after) != _common_order(after, before):
        sentence = said("The features are in another order.")
        changes.append(Change(ChangeKind.ORDER, "features", said("Order"), "", "", sentence))
    return tuple(changes)


def side_by_side(base: PriceList, mine: PriceList, theirs: PriceList) -> tuple[ThreeWay, ...]:
    """Every place that ``mine`` or ``theirs`` changed of ``base``, clashes first."""
    lists = (_keyed(base), _keyed(mine), _keyed(theirs))
    rows = [_three_way(path, values, lists) for path, values in _triples(*lists)]
    return tuple(sorted(rows, key=lambda row: not row.clash))


def conflicts(base: PriceList, mine: PriceList, theirs: PriceList) -> tuple[ThreeWay, ...]:
    """The places that ``mine`` and ``theirs`` both changed of ``base``, and not to the same."""
    return tuple(row for row in side_by_side(base, mine, theirs) if row.clash)


def merged(
    base: PriceList, mine: PriceList, theirs: PriceList, keep: Collection[str] = ()
) -> PriceList:
    """``theirs`` with what ``mine`` changed of ``base``; in a clash theirs stays.

    At the places named in ``keep`` mine wins. Raises ``PriceListInvalid`` where both together
    break a rule.
    """
    content = _merge(_keyed(base), _keyed(mine), _keyed(theirs), frozenset(keep), ())
    for holder, name in _lists(content):
        holder[name] = [{"key": key, **entry} for key, entry in holder[name].items()]
    return price_file.parse(json.dumps({"version_note": mine.version_note, **content}))


def _keyed(prices: PriceList) -> dict[str, Any]:
    """The list as a file has it, with entries by key instead of in lists, and without its note."""
    content: dict[str, Any] = price_file.document(prices)
    del content["version_note"]
    for holder, name in _lists(content):
        holder[name] = {
            entry["key"]: {field: value for field, value in entry.items() if field != "key"}
            for entry in holder[name]
        }
    return content


def _lists(content: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [(content, "features"), (content, "free_actions"), (content["support"], "reasons")]


def _pairs(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """The outermost places at which two documents differ."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield path, old, new
        return
    for key in [*new, *(key for key in old if key not in new)]:
        yield from _pairs(old.get(key), new.get(key), (*path, key))


def _triples(base: Any, mine: Any, theirs: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The outermost places at which two documents differ from the one they began with."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and isinstance(base, dict | None):
        base = base or {}
        for key in {**theirs, **mine, **base}:
            values = (base.get(key), mine.get(key), theirs.get(key))
            yield from _triples(*values, (*path, key))
    elif mine != base or theirs != base:
        yield path, (base, mine, theirs)


def _merge(base: Any, mine: Any, theirs: Any, keep: frozenset[str], path: Path) -> Any:
    if isinstance(mine, dict) and isinstance(theirs, dict) and isinstance(base, dict | None):
        base = base or {}
        merged = {
            key: _merge(base.get(key), mine.get(key), theirs.get(key), keep, (*path, key))
            for key in {**theirs, **mine}
        }
        return {key: value for key, value in merged.items() if value is not None}
    if theirs == base:
        return mine
    return mine if ".".join(path) in keep else theirs


def _common_order(content: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [key for key in content["features"] if key in other["features"]]


def _change(
    path: Path, old: Any, new: Any, before: dict[str, Any], after: dict[str, Any]
) -> Change:
    kind = _kind(path, old, new)
    subject = _subject(path, before, after)
    was, now = _words(path, old), _words(path, new)
    return Change(kind, ".".join(path), subject, was, now, _sentence(kind, subject, was, now))


def _three_way(
    path: Path, values: tuple[Any, Any, Any], lists: tuple[dict[str, Any], ...]
) -> ThreeWay:
    base, mine, theirs = values
    subject = _subject(path, *lists)
    if path[0] == "features" and path[2:]:
        subject = said("{subject}: {field}", subject=subject, field=_FIELDS[path[2]])
    clash = mine not in (base, theirs) and theirs != base
    words = (_words(path, base), _words(path, mine), _words(path, theirs))
    return ThreeWay(".".join(path), subject, *words, clash=clash)


_FIELDS = {
    "credits": said("credits"),
    "name": said("name"),
    "description": said("description"),
    "family": said("family"),
}
_KIND_OF_FIELD = {
    "credits": ChangeKind.PRICE,
    "name": ChangeKind.NAME,
    "description": ChangeKind.DESCRIPTION,
    "family": ChangeKind.FAMILY,
}


def _kind(path: Path, old: Any, new: Any) -> ChangeKind:
    if path[0] == "free_actions":
        return ChangeKind.FREE_ACTION
    if path[0] != "features":
        return ChangeKind.POLICY
    if old is None:
        return ChangeKind.ADDED
    return ChangeKind.RETIRED if new is None else _KIND_OF_FIELD[path[2]]


_POLICY_WORDS = {
    "timezone": said("Billing zone"),
    "plans.free.monthly_credits": said("Monthly credits of Free"),
    "plans.plus.monthly_credits": said("Monthly credits of Plus"),
    "plans.pro.monthly_credits": said("Monthly credits of Pro"),
    "bonuses.signup.credits": said("Sign-up bonus"),
    "bonuses.signup.valid": said("Validity of the sign-up bonus"),
    "bonuses.referral.credits": said("Referral reward"),
    "bonuses.referral.valid": said("Validity of the referral reward"),
    "support.limit_per_grant": said("Support's limit for one grant"),
    "support.limit_per_day": said("Support's limit for a day"),
    "support.default_validity": said("Usual validity of support credits"),
    "top_up.enabled": said("Buying credits"),
    "top_up.plans": said("Plans that can buy credits"),
    "top_up.valid": said("Validity of bought credits"),
}


def _subject(path: Path, *lists: dict[str, Any]) -> str:
    """What a place is called: by the first list that has the feature, action or reason."""
    place = ".".join(path)
    if place in _POLICY_WORDS:
        return _POLICY_WORDS[place]
    reason = path[:2] == ("support", "reasons")
    key = path[2] if reason else path[1]
    for content in lists:
        entries = content["support"]["reasons"] if reason else content[path[0]]
        if key in entries:
            name = str(entries[key]["name"])
            return said("Reason “{name}”", name=name) if reason else name
    return key


def _words(path: Path, value: Any) -> str:
    """A value as people read it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return said("on") if value else said("off")
    if isinstance(value, int):
        return said("{number:,}", number=value)
    if isinstance(value, list):
        return ", ".join(plan.title() for plan in value) or said("none")
    if isinstance(value, dict):
        return credits_words(value["credits"]) if "credits" in value else str(value["name"])
    return validity_words(value) if "valid" in path[-1] else str(value)


def credits_words(credits: int) -> str:
    """``1 credit`` or ``1,200 credits``."""
    return saidn("{count} credit", "{count} credits", credits)


def validity_words(validity: str) -> str:
    """``P1Y`` as ``1 year``, ``P30D`` as ``30 days``, ``month_end`` as ``end of the month``."""
    if validity == MONTH_END:
        return said("end of the month")
    years, days = parse_validity(validity)
    if years:
        return saidn("{count} year", "{count} years", years)
    return saidn("{count} day", "{count} days", days)


def _sentence(kind: ChangeKind, subject: str, old: str, new: str) -> str:
    if kind is ChangeKind.FREE_ACTION:
        return _free_sentence(subject, old, new)
    if kind is ChangeKind.POLICY:
        return _policy_sentence(subject, old, new)
    return _feature_sentence(kind, subject, old, new)


def _feature_sentence(kind: ChangeKind, subject: str, old: str, new: str) -> str:
    told = {"subject": subject, "old": old, "new": new}
    if kind is ChangeKind.PRICE:
        return said("{subject} costs {new} instead of {old}.", **told)
    if kind is ChangeKind.ADDED:
        return said("{subject} is new, at {new}.", **told)
    if kind is ChangeKind.RETIRED:
        return said("{subject} ({old}) is retired.", **told)
    if kind is ChangeKind.NAME:
        return said("{subject} is now called “{new}”.", **told)
    if kind is ChangeKind.DESCRIPTION:
        return said("{subject} is described as “{new}” instead of “{old}”.", **told)
    return said("{subject} moves from the family “{old}” to “{new}”.", **told)


def _free_sentence(subject: str, old: str, new: str) -> str:
    if not old:
        return said("{subject} is a free action.", subject=subject)
    if new:
        return said("{subject} is now called “{new}”.", subject=subject, new=new)
    return said("{subject} is no longer a free action.", subject=subject)


def _policy_sentence(subject: str, old: str, new: str) -> str:
    if not old:
        return said("{subject} is new.", subject=subject)
    if new:
        return said("{subject}: {new} instead of {old}.", subject=subject, new=new, old=old)
    return said("{subject} is no longer there.", subject=subject)
