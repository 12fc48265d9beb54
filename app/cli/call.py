"""One call of the program: what was chosen, and how its answer is written.

Every command takes the same few options, before its name or after it; what stands later counts.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

import typer

from app import start
from app.cli.printer import Printer
from app.cli.progress import progress
from app.domain.errors import InvalidValue
from app.domain.users import can_be_kept

if TYPE_CHECKING:
    from app.desk import Desk

P = ParamSpec("P")
UTC = ZoneInfo("UTC")
_PANEL = "Everywhere"

Json = Annotated[
    bool,
    typer.Option("--json", help="Write exactly one JSON document.", rich_help_panel=_PANEL),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="PATH|URL",
        help=f"The database (or {start.DATABASE_VARIABLE}).",
        rich_help_panel=_PANEL,
    ),
]
Staff = Annotated[
    str | None,
    typer.Option(
        "--staff",
        metavar="EMAIL",
        help=f"Under whose name (or {start.STAFF_VARIABLE}; default: the computer's account).",
        rich_help_panel=_PANEL,
    ),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="Let the clock stand still (databases made by demo or init --sandbox).",
        rich_help_panel=_PANEL,
    ),
]
Demo = Annotated[
    bool,
    typer.Option(
        "--demo", help="Use a made-up database, thrown away at the end.", rich_help_panel=_PANEL
    ),
]


@dataclass(frozen=True)
class Call:
    """What was chosen for one command."""

    choice: start.Choice = field(default_factory=start.Choice)
    as_json: bool = False

    def with_options(self, given: dict[str, Any]) -> Call:
        """This call with the options that stand later in the command."""
        choice = self.choice
        for name in ("database", "staff", "now"):
            if given[name] is not None:
                choice = replace(choice, **{name: given[name]})
        choice = replace(choice, demo=choice.demo or given["demo"])
        return Call(choice, as_json=self.as_json or given["as_json"])

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The desk that was chosen."""
        if self.choice.demo and self.choice.database is not None:
            raise typer.BadParameter("--demo and --database exclude each other.")
        made = start.is_first(self.choice)
        with ExitStack() as held:
            with progress("Making the demo") if self.choice.demo else nullcontext() as tell:
                desk = held.enter_context(start.opened(self.choice, progress=tell))
            if made:
                path = start.default_database()
                print(f"There was no database yet; an empty one was made: {path}", file=sys.stderr)
            yield desk

    def show(
        self, value: Any, words: Callable[[Printer], object], zone: ZoneInfo | None = None
    ) -> None:
        """Write ``value``: as a document, or what ``words`` makes of it for people."""
        printer = Printer(zone or UTC)
        if self.as_json:
            printer.document(value)
        else:
            words(printer)
        sys.stdout.flush()


def command(
    group: typer.Typer, name: str | None = None, *, numbers: bool = False
) -> Callable[[Callable[Concatenate[Call, P], None]], Callable[Concatenate[Call, P], None]]:
    """Make a function a command of ``group``: it gets its ``Call`` and its own options.

    ``numbers``: an argument is a number, so ``-5`` is a wrong number and no unknown option.
    """

    def register(
        work: Callable[Concatenate[Call, P], None],
    ) -> Callable[Concatenate[Call, P], None]:
        def run(ctx: typer.Context, **given: Any) -> None:
            call = (ctx.obj or Call()).with_options(given)
            own = {key: value for key, value in given.items() if key not in _EVERYWHERE}
            _refuse_what_is_no_text(own)
            work(call, **own)  # type: ignore[call-arg] # the signature below is work's own

        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        _take_parameters(run, own)
        run.__doc__ = work.__doc__
        settings = {"ignore_unknown_options": True} if numbers else {}
        group.command(name or work.__name__, context_settings=settings)(run)
        return work

    return register


def take_options(group: typer.Typer, instead: Callable[[Call], None] | None = None) -> None:
    """Let ``group`` take the options everywhere; without a command ``instead`` is done."""

    def run(ctx: typer.Context, **given: Any) -> None:
        ctx.obj = (ctx.obj or Call()).with_options(given)
        if ctx.invoked_subcommand is None and instead is not None:
            instead(ctx.obj)

    _take_parameters(run, [])
    group.callback(invoke_without_command=instead is not None)(run)


_EVERYWHERE = {"database": Database, "staff": Staff, "now": Now, "demo": Demo, "as_json": Json}


def _take_parameters(run: Callable[..., None], own: list[inspect.Parameter]) -> None:
    only = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("ctx", only, annotation=typer.Context)
    shared = [
        inspect.Parameter(
            name, only, annotation=kind, default=False if name in {"demo", "as_json"} else None
        )
        for name, kind in _EVERYWHERE.items()
    ]
    parameters = [context, *(parameter.replace(kind=only) for parameter in own), *shared]
    # Typer reads what a function takes from its signature and its annotations.
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}


def _refuse_what_is_no_text(given: dict[str, Any]) -> None:
    for name, value in given.items():
        if isinstance(value, str) and not can_be_kept(value):
            shown = name.replace("_", " ")
            message = f"The {shown} {value!r:.60} is not a text."
            raise InvalidValue(message, field=name, value=value)
