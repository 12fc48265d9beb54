"""The view state of the list of users, without Qt."""

from dataclasses import dataclass, field, replace

from app.domain.fragments import marked
from app.domain.users import PLANS, UserQuery, UserSummary
from app.ui import format as write
from app.ui.page import Phase
from app.ui.users.reading import People


@dataclass(frozen=True)
class PeopleState:
    """Which users are listed, of how many, and whose account is open (``chosen``)."""

    query: UserQuery = field(default_factory=UserQuery)
    phase: Phase = "loading"
    count: int = 0
    total: int = 0
    chosen: str = ""
    problem: str = ""

    @property
    def heading(self) -> str:
        """How many are listed: 16 of 1,048,211."""
        if self.phase == "loading" and not self.total:
            return ""
        return f"{write.credits(self.count)} of {write.credits(self.total)}"

    @property
    def nothing(self) -> str:
        """What is said where nobody is listed."""
        if not self.total:
            return "Nobody is registered yet."
        typed = self.query.text.strip()
        if typed and self.query.filtered:
            return f"Nobody with these filters matches “{write.text(typed)}”."
        if typed:
            return f"No user’s address, name, id or code contains “{write.text(typed)}”."
        return "No user passes these filters."


def asked(state: PeopleState, query: UserQuery) -> PeopleState:
    """Another list was asked for; what is shown stays until it comes."""
    return replace(state, query=query, phase="loading")


def arrived(state: PeopleState, people: People) -> PeopleState:
    """A list came."""
    phase: Phase = "ready" if people.count else "empty"
    return replace(state, phase=phase, count=people.count, total=people.total, problem="")


def failed(state: PeopleState, problem: str) -> PeopleState:
    """No list came."""
    return replace(state, phase="failed", problem=problem)


def to_remember(query: UserQuery) -> dict[str, object]:
    """The filters as they are kept between starts; what was typed is not."""
    return {
        "plan": query.plan,
        "out_of_credits": query.out_of_credits,
        "expiring": query.expiring,
    }


def remembered(kept: object) -> UserQuery:
    """The filters kept; anything unreadable in them is no filter."""
    if not isinstance(kept, dict):
        return UserQuery()
    plan = kept.get("plan")
    return UserQuery(
        plan=plan if plan in PLANS else None,
        out_of_credits=kept.get("out_of_credits") is True,
        expiring=kept.get("expiring") is True,
    )


def shown_name(user: UserSummary) -> str:
    """What a line is headed with: the name, or the address of who gave none."""
    return write.text(user.name) if user.name.strip() else write.text(user.email)


def badge(user: UserSummary) -> tuple[str, str] | None:
    """The chip of a line: the plan of who pays."""
    return (user.plan.capitalize(), "neutral") if user.plan != PLANS[0] else None


def matched_code(user: UserSummary, typed: str) -> str:
    """The id or referral code, where only that contains what was typed."""
    if not typed.strip():
        return ""
    if marks(user.email, typed) or marks(user.name, typed):
        return ""
    for code in (user.referral_code or "", user.user_id):
        if marks(code, typed):
            return code
    return ""


def marks(text: str, typed: str) -> list[tuple[int, int]]:
    """Where the words typed stand in a text: (start, end) of each stretch, in order."""
    return marked(text, typed) if typed.strip() else []
