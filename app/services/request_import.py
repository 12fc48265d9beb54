"""Importing requests as help desks export them: a ticket is one request, however often it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain import request_values as rules
from app.domain.calendar import from_ms
from app.domain.errors import CreditsError, InvalidAmount, InvalidValue
from app.domain.imports import ImportReport
from app.domain.requests import Request
from app.domain.sentences import said
from app.services.import_files import Row
from app.services.user_import import RowImport
from app.storage import requests


class RequestImport(RowImport):
    """One file of requests."""

    def run(self) -> ImportReport:
        """Judge all rows, then open the requests of the good ones in the order of the file."""
        self._good: list[tuple[int, Sequence[str], requests.NewRequest]] = []
        self._users: dict[str, int | None] = {}
        self._judge_all(self._judge_chunk)
        for place, (line, values, new) in enumerate(self._good):
            self._tell(place, len(self._good))
            try:
                self._open(new)
            except CreditsError as error:
                self._leave_out(line, values, error)
        return self._report()

    def _judge_chunk(self, rows: list[Row]) -> Iterator[None]:
        for line, values in rows:
            try:
                self._good.append((line, values, self._new(values)))
            except CreditsError as error:
                self._leave_out(line, values, error)
            yield

    def _open(self, new: requests.NewRequest) -> None:
        on_record = requests.by_ticket(self.work.session, new.ticket)
        in_this_file = any(known.import_id == self._run for known in on_record)
        if any(_same(known, new) for known in on_record):
            self._same += 1
            self._repeated += in_this_file
        elif in_this_file:
            message = said(
                "The ticket “{ticket}” stands earlier in this file, with other content.",
                ticket=new.ticket,
            )
            raise InvalidValue(message, field="ticket", value=new.ticket)
        elif on_record:
            message = said(
                "The ticket “{ticket}” is request {id} already, with other content; it "
                "stays as it is.",
                ticket=new.ticket,
                id=on_record[-1].id,
            )
            raise InvalidValue(message, field="ticket", value=new.ticket)
        else:
            requests.add(self.work.session, new)
            self._added += 1

    def _user_of(self, sender: str) -> int | None:
        """Who is meant; many requests of a file come from the same few."""
        if sender not in self._users:
            self._users[sender] = requests.user_of(self.work.session, sender)
        return self._users[sender]

    def _new(self, values: Sequence[str]) -> requests.NewRequest:
        ticket, user, opened_at, message, category, credits = values
        sender = rules.checked_sender(user)
        return requests.NewRequest(
            user=self._user_of(sender),
            sender=sender,
            ticket=rules.checked_ticket(ticket),
            category=rules.category_of(category),
            message=rules.checked_message(message),
            credits=_wish(credits),
            opened_at=self._instant(opened_at.strip(), "opened_at"),
            recorded_at=self.work.now_ms,
            opened_by=self.work.member.id,
            import_run=self._run,
        )


def _same(known: Request, new: requests.NewRequest) -> bool:
    """Whether a request on record came from the same row; its category may have been put right."""
    return (known.sender, known.message, known.credits, known.opened_at) == (
        new.sender,
        new.message,
        new.credits,
        from_ms(new.opened_at),
    )


def _wish(text: str) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    if not bare.isascii() or not bare.isdigit() or len(bare) > len(str(rules.MOST_CREDITS)):
        message = said(
            "“{bare}” credits cannot be asked for: it is not a whole number in range.",
            bare=f"{bare:.60}",
        )
        raise InvalidAmount(message, field="credits", value=bare)
    return rules.checked_wish(int(bare))
