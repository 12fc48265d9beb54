"""The states of the Requests page and its dialogs."""

from collections.abc import Callable
from threading import Event
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from app import shipped
from app.domain.requests import Request, RequestQuery, View
from app.ui.gallery import extremes, texts
from app.ui.gallery.shown import Build, Shown, in_window, nothing, whole_page
from app.ui.import_dialog import ImportDialog
from app.ui.page import Frame
from app.ui.requests import dialogs
from app.ui.requests.deciding import DecideDialog
from app.ui.requests.failed_jobs import FailedJobsDialog
from app.ui.requests.numbers import NumbersDialog
from app.ui.requests.page import RequestsPage
from app.ui.requests.queue import NameDialog
from app.ui.requests.reading import Case, read_case
from app.ui.requests.templates import TemplatesDialog
from app.ui.standing import read_standing

_WHY_NOT: Final = "Your role, support, may not do this."


def _of_amira(desk: Any) -> int:
    """A request of the user of the demo who has something of everything."""
    amira = desk.accounts.find("amira.haddad@example.com")[0].user_id
    return int(desk.requests.page(RequestQuery(user_id=amira), 0, 1)[0].id)


def _first_of(view: View) -> Callable[[Any], int]:
    return lambda desk: int(desk.requests.page(RequestQuery(view=view), 0, 1)[0].id)


def _case(frame: Frame, number: int) -> Case:
    return read_case(frame.desk, number, Event())


def _request(frame: Frame, find: Callable[[Any], int]) -> Request:
    return cast("Request", frame.desk.requests.request(find(frame.desk)))


def _always(number: int) -> Callable[[Any], int]:
    return lambda _desk: number


def _decide(find: Callable[[Any], int]) -> Build:
    def build(frame: Frame) -> QWidget:
        case, standing = _case(frame, find(frame.desk)), read_standing(frame.desk, Event())
        return DecideDialog(cast("QWidget", frame), frame, case, standing, nothing)

    return build


def _match(find: Callable[[Any], int]) -> Build:
    return lambda frame: dialogs.MatchDialog(
        cast("QWidget", frame), frame, _request(frame, find), nothing
    )


def _open(find: Callable[[Any], int] | None) -> Build:
    def build(frame: Frame) -> QWidget:
        case = None if find is None else _case(frame, find(frame.desk))
        return dialogs.OpenDialog(cast("QWidget", frame), frame, case, nothing)

    return build


def _reopen(find: Callable[[Any], int]) -> Build:
    return lambda frame: dialogs.ReopenDialog(
        cast("QWidget", frame), frame, _request(frame, find), nothing
    )


def _import(why_not: str = "") -> Build:
    path = str(shipped.path("resources/samples/requests.csv"))
    return lambda frame: ImportDialog(cast("QWidget", frame), frame, "requests", path, why_not)


def _numbers(frame: Frame) -> QWidget:
    policy = read_standing(frame.desk, Event()).policy
    reasons = {reason.key: reason.name for reason in policy.reasons}
    return NumbersDialog(cast("QWidget", frame), frame, reasons)


def _templates(why_not: str = "") -> Build:
    return lambda frame: TemplatesDialog(cast("QWidget", frame), frame, why_not)


def _failed_jobs(why_not: str = "") -> Build:
    def build(frame: Frame) -> QWidget:
        names = frame.desk.pricing.names()
        return FailedJobsDialog(cast("QWidget", frame), frame, names, why_not)

    return build


def _name(text: str) -> Build:
    def build(frame: Frame) -> QWidget:
        dialog = NameDialog(cast("QWidget", frame), nothing)
        dialog.name.setText(text)
        return dialog

    return build


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page(
        "requests",
        RequestsPage,
        ready=_of_amira,
        extreme={
            "very long text": extremes.LONG_REQUEST,
            "hostile text": extremes.HOSTILE_REQUEST,
            "huge numbers": extremes.HUGE_REQUEST,
            "other scripts": extremes.SCRIPT_REQUEST,
            "unmatched": extremes.UNMATCHED_REQUEST,
        },
    ),
    Shown(
        RequestsPage,
        "waiting",
        in_window("requests", _first_of(View.WAITING)),
        "demo",
        size=(1440, 900),
    ),
    Shown(
        RequestsPage,
        "closed",
        in_window("requests", _first_of(View.CLOSED)),
        "demo",
        size=(1440, 900),
    ),
    Shown(DecideDialog, "ready", _decide(_first_of(View.WAITING)), "demo"),
    Shown(dialogs.MatchDialog, "ready", _match(_first_of(View.OPEN)), "demo"),
    Shown(dialogs.MatchDialog, "loading", _match(_first_of(View.OPEN)), "demo", "awaited"),
    Shown(dialogs.MatchDialog, "failed", _match(_first_of(View.OPEN)), "demo", "failed"),
    Shown(
        dialogs.MatchDialog, "hostile text", _match(_always(extremes.UNMATCHED_REQUEST)), "extreme"
    ),
    Shown(dialogs.OpenDialog, "empty", _open(None), "demo"),
    Shown(dialogs.OpenDialog, "ready", _open(_of_amira), "demo"),
    Shown(dialogs.OpenDialog, "hostile text", _open(_always(extremes.HOSTILE_REQUEST)), "extreme"),
    Shown(dialogs.ReopenDialog, "ready", _reopen(_first_of(View.CLOSED)), "demo"),
    Shown(
        dialogs.ReopenDialog, "very long text", _reopen(_always(extremes.LONG_REQUEST)), "extreme"
    ),
    Shown(ImportDialog, "ready", _import(), "demo"),
    Shown(ImportDialog, "with rows left out", _import(), "empty"),
    Shown(ImportDialog, "loading", _import(), "demo", "awaited"),
    Shown(ImportDialog, "failed", _import(), "demo", "failed"),
    Shown(ImportDialog, "not permitted", _import(_WHY_NOT), "demo"),
    Shown(NumbersDialog, "ready", _numbers, "demo"),
    Shown(NumbersDialog, "empty", _numbers, "empty"),
    Shown(NumbersDialog, "loading", _numbers, "demo", "awaited"),
    Shown(NumbersDialog, "failed", _numbers, "demo", "failed"),
    Shown(NumbersDialog, "extremes", _numbers, "extreme"),
    Shown(TemplatesDialog, "ready", _templates(), "demo"),
    Shown(TemplatesDialog, "loading", _templates(), "demo", "awaited"),
    Shown(TemplatesDialog, "failed", _templates(), "demo", "failed"),
    Shown(TemplatesDialog, "not permitted", _templates(_WHY_NOT), "demo"),
    Shown(FailedJobsDialog, "ready", _failed_jobs(), "demo"),
    Shown(FailedJobsDialog, "empty", _failed_jobs(), "empty"),
    Shown(FailedJobsDialog, "loading", _failed_jobs(), "demo", "awaited"),
    Shown(FailedJobsDialog, "failed", _failed_jobs(), "demo", "failed"),
    Shown(FailedJobsDialog, "extremes", _failed_jobs(), "extreme"),
    Shown(FailedJobsDialog, "not permitted", _failed_jobs(_WHY_NOT), "demo"),
    Shown(NameDialog, "empty", _name("")),
    Shown(NameDialog, "hostile text", _name(texts.HOSTILE)),
)
