"""What the panel of what-if, the strip beside the table and the note say of a result. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.whatif import ScheduledList, WhatIf
from app.ui import format as write
from app.ui.language import of, tr, trn
from app.ui.prices.what_if_state import WhatIfState, months_words


def standing(state: WhatIfState, zone: tzinfo, now: datetime) -> str:
    """The line that says what the figures are of, since when, and what changed since."""
    if state.running:
        told = {
            "months": months_words(state.first, state.last),
            "share": write.percent(state.share),
        }
        if state.sampling:
            return tr("Estimating {months}… {share}", **told)
        return tr("Replaying every use of {months}… {share}", **told)
    if state.result is None:
        return tr("Nothing tried yet.")
    said = [_of(state.result, zone, now)]
    if state.stale:
        said.append(tr("The draft or the months changed since."))
    if state.outdated:
        said.append(tr("More was recorded about these months since."))
    return " ".join(said)


def _of(result: WhatIf, zone: tzinfo, now: datetime) -> str:
    told = {
        "months": months_words(result.first, result.last),
        "when": write.instant(result.at, zone, now),
    }
    if result.estimated:
        return trn(
            "Estimate from 1 in {one_in} users ({count} user), {months}, tried {when}.",
            "Estimate from 1 in {one_in} users ({count} users), {months}, tried {when}.",
            result.users,
            one_in=write.credits(result.one_in),
            **told,
        )
    return trn(
        "Every use of {count} user, {months}, tried {when}.",
        "Every use of {count} users, {months}, tried {when}.",
        result.users,
        **told,
    )


def compared(result: WhatIf | None, zone: tzinfo, now: datetime) -> str:
    """Which lists are compared: those that were in force, and what of one to come is in the draft.

    A draft is begun from what was published last, so changes that are scheduled already count too.
    """
    if result is None or not result.against:
        return ""
    numbers = [str(number) for number in result.against]
    if len(numbers) == 1:
        said = [tr("Against what was in force: price list {number}.", number=numbers[0])]
    else:
        said = [tr("Against what was in force: price lists {numbers}.", numbers=_listed(numbers))]
    said += [_included(coming, zone, now) for coming in result.scheduled]
    return " ".join(said)


def _included(coming: ScheduledList, zone: tzinfo, now: datetime) -> str:
    told = {"number": coming.number, "when": write.instant(coming.effective_at, zone, now)}
    if coming.whole:
        text = tr("Price list {number}, scheduled from {when}, is included in the draft.", **told)
    else:
        text = tr(
            "The draft includes {shared} of {all} changes of price list {number}, scheduled from"
            " {when}.",
            shared=coming.shared,
            all=coming.of,
            **told,
        )
    return text


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return tr("{most} and {last}", most=", ".join(most), last=last)


def strip_words(state: WhatIfState) -> str:
    """The one line beside the table of prices while it is edited."""
    months = months_words(state.first, state.last)
    if state.running and state.sampling:
        return tr("What if: estimating {months}…", months=months)
    if state.phase == "failed":
        return tr("What if: {trouble}", trouble=state.failed)
    result = state.result
    if result is None or state.stale:
        return ""
    figures = {
        "months": months_words(result.first, result.last),
        "credits": _change(result, result.then.credits, result.now.credits),
        "refused": _change(result, result.then.refused, result.now.refused),
        "out": _change(result, result.then.out, result.now.out),
    }
    if result.estimated:
        return tr(
            "What if in {months}: credits used {credits}, refused uses {refused}, users who run"
            " out {out}, estimate from 1 in {one_in} users.",
            one_in=write.credits(result.one_in),
            **figures,
        )
    return tr(
        "What if in {months}: credits used {credits}, refused uses {refused}, users who run out"
        " {out}.",
        **figures,
    )


def _change(result: WhatIf, then: int, now: int) -> str:
    return tr(
        "{before} → {after}",
        before=write.credits(result.whole(then)),
        after=write.credits(result.whole(now)),
    )


@dataclass(frozen=True)
class NoteFigures:
    """The line a note can have of the what-if, or why there is none."""

    words: str = ""
    why_not: str = ""


def for_note(state: WhatIfState) -> NoteFigures:
    """The main figures of the draft as it is; none where it was not tried like this."""
    if state.result is None:
        return NoteFigures(why_not=tr("Nothing was tried yet under What if."))
    if state.tried != state.draft:
        return NoteFigures(
            why_not=tr("The draft changed since it was tried; try it again under What if.")
        )
    return NoteFigures(of(state.result.summary))
