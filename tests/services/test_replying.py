"""Replies to requests: the figures of the record in the words of the leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app import Desk
from app.domain.errors import ChangedMeanwhile, InsufficientCredits, InvalidValue, NotPermitted
from app.domain.replies import FIGURES, SECTIONS, placeholders
from tests.services.conftest import Clock
from tests.services.retold import USER, Told, cases, complaint_of, diagnosed, retold

AMIRA = "usr_1"
UNTOLD = {"staff", "friend", "referrer", "friend_code"}
"""What a finding tells staff, and a reply need not: others than the user."""


@pytest.fixture
def plus(desk: Desk, clock: Clock) -> Desk:
    """A desk with one user on Plus, on 20 November 2026 at noon."""
    desk.accounts.register(
        AMIRA, email="amira@example.com", name="Amira Haddad", referral_code="AMIRA-1"
    )
    desk.accounts.change_plan(AMIRA, "plus")
    clock.set(2026, 11, 20, 12)
    return desk


def asked(desk: Desk, message: str) -> int:
    return desk.requests.open(user=AMIRA, ticket="ZD-9", message=message).id


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["message"][:60])
def test_every_finding_of_every_complaint_can_be_replied_to(case: Told, tmp_path: Path) -> None:
    with retold(case, tmp_path) as (desk, _):
        told = complaint_of(case)
        request = desk.requests.open(
            user=USER, ticket=told.ticket, message=told.message, category=told.category
        )
        for finding in diagnosed(desk, case).findings:
            assert set(finding.values) - UNTOLD <= set(placeholders(finding.code))
            reply = desk.requests.reply(request.id, finding=finding.code)
            assert reply.startswith("Hello User,\n\n")
            assert reply.endswith("\n\nKind regards,\nPixPretty Support\n")
            assert not re.search(r"[{}]|None|\n\n\n", reply)
            assert len(reply.split("\n\n")) >= 3, "something is said between greeting and end"


def test_who_ran_out_is_offered_referrals_and_told_the_next_release(
    plus: Desk, clock: Clock
) -> None:
    plus.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", quantity=4)
    with pytest.raises(InsufficientCredits):
        plus.charging.charge(AMIRA, "nano_banana_pro_4k", key="b")
    clock.pass_(minutes=5)
    reply = plus.requests.reply(asked(plus, "I ran out of credits, can I buy more?"))
    assert reply == (
        "Hello Amira,\n\n"
        "192 credits were used since 1 Nov 2026, the largest part of them (192) by"
        " AI Image Generator (Nano Banana Pro, 4K).\n"
        "20 credits are left.\n"
        "Your next 200 credits arrive on 1 Dec 2026.\n"
        "You can earn 12 free credits for each friend who registers with your code AMIRA-1;"
        " they are valid for one year.\n"
        "Credits cannot be bought at the moment.\n\n"
        "If you see something that does not fit this, please reply and we will look again.\n\n"
        "You can read more on our page about credits, section 4: What Happens if I Run Out of"
        " Credits?\n\n"
        "Kind regards,\nPixPretty Support\n"
    )


def test_a_reply_tells_what_is_about_to_be_done_not_only_what_was_suggested(plus: Desk) -> None:
    first = plus.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", outcome="failed")
    other = plus.charging.charge(AMIRA, "image_extender", key="b")
    request = asked(plus, "it failed and took 48")
    said = plus.requests.reply
    assert "We have refunded 48 credits." in said(request)
    assert "We have refunded 12 credits." in said(request, act="refund", charge_id=other.id)
    assert "We have refunded 48 credits." in said(request, act="refund", charge_id=first.id)
    granted = said(request, act="grant", credits=24, validity="month_end")
    assert "added 24 credits to your account, valid until the end of 30 Nov 2026." in granted
    assert "please reply and we will look again" in said(request, act="decline")
    assert "A colleague will decide about 150 credits" in said(request, act="wait", credits=150)
    with pytest.raises(InvalidValue, match="“void” is not an answer"):
        said(request, act="void")
    with pytest.raises(InvalidValue, match="“nothing” is not a finding"):
        said(request, finding="nothing")


def test_what_comes_back_as_new_credits_is_said_with_its_end(plus: Desk, clock: Clock) -> None:
    plus.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", outcome="failed")
    clock.set(2026, 12, 3, 12)
    reply = plus.requests.reply(asked(plus, "it failed and took 48"))
    assert "48 of them come as new credits" in reply
    assert "valid until the end of 31 Dec 2026" in reply


def test_the_reply_to_an_answered_request_tells_the_answer(plus: Desk, clock: Clock) -> None:
    charge = plus.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", outcome="failed")
    request = asked(plus, "it failed and took 48")
    plus.requests.resolve(request, act="refund", charge_id=charge.id)
    clock.pass_(hours=1)
    reply = plus.requests.reply(request)
    assert "We have refunded 48 credits." in reply
    assert "already" not in reply, "this very request had it refunded"
    second = asked(plus, "charged twice!!")
    plus.requests.resolve(second, act="grant", credits=12)
    assert "We have added 12 credits to your account" in plus.requests.reply(second)


def test_a_sender_who_matches_nobody_is_asked_who_they_are(desk: Desk) -> None:
    request = desk.requests.open(user="zoe@example.com", ticket="ZD-1", message="my credits?")
    assert "no account for zoe@example.com" in desk.requests.reply(request.id)


def test_a_lead_edits_a_template_and_its_history_stays(
    plus: Desk, as_role: Callable[[str], Desk], clock: Clock
) -> None:
    lead = as_role("support_lead")
    original = lead.replies.template("nothing_wrong")
    assert (original.version, original.author) == (0, "")
    saved = lead.replies.save("nothing_wrong", "All is well, {name}. {available} left.")
    assert (saved.version, saved.author) == (1, "support_lead@pixpretty.example")
    assert saved.section == original.section
    request = asked(plus, "hello")
    assert "All is well, Amira. 212 left." in plus.requests.reply(request, finding="nothing_wrong")
    assert lead.replies.save("nothing_wrong", saved.text).version == 1, "the same again is no edit"
    again = lead.replies.reset("nothing_wrong")
    assert (again.version, again.text) == (2, original.text)
    assert [told.version for told in plus.replies.history("nothing_wrong")] == [2, 1, 0]
    acts = [record.act for record in plus.integrity.audit()]
    assert acts.count("edit a reply") == 2


def test_of_two_who_edit_the_same_text_the_second_is_told_who_was_first(
    desk: Desk, as_role: Callable[[str], Desk]
) -> None:
    lead = as_role("support_lead")
    lead.replies.save("see", "See section {section}.", based_on=0)
    with pytest.raises(ChangedMeanwhile, match="saved by support_lead@"):
        desk.replies.save("see", "Look at {section}.", based_on=0)
    assert desk.replies.template("see").text == "See section {section}."


@pytest.mark.parametrize("role", ["support", "product_manager", "qa", "system"])
def test_only_leads_and_admins_edit_templates(as_role: Callable[[str], Desk], role: str) -> None:
    person = as_role(role)
    with pytest.raises(NotPermitted):
        person.replies.save("see", "See section {section}.")
    assert len(person.replies.templates()) == len(FIGURES) + 6


def test_what_may_not_be_named_is_refused_and_nothing_is_changed(desk: Desk) -> None:
    with pytest.raises(InvalidValue, match=r"\{staff\}"):
        desk.replies.save("grant_voided", "Taken back by {staff}.")
    assert [told.version for told in desk.replies.history("grant_voided")] == [0]


def test_every_section_named_is_one_of_the_published_page(desk: Desk) -> None:
    named = {template.section for template in desk.replies.templates()} - {""}
    assert named <= set(SECTIONS)
