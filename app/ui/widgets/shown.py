"""The states of the common stock of widgets."""

from typing import Final

from app.ui.gallery import texts
from app.ui.gallery.shown import Shown
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.card import Card, StatCard

SHOWN: Final[tuple[Shown, ...]] = (
    Shown(Button, "plain", lambda _: Button("Statement", icon="file-text")),
    Shown(Button, "primary", lambda _: Button("Issue credits…", kind="primary", icon="plus")),
    Shown(Button, "very long text", lambda _: Button(texts.LONG)),
    Shown(IconButton, "ready", lambda _: IconButton("copy", "Copy")),
    Shown(Card, "ready", lambda _: Card("Why 1,284?", "5,770 in − 4,486 out")),
    Shown(StatCard, "ready", lambda _: StatCard("Balance", "1,284", "150 expire")),
    Shown(StatCard, "empty", lambda _: StatCard("Balance")),
    Shown(StatCard, "huge numbers", lambda _: StatCard("Balance", f"{texts.HUGE:,}", texts.LONG)),
    Shown(StatCard, "hostile text", lambda _: StatCard(texts.HOSTILE, "1", texts.HOSTILE)),
)
