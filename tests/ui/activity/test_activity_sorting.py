"""Sorting the page of activity by who, what and on whom: with filters, news, files, jumps."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy

from app import open_desk
from app.desk import Desk
from app.domain.activity import ActivityQuery
from app.ui.activity.state import ActivityState
from app.ui.rows_model import BLOCK
from tests import lively
from tests.ui.activity.conftest import Opener, Screen

WHEN, WHO, WHAT, ON_WHOM, CHANGE = range(5)
BY_ACT = ActivityQuery(order="act", descending=False)


def rows_of(desk: Desk, query: ActivityQuery) -> list[int]:
    return [record.id for record in desk.activity.page(query, limit=10_000)]


def click(screen: Screen, section: int) -> None:
    screen.page.table.header_of().wanted.emit(section)
    screen.settle()


def record_at(screen: Screen, place: int) -> int:
    screen.page.table.selectRow(place)
    screen.settle()
    assert screen.page.details.record is not None
    return screen.page.details.record.id


@pytest.mark.parametrize(
    ("section", "order"), [(WHO, "staff"), (WHAT, "act"), (ON_WHOM, "subject")]
)
def test_a_click_on_a_head_sorts_by_it_and_another_turns_the_order(
    screen: Screen, section: int, order: str
) -> None:
    table = screen.page.table
    for descending in (False, True):
        click(screen, section)
        assert table.sorted_by == (order, descending)
        wanted = rows_of(screen.desk, ActivityQuery(order=order, descending=descending))
        assert screen.shown[:BLOCK] == wanted[:BLOCK]
        assert table.rows.rowCount() == len(wanted)
        for place in (0, 3, 450, len(wanted) - 1):
            assert record_at(screen, place) == wanted[place]
    click(screen, WHEN)
    assert screen.page.heading.text() == f"{len(wanted):,} records"
    assert record_at(screen, 0) == 1
    click(screen, WHEN)
    assert record_at(screen, 0) == len(wanted)


def test_a_click_on_a_head_without_an_order_changes_nothing(screen: Screen) -> None:
    before = screen.shown
    click(screen, CHANGE)
    assert screen.page.table.sorted_by == ("at", True)
    assert screen.shown == before


def test_the_order_stays_under_filters_and_search_and_on_the_way_back(screen: Screen) -> None:
    page = screen.page
    click(screen, ON_WHOM)
    page.show_query(ActivityQuery(staff=lively.SUPPORT))
    screen.settle()
    sorted_by_whom = ActivityQuery(staff=lively.SUPPORT, order="subject", descending=False)
    assert page.state.query == sorted_by_whom
    assert screen.shown[:BLOCK] == rows_of(screen.desk, sorted_by_whom)[:BLOCK]
    screen.type_search("usr_1")
    assert page.state.query.order == "subject"
    assert screen.shown[:BLOCK] == rows_of(screen.desk, page.state.query)[:BLOCK]
    click(screen, WHAT)
    screen.window.open_page("activity", {"staff": lively.ADMIN})
    screen.settle()
    screen.window.go_back()
    screen.settle()
    assert (page.state.query.order, page.table.sorted_by) == ("act", ("act", False))
    page.list.clear_filters()
    screen.settle()
    assert page.state.query == BY_ACT
    assert screen.shown[:BLOCK] == rows_of(screen.desk, BY_ACT)[:BLOCK]


def test_the_order_is_remembered_and_filters_are_kept_beside_it(
    desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    first = opener(desk, settings=tmp_path / "window.ini")
    click(first, WHAT)
    click(first, WHAT)
    first.page.show_query(ActivityQuery(staff=lively.ADMIN))
    first.settle()
    first.window.close()
    again = opener(desk, settings=tmp_path / "window.ini")
    query = ActivityQuery(staff=lively.ADMIN, order="act", descending=True)
    assert again.page.state.query == query
    assert again.page.table.sorted_by == ("act", True)
    assert again.shown[:BLOCK] == rows_of(desk, query)[:BLOCK]
    click(again, WHEN)
    again.window.close()
    oldest_first = opener(desk, settings=tmp_path / "window.ini")
    assert record_at(oldest_first, 0) == rows_of(desk, ActivityQuery(staff=lively.ADMIN))[-1]


def test_an_order_remembered_that_there_is_not_is_the_newest_first(
    desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    first = opener(desk, settings=tmp_path / "window.ini")
    first.window.kept.remember("tables/activity", {"sorted": ["why", False]})
    first.window.close()
    again = opener(desk, settings=tmp_path / "window.ini")
    assert again.page.state.query == ActivityQuery()
    assert again.shown[:BLOCK] == rows_of(desk, ActivityQuery())[:BLOCK]


@pytest.mark.parametrize("clicks", [[WHEN], [WHO], [WHAT, WHAT]])
def test_a_file_has_the_order_shown(screen: Screen, tmp_path: Path, clicks: list[int]) -> None:
    for section in clicks:
        click(screen, section)
    page = screen.page
    page.table.show_column(10, shown=True)
    page.save(str(tmp_path / "acts.csv"))
    screen.settle()
    titles, *rows = csv.reader((tmp_path / "acts.csv").read_text("utf-8-sig").splitlines()[3:])
    written = [int(row[titles.index("Record")]) for row in rows]
    order, descending = page.table.sorted_by or ("", False)
    wanted = rows_of(screen.desk, ActivityQuery(order=order, descending=descending))
    assert written == wanted
    assert written[0] == record_at(screen, 0)


def test_all_rows_are_copied_in_the_order_shown(screen: Screen) -> None:
    screen.page.show_query(ActivityQuery(act="refund"))
    click(screen, ON_WHOM)
    table = screen.page.table
    table.show_column(10, shown=True)
    table.selectAll()
    table.copy()
    screen.settle()
    at = [column.key for column in table.visible_columns()].index("id")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [int(line.split("\t")[at]) for line in lines] == rows_of(
        screen.desk, screen.page.state.query
    )


def test_a_record_that_is_looked_for_is_shown_where_it_stands_in_the_order(
    screen: Screen,
) -> None:
    page = screen.page
    click(screen, WHO)
    page.show_query(ActivityQuery(staff=lively.SUPPORT, order="staff"))
    screen.settle()
    page.show_record(7)
    screen.settle()
    assert page.details.record is not None
    assert page.details.record.id == 7
    by_who = rows_of(screen.desk, ActivityQuery(order="staff", descending=False))
    assert page.table.currentIndex().row() == by_who.index(7)
    page.show_record(9_999_999)
    screen.settle()
    assert screen.said == "Record 9,999,999 is not in the list."


# What is new --------------------------------------------------------------------------------------


def written_elsewhere(path: Path) -> None:
    with open_desk(path, staff=lively.LEAD, now=lively.at_the_end) as other:
        for user in ("usr_1", "usr_2", "usr_1"):
            other.accounts.note(user, "From another program")
        other.support.grant("usr_1", 5, reason="goodwill", note="n", ticket="ZD-77")


@pytest.mark.parametrize("section", [WHO, WHAT, ON_WHOM])
def test_new_records_come_to_stand_where_they_belong_without_moving_what_is_looked_at(
    screen: Screen, path: Path, section: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, table = screen.page, screen.page.table
    click(screen, section)
    before = rows_of(screen.desk, page.state.query)
    looked_at = record_at(screen, 700)
    table.scrollTo(table.currentIndex(), table.ScrollHint.PositionAtTop)
    screen.settle()
    in_view = table.model_rows.peek(table.rowAt(0))
    written_elsewhere(path)
    resets, headings = QSignalSpy(table.model_rows.modelReset), [page.heading.text()]
    show = page.show_state

    def note_heading(state: ActivityState) -> None:
        show(state)
        headings.append(page.heading.text())

    monkeypatch.setattr(page, "show_state", note_heading)
    screen.window.heard({"accounts", "elsewhere"})
    screen.settle()
    wanted = rows_of(screen.desk, page.state.query)
    assert len(wanted) == len(before) + 4
    assert page.details.record is not None
    assert page.details.record.id == looked_at
    assert table.currentIndex().row() == wanted.index(looked_at)
    assert [one.id for one in table.selected()] == [looked_at]
    assert table.model_rows.peek(table.rowAt(0)) == in_view
    assert resets.count() == 0  # no row was taken from view meanwhile
    assert set(headings) == {f"{len(before):,} records", f"{len(wanted):,} records"}
    assert page.state.head == screen.desk.activity.head()
    for place in (0, 99, 100, 450, len(wanted) - 1):
        assert record_at(screen, place) == wanted[place]


def test_every_row_selected_stays_selected_when_others_come_between(
    screen: Screen, path: Path
) -> None:
    table = screen.page.table
    click(screen, WHAT)
    flag = QItemSelectionModel.SelectionFlag
    table.selectRow(20)
    for place in (40, 60):
        index = table.rows.index(place, 0)
        table.selectionModel().select(index, flag.Select | flag.Rows)
    picked = [one.id for one in table.selected()]
    assert len(picked) == 3
    written_elsewhere(path)
    screen.window.heard({"accounts", "elsewhere"})
    screen.settle()
    assert [one.id for one in table.selected()] == picked


def test_what_does_not_pass_the_filters_leaves_a_sorted_list_as_it_is(
    screen: Screen, path: Path
) -> None:
    page = screen.page
    page.show_query(ActivityQuery(act="refund"))
    click(screen, ON_WHOM)
    before = page.table.rows.rowCount()
    written_elsewhere(path)
    screen.window.heard({"accounts", "elsewhere"})
    screen.settle()
    assert page.table.rows.rowCount() == before
    assert page.state.head == screen.desk.activity.head()


def test_a_restored_database_is_sorted_anew(screen: Screen, tmp_path: Path) -> None:
    backup = screen.desk.integrity.backup(tmp_path / "safe.db")
    screen.desk.accounts.note("usr_1", "Lost by the restore")
    click(screen, WHAT)
    screen.desk.integrity.restore(backup)
    screen.window.tell({"accounts"})
    screen.settle()
    assert screen.shown[:BLOCK] == rows_of(screen.desk, BY_ACT)[:BLOCK]


def test_sorting_says_so_until_all_are_in_order_and_can_be_stopped(screen: Screen) -> None:
    page = screen.page
    click(screen, WHO)
    page.show_state(replace(page.state, count=200, done=0.0))
    assert page.heading.text() == "sorting…"
    page.stop()
    assert page.heading.text() == "200 records so far"
    assert page.state.phase == "ready"
    page.reload()
    screen.settle()
    assert page.heading.text() == f"{page.table.rows.rowCount():,} records"
