"""The states of the common stock of widgets."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import format as write
from app.ui.charts.sparkline import Sparkline
from app.ui.columns import Column, credits_column
from app.ui.gallery import texts
from app.ui.gallery.shown import Build, Shown, nothing
from app.ui.language import tr
from app.ui.rows_model import RowsModel
from app.ui.widgets.as_of import AsOfField
from app.ui.widgets.button import Button, CutButton, IconButton
from app.ui.widgets.card import Card, StatCard
from app.ui.widgets.chips import Chip, ChipBar, FilterChip
from app.ui.widgets.days import DayField
from app.ui.widgets.dialog import Dialog, Question
from app.ui.widgets.fields import AmountField, InstantField, Labelled, NoteField
from app.ui.widgets.figures import Figure, FigureLine, FigureLines, LargeFigure
from app.ui.widgets.notice import Notice, Notices
from app.ui.widgets.option import Option
from app.ui.widgets.proportion import Part, ProportionBar
from app.ui.widgets.search import SearchBox
from app.ui.widgets.states import LoadingLine, Overlay
from app.ui.widgets.table import Table
from app.ui.widgets.table_paint import Header
from app.ui.widgets.text import Badge, Copyable, CutLabel, ElidedLabel, Key, Label
from app.ui.widgets.toast import Toast, Toasts
from app.ui.widgets.wide_table import WideTable

Row = tuple[str, int]

_ROOM: Final = (420, 220)
_PEOPLE: Final[tuple[Row, ...]] = (
    ("Amira Haddad", 1_284),
    (texts.HOSTILE, texts.HUGE),
    (texts.LONG, -12),
    (texts.ARABIC, 0),
    (texts.JAPANESE, 48),
    (texts.THAI, 540),
)
_COLUMNS: Final[tuple[Column[Row], ...]] = (
    Column("name", "Name", lambda row: write.text(row[0]), stretch=True),
    Column("plan", "Plan", lambda _: "Pro", chip=lambda _: ("Pro", "accent"), width=80),
    credits_column("credits", "Credits", lambda row: row[1], signed=True, width=120),
)
_PARTS: Final = (
    Part("allowance", 297, "Pro allowance: 297 left", number="1"),
    Part("referral", 12, "Referral reward: 12 left", "success", number="2"),
    Part("support", 150, "Support credit: 150 left", "warning", number="3"),
    Part("expected", 400, "Expected", "info", faint=True),
)


def _said(build: Callable[[str], QWidget]) -> dict[str, Build]:
    """A state for each kind of text that is hard to show."""
    kinds = {
        "very long text": texts.LONG,
        "hostile text": texts.HOSTILE,
        "other scripts": " · ".join(texts.SCRIPTS),
    }
    return {state: lambda _, text=text: build(text) for state, text in kinds.items()}  # type: ignore[misc]


def _each(
    of: type[QWidget], size: tuple[int, int] | None = None, /, **states: Build
) -> list[Shown]:
    """States of a widget, by name; an underline is a space."""
    return [Shown(of, state.replace("_", " "), build, size=size) for state, build in states.items()]


def _note(text: str) -> NoteField:
    field = NoteField("Note", "What happened, for whoever looks at this later")
    field.setPlainText(text)
    return field


def _amount(text: str) -> AmountField:
    field = AmountField(1, 1_000_000)
    field.setText(text)
    return field


def _refused(_frame: object) -> Labelled:
    labelled = Labelled("Credits", _amount("1.5"), "1 to 1,000,000")
    labelled.refuse("“1.5” is not a whole number of credits.")
    return labelled


def _instant(_frame: object) -> InstantField:
    field = InstantField(UTC, "Valid until")
    field.set_instant(texts.NOW)
    return field


def _as_of(*, past: bool) -> Build:
    def build(_frame: object) -> AsOfField:
        field = AsOfField(UTC, lambda: texts.NOW, "As of")
        field.set_instant(texts.NOW - timedelta(days=40) if past else None)
        return field

    return build


def _day(day: date | None, problem: str = "") -> Build:
    def build(_frame: object) -> DayField:
        field = DayField("First day", texts.NOW.date)
        field.set_day(day)
        if problem:
            field.refuse(problem)
        return field

    return build


def _chips(*words: str) -> ChipBar:
    bar = ChipBar()
    bar.show_chips([Chip(said, said, None) for said in words], None, clearable=True)
    return bar


def _search(text: str) -> SearchBox:
    box = SearchBox("Search users by e-mail, name, id or referral code")
    box.setText(text)
    return box


def _bar(parts: tuple[Part, ...]) -> Build:
    def build(_frame: object) -> ProportionBar:
        bar = ProportionBar("What the balance is made of")
        bar.show_parts(parts)
        return bar

    return build


def _notice(sentence: str, tone: str) -> Notice:
    return Notice(sentence, tone, "Retry", nothing, nothing)


def _notices(_frame: object) -> Notices:
    notices = Notices()
    for tone in ("info", "warning", "danger"):
        notices.show_notice(tone, f"A sentence in the tone {tone}.", tone=tone)
    return notices


def _toast(text: str, tone: str = "neutral") -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.addWidget(Toast(holder, text, tone, nothing, ("Open", nothing)))
    return holder


def _toasts(_frame: object) -> QWidget:
    holder = QWidget()
    toasts = Toasts(holder)
    toasts.say("Copied usr_01JD8Q4ZK7.", texts.NOW)
    toasts.say("Issued 24 credits to Amira Haddad.", texts.NOW, tone="success", undo=nothing)
    toasts.say(texts.HOSTILE, texts.NOW, tone="danger")
    return holder


def _over(show: Callable[[Overlay], object]) -> Build:
    def build(_frame: object) -> QWidget:
        holder = Card("Ledger", "1,120 entries")
        room = QWidget()
        holder.add(room, 1)
        show(Overlay(room))
        return holder

    return build


def _line(_frame: object) -> QWidget:
    holder = QWidget()
    line = LoadingLine(holder)
    line.setGeometry(0, 0, 380, 2)
    line.start()
    return holder


def _table(show: Callable[[Table[Row]], object], rows: tuple[Row, ...] = _PEOPLE) -> Build:
    def build(_frame: object) -> Table[Row]:
        model: RowsModel[Row] = RowsModel(_COLUMNS)
        model.show_rows(rows)
        table = Table(model, "People")
        show(table)
        return table

    return build


def _wide(*, narrow: bool) -> Build:
    def build(_frame: object) -> WideTable[Row]:
        model = RowsModel(_COLUMNS, _PEOPLE)
        table = WideTable(model, "People")
        model.setParent(table)
        last = [column.key for column in _COLUMNS if not column.stretch][-1:]
        table.make_room(last, narrow=narrow)
        return table

    return build


def _select(table: Table[Row]) -> None:
    table.selectRow(1)


def _sorted(table: Table[Row]) -> None:
    table.sort_by("credits", descending=True)


def _card(_frame: object) -> Card:
    card = Card("Why 1,284?", "5,770 in − 4,486 out = 1,284")
    card.add(Label("What came in, and what went out."))
    return card


def _dialog(title: str, body: str, problem: str = "") -> Build:
    def build(_frame: object) -> Dialog:
        dialog = Dialog(None, title, "Save")
        dialog.body.addWidget(Label(body, wrap=True))
        dialog.refuse(problem)
        return dialog

    return build


def _busy(_frame: object) -> Dialog:
    dialog = Dialog(None, "Correct contact data", "Save")
    dialog.body.addWidget(Label("Amira Haddad", wrap=True))
    dialog.try_submit()
    return dialog


def _question(title: str, sentence: str) -> Build:
    return lambda _: Question(None, title, sentence, "Discard", nothing, kind="danger")


def _opens(name: str, number: str, share: float | None = None) -> Figure:
    return Figure(name, number, "in 8 days", share=share, act=lambda: None)


def _large(name: str, number: str, note: str) -> LargeFigure:
    made = LargeFigure(name, Sparkline("Used", (3, 5, 4, 8, 9)))
    made.show_figure(Figure(name, number, note, act=lambda: None))
    return made


def _lines(*figures: Figure) -> FigureLines:
    made = FigureLines("Outstanding")
    made.show_figures(figures)
    return made


SHOWN: Final[tuple[Shown, ...]] = (
    *_each(
        Label,
        (420, 120),
        title=lambda _: Label("Amira Haddad", "title"),
        body=lambda _: Label("Reading what it burned…", ink="text2"),
        **_said(lambda text: Label(text, wrap=True)),
    ),
    *_each(CutLabel, (240, 60), **_said(lambda text: CutLabel(text, "name"))),
    *_each(ElidedLabel, (240, 60), **_said(lambda text: ElidedLabel(text, "name"))),
    *(
        Shown(Badge, tone, lambda _, tone=tone: Badge(tr("Chip"), tone))  # type: ignore[misc]
        for tone in ("neutral", "success", "warning", "danger", "info", "accent")
    ),
    *_each(Badge, **_said(Badge)),
    *_each(Key, ready=lambda _: Key("Ctrl+Shift+P")),
    *_each(
        Copyable,
        (320, 64),
        ready=lambda _: Copyable("usr_01JD8Q4ZK7"),
        empty=lambda _: Copyable(""),
        **_said(Copyable),
    ),
    *_each(
        Button,
        plain=lambda _: Button("Statement…", icon="file-text"),
        primary=lambda _: Button("Issue credits…", kind="primary", icon="plus"),
        danger=lambda _: Button("Void 150 credits", kind="danger"),
        link=lambda _: Button("Copy details", kind="link"),
        **_said(Button),
    ),
    *_each(Option, ready=lambda _: Option(tr("Now"))),
    *_each(CutButton, (240, 60), **_said(CutButton)),
    *_each(IconButton, ready=lambda _: IconButton("copy", "Copy")),
    *_each(Card, ready=_card),
    *_each(Card, (480, 90), **_said(lambda text: Card(text, text))),
    *_each(
        StatCard,
        (260, 130),
        ready=lambda _: StatCard("Balance", "1,284", "150 expire on 31 Dec"),
        empty=lambda _: StatCard("Balance"),
        huge_numbers=lambda _: StatCard("Balance", f"{texts.HUGE:,}", f"{texts.HUGE:,} expire"),
        **_said(lambda text: StatCard(text, "1,284", text)),
    ),
    *_each(
        AmountField,
        (220, 64),
        empty=lambda _: _amount(""),
        ready=lambda _: _amount("1,284"),
        huge_numbers=lambda _: _amount("987654321"),
        wrong=lambda _: _amount("twelve"),
    ),
    *_each(
        NoteField,
        (420, 130),
        empty=lambda _: _note(""),
        **_said(_note),
    ),
    *_each(InstantField, ready=_instant),
    *_each(DayField, empty=_day(None), ready=_day(date(2026, 11, 22))),
    *_each(DayField, wrong=_day(None, "“31 Feb” is no day.")),
    *_each(AsOfField, now=_as_of(past=False), past=_as_of(past=True)),
    *_each(Labelled, ready=lambda _: Labelled("Note", _note("A batch failed."), "for the record")),
    *_each(Labelled, (320, 110), wrong=_refused),
    *_each(SearchBox, (460, 64), empty=lambda _: _search(""), **_said(_search)),
    *_each(
        ProportionBar,
        (460, 60),
        ready=_bar(_PARTS),
        empty=_bar(()),
        huge_numbers=_bar((Part("one", texts.HUGE, "Much"), Part("two", 1, "Little", "danger"))),
    ),
    *(
        Shown(Notice, tone, lambda _, tone=tone: _notice("A sentence that says what holds.", tone))  # type: ignore[misc]
        for tone in ("info", "warning", "danger")
    ),
    *_each(Notice, (640, 120), **_said(lambda text: _notice(text, "warning"))),
    *_each(Notices, (640, 170), ready=_notices),
    *_each(Toast, ready=lambda _: _toast("Issued 24 credits.", "success"), **_said(_toast)),
    *_each(Toasts, (480, 260), ready=_toasts),
    *_each(LoadingLine, (420, 60), ready=_line),
    *_each(
        Overlay,
        _ROOM,
        empty=_over(lambda over: over.empty("Nobody fits these filters.", "Clear", nothing)),
        loading=_over(lambda over: over.loading(nothing)),
        failed=_over(
            lambda over: over.failed("The ledger could not be read.", retry=nothing, details="x")
        ),
        hostile_text=_over(lambda over: over.failed(texts.HOSTILE, texts.HOSTILE)),
    ),
    *_each(
        Table,
        (560, 290),
        ready=_table(_select),
        empty=_table(lambda table: table.overlay.empty("No entries yet."), ()),
        loading=_table(lambda table: table.overlay.loading()),
        failed=_table(lambda table: table.overlay.failed("These could not be read.")),
    ),
    *_each(WideTable, (560, 290), ready=_wide(narrow=False), narrow=_wide(narrow=True)),
    *_each(Header, (560, 62), sorted=_table(_sorted)),
    *_each(
        Dialog,
        ready=_dialog("Correct contact data", "Amira Haddad"),
        failed=_dialog("Correct contact data", "Amira Haddad", "The database is locked."),
        busy=_busy,
        hostile_text=_dialog(texts.HOSTILE, texts.HOSTILE, texts.HOSTILE),
        very_long_text=_dialog(texts.LONG, texts.PARAGRAPH, texts.LONG),
    ),
    *_each(
        Question,
        ready=_question("Discard this draft?", "It has 3 changes, which will be gone."),
        hostile_text=_question(texts.HOSTILE, texts.HOSTILE),
    ),
    Shown(FigureLine, "ready", lambda _: FigureLine(_opens("December 2026", "299", 0.4))),
    Shown(FigureLine, "a fact", lambda _: FigureLine(Figure("Nothing is outstanding", "0"))),
    Shown(FigureLine, "very long text", lambda _: FigureLine(_opens(texts.LONG, "−1,440"))),
    Shown(FigureLine, "hostile text", lambda _: FigureLine(_opens(texts.HOSTILE, "12"))),
    Shown(
        FigureLines,
        "ready",
        lambda _: _lines(_opens("November", "91,983", 1), _opens("December", "299", 0.003)),
    ),
    Shown(LargeFigure, "ready", lambda _: _large("Used in November", "50,254", "+20 %")),
    Shown(LargeFigure, "huge numbers", lambda _: _large("Used", f"{texts.HUGE:,}", texts.LONG)),
    Shown(FilterChip, "ready", lambda _: FilterChip("Plan Plus", nothing)),
    Shown(FilterChip, "very long text", lambda _: FilterChip(texts.LONG, nothing)),
    Shown(FilterChip, "hostile text", lambda _: FilterChip(texts.HOSTILE, nothing)),
    Shown(ChipBar, "ready", lambda _: _chips("Plan Plus", "Out of credits"), size=(460, 64)),
    Shown(
        ChipBar,
        "very long text",
        lambda _: _chips("Plan Plus", texts.LONG, texts.HOSTILE),
        size=(460, 120),
    ),
)
