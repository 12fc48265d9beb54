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


def checked_address(text: str) -> str:
    """The template, if tickets can be opened by it; ``InvalidValue`` with the reason otherwise."""
    template = text.strip()
    wrong = _why_not(template)
    if wrong:
        raise InvalidValue(wrong, field="help desk address", value=template)
    return template


def _why_not(template: str) -> str:
    told = {"address": template[:80], "example": EXAMPLE}
    if not template.isprintable() or any(letter.isspace() for letter in template):
        return tr(
            "“{address}” has blanks in it; write the address without any, like {example}.", **told
        )
    if len(template) > _LONGEST:
        return tr(
            "“{address}” is longer than {most} characters; write a shorter address, like"
            " {example}.",
            most=write.credits(_LONGEST),
            **told,
        )
    try:
        parts = urlsplit(template)
        host, user = parts.hostname, parts.username
    except ValueError:
        return tr("“{address}” is not an address; write one, like {example}.", **told)
    if parts.scheme not in _SCHEMES or not host:
        return tr(
            "“{address}” is not an address of the web; write one with https://, like {example}.",
            **told,
        )
    if user is not None:
        return tr(
            "“{address}” holds a name or password before the @; write it without, like {example}.",
            **told,
        )
    return _wrong_place(template, parts.netloc)


def _wrong_place(template: str, computer: str) -> str:
    rest = template.replace(PLACE, "")
    told = {"address": template[:80], "place": PLACE, "example": EXAMPLE}
    if "{" in computer or "}" in computer:
        return tr(
            "“{address}” has {place} in the name of the computer; put it after that, like"
            " {example}.",
            **told,
        )
    if rest == template:
        return tr(
            "“{address}” does not say where the ticket goes; put {place} there, like {example}.",
            **told,
        )
    if "{" in rest or "}" in rest:
        return tr(
            "“{address}” has other braces than {place}; leave them out, like {example}.", **told
        )
    if address_of(template, "ZD-1"):
        return ""
    return tr("“{address}” is not an address; write one, like {example}.", **told)


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
