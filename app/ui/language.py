"""The words of the program in the language of who reads them.

``tr("Issue credits")`` gives a text in the language in force, ``tr("Copied {name}.", name=name)``
puts values into its places, and ``trn("{count} grant", "{count} grants", 3)`` chooses the form for
a number. Texts stand there literally, never put together with an f-string: what collects them for
translators reads the source. The language is chosen once, when this module is imported, since many
texts are said while modules are: ``PIXPRETTY_LANGUAGE`` names it by its code, ``pseudo`` being the
made-up one that shows what was forgotten.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable
from typing import Final

from app import shipped
from app.domain.sentences import Dated, Said

VARIABLE: Final = "PIXPRETTY_LANGUAGE"
"""The environment variable that names the language; without it, English is spoken."""
MADE_UP: Final = "pseudo"
ENGLISH: Final = "en"
DOMAIN: Final = "pixpretty"
"""What a catalogue is called: ``resources/languages/de/LC_MESSAGES/pixpretty.mo``."""

_ACCENTS: Final = str.maketrans(
    "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz",
    "ÅåÇçĐđÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŤťÛûŴŵÝýŽž",
)
_PLACE: Final = re.compile(r"\{[^}]*\}")
_LONGER: Final = 0.4
"""By how much a text grows in the made-up language: as much as German or Finnish may need."""


class Pseudo(gettext.NullTranslations):
    """A made-up language: accented, longer, in brackets, with places left as they are.

    Whatever stays plain English in it was never given to a translator; whatever is cut off in it
    would be cut off in Finnish.
    """

    def gettext(self, message: str) -> str:
        """The text as this language has it."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for ``n``."""
        return pseudo(msgid1 if n == 1 else msgid2)


def pseudo(text: str) -> str:
    """A text in the made-up language."""
    if not any(character.isalpha() for character in _PLACE.sub("", text)):
        return text
    said, depth = [], 0
    for character in text:
        depth += (character == "{") - (character == "}")
        said.append(character if depth else character.translate(_ACCENTS))
    return f"[{''.join(said)}{'·' * round(len(text) * _LONGER)}]"


def catalogue(code: str) -> gettext.NullTranslations:
    """What translates into a language; English where there is no catalogue of that code."""
    if code == MADE_UP:
        return Pseudo()
    folder = shipped.path("resources") / "languages"
    return gettext.translation(DOMAIN, folder, [code], fallback=True)


def known() -> tuple[str, ...]:
    """The codes of the languages that can be spoken."""
    found = (shipped.path("resources") / "languages").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (ENGLISH, MADE_UP, *sorted(file.parent.parent.name for file in found))


def in_force() -> str:
    """The code of the language that was asked for when the program started."""
    return os.environ.get(VARIABLE, "").strip() or ENGLISH


SPOKEN: Final = in_force()
"""The language that was chosen when this process began to speak."""
_chosen: list[gettext.NullTranslations] = [catalogue(SPOKEN)]


def choose(translations: gettext.NullTranslations) -> Callable[[], None]:
    """Speak another language from now on; returns what takes that back."""
    before = _chosen[0]
    _chosen[0] = translations

    def back() -> None:
        _chosen[0] = before

    return back


def tr(text: str, /, **values: object) -> str:
    """A text in the language in force, ``values`` in its ``{places}``."""
    said = _chosen[0].gettext(text)
    return said.format(**values) if values else said


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The form of a text for a number; ``{count}`` stands for the number, grouped."""
    from app.ui import format as write

    said = _chosen[0].ngettext(one, many, count)
    return said.format(**{"count": write.credits(count), **values})


def of(sentence: str) -> str:
    """A sentence of the rules in the language in force; any other text as it is."""
    if isinstance(sentence, Dated):
        return _written(sentence)
    if not isinstance(sentence, Said):
        return sentence
    values = {name: _told(value) for name, value in sentence.values.items()}
    if sentence.many:
        return trn(sentence.template, sentence.many, int(str(values.pop("count"))), **values)
    return tr(sentence.template, **values)


def _written(text: Dated) -> str:
    from app.ui import format as write

    at = text.at
    if text.form == "month":
        return write.full_month(at.year, at.month)
    return write.day(at.date()) if text.form == "day" else write.day_and_minute(at)


def _told(value: object) -> object:
    if isinstance(value, str):
        return of(value)
    return _Number(value) if type(value) is int else value


class _Number(int):
    """A number of a sentence of the rules: grouped as the screens do where the rules group it."""

    def __format__(self, how: str) -> str:
        from app.ui import format as write

        return write.credits(int(self)) if how == "," else super().__format__(how)
