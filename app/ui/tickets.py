"""Tickets lie in the help desk: where, by an address that the person gives once in the settings.

The address is a template like ``https://help.example.com/tickets/{ticket}``. What stands for
``{ticket}`` comes from data, so it is encoded, and never reaches the name of the computer asked.
"""

from typing import Final
from urllib.parse import quote, urlsplit

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.errors import InvalidValue
from app.ui import format as write
from app.ui.language import tr

PLACE: Final = "{ticket}"
KEPT: Final = "help-desk/address"
EXAMPLE: Final = f"https://help.example.com/tickets/{PLACE}"
_SCHEMES: Final = frozenset({"https", "http"})
_LONGEST: Final = 2_000
_NONE: Final = tr("is not an address; write one")


def checked_address(text: str) -> str:
    """The template, if tickets can be opened by it; ``InvalidValue`` with the reason otherwise."""
    template = text.strip()
    wrong = _why_not(template)
    if wrong:
        message = tr(
            "“{template}” {wrong}, like {EXAMPLE}.",
            template=template[:80],
            wrong=wrong,
            EXAMPLE=EXAMPLE,
        )
        raise InvalidValue(message, field=tr("help desk address"), value=template)
    return template


def _why_not(template: str) -> str:
    if not template.isprintable() or any(letter.isspace() for letter in template):
        return tr("has blanks in it; write the address without any")
    if len(template) > _LONGEST:
        return tr(
            "is longer than {LONGEST} characters; write a shorter address",
            LONGEST=write.credits(_LONGEST),
        )
    try:
        parts = urlsplit(template)
        host, user = parts.hostname, parts.username
    except ValueError:
        return _NONE
    if parts.scheme not in _SCHEMES or not host:
        return tr("is not an address of the web; write one with https://")
    if user is not None:
        return tr("holds a name or password before the @; write it without")
    return _wrong_place(template, parts.netloc)


def _wrong_place(template: str, computer: str) -> str:
    rest = template.replace(PLACE, "")
    if "{" in computer or "}" in computer:
        return tr("has {PLACE} in the name of the computer; put it after that", PLACE=PLACE)
    if rest == template:
        return tr("does not say where the ticket goes; put {PLACE} there", PLACE=PLACE)
    if "{" in rest or "}" in rest:
        return tr("has other braces than {PLACE}; leave them out", PLACE=PLACE)
    return "" if address_of(template, "ZD-1") else _NONE


def address_of(template: str, ticket: str) -> str:
    """The address of a ticket; empty where there is no ticket or no good template."""
    if not template or not ticket.strip():
        return ""
    encoded = template.replace(PLACE, quote(ticket.strip(), safe="", errors="replace"))
    url = _url(encoded)
    return encoded if url.isValid() and url.scheme() in _SCHEMES and url.host() else ""


def open_address(address: str) -> bool:
    """Show an address in the browser; only one of the web. False where that failed."""
    url = _url(address)
    if not url.isValid() or url.scheme() not in _SCHEMES:
        return False
    return QDesktopServices.openUrl(url)


def _url(address: str) -> QUrl:
    return QUrl.fromEncoded(QByteArray(address.encode()), QUrl.ParsingMode.StrictMode)
