"""The table of rules, section 5, typed out and compared act by act."""

import pytest

from app.domain.errors import InvalidValue, NotPermitted
from app.domain.staff import Act, Role, StaffMember, is_limited, may, require, role_of

# One line an act; the columns are the roles in the order of the rules. The acts of a column of
# the rules stand together.
TABLE = """
                     support lead pm  qa  admin system
look up              yes     yes  yes yes yes   yes
verify               yes     yes  yes yes yes   yes
register users       yes     yes  -   -   yes   yes
change plans         yes     yes  -   -   yes   yes
write notes          yes     yes  -   -   yes   -
correct contact data yes     yes  -   -   yes   -
open requests        yes     yes  -   -   yes   -
issue credits        yes     yes  -   -   yes   -
refund charges       yes     yes  -   -   yes   -
refund failed jobs   yes     yes  -   -   yes   yes
void grants          yes     yes  -   -   yes   -
resolve requests     yes     yes  -   -   yes   -
approve over the limit -     yes  -   -   yes   -
edit the texts of replies -  yes  -   -   yes   -
import users, plans and requests - yes - - yes  -
import usage         -       yes  -   -   yes   yes
back up the database -       yes  -   -   yes   -
edit and publish prices -    -    yes -   yes   -
run what-if          -       -    yes yes yes   -
manage staff         -       -    -   -   yes   -
restore the database -       -    -   -   yes   -
charge uses          -       -    -   -   yes   yes
record top-ups       -       -    -   -   yes   yes
"""
COLUMNS = (
    Role.SUPPORT,
    Role.SUPPORT_LEAD,
    Role.PRODUCT_MANAGER,
    Role.QA,
    Role.ADMIN,
    Role.SYSTEM,
)
# Acts the table of the rules does not name: the product reports outcomes, and a release is due
# anyway whoever asks for it. What was bought no limit counts, so support records no purchase.
BESIDE_THE_TABLE = {Act.REPORT_OUTCOME, Act.RELEASE}


def rows() -> dict[Act, dict[Role, bool]]:
    found = {}
    for line in TABLE.strip().splitlines()[1:]:
        words = line.split()
        name, cells = " ".join(words[:-6]), words[-6:]
        found[Act(name)] = {role: c == "yes" for role, c in zip(COLUMNS, cells, strict=True)}
    return found


def test_the_table_names_every_act() -> None:
    assert set(rows()) | BESIDE_THE_TABLE == set(Act)


@pytest.mark.parametrize("act", list(rows()), ids=str)
def test_who_may_do_it_is_as_the_rules_say(act: Act) -> None:
    assert {role: may(role, act) for role in Role} == rows()[act]


def test_only_the_product_and_an_admin_report_outcomes() -> None:
    assert {role for role in Role if may(role, Act.REPORT_OUTCOME)} == {Role.ADMIN, Role.SYSTEM}


def test_nobody_unknown_and_nothing_unknown_is_allowed() -> None:
    assert not any(may(None, act) for act in Act)
    assert not any(may(role, "make coffee") for role in Role)  # type: ignore[arg-type]


def test_a_refusal_names_who_and_what() -> None:
    member = StaffMember(1, "ana@pixpretty.example", Role.QA)
    with pytest.raises(NotPermitted, match=r"ana@pixpretty.example.*qa.*issue credits"):
        require(member, member.email, Act.GRANT)
    with pytest.raises(NotPermitted, match=r"bo@pixpretty.example"):
        require(None, "bo@pixpretty.example", Act.LOOK_UP)


def test_who_was_deactivated_may_do_nothing_whatever_the_role() -> None:
    member = StaffMember(1, "ana@pixpretty.example", Role.ADMIN, active=False)
    for act in Act:
        with pytest.raises(NotPermitted, match="no longer active"):
            require(member, member.email, act)


def test_who_may_is_let_through() -> None:
    member = StaffMember(1, "ana@pixpretty.example", Role.SUPPORT)
    assert require(member, member.email, Act.GRANT) is member


def test_only_members_of_support_are_limited() -> None:
    assert [role for role in Role if is_limited(role)] == [Role.SUPPORT]


@pytest.mark.parametrize("name", ["", "Admin", "root", "admin "])
def test_an_unknown_role_is_refused_and_named(name: str) -> None:
    with pytest.raises(InvalidValue, match=f"“{name}”"):
        role_of(name)
    assert role_of("support_lead") is Role.SUPPORT_LEAD
