"""The page of prices over a real database: drafts, publishing, versions, files, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app import open_desk, shipped
from app.desk import Desk
from app.domain import price_file
from app.domain.errors import DatabaseFailed
from app.domain.prices import Feature, PriceList, VersionState
from app.ui.background import Background
from app.ui.page import PageEntry
from app.ui.prices.asking import CompareDialog, InForceDialog
from app.ui.prices.dialogs import ConflictDialog, DifferenceDialog, PublishDialog
from app.ui.prices.feature_dialog import FeatureDialog
from app.ui.prices.page import PricesPage
from app.ui.widgets.dialog import Dialog, Question
from app.ui.window import Standing, Window

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
MANAGER = "pia@pixpretty.example"
ADMIN = "ada@pixpretty.example"
Opener = Callable[[str], "Screen"]


class Screen:
    """A window on the page of prices, for one person."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.qtbot, self.desk = qtbot, desk
        entry = PageEntry("prices", "Prices", "tag", "Ctrl+4", PricesPage)
        self.window = Window(
            desk=desk,
            background=Background(),
            now=lambda: NOW,
            zone=UTC,
            pages=[entry],
            standing=Standing("credits.db"),
        )
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.start()
        self.settle()

    @property
    def page(self) -> PricesPage:
        page = self.window.page
        assert isinstance(page, PricesPage)
        return page

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.background.busy)
        QApplication.processEvents()

    def cell(self, feature: str, column: str) -> str:
        model = self.page.features.table.prices_model
        place = [c.key for c in model.columns].index(column)
        return str(model.data(model.index(model.place_of(feature), place))).strip("\u2066\u2069")

    def price(self, feature: str, credits: int) -> None:
        """Enter a price as a person does."""
        table = self.page.features.table
        table.setCurrentIndex(table.prices_model.index(table.prices_model.place_of(feature), 0))
        self.window.registry.do(self.window.registry.find("edit-price"))
        assert table.editor is not None
        table.editor.setText(str(credits))
        QTest.keyClick(table.editor, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: str(credits) in self.cell(feature, "credits"))
        self.settle()

    def do(self, action: str) -> None:
        self.window.registry.do(self.window.registry.find(action))

    def dialog(self, kind: type[Dialog]) -> Dialog:
        (found,) = [d for d in self.page.findChildren(kind) if d.isVisible()]
        return found

    def toasts(self) -> list[str]:
        return [said.text for said in self.window.toasts.history]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "credits.db"
    with open_desk(file, staff=ADMIN, now=lambda: NOW) as desk:
        desk.staff.add(MANAGER, "product_manager")
        desk.staff.add("sam@pixpretty.example", "support")
    return file


@pytest.fixture
def open_for(qtbot: QtBot, path: Path) -> Iterator[Opener]:
    screens: list[Screen] = []

    def opened(person: str) -> Screen:
        screens.append(Screen(qtbot, open_desk(path, staff=person, now=lambda: NOW)))
        return screens[-1]

    yield opened
    for screen in screens:
        screen.window.close()
        screen.desk.close()


@pytest.fixture
def screen(open_for: Opener) -> Screen:
    return open_for(MANAGER)


def dearer(desk: Desk, credits: int) -> PriceList:
    prices = desk.pricing.versions()[0].prices
    features = [replace(f, credits=credits) if f.key == "ghostface" else f for f in prices.features]
    return replace(prices, features=tuple(features))


def publish(dialog: Dialog, note: str) -> None:
    assert isinstance(dialog, PublishDialog)
    dialog.note.setPlainText(note)
    dialog.try_submit()


def test_the_keyboard_is_on_the_prices_when_the_page_comes(screen: Screen) -> None:
    assert screen.page.focusWidget() is screen.page.features.table


def test_a_version_that_a_record_names_is_shown_among_the_versions(screen: Screen) -> None:
    screen.window.open_page("prices", 1)
    assert screen.page.tabs.currentWidget() is screen.page.versions


def test_a_price_is_edited_in_sight_from_every_tab(screen: Screen) -> None:
    screen.do("what-if")
    screen.price("ghostface", 5)
    assert screen.page.tabs.currentWidget() is screen.page.features
    assert screen.cell("ghostface", "credits") == "4 → 5"


def test_a_price_edited_in_its_cell_shows_old_and_new_and_is_kept(
    screen: Screen, open_for: Opener
) -> None:
    screen.price("ghostface", 5)
    assert screen.cell("ghostface", "credits") == "4 → 5"
    assert "draft with 1 change" in screen.page.head.headline.text()
    assert screen.page.features.remark.text() == "Draft saved 14:00:00."
    screen.window.close()
    again = open_for(MANAGER)
    assert again.cell("ghostface", "credits") == "4 → 5"
    again.do("undo-price")
    again.settle()
    assert again.cell("ghostface", "credits") == "4"
    assert again.desk.pricing.draft() is None


def test_edits_are_undone_and_redone_one_by_one(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.price("ghostface", 6)
    screen.do("undo-price")
    assert screen.cell("ghostface", "credits") == "4 → 5"
    screen.do("undo-price")
    assert screen.cell("ghostface", "credits") == "4"
    assert not screen.page.head.publish_button.isEnabled()
    screen.do("redo-price")
    screen.do("redo-price")
    screen.settle()
    assert screen.cell("ghostface", "credits") == "4 → 6"
    draft = screen.desk.pricing.draft()
    assert draft is not None
    assert draft.prices == dearer(screen.desk, 6)


def test_reading_anew_keeps_the_steps_to_undo(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.price("ghostface", 6)
    screen.page.reload()
    screen.settle()
    screen.do("undo-price")
    assert screen.cell("ghostface", "credits") == "4 → 5"
    screen.settle()


def test_publishing_needs_a_note_and_holds_from_now(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.do("publish-prices")
    dialog = screen.dialog(PublishDialog)
    assert not dialog.act_button.isEnabled()
    dialog.try_submit()
    assert not dialog.busy
    publish(dialog, "Dearer to make")
    screen.settle()
    screen.settle()
    assert screen.desk.pricing.current().number == 2
    assert screen.desk.pricing.current().note == "Dearer to make"
    assert screen.toasts()[0] == "Price list 2 is published and holds from now on."
    assert screen.cell("ghostface", "credits") == "5"
    assert [row.number for row in screen.page.state.versions] == [2, 1]
    assert not screen.page.state.edited


def test_publishing_can_wait_for_an_instant_in_the_billing_zone(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.do("publish-prices")
    dialog = screen.dialog(PublishDialog)
    assert isinstance(dialog, PublishDialog)
    dialog.later.setChecked(True)
    assert dialog.act_button.text() == "Schedule"
    publish(dialog, "From December")
    screen.settle()
    screen.settle()
    version = screen.desk.pricing.version(2)
    assert version.effective_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert version.state is VersionState.SCHEDULED
    assert "is scheduled from 1 Dec 00:00" in screen.page.notices.sentences[0]


def test_an_instant_that_is_past_is_refused_in_the_dialog(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.do("publish-prices")
    dialog = screen.dialog(PublishDialog)
    assert isinstance(dialog, PublishDialog)
    dialog.at.set_instant(datetime(2026, 1, 1, tzinfo=UTC))
    publish(dialog, "Too late")
    screen.settle()
    assert "which is past" in dialog.problem
    assert dialog.isVisible()
    dialog.reject()
    assert len(screen.desk.pricing.versions()) == 1


def test_with_nothing_edited_there_is_nothing_to_publish(screen: Screen) -> None:
    screen.do("publish-prices")
    assert "nothing to publish" in screen.page.features.remark.text()


def test_somebody_elses_version_is_shown_beside_the_draft_and_built_upon(
    screen: Screen, path: Path
) -> None:
    screen.price("ghostface", 5)
    screen.price("action_figure", 7)
    screen.do("publish-prices")
    with open_desk(path, staff=ADMIN, now=lambda: NOW) as other:
        other.pricing.publish(dearer(other, 6), based_on=1, note="I was first")
    publish(screen.dialog(PublishDialog), "Second")
    screen.settle()
    screen.settle()
    assert ADMIN in screen.page.notices.sentences[0]
    dialog = screen.dialog(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    rows = {r.place: (r.base, r.mine, r.theirs) for r in dialog.table.rows.rows}  # type: ignore[attr-defined]
    assert rows["features.ghostface.credits"] == ("4", "5", "6")
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    dialog.try_submit()
    screen.settle()
    assert screen.cell("ghostface", "credits") == "6 → 5"
    assert screen.cell("action_figure", "credits") == "4 → 7"
    assert screen.page.notices.sentences == []
    screen.do("publish-prices")
    publish(screen.dialog(PublishDialog), "Second")
    screen.settle()
    screen.settle()
    assert screen.desk.pricing.current().number == 3


def test_a_draft_may_be_discarded_and_brought_back(screen: Screen) -> None:
    screen.price("ghostface", 5)
    screen.do("discard-draft")
    screen.settle()
    assert screen.cell("ghostface", "credits") == "4"
    assert screen.desk.pricing.draft() is None
    screen.do("undo-price")
    screen.settle()
    assert screen.cell("ghostface", "credits") == "4 → 5"


def test_publishing_says_what_else_is_scheduled_for_that_instant_or_later(screen: Screen) -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    screen.desk.pricing.publish(dearer(screen.desk, 5), based_on=1, note="Soon", effective_at=start)
    screen.page.reload()
    screen.settle()
    screen.price("clothes_changer", 9)
    screen.do("publish-prices")
    dialog = screen.dialog(PublishDialog)
    assert isinstance(dialog, PublishDialog)
    assert "Price list 2 is scheduled and takes over" in dialog.warning.text()
    dialog.at.set_instant(start)
    assert "Price list 2 is scheduled for the same instant" in dialog.warning.text()
    assert "takes over" not in dialog.warning.text()
    dialog.at.set_instant(start + timedelta(days=1))
    assert dialog.warning.text() == ""


def test_a_scheduled_version_is_withdrawn_after_a_question(screen: Screen) -> None:
    screen.desk.pricing.publish(
        dearer(screen.desk, 5),
        based_on=1,
        note="Soon",
        effective_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    screen.page.reload()
    screen.settle()
    card = screen.page.versions
    card.table.selectRow(0)
    assert card.withdraw_button.isEnabled()
    card.withdraw_button.click()
    screen.dialog(Question).try_submit()
    screen.settle()
    screen.settle()
    assert screen.desk.pricing.version(2).state is VersionState.WITHDRAWN
    assert screen.toasts()[0] == "Price list 2 is withdrawn."
    assert not card.withdraw_button.isEnabled()


def test_an_old_version_is_edited_again_through_the_difference(screen: Screen) -> None:
    screen.desk.pricing.publish(dearer(screen.desk, 5), based_on=1, note="Dearer")
    screen.page.reload()
    screen.settle()
    screen.page.versions.table.selectRow(1)
    screen.page.versions.again_button.click()
    dialog = screen.dialog(DifferenceDialog)
    assert dialog.act_button.text() == "Take into the draft"
    dialog.try_submit()
    screen.settle()
    assert screen.cell("ghostface", "credits") == "5 → 4"
    assert screen.desk.pricing.current().number == 2


def test_enter_on_a_version_shows_what_it_changed(screen: Screen) -> None:
    screen.desk.pricing.publish(dearer(screen.desk, 5), based_on=1, note="Dearer")
    screen.page.reload()
    screen.settle()
    screen.page.versions.table.selectRow(0)
    QTest.keyClick(screen.page.versions.table, Qt.Key.Key_Return)
    dialog = screen.dialog(DifferenceDialog)
    assert isinstance(dialog, DifferenceDialog)
    assert dialog.table.rows.rowCount() == 1
    dialog.try_submit()
    assert not dialog.isVisible()


def test_a_dropped_file_goes_through_the_difference_into_the_draft(
    screen: Screen, tmp_path: Path
) -> None:
    file = tmp_path / "pricing.json"
    file.write_bytes(
        shipped.path("pricing.json").read_bytes().replace(b'"credits": 48', b'"credits": 40')
    )
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.page.dropEvent(drop)
    screen.settle()
    dialog = screen.dialog(DifferenceDialog)
    assert screen.cell("nano_banana_pro_4k", "credits") == "48"
    dialog.try_submit()
    screen.settle()
    assert screen.cell("nano_banana_pro_4k", "credits") == "48 → 40"
    assert len(screen.desk.pricing.versions()) == 1


def test_a_bad_file_is_refused_with_place_and_value_and_changes_nothing(
    screen: Screen, tmp_path: Path
) -> None:
    file = tmp_path / "pricing.json"
    file.write_bytes(
        shipped.path("pricing.json").read_bytes().replace(b'"credits": 48', b'"credits": 4.8')
    )
    screen.page.acts.import_file(str(file))
    screen.settle()
    assert "features[14].credits is 4.8" in screen.toasts()[0]
    assert not screen.page.state.edited


def test_what_is_exported_can_be_imported(screen: Screen, tmp_path: Path) -> None:
    screen.price("ghostface", 5)
    editing = screen.page.state.editing
    assert editing is not None
    file = tmp_path / "draft.json"
    screen.page.acts.save(str(file), price_file.write(editing.prices))
    screen.settle()
    assert screen.desk.pricing.read(file) == editing.prices
    assert screen.toasts()[0] == "Saved draft.json."
    screen.page.acts.save(str(tmp_path / "nowhere" / "x.json"), b"")
    screen.settle()
    assert "Saving x.json did not work" in screen.window.notices.sentences[0]


def test_a_feature_is_added_edited_retired_and_brought_back(screen: Screen) -> None:
    screen.do("add-feature")
    dialog = screen.dialog(FeatureDialog)
    assert isinstance(dialog, FeatureDialog)
    dialog.key.setText("ghostface")
    dialog.name.setText("AI Upscaler")
    dialog.family.setCurrentText("Editing")
    dialog.try_submit()
    assert "not a whole number" in dialog.problem or "needed" in dialog.problem
    dialog.credits.setText("3")
    dialog.try_submit()
    assert "“ghostface”" in dialog.problem
    dialog.key.setText("upscaler")
    dialog.try_submit()
    screen.settle()
    assert screen.cell("upscaler", "credits") == "3"
    screen.page.edit_feature(Feature("upscaler", "AI Upscaler", "", "Editing", 3))
    dialog = screen.dialog(FeatureDialog)
    assert isinstance(dialog, FeatureDialog)
    assert dialog.key.isReadOnly()
    dialog.name.setText("AI Super Upscaler")
    dialog.try_submit()
    screen.page.retire("ghostface")
    assert "retired" in [c.kind.split()[-1] for c in screen.page.state.editing.changes]  # type: ignore[union-attr]
    screen.page.restore("ghostface")
    screen.settle()
    assert screen.cell("upscaler", "name") == "AI Super Upscaler"
    draft = screen.desk.pricing.draft()
    assert draft is not None
    assert len(draft.prices.features) == 18


def test_who_may_not_edit_sees_the_list_in_force_and_why(open_for: Opener) -> None:
    screen = open_for("sam@pixpretty.example")
    screen.page.features.table.selectRow(5)
    screen.do("edit-price")
    assert screen.page.features.table.editor is None
    assert screen.page.notices.sentences == [
        "Your role, Support, may look at prices; product managers and admins edit them."
    ]
    assert "may look at prices" in screen.page.features.remark.text()
    assert not screen.page.head.publish_button.isEnabled()
    screen.do("publish-prices")
    screen.do("add-feature")
    assert [d for d in screen.page.findChildren(Dialog) if d.isVisible()] == []


def test_a_failure_to_read_says_so_and_can_be_tried_again(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> object:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    monkeypatch.setattr(screen.desk.pricing, "versions", broken)
    screen.page.reload()
    screen.settle()
    assert "does not answer" in screen.page.state.failed
    assert screen.page.features.table.overlay.isVisible()
    monkeypatch.undo()
    screen.page.reload()
    screen.settle()
    assert not screen.page.features.table.overlay.isVisible()


def test_in_a_small_window_descriptions_make_room_for_names(screen: Screen) -> None:
    def shown() -> list[str]:
        return [column.key for column in screen.page.features.table.visible_columns()]

    assert "description" in shown()
    screen.window.resize(1024, 640)
    screen.qtbot.waitUntil(lambda: "description" not in shown())
    screen.window.resize(1440, 900)
    screen.qtbot.waitUntil(lambda: "description" in shown())


def test_the_table_is_exported_as_it_is_shown(screen: Screen, tmp_path: Path) -> None:
    screen.page.ask_export_table()
    (dialog,) = [d for d in screen.page.findChildren(QFileDialog) if d.isVisible()]
    dialog.fileSelected.emit(str(tmp_path / "prices.csv"))
    dialog.reject()
    screen.settle()
    lines = (tmp_path / "prices.csv").read_text().splitlines()
    assert lines[0].startswith("Feature,Description,Credits,Change,")
    assert lines[6].startswith("AI Ghostface Generator,Ghost Face Generation,4,")
    assert len(lines) == 19


def test_the_policy_is_a_tab_whose_fields_are_steps_of_the_draft(screen: Screen) -> None:
    screen.do("policy")
    policy = screen.page.policy
    plus = policy.amounts["plus"]
    assert policy.first_field().hasFocus()
    plus.setFocus()
    plus.selectAll()
    QTest.keyClicks(plus, "2.5")
    QTest.keyClick(plus, Qt.Key.Key_Tab)
    assert "“2.5” is not a whole number from 0 to 1,000,000" in plus.toolTip()
    assert not screen.page.state.edited
    plus.selectAll()
    QTest.keyClicks(plus, "250")
    QTest.keyClick(plus, Qt.Key.Key_Return)
    bonus = policy.validities["signup"]
    bonus.setCurrentText("30 days")
    bonus.activated.emit(bonus.currentIndex())
    QTest.mouseClick(policy.top_up, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    screen.settle()
    assert [change.sentence for change in screen.page.state.editing.changes] == [  # type: ignore[union-attr]
        "Monthly credits of Plus: 250 instead of 200.",
        "Validity of the sign-up bonus: 30 days instead of 1 year.",
        "Buying credits: on instead of off.",
    ]
    assert screen.page.tabs.tabText(1) == "Policy (3 edited)"
    for _step in range(3):
        screen.do("undo-price")
    screen.settle()
    assert not screen.page.state.edited
    assert plus.text() == "200"


def test_undo_in_a_policy_field_takes_back_the_typing_first_and_then_the_draft(
    screen: Screen,
) -> None:
    screen.do("policy")
    free = screen.page.policy.amounts["free"]
    QTest.keyClick(free, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(free, "7")
    QTest.keyClick(free, Qt.Key.Key_Return)
    screen.qtbot.waitUntil(lambda: screen.page.state.edited)
    QTest.keyClicks(free, "5")
    QTest.keyClick(free, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert free.text() == "7"
    assert screen.page.state.edited
    QTest.keyClick(free, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    screen.qtbot.waitUntil(lambda: not screen.page.state.edited)
    assert free.text() == "0"


def test_who_may_not_edit_reads_the_policy(open_for: Opener) -> None:
    screen = open_for("sam@pixpretty.example")
    screen.do("policy")
    assert screen.page.policy.amounts["pro"].text() == "1,000"
    assert not screen.page.policy.amounts["pro"].isEnabled()
    assert not screen.page.policy.top_up.isEnabled()


def test_pasted_prices_go_down_from_the_chosen_feature_in_one_step(screen: Screen) -> None:
    table = screen.page.features.table
    table.selectRow(table.prices_model.place_of("ghostface"))
    QApplication.clipboard().setText("5\n6\n7\n")
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert screen.cell("ghostface", "credits") == "4 → 5"
    assert screen.cell("clothes_changer", "credits") == "4 → 7"
    screen.do("undo-price")
    screen.settle()
    assert not screen.page.state.edited


def test_a_paste_with_one_bad_price_changes_nothing_and_names_it(screen: Screen) -> None:
    table = screen.page.features.table
    table.selectRow(0)
    QApplication.clipboard().setText("5\n0\n7\n")
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert not screen.page.state.edited
    assert "Line 2: “0” is not a price" in screen.page.features.remark.text()


def test_any_two_lists_and_the_draft_are_compared(screen: Screen) -> None:
    for credits in (5, 6):
        newest = screen.desk.pricing.versions()[0].number
        screen.desk.pricing.publish(
            dearer(screen.desk, credits), based_on=newest, note=f"Now {credits}"
        )
    screen.page.reload()
    screen.settle()
    screen.price("clothes_changer", 9)
    screen.do("price-versions")
    table = screen.page.versions.table
    assert table.hasFocus()
    assert screen.page.tabs.tabText(2) == "Versions (3)"
    table.selectRow(2)
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    screen.page.acts.compare([row for row in table.selected() if row.number != 2])
    dialog = screen.dialog(CompareDialog)
    assert isinstance(dialog, CompareDialog)
    changes = dialog.table.rows
    assert [changes.row(0).sentence] == ["AI Ghostface Generator costs 6 instead of 4."]  # type: ignore[union-attr]
    dialog.new.setCurrentIndex(dialog.new.findData(0))
    assert dialog.said.text() == "2 differences"
    dialog.old.setCurrentIndex(dialog.old.findData(0))
    assert dialog.said.text() == "0 differences"


def test_the_list_in_force_at_any_instant_is_told_with_its_prices(screen: Screen) -> None:
    screen.desk.pricing.publish(
        dearer(screen.desk, 5), based_on=1, note="Dearer", effective_at=NOW + timedelta(days=9)
    )
    screen.page.reload()
    screen.settle()
    screen.do("prices-at")
    dialog = screen.dialog(InForceDialog)
    assert isinstance(dialog, InForceDialog)
    assert dialog.said.text().startswith("Price list 1 holds then, from the beginning of time")
    dialog.at.set_instant(NOW + timedelta(days=9))
    assert dialog.said.text().startswith("Price list 2 holds then, from 1 Dec 14:00")
    ghostface = next(f for f in dialog.table.rows.rows if f.key == "ghostface")  # type: ignore[attr-defined]
    assert ghostface.credits == 5


def test_a_draft_of_an_older_list_is_only_discarded_after_a_question(
    screen: Screen, path: Path
) -> None:
    screen.price("ghostface", 5)
    with open_desk(path, staff=ADMIN, now=lambda: NOW) as other:
        other.pricing.publish(dearer(other, 6), based_on=1, note="I was first")
    screen.page.reload()
    screen.settle()
    screen.do("discard-draft")
    screen.dialog(Question).reject()
    assert screen.cell("ghostface", "credits") == "4 → 5"
    screen.do("discard-draft")
    screen.dialog(Question).try_submit()
    screen.settle()
    assert screen.cell("ghostface", "credits") == "6"
    assert screen.desk.pricing.draft() is None


def test_what_others_write_does_not_close_the_cell_that_is_edited(
    screen: Screen, path: Path
) -> None:
    table = screen.page.features.table
    table.setCurrentIndex(table.prices_model.index(5, 0))
    screen.do("edit-price")
    editor = table.editor
    assert editor is not None
    editor.setText("7")
    with open_desk(path, staff=ADMIN, now=lambda: NOW) as other:
        prices = other.pricing.current().prices
        fewer = replace(prices, features=prices.features[1:])
        other.pricing.publish(fewer, based_on=1, note="One less")
    screen.window.heard({"prices"})
    screen.settle()
    assert table.editor is editor
    assert screen.cell("remove_bg_single", "credits") == "1"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    screen.qtbot.waitUntil(lambda: screen.cell("ghostface", "credits") == "4 → 7")
    assert table.prices_model.place_of("remove_bg_single") == -1
    row = table.current_row()
    assert row is not None
    assert row.key == "ghostface"
    screen.settle()


def test_a_reading_that_brings_nothing_new_leaves_the_selection_alone(screen: Screen) -> None:
    table = screen.page.features.table
    table.selectRow(3)
    screen.page.versions.table.selectRow(0)
    resets: list[object] = []
    table.prices_model.modelReset.connect(lambda: resets.append(table))
    screen.window.heard({"prices"})
    screen.settle()
    assert resets == []
    assert table.selected_numbers() == [3]
    assert screen.page.versions.table.selected_numbers() == [0]
