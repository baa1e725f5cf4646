"""`ntm clearance list` and `ntm clearance show`: how far sections have come."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import show as on_screen
from console import waiting, words
from console.failures import absent
from console.looking import head, looking, mention, missing
from console.options import InSite, Output
from console.sending import open_session
from domain.clearance import Clearing
from domain.households import CaseStatus, with_status
from domain.obstacles import Ground, Relocation
from domain.stall import Stall
from domain.streams import clearance_stream
from domain.travel import View
from domain.values import Cause, Extent, StreamId, value
from domain.waits import Wait

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture


@value
class Line:
    """One section in a list."""

    stream: StreamId
    name: str
    households: int
    cleared_percent: int
    utilities: int
    utilities_moved: int
    obstacles: tuple[Cause, ...]
    stall_level: int
    progress_at: datetime
    released: Extent | None


@value
class Portrait:
    """One section whole, and what it waits for."""

    stream: StreamId
    version: int
    state: Clearing
    waits: tuple[Wait, ...]


@looking
def sites(
    *,
    view: View,
    stalled: Annotated[
        bool, typer.Option("--stalled", help="Chỉ đoạn chậm · only stalled sections.")
    ] = False,
    output: Output = "table",
) -> None:
    """Các đoạn đang giải phóng mặt bằng · sections under clearance."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(line for line in _lines(picture) if line.stall_level or not stalled)
    mention(picture)
    if output == "json":
        on_screen.json(lines, tuple[Line, ...])
    else:
        head(picture, empty=not lines)
        screen = on_screen.screen()
        screen.print(_list(lines))
        screen.print(f"[dim]{len(lines)} đoạn · sections[/]")


@looking
def show(view: View, site: InSite, output: Output = "table") -> None:
    """Một đoạn · one section: households, utilities, obstacles, stall, and what it waits for."""
    stream = clearance_stream(site.project, site.section)
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Clearing):
            failure = absent("PROJECT/SECTION", stream, "xem · see `ntm clearance list`")
            missing(picture, stream, output, failure)
        waits = picture.waits_of((stream,))
    mention(picture)
    found = Portrait(stream=stream, version=standing.version, state=standing.state, waits=waits)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_head(found))
    for table in _tables(found):
        if table.row_count:
            screen.print(table)


def _lines(picture: "Picture") -> Iterator[Line]:
    for standing in picture.standings("clearance"):
        state = standing.state
        if isinstance(state, Clearing):
            utilities = state.ground.utilities
            yield Line(
                stream=standing.stream,
                name=state.charter.name,
                households=len(state.cases),
                cleared_percent=state.cleared_percent,
                utilities=len(utilities),
                utilities_moved=len(state.ground.unmoved(Relocation.DONE)),
                obstacles=tuple(o.cause for o in state.ground.standing().values()),
                stall_level=state.stall.level,
                progress_at=state.stall.progress_at,
                released=state.released,
            )


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        "Đoạn · section",
        "Hộ · households",
        "Điện · lines moved",
        "Vướng mắc · obstacles",
        "Đôn đốc · stalled",
        "Bàn giao · handed over",
        numbers=[1, 2],
        whole=[0, 4],
    )
    for line in lines:
        causes = "\n".join(words.CAUSES[cause][0] for cause in dict.fromkeys(line.obstacles))
        table.add_row(
            on_screen.clean(line.stream.removeprefix("clearance/")),
            f"{line.cleared_percent} % / {line.households}" if line.households else "–",
            f"{line.utilities_moved} / {line.utilities}" if line.utilities else "–",
            causes or "–",
            _stall(line.stall_level, line.progress_at),
            on_screen.both(words.EXTENTS, line.released or "none"),
        )
    return table


def _stall(level: int, since: datetime) -> str:
    if not level:
        return "–"
    return on_screen.under(f"CHẬM, cấp {level}", on_screen.day(since))


def _head(found: Portrait) -> "Table":
    state = found.state
    counts = ", ".join(
        f"{len(codes)} {words.said(words.CASE_STATUSES, status)}"
        for status in CaseStatus
        if (codes := with_status(state.cases, status))
    )
    stalled = f"cấp · level {state.stall.level}, không tiến triển từ · no progress since"
    return on_screen.facts(
        ("Đoạn · section", f"[bold]{on_screen.clean(found.stream.removeprefix('clearance/'))}[/]"),
        ("Dự án · project", on_screen.clean(state.charter.name)),
        ("Hộ · households", f"{len(state.cases)}: {counts}" if counts else "0"),
        ("Đã bàn giao · cleared", f"{state.cleared_percent} %"),
        ("Mặt bằng · site", words.said(words.EXTENTS, state.released or "none")),
        (
            "CHẬM · STALLED",
            f"[bold]{stalled} {on_screen.day(state.stall.progress_at)}[/]"
            if state.stall.level
            else "",
        ),
        ("Chuỗi · stream", f"{on_screen.clean(found.stream)}, version {found.version}"),
    )


def _tables(found: Portrait) -> "Iterator[Table]":
    yield _lines_to_move(found.state.ground)
    yield _obstacles(found.state.ground)
    yield _escalations(found.state.stall)
    yield waiting.table(found.waits)


def _lines_to_move(ground: Ground) -> "Table":
    table = on_screen.table(
        "Đường điện · line",
        "Cột · poles",
        "Dự toán · estimate",
        "Tình trạng · state",
        numbers=[1, 2],
    )
    for name, utility in ground.utilities.items():
        state = words.said(words.RELOCATIONS, utility.status)
        table.add_row(
            on_screen.clean(f"{name} {utility.entry.voltage}"),
            str(utility.entry.poles),
            on_screen.money(utility.entry.estimate),
            on_screen.under(state, on_screen.clean(utility.payer)),
        )
    return table


def _obstacles(ground: Ground) -> "Table":
    table = on_screen.table(
        "Vướng mắc · obstacle",
        "Nguyên nhân · cause",
        "Ai gỡ · owner",
        "Từ · since",
        "Gỡ · removed",
        whole=[2, 3, 4],
    )
    for name, obstacle in ground.obstacles.items():
        table.add_row(
            on_screen.clean(name),
            on_screen.both(words.CAUSES, obstacle.cause),
            on_screen.post(obstacle.owner),
            on_screen.day(obstacle.since),
            on_screen.day(obstacle.removed_at) or "chưa",
        )
    return table


def _escalations(stall: Stall) -> "Table":
    table = on_screen.table(
        "Đôn đốc · escalation", "Gửi · to", "Ngày · raised", "Trả lời · answered", whole=[1, 2, 3]
    )
    for asked in stall.escalations.values():
        table.add_row(
            on_screen.under(on_screen.clean(asked.document), on_screen.clean(asked.name)),
            on_screen.post(asked.addressee),
            on_screen.day(asked.raised_at),
            on_screen.day(asked.answered_at)
            or on_screen.under("chưa, hạn · due", on_screen.last_day(asked.answer_due.at)),
        )
    return table
