"""Every method of the desk with one value left open, and what hostile values to put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from app.domain.requests import RequestQuery

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
NAIVE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - the hostile value
LIMITS = (datetime.min, datetime.max)  # noqa: DTZ901 - as above
TEXTS: tuple[Any, ...] = (
    "", " ", "\0", "a\0b", "\ud800", "x" * 5_000, "' OR 1=1 --", "<img src=x><b>", "%", "_", '"',
    "../../etc/passwd", "usr_1\n", "\u202eabc", "🔑" * 300, "1e9", "-1", "NaN", "None", "\x1b[31m",
    None, 0, -1, 1.5, float("nan"), True, b"usr_1", [], {}, 2**70, object,
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0, -1, 1.5, float("nan"), float("inf"), 2**31, 2**63, 2**70, -(2**70), True, None, "", "1", "x",
    "\ud800", b"1", [], 10**9, 1_000_001,
)  # fmt: skip
INSTANTS: tuple[Any, ...] = (
    NAIVE, *LIMITS, datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    NOW + timedelta(minutes=5, milliseconds=1),
    datetime(1999, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC), "2026-03-01T00:00Z",
    0, 1.5,    "tomorrow", NOW.date(), float("nan"), b"", [],
)  # fmt: skip
EITHER = (*NUMBERS, *TEXTS)
REGISTER = {"email": "new@x.example", "name": "New"}
SUPPORT = {"reason": "goodwill", "note": "n", "ticket": "T-1"}


ASKED = {"user": "usr_1", "ticket": "T-9", "message": "gone!!"}
DAYS: tuple[Any, ...] = (*TEXTS, *INSTANTS, date.min, date.max, "2026-02-30", "20260301T12")


class Door(NamedTuple):
    """``call`` puts one of ``values`` into the argument that ``name`` tells."""

    name: str
    values: tuple[Any, ...]
    call: Callable[[Any, Any], Any]


def _paid(desk: Any) -> int:
    return int(desk.charging.find("paid").id)


def _given(desk: Any) -> int:
    return int(max(grant.id for grant in desk.accounts.account("usr_1").grants))


def _publish_at(desk: Any, credits: Any) -> Any:
    prices = desk.pricing.current().prices
    features = (replace(prices.features[0], credits=credits), *prices.features[1:])
    return _publish(desk, replace(prices, features=features))


def _publish(desk: Any, prices: Any) -> Any:
    return desk.pricing.publish(prices, based_on=1, note="n")


def _reverse(desk: Any, number: Any) -> Any:
    return desk.imports.reverse(number, dry_run=False, reason="other", note="n")


def _open(desk: Any, field: str, value: Any) -> Any:
    return desk.requests.open(**ASKED | {field: value})


def _answer(desk: Any, **answer: Any) -> Any:
    """An answer to the oldest request that is still open."""
    return desk.requests.resolve(desk.requests.page(limit=1)[0].id, **answer)


def _query(desk: Any, field: str, value: Any) -> Any:
    return desk.requests.page(RequestQuery(**{field: value}))


def _backup(desk: Any, path: Any) -> Any:
    return desk.integrity.backup(path)


DOORS: tuple[Door, ...] = (
    Door("register:user_id", TEXTS, lambda d, v: d.accounts.register(v, **REGISTER)),
    *(
        Door(
            f"register:{field}",
            TEXTS,
            lambda d, v, field=field: d.accounts.register("usr_9", **REGISTER | {field: v}),  # type: ignore[misc]  # the default binds the loop
        )
        for field in ("email", "name", "referral_code", "referred_by")
    ),
    Door("register:at", INSTANTS, lambda d, v: d.accounts.register("usr_9", at=v, **REGISTER)),
    Door("change_plan:user_id", TEXTS, lambda d, v: d.accounts.change_plan(v, "pro")),
    Door("change_plan:plan", TEXTS, lambda d, v: d.accounts.change_plan("usr_1", v)),
    Door("change_plan:at", INSTANTS, lambda d, v: d.accounts.change_plan("usr_1", "pro", at=v)),
    Door("change_plan:key", TEXTS, lambda d, v: d.accounts.change_plan("usr_1", "pro", key=v)),
    Door("top_up:credits", NUMBERS, lambda d, v: d.accounts.top_up("usr_1", v, key="o")),
    Door("top_up:key", TEXTS, lambda d, v: d.accounts.top_up("usr_1", 5, key=v)),
    Door("find:text", TEXTS, lambda d, v: d.accounts.find(v)),
    Door("find:limit", NUMBERS, lambda d, v: d.accounts.find("a", limit=v)),
    Door("account:user_id", TEXTS, lambda d, v: d.accounts.account(v)),
    Door("account:at", INSTANTS, lambda d, v: d.accounts.account("usr_1", at=v)),
    Door("ledger:user_id", TEXTS, lambda d, v: d.accounts.ledger(v)),
    Door("ledger:at", INSTANTS, lambda d, v: d.accounts.ledger("usr_1", at=v)),
    Door("ledger:limit", NUMBERS, lambda d, v: d.accounts.ledger("usr_1", limit=v)),
    Door("ledger:kinds", TEXTS, lambda d, v: d.accounts.ledger("usr_1", kinds=[v])),
    Door("note:text", TEXTS, lambda d, v: d.accounts.note("usr_1", v)),
    Door("note:user_id", TEXTS, lambda d, v: d.accounts.note(v, "text")),
    Door("correct:email", TEXTS, lambda d, v: d.accounts.correct("usr_1", email=v)),
    Door("correct:name", TEXTS, lambda d, v: d.accounts.correct("usr_1", name=v)),
    Door("correct:user_id", TEXTS, lambda d, v: d.accounts.correct(v, name="n")),
    Door("release_month:month", TEXTS, lambda d, v: d.accounts.release_month(v)),
    Door("charge:user_id", TEXTS, lambda d, v: d.charging.charge(v, "ghostface", key="k")),
    Door("charge:feature", TEXTS, lambda d, v: d.charging.charge("usr_1", v, key="k")),
    Door("charge:key", TEXTS, lambda d, v: d.charging.charge("usr_1", "ghostface", key=v)),
    Door(
        "charge:quantity",
        NUMBERS,
        lambda d, v: d.charging.charge("usr_1", "ghostface", key="k", quantity=v),
    ),
    Door(
        "charge:at",
        INSTANTS,
        lambda d, v: d.charging.charge("usr_1", "ghostface", key="k", at=v),
    ),
    Door("charge:job", TEXTS, lambda d, v: d.charging.charge("usr_1", "ghostface", key="k", job=v)),
    Door("outcome:key", TEXTS, lambda d, v: d.charging.report_outcome(v, "failed")),
    Door("outcome:outcome", TEXTS, lambda d, v: d.charging.report_outcome("paid", v)),
    Door("outcome:at", INSTANTS, lambda d, v: d.charging.report_outcome("paid", "failed", at=v)),
    Door("charging.find:charge", (*NUMBERS, *TEXTS), lambda d, v: d.charging.find(v)),
    Door("grant:user_id", TEXTS, lambda d, v: d.support.grant(v, 5, **SUPPORT)),
    Door("grant:credits", NUMBERS, lambda d, v: d.support.grant("usr_1", v, **SUPPORT)),
    *(
        Door(
            f"grant:{field}",
            TEXTS,
            lambda d, v, field=field: d.support.grant("usr_1", 5, **SUPPORT | {field: v}),  # type: ignore[misc]  # the default binds the loop
        )
        for field in ("reason", "note", "ticket")
    ),
    Door(
        "grant:expires_at",
        (*INSTANTS, NOW, NOW - timedelta(days=1), NOW + timedelta(days=367)),
        lambda d, v: d.support.grant("usr_1", 5, **SUPPORT, expires_at=v),
    ),
    Door("grant:validity", TEXTS, lambda d, v: d.support.grant("usr_1", 5, **SUPPORT, validity=v)),
    Door("grant:key", TEXTS, lambda d, v: d.support.grant("usr_1", 5, **SUPPORT, key=v)),
    Door("refund:charge_id", EITHER, lambda d, v: d.support.refund(v, reason="goodwill")),
    Door("refund:reason", TEXTS, lambda d, v: d.support.refund(_paid(d), reason=v)),
    Door("refund:note", TEXTS, lambda d, v: d.support.refund(_paid(d), reason="goodwill", note=v)),
    Door("refund:key", TEXTS, lambda d, v: d.support.refund(_paid(d), reason="goodwill", key=v)),
    Door("refund_preview:charge_id", EITHER, lambda d, v: d.support.refund_preview(v)),
    Door("void:grant_id", EITHER, lambda d, v: d.support.void(v, reason="goodwill")),
    Door("void:reason", TEXTS, lambda d, v: d.support.void(_given(d), reason=v)),
    Door("void:note", TEXTS, lambda d, v: d.support.void(_given(d), reason="goodwill", note=v)),
    Door("approve:id", EITHER, lambda d, v: d.support.approve(v)),
    Door("reject:id", EITHER, lambda d, v: d.support.reject(v, "no")),
    *(
        Door(f"requests.open:{field}", TEXTS, lambda d, v, field=field: _open(d, field, v))  # type: ignore[misc]  # the default binds the loop
        for field in ("user", "ticket", "message", "category", "key")
    ),
    Door("requests.open:credits", NUMBERS, lambda d, v: _open(d, "credits", v)),
    Door("requests.open:at", INSTANTS, lambda d, v: _open(d, "at", v)),
    *(
        Door(
            f"requests.{act}:id",
            EITHER,
            lambda d, v, act=act: getattr(d.requests, act)(v),  # type: ignore[misc]  # the default binds the loop
        )
        for act in ("request", "resolution", "claim", "release", "reopen", "diagnose")
    ),
    Door("requests.match:id", EITHER, lambda d, v: d.requests.match(v, "usr_1")),
    Door("requests.match:user_id", TEXTS, lambda d, v: d.requests.match(1, v)),
    Door("requests.sort:category", TEXTS, lambda d, v: d.requests.sort(1, v)),
    Door("requests.by_ticket:ticket", TEXTS, lambda d, v: d.requests.by_ticket(v)),
    Door("requests.resolve:id", EITHER, lambda d, v: d.requests.resolve(v, act="decline")),
    Door("requests.resolve:act", TEXTS, lambda d, v: _answer(d, act=v)),
    Door(
        "requests.resolve:credits",
        EITHER,
        lambda d, v: _answer(d, act="grant", credits=v),
    ),
    Door(
        "requests.resolve:charge_id",
        EITHER,
        lambda d, v: _answer(d, act="refund", charge_id=v),
    ),
    *(
        Door(
            f"requests.resolve:{field}",
            TEXTS,
            lambda d, v, field=field: _answer(d, **{"act": "grant", "credits": 5, field: v}),  # type: ignore[misc]  # the default binds the loop
        )
        for field in ("reason", "note", "validity", "key")
    ),
    *(
        Door(f"requests.page:{field}", EITHER, lambda d, v, field=field: _query(d, field, v))  # type: ignore[misc]  # the default binds the loop
        for field in (
            *(
                "view",
                "category",
                "plan",
                "older_than_hours",
                "text",
                "by",
                "user_id",
                "sort",
                "import_id",
            ),
        )
    ),
    Door("requests.page:offset", NUMBERS, lambda d, v: d.requests.page(offset=v)),
    Door("requests.page:limit", NUMBERS, lambda d, v: d.requests.page(limit=v)),
    Door("requests.numbers:first", DAYS, lambda d, v: d.requests.numbers(v, "2026-03-15")),
    Door("requests.numbers:last", DAYS, lambda d, v: d.requests.numbers("2026-03-01", v)),
    Door("requests.failed_jobs:day", DAYS, lambda d, v: d.requests.failed_jobs(v)),
    Door("requests.failed_jobs:feature", TEXTS, lambda d, v: d.requests.failed_jobs(feature=v)),
    Door("requests.refund_failed:day", DAYS, lambda d, v: d.requests.refund_failed(v)),
    Door(
        "requests.refund_failed:feature",
        TEXTS,
        lambda d, v: d.requests.refund_failed(None, feature=v),
    ),
    Door("withdraw:number", EITHER, lambda d, v: d.pricing.withdraw(v)),
    Door("current:at", INSTANTS, lambda d, v: d.pricing.current(v)),
    Door(
        "publish:note",
        TEXTS,
        lambda d, v: d.pricing.publish(d.pricing.current().prices, based_on=1, note=v),
    ),
    Door(
        "publish:based_on",
        NUMBERS,
        lambda d, v: d.pricing.publish(d.pricing.current().prices, based_on=v, note="n"),
    ),
    Door(
        "publish:effective_at",
        INSTANTS,
        lambda d, v: d.pricing.publish(
            d.pricing.current().prices, based_on=1, note="n", effective_at=v
        ),
    ),
    Door("publish:price", NUMBERS, _publish_at),
    Door("publish:prices", (None, {}, [], "x", b"", 1), _publish),
    Door("monthly:first", TEXTS, lambda d, v: d.consumption.monthly(v, "2026-03")),
    Door("monthly:last", TEXTS, lambda d, v: d.consumption.monthly("2026-01", v)),
    Door("monthly:by", TEXTS, lambda d, v: d.consumption.monthly("2026-01", "2026-03", by=v)),
    Door(
        "monthly:measure",
        TEXTS,
        lambda d, v: d.consumption.monthly("2026-01", "2026-03", measure=v),
    ),
    Door("staff.add:email", TEXTS, lambda d, v: d.staff.add(v, "qa")),
    Door("staff.add:role", TEXTS, lambda d, v: d.staff.add("bo@x.example", v)),
    Door("staff.set_role:role", TEXTS, lambda d, v: d.staff.set_role("fuzz@x.example", v)),
    Door("staff.deactivate:email", TEXTS, lambda d, v: d.staff.deactivate(v)),
    *(
        Door(
            f"imports.{kind}:path",
            ("", "\0", "nowhere.csv", "/", None, 7, "x" * 5000),
            lambda d, v, kind=kind: getattr(d.imports, kind)(v),  # type: ignore[misc]  # the default binds the loop
        )
        for kind in ("users", "usage", "plans", "requests")
    ),
    Door("imports.reverse:import_id", EITHER, _reverse),
    Door(
        "restore:path", ("", "\0", "nowhere.db", "/", None, 7), lambda d, v: d.integrity.restore(v)
    ),
    Door("backup:path", ("", "\0", "/no/such/folder/x.db", "/", None), _backup),
)
