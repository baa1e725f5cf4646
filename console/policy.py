"""`ntm policy`: whether the law is in order, what it says on a day, and which cases adopt it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import adopting, laws, show
from console.failures import REFUSED, Failure, wrong
from console.groups import group
from console.helping import example
from console.options import Output, calendar_day
from domain.calendar import local_day
from domain.rules import Rule, in_force, named, rules
from domain.values import value
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from domain.policy import Policy

app = group("The law as data: checked, shown, adopted.")
app.command("adopt", epilog=example(*adopting.EXAMPLES))(adopting.adopt)


@value
class Family:
    """How many rows of a kind the law has, and how many of them nobody has verified."""

    family: str
    rows: int
    unverified: int


@value
class Checked:
    """Policy files that are in order."""

    version: str
    calendar_to: date
    families: tuple[Family, ...]
    unverified: int


@app.command(epilog=example("ntm policy check", "ntm policy check ./policies-moi"))
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A folder of policy files; default the one in use."),
    ] = None,
    output: Output = "table",
) -> None:
    """Check whether every policy file can be used as it stands."""
    from storage import policies, texts
    from storage.policy_checks import PolicyError

    place = directory or policies.POLICIES
    try:
        policy = policies.load(place)
        texts.load(place / "texts")
    except PolicyError as error:
        raise Failure(
            show.plain(error),
            tr("nothing of it was loaded; correct the file"),
            REFUSED,
        ) from None
    found = _checked(policy)
    if output == "json":
        show.json(found)
        return
    screen = show.screen()
    screen.print(_families(found.families))
    told = plural(
        "in order: {version}, calendar to {day}; {n} row is not verified",
        "in order: {version}, calendar to {day}; {n} rows are not verified",
        found.unverified,
        version=found.version,
        day=f"{found.calendar_to:%d/%m/%Y}",
    )
    screen.print(f"[dim]{told}[/]")


@app.command(
    "show",
    epilog=example(
        "ntm policy show settlement.verify --on 2025-07-01",
        "ntm policy show project",
        "ntm policy show citations",
    ),
)
def show_rule(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            help="A name, its beginning, or a family of rows.",
        ),
    ],
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=calendar_day, metavar="DATE", help="On which day; default today."
        ),
    ] = None,
    output: Output = "table",
) -> None:
    """Show the rows in force on a day, each with its legal basis."""
    from storage import policies

    policy = policies.load()
    every = tuple(rules(policy))
    if not named(every, rule):
        raise wrong("RULE", rule, _meant(rule, every))
    day = on or _today()
    found = named(in_force(policy, day), rule)
    if output == "json":
        show.json(found, tuple[Rule, ...])
        return
    screen = show.screen()
    if found:
        screen.print(laws.rules(found))
    told = plural(
        "{n} row in force on {day}, policy {version}",
        "{n} rows in force on {day}, policy {version}",
        len(found),
        day=f"{day:%d/%m/%Y}",
        version=policy.version,
    )
    screen.print(f"[dim]{told}[/]")


def _checked(policy: "Policy") -> Checked:
    rows, unread = Counter[str](), Counter[str]()
    for rule in rules(policy):
        rows[rule.family] += 1
        unread[rule.family] += not rule.verified
    return Checked(
        version=policy.version,
        calendar_to=policy.calendar.last,
        families=tuple(
            Family(family=name, rows=count, unverified=unread[name]) for name, count in rows.items()
        ),
        unverified=unread.total(),
    )


def _today() -> date:
    from datetime import UTC, datetime

    return local_day(datetime.now(UTC))


def _meant(given: str, every: tuple[Rule, ...]) -> str:
    names = {rule.name for rule in every}
    families = dict.fromkeys(rule.family for rule in every)
    near = get_close_matches(given, {*names, *families}, n=3)
    if near:
        return tr("did you mean {near}?", near=", ".join(near))
    return tr("the families are: {families}", families=", ".join(families))


def _families(found: Iterable[Family]) -> "Table":
    table = show.table(tr("Family"), tr("Rows"), tr("Not verified"), numbers=(1, 2))
    for row in found:
        unread = str(row.unverified) if row.unverified else "[dim]0[/]"
        table.add_row(row.family, str(row.rows), unread)
    return table
