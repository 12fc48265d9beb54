"""Tickets open in the help desk, and nothing but an address of the web is ever opened."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.errors import InvalidValue
from app.ui import tickets

DESK = "https://help.example.com/tickets/{ticket}"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("help.example.com/{ticket}", "is not an address of the web"),
        ("ftp://help.example.com/{ticket}", "is not an address of the web"),
        ("javascript:alert({ticket})", "is not an address of the web"),
        ("file:///etc/{ticket}", "is not an address of the web"),
        ("https:///{ticket}", "is not an address of the web"),
        ("https://help.example.com/tickets/", "does not say where the ticket goes"),
        ("https://{ticket}.example.com/", "in the name of the computer"),
        ("https://ana:secret@help.example.com/{ticket}", "name or password"),
        ("https://help.example.com/{id}/{ticket}", "other braces"),
        ("https://help.example.com/a b/{ticket}", "blanks"),
        ("https://[help/{ticket}", "is not an address"),
        ("https://help.example.com:port/{ticket}", "is not an address"),
        ("https://help.example.com/" + "x" * 3000 + "{ticket}", "longer than 2,000"),
    ],
)
def test_a_template_that_would_open_no_ticket_is_refused_with_the_reason(
    typed: str, says: str
) -> None:
    with pytest.raises(InvalidValue, match=says) as refused:
        tickets.checked_address(typed)
    assert typed[:40] in str(refused.value)


@pytest.mark.parametrize(
    ("ticket", "address"),
    [
        ("ZD-48213", "https://help.example.com/tickets/ZD-48213"),
        (" 77 ", "https://help.example.com/tickets/77"),
        ("a/b?c=d#e&f", "https://help.example.com/tickets/a%2Fb%3Fc%3Dd%23e%26f"),
        ("../../x", "https://help.example.com/tickets/..%2F..%2Fx"),
        ("{ticket}", "https://help.example.com/tickets/%7Bticket%7D"),
        ("100 %", "https://help.example.com/tickets/100%20%25"),
        ("שלום", "https://help.example.com/tickets/%D7%A9%D7%9C%D7%95%D7%9D"),
        ("<b>\n", "https://help.example.com/tickets/%3Cb%3E"),
        ("  ", ""),
    ],
)
def test_whatever_a_ticket_holds_stays_in_its_place_of_the_address(
    ticket: str, address: str
) -> None:
    assert tickets.checked_address(f" {DESK} ") == DESK
    assert tickets.address_of(DESK, ticket) == address
    if address:
        assert QUrl.fromEncoded(address.encode()).host() == "help.example.com"


def test_without_a_template_there_is_no_address() -> None:
    assert tickets.address_of("", "ZD-1") == ""
    assert tickets.address_of("mailto:{ticket}", "ZD-1") == ""


def test_only_addresses_of_the_web_reach_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    refused = ("file:///etc/passwd", "javascript:1", "smb://h/x", "https://a b/", "", "help")
    assert [tickets.open_address(address) for address in refused] == [False] * len(refused)
    assert tickets.open_address("https://help.example.com/t/a%2Fb")
    assert opened == ["https://help.example.com/t/a%2Fb"]
