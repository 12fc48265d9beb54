"""The states of the Users page and its dialogs."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.staff import Allowed
from app.ui.exporting import ExportDialog, Told
from app.ui.gallery import extremes, texts
from app.ui.gallery.shown import Build, Shown, in_window, nothing, whole_page
from app.ui.page import Frame
from app.ui.standing import Standing, read_standing
from app.ui.users import details, dialogs
from app.ui.users.issue import IssueDialog
from app.ui.users.issue_many import IssueManyDialog
from app.ui.users.issue_many_state import ManyIssuing, Wanted
from app.ui.users.issue_state import Issuing, lately_given
from app.ui.users.page import UsersPage
from app.ui.users.reading import (
    AccountData,
    LedgerFilter,
    read_account,
    read_charge,
    read_grant,
)
from app.ui.users.statement import StatementDialog

DRAWN_USER: Final = "amira.haddad@example.com"
"""Whose account of the demo is drawn: one with something of everything."""
_LIMITS: Final = Allowed(per_grant=100, today=380)
_TICKET: Final = "ZD-48213"


def amira(desk: Any) -> str:
    """The user of the demo whose account is drawn."""
    return str(desk.accounts.find(DRAWN_USER)[0].user_id)


def _table(frame: Frame) -> QWidget:
    """The page with the list as a table over all the room."""
    window = in_window("users")(frame)
    cast("UsersPage", cast("Any", frame).page).show_shape("table")
    return window


# Dialogs over an account


def _account(frame: Frame, user_id: str = "") -> AccountData:
    user_id = user_id or amira(frame.desk)
    return read_account(frame.desk, user_id, None, LedgerFilter(), Event())


def _standing(frame: Frame) -> Standing:
    return read_standing(frame.desk, Event())


def _over(make: Callable[[QWidget, Frame, AccountData], QWidget], user_id: str = "") -> Build:
    """A dialog over the account of a user (in the demo: Amira)."""
    return lambda frame: make(cast("QWidget", frame), frame, _account(frame, user_id))


def _issue(
    parent: QWidget,
    frame: Frame,
    data: AccountData,
    *,
    credits: int | None = None,
    allowed: Allowed | None = None,
    words: str = "",
) -> IssueDialog:
    standing = _standing(frame)
    issuing = Issuing(
        user=data.user,
        available=data.account.available,
        allowed=allowed or data.allowed,
        reasons=standing.policy.reasons,
        validity=standing.policy.default_validity,
        lately=lately_given(data.account.all_grants, data.now),
        cost=48,
    )
    dialog = IssueDialog(parent, frame, issuing, nothing)
    dialog.amount.set_amount(credits)
    if words:
        dialog.reason.choose(standing.policy.reasons[0].key)
        dialog.note.setPlainText(words)
        dialog.ticket.setText(_TICKET)
    return dialog


def _filled(parent: QWidget, frame: Frame, data: AccountData) -> IssueDialog:
    return _issue(parent, frame, data, credits=48, words="The batch failed halfway.")


def _over_the_limit(parent: QWidget, frame: Frame, data: AccountData) -> IssueDialog:
    return _issue(parent, frame, data, credits=150, allowed=_LIMITS, words="A whole week lost.")


def _hostile_issue(parent: QWidget, frame: Frame, data: AccountData) -> IssueDialog:
    return _issue(parent, frame, data, credits=1_000_000, words=texts.HOSTILE)


def _refused(parent: QWidget, frame: Frame, data: AccountData) -> IssueDialog:
    dialog = _filled(parent, frame, data)
    dialog.refuse("The database is locked. What you typed is still here: try again.")
    return dialog


def _charge(data: AccountData) -> LedgerEntry:
    uses = (one for one in data.entries.rows if one.kind is EntryKind.USE and one.credits < 0)
    return next(one for one in uses if not one.refunded)


def _refund(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    reasons = _standing(frame).policy.reasons
    return dialogs.RefundDialog(parent, frame, _charge(data), reasons, nothing)


def _void(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    reasons = _standing(frame).policy.reasons
    return dialogs.VoidDialog(parent, frame, data.account.grants[-1], reasons, nothing)


def _plan(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    return dialogs.PlanDialog(parent, frame, data.user, nothing)


def _contact(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    return dialogs.ContactDialog(parent, frame, data.user, nothing)


def _note(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    return dialogs.NoteDialog(parent, frame, data.user, nothing)


def _charge_detail(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    detail = read_charge(frame.desk, _charge(data), Event())
    standing = _standing(frame)
    return details.charge_dialog(
        parent, frame, detail, standing, refund=lambda: None, open_grant=nothing
    )


def _grant_detail(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    detail = read_grant(frame.desk, data.account.grants[0].id, Event())
    standing = _standing(frame)
    return details.grant_dialog(
        parent, frame, detail, standing, void=lambda: None, open_charge=nothing
    )


def _statement(parent: QWidget, frame: Frame, data: AccountData) -> QWidget:
    return StatementDialog(parent, frame, data)


def _register(frame: Frame) -> QWidget:
    return dialogs.RegisterDialog(cast("QWidget", frame), frame, nothing)


def _export(frame: Frame) -> QWidget:
    def lines(_told: Told, _stop: Event) -> Iterator[str]:
        yield ""

    return ExportDialog(cast("QWidget", frame), frame, "ledger-usr_01JD8Q4ZK7.csv", 1_120, lines)


# Several users at once


def _many(wanted: Callable[[Frame], Wanted], credits: int | None = 24) -> Build:
    def build(frame: Frame) -> QWidget:
        policy = _standing(frame).policy
        issuing = ManyIssuing(wanted(frame), policy.reasons, policy.default_validity)
        dialog = IssueManyDialog(cast("QWidget", frame), frame, issuing, nothing)
        dialog.fields.amount.set_amount(credits)
        dialog.fields.ticket.setText(_TICKET)
        return dialog

    return build


def _first_users(frame: Frame) -> Wanted:
    return tuple(user.user_id for user in frame.desk.accounts.find("a", limit=8))


def _pasted(frame: Frame) -> Wanted:
    known = "\n".join(user.email for user in frame.desk.accounts.find("a", limit=3))
    return f"{known}\n{known.splitlines()[0]}\nnobody@example.com\n{texts.HOSTILE[:40]}"


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page(
        "users",
        UsersPage,
        ready=amira,
        extreme={
            "very long text": extremes.LONG_ID,
            "huge numbers": extremes.HUGE_ID,
            "hostile text": extremes.HOSTILE_ID,
            "other scripts": extremes.SCRIPT_IDS[0],
        },
    ),
    Shown(UsersPage, "table", _table, "demo", size=(1440, 900)),
    Shown(UsersPage, "table of extremes", _table, "extreme", size=(1024, 640)),
    Shown(IssueDialog, "empty", _over(_issue), "demo"),
    Shown(IssueDialog, "ready", _over(_filled), "demo"),
    Shown(IssueDialog, "over the limit", _over(_over_the_limit), "demo"),
    Shown(IssueDialog, "failed", _over(_refused), "demo"),
    Shown(IssueDialog, "hostile text", _over(_hostile_issue, extremes.HOSTILE_ID), "extreme"),
    Shown(IssueDialog, "very long text", _over(_filled, extremes.LONG_ID), "extreme"),
    Shown(IssueManyDialog, "empty", _many(lambda _: "", None), "demo"),
    Shown(IssueManyDialog, "ready", _many(_first_users), "demo"),
    Shown(IssueManyDialog, "with bad rows", _many(_pasted), "demo"),
    Shown(IssueManyDialog, "loading", _many(_first_users), "demo", "awaited"),
    Shown(IssueManyDialog, "failed", _many(_first_users), "demo", "failed"),
    Shown(IssueManyDialog, "extremes", _many(_first_users, 1_000_000), "extreme"),
    Shown(dialogs.RefundDialog, "ready", _over(_refund), "demo"),
    Shown(dialogs.RefundDialog, "loading", _over(_refund), "demo", "awaited"),
    Shown(dialogs.RefundDialog, "failed", _over(_refund), "demo", "failed"),
    Shown(dialogs.RefundDialog, "extremes", _over(_refund, extremes.HUGE_ID), "extreme"),
    Shown(dialogs.VoidDialog, "ready", _over(_void), "demo"),
    Shown(dialogs.VoidDialog, "hostile text", _over(_void, extremes.HOSTILE_ID), "extreme"),
    Shown(dialogs.PlanDialog, "ready", _over(_plan), "demo"),
    Shown(dialogs.PlanDialog, "failed", _over(_plan), "demo", "failed"),
    Shown(dialogs.PlanDialog, "very long text", _over(_plan, extremes.LONG_ID), "extreme"),
    Shown(dialogs.RegisterDialog, "empty", _register),
    Shown(dialogs.ContactDialog, "ready", _over(_contact), "demo"),
    Shown(dialogs.ContactDialog, "hostile text", _over(_contact, extremes.HOSTILE_ID), "extreme"),
    Shown(dialogs.NoteDialog, "empty", _over(_note), "demo"),
    Shown(dialogs.NoteDialog, "very long text", _over(_note, extremes.LONG_ID), "extreme"),
    Shown(details.DetailDialog, "a charge", _over(_charge_detail), "demo"),
    Shown(details.DetailDialog, "a grant", _over(_grant_detail), "demo"),
    Shown(
        details.DetailDialog,
        "hostile text",
        _over(_grant_detail, extremes.HOSTILE_ID),
        "extreme",
    ),
    Shown(details.DetailDialog, "huge numbers", _over(_charge_detail, extremes.HUGE_ID), "extreme"),
    Shown(StatementDialog, "ready", _over(_statement), "demo"),
    Shown(StatementDialog, "loading", _over(_statement), "demo", "awaited"),
    Shown(StatementDialog, "failed", _over(_statement), "demo", "failed"),
    Shown(StatementDialog, "hostile text", _over(_statement, extremes.HOSTILE_ID), "extreme"),
    Shown(ExportDialog, "loading", _export, answers="awaited"),
    Shown(ExportDialog, "failed", _export, answers="failed"),
)
