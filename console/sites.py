"""`ntm clearance list` and `ntm clearance show`: how far sections have come."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import obstacles, progress, searching, waiting, words
from console import show as on_screen
from console.failures import absent
from console.looking import head, listed, looking, mention, missing
from console.options import InSite, Listing, Output, Search, Site
from console.sending import open_session
from domain.calendar import local_day
from domain.cases import CaseStatus, with_status
from domain.clearance import Clearing
from domain.deadlines import StepDeadline
from domain.households import deadlines
from domain.obstacles import Ground
from domain.stall import Stall
from domain.streams import clearance_stream, question_stream
from domain.tally import Tally, tally
from domain.travel import View
from domain.utilities import Relocation, Utility
from domain.values import Cause, Extent, StreamId, Units, value
from domain.waits import Wait

if TYPE_CHECKING:
    from rich.table import Table

    from storage.queries import Standing
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
    units: Units


@value
class Portrait:
    """One section whole, and what it waits for: also the questions that hold up its obstacles."""

    stream: StreamId
    version: int
    state: Clearing
    obstacles: tuple[obstacles.Line, ...]
    waits: tuple[Wait, ...]
    progress: Tally
    limits: tuple[StepDeadline, ...]


@looking
def sites(
    *,
    view: View,
    stalled: Annotated[
        bool, typer.Option("--stalled", help="Chỉ đoạn chậm · only stalled sections.")
    ] = False,
    wanted: Search = None,
    output: Listing = "table",
) -> None:
    """Các đoạn đang giải phóng mặt bằng · sections under clearance."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(line for line in _lines(picture) if line.stall_level or not stalled)
    if wanted is not None:
        lines = searching.search(
            wanted, lines, lambda line: (line.stream, line.name, *_units(line.units))
        )
    listed(picture, lines, tuple[Line, ...], output, _list, "đoạn · sections")


@looking
def show(view: View, site: InSite, output: Output = "table") -> None:
    """Một đoạn · one section: households, utilities, obstacles, stall, and what it waits for."""
    stream = clearance_stream(site.project, site.section)
    with open_session() as session:
        picture = session.picture(view)
        standing, state = section(picture, site, output)
        questions = map(question_stream, state.ground.awaited())
        running = deadlines(state.cases, picture.law(state.policy))
        found = Portrait(
            stream=stream,
            version=standing.version,
            state=state,
            obstacles=tuple(obstacles.of_section(picture, standing)),
            waits=picture.waits_of((stream, *questions)),
            progress=tally((state,)),
            limits=tuple(sorted(running, key=lambda limit: limit.due.at)),
        )
        today = local_day(picture.now)
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_head(found))
    for table in _tables(found, today):
        if table.row_count:
            screen.print(table)


def section(picture: "Picture", site: Site, output: str) -> "tuple[Standing, Clearing]":
    """A section as the picture has it; what is not there ends the command with an answer."""
    stream = clearance_stream(site.project, site.section)
    standing = picture.standing(stream)
    if standing is None or not isinstance(standing.state, Clearing):
        known = (one.stream.partition("/")[2] for one in picture.standings("clearance"))
        name = f"{site.project}/{site.section}"
        failure = absent("PROJECT/SECTION", name, "xem · see `ntm clearance list`", known)
        missing(picture, stream, output, failure)
    return standing, standing.state


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
                units=state.charter.units,
            )


def _units(units: Units) -> tuple[str, ...]:
    return (units.commune, units.district, units.city)


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
            on_screen.word(words.EXTENTS, line.released or "none"),
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
        ("Tiến độ · progress", on_screen.clean(progress.sentence(found.progress))),
        ("Hình thức · routes", _routes(state)),
        ("Mặt bằng · site", words.said(words.EXTENTS, state.released or "none")),
        ("Phần đã bàn giao · part", on_screen.clean(", ".join(state.part))),
        (
            "CHẬM · STALLED",
            f"[bold]{stalled} {on_screen.day(state.stall.progress_at)}[/]"
            if state.stall.level
            else "",
        ),
        ("Chuỗi · stream", f"{on_screen.clean(found.stream)}, version {found.version}"),
    )


def _routes(state: Clearing) -> str:
    cases = state.cases.values()
    counts = Counter(case.route for case in cases)
    said = [f"{counts[route]} {words.said(words.ROUTES, route)}" for route in counts]
    if small := sum(case.remainder_small for case in cases):
        said.append(f"{small} {words.said(words.CAUSES, Cause.REMAINDER_TOO_SMALL)}")
    return ", ".join(said)


def _tables(found: Portrait, today: date) -> "Iterator[Table]":
    yield progress.stages(found.progress)
    yield progress.limits(found.limits)
    yield _lines_to_move(found.state.ground, today)
    yield obstacles.table(found.obstacles)
    yield _escalations(found.state.stall)
    yield waiting.table(found.waits)


def _lines_to_move(ground: Ground, today: date) -> "Table":
    table = on_screen.table(
        "Đường điện · line",
        "Cột · poles",
        "Dự toán · estimate",
        "Lịch · schedule",
        "Tình trạng · state",
        numbers=[1, 2],
        whole=[3],
    )
    for name, utility in ground.utilities.items():
        entry, earlier = utility.entry, utility.earlier
        was = f"trước · was {on_screen.money(earlier[-1].amount)}" if earlier else ""
        table.add_row(
            on_screen.under(
                on_screen.clean(f"{name} {entry.voltage}"), words.said(words.METHODS, entry.method)
            ),
            f"{utility.moved} / {entry.poles}",
            on_screen.under(on_screen.money(entry.estimate), was),
            _schedule(utility, today),
            on_screen.under(words.said(words.RELOCATIONS, utility.status), _paid_by(utility)),
        )
    return table


def _schedule(utility: Utility, today: date) -> str:
    if utility.schedule is None:
        return "–"
    days = f"{utility.schedule.starts_on:%d/%m} – {utility.schedule.ends_on:%d/%m/%Y}"
    return on_screen.under(days, "[bold red]QUÁ HẠN[/]" if utility.is_late(today) else "")


def _paid_by(utility: Utility) -> str:
    named = utility.payer or (words.PAYERS[utility.source][0] if utility.source else "")
    return on_screen.clean(", ".join(filter(None, (named, utility.document))))


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
