"""What tickets, jobs and idempotency keys belong to."""

from collections.abc import Iterator

import pytest

from app.desk import Desk, open_desk
from app.domain.errors import InsufficientCredits
from app.domain.found import Reference
from app.domain.ledger import EntryKind


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with open_desk(":memory:", staff="ana@pixpretty.example") as opened:
        for user, name in (("amira", "Amira Haddad"), ("ben", "Ben Ito")):
            opened.accounts.register(user, email=f"{user}@example.com", name=name)
            opened.support.grant(
                user, 24, reason="goodwill", note="n", ticket=f"ZD-48213-{name[0]}", key=user
            )
        opened.charging.charge("amira", "object_remover", key="job-77-a", job="JOB-77")
        opened.charging.charge("amira", "image_extender", key="job-77-b", job="JOB-77")
        with pytest.raises(InsufficientCredits):
            opened.charging.charge("ben", "nano_banana_pro_4k", key="big-1", quantity=99)
        opened.requests.open(user="ben", ticket="ZD-48213-B", message="Where are they?")
        opened.requests.open(user="nobody@example.com", ticket="ZD-48213-N", message="And mine?")
        yield opened


def test_a_ticket_leads_to_the_grant_that_was_given_for_it(desk: Desk) -> None:
    (found,) = desk.accounts.look_up("zd-48213-a")
    grant = desk.accounts.grant(found.grant_id or 0)
    assert grant.ticket == found.reference == "ZD-48213-A"
    assert (found.kind, found.text) == (Reference.TICKET, "grant of 24")
    assert (found.user_id, found.name) == ("amira", "Amira Haddad")
    assert found.entry is EntryKind.SUPPORT_CREDIT
    entries = desk.accounts.ledger("amira", kinds=[found.entry], month=found.month)
    assert [entry.grant_id for entry in entries] == [found.grant_id]


def test_a_ticket_leads_to_the_request_as_well_and_to_nobody_who_is_unknown(desk: Desk) -> None:
    assert [f.text for f in desk.accounts.look_up("ZD-48213-B")] == ["request, open", "grant of 24"]
    assert desk.accounts.look_up("ZD-48213-N") == ()


def test_the_beginning_of_a_reference_is_enough_and_whole_ones_come_first(desk: Desk) -> None:
    found = desk.accounts.look_up("ZD-48213")
    assert {f.reference for f in found} == {"ZD-48213-A", "ZD-48213-B"}
    jobs = desk.accounts.look_up("job-77")
    assert [f.reference for f in jobs] == ["JOB-77", "JOB-77"]
    assert {f.charge_id for f in jobs} == {f.charge_id for f in desk.accounts.look_up("job-77-")}


def test_a_key_leads_to_its_use_even_where_that_was_refused(desk: Desk) -> None:
    (used,) = desk.accounts.look_up("job-77-a")
    assert (used.kind, used.text) == (Reference.KEY, "use of AI Object Remover for 1")
    assert (used.entry, used.feature) == (EntryKind.USE, "object_remover")
    (refused,) = desk.accounts.look_up("big-1")
    assert refused.text.startswith("refused use of AI Image Generator (Nano Banana Pro, 4K) for")
    assert refused.entry is EntryKind.REFUSED_USE


@pytest.mark.parametrize(
    "typed", ["", "amira", "ZD-", "48213", "ZD 48213", "%", "ZD-4\x00", "a" * 500]
)
def test_what_is_no_reference_leads_nowhere(desk: Desk, typed: str) -> None:
    assert desk.accounts.look_up(typed) == ()
