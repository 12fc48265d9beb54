"""Sentences keep their template and values beside what they say."""

import copy
import json

from app.domain.errors import CreditsError
from app.domain.sentences import said


def test_a_sentence_is_the_text_it_says() -> None:
    sentence = said("There is no user “{user_id}” on record.", user_id="usr_1")
    assert sentence == "There is no user “usr_1” on record."
    assert json.dumps(sentence, ensure_ascii=False) == '"There is no user “usr_1” on record."'


def test_a_sentence_knows_how_it_was_put_together() -> None:
    sentence = copy.copy(said("The {field} is empty.", field=said("note")))
    assert sentence.template == "The {field} is empty."
    assert sentence.values == {"field": "note"}


def test_braces_in_values_and_in_sentences_without_values_stay() -> None:
    assert said("The key {key} is taken.", key="{x}") == "The key {x} is taken."
    assert said("{ticket} stands for the ticket.") == "{ticket} stands for the ticket."


def test_an_error_hands_on_the_sentence_it_was_raised_with() -> None:
    sentence = said("The {field} is empty.", field="note")
    assert CreditsError(sentence).said is sentence
    assert CreditsError(sentence).sentence is sentence
    assert CreditsError("As it is.").said == "As it is."


def test_a_sentence_of_the_same_template_can_be_said_of_other_values() -> None:
    row = said("grant {grant}, credits {credits}")
    assert row.filled(grant=17, credits=12) == "grant 17, credits 12"
    assert row.filled(grant=17, credits=12).template == row.template
