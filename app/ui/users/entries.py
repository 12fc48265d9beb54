"""The columns of a ledger, as data."""

from app.domain.ledger import EntryKind, LedgerEntry
from app.ui import format as write
from app.ui.columns import Column, instant_column
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.users import account_state as states

Entries = tuple[Column[LedgerEntry], ...]


def entry_columns(frame: Frame) -> Entries:
    """The columns of a ledger, in the billing zone of the frame."""
    return (_when(frame), *_WHAT, *_MORE)


def _when(frame: Frame) -> Column[LedgerEntry]:
    zone = frame.zone
    return instant_column(
        "at",
        tr("When ({zone})"),
        lambda entry: entry.at,
        zone,
        frame.now,
        room="narrow",
        width=112,
        ink=lambda entry: "text3" if entry.kind is EntryKind.REFUSED_USE else "text2",
        sortable=False,
    )


def entry_ink(entry: LedgerEntry) -> str:
    """Refused uses are grey, what is expected is quiet."""
    if entry.kind is EntryKind.REFUSED_USE:
        return "text3"
    return "text2" if entry.expected else "text"


def _credits_ink(entry: LedgerEntry) -> str:
    return "success" if entry.credits > 0 and not entry.expected else entry_ink(entry)


def entry_tip(entry: LedgerEntry) -> str:
    """What the tooltip of an entry says beside its line."""
    lines = [
        write.text(of(entry.text)),
        states.entry_detail(entry),
        entry_price(entry),
        tr("job {job}", job=entry.job) if entry.job else "",
        tr("key {key}", key=entry.key) if entry.key else "",
        tr("by {staff}", staff=states.by_whom(entry.staff)) if entry.staff else "",
        entry.note,
    ]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def entry_price(entry: LedgerEntry) -> str:
    """What a use cost, or would have, and by which price list: 18 credits, price list 7."""
    if entry.price_version is None:
        return ""
    return trn(
        "{count} credit, price list {version}",
        "{count} credits, price list {version}",
        -entry.credits if entry.needed is None else entry.needed,
        version=entry.price_version,
    )


def _reference_tip(entry: LedgerEntry) -> str:
    marks = ", ".join(states.entry_marks(entry))
    opens = (
        tr("{ticket}: click to open it in the help desk", ticket=write.text(entry.ticket))
        if entry.ticket
        else ""
    )
    return "\n".join(line for line in (opens, marks) if line)


def _reference(entry: LedgerEntry) -> str:
    return " ".join([entry.ticket, *states.entry_marks(entry)]).strip()


_WHAT: Entries = (
    Column("kind", tr("Type"), lambda entry: states.SHORT_KINDS[entry.kind],
           value=lambda entry: entry.kind.value, tip=lambda entry: states.KIND_NAMES[entry.kind],
           width=94, ink=entry_ink, sortable=False),
    Column("text", tr("Detail"), states.entry_detail, width=180, stretch=True, ink=entry_ink,
           tip=entry_tip, sortable=False),
    Column("credits", tr("Credits"), lambda entry: write.signed(entry.credits),
           value=lambda entry: entry.credits, align="end", width=72, voice="amount",
           ink=_credits_ink, sortable=False),
    Column("balance", tr("Balance"), lambda entry: write.credits(entry.balance),
           value=lambda entry: entry.balance, align="end", width=70, ink=entry_ink,
           sortable=False),
    Column("reference", tr("Reference"), lambda entry: write.text(entry.ticket), value=_reference,
           width=88, tip=_reference_tip, voice="code", chip=states.entry_chip, link=True,
           sortable=False),
)  # fmt: skip

_MORE: Entries = (
    Column("price", tr("Price list"),
           lambda entry: write.EMPTY if entry.price_version is None else str(entry.price_version),
           value=lambda entry: entry.price_version, align="end", width=84, ink="text2",
           shown=False, tip=entry_price, sortable=False),
    Column("staff", tr("By"), lambda entry: write.text(states.by_whom(entry.staff)), width=160,
           ink="text2", shown=False, sortable=False),
    Column("key", tr("Key"), lambda entry: write.text(entry.key), width=160, voice="code",
           ink="text2", shown=False, sortable=False),
    Column("job", tr("Job"), lambda entry: write.text(entry.job), width=120, voice="code",
           ink="text2", shown=False, sortable=False),
)  # fmt: skip
