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

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

_BAR = 12
_ROOMS = ("project/", "clearance/", "payment/", "question/")
_SIDES: dict[By, Word] = {
    By.POST: ("Chức danh", "post"),
    By.ROLE: ("Vai trò", "role"),
    By.UNIT: ("Đơn vị", "unit"),
    By.STAGE: ("Giai đoạn", "stage"),
    By.TASK: ("Việc", "what"),
    By.CAUSE: ("Nguyên nhân", "cause"),
    By.CASE: ("Hồ sơ", "case"),
}
_STAGES: dict[str, Word] = {
    "approval": ("phê duyệt", "approval"),
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
    by: Annotated[By, typer.Option(help="Chia theo · split by.")] = By.POST,
    project: Annotated[
        str | None, typer.Option(parser=code, metavar="PROJECT", help="Chỉ dự án · only of.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(parser=code, metavar="UNIT", help="Chỉ đơn vị · only this unit.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Nhiều nhất · at most.")] = 15,
    output: Listing = "table",
) -> None:
    """Thời gian chờ, nút thắt trước · waiting time in working days, the bottleneck first."""
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
    more = f", còn · and {rest} nữa · more: --top" if rest > 0 else ""
    screen.print(
        f"[dim]{total.working_days:,} ngày làm việc · working days; {total.waits:,} việc · waits,"
        f" {total.still_open:,} đang chờ · open{more}[/]"
    )
    for stop in found.stopped:
        cause = words.said({**words.PAUSE_CAUSES, **_SNOOZED}, stop.cause)
        screen.print(f"[dim]không tính · not counted: {stop.working_days:,} ngày, {cause}[/]")
    if found.under_way.waits:
        screen.print(
            f"[dim]{found.under_way.working_days:,} ngày đang thi công, không phải chờ"
            " · works under way, no waiting[/]"
        )


def _table(found: Waiting, top: int) -> "Table":
    first, second = _SIDES[found.by]
    titles = [f"{first} · {second}", "Ngày · days", "", "Tỷ lệ · share", "Việc · waits"]
    titles += ["Lâu nhất · longest"]
    titles += ["Dừng · stopped"] if found.total.stopped else []
    numbers = [1, *range(3, len(titles))]
    table = show.table(*titles, numbers=numbers, whole=[2])
    most = max((one.working_days for one in found.shares), default=0)
    whole = found.total.working_days
    for one in found.shares[:top]:
        cells = [
            _named(found.by, one.of),
            f"{one.working_days:,}",
            f"[cyan]{'█' * round(_BAR * one.working_days / most) if most else ''}[/]",
            f"{100 * one.working_days / whole:.1f} %" if whole else "–",
            show.under(f"{one.waits:,}", f"{one.still_open} chờ" if one.still_open else ""),
            f"{one.longest:,}",
            f"{one.stopped:,}" if one.stopped else "–",
        ]
        table.add_row(*cells[: len(titles)])
    return table


def _named(by: By, of: str) -> str:
    """Vietnamese with English below it; of a post its unit, of a case what kind of case it is."""
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
