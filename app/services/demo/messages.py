"""What the users of the demo write to support, in their own words."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, ...]] = {
    "charged_twice": (
        "you charged me twice for one picture, {credits} and again {credits}",
        "Same picture, one click, two charges. Please check.",
    ),
    "credits_vanished": (
        (
            "my credits are gone!! had {credits} left on the last day of the month, now they are"
            " just not there. please give them back"
        ),
        (
            "Hi, I saved {credits} credits for a wedding shoot and this month they disappeared."
            " Where did they go?\n\nThanks"
        ),
        "Hola, me faltan {credits} créditos del mes pasado. ¿Caducan?",
    ),
    "monthly_credits_missing": (
        "where are my monthly credits? nothing came this month",
        (
            "I have been a subscriber for a year and this month I got no credits at all. Is"
            " something wrong with my account?"
        ),
        "Bonjour, je n'ai pas reçu mes crédits du mois.",
    ),
    "upgrade_too_little": (
        "paid for pro yesterday only got {credits}",
        (
            "I upgraded because the page says 1000 credits a month. I got {credits}. Where is the"
            " rest?"
        ),
    ),
    "failed_generation": (
        "it failed and took {credits} credits",
        (
            "{feature} just said “generation failed” and my {credits} credits are gone. That is the"
            " second time this week."
        ),
        (
            "Generation stopped at 80 % and never finished. Please refund {credits} credits, I need"
            " them for a client tonight."
        ),
        "画像の生成に失敗しましたが、{credits}クレジット引かれています。",
    ),
    "wrong_price": (
        "{feature} costs {credits} now?? i am sure it was less",
        (
            "Your blog says 60 for 4K, the app took {credits}, the page says something else. Which"
            " one is right?"
        ),
    ),
    "referral_not_paid": (
        "my friend signed up but no 12 credits",
        "I invited two colleagues with my link and got credits for only one of them.",
    ),
    "signup_bonus": (
        "the 12 credits i got when i signed up are gone, i never used them",
        "Your page says new users get 12 credits. I have 0.",
    ),
    "out_of_credits": (
        "no credits left and I have to deliver tomorrow. can I buy some?",
        "It says I need {credits} credits. What can I do until next month?",
        "ran out again :( any chance for a few more",
    ),
    "other": (
        "Can I give my credits to a colleague?",
        "Please delete the picture I made yesterday, it has a face on it that I may not use.",
        "<b>hello</b> is there an API? \U0001f60a",
    ),
}
"""By what they are about, with the figures of the record filled in."""

STRANGERS = (
    (
        "amira.h@studio-haddad.example",
        "Hi, it is Amira from the studio, writing from my work address. The export froze again.",
    ),
    ("PIX-77777", "my code does not work, my sister used it and nothing happened"),
    ("+49 151 5550147", "Bitte um Rückruf, mir fehlen Credits."),
    ("guest@forward.example", "Fwd: Fwd: credits??"),
)
"""Who matches nobody on record, and what they write."""

DECLINED = (
    "Monthly credits last until the end of their month; told when the next ones come.",
    "Charged as listed at that time; sent the price page.",
    "Nothing is missing on record; asked for a screenshot.",
)
"""Why a request was declined."""

AGAIN = "That does not help me. I was told on the phone that they carry over."
"""What somebody writes whose request was declined."""
