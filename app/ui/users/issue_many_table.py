"""The columns of a dry run and of a report, on the screen and in the file."""

from datetime import tzinfo

from app.domain.giving import Fate, IssuedGrant, PlannedGrant
from app.ui import format as write
from app.ui.columns import Column, credits_column
from app.ui.language import of, tr
from app.ui.users import issue_many_state as states

_INKS = {Fate.BAD: "danger", Fate.FAILED: "danger", Fate.WAIT: "warning", Fate.SKIP: "warning"}


def plan_columns(zone: tzinfo) -> tuple[Column[PlannedGrant], ...]:
    """Who, what to know, credits, before, after."""

    def known(row: PlannedGrant) -> str:
        return write.with_instants(write.text(of(row.problem or row.warning)), zone)

    return (
        Column("who", tr("User"), _who, width=170, voice="name", tip=_whole),
        Column(
            "problem",
            tr("What to know"),
            known,
            width=260,
            stretch=True,
            ink=_ink,
            tip=known,
            runs_on=lambda row: row.fate is Fate.BAD,
        ),
        credits_column("credits", tr("Credits"), _credits, signed=True, width=104),
        credits_column("before", tr("Before"), lambda row: row.before, width=108),
        credits_column("after", tr("After"), lambda row: row.after, width=108),
    )


def report_columns(zone: tzinfo) -> tuple[Column[IssuedGrant], ...]:
    """Who, what was done, what to know, credits."""

    def known(row: IssuedGrant) -> str:
        return (
            write.with_instants(write.text(of(row.sentence)), zone) if row.sentence else write.EMPTY
        )

    return (
        Column("who", tr("User"), lambda row: write.text(row.who), width=220, voice="code"),
        Column("fate", tr("Done"), lambda row: states.CHIPS[row.fate][0], width=110,
               chip=lambda row: states.CHIPS[row.fate]),
        Column("sentence", tr("What to know"), known, width=260, stretch=True, tip=known,
               ink=lambda row: _INKS.get(row.fate, "text")),
        credits_column("credits", tr("Credits"), _moved, width=84),
    )  # fmt: skip


FILE_COLUMNS: tuple[Column[IssuedGrant], ...] = (
    Column("line", tr("Line"), lambda _row: "", value=lambda row: row.line or None),
    Column("who", tr("User"), lambda row: row.who),
    Column("fate", tr("Done"), lambda row: states.CHIPS[row.fate][0]),
    Column("credits", tr("Credits"), lambda _row: "", value=lambda row: row.credits),
    Column("sentence", tr("What to know"), lambda row: of(row.sentence)),
    Column("grant", tr("Grant"), lambda _row: "", value=lambda row: row.grant_id),
    Column("approval", tr("Approval"), lambda _row: "", value=lambda row: row.approval_id),
    Column("expires_at", tr("Expires at"), lambda _row: "", value=lambda row: row.expires_at),
)
"""What a saved report has, for a spreadsheet."""


def _who(row: PlannedGrant) -> str:
    if row.fate is Fate.BAD:
        return (
            tr("Line {line}: {who}", line=row.line, who=write.text(row.who))
            if row.line
            else write.text(row.who)
        )
    return write.text(row.name if row.name.strip() else row.email)


def _whole(row: PlannedGrant) -> str:
    return "\n".join(part for part in (row.name, row.email, row.who) if part)


def _credits(row: PlannedGrant) -> int | None:
    return row.credits if row.credits and row.fate in {Fate.GIVE, Fate.WAIT} else None


def _moved(row: IssuedGrant) -> int | None:
    return row.credits if row.fate in {Fate.GIVE, Fate.WAIT} else None


def _ink(row: PlannedGrant) -> str:
    return _INKS.get(row.fate, "text2")
