"""The page of activity: finding, filtering, reading a record, what comes on top, files."""

from __future__ import annotations

import csv
import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app import open_desk
from app.desk import Desk
from app.domain.activity import ActivityQuery
from app.domain.errors import DatabaseFailed
from app.ui.activity.page import ActivityPage
from app.ui.exporting import ExportDialog
from app.ui.rows_model import BLOCK
from app.ui.theme import Theme, current
from app.ui.widgets.table_paint import CELL_PADDING
from tests import lively
from tests.ui.activity.conftest import Opener, Screen, visible


def phase(screen: Screen) -> str:
    return screen.page.state.phase


def rows_of(desk: Desk, query: ActivityQuery) -> list[int]:
    return [record.id for record in desk.activity.page(query, limit=10_000)]


def test_the_newest_record_is_on_top_and_in_full_beside_the_list(screen: Screen) -> None:
    page = screen.page
    newest = screen.desk.activity.page(limit=1)[0]
    assert screen.shown[:BLOCK] == rows_of(screen.desk, ActivityQuery())[:BLOCK]
    assert page.details.record == newest
    assert page.heading.text() == f"{newest.id:,} records"


def test_any_place_of_the_list_shows_its_record(screen: Screen) -> None:
    table, every = screen.page.table, rows_of(screen.desk, ActivityQuery())
    for place in (len(every) - 1, 450, 3):
        table.selectRow(place)
        screen.settle()
        assert screen.page.details.record is not None
        assert screen.page.details.record.id == every[place]


def test_a_click_on_when_turns_the_list_around_with_the_same_record_in_view(screen: Screen) -> None:
    page, table = screen.page, screen.page.table
    every = rows_of(screen.desk, ActivityQuery())
    assert table.sorted_by == ("at", True)
    table.selectRow(3)
    screen.settle()
    table.header_of().wanted.emit(0)
    assert table.sorted_by == ("at", False)
    screen.settle()
    assert page.details.record is not None
    assert page.details.record.id == every[3]
    assert table.currentIndex().row() == len(every) - 4
    for place in (0, 1, BLOCK + 7, len(every) - 1):
        table.selectRow(place)
        screen.settle()
        assert page.details.record.id == every[::-1][place]
    table.selectRow(0)
    assert [one.id for one in table.selected()] == [every[-1]]
    table.header_of().wanted.emit(0)
    screen.settle()
    assert page.details.record.id == every[-1]
    assert table.currentIndex().row() == len(every) - 1


def test_with_the_oldest_on_top_what_comes_is_at_the_end_and_filters_keep_the_order(
    screen: Screen,
) -> None:
    table = screen.page.table
    table.header_of().wanted.emit(0)
    screen.desk.support.grant("usr_1", 5, reason="goodwill", note="n", ticket="ZD-77")
    screen.window.heard({"accounts"})
    screen.settle()
    every = rows_of(screen.desk, ActivityQuery())
    assert table.rows.rowCount() == len(every)
    table.selectRow(len(every) - 1)
    screen.settle()
    assert screen.page.details.record is not None
    assert screen.page.details.record.id == every[0]
    screen.page.show_query(ActivityQuery(act="refund"))
    screen.settle()
    table.selectRow(0)
    screen.settle()
    assert screen.page.details.record.id == rows_of(screen.desk, ActivityQuery(act="refund"))[-1]
    screen.page.show_record(every[5])
    screen.settle()
    assert screen.page.details.record.id == every[5]


def test_typing_finds_any_fragment_and_the_words_an_act_is_shown_with(screen: Screen) -> None:
    for text in ("ZD-1", "usr_1 failed", "Answered"):
        screen.type_search(text)
        query = screen.page.state.query
        assert screen.shown[:BLOCK] == rows_of(screen.desk, query)[:BLOCK]
        assert screen.page.state.count == len(rows_of(screen.desk, query)) > 0


def test_nothing_found_says_so_and_offers_the_way_back(screen: Screen) -> None:
    screen.page.show_query(ActivityQuery(act="refund"))
    screen.type_search("nowhere at all")
    page = screen.page
    assert phase(screen) == "empty"
    assert page.state.nothing == "No record with these filters has “nowhere at all” in it."
    assert page.details.record is None
    assert not page.export_button.isEnabled()
    page.list.clear_filters()
    screen.settle()
    assert phase(screen) == "ready"
    assert page.list.search.text() == ""


def test_filters_are_chips_that_one_key_takes_away(screen: Screen) -> None:
    page = screen.page
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    page.show_query(ActivityQuery(staff=lively.ADMIN, act="refund", first=first, last=last))
    screen.settle()
    assert page.list.chips.words == [
        f"By {lively.ADMIN}", "Refunded a charge", "1 Mar 2026 – 31 Mar 2026",
    ]  # fmt: skip
    QTest.keyClick(page.list.chips.chips[1], Qt.Key.Key_Delete)
    screen.settle()
    assert page.state.query.act == ""
    assert screen.shown[:BLOCK] == rows_of(screen.desk, page.state.query)[:BLOCK]


def test_the_filters_offer_what_is_on_record(screen: Screen) -> None:
    page = screen.page
    page.list.toggle_filters()
    box = page.list.filters.act
    offered = [box.itemText(at) for at in range(box.count())]
    assert offered[0] == "Anything"
    assert "Refunded a charge" in offered
    box.setCurrentIndex(offered.index("Refunded a charge"))
    box.activated.emit(box.currentIndex())
    screen.settle()
    assert page.state.query.act == "refund"
    QTest.keyClick(page.list.filters, Qt.Key.Key_Escape)
    assert not visible(page.list.filters)
    assert page.table.hasFocus()


def test_a_last_day_before_the_first_is_refused_in_a_sentence(screen: Screen) -> None:
    filters = screen.page.list.filters
    screen.page.list.toggle_filters()
    for field, typed in ((filters.first, "2026-03-02"), (filters.last, "2026-03-01")):
        field.edit.setText(typed)
        field.edit.editingFinished.emit()
    assert filters.problems[filters.last].text() == "The last day is before the first."
    assert screen.page.state.query.last is None


def test_what_is_no_day_is_said_under_its_own_field(screen: Screen) -> None:
    filters = screen.page.list.filters
    screen.page.list.toggle_filters()
    for field, typed in ((filters.first, "soon"), (filters.last, "2026-03-01")):
        field.edit.setText(typed)
        field.edit.editingFinished.emit()
    assert filters.problems[filters.first].text() == (
        "“soon” is not a day like 2026-01-31, 31 Jan or yesterday."
    )
    assert visible(filters.problems[filters.first])
    assert not visible(filters.problems[filters.last])


def test_a_day_may_be_yesterday_in_the_billing_zone_and_needs_no_year(screen: Screen) -> None:
    filters = screen.page.list.filters
    today = screen.window.now().astimezone(screen.window.zone).date()
    for field, typed in ((filters.first, "1 Jan"), (filters.last, "yesterday")):
        field.edit.setText(typed)
        field.edit.editingFinished.emit()
    screen.settle()
    query = screen.page.state.query
    assert query.first == date(today.year, 1, 1)
    assert query.last == today - timedelta(days=1)


def test_filters_are_remembered_and_what_was_typed_is_not(
    desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    first = opener(desk, settings=tmp_path / "window.ini")
    first.page.show_query(ActivityQuery(act="refund", first=date(2026, 2, 1), text="ZD"))
    first.settle()
    first.window.close()
    again = opener(desk, settings=tmp_path / "window.ini")
    assert again.page.state.query == ActivityQuery(act="refund", first=date(2026, 2, 1))


def test_another_page_opens_it_on_a_user_or_a_member_of_staff(screen: Screen) -> None:
    screen.page.show_query(ActivityQuery(act="refund"))
    screen.window.open_page("activity", {"subject": ("user", "usr_1")})
    screen.settle()
    assert screen.page.state.query == ActivityQuery(subject=("user", "usr_1"))
    screen.window.open_page("activity", {"staff": lively.SUPPORT})
    screen.settle()
    assert screen.shown == rows_of(screen.desk, ActivityQuery(staff=lively.SUPPORT))
    screen.window.go_back()
    screen.settle()
    assert screen.page.state.query == ActivityQuery(subject=("user", "usr_1"))


# A record in full -------------------------------------------------------------------------------


def show(screen: Screen, query: ActivityQuery) -> ActivityPage:
    screen.page.show_query(query)
    screen.settle()
    screen.page.table.selectRow(0)
    screen.settle()
    return screen.page


def test_before_and_after_stand_side_by_side_and_what_changed_says_so(screen: Screen) -> None:
    page = show(screen, ActivityQuery(act="change plan"))
    record = page.details.record
    assert record is not None
    assert page.details.title.text() == "Changed the plan"
    plan = next(row for row in page.details.values.rows if row[0] == "plan")
    assert plan == ("plan", record.before["plan"], record.after["plan"], "changed")
    at = next(row for row in page.details.values.rows if row[0] == "at")
    assert at[1] == "—"


def test_enter_opens_what_the_record_is_about(screen: Screen) -> None:
    page = show(screen, ActivityQuery(kind="request"))
    record = page.details.record
    assert record is not None
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert screen.sent_to("requests") == [int(record.subject)]


def test_a_grant_and_a_charge_that_a_record_names_open_too(screen: Screen) -> None:
    page = show(screen, ActivityQuery(act="issue credits"))
    record = page.details.record
    assert record is not None
    page.details.links[-1].click()
    assert screen.sent_to("users")[-1] == (record.subject, "grant", record.after["grant"])


def test_what_has_no_page_says_so(screen: Screen) -> None:
    show(screen, ActivityQuery(act="release allowances")).details.open_first()
    assert "has no page of its own" in screen.said


def test_the_reported_outcome_of_a_job_leads_to_its_user(desk: Desk, opener: Opener) -> None:
    charge = desk.charging.charge("usr_1", "remove_bg_single", key="new-job")
    desk.charging.report_outcome("new-job", "failed")
    screen = opener(desk)
    page = show(screen, ActivityQuery(act="report outcome"))
    page.details.open_first()
    assert screen.sent_to("users") == [("usr_1", "charge", charge.id)]


def test_an_import_shows_its_counts_and_leads_to_what_it_holds(
    desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "uses.csv"
    rows = "".join(f"usr_{n},export_image,2026-06-01T10:00:00Z,import-{n}\n" for n in (1, 2, 2))
    file.write_text(f"user_id,feature,occurred_at,key\n{rows}", "utf-8")
    desk.imports.usage(file)
    screen = opener(desk)
    page = show(screen, ActivityQuery(kind="import"))
    said = {name: after for name, _before, after, _mark in page.details.values.rows}
    assert (said["added"], said["file"]) == ("2", "uses.csv")
    assert page.details.holds.text() == "Holds rows of 2 users."
    assert {link.text() for link in page.details.links} == {"usr_1", "usr_2"}


def test_a_record_is_copied_in_words_and_as_it_is_kept(screen: Screen) -> None:
    page = show(screen, ActivityQuery(act="refund"))
    record = page.details.record
    assert record is not None
    page.details.copy_json()
    kept = json.loads(QGuiApplication.clipboard().text())
    assert (kept["record"], kept["hash"]) == (record.id, record.hash)
    page.details.copy_text()
    assert "What: Refunded a charge" in QGuiApplication.clipboard().text()


def test_more_like_a_record_is_one_click_away(screen: Screen) -> None:
    page = show(screen, ActivityQuery(act="refund"))
    record = page.details.record
    assert record is not None
    page.details.only_wanted.emit("subject", ("user", record.subject))
    screen.settle()
    assert page.state.query == ActivityQuery(act="refund", subject=("user", record.subject))
    assert page.details.record == record


def test_names_and_notes_are_shown_as_they_are_written(desk: Desk, opener: Opener) -> None:
    hostile = "<img src=x><b>bold</b>"
    desk.accounts.correct("usr_1", name=hostile)
    desk.accounts.note("usr_1", "long " * 500 + "x" * 900)
    screen = opener(desk)
    page = show(screen, ActivityQuery(act="correct contact data"))
    name = next(row for row in page.details.values.rows if row[0] == "name")
    assert name[2] == hostile
    assert page.details.name.text().replace("\u200b", "") == hostile
    page = show(screen, ActivityQuery(act="note"))
    page.details.values.show_all()
    inside, view = page.details._scroll.widget(), page.details._scroll.viewport()
    assert inside is not None
    assert inside.width() <= view.width()  # nothing is cut off at the side


# What comes on top --------------------------------------------------------------------------------


def test_new_records_come_on_top_without_moving_what_is_looked_at(
    screen: Screen, path: Path
) -> None:
    page, table = screen.page, screen.page.table
    table.selectRow(60)
    screen.settle()
    looked_at = page.details.record
    top = table.rowAt(0)
    assert top > 0
    in_view = table.model_rows.peek(top)
    with open_desk(path, staff=lively.LEAD, now=lively.at_the_end) as other:
        other.accounts.note("usr_1", "From another program")
        other.accounts.note("usr_2", "And another")
    screen.window.heard({"accounts", "elsewhere"})
    screen.settle()
    assert screen.shown[:2] == rows_of(screen.desk, ActivityQuery())[:2]
    assert table.currentIndex().row() == 62
    assert page.details.record == looked_at
    assert table.model_rows.peek(table.rowAt(0)) == in_view
    assert page.heading.text() == f"{screen.desk.activity.head().record:,} records"
    every = rows_of(screen.desk, ActivityQuery())
    for place in (len(every) - 1, 399, 400, 401):
        table.selectRow(place)
        screen.settle()
        assert page.details.record is not None
        assert page.details.record.id == every[place]


def test_who_looks_at_the_top_sees_the_new_ones_that_pass_the_filters(screen: Screen) -> None:
    page = show(screen, ActivityQuery(act="note"))
    assert phase(screen) == "empty"
    screen.desk.accounts.note("usr_1", "Called")
    screen.window.tell({"accounts"})
    screen.settle()
    assert len(screen.shown) == 1
    screen.desk.accounts.correct("usr_1", name="Other")
    screen.desk.accounts.note("usr_1", "Called again")
    screen.window.tell({"accounts"})
    screen.settle()
    assert screen.shown == rows_of(screen.desk, ActivityQuery(act="note"))
    assert page.table.rowAt(0) == 0


def test_another_chain_is_read_anew(screen: Screen, path: Path, tmp_path: Path) -> None:
    backup = screen.desk.integrity.backup(tmp_path / "safe.db")
    screen.desk.accounts.note("usr_1", "Lost by the restore")
    screen.window.tell({"accounts"})
    screen.settle()
    screen.desk.integrity.restore(backup)
    screen.window.tell({"accounts"})
    screen.settle()
    assert screen.shown[:BLOCK] == rows_of(screen.desk, ActivityQuery())[:BLOCK]
    assert screen.page.state.head == screen.desk.activity.head()


# States -------------------------------------------------------------------------------------------


def test_a_new_database_shows_its_founding(tmp_path: Path, opener: Opener) -> None:
    with open_desk(tmp_path / "new.db", staff="ana@b.example") as desk:
        screen = opener(desk)
        assert screen.page.details.title.text() == "Made the database"
        assert screen.page.heading.text() == "1 record"
        screen.window.close()


def test_a_list_that_cannot_be_read_says_what_failed_and_tries_again(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> Any:
        raise DatabaseFailed("The disk does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(screen.desk.activity, "listing", fails)
        screen.page.show_query(ActivityQuery(act="refund"))
        screen.settle()
        assert phase(screen) == "failed"
        assert screen.page.details.record is None
    screen.page.reload()
    screen.settle()
    assert phase(screen) == "ready"
    assert screen.shown == rows_of(screen.desk, ActivityQuery(act="refund"))


def test_a_search_under_way_shows_what_it_found_and_can_be_stopped(screen: Screen) -> None:
    page = screen.page
    page.show_state(replace(page.state, query=ActivityQuery(text="zd"), count=7, done=0.4))
    assert page.heading.text() == "7 records so far, 40 % looked through"
    page.stop()
    assert phase(screen) == "ready"


def test_in_a_small_window_the_record_can_be_read_below_the_list_while_filters_are_open(
    desk: Desk, opener: Opener
) -> None:
    screen = opener(desk, size=(1024, 640))
    page, filters = screen.page, screen.page.list.filters
    assert page.parts.orientation() is Qt.Orientation.Vertical
    page.list.toggle_filters()
    page.show_query(ActivityQuery(act="refund", first=date(2026, 1, 1)))
    screen.settle()
    fields = (filters.staff, filters.act, filters.kind, filters.person, filters.first, filters.last)
    screen.qtbot.waitUntil(
        lambda: len({one.mapTo(filters, one.rect().topLeft()).y() for one in fields}) == 1
    )
    assert page.details.isVisible()
    assert page.details.height() > 150
    page.table.selectRow(1)
    assert page.table.viewport().rect().contains(page.table.visualRect(page.table.currentIndex()))
    assert page.details.record == page.table.current_row()


def test_the_record_gives_way_to_the_filters_only_where_there_is_no_room_for_both(
    desk: Desk, opener: Opener, theme: Theme
) -> None:
    theme.choose(zoom=200)
    page = opener(desk, size=(1024, 640)).page
    page.list.toggle_filters()
    assert not visible(page.details)
    page.list.toggle_filters()
    assert visible(page.details)


# What the list says -------------------------------------------------------------------------------


def cell(screen: Screen, key: str, row: int = 0) -> tuple[str, str]:
    """What the list shows in a column, and its tooltip."""
    rows = screen.page.table.rows
    index = rows.index(row, [column.key for column in rows.columns].index(key))
    said, tip = (
        str(rows.data(index, role))
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    )
    return said, tip


def test_a_user_is_listed_by_name_with_the_id_in_the_tooltip(desk: Desk, opener: Opener) -> None:
    desk.accounts.correct("usr_1", name="Felix Baumann")
    desk.accounts.correct("usr_2", name="<img src=x><b>\u202ebold")
    screen = opener(desk)
    assert cell(screen, "subject", 1)[0] == "Felix Baumann"
    assert "usr_1" in cell(screen, "subject", 1)[1]
    said, tip = cell(screen, "subject", 0)
    assert said.startswith("<img src=x><b>")
    assert "\u202e" not in said
    assert "<img" not in tip, "it is escaped where it would be read as HTML"
    desk.accounts.note("usr_3", "Called")
    screen.window.tell({"accounts"})
    screen.settle()
    assert cell(screen, "subject")[0] == desk.accounts.user("usr_3").name, "those that come too"


def test_a_database_in_memory_is_listed_with_names_too(opener: Opener) -> None:
    with open_desk(":memory:", staff=lively.ADMIN, sandbox=True, now=lively.at_the_end) as desk:
        desk.accounts.register("usr_1", email="a@b.example", name="Ana Sol")
        screen = opener(desk)
        assert phase(screen) == "ready"
        assert cell(screen, "subject")[0] == "Ana Sol"
        screen.page.show_query(ActivityQuery(text="usr_1"))
        screen.settle()
        assert cell(screen, "subject")[0] == "Ana Sol"
        screen.window.close()


def test_who_users_are_is_asked_once_for_a_page_and_off_the_windows_thread(
    desk: Desk, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[threading.Thread] = []
    names = desk.accounts.names

    def counted(*users: Any, **how: Any) -> dict[str, str]:
        asked.append(threading.current_thread())
        return names(*users, **how)

    monkeypatch.setattr(desk.accounts, "names", counted)
    screen = opener(desk)
    pages = len(asked)
    screen.page.table.selectRow(BLOCK * 5 + 1)
    screen.settle()
    assert pages == 0, "the list comes with those of its first"
    assert 0 < len(asked) <= 3, "the block in view, and its neighbours"
    assert threading.main_thread() not in asked


def test_staff_are_short_for_who_has_no_address_too(path: Path, opener: Opener) -> None:
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        desk.staff.add("root", "admin")
    with open_desk(path, staff="root", now=lively.at_the_end) as desk:
        screen = opener(desk)
        assert cell(screen, "staff")[0] == lively.ADMIN.partition("@")[0]
        screen.window.close()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
def test_the_columns_that_begin_in_view_fit_and_their_heads_are_whole(
    desk: Desk, opener: Opener, size: tuple[int, int]
) -> None:
    table = opener(desk, size=size).page.table
    assert table.horizontalScrollBar().maximum() == 0
    reach = current().metrics("header").horizontalAdvance
    for at, column in enumerate(table.rows.columns):
        if column.shown:
            assert table.columnWidth(at) >= reach(column.title) + 2 * CELL_PADDING


def test_the_keyboard_reaches_everything(screen: Screen) -> None:
    page = screen.page
    screen.window.open_page("users")
    screen.window.open_page("activity")
    assert page.table.hasFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    screen.settle()
    assert page.table.currentIndex().row() == 1
    screen.window.registry.do(screen.window.registry.find("filter"))
    assert page.list.search.hasFocus()
    QTest.keyClick(page.list.search, Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 2
    QTest.keyClick(page.list.search, Qt.Key.Key_Escape)
    assert page.table.hasFocus()


# Files --------------------------------------------------------------------------------------------


def test_a_file_holds_every_record_of_the_list_and_says_what_it_is(
    screen: Screen, tmp_path: Path
) -> None:
    page = show(screen, ActivityQuery(act="charge"))
    screen.type_search("credits")
    page.save(str(tmp_path / "acts.csv"))
    screen.settle()
    text = (tmp_path / "acts.csv").read_text("utf-8-sig").splitlines()
    assert text[0] == '"# Activity: Put a use on record; with “credits” in it"'
    assert "Europe/Berlin" in text[2]
    titles, *rows = csv.reader(text[3:])
    assert page.table.visible_columns()[0].title == "When (Europe/Berlin)"
    assert titles[0] == "When (UTC)", "in a file instants are in UTC"
    assert titles[1:] == [column.title for column in page.table.visible_columns()][1:]
    assert len(rows) == page.state.count == len(rows_of(screen.desk, page.state.query))
    assert "Saved" in screen.said


def test_asking_where_to_save_can_be_given_up(screen: Screen) -> None:
    screen.page.ask_export()
    (dialog,) = screen.page.findChildren(QFileDialog)
    dialog.reject()
    assert not screen.page.findChildren(ExportDialog)
