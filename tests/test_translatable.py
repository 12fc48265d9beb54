"""Every text stands in the source as it is, and translators have all of them in one file."""

import pytest

from tests.translatable import RENEW, TEMPLATE, Text, collected, template, texts_in

FORMS = (
    'tr(f"Copied {name}.")',
    'tr("Copied " + name)',
    "tr(text)",
    'trn("{count} user", many, 3)',
    "said(sentence)",
    "language.tr(text)",
)


def test_every_text_for_translators_stands_literally_in_the_source() -> None:
    assert collected()[1] == []


@pytest.mark.parametrize("call", FORMS)
def test_a_text_that_is_put_together_first_is_found(call: str) -> None:
    (wrong,) = texts_in("app/x.py", call)
    assert isinstance(wrong, str)
    assert wrong.startswith("app/x.py:1: ")


def test_a_text_is_collected_with_its_form_for_many_and_its_file() -> None:
    found = list(texts_in("app/x.py", 'trn("{count} user", "{count} users", 3); tr("Users")'))
    assert found == [
        Text("{count} user", "{count} users", "app/x.py"),
        Text("Users", "", "app/x.py"),
    ]


def test_the_template_for_translators_has_every_text_there_is() -> None:
    assert TEMPLATE.is_file(), f"There is none. Write it: {RENEW}"
    same = TEMPLATE.read_text("utf-8") == template()
    assert same, f"{TEMPLATE.name} is not what the source says. Renew it: {RENEW}"
