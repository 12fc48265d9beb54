"""The page of settings: what is typed is checked, kept, and used at once."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui import tickets
from app.ui.everywhere import settings_actions
from app.ui.looks import Looks
from app.ui.settings.appearance import AppearanceCard, TimesCard
from app.ui.settings.help_desk import HelpDeskCard
from app.ui.settings.limits import LimitsCard
from app.ui.settings.staff import StaffCard
from app.ui.theme import Theme
from tests import lively
from tests.ui.settings.world import As, Opener, card, page_of, settle

DESK = "https://help.example.com/tickets/{ticket}"


def test_the_address_of_the_help_desk_is_kept_and_opens_tickets(
    opener: Opener, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(_text(url))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window = opener(desk, "help-desk")
    help_desk = card(window, HelpDeskCard)
    help_desk.field.setText(DESK)
    assert help_desk.preview.text().endswith("https://help.example.com/tickets/ZD-48213")
    help_desk.try_button.click()
    help_desk.save_button.click()
    assert not help_desk.save_button.isEnabled()
    window.open_ticket("ZD/1")
    assert opened == [
        "https://help.example.com/tickets/ZD-48213",
        "https://help.example.com/tickets/ZD%2F1",
    ]
    window.close()
    assert card(opener(desk, "help-desk"), HelpDeskCard).field.text() == DESK


def _text(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


def test_without_an_address_a_ticket_is_copied(opener: Opener, desk: Desk) -> None:
    window = opener(desk)
    window.open_ticket("ZD-9")
    assert QGuiApplication.clipboard().text() == "ZD-9"
    assert "Copied \u2068ZD-9\u2069" in window.toasts.history[-1].text


def test_a_bad_address_is_refused_where_it_is_typed_and_the_old_one_stays(
    opener: Opener, desk: Desk
) -> None:
    window = opener(desk, "help-desk")
    window.set_setting(tickets.KEPT, DESK)
    help_desk = card(window, HelpDeskCard)
    help_desk.field.setText("javascript:{ticket}")
    assert not help_desk.save_button.isEnabled()
    help_desk.save()
    assert "is not an address of the web" in help_desk.labelled.said
    assert window.setting(tickets.KEPT) == DESK
    help_desk.field.setText("")
    help_desk.save()
    assert window.setting(tickets.KEPT) == ""


def test_what_is_being_typed_survives_a_change_elsewhere(opener: Opener, desk: Desk) -> None:
    window = opener(desk, "help-desk")
    help_desk = card(window, HelpDeskCard)
    help_desk.field.insert("https://half")
    window.heard({"prices"})
    assert help_desk.field.text() == "https://half"


def test_colours_rows_and_text_size_are_chosen_and_shown_as_they_are(
    opener: Opener, desk: Desk, theme: Theme
) -> None:
    looks = card(opener(desk, "appearance"), AppearanceCard)
    for box, key in ((looks.scheme, "dark"), (looks.density, "compact"), (looks.zoom, 125)):
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
    assert (theme.scheme, theme.density, theme.zoom) == ("dark", "compact", 125)
    theme.choose(scheme="light", density="normal", zoom=100)
    assert looks.scheme.currentData() == "light"
    assert looks.zoom.currentData() == 100


def test_how_times_are_shown_is_said_with_the_zone_and_utc(opener: Opener, desk: Desk) -> None:
    times = card(opener(desk, "appearance"), TimesCard)
    assert times.here.text() == "9 Jun 2026 17:30:00 Europe/Berlin"
    assert times.tip.text() == (
        "9 Jun 2026 17:30:00 Europe/Berlin\n9 Jun 2026 15:30:00 UTC\n3 days ago"
    )


def test_the_choice_of_times_shows_at_once_on_every_page_and_is_kept(
    opener: Opener, as_: As, qtbot: QtBot, theme: Theme
) -> None:
    window = opener(as_(lively.ADMIN), "staff")
    settle(window, qtbot)
    since = card(window, StaffCard).table
    place = [column.key for column in since.rows.columns].index("since")

    def shown() -> str:
        return str(since.rows.data(since.rows.index(0, place)))

    before = shown()
    window.open_page("settings", "appearance")
    times = card(window, TimesCard)
    assert times.example.text() == "9 Jun 17:30"
    times.times.setCurrentIndex(times.times.findData("ago"))
    times.times.activated.emit(times.times.currentIndex())
    assert times.example.text() == "3 days ago"
    assert times.here.text() == "9 Jun 2026 17:30:00 Europe/Berlin"
    assert shown().endswith(" ago")
    assert not before.endswith(" ago")
    theme.choose(times="minutes")
    assert times.times.currentData() == "minutes"
    Looks(window.kept).take_up()
    assert times.times.currentData() == "ago"


@pytest.mark.parametrize(
    ("person", "name", "says"),
    [
        (lively.SUPPORT, "Left today", "350 credits"),
        (lively.LEAD, "Issuing credits", "without limit, 1 to 1,000,000 in one grant"),
    ],
)
def test_your_limits_are_told_as_they_stand(
    opener: Opener, as_: As, person: str, name: str, says: str
) -> None:
    limits = card(opener(as_(person), "limits"), LimitsCard)
    assert limits.yours[name] == says
    assert person in limits.yours["You"]
    assert limits.yours["In one grant"] == "up to 100 credits"


def test_what_was_given_today_is_said_at_once(opener: Opener, desk: Desk, qtbot: QtBot) -> None:
    window = opener(desk, "limits")
    desk.support.grant("usr_1", 24, reason="goodwill", note="x", ticket="ZD-1")
    window.heard({"accounts"})
    settle(window, qtbot)
    yours = card(window, LimitsCard).yours
    assert (yours["Given today"], yours["Left today"]) == ("174 credits", "326 credits")


def test_sections_are_reached_by_keyboard_and_the_way_back_is_kept(
    opener: Opener, desk: Desk, qtbot: QtBot
) -> None:
    window = opener(desk, "database")
    page = page_of(window)
    page.list.button("database").setFocus()
    QTest.keyClick(page.list.button("database"), Qt.Key.Key_Down)
    QTest.keyClick(page.list.button("appearance"), Qt.Key.Key_Down)
    assert page.here == page.place() == "staff"
    assert page.list.button("staff").isChecked()
    window.go_back()
    window.go_back()
    assert page.here == "database"
    window.go_forward()
    assert page.here == "appearance"
    window.open_page("settings", "no such section")
    assert page.here == "appearance"


@pytest.mark.parametrize("kind", ["staff", "database"])
def test_what_a_record_of_the_activity_is_about_is_shown_in_its_section(
    opener: Opener, desk: Desk, kind: str
) -> None:
    window = opener(desk, "limits")
    window.open_page("settings", (kind, "ana@pixpretty.example"))
    assert page_of(window).here == kind


def test_a_section_is_built_only_when_it_is_shown(opener: Opener, desk: Desk) -> None:
    page = page_of(opener(desk, "limits"))
    assert set(page._built) == {"database", "limits"}


def test_every_action_of_the_palette_leads_to_something_that_is_there(
    opener: Opener, as_: As
) -> None:
    window = opener(as_(lively.ADMIN))
    asked: list[str] = []
    page = page_of(window)

    class Asking:
        @staticmethod
        def open_page(key: str, place: str) -> None:
            assert key == "settings"
            asked.append(place)

    actions = settings_actions(Asking())  # type: ignore[arg-type]
    for action in actions:
        action.act()
    assert len(asked) == len(actions)
    for place in asked:
        section, _, act = place.partition(":")
        assert section in {one.key for one in page.sections}
        offered = {name for card in page.cards(section) for name in card.acts}
        assert not act or act in offered
