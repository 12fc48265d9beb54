"""What happens on the page of users when its list or its account wants something.

The acts are named when something is wanted: what they open is imported behind the list.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from app.domain.staff import Act
from app.ui import format as write
from app.ui.language import tr

if TYPE_CHECKING:
    from app.ui.users.account import AccountPane
    from app.ui.users.acts import Acts
    from app.ui.users.page import UsersPage
    from app.ui.users.people import PeoplePane


def wire_people(page: UsersPage, people: PeoplePane) -> None:
    """Let the list be looked through, and what can be done to its users be done."""
    people.query_wanted.connect(page.show_query)
    people.shape_wanted.connect(page.show_shape)
    people.export_wanted.connect(lambda: page.acts.do("export-people"))
    people.register_wanted.connect(lambda: page.acts.do("register"))
    people.issue_wanted.connect(_acting(page, lambda acts, chosen: acts.issue_to_chosen(chosen)))
    people.can_issue = lambda: page.may(Act.GRANT)
    people.can_register = lambda: page.may(Act.REGISTER)


def wire_account(page: UsersPage, account: AccountPane) -> None:
    """Let what is wanted in an account happen."""
    frame, head, ledger = page.frame, account.head, account.ledger
    go_to_user = partial(frame.open_page, "users")
    account.retry_wanted.connect(page.reload)
    head.instant_wanted.connect(page.show_instant)
    head.act_wanted.connect(_acting(page, lambda acts, name: acts.do(name)))
    head.user_wanted.connect(go_to_user)
    head.copied.connect(lambda text: frame.say(tr("Copied {text}.", text=write.name(text))))
    account.proof.part_wanted.connect(page.show_kind)
    account.usage.piece_wanted.connect(page.show_used)
    ledger.filter_wanted.connect(page.show_entries)
    ledger.model.wanted.connect(page.older.ask)
    ledger.opened.connect(_acting(page, lambda acts, entry: acts.open_entry(entry)))
    ledger.refund_wanted.connect(_acting(page, lambda acts, entry: acts.refund(entry)))
    ledger.void_wanted.connect(_acting(page, lambda acts, entry: acts.void(entry)))
    open_grant = _acting(page, lambda acts, number: acts.open_grant(number))
    account.burn.grant_wanted.connect(open_grant)
    account.grants.opened.connect(lambda held: open_grant(held.grant.id))
    account.requests.opened.connect(partial(frame.open_page, "requests"))
    account.referrals.opened.connect(go_to_user)
    account.notes.add_wanted.connect(lambda: page.acts.do("note"))


def _acting(page: UsersPage, act: Callable[[Acts, Any], None]) -> Callable[[Any], None]:
    return lambda given: act(page.acts, given)
