"""`ntm project list` and `ntm project show`: where projects stand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import bases, money_words, progress, waiting, words
from console import show as on_screen
from console.failures import absent
from console.looking import head, listed, looking, mention, missing
from console.options import Listing, Output, Project, code, symbol_of
from console.sending import open_session
from console.stations import Station, stations
from console.stations import table as chain_table
from domain.approval import Approved, Dossier, Rejected, Returned, UnderReview
from domain.clearance import Clearing
from domain.phase import Phase, phase
from domain.project import Registered
from domain.streams import clearance_stream, payment_stream, project_stream
from domain.tally import Tally, tally
from domain.travel import View
from domain.values import CohortId, CommuneId, Post, ProjectId, StreamId, Vnd, value
from domain.waits import Wait

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture


@value
class Line:
    """One project in a list; money in đồng."""

    project: ProjectId
    name: str
    phase: Phase
    cohort: CohortId
    commune: CommuneId
    ceiling: Vnd
    disbursed: Vnd
    waits_for: tuple[Post, ...]


@value
class Portrait:
    """One project whole: its state, and what it and its cases wait for."""

    stream: StreamId
    version: int
    phase: Phase
    state: Registered
    chain: tuple[Station, ...]
    waits: tuple[Wait, ...]
    clearance: Tally


@looking
def projects(
    *,
    view: View,
    in_phase: Annotated[
        Phase | None, typer.Option("--phase", help="Chỉ giai đoạn · only this phase.")
    ] = None,
    cohort: Annotated[
        str | None, typer.Option(parser=code, metavar="CODE", help="Chỉ đợt · only this cohort.")
    ] = None,
    commune: Annotated[
        str | None, typer.Option(parser=code, metavar="CODE", help="Chỉ xã · only this commune.")
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(
            parser=symbol_of,
            metavar="SYMBOL",
            help="Chỉ dự án dựa trên căn cứ này · only what rests on this paper: 02/2023/NQ-HĐND.",
        ),
    ] = None,
    output: Listing = "table",
) -> None:
    """Các dự án · projects, their phase, money, and whom they wait for."""
    with open_session() as session:
        picture = session.picture(view)
        resting = None if basis is None else bases.resting(picture, basis)
        lines = tuple(
            line
            for line in _lines(picture)
            if (resting is None or line.project in resting)
            and in_phase in (None, line.phase)
            and cohort in (None, line.cohort)
            and commune in (None, line.commune)
        )
    listed(picture, lines, tuple[Line, ...], output, _list, "dự án · projects")


@looking
def show(view: View, project: Project, output: Output = "table") -> None:
    """Một dự án · one project: dossiers, sections, money, and what it waits for."""
    with open_session() as session:
        picture = session.picture(view)
        found = portrait(picture, ProjectId(project), output)
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_head(found))
    for table in _tables(found):
        if table.row_count:
            screen.print(table)


def registered(
    picture: "Picture", project: ProjectId, output: str = "table", nothing: str = "null"
) -> tuple[int, Registered]:
    """A project's version and state, or a failure that says where to look."""
    stream = project_stream(project)
    standing = picture.standing(stream)
    if standing is None or not isinstance(standing.state, Registered):
        failure = absent("PROJECT", project, "xem · see `ntm project list`")
        missing(picture, stream, output, failure, nothing)
    return standing.version, standing.state


def streams_of(state: Registered) -> Iterator[StreamId]:
    """A project's own stream, then those of its sections' clearance and of its payments."""
    name = state.charter.project
    yield project_stream(name)
    for section, site in state.building.sections.items():
        if site.plan.needs_clearance:
            yield clearance_stream(name, section)
    for payment in (*state.ledger.paid, *state.ledger.pending, *state.ledger.refused):
        yield payment_stream(payment)


def portrait(picture: "Picture", project: ProjectId, output: str) -> Portrait:
    version, state = registered(picture, project, output)
    return Portrait(
        stream=project_stream(project),
        version=version,
        phase=phase(state),
        state=state,
        chain=stations(state, picture.law(state.policy), picture.now),
        waits=picture.waits_of(streams_of(state)),
        clearance=tally(_clearings(picture, state)),
    )


def _clearings(picture: "Picture", state: Registered) -> Iterator[Clearing]:
    for section, site in state.building.sections.items():
        if site.plan.needs_clearance and site.stage != "planned":
            standing = picture.standing(clearance_stream(state.charter.project, section))
            if standing is not None and isinstance(standing.state, Clearing):
                yield standing.state


def _lines(picture: "Picture") -> Iterator[Line]:
    waiting: dict[str, dict[Post, None]] = {}
    for wait in picture.inbox():
        waiting.setdefault(wait.stream.split("/")[1], {})[wait.post] = None
    for standing in picture.standings("project"):
        state = standing.state
        if isinstance(state, Registered):
            yield Line(
                project=state.charter.project,
                name=state.charter.name,
                phase=phase(state),
                cohort=state.charter.cohort,
                commune=state.charter.commune,
                ceiling=state.ceiling,
                disbursed=state.ledger.disbursed,
                waits_for=tuple(waiting.get(state.charter.project, ())),
            )


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        "Dự án · project",
        "Giai đoạn · phase",
        "Đợt, xã · cohort, commune",
        "Giải ngân · of total",
        "Đang chờ · waits for",
        numbers=[3],
        whole=[4],
    )
    for line in lines:
        table.add_row(
            on_screen.under(on_screen.clean(line.project), on_screen.clean(line.name)),
            on_screen.both(words.PHASES, line.phase),
            on_screen.under(on_screen.clean(line.cohort), on_screen.clean(line.commune)),
            on_screen.under(on_screen.money(line.disbursed), on_screen.money(line.ceiling)),
            _waits_for(line.waits_for),
        )
    return table


def _waits_for(posts: tuple[Post, ...]) -> str:
    if not posts:
        return ""
    more = f" +{len(posts) - 1}" if len(posts) > 1 else ""
    return on_screen.post(posts[0]) + more


def _head(found: Portrait) -> "Table":
    charter, ledger = found.state.charter, found.state.ledger
    units = charter.units
    return on_screen.facts(
        ("Dự án · project", f"[bold]{on_screen.clean(charter.project)}[/]"),
        ("Tên · name", on_screen.clean(charter.name)),
        ("Giai đoạn · phase", words.said(words.PHASES, found.phase)),
        ("Đợt, xã · cohort, commune", on_screen.clean(f"{charter.cohort}, {charter.commune}")),
        ("Đơn vị · units", on_screen.clean(f"{units.commune}, {units.district}, {units.city}")),
        ("Tổng mức · total", on_screen.money(found.state.ceiling or None)),
        ("Nhóm · group", charter.group),
        ("Hợp đồng · contract", on_screen.clean(_contract(found.state))),
        ("Bảo lãnh · guarantee", on_screen.clean(_guarantee(found.state))),
        ("Giải ngân · disbursed", on_screen.money(ledger.disbursed)),
        ("Dư tạm ứng · advance left", on_screen.money(ledger.advance_balance or None)),
        ("Tiền giữ lại · retention", on_screen.money(ledger.held or None)),
        ("Dự toán khác · estimates", on_screen.money(sum(ledger.estimates.values()) or None)),
        ("Mặt bằng · clearance", on_screen.clean(progress.sentence(found.clearance))),
        ("Luật · law", f"{on_screen.clean(found.state.policy)}"),
        ("Chuỗi · stream", f"{on_screen.clean(found.stream)}, version {found.version}"),
        ("", "[dim]số liệu giả định · made-up data[/]" if charter.synthetic else ""),
    )


def _contract(state: Registered) -> str:
    contract = state.building.contract
    if contract is None:
        return ""
    ends = f", xong · by {contract.completes_on:%d/%m/%Y}" if contract.completes_on else ""
    waived = f", tạm ứng đến · up to {on_screen.money(contract.waived_to)}"
    return (
        f"{contract.number}, {on_screen.money(contract.worth)}{ends}"
        f"{waived if contract.waived_to else ''}"
    )


def _guarantee(state: Registered) -> str:
    contract = state.building.contract
    if contract is None:
        return ""
    if contract.exempt:
        return words.said(money_words.EXEMPTIONS, contract.exempt)
    held = contract.guarantee
    return f"{on_screen.money(held.amount)} đến · to {held.valid_to:%d/%m/%Y}" if held else ""


def _tables(found: Portrait) -> "Iterator[Table]":
    dossiers = on_screen.table("Hồ sơ · dossier", "Tình trạng · state", "Số tiền · amount")
    for kind, dossier in found.state.dossiers.items():
        dossiers.add_row(
            on_screen.both(words.DOSSIERS, kind),
            on_screen.under(words.said(words.DOSSIER_STATES, dossier.kind), _detail(dossier)),
            on_screen.money(getattr(dossier, "amount", None)),
        )
    yield dossiers
    yield chain_table(found.chain)
    yield _opinions(found.state)
    sections = on_screen.table(
        "Đoạn · section",
        "Bước · stage",
        "Mặt bằng · site",
        "Tiến độ · works",
        "Nghiệm thu · accepted",
        numbers=[3, 4],
    )
    for name, site in found.state.building.sections.items():
        sections.add_row(
            on_screen.under(on_screen.clean(name), on_screen.clean(site.plan.name)),
            on_screen.both(words.STAGES, site.stage),
            on_screen.both(words.EXTENTS, site.released or "none"),
            f"{site.percent} %",
            on_screen.money(site.accepted),
        )
    yield sections
    yield waiting.table(found.waits)


def _opinions(state: Registered) -> "Table":
    """What was asked beside the dossiers that are under review, and what was answered."""
    table = on_screen.table(
        "Ý kiến · opinion", "Xin · asked", "Trả lời · given", title="Ý kiến · second opinions"
    )
    for kind, dossier in state.dossiers.items():
        for one in dossier.opinions if isinstance(dossier, UnderReview | Returned) else ():
            table.add_row(
                on_screen.under(on_screen.clean(one.of), on_screen.clean(f"{kind}, {one.step}")),
                on_screen.under(
                    on_screen.clean(one.question),
                    on_screen.clean(f"{one.asked_by}, {on_screen.last_day(one.due.at)}"),
                ),
                on_screen.clean(one.given or "–"),
            )
    return table


def _detail(dossier: Dossier) -> str:
    match dossier:
        case UnderReview(round=number, step=step, post=by, due=due):
            text = f"vòng · round {number}, {step}: {by}, hạn · due {on_screen.last_day(due.at)}"
        case Returned(reason=text) | Rejected(reason=text):
            pass
        case Approved(round=number, at=at):
            text = f"vòng · round {number}, {on_screen.day(at)}"
    return on_screen.clean(text)
