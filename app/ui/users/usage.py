"""The usage of an account: months stacked by feature, and the same figures beneath."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.calendar import Month
from app.ui import format as write
from app.ui.charts.data import OTHER, MonthSeries, Series, top
from app.ui.columns import Column, credits_column
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.standing import Standing
from app.ui.theme import current
from app.ui.tokens import stacking_order
from app.ui.users import account_state as states
from app.ui.users.reading import AccountData
from app.ui.users.side import show_only
from app.ui.widgets.card import Card
from app.ui.widgets.paint import draw_row_ground, draw_text
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

Index = QModelIndex | QPersistentModelIndex
MONTHS_SHOWN: Final = 6
CHART_HEIGHT: Final = 170
ROWS_SHOWN: Final = 8
_BESIDE: Final = frozenset({"name", "total"})


def usage_series(data: AccountData, names: dict[str, str]) -> MonthSeries:
    """The credits used in the last months, a series a feature that was used, in stacking order."""
    months = data.sheet.months[-MONTHS_SHOWN:]
    used = {(use.month, use.feature): use.credits for use in data.sheet.usage if use.credits}
    features = stacking_order(dict.fromkeys(key for month, key in used if month in months))
    series = tuple(
        Series(
            key,
            states.short_name(names.get(key, key)),
            tuple(used.get((month, key), 0) for month in months),
        )
        for key in features
    )
    return MonthSeries(months, series, unfinished=data.at is None)


@dataclass(frozen=True)
class UsedRow:
    """What one feature (or all together) used: in all, and in each month, newest first."""

    name: str
    total: int
    values: tuple[int, ...]
    key: str = ""


def used_rows(series: MonthSeries) -> list[UsedRow]:
    """The figures of the chart, the most used feature first, all together on top."""
    rows = [UsedRow(one.name, one.total, one.values[::-1], one.key) for one in series.series]
    rows.sort(key=lambda row: -row.total)
    totals = tuple(series.total(at) or 0 for at in reversed(range(len(series.months))))
    return [UsedRow(tr("All features"), sum(totals), totals), *rows]


def used_columns(months: Sequence[Month]) -> tuple[Column[UsedRow], ...]:
    """The columns of those rows; always as many, so that a table need not be made anew."""

    def amount(at: int) -> Column[UsedRow]:
        title = write.short_month(months[-1 - at].month) if at < len(months) else ""
        return credits_column(f"month{at}", title, lambda row: row.values[at], width=54)

    return (
        Column("name", tr("Feature"), lambda row: write.text(row.name), width=172,
               tip=lambda row: row.name),
        credits_column("total", tr("In all"), lambda row: row.total, width=64),
        *(amount(at) for at in range(MONTHS_SHOWN)),
    )  # fmt: skip


class UsageCard(Card):
    """Months stacked by feature, and the same figures beneath, which name the colours.

    `piece_wanted(Month, feature)` when a piece is clicked; the feature is empty for several.
    Drawing takes a while, so it comes by itself after the rest of an account, and only once where
    several accounts were passed through.
    """

    piece_wanted = Signal(object, str)

    def __init__(self, frame: Frame) -> None:
        super().__init__(tr("Usage"), tr("credits, last {months} months", months=MONTHS_SHOWN))
        self._frame = frame
        self._series = MonthSeries((), ())
        self._asked = False
        self.chart: Any = None
        self.none = Label(
            tr("Nothing was used in these {months} months.", months=MONTHS_SHOWN),
            ink="text2",
            wrap=True,
        )
        self.model = RowsModel(used_columns(()))
        self.table = Table(self.model, tr("Usage by feature and month"))
        self._swatches = _SwatchDelegate(self.table)
        self.table.setItemDelegateForColumn(0, self._swatches)
        self.add(self.none)
        self.add(self.table, 1)
        self.table.setMinimumHeight(current().px(30 * ROWS_SHOWN))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw)

    def show_narrow(self, *, narrow: bool) -> None:
        """Beside the ledger what the months come to; as a tab each of them."""
        show_only(self.table, None if narrow else _BESIDE)

    def show_data(self, data: AccountData, standing: Standing) -> None:
        """Show the usage of an account, as soon as there is time."""
        self._series = usage_series(data, standing.names)
        self._soon.start()

    def _draw(self) -> None:
        used = bool(self._series.series)
        self.none.setVisible(not used)
        self.table.setVisible(used)
        self.model.columns = used_columns(self._series.months)
        self._swatches.named = frozenset(one.key for one in top(self._series).series)
        self.model.show_rows(used_rows(self._series) if used else ())
        self._draw_chart()

    def _draw_chart(self) -> None:
        if self.chart is not None:
            self.chart.setVisible(bool(self._series.series))
            self.chart.show_data(top(self._series))
        elif not self._asked:
            self._asked = True
            # Loading the chart's library takes long, so it is done off the window's thread.
            self._frame.background.read(
                lambda _stop: importlib.import_module("app.ui.charts.stacked"), self._make_chart
            )

    def _make_chart(self, module: Any) -> None:
        self.chart = module.StackedMonths(tr("Usage by month and feature"), legend=False)
        self.chart.piece_clicked.connect(self._clicked)
        self.chart.setFixedHeight(current().px(CHART_HEIGHT))
        self.body.insertWidget(1, self.chart)
        self._draw_chart()

    def _clicked(self, month: Month, key: str) -> None:
        self.piece_wanted.emit(month, "" if key == OTHER else key)


class _SwatchDelegate(QStyledItemDelegate):
    """Draws the name of a feature beside its colour in the chart: the legend of that."""

    def __init__(self, table: Table[UsedRow]) -> None:
        super().__init__(table)
        self._table = table
        self.named: frozenset[str] = frozenset()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, current().row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        draw_row_ground(
            painter, theme, rect, selected=selected, hovered=index.row() == self._table.hovered
        )
        row = self._table.rows.row(index.row())
        if row is None:
            return
        side = theme.px(9)
        mirrored = self._table.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = rect.right() - side - 8 if mirrored else rect.left() + 8
        if row.key:
            named = row.key in self.named
            colour = theme.feature_colours([row.key])[row.key] if named else theme.colour("text3")
            painter.fillRect(QRect(left, rect.center().y() - side // 2, side, side), colour)
        inner = (
            rect.adjusted(8, 0, -side - 16, -1) if mirrored else rect.adjusted(side + 16, 0, -8, -1)
        )
        painter.setLayoutDirection(self._table.layoutDirection())
        draw_text(painter, theme, inner, write.text(row.name))
