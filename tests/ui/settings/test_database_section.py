"""The database: what it is, backing it up, verifying, looking inside a backup, going back to it."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from app import open_desk
from app.domain.backups import DatabaseFacts
from app.storage import backup
from app.storage.sqlite import connect
from app.ui import daily_backup as daily
from app.ui.settings.backups import BackupsCard
from app.ui.settings.database import DatabaseCard, sqlite_said
from app.ui.settings.restoring import RestoreCard
from app.ui.settings.verifying import VerifyCard
from tests import lively
from tests.ui.settings.world import As, Opener, card, said, settle


def full(_source: Path, _folder: Path) -> None:
    raise OSError(28, "No space left on device")


def test_the_database_is_told_as_it_is(opener: Opener, as_: As, path: Path) -> None:
    shown = card(opener(as_(lively.SUPPORT)), DatabaseCard)
    assert shown.path.text() == str(path)
    assert shown.zone.text().startswith(lively.ZONE)
    assert shown.how_large.text().endswith("KB")
    assert "revision" in shown.revision.text()


def test_a_sqlite_with_the_bug_is_named_with_what_it_means() -> None:
    facts = DatabaseFacts(
        None, 0, "3.40.1", False, "UTC", lively.START, "0010", writable=True, sandbox=False
    )
    words = sqlite_said(facts)
    for part in ("3.40.1", "3.7.0", "3.51.2", "damaged", "backups"):
        assert part in words


def test_a_database_in_memory_has_nothing_to_back_up(opener: Opener, qtbot: QtBot) -> None:
    with open_desk(":memory:", staff="ana") as desk:
        window = opener(desk)
        assert not card(window, BackupsCard).now_button.isEnabled()
        assert "in memory" in card(window, BackupsCard).why_not.text()
        assert "in memory" in card(window, DatabaseCard).path.text()
        window.close()


def test_a_backup_is_made_where_one_wants_it_and_said_with_its_size(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    target = tmp_path / "safe.db"
    backups.back_up(str(target))
    assert not backups.now_button.isEnabled()
    settle(window, qtbot)
    assert target.is_file()
    assert str(target) in backups.said.text()
    assert "KB" in backups.said.text()
    assert backups.now_button.isEnabled()


def test_a_backup_that_fails_says_why_and_another_file_is_left_alone(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    backups.back_up(str(notes))
    settle(window, qtbot)
    assert "notes.txt" in backups.said.text()
    assert notes.read_text() == "mine"
    monkeypatch.setattr(backup, "_refuse_full_disk", full)
    backups.back_up(str(tmp_path / "safe.db"))
    settle(window, qtbot)
    assert "No space left" in backups.said.text()
    assert backups.now_button.isEnabled()


def test_who_may_not_back_up_is_told_so(opener: Opener, as_: As) -> None:
    window = opener(as_(lively.SUPPORT))
    backups, restore = card(window, BackupsCard), card(window, RestoreCard)
    assert not backups.now_button.isEnabled()
    assert not backups.on.isEnabled()
    assert "may not back up" in backups.why_not.text()
    assert not restore.button.isEnabled()
    assert "may not restore" in restore.why_not.text()
    window.open_page("settings", "database:backup")
    assert "may not back up" in said(window)


# Every day


def test_a_daily_backup_is_made_at_once_when_it_is_wanted(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    assert "No daily backup" in backups.last.text()
    backups.folder.setText(str(tmp_path))
    backups.keep.set_amount(3)
    backups.on.setChecked(True)
    settle(window, qtbot)
    made = [path for path in tmp_path.iterdir() if "-daily-2026-06-12-" in path.name]
    assert len(made) == 1
    assert made[0].name in backups.last.text()
    assert "12 Jun 2026" in backups.last.text()
    assert daily.chosen(window) == daily.DailyChoice(on=True, folder=str(tmp_path), keep=3)


def test_what_is_said_of_daily_backups_is_said_of_the_folder_that_is_chosen(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.ADMIN))
    backups, restore = card(window, BackupsCard), card(window, RestoreCard)
    assert backups.last.text() == "No daily backup was made yet."
    backups.take_folder(str(tmp_path))
    settle(window, qtbot)
    assert backups.last.text() == "No daily backup of this database is in this folder."
    choosing = restore.ask_file()
    assert choosing is not None
    assert choosing.directory().absolutePath() == str(tmp_path)


def test_a_folder_that_is_not_there_is_named_and_nothing_is_switched_on(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    backups.folder.setText(str(tmp_path / "nowhere"))
    backups.on.setChecked(True)
    settle(window, qtbot)
    assert "nowhere" in backups._labelled.said
    assert not daily.chosen(window).on
    backups.keep.setText("0")
    backups.keep.editingFinished.emit()
    assert "1 to 365" in backups._keeping.said


@pytest.mark.parametrize("typed", ["nowhere", ""])
def test_backups_go_on_where_they_went_while_another_folder_is_not_there(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot, typed: str
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    backups.folder.setText(str(tmp_path))
    backups.on.setChecked(True)
    settle(window, qtbot)
    backups.folder.setText(str(tmp_path / typed) if typed else "")
    backups.folder.editingFinished.emit()
    backups.reload()
    settle(window, qtbot)
    assert backups.on.isChecked()
    assert daily.chosen(window) == daily.DailyChoice(on=True, folder=str(tmp_path), keep=14)
    assert typed in backups.folder.text()
    assert f"Backups go on in {tmp_path}." in backups._labelled.said
    backups.take_folder(str(tmp_path))
    assert "go on" not in backups._labelled.said


def test_where_the_first_backup_goes_is_said_before_the_box_is_ticked(
    opener: Opener, as_: As, path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.LEAD))
    backups = card(window, BackupsCard)
    beside = path.with_name("backups")
    assert backups.at_once.text() == f"Ticking this makes today's backup at once, in {beside}."
    assert backups.at_once.isVisible()
    backups.on.setChecked(True)
    settle(window, qtbot)
    assert not backups.at_once.isVisible()
    assert list(beside.glob("*-daily-*"))


def test_the_ring_of_the_box_is_about_its_words(opener: Opener, as_: As) -> None:
    backups = card(opener(as_(lively.LEAD)), BackupsCard)
    assert backups.on.width() == backups.on.sizeHint().width() < backups.width() // 2


def test_the_watch_makes_todays_backup_once_and_only_for_who_may(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    support = opener(as_(lively.SUPPORT))
    daily.choose(support, daily.DailyChoice(on=True, folder=str(tmp_path), keep=2))
    watch = daily.DailyBackup(support, support)
    watch.look()
    settle(support, qtbot)
    assert not list(tmp_path.glob("*-daily-*"))
    assert support.notices.sentences == []
    support.close()
    lead = opener(as_(lively.LEAD))
    watch = daily.DailyBackup(lead, lead)
    for _ in range(2):
        watch.look()
        settle(lead, qtbot)
    assert len(list(tmp_path.glob("*-daily-*"))) == 1
    acts = [record.act for record in lead.desk.integrity.audit(limit=5)]
    assert acts.count("back up") == 1


def test_a_daily_backup_that_fails_is_a_calm_notice_with_retry(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opener(as_(lively.LEAD))
    daily.choose(window, daily.DailyChoice(on=True, folder=str(tmp_path), keep=2))
    watch = daily.DailyBackup(window, window)
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_refuse_full_disk", full)
        watch.look()
        settle(window, qtbot)
    (sentence,) = window.notices.sentences
    assert "No backup was made today" in sentence
    assert "No space left" in sentence
    window.notices._shown[daily.NOTICE].button.click()
    settle(window, qtbot)
    assert window.notices.sentences == []
    assert len(list(tmp_path.glob("*-daily-*"))) == 1


def test_nonsense_in_what_was_kept_is_no_choice(opener: Opener, as_: As) -> None:
    window = opener(as_(lively.LEAD))
    for kept in ("x", {"": 1}, {str(window.desk.path): {"on": "yes", "folder": 7, "keep": "a"}}):
        window.set_setting(daily.KEPT, json.loads(json.dumps(kept)))
        assert daily.chosen(window) == daily.DailyChoice()


# Verifying


def test_verifying_says_the_verdict_and_the_head_of_the_record(
    opener: Opener, as_: As, qtbot: QtBot
) -> None:
    window = opener(as_(lively.SUPPORT))
    verify = card(window, VerifyCard)
    window.open_page("settings", "database:verify")
    assert verify.stop_button.isVisible()
    settle(window, qtbot)
    assert "The books balance" in verify.said.text()
    assert verify.chain.text() == window.desk.integrity.audit_head()
    assert not verify.table.isVisible()
    assert not verify.bar.isVisible()


def test_broken_rules_are_listed_with_their_rows(
    opener: Opener, as_: As, path: Path, qtbot: QtBot
) -> None:
    with closing(connect(str(path))) as connection:
        connection.execute('UPDATE "grant" SET remaining = remaining + 1 WHERE id = 1')
    window = opener(as_(lively.ADMIN))
    verify = card(window, VerifyCard)
    verify.verify()
    settle(window, qtbot)
    assert "broken" in verify.said.text()
    assert verify.table.isVisible()
    rules = {row.rule for row in verify._model.rows}
    assert "grants conserve credits" in rules


def test_verifying_can_be_stopped(opener: Opener, as_: As, qtbot: QtBot) -> None:
    window = opener(as_(lively.ADMIN))
    verify = card(window, VerifyCard)
    verify.verify()
    verify.stop()
    settle(window, qtbot)
    assert verify.said.text() == "Stopped; nothing is said of the books."
    assert verify.button.isEnabled()


# Going back


def test_a_backup_is_looked_into_and_restored_only_when_that_is_clearly_chosen(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = as_(lively.ADMIN)
    saved = desk.integrity.backup(tmp_path / "safe.db")
    desk.accounts.register("usr_new", email="new@example.com", name="New", at=lively.END)
    window = opener(desk)
    before = window.page
    dialog = card(window, RestoreCard).look_inside(str(saved))
    settle(window, qtbot)
    assert "2 acts of staff" in dialog.said.text()
    assert next(row[1] - row[2] for row in dialog._compared.rows) == -1
    assert not dialog.act_button.isEnabled()
    dialog.try_submit()
    assert len(desk.accounts.find("usr_new")) == 1
    dialog.sure.setChecked(True)
    dialog.try_submit()
    settle(window, qtbot)
    assert desk.accounts.find("usr_new") == []
    kept = list(tmp_path.glob("*before-restore*"))
    assert len(kept) == 1
    assert kept[0].name in said(window)
    assert window.page is not before
    assert desk.integrity.verify().ok


def test_a_lead_may_look_inside_but_not_go_back(
    opener: Opener, as_: As, tmp_path: Path, path: Path, qtbot: QtBot
) -> None:
    desk = as_(lively.LEAD)
    saved = desk.integrity.backup(tmp_path / "safe.db")
    window = opener(desk)
    restore = card(window, RestoreCard)
    assert restore.button.text() == "Look inside a backup…"
    dialog = restore.look_inside(str(saved))
    settle(window, qtbot)
    assert "may not restore" in dialog.foot_note.text()
    assert not dialog.sure.isVisible()
    assert not dialog.act_button.isEnabled()
    dialog.reject()


def test_where_no_file_is_the_window_says_what_to_choose_instead(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.ADMIN))
    dialog = card(window, DatabaseCard).open_another()
    dialog.file.setEditText(str(tmp_path / "nowhere.db"))
    dialog.try_submit()
    settle(window, qtbot)
    assert dialog.problem == (
        f"There is no file {tmp_path / 'nowhere.db'}. Choose another, or make a database:"
        " “Begin with an empty database”."
    )
    assert not dialog.busy
    dialog.new.button.setChecked(True)  # taller, and the dialog does not shrink again
    dialog.there.button.setChecked(True)
    dialog.try_submit()
    settle(window, qtbot)
    below = dialog.there.mapTo(dialog, dialog.there.rect().bottomLeft()).y()
    assert dialog._problem.mapTo(dialog, QPoint()).y() - below < 40
    dialog.reject()


def test_what_is_no_backup_is_refused_and_one_that_locks_out_is_warned_of(
    opener: Opener, as_: As, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.ADMIN))
    restore = card(window, RestoreCard)
    notes = tmp_path / "notes.txt"
    notes.write_text("no database")
    dialog = restore.look_inside(str(notes))
    settle(window, qtbot)
    assert "notes.txt" in dialog.problem
    assert not dialog.sure.isVisible()
    dialog.reject()
    other = tmp_path / "other.db"
    with open_desk(other, staff="zoe@else.example", zone="Asia/Tokyo"):
        pass
    dialog = restore.look_inside(str(other))
    settle(window, qtbot)
    assert "you could do nothing here afterwards" in dialog.warned.text()
    assert "Asia/Tokyo" in dialog.warned.text()
    dialog.reject()


def test_closing_the_look_inside_stops_it(
    opener: Opener, as_: As, path: Path, qtbot: QtBot
) -> None:
    window = opener(as_(lively.ADMIN))
    dialog = card(window, RestoreCard).look_inside(str(path))
    stop = dialog._stop
    dialog.reject()
    settle(window, qtbot)
    assert stop is not None
    assert stop.is_set()
    assert window.toasts.history == []
