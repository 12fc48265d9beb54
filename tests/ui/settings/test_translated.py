"""What the rules say is said in the language of who reads it in the settings and their dialogs."""

import pytest

from app.domain.errors import InvalidValue
from app.domain.imports import BadRow
from app.domain.integrity import Violation
from app.domain.sentences import said
from app.domain.staff import Act, Role, StaffMember
from app.domain.users import checked_text
from app.storage import proof
from app.ui.import_dialog import bad_columns
from app.ui.settings.card import Signed
from app.ui.settings.verifying import broken_rows
from tests.ui.gallery.plain_english import english

pytestmark = pytest.mark.usefixtures("made_up")


def test_every_rule_that_is_broken_and_what_breaks_it_is_said_in_the_language() -> None:
    row = said("grant {grant}, credits {credits}").filled(grant=17, credits=said("none"))
    for check in proof.EVERY:
        (shown,) = broken_rows([Violation(check.name, check.sentence, (row,), 1)])
        left = [english(text) for text in (shown.rule, shown.sentence, shown.row)]
        assert left == ["", "", ""], shown


def test_why_a_row_of_a_file_is_left_out_is_said_in_the_language() -> None:
    with pytest.raises(InvalidValue) as refused:
        checked_text(" ", "mail address")
    left_out = BadRow(2, refused.value.sentence, "usr_1, ")
    why = next(column for column in bad_columns() if column.key == "why")
    assert english(why.text(left_out)) == ""
    assert refused.value.sentence == "The mail address is empty."


def test_what_a_role_may_not_do_is_said_in_the_language() -> None:
    for role in Role:
        signed = Signed(StaffMember(1, "ana@pixpretty.example", role), writable=True)
        for act in Act:
            assert english(signed.why_not(act)) == "", (role, act)
