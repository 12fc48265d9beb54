"""The states of what belongs to no page: messages, approvals, the palette, the keys."""

from datetime import UTC, timedelta
from typing import Final, cast

from PySide6.QtWidgets import QWidget

from app.ui.act_dialog import ActDialog
from app.ui.actions import Action
from app.ui.approvals import ApprovalsDialog
from app.ui.errors import Trouble
from app.ui.gallery import texts
from app.ui.gallery.shown import Build, Shown, nothing
from app.ui.language import tr
from app.ui.messages import Messages, MistakeDialog
from app.ui.page import Frame
from app.ui.palette import Palette, ShortcutSheet
from app.ui.widgets.text import Label
from app.ui.widgets.toast import Said

_TRACE: Final = "Traceback (most recent call last):\n" + "\n".join(
    f'  File "app/ui/{name}.py", line {line}, in reload' for line, name in enumerate(("a", "b"), 7)
)
_SAID: Final = tuple(
    Said(texts.NOW - timedelta(minutes=7 * at * at), text, tone)
    for at, (text, tone) in enumerate(
        (
            ("Issued 24 credits to Amira Haddad.", "success"),
            ("Somebody else answered this request.", "danger"),
            (texts.HOSTILE, "neutral"),
            (texts.LONG, "neutral"),
            (texts.ARABIC, "neutral"),
        )
    )
)


def _messages(history: tuple[Said, ...]) -> Build:
    return lambda frame: Messages(cast("QWidget", frame), history, UTC, texts.NOW)


def _mistake(details: str, log: str) -> Build:
    trouble = Trouble("us", "Reading failed because of a mistake in the program.", details)
    return lambda frame: MistakeDialog(cast("QWidget", frame), trouble, log)


def _approvals(frame: Frame) -> QWidget:
    return ApprovalsDialog(cast("QWidget", frame), frame)


def _act(frame: Frame) -> QWidget:
    dialog = ActDialog(cast("QWidget", frame), frame, "Void this grant?", "Void", kind="danger")
    dialog.body.addWidget(Label("24 credits of 24 are taken back.", wrap=True))
    return dialog


def _refused(frame: Frame) -> QWidget:
    dialog = cast("ActDialog", _act(frame))
    dialog.refuse(texts.HOSTILE)
    return dialog


_ACTIONS: Final = (
    Action("search", "Search users", nothing, "Ctrl+K"),
    Action("back", "Back", nothing, "Alt+Left", possible=lambda: False),
    Action("publish", "Publish prices…", nothing, "Ctrl+S", where="prices"),
    Action("hostile", texts.HOSTILE, nothing, "Ctrl+H"),
    Action("long", texts.LONG, nothing),
)


def _palette(typed: str) -> Build:
    def build(frame: Frame) -> QWidget:
        palette = Palette(cast("QWidget", frame), _ACTIONS)
        palette.search.setText(typed)
        return palette

    return build


def _sheet(frame: Frame) -> QWidget:
    return ShortcutSheet(cast("QWidget", frame), lambda: _ACTIONS, lambda _where: tr("Prices"))


SHOWN: Final[tuple[Shown, ...]] = (
    Shown(Messages, "empty", _messages(())),
    Shown(Messages, "ready", _messages(_SAID)),
    Shown(MistakeDialog, "ready", _mistake(_TRACE, "pixpretty-credits.log")),
    Shown(MistakeDialog, "very long text", _mistake(texts.PARAGRAPH, texts.LONG)),
    Shown(ApprovalsDialog, "ready", _approvals, "demo"),
    Shown(ApprovalsDialog, "empty", _approvals, "empty"),
    Shown(ApprovalsDialog, "loading", _approvals, "demo", "awaited"),
    Shown(ApprovalsDialog, "failed", _approvals, "demo", "failed"),
    Shown(ActDialog, "ready", _act),
    Shown(ActDialog, "hostile text", _refused),
    Shown(Palette, "ready", _palette("")),
    Shown(Palette, "empty", _palette("zzz")),
    Shown(ShortcutSheet, "ready", _sheet),
)
