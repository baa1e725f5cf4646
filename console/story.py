"""One project's whole story on one screen: phases, money, dossiers, sections, who is waited for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from console import bars, money_words, obstacles, progress, stations, waiting, words
from console import show as on_screen
from console.bars import DONE, HELD, OPEN, Part
from console.stations import Station
from domain.approval import Approved, Dossier, Rejected, Returned, UnderReview
from domain.course import Leg
from domain.holdup import blocking
from domain.phase import Phase
from domain.project import Registered
from domain.tally import Tally
from domain.values import Extent, SectionId, StreamId, Vnd, value
from domain.waits import Task, Wait
from language.catalogue import plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_TWO_COLUMNS = 130
_AHEAD = (Phase.APPROVAL, Phase.CLEARANCE, Phase.CONSTRUCTION, Phase.SETTLEMENT, Phase.CLOSED)
"""What a project goes through, if all goes well."""


@value
class Money:
    """A project's capital of all budget years together, đồng.

    Of what was allocated some is disbursed, some reserved for payments under way, some expired;
    the rest is left. The total investment is what was approved, allocated or not.
    """

    total_investment: Vnd
    allocated: Vnd
    reserved: Vnd
    disbursed: Vnd
    expired: Vnd
    left: Vnd


@value
class Ground:
    """How far a section is cleared: its households, and the rung on which it stands."""

    households: int
    handed_over: int
    cleared_percent: int
    stall_level: int


@value
class Portrait:
    """One project whole: its state, how it came there, and what it and its cases wait for."""

    stream: StreamId
    version: int
    today: date
    phase: Phase
    course: tuple[Leg, ...]
    state: Registered
    chain: tuple[Station, ...]
    money: Money
    grounds: Mapping[SectionId, Ground]
    obstacles: tuple[obstacles.Line, ...]
    waits: tuple[Wait, ...]
    clearance: Tally


def tell(found: Portrait) -> None:
    """The story for people: side by side where there is room, one below the other where not."""
    screen = on_screen.screen()
    charter = found.state.charter
    screen.print(f"[bold]{on_screen.clean(charter.project)}  {on_screen.clean(charter.name)}[/]")
    screen.print(_money(found.money, min(screen.width, 100)))
    _beside(screen, _course(found), on_screen.facts(*_facts(found)))
    held = blocking(found.waits)
    letters = [wait for wait in found.waits if wait.task is Task.ANSWER_ESCALATION]
    for table in (
        stations.table(found.chain),
        stations.opinions(found.state),
        _sections(found),
        obstacles.table(found.obstacles, of_many=True),
        waiting.table(tuple(wait for wait in held if wait not in letters)),
    ):
        if table.row_count:
            screen.print(table)
    if letters:
        screen.print(_letters(letters))
    if found.waits:
        why = tr("Why it does not move: {command}", command=f"ntm why {charter.project}")
        screen.print(f"[dim]{on_screen.clean(why)}[/]")
    else:
        screen.print(tr("It waits for nobody."))


def _letters(waits: list[Wait]) -> str:
    """Letters that nobody has answered: one line, for there may be many, and none is the cause."""
    counted = Counter(wait.post for wait in waits)
    named = ", ".join(f"{post} ×{count}" for post, count in counted.most_common())
    return on_screen.clean(tr("Letters that nobody has answered: {posts}", posts=named))


def _beside(screen: "Console", left: "RenderableType", right: "RenderableType") -> None:
    if screen.width < _TWO_COLUMNS:
        screen.print(left)
        screen.print(right)
        return
    from rich.table import Table

    both = Table.grid(padding=(0, 4, 0, 0), expand=True)
    both.add_column(width=screen.measure(left).maximum)
    both.add_column(ratio=1)
    both.add_row(left, right)
    screen.print(both)


def _course(found: Portrait) -> "Table":
    """Every phase with its days, and below the one that lasts those that are still ahead."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(no_wrap=True)
    for leg in found.course:
        name = words.said(words.PHASES, leg.phase)
        table.add_row(*_leg(found, leg, name))
    for phase in _still_ahead(found):
        table.add_row("", f"[dim]{words.said(words.PHASES, phase)}[/]", "")
    return table


def _leg(found: Portrait, leg: Leg, name: str) -> tuple[str, str, str]:
    days = f"{on_screen.day(leg.since)} – {on_screen.day(leg.until)}"
    if leg.phase in (Phase.CLOSED, Phase.REJECTED):
        mark = "[red]✗[/]" if leg.phase is Phase.REJECTED else "[green]✓[/]"
        return mark, f"[bold]{name}[/]", on_screen.day(leg.since)
    if leg.until is None:
        now = tr("now, {day}", day=f"{found.today:%d/%m/%Y}")
        return "[bold cyan]▶[/]", f"[bold]{name}[/]", f"{days}{now}"
    return "[green]✓[/]", name, days


def _still_ahead(found: Portrait) -> tuple[Phase, ...]:
    if found.phase not in _AHEAD:
        return ()
    later = _AHEAD[_AHEAD.index(found.phase) + 1 :]
    clears = any(site.plan.needs_clearance for site in found.state.building.sections.values())
    return later if clears else tuple(phase for phase in later if phase is not Phase.CLEARANCE)


def _money(money: Money, width: int) -> "Table":
    """The capital as a bar of the total investment, and what its shades are."""
    from rich.table import Table

    whole = max(money.total_investment, money.allocated)
    parts = (
        Part(amount=money.disbursed, block=DONE),
        Part(amount=money.reserved, block=HELD),
        Part(amount=money.left, block=OPEN),
    )
    table = Table.grid()
    table.add_row(f"{bars.bar(parts, whole, width)}")
    paid = tr(
        "disbursed {money}, {rate}",
        money=_amount(money.disbursed),
        rate=_percent(money.disbursed, money.allocated),
    )
    said = [
        f"{bars.paint(DONE)} {paid}",
        f"{bars.paint(HELD)} {tr('reserved {money}', money=_amount(money.reserved))}",
        f"{bars.paint(OPEN)} {tr('left {money}', money=_amount(money.left))}",
    ]
    if money.expired:
        said.append(tr("expired {money}", money=_amount(money.expired)))
    table.add_row("   ".join(said))
    table.add_row(_allocated(money))
    return table


def _allocated(money: Money) -> str:
    if not money.total_investment:
        return tr(
            "{allocated} allocated; no total investment is approved yet",
            allocated=_amount(money.allocated),
        )
    return tr(
        "{allocated} allocated = {rate} of the total investment of {total}",
        allocated=_amount(money.allocated),
        rate=_percent(money.allocated, money.total_investment),
        total=_amount(money.total_investment),
    )


def _percent(amount: int, whole: int) -> str:
    """A share in whole per cent, cut."""
    return f"{100 * amount // whole} %" if whole else "–"


def _amount(amount: int) -> str:
    return f"[bold]{on_screen.money(Vnd(amount))}[/]" if amount else "0"


def _facts(found: Portrait) -> Iterator[tuple[str, str]]:
    state, charter = found.state, found.state.charter
    units, ledger = charter.units, state.ledger
    yield (
        tr("Cohort, commune, group"),
        on_screen.clean(f"{charter.cohort}, {charter.commune}, {charter.group}"),
    )
    yield tr("Units"), on_screen.clean(f"{units.commune}, {units.district}, {units.city}")
    yield tr("Dossiers"), _dossiers(state)
    yield tr("Contract"), _contract(state)
    yield tr("Guarantee"), on_screen.clean(_guarantee(state))
    yield tr("Advance not recovered"), on_screen.money(ledger.advance_balance or None)
    yield tr("Retention"), on_screen.money(ledger.held or None)
    yield tr("Other estimates"), on_screen.money(sum(ledger.estimates.values()) or None)
    yield tr("Site clearance"), on_screen.clean(progress.sentence(found.clearance))
    yield tr("Law"), on_screen.clean(state.policy)
    at = tr("{stream}, version {version}", stream=found.stream, version=found.version)
    synthetic = f"  [dim]{tr('made-up data')}[/]" if charter.synthetic else ""
    yield tr("Stream"), f"{on_screen.clean(at)}{synthetic}"


def _contract(state: Registered) -> str:
    contract = state.building.contract
    if contract is None:
        return ""
    said = [contract.number, on_screen.money(contract.worth)]
    if contract.completes_on:
        said.append(tr("to be completed by {day}", day=f"{contract.completes_on:%d/%m/%Y}"))
    if contract.waived_to:
        said.append(tr("advance up to {money}", money=on_screen.money(contract.waived_to)))
    return on_screen.clean(", ".join(said))


def _guarantee(state: Registered) -> str:
    contract = state.building.contract
    if contract is None:
        return ""
    if contract.exempt:
        return words.said(money_words.EXEMPTIONS, contract.exempt)
    held = contract.guarantee
    if held is None:
        return ""
    return tr(
        "{money}, valid to {day}",
        money=on_screen.money(held.amount),
        day=f"{held.valid_to:%d/%m/%Y}",
    )


def _dossiers(state: Registered) -> str:
    """A line for each: what became of it, and for how much."""
    return "\n".join(
        ", ".join(
            part
            for part in (
                f"{words.said(words.DOSSIERS, kind)}"
                f" {on_screen.money(getattr(dossier, 'amount', None))}".rstrip(),
                words.said(words.DOSSIER_STATES, dossier.kind),
                _detail(dossier),
            )
            if part
        )
        for kind, dossier in state.dossiers.items()
    )


def _detail(dossier: Dossier) -> str:
    match dossier:
        case UnderReview(round=number, step=step, post=by, due=due):
            text = tr(
                "round {round}, {step}: {post}, due {day}",
                round=number,
                step=step,
                post=by,
                day=on_screen.last_day(due.at),
            )
        case Returned(reason=text) | Rejected(reason=text):
            pass
        case Approved(round=number, at=at):
            text = tr("round {round}, {day}", round=number, day=on_screen.day(at))
    return on_screen.clean(text)


def _sections(found: Portrait) -> "Table":
    sections = found.state.building.sections
    accepted = (tr("Accepted"),) if found.state.building.accepted else ()
    table = on_screen.table(
        tr("Section"), tr("Stage"), tr("Site"), tr("Construction"), *accepted,
        numbers=[4] if accepted else (), whole=[2, 3],
    )  # fmt: skip
    for name, site in sections.items():
        ground = found.grounds.get(name)
        table.add_row(
            on_screen.under(on_screen.clean(name), on_screen.clean(site.plan.name)),
            on_screen.word(words.STAGES, site.stage),
            _site(ground, site.released),
            f"{bars.share(site.percent, 100)} {site.percent} %",
            *((on_screen.money(site.accepted or None),) if accepted else ()),
        )
    return table


def _site(ground: Ground | None, released: Extent | None) -> str:
    """A section's land: how much of it is cleared, and whether it was handed over."""
    extent = words.said(words.EXTENTS, released or "none")
    if ground is None:
        return tr("no clearance needed") if released is Extent.FULL else extent
    bar = f"{bars.share(ground.cleared_percent, 100)} {ground.cleared_percent} %"
    count = plural(
        "{done}/{n} household",
        "{done}/{n} households",
        ground.households,
        n=grouped(ground.households),
        done=grouped(ground.handed_over),
    )
    if ground.stall_level:
        count += f" [bold red]{tr('STALLED {level}', level=ground.stall_level)}[/]"
    return f"{bar}\n{count}\n[dim]{extent}[/]"
