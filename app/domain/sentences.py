"""Sentences that remember how they were put together, so that a screen can say them anew.

A rule speaks English: ``said("There is no user “{user_id}” on record.", user_id=id)`` is that
sentence, a text like any other. Beside it stand the ``template`` and the ``values``, by which
``app.ui.language`` finds it in another language.
"""

from __future__ import annotations

from collections.abc import Mapping


class Said(str):
    """An English sentence, its template and the values in it; empty values say it as it stands."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __add__(self, other: str) -> Said:
        """This sentence and what follows it, each still known by its own template."""
        return said("{first}{rest}", first=self, rest=other)


def said(template: str, /, **values: object) -> Said:
    """``template`` with ``values`` in its ``{places}``."""
    sentence = Said(template.format(**values) if values else template)
    sentence.template = template
    sentence.values = values
    return sentence
