"""Sentences that remember how they were put together, so that a screen can say them anew.

A rule speaks English: ``said("There is no user “{user_id}” on record.", user_id=id)`` is that
sentence, a text like any other. Beside it stand the ``template`` and the ``values``, by which
``app.ui.language`` finds it in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

Form = Literal["day", "minute", "month"]


class Said(str):
    """An English sentence, its template and the values in it; empty values say it as it stands.

    ``many`` is the template for more than one, where the ``count`` among the values chooses.
    """

    __slots__ = ("many", "template", "values")
    template: str
    values: Mapping[str, object]
    many: str

    def filled(self, **values: object) -> Said:
        """The sentence of the same template with ``values`` in its ``{places}``."""
        return said(self.template, **values)


class Dated(str):
    """A day, a minute or a month as English writes it, and ``at``, the instant it is, in its zone.

    Screens write the instant anew, as the language that they speak does.
    """

    __slots__ = ("at", "form")
    at: datetime
    form: Form


def dated(english: str, at: datetime, form: Form) -> Dated:
    """``english`` says ``at``, an instant in the zone that it is to be read in."""
    text = Dated(english)
    text.at = at
    text.form = form
    return text


def said(template: str, /, **values: object) -> Said:
    """``template`` with ``values`` in its ``{places}``."""
    sentence = Said(template.format(**values) if values else template)
    sentence.template = template
    sentence.values = values
    sentence.many = ""
    return sentence


def saidn(one: str, many: str, count: int, /, **values: object) -> Said:
    """The form for a number; ``{count}`` stands for the number, grouped: ``1,200 credits``."""
    chosen = one if count == 1 else many
    sentence = Said(chosen.format(**{"count": f"{count:,}", **values}))
    sentence.template = one
    sentence.values = {"count": count, **values}
    sentence.many = many
    return sentence
