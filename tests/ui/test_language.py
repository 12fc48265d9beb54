"""Texts in the language of who reads them, and a made-up language that shows what was forgotten."""

from datetime import UTC, datetime

import pytest

from app.domain.calendar import BillingCalendar, Month
from app.domain.diagnosis_case import moment_of, month_name
from app.domain.sentences import said, saidn
from app.ui.format import Locale, put_in_force
from app.ui.language import Pseudo, choose, of, pseudo, tr, trn


def test_english_is_said_as_it_is_written() -> None:
    assert tr("Issue credits") == "Issue credits"
    assert tr("Copied {name}.", name="{x}") == "Copied {x}."
    assert trn("{count} grant", "{count} grants", 1) == "1 grant"
    assert trn("{count} grant", "{count} grants", 2048) == "2,048 grants"


def test_a_text_without_values_may_hold_braces() -> None:
    assert tr("{ticket} stands for the ticket.") == "{ticket} stands for the ticket."


@pytest.mark.usefixtures("made_up")
def test_the_made_up_language_changes_every_word_but_no_place_and_no_value() -> None:
    said = tr("Copied {name} here.", name="Amira")
    assert "Amira" in said
    assert "Copied" not in said
    assert "here" not in said
    assert trn("{count} grant", "{count} grants", 3).startswith("[3 ")


def test_the_made_up_language_is_two_fifths_longer() -> None:
    text = "Nothing was used in these months."
    assert len(pseudo(text)) >= 1.4 * len(text)


def test_what_has_no_letters_is_no_word() -> None:
    assert pseudo("1,284 –") == "1,284 –"


def test_a_language_is_taken_back() -> None:
    back = choose(Pseudo())
    assert tr("Users") != "Users"
    back()
    assert tr("Users") == "Users"


def test_a_sentence_of_the_rules_is_said_in_english_as_the_rules_have_it() -> None:
    assert of(said("The {field} is empty.", field="note")) == "The note is empty."
    assert of("The note is empty.") == "The note is empty."


@pytest.mark.usefixtures("made_up")
def test_a_sentence_of_the_rules_and_the_sentences_in_it_are_said_in_the_language() -> None:
    sentence = said("“{user}” {why}.", user="Amira", why=said("is not on record"))
    assert of(sentence) == pseudo("“{user}” {why}.").format(
        user="Amira", why=pseudo("is not on record")
    )


def test_a_sentence_of_the_rules_has_a_form_for_one_and_for_many() -> None:
    for say in (str, of):
        assert say(saidn("{count} credit", "{count} credits", 1)) == "1 credit"
        assert say(saidn("{count} credit", "{count} credits", 1200)) == "1,200 credits"


@pytest.mark.usefixtures("made_up")
def test_the_form_for_a_number_is_said_in_the_language() -> None:
    costs = said("costs {now}", now=saidn("{count} credit", "{count} credits", 1200))
    assert of(costs) == pseudo("costs {now}").format(
        now=pseudo("{count} credits").format(count="1,200")
    )


def test_a_day_of_the_rules_is_written_as_the_screens_write_theirs() -> None:
    calendar = BillingCalendar("Europe/Berlin")
    noon = datetime(2026, 3, 22, 11, 30, tzinfo=UTC)
    sentence = said(
        "Charged on {moment}, within {month}.",
        moment=moment_of(noon, calendar),
        month=month_name(Month(2026, 3)),
    )
    assert sentence == "Charged on 22 Mar 2026 12:30, within March 2026."
    back = put_in_force(
        Locale(
            day="{day}. {month} {year}",
            months=tuple("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split()),
            full_months=tuple(
                "Januar Februar März April Mai Juni Juli August September Oktober November"
                " Dezember".split()
            ),
        )
    )
    try:
        assert of(sentence) == "Charged on 22. Mrz 2026 12:30, within März 2026."
    finally:
        back()
