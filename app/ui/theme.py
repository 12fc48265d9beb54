"""How the program looks: one `Theme` for the application, made of `tokens`.

A widget says which *voice* (type) and *ink* (colour) it speaks with, once, through `dress`; the
theme keeps that true when colours, density or text size change. What paints itself asks `current()`
while painting and repaints on `changed`.
"""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QFontMetricsF, QIcon, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QStyledItemDelegate,
    QWidget,
)

from app import shipped
from app.ui import format as write
from app.ui import icons, tokens
from app.ui.tokens import Density, Scheme, Tokens

ZOOMS: Final = (80, 90, 100, 110, 125, 150, 175, 200)
SANS: Final = "Inter"
MONO: Final = "JetBrains Mono"

_MARKS: Final = ("check", "chevron", "dot")
_FIRST_JOINED: Final = "\u0300"
_SIGNS: Final = frozenset("−·—–…“”‘’")
_PAIRED: Final = 1.03
_SIZES: Final = {
    "control_height": tokens.CONTROL_HEIGHT,
    "header_height": tokens.HEADER_HEIGHT,
    "button_inside": tokens.CONTROL_HEIGHT - 12,
    "field_inside": tokens.CONTROL_HEIGHT - 10,
    "entry_height": tokens.CONTROL_HEIGHT - 8,
}


class Advances(dict[str, float]):
    """How far each letter of a font reaches: says quickly that a text has room.

    Letters that change shape beside others, or come from another font, are never sure to have it.
    """

    def __init__(self, metrics: QFontMetrics) -> None:
        super().__init__()
        self._metrics = QFontMetricsF(metrics)

    def __missing__(self, letter: str) -> float:
        known = letter < _FIRST_JOINED or letter in _SIGNS
        reach = self._metrics.horizontalAdvance(letter) if known else math.inf
        self[letter] = reach
        return reach

    def fit(self, text: str, width: int) -> bool:
        """Whether a text surely fits into so many pixels; one that barely does is not sure."""
        # Pairs of letters stand a little closer or wider than each by itself.
        return sum(map(self.__getitem__, text)) * _PAIRED + 2 <= width


class Theme(QObject):
    """The look in force: colours, density, text size, times. Made once, by `install`."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._strategy = QFont.StyleStrategy.PreferAntialias
        self.scheme: Scheme = "system"
        self.density: Density = "normal"
        self.zoom = 100
        self.dark = False
        self.still = False
        self.tokens: Tokens = tokens.LIGHT
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._advances: dict[str, Advances] = {}
        self._colours: dict[str, QColor] = {}
        application.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(
        self,
        *,
        scheme: Scheme | None = None,
        density: Density | None = None,
        zoom: int | None = None,
        times: write.Times | None = None,
    ) -> None:
        """Change what is given, keep the rest, and dress every widget anew."""
        write.show_times(times or write.times_shown())
        self.scheme = scheme or self.scheme
        self.density = density or self.density
        self.zoom = max(ZOOMS[0], min(ZOOMS[-1], zoom or self.zoom))
        self._apply()

    def zoom_by(self, steps: int) -> None:
        """Make text larger (1) or smaller (-1), or 100 % again (0)."""
        place = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self.zoom))
        self.choose(zoom=ZOOMS[max(0, min(len(ZOOMS) - 1, place + steps))] if steps else 100)

    def toggle(self) -> None:
        """Light becomes dark, dark becomes light."""
        self.choose(scheme="light" if self.dark else "dark")

    def draw_the_same_everywhere(self) -> None:
        """For pictures: nothing moves, and no glyph comes from a computer's own fonts."""
        self._strategy = (
            QFont.StyleStrategy.PreferAntialias
            | QFont.StyleStrategy.NoSubpixelAntialias
            | QFont.StyleStrategy.NoFontMerging
        )
        self.still = True
        self._apply()

    def colour(self, token: str) -> QColor:
        """The colour a token has now."""
        colour = self._colours.get(token)
        if colour is None:
            colour = self._colours[token] = QColor(self.tokens[token])
        return colour

    def px(self, pixels: float) -> int:
        """A length that grows with the text size."""
        return round(pixels * self.zoom / 100)

    @property
    def row_height(self) -> int:
        """The height of a table row, in pixels."""
        return self.px(tokens.ROW_HEIGHTS[self.density])

    def font(self, voice: str) -> QFont:
        """The font of a voice of the type scale (`tokens.TYPES`), at the text size in force."""
        font = self._fonts.get(voice)
        if font is None:
            font = self._fonts[voice] = self._made_font(voice)
        return QFont(font)

    def metrics(self, voice: str) -> QFontMetrics:
        """The measures of that font."""
        metrics = self._metrics.get(voice)
        if metrics is None:
            metrics = self._metrics[voice] = QFontMetrics(self.font(voice))
        return metrics

    def advances(self, voice: str) -> Advances:
        """How far each letter of that font reaches."""
        advances = self._advances.get(voice)
        if advances is None:
            advances = self._advances[voice] = Advances(self.metrics(voice))
        return advances

    def _made_font(self, voice: str) -> QFont:
        kind = tokens.TYPES[voice]
        font = QFont(MONO if kind.mono else SANS)
        font.setPixelSize(self.px(kind.pixels))
        font.setWeight(QFont.Weight(kind.weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if kind.mono:  # before the strategy, which a hint sets back to the usual one
            font.setStyleHint(QFont.StyleHint.Monospace)
        font.setStyleStrategy(self._strategy)
        if kind.mono:  # an id is read letter by letter: no "->" in it becomes an arrow
            for joined in ("calt", "liga"):
                font.setFeature(QFont.Tag(joined), 0)
        if kind.tabular and not kind.mono:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def feature_colours(self, keys: list[str]) -> dict[str, QColor]:
        """The chart colour of each feature, keys in price-list order."""
        colours = tokens.feature_colours(keys, dark=self.dark)
        return {key: QColor(colour) for key, colour in colours.items()}

    def icon(self, name: str, ink: str = "text2") -> QIcon:
        """A bundled icon in the colour of a token."""
        return icons.icon(name, self.tokens[ink], self.px(tokens.ICON_SIZE))

    @contextmanager
    def on_paper(self) -> Iterator[None]:
        """Light and at 100 % for a file that is drawn meanwhile; what is in view never sees it.

        Nothing may be awaited in it.
        """
        seen = self.dark, self.zoom, self.tokens
        self.dark, self.zoom, self.tokens = False, 100, tokens.LIGHT
        self._forget()
        try:
            yield
        finally:
            self.dark, self.zoom, self.tokens = seen
            self._forget()

    def _forget(self) -> None:
        """Make fonts and colours anew when next asked for."""
        for kept in (self._fonts, self._metrics, self._advances, self._colours):
            kept.clear()

    def _system_changed(self) -> None:
        if self.scheme == "system":
            self._apply()

    def _system_is_dark(self) -> bool:
        return self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _apply(self) -> None:
        self.dark = self.scheme == "dark" or (self.scheme == "system" and self._system_is_dark())
        self.tokens = tokens.DARK if self.dark else tokens.LIGHT
        self._forget()
        self._application.setFont(self.font("body"))
        self._application.setPalette(_palette(self.tokens))
        self._application.setStyleSheet(self._style_sheet())
        for widget in QApplication.allWidgets():
            self._redress(widget)
        self.changed.emit()

    def _style_sheet(self) -> str:
        lengths = {name: f"{self.px(size)}px" for name, size in _SIZES.items()}
        marks = {name: shipped.path(f"resources/{name}.svg").as_posix() for name in _MARKS}
        return fill_in(_template(), {**self.tokens, **lengths, **marks})

    def _redress(self, widget: QWidget) -> None:
        voice = widget.property("voice")
        if voice:
            widget.setFont(self.font(voice))
        if isinstance(widget, QAbstractButton) and widget.property("icon_name"):
            _draw_icon(widget, self)


_themes: list[Theme] = []


def install(application: QApplication) -> Theme:
    """Give the application its style, fonts and theme; the same theme when asked again."""
    if not _themes:
        application.setStyle("Fusion")
        _load_fonts()
        theme = Theme(application)
        _themes.append(theme)
        theme.choose()
        application.destroyed.connect(_themes.clear)
    return _themes[0]


def current() -> Theme:
    """The theme in force; installed on the running application when nobody did."""
    return _themes[0] if _themes else install(cast("QApplication", QApplication.instance()))


def dress(widget: QWidget, voice: str | None = None, ink: str | None = None) -> None:
    """Let a widget speak with this voice and ink, now and after every change of the theme."""
    if voice:
        widget.setProperty("voice", voice)
        widget.setFont(current().font(voice))
    if ink:
        set_mark(widget, "ink", ink)
    if isinstance(widget, QComboBox):
        # The style sheet does not reach the entries of a combo box's own.
        widget.setItemDelegate(QStyledItemDelegate(widget))


def dress_icon(button: QAbstractButton, name: str, ink: str = "text2") -> None:
    """Give a button a bundled icon, now and after every change of the theme."""
    button.setProperty("icon_name", name)
    button.setProperty("icon_ink", ink)
    _draw_icon(button, current())


def _draw_icon(button: QAbstractButton, theme: Theme) -> None:
    side = theme.px(tokens.ICON_SIZE)
    button.setIconSize(QSize(side, side))
    button.setIcon(theme.icon(button.property("icon_name"), button.property("icon_ink")))


def set_mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet selects by, and have the sheet look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it is dressed whole when first shown
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def fill_in(template: str, values: dict[str, str]) -> str:
    """The template with each `@name` replaced; an unknown name is a mistake and raises KeyError."""
    return re.sub(r"@([a-z][a-z0-9_]*)", lambda match: values[match[1]], template)


def _template() -> str:
    return shipped.path("resources/app.qss").read_text(encoding="utf-8")


def _load_fonts() -> None:
    for file in sorted(shipped.path("resources/fonts").rglob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def _palette(named: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: "bg",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "surface2",
        role.Text: "text",
        role.PlaceholderText: "text3",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "on_accent",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent_text",
        role.LinkVisited: "accent_text",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Light: "surface2",
        role.Midlight: "surface2",
        role.Mid: "border",
        role.Dark: "border_strong",
        role.Shadow: "border_strong",
        role.Accent: "accent",
    }
    palette = QPalette()
    for which, token in colours.items():
        palette.setColor(which, QColor(named[token]))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(named["text3"]))
    return palette
