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
from console.options import Output, calendar_day
from domain.calendar import local_day
from domain.rules import Rule, in_force, named, rules
from domain.values import value

if TYPE_CHECKING:
    from rich.table import Table

    from domain.policy import Policy

app = group("Chính sách: luật là dữ liệu · the law as data: checked, shown, adopted.")
app.command("adopt", epilog=adopting.EXAMPLE)(adopting.adopt)


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


@app.command(epilog="Ví dụ · examples: ntm policy check; ntm policy check ./policies-moi")
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="Thư mục chính sách · a folder; default the one in use."
        ),
    ] = None,
    output: Output = "table",
) -> None:
    """Kiểm tra các tệp chính sách · whether every policy file can be used as it stands."""
    from storage import policies, texts
    from storage.policy_checks import PolicyError

    place = directory or policies.POLICIES
    try:
        policy = policies.load(place)
        texts.load(place / "texts")
    except PolicyError as error:
        raise Failure(
            show.plain(error),
            "không có gì được nạp · nothing of it was loaded; sửa tệp · correct the file",
            REFUSED,
        ) from None
    found = _checked(policy)
    if output == "json":
        show.json(found)
        return
    screen = show.screen()
    screen.print(_families(found.families))
    screen.print(
        f"[dim]hợp lệ · in order: {found.version}, lịch đến · calendar to"
        f" {found.calendar_to:%d/%m/%Y}; {found.unverified} dòng chưa kiểm chứng · rows"
        " not verified[/]"
    )


@app.command(
    "show",
    epilog="Ví dụ · examples: ntm policy show settlement.verify --on 2025-07-01;"
    " ntm policy show project; ntm policy show citations",
)
def show_rule(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            help="Tên, phần đầu của tên, hoặc nhóm · a name, its beginning, or a family of rows.",
        ),
    ],
    on: Annotated[
        date | None,
        typer.Option("--on", parser=calendar_day, metavar="DATE", help="Ngày · the day; today."),
    ] = None,
    output: Output = "table",
) -> None:
    """Quy định đang có hiệu lực, kèm căn cứ · the rows in force on a day, with their source."""
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
    screen.print(
        f"[dim]{len(found)} dòng có hiệu lực ngày · rows in force on {day:%d/%m/%Y},"
        f" chính sách · policy {policy.version}[/]"
    )


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
        return f"có phải · did you mean {', '.join(near)}?"
    return f"nhóm · families: {', '.join(families)}"


def _families(found: Iterable[Family]) -> "Table":
    table = show.table(
        "Nhóm · family", "Dòng · rows", "Chưa kiểm chứng · unverified", numbers=(1, 2)
    )
    for row in found:
        unread = str(row.unverified) if row.unverified else "[dim]0[/]"
        table.add_row(row.family, str(row.rows), unread)
    return table
