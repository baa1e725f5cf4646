"""`ntm report waiting`: where time goes, the bottleneck first."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from console import show, words
from console.looking import LeftOut, head, left_out, looking, mention, spread
from console.options import Listing, code
from console.portrait import registered
from console.sending import open_session
from console.words import Word
from domain import waiting
from domain.travel import View, past
from domain.values import ProjectId, value
from domain.waiting import By, Share, Stopped, Waited
from language.catalogue import pick, tr
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

_BAR = 12
_ROOMS = ("project/", "clearance/", "payment/", "question/")
_SIDES: dict[By, Word] = {
    By.POST: ("Chức danh", "Post"),
    By.ROLE: ("Vai trò", "Role"),
    By.UNIT: ("Đơn vị", "Unit"),
    By.STAGE: ("Giai đoạn", "Stage"),
    By.TASK: ("Việc", "What"),
    By.CAUSE: ("Nguyên nhân", "Cause"),
    By.CASE: ("Hồ sơ", "Case"),
}
_STAGES: dict[str, Word] = {
    "approval": ("chuẩn bị đầu tư", "approval"),
    "clearance": ("giải phóng mặt bằng", "clearance"),
    "construction": ("thi công", "construction"),
    "payment": ("thanh toán", "payment"),
    "settlement": ("quyết toán", "settlement"),
    "question": ("kiến nghị", "question"),
}
_CAUSES: dict[str, Word] = {
    **words.CAUSES,
    **words.PAUSE_CAUSES,
    "": ("không nêu vướng mắc", "no obstacle named"),
}
_SNOOZED: dict[str, Word] = {waiting.SNOOZED: ("được hoãn bậc đôn đốc", "next rung put off")}


@value
class Waiting:
    """Where time went, in working days; the shares of every side add up to the same total.

    `under_way` is the time in which works went on, which is in no share.
    """

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    by: By
    total: Share
    shares: tuple[Share, ...]
    stopped: tuple[Stopped, ...]
    under_way: Share


@looking
def report(
    *,
    view: View,
    by: Annotated[By, typer.Option(help="What the time is split by.")] = By.POST,
    project: Annotated[
        str | None, typer.Option(parser=code, metavar="PROJECT", help="Only this project.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(parser=code, metavar="UNIT", help="Only waits of this unit.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many lines at most.")] = 15,
    output: Listing = "table",
) -> None:
    """Show where time went, in working days, the bottleneck first."""
    with open_session() as session:
        picture = session.picture(view)
        if project is not None:
            registered(picture, ProjectId(project), output)
        every = tuple(one for one in read(picture, project) if unit in (None, one.post.unit))
    waits = tuple(one for one in every if one.task is not waiting.UNDER_WAY)
    found = Waiting(
        as_of=view.as_of or picture.asked_at,
        known_at=view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        by=by,
        total=waiting.share("", waits),
        shares=waiting.split(waits, by),
        stopped=waiting.stopped(waits),
        under_way=waiting.share("", (one for one in every if one.task is waiting.UNDER_WAY)),
    )
    mention(picture)
    if output == "json":
        show.json(found)
        return
    if output != "table":
        spread(picture, found.shares, Share, output)
        return
    head(picture, empty=not found.shares)
    _print(found, top)


def read(picture: "Picture", project: str | None) -> tuple[Waited, ...]:
    """Every wait of every case, or of one project's, as a view has it."""
    from storage.travel import by_stream

    found: list[Waited] = []
    for stream, entries in by_stream(picture.entries_under(*_ROOMS)).items():
        if project not in (None, stream.split("/")[1]):
            continue
        facts = [entry.fact for entry in entries]
        folded = past(stream, facts)
        if folded.left_out:
            picture.left_out[stream] = folded
        found += waiting.waited(stream, facts, picture.law, picture.now)
    return tuple(found)


def _print(found: Waiting, top: int) -> None:
    screen = show.screen()
    screen.print(_table(found, top))
    total = found.total
    rest = len(found.shares) - top
    told = tr(
        "{days} working days in {waits} waits, of which {still_open} are open",
        days=grouped(total.working_days),
        waits=grouped(total.waits),
        still_open=grouped(total.still_open),
    )
    more = "; " + tr("{n} more lines with --top", n=rest) if rest > 0 else ""
    screen.print(f"[dim]{told}{more}[/]")
    for stop in found.stopped:
        cause = words.said({**words.PAUSE_CAUSES, **_SNOOZED}, stop.cause)
        days = grouped(stop.working_days)
        told = tr("not counted: {days} days, {cause}", days=days, cause=cause)
        screen.print(f"[dim]{told}[/]")
    if found.under_way.waits:
        days = grouped(found.under_way.working_days)
        told = tr("{days} days of works under way are no waiting", days=days)
        screen.print(f"[dim]{told}[/]")


def _table(found: Waiting, top: int) -> "Table":
    titles = [pick(_SIDES[found.by]), tr("Days"), "", tr("Share"), tr("Waits"), tr("Longest")]
    titles += [tr("Stopped")] if found.total.stopped else []
    numbers = [1, *range(3, len(titles))]
    table = show.table(*titles, numbers=numbers, whole=[2])
    most = max((one.working_days for one in found.shares), default=0)
    whole = found.total.working_days
    for one in found.shares[:top]:
        cells = [
            _named(found.by, one.of),
            grouped(one.working_days),
            f"[cyan]{'█' * round(_BAR * one.working_days / most) if most else ''}[/]",
            of_english(f"{100 * one.working_days / whole:.1f} %") if whole else "–",
            show.under(grouped(one.waits), _still_open(one)),
            grouped(one.longest),
            grouped(one.stopped) if one.stopped else "–",
        ]
        table.add_row(*cells[: len(titles)])
    return table


def _still_open(one: Share) -> str:
    return tr("{n} open", n=grouped(one.still_open)) if one.still_open else ""


def _named(by: By, of: str) -> str:
    """Of a post its unit below it, of a case what kind of case it is."""
    match by:
        case By.ROLE:
            return show.word(words.ROLES, of)
        case By.STAGE:
            return show.word(_STAGES, of)
        case By.TASK:
            return show.word(words.TASKS, of)
        case By.CAUSE:
            return show.word(_CAUSES, of)
        case By.POST:
            role, _, unit = of.partition("@")
            return f"{show.clean(role)}\n@{show.clean(unit)}"
        case By.CASE:
            room, _, name = of.partition("/")
            return show.under(show.clean(name), room)
        case By.UNIT:
            return show.clean(of)
        case _:
            assert_never(by)
